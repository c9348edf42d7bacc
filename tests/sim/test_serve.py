"""Real ends: what clients on sockets and pseudo-terminals meet, and what is left when they have gone."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hw_sim.clock import Clock
from hw_sim.pty import PtyEnd
from hw_sim.serve import Ends, serve
from hw_sim.udp import FORGOTTEN
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
        yield partial(transport.sendto, addr=(at.hostname, at.port)), protocol.heard
    finally:
        transport.close()


class Terminal:
    """A program that has a serial port open."""

    def __init__(self, path: str) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.heard = bytearray()

    async def read(self, count: int) -> bytes:
        """The next ``count`` bytes. Raises OSError when the port has gone."""
        loop = asyncio.get_running_loop()
        while len(self.heard) < count:
            ready = asyncio.Event()
            loop.add_reader(self.fd, ready.set)
            await ready.wait()
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


async def test_a_cut_resets_clients_and_refuses_new_ones_until_it_is_cleared():
    device = Echo()
    async with serve(device) as ends, dialled(ends.url) as (reader, writer):
        writer.write(b"x")
        await reader.readexactly(1)
        device.faults.set("cut")
        with pytest.raises(ConnectionResetError):
            await reader.read()
        with pytest.raises(ConnectionRefusedError):
            async with dialled(ends.url):
                pass
        await settled()
        assert device.truth() == {"talks": 0}
        device.faults.clear("cut")
        async with dialled(ends.url) as (again, to_it):
            to_it.write(b"back")
            assert await again.readexactly(4) == b"back"


async def test_a_counted_cut_accepts_and_resets_so_many_clients():
    device = Echo(greeting="hi")
    async with serve(device) as ends:
        device.faults.set("cut", times=2)
        for _ in range(2):
            async with dialled(ends.url) as (reader, _):
                with pytest.raises(ConnectionResetError):
                    await reader.read()
        async with dialled(ends.url) as (reader, _):
            assert await reader.readexactly(2) == b"hi"


async def test_a_cut_for_some_seconds_ends_by_itself():
    device = Echo(clock=Clock(speed=1000))
    async with serve(device) as ends:
        over = asyncio.Event()
        device.faults.set("cut", seconds=30)
        device.faults.changed.append(over.set)
        with pytest.raises(ConnectionRefusedError):
            async with dialled(ends.url):
                pass
        await over.wait()
        async with dialled(ends.url):
            pass


async def test_a_half_open_connection_stays_and_the_device_misses_its_end():
    device = Echo()
    async with serve(device) as ends:
        async with dialled(ends.url) as (reader, writer):
            writer.write(b"x")
            await reader.readexactly(1)
            device.faults.set("half_open")
            writer.write(b"y")
            await settled()
        while ends.tcp.clients:
            await settled()
        assert len(device.talks) == 1
        device.faults.clear()
        await settled()
        assert device.talks == []
        assert device.past[0].heard == b"x"


async def test_a_client_that_does_not_read_is_not_waited_for():
    device = Echo()
    async with serve(device) as ends, dialled(ends.url) as (reader, writer):
        writer.write(b"x")
        await reader.readexactly(1)
        reader._transport.pause_reading()  # type: ignore[attr-defined]  # nothing public stops a reader
        for _ in range(2000):
            device.press("bell", text="z" * 4096)
        (client,) = ends.tcp.clients
        assert client.transport.get_write_buffer_size() < 1 << 17
        assert client.line.overruns > 0
        async with dialled(ends.url) as (other, to_other):
            to_other.write(b"still here")
            assert await other.readexactly(10) == b"still here"


async def test_noise_to_a_client_that_does_not_read_holds_nobody_up():
    device = Echo()
    async with serve(device) as ends, dialled(ends.url) as (reader, writer):
        writer.write(b"x")
        await reader.readexactly(1)
        reader._transport.pause_reading()  # type: ignore[attr-defined]  # nothing public stops a reader
        device.faults.set("flood", 50_000_000)
        (client,) = ends.tcp.clients
        while not client.line.overruns:
            async with dialled(ends.url) as (other, to_other):
                to_other.write(b"?")
                assert await other.readexactly(1)
        assert client.transport.get_write_buffer_size() < 1 << 22


async def test_each_udp_peer_has_a_conversation_and_is_answered_where_it_asked():
    device = Echo()
    async with (
        serve(device, udp="127.0.0.1:0") as ends,
        peer(ends.url) as (to_one, one),
        peer(ends.url) as (to_two, two),
    ):
        to_one(b"one")
        to_two(b"two")
        assert (await one.get(), await two.get()) == (b"one", b"two")
        to_one(b"again")
        assert await one.get() == b"again"
        assert len(device.talks) == 2


async def test_a_device_with_a_reply_port_answers_there():
    device = Echo()
    async with (
        serve(device, udp="127.0.0.1:0") as ends,
        peer(ends.url) as (ask, here),
        peer(ends.url) as (hint, there),
    ):
        hint(b"?")
        await there.get()
        device.reply_port = int(device.talks[0].port.peer.rpartition(":")[2])
        ask(b"where")
        assert await there.get() == b"where"
        assert here.empty()


async def test_a_udp_peer_is_forgotten_after_a_while():
    device = Echo(clock=Clock(speed=FORGOTTEN * 20))
    gone = asyncio.Event()
    async with serve(device, udp="127.0.0.1:0") as ends, peer(ends.url) as (ask, heard):
        ask(b"x")
        await heard.get()
        device.forgot = gone.set
        await gone.wait()
        ask(b"y")
        assert await heard.get() == b"y"
        assert device.past[0].heard == b"x"


async def test_a_pseudo_terminal_can_be_opened_any_number_of_times_in_one_conversation():
    device = Echo(clock=Clock(speed=100), greeting="ready")
    async with serve(device, pty=True) as ends:
        for turn in range(3):
            with terminal(ends.serial) as port:
                port.write(b"%d\x00\r\n\xff" % turn)
                expected = (b"ready" if turn == 0 else b"") + b"%d\x00\r\n\xff" % turn
                assert await port.read(len(expected)) == expected
        assert len(device.talks) == 1


async def test_bytes_on_a_pseudo_terminal_take_their_time_both_ways():
    device = Echo()
    async with serve(device, pty=True, baud=9600) as ends:
        with terminal(ends.serial) as port:
            port.write(b"0123456789abcdef")
            assert await port.read(16) == b"0123456789abcdef"
    first = device.log.after(0.0, "in")[0]
    last = device.log.after(0.0, "out")[-1]
    assert (
        last.until - first.time >= 16 * 10 / 9600
    )  # the last byte back is no sooner than the wire allows


async def test_a_program_that_writes_too_fast_has_to_wait_and_loses_nothing():
    device, text = Echo(clock=Clock(speed=100)), bytes(range(256)) * 800
    async with serve(device, pty=True, baud=115200) as ends:
        with terminal(ends.serial) as port:
            left = bytearray(text)

            def write_on() -> None:
                del left[: port.write(left)]
                if not left:
                    asyncio.get_running_loop().remove_writer(port.fd)

            asyncio.get_running_loop().add_writer(port.fd, write_on)
            assert await port.read(len(text)) == text
        assert ends.serial.line.overruns == 0


async def test_a_cut_unplugs_the_pseudo_terminal_and_its_link_comes_back_as_another(tmp_path: Path):
    device, link = Echo(clock=Clock(speed=100)), tmp_path / "camera"
    async with serve(device, pty=str(link)) as ends:
        with terminal(ends.serial) as port:
            device.faults.set("cut")
            with pytest.raises(OSError, match=r"hung up|Input/output"):
                await port.read(1)
            assert not link.is_symlink()
        device.faults.clear("cut")
        with terminal(ends.serial) as port:
            port.write(b"here")
            assert await port.read(4) == b"here"
        assert len(device.talks) == 1
    assert not link.is_symlink()


async def test_a_file_in_the_place_of_a_link_is_left_alone(tmp_path: Path):
    (tmp_path / "notes").write_text("mine")
    before = descriptors()
    with pytest.raises(FileExistsError):
        async with serve(Echo(), pty=str(tmp_path / "notes")):
            pass
    assert (tmp_path / "notes").read_text() == "mine"
    assert descriptors() == before


async def test_a_terminal_that_is_not_read_loses_bytes_and_holds_nobody_up():
    device = Echo(clock=Clock(speed=1000))
    async with serve(device, pty=True, tcp="127.0.0.1:0", baud=115200) as ends:
        with terminal(ends.serial):
            device.faults.set("flood", 10_000_000)
            while not ends.serial.line.overruns:
                async with dialled(ends.tcp.url) as (reader, writer):
                    writer.write(b"?")
                    assert await reader.readexactly(1)


async def test_an_address_that_is_taken_leaves_nothing_open():
    async with serve(Echo()) as ends:
        taken = urlsplit(ends.url).netloc
        before = descriptors()
        with pytest.raises(OSError, match="in use"):
            async with serve(Echo(), tcp=["127.0.0.1:0", taken]):
                pass
        assert descriptors() == before


@pytest.mark.parametrize("where", ["127.0.0.1", ":80", "127.0.0.1:http", "127.0.0.1:70000"])
async def test_a_malformed_address_is_a_value_error(where: str):
    with pytest.raises(ValueError, match="not HOST:PORT"):
        async with serve(Echo(), tcp=where):
            pass


async def test_a_thousand_clients_leave_nothing_behind():
    device = Echo()
    before, tasks = descriptors(), len(asyncio.all_tasks())

    async def visit(ends: Ends) -> None:
        async with dialled(ends.url) as (reader, writer):
            writer.write(b"x")
            await reader.readexactly(1)

    async with serve(device) as ends:
        for _ in range(20):
            await asyncio.gather(*(visit(ends) for _ in range(50)))
        while device.talks:
            await settled()
        assert len(device.past) == 1000
        assert len(device.faults.changed) == 1
    await settled()
    assert device.faults.changed == []
    assert (descriptors(), len(asyncio.all_tasks())) == (before, tasks)


async def test_two_hundred_replugs_leave_nothing_behind(tmp_path: Path):
    device, link = Echo(), tmp_path / "tty"
    before, tasks = descriptors(), len(asyncio.all_tasks())
    async with serve(device, pty=str(link)):
        for _ in range(200):
            device.faults.set("cut")
            assert not link.is_symlink()
            device.faults.clear("cut")
            assert link.is_symlink()
    await settled()
    assert os.listdir(tmp_path) == []
    assert device.faults.changed == []
    assert (descriptors(), len(asyncio.all_tasks())) == (before, tasks)


async def test_leaving_closes_connections_that_are_still_open():
    before = descriptors()
    async with serve(Echo(greeting="!")) as ends:
        at = urlsplit(ends.url)
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        await reader.readexactly(1)
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    assert descriptors() == before
