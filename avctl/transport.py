"""Serial, TCP, UDP and RFC 2217 behind one URL, as bytes handed to a receiver as they come.

``serial:///dev/ttyUSB0?baud=9600&parity=N&stopbits=1&flow=none`` · ``tcp://host:port`` ·
``udp://host:port?bind=52381`` (answers come to that local port, whoever asked) · ``rfc2217://host:port?baud=9600``
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Protocol, cast
from urllib.parse import parse_qsl, urlsplit

import serial
import serial_asyncio_fast

MOST_UNSENT = 64 * 1024  # bytes; a peer that takes no more is lost


class Resync(Enum):
    """How a line is made safe again after an answer did not come."""

    CLOSE = "close"  # dial again: a late answer dies with the connection
    DRAIN = "drain"  # wait until it is quiet: closing changes nothing on a wire
    NONE = "none"  # answers are told apart by their tags


class Stream(Protocol):
    """One open connection."""

    resync: Resync

    def write(self, data: bytes) -> None:
        """Send without waiting. Raises OSError when the connection is gone or takes no more."""

    def pause(self) -> None:
        """Ask for no more bytes until `resume`; some may still come."""

    def resume(self) -> None: ...

    def close(self) -> None:
        """Drop the connection at once, with what is unsent."""


class Receiver(Protocol):
    def received(self, data: bytes) -> None: ...

    def lost(self, reason: str) -> None:
        """Called once, when the connection ends by itself or by `Stream.close`."""


Dial = Callable[["Address", Receiver], Awaitable[Stream]]


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart. Two devices of one line have equal addresses."""

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""
    options: tuple[tuple[str, str], ...] = field(default=())

    SCHEMES: ClassVar[Mapping[str, set[str]]] = {
        "serial": {"baud", "parity", "stopbits", "bits", "flow"},
        "rfc2217": {"baud", "parity", "stopbits", "bits", "flow"},
        "tcp": set(),
        "udp": {"bind"},
        "memory": set(),
    }

    def __str__(self) -> str:
        query = "&".join(f"{key}={value}" for key, value in self.options)
        place = self.path or f"{self.host}:{self.port}"
        return f"{self.scheme}://{place}" + (f"?{query}" if query else "")

    def option(self, name: str, default: str) -> str:
        return dict(self.options).get(name, default)

    @property
    def longest_pause(self) -> float:
        """Seconds between two dials at most: a port that reappears is cheap to ask for, a host is not."""
        return 0.25 if self.scheme == "serial" else 5.0


def parse_address(url: str) -> Address:
    """Raises ValueError that says what would fit."""
    parts = urlsplit(url)
    known = Address.SCHEMES.get(parts.scheme)
    if known is None:
        raise ValueError(f"{url!r}: the scheme is one of {', '.join(Address.SCHEMES)}")
    options = tuple(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := {key for key, _ in options} - known:
        raise ValueError(f"{url!r}: no option {', '.join(sorted(unknown))} for {parts.scheme}")
    for key, value in options:
        if key in ("baud", "bind", "bits") and not value.isdigit():
            raise ValueError(f"{url!r}: {key} is a whole number")
    if parts.scheme in ("serial", "memory"):
        path = parts.netloc + parts.path
        if not path:
            raise ValueError(f"{url!r}: write serial:///dev/ttyUSB0?baud=9600")
        return Address(parts.scheme, path=path, options=options)
    try:
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{url!r}: {error}") from None
    if not parts.hostname or not port:
        raise ValueError(f"{url!r}: write {parts.scheme}://host:port")
    return Address(parts.scheme, parts.hostname, port, options=options)


async def dial(address: Address, receiver: Receiver) -> Stream:
    """Open a connection. Raises OSError; cancel it to give up."""
    match address.scheme:
        case "tcp":
            return await _dial_tcp(address, receiver)
        case "udp":
            return await _dial_udp(address, receiver)
        case "serial":
            return await _dial_serial(address, receiver)
        case "rfc2217":
            from avctl.rfc2217 import dial_rfc2217

            return await dial_rfc2217(address, receiver, serial_settings(address))
        case scheme:
            raise OSError(f"no transport for {scheme}")


def serial_settings(address: Address) -> dict[str, Any]:
    """Keyword arguments as pyserial names them."""
    flow = address.option("flow", "none")
    return {
        "baudrate": int(address.option("baud", "9600")),
        "bytesize": int(address.option("bits", "8")),
        "parity": address.option("parity", "N"),
        "stopbits": float(address.option("stopbits", "1")),
        "rtscts": flow == "rtscts",
        "xonxoff": flow == "xonxoff",
    }


class _Connection(asyncio.Protocol):
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


async def _dial_tcp(address: Address, receiver: Receiver) -> Stream:
    loop = asyncio.get_running_loop()
    _, stream = await loop.create_connection(
        lambda: _Connection(receiver, Resync.CLOSE), address.host, address.port
    )
    return stream


class _SerialConnection(_Connection):
    # The serial transport has pause_reading and resume_reading but no is_reading.
    def pause(self) -> None:
        if self._transport:
            self._transport.pause_reading()


async def _dial_serial(address: Address, receiver: Receiver) -> Stream:
    try:
        _, stream = await serial_asyncio_fast.create_serial_connection(
            asyncio.get_running_loop(),
            lambda: _SerialConnection(receiver, Resync.DRAIN),
            address.path,
            exclusive=True,
            **serial_settings(address),
        )
    except serial.SerialException as error:
        raise OSError(str(error)) from error
    except ValueError as error:
        raise OSError(f"{address}: {error}") from error
    return cast(Stream, stream)


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


async def _dial_udp(address: Address, receiver: Receiver) -> Stream:
    bind = int(address.option("bind", "0"))
    if bind:
        return await SharedPort.attach(bind, address, receiver)
    _, stream = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Datagrams(receiver), remote_addr=(address.host, address.port)
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
