"""Real ends: what clients on sockets and pseudo-terminals meet, and what is left when they have gone."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import urlsplit

from hw_sim.pty import PtyEnd
from hw_sim.serve import serve
from tests.sim.echo import Echo

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@contextlib.asynccontextmanager
async def dialled(url: str) -> AsyncIterator[Streams]:
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


class Peer(asyncio.DatagramProtocol):
    """A UDP client."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data, addr) -> None:
        self.heard.put_nowait(data)


@contextlib.asynccontextmanager
async def peer(
    url: str, local: tuple[str, int] | None = None
) -> AsyncIterator[tuple[Callable[[bytes], None], asyncio.Queue[bytes]]]:
    at = urlsplit(url)
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(
        Peer, local_addr=local or ("127.0.0.1", 0)
    )
    try:
        yield lambda data: transport.sendto(data, (at.hostname, at.port)), protocol.heard
    finally:
        transport.close()


class Terminal:
    """A program that has a serial port open."""

    def __init__(self, path: str) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.writable = asyncio.Event()
        self.heard = bytearray()

    async def read(self, count: int) -> bytes:
        """The next ``count`` bytes. Raises OSError when the port has gone."""
        loop = asyncio.get_running_loop()
        while len(self.heard) < count:
            ready = loop.create_future()
            loop.add_reader(self.fd, lambda ready=ready: ready.done() or ready.set_result(None))
            await ready
            loop.remove_reader(self.fd)
            data = os.read(self.fd, 4096)
            if not data:
                raise OSError("hung up")
            self.heard += data
        head = bytes(self.heard[:count])
        del self.heard[:count]
        return head

    def write(self, data: bytes) -> int:
        return os.write(self.fd, data)

    def close(self) -> None:
        os.close(self.fd)


@contextlib.contextmanager
def terminal(end: PtyEnd):
    port = Terminal(end.link or end.path)
    try:
        yield port
    finally:
        port.close()


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


async def settled() -> None:
    """A few turns of the loop: long enough for what it has begun, not for any timer."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_without_any_wish_there_is_one_tcp_port_on_the_loopback():
    async with serve(Echo()) as ends:
        assert ends.urls == (ends.url,)
        assert ends.url.startswith("tcp://127.0.0.1:")
        async with dialled(ends.url) as (reader, writer):
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"


async def test_every_tcp_client_has_a_conversation_of_its_own():
    device = Echo(greeting="hi ")
    async with (
        serve(device) as ends,
        dialled(ends.url) as (one, to_one),
        dialled(ends.url) as (two, to_two),
    ):
        to_one.write(b"1")
        to_two.write(b"2")
        assert await one.readexactly(4) == b"hi 1"
        assert await two.readexactly(4) == b"hi 2"
        assert len(device.talks) == 2


async def test_one_device_has_several_ends_at_once(tmp_path: Path):
    device = Echo()
    async with serve(device, tcp="127.0.0.1:0", udp="127.0.0.1:0", pty=str(tmp_path / "tty")) as e:
        assert [urlsplit(url).scheme for url in e.urls] == ["tcp", "udp", "serial"]
        assert e.serial.url == f"serial://{tmp_path / 'tty'}?baud=9600"


async def test_the_device_hangs_up_after_what_it_said_last():
    async with serve(Echo()) as ends, dialled(ends.url) as (reader, writer):
        writer.write(b"bye")
        assert await reader.read() == b"bye"


async def test_a_rebooting_device_hangs_up_on_everybody():
    device = Echo(greeting="!")
    async with serve(device) as ends, dialled(ends.url) as (one, _), dialled(ends.url) as (two, _):
        await one.readexactly(1)
        await two.readexactly(1)
        device.reboot()
        assert await one.read() == await two.read() == b""
        await settled()
        assert device.truth() == {"talks": 0}
