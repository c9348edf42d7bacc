"""A terminal server with one port, made of pyserial's RFC 2217 server. A process of its own.

``python -m tests.system.terminal_server DEVICE [PORT]`` prints ``ready PORT``.
"""

import contextlib
import socket
import sys
import threading
from typing import Any

import serial
from serial.rfc2217 import PortManager


class Wire(serial.Serial):
    """A pseudo-terminal in the place of a serial port: it has no modem lines."""

    cts = dsr = ri = cd = False

    def _update_dtr_state(self) -> None: ...

    def _update_rts_state(self) -> None: ...

    def _update_break_state(self) -> None: ...


class Client:
    def __init__(self, connection: socket.socket, wire: Wire) -> None:
        self._connection, self._wire = connection, wire
        self._lock = threading.Lock()
        manager: Any = PortManager  # whose types ask for more than it uses
        self._manager = manager(wire, self)
        self._gone = False

    def write(self, data: bytes) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._connection.sendall(data)

    def serve(self) -> None:
        threading.Thread(target=self._bring, daemon=True).start()
        with contextlib.suppress(ConnectionError):
            while data := self._connection.recv(1024):
                self._wire.write(b"".join(self._manager.filter(data)))
        self._gone = True

    def _bring(self) -> None:
        while not self._gone:
            if data := self._wire.read(self._wire.in_waiting or 1):
                self.write(b"".join(self._manager.escape(data)))


def main() -> None:
    device, port = sys.argv[1], int((*sys.argv, "0")[2])
    with Wire(device, timeout=0.05) as wire, socket.create_server(("127.0.0.1", port)) as server:
        print("ready", server.getsockname()[1], flush=True)
        while True:
            connection, _ = server.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with connection:
                Client(connection, wire).serve()


if __name__ == "__main__":
    main()
