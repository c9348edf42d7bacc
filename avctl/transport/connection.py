"""A stream over an asyncio transport."""

import asyncio
from typing import cast

from avctl.transport.stream import MOST_UNSENT, Receiver, Resync


class Connection(asyncio.Protocol):
    """A stream over an asyncio transport: TCP, or a serial port."""

    def __init__(self, receiver: Receiver, resync: Resync) -> None:
        self.resync = resync
        self._receiver = receiver
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._receiver.received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._receiver.lost(str(exc) if exc else "closed by the other end")

    def write(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            raise OSError("the connection is closed")
        if self._transport.get_write_buffer_size() > MOST_UNSENT:
            raise OSError("the other end takes no bytes")
        self._transport.write(data)

    def pause(self) -> None:
        if self._transport and self._transport.is_reading():
            self._transport.pause_reading()

    def resume(self) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self) -> None:
        if self._transport:
            self._transport.abort()
