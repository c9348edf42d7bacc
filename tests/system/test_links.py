"""Links over real sockets and pseudo-terminals, at whose other ends real things go wrong."""

import asyncio
import contextlib
import logging
import socket
import statistics
import struct
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest

from avctl import registry
from avctl.device import Device
from avctl.errors import DeviceError, LinkDownError, NoAnswerError
from hw_sim.catalogue import simulator
from hw_sim.serve import Ends, serve
from tests.processes import simulated
from tests.system.lines import Lag, held, kept_up, linked, until
from tests.wire.toy import get, toy

pytestmark = pytest.mark.serial

STALL = 0.05  # seconds the loop may be held up
RST = struct.pack("ii", 1, 0)  # SO_LINGER: on, no time
CYCLES, LANES = 20, 5  # pulls of each cable, and cables: 100 pulls of each driver

SERIAL: dict[str, dict[str, Any]] = {
    "visca": {"model": "evi-d70"},
    "extron_sis": {},
    "biamp_ttp": {"channels": ["Level1/1", "Level1/2"]},
}
MODELS = {"visca": "evi-d70", "extron_sis": "crosspoint-84"}


# A serial cable.


async def _pull_and_put_back(driver: str, link: Path, seed: int) -> list[float]:
    """Seconds from each putting back to the device in service."""
    rng = Random(seed)
    took = []
    real = simulator(driver)(MODELS.get(driver), rng=rng)
    async with (
        serve(real, pty=str(link), baud=115200) as ends,
        kept_up(driver, ends.url, seed=seed, **SERIAL[driver]) as device,
    ):
        await until(lambda: device.up, 30)
        asking = asyncio.create_task(_ask_on(device))
        for _ in range(CYCLES):
            await asyncio.sleep(rng.uniform(0.0, 0.03))  # somewhere in a frame
            ends.serial.unplug()
            await until(lambda: not device.up, 1.0)
            with pytest.raises(LinkDownError):
                await device.refresh()
            ends.serial.replug()
            took.append(await until(lambda: device.up))
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
    return took


async def _ask_on(device: Device) -> None:
    while True:
        with contextlib.suppress(DeviceError):
            await device.refresh()
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("driver", SERIAL)
async def test_a_cable_pulled_and_put_back_leaves_nothing_behind(
    driver: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    registry.driver(driver), simulator(driver)  # their first import takes its time
    before = held()
    async with Lag() as lag:
        took = await asyncio.gather(
            *(_pull_and_put_back(driver, tmp_path / f"tty{lane}", lane) for lane in range(LANES))
        )
    all_of_them = sorted(seconds for lane in took for seconds in lane)
    assert len(all_of_them) == CYCLES * LANES
    print(f"{driver}: {statistics.median(all_of_them):.3f} s, worst {all_of_them[-1]:.3f} s")
    assert all_of_them[-1] < 2.0
    assert lag.worst < STALL
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) <= 2 * (CYCLES + 1) * LANES, lines
    await until(lambda: held() == before)


# TCP.


@contextlib.asynccontextmanager
async def switcher() -> AsyncIterator[tuple[Ends, Device]]:
    """A switcher over TCP, in service."""
    real = simulator("extron_sis")("crosspoint-84")
    async with serve(real) as ends, kept_up("extron_sis", ends.url) as device:
        await until(lambda: device.up)
        yield ends, device


@pytest.mark.parametrize("reset", [False, True], ids=["FIN", "RST"])
async def test_a_connection_that_ends_is_noticed_and_dialled_again(reset: bool) -> None:
    async with switcher() as (ends, device), Lag() as lag:
        for _ in range(5):
            (client,) = ends.tcp.clients
            if reset:
                line = client.transport.get_extra_info("socket")
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
                client.transport.abort()
            else:
                client.transport.close()
            assert await until(lambda: not device.up) < 0.1
            await until(lambda: device.up)
        assert device.link.figures.connects == 6
    assert lag.worst < STALL


async def test_a_refused_connection_is_tried_again_and_nothing_waits_for_it() -> None:
    async with switcher() as (ends, device), Lag() as lag:
        ends.tcp.simulator.faults.set("cut")
        await until(lambda: not device.up)
        await until(lambda: "Connect call failed" in device.reason)
        began = time.perf_counter()
        with pytest.raises(LinkDownError, match="Connect call failed"):
            await device.refresh()
        assert time.perf_counter() - began < 0.01
        ends.tcp.simulator.faults.clear("cut")
        assert await until(lambda: device.up) < 3.0
    assert lag.worst < STALL


async def test_a_half_open_connection_is_noticed_by_its_silence() -> None:
    async with switcher() as (ends, device), Lag() as lag:
        ends.tcp.simulator.faults.set("half_open")
        assert await until(lambda: not device.up) < 3.5  # the poll's second, and its answer's
        ends.tcp.simulator.faults.clear("half_open")
        await until(lambda: device.up)
    assert lag.worst < STALL


@pytest.fixture
def black_hole() -> Iterator[str]:
    """A port whose queue of connections is full: a SYN gets no answer."""
    with contextlib.ExitStack() as sockets:
        server = sockets.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(4):
            one = sockets.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(server.getsockname())
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


async def test_a_host_that_swallows_connections_holds_nothing_up(black_hole: str) -> None:
    async with switcher() as (_, other), Lag() as lag, kept_up("extron_sis", black_hole) as device:
        took = await until(lambda: device.reason == "TimeoutError", 8.0)
        assert took == pytest.approx(5.0, abs=0.5)
        with pytest.raises(LinkDownError):
            await device.refresh()
        assert other.up
    assert lag.worst < STALL


# UDP.


async def test_a_silent_camera_over_udp_is_noticed_and_comes_back() -> None:
    real = simulator("visca")("srg-300h", reply_to="source")
    async with serve(real, udp="127.0.0.1:0") as ends:
        async with kept_up("visca", ends.url, model="srg-300h") as device, Lag() as lag:
            await until(lambda: device.up)
            real.faults.set("mute")
            took = await until(lambda: not device.up)
            assert took < 8.0
            real.faults.clear("mute")
            await until(lambda: device.up)
        assert lag.worst < STALL


async def test_a_controller_may_hold_the_same_udp_port_on_other_addresses() -> None:
    real = simulator("visca")("srg-300h", reply_to="source")
    async with serve(real, udp="127.0.0.22:0") as ends:
        port = urlsplit(ends.url).port
        with pytest.raises(OSError, match="in use"):
            async with serve(real, udp=f"127.0.0.22:{port}"):
                pass
        url = f"{ends.url}?bind={port}"
        async with kept_up("visca", url, model="srg-300h") as device:
            await until(lambda: device.up)


# Too much, and too slowly.


@pytest.mark.parametrize("line", ["tcp", "pty"])
async def test_a_flood_of_garbage_holds_up_no_other_device(line: str) -> None:
    ends = ("--pty", "--baud", "115200") if line == "pty" else ("--tcp", "127.0.0.1:0")
    with simulated("extron_sis", "--model", "crosspoint-84", *ends) as noisy:
        async with switcher() as (_, other), kept_up("extron_sis", noisy.url) as device:
            await until(lambda: device.up)
            async with Lag() as lag:
                await asyncio.to_thread(noisy.set_fault, "flood", value=1_000_000)
                ends_at = time.perf_counter() + 2.0
                while time.perf_counter() < ends_at:
                    began = time.perf_counter()
                    await other.refresh()
                    assert time.perf_counter() - began < 0.5  # on a busy machine
                await asyncio.to_thread(noisy.clear_fault, "flood")
                await until(lambda: device.up)
            assert lag.worst < STALL
            assert other.link.figures.losses == 0


class Trickle:
    """Answers every line with ``is 3``, a byte every 50 ms."""

    PACE = 0.05  # seconds

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                await reader.readuntil(b"\n")
                for byte in b"is 3\n":
                    await asyncio.sleep(self.PACE)
                    writer.write(bytes((byte,)))
        writer.close()


async def test_a_slow_answer_comes_or_is_given_up_exactly_at_its_own_deadline() -> None:
    server = await asyncio.start_server(Trickle(), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server, contextlib.AsyncExitStack() as lines, Lag() as lag:
        devices = [toy(f"toy {number}", number) for number in range(20)]
        for device in devices:
            await lines.enter_async_context(linked(device, f"tcp://{host}:{port}"))
        await until(lambda: all(device.up for device in devices))
        for timeout in (0.15, 0.4, 0.2, 0.6, 0.1):
            await until(lambda: all(device.up for device in devices))
            took = await asyncio.gather(*(_ask_within(device, timeout) for device in devices))
            for seconds, answered in took:
                assert answered == (timeout > 0.25)
                assert seconds == pytest.approx(min(timeout, 0.25), abs=0.05)
    assert lag.worst < STALL


async def _ask_within(device: Device, timeout: float) -> tuple[float, bool]:
    began = time.perf_counter()
    try:
        await device.ask(get(timeout))
    except NoAnswerError:
        return time.perf_counter() - began, False
    return time.perf_counter() - began, True
