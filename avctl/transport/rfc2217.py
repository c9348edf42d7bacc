"""Serial ports of terminal servers (RFC 2217), through pyserial's blocking client in two threads a port."""

import asyncio
import contextlib
import queue
import threading

import serial

from avctl.transport.address import Address, serial_settings
from avctl.transport.stream import MOST_UNSENT, Receiver, Resync, Stream

QUIET = 0.2  # seconds a read waits before it looks whether the port was closed


async def dial_rfc2217(address: Address, receiver: Receiver) -> Stream:
    """Raises OSError."""
    url = f"rfc2217://{address.host}:{address.port}"
    try:
        # pyserial negotiates within this call, up to three seconds.
        port = await asyncio.to_thread(
            serial.serial_for_url, url, timeout=QUIET, **serial_settings(address)
        )
    except (serial.SerialException, ValueError) as error:
        raise OSError(str(error)) from error
    return _Remote(port, receiver)


class _Remote:
    resync = Resync.DRAIN

    def __init__(self, port: serial.Serial, receiver: Receiver) -> None:
        self._port, self._receiver = port, receiver
        self._loop = asyncio.get_running_loop()
        self._unsent: queue.Queue[bytes | None] = queue.Queue(MOST_UNSENT // 64)
        self._may_read = threading.Event()
        self._may_read.set()
        self._closed = False
        for work in (self._read, self._write):
            threading.Thread(target=work, name=f"rfc2217 {port.port}", daemon=True).start()

    def write(self, data: bytes) -> None:
        if self._closed:
            raise OSError("the port is closed")
        try:
            self._unsent.put_nowait(data)
        except queue.Full:
            raise OSError("the other end takes no bytes") from None

    def pause(self) -> None:
        self._may_read.clear()

    def resume(self) -> None:
        self._may_read.set()

    def close(self) -> None:
        self._end("closed")

    def _read(self) -> None:
        try:
            while not self._closed:
                self._may_read.wait(QUIET)
                if data := self._port.read(max(1, min(self._port.in_waiting, 4096))):
                    self._loop.call_soon_threadsafe(self._hear, data)
        except (OSError, serial.SerialException, TypeError) as error:  # TypeError: closed meanwhile
            self._tell_end(str(error))

    def _write(self) -> None:
        try:
            while (data := self._unsent.get()) is not None:
                self._port.write(data)
        except (OSError, serial.SerialException) as error:
            self._tell_end(str(error))
        finally:
            with contextlib.suppress(OSError, serial.SerialException):
                self._port.close()

    def _hear(self, data: bytes) -> None:
        if not self._closed:
            self._receiver.received(data)

    def _tell_end(self, reason: str) -> None:
        with contextlib.suppress(RuntimeError):  # the loop itself may be gone
            self._loop.call_soon_threadsafe(self._end, reason)

    def _end(self, reason: str) -> None:
        if self._closed:
            return
        self._closed = True
        self._may_read.set()
        with contextlib.suppress(queue.Full):
            self._unsent.put_nowait(None)
        self._loop.call_soon(self._receiver.lost, reason)
