"""UDP: a socket for each device, or one local port for all that answer to it."""

import asyncio
import socket
from typing import Any, ClassVar, cast

from avctl.transport.address import Address
from avctl.transport.stream import Receiver, Resync, Stream


class _Datagrams(asyncio.DatagramProtocol):
    """A stream over a UDP socket of its own, connected to the device."""

    resync = Resync.DRAIN

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self._receiver.received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._receiver.lost(str(exc) if exc else "closed")

    def error_received(self, exc: Exception) -> None:
        """ICMP says that nobody listens. The silence will tell, and it may be back before."""

    def write(self, data: bytes) -> None:
        if self._transport is None:
            raise OSError("the socket is closed")
        self._transport.sendto(data)

    # A datagram that is not taken in time is lost by the kernel: the buffer is bounded without us.
    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def close(self) -> None:
        if self._transport:
            self._transport.abort()


async def dial_udp(address: Address, receiver: Receiver) -> Stream:
    bind = int(address.option("bind", "0"))
    if bind:
        return await SharedPort.attach(bind, address, receiver)
    try:
        return await _connect(address, receiver)
    except (
        PermissionError
    ):  # it is a broadcast address, and the kernel wants to be told that this is meant
        return await _connect(address, receiver, to_all=True)


async def _connect(address: Address, receiver: Receiver, to_all: bool = False) -> Stream:
    _, stream = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Datagrams(receiver),
        remote_addr=(address.host, address.port),
        allow_broadcast=to_all or None,
    )
    return stream


class SharedPort(asyncio.DatagramProtocol):
    """One local UDP port for all devices that answer to it, told apart by the address they answer from.

    Sony cameras answer to port 52381 of whoever asked, so a process can have only one socket for all of them.
    """

    _open: ClassVar[dict[tuple[asyncio.AbstractEventLoop, int], "SharedPort"]] = {}

    def __init__(self, key: tuple[asyncio.AbstractEventLoop, int]) -> None:
        self._key = key
        self._streams: dict[tuple[str, int], _Attached] = {}
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def attach(cls, bind: int, address: Address, receiver: Receiver) -> Stream:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(
            address.host, address.port, family=socket.AF_INET, type=socket.SOCK_DGRAM
        )
        remote = cast(tuple[str, int], found[0][4])
        port = cls._open.get((loop, bind)) or await cls._bind(loop, bind)
        if remote in port._streams:
            raise OSError(f"{address} is in use by another link")
        stream = _Attached(port, remote, receiver)
        port._streams[remote] = stream
        return stream

    @classmethod
    async def _bind(cls, loop: asyncio.AbstractEventLoop, bind: int) -> "SharedPort":
        key = (loop, bind)
        with_us = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with_us.setblocking(False)
        with_us.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            with_us.bind(("0.0.0.0", bind))
        except OSError as error:
            with_us.close()
            raise OSError(f"UDP port {bind} is taken by another program: {error}") from error
        _, port = await loop.create_datagram_endpoint(lambda: cls(key), sock=with_us)
        if key in cls._open:  # two links dialled at once
            port.connection_lost(None)
            return cls._open[key]
        cls._open[key] = port
        return port

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        if stream := self._streams.get((addr[0], addr[1])) or self._by_host(addr[0]):
            stream.receiver.received(data)

    def _by_host(self, host: str) -> "_Attached | None":
        here = [stream for (at, _), stream in self._streams.items() if at == host]
        return here[0] if len(here) == 1 else None

    def send(self, data: bytes, remote: tuple[str, int]) -> None:
        if self._transport is None:
            raise OSError("the socket is closed")
        self._transport.sendto(data, remote)

    def detach(self, remote: tuple[str, int]) -> None:
        self._streams.pop(remote, None)
        if not self._streams:
            self._open.pop(self._key, None)
            if self._transport:
                self._transport.close()


class _Attached:
    """One device's share of a shared port."""

    resync = Resync.DRAIN

    def __init__(self, port: SharedPort, remote: tuple[str, int], receiver: Receiver) -> None:
        self.receiver = receiver
        self._port: SharedPort | None = port
        self._remote = remote

    def write(self, data: bytes) -> None:
        if self._port is None:
            raise OSError("the socket is closed")
        self._port.send(data, self._remote)

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def close(self) -> None:
        port, self._port = self._port, None
        if port:
            port.detach(self._remote)
            asyncio.get_running_loop().call_soon(self.receiver.lost, "closed")
