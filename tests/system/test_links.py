"""Links over real sockets and pseudo-terminals, at whose other ends real things go wrong."""

import asyncio
import contextlib
import logging
import socket
import statistics
import struct
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest

from avctl import registry
from avctl.device import Device
from avctl.errors import DeviceError, LinkDownError
from hw_sim.catalogue import simulator
from hw_sim.serve import Ends, serve
from tests.processes import simulated
from tests.system.lag import Lag
from tests.system.lines import STALL, held, kept_up, losses, until

pytestmark = pytest.mark.serial

RST = struct.pack("ii", 1, 0)  # SO_LINGER: on, no time
CYCLES, LANES = 20, 5  # pulls of each cable, and cables: 100 pulls of each driver
REFRESHES = 100  # of a device, while another one is flooded

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
        await until(lambda: device.up)
        asking = asyncio.create_task(_ask_on(device))
        for _ in range(CYCLES):
            await asyncio.sleep(rng.uniform(0.0, 0.03))  # somewhere in a frame
            ends.serial.unplug()
            await until(lambda: not device.up)
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
        lost = losses(device)
        for _ in range(5):
            (client,) = ends.tcp.clients
            if reset:
                line = client.transport.get_extra_info("socket")
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
                client.transport.abort()
            else:
                client.transport.close()
            await until(lambda: not device.up)
            await until(lambda: device.up)
        assert device.link.figures.connects == 6
        assert len(lost) == 5
        # By its end, not by the silence that follows.
        ends_with = "Connection reset" if reset else "closed by the other end"
        assert all(ends_with in reason for reason in lost)
    assert lag.worst < STALL


async def test_a_refused_connection_is_tried_again_and_nothing_waits_for_it() -> None:
    async with switcher() as (ends, device), Lag() as lag:
        ends.tcp.simulator.faults.set("cut")
        await until(lambda: not device.up)
        await until(lambda: "Connect call failed" in device.reason)
        with pytest.raises(LinkDownError, match="Connect call failed"):
            device.refresh().send(None)  # without a single turn of the loop
        ends.tcp.simulator.faults.clear("cut")
        await until(lambda: device.up)
    assert lag.worst < STALL


async def test_a_half_open_connection_is_noticed_by_its_silence() -> None:
    async with switcher() as (ends, device), Lag() as lag:
        lost = losses(device)
        ends.tcp.simulator.faults.set("half_open")
        await until(lambda: lost)
        assert lost == ["no answer"]
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
        await until(lambda: device.reason == "TimeoutError")
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
            await until(lambda: not device.up)
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


# Too much.


@pytest.mark.parametrize("line", ["tcp", "pty"])
async def test_a_flood_of_garbage_holds_up_no_other_device(line: str) -> None:
    ends = ("--pty", "--baud", "115200") if line == "pty" else ("--tcp", "127.0.0.1:0")
    with simulated("extron_sis", "--model", "crosspoint-84", *ends) as noisy:
        async with switcher() as (_, other), kept_up("extron_sis", noisy.url) as device:
            await until(lambda: device.up)
            async with Lag() as lag:
                await asyncio.to_thread(noisy.set_fault, "flood", value=1_000_000)
                for _ in range(REFRESHES):
                    await other.refresh()
                await asyncio.to_thread(noisy.clear_fault, "flood")
                await until(lambda: device.up)
            assert lag.worst < STALL
            assert other.link.figures.losses == 0
