"""A TCP port of a simulated device: each client a conversation of its own."""

import asyncio
import socket
import struct
from functools import partial

from hw_sim import address
from hw_sim.line import LIMIT, Line
from hw_sim.simulator import Simulator

BACKLOG = 128
PATIENCE = 5.0  # real seconds for a client to take the rest of what was said before a hang-up
HANDSHAKE = 1.0  # real seconds for a client that is just coming in when the end closes
RST = struct.pack("ii", 1, 0)  # SO_LINGER: on, no time


class TcpEnd:
    """A listening port. While the line is cut or nobody is there it refuses; it accepts and resets where the fault is
    counted.
    """

    kind = "tcp"
    scheme = "tcp"

    def __init__(self, simulator: Simulator, where: str) -> None:
        self.simulator = simulator
        self.clients: set[Client] = set()
        self._where = where
        self._dials: set[asyncio.Task[None]] = set()
        self._listening = False

    async def open(self) -> None:
        """Listen. Raises OSError when the address cannot be had."""
        self._loop = asyncio.get_running_loop()
        with address.bound(self._where, socket.SOCK_STREAM) as first:
            # Bound by number, a socket keeps its port while it does not listen; one bound to 0 would not.
            self._socket = address.bound(address.write(first.getsockname()), socket.SOCK_STREAM)
        self.url = f"{self.scheme}://{address.write(self._socket.getsockname())}"
        self.simulator.faults.changed.append(self._changed)
        self._changed()

    async def close(self) -> None:
        """Hang up on everybody and stop listening."""
        self.simulator.faults.changed.remove(self._changed)
        self._refuse()
        self._socket.close()
        if self._dials:
            _, late = await asyncio.wait(self._dials, timeout=HANDSHAKE)
            for dial in late:
                dial.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        leaving = [client.lost for client in self.clients]
        for client in tuple(self.clients):
            client.transport.abort()
        await asyncio.gather(*leaving)

    def _changed(self) -> None:
        faults = self.simulator.faults
        cut = faults.on("cut") and not faults.counted("cut")
        if cut or not self.simulator.is_reachable():
            self._refuse()
        else:
            self._listen()

    def _listen(self) -> None:
        if not self._listening:
            self._listening = True
            self._socket.listen(BACKLOG)
            self._loop.add_reader(self._socket, self._accept)

    def _refuse(self) -> None:
        if self._listening:
            self._listening = False
            self._loop.remove_reader(self._socket)
            self._socket.shutdown(socket.SHUT_RDWR)  # and the port stays ours

    def _accept(self) -> None:
        for _ in range(BACKLOG):
            try:
                accepted, _ = self._socket.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError:  # no descriptor left: try again when some may be
                self._loop.remove_reader(self._socket)
                self._listening = False
                self._loop.call_later(1.0, self._resume)
                return
            accepted.setblocking(False)
            dial = self._loop.create_task(self._meet(accepted))
            self._dials.add(dial)
            dial.add_done_callback(self._dials.discard)

    async def _meet(self, accepted: socket.socket) -> None:
        await self._loop.connect_accepted_socket(partial(Client, self), accepted)

    def _resume(self) -> None:
        if self._socket.fileno() != -1:
            self._changed()


class Client(asyncio.Protocol):
    """One client's connection."""

    transport: asyncio.Transport
    line: Line

    def __init__(self, end: TcpEnd) -> None:
        self._end = end
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._end.clients.add(self)
        peer = address.write(transport.get_extra_info("peername") or ("gone", 0))
        self.line = Line(
            self._end.simulator,
            "tcp",
            send=self._send,
            close=self._hang_up,
            reset=self._reset,
            peer=peer,
            end=self._end.url,
        )
        self.line.opened()

    def data_received(self, data: bytes) -> None:
        self.line.receive(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end.clients.discard(self)
        self.lost.set_result(None)
        self.line.closed()

    def _send(self, data: bytes) -> None:
        if self.transport.get_write_buffer_size() > LIMIT:  # a client that does not read
            self.line.overruns += len(data)
        elif not self.transport.is_closing():
            self.transport.write(data)

    def _hang_up(self) -> None:
        if self.transport.get_write_buffer_size():
            asyncio.get_running_loop().call_later(PATIENCE, self.transport.abort)
        self.transport.close()

    def _reset(self) -> None:
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
        self.transport.abort()
