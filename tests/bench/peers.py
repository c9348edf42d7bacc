"""Against what others wrote: visca-over-ip, a blocking socket, and pyvisca, which spins on its port."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

from avctl.device import Device
from avctl.drivers.visca import Visca
from avctl.drivers.visca.inquiries import read_zoom
from tests.bench.figure import Figure, median, ratio
from tests.bench.responder import responder
from tests.processes import Peer, simulated
from tests.system.lines import kept_up, until

BLOCK = 20  # calls of one side before it is the other's turn
BLOCKS = 15
CAMERAS = 10
SONY = ("--model", "srg-300h")
OPTIONS = ("--option", "reply_to=source", "--option", "strict_header=false")
PRESET = 3
FRAMINGS = {PRESET: {"pan": 0.0, "tilt": 0.0, "zoom": 0.0}}


async def over_ip() -> list[Figure]:
    return [*await _one_camera(), *await _one_at_once(), *await _ten_cameras()]


async def _one_camera() -> list[Figure]:
    """A simulated camera of their own for each side, which takes a field to answer as real ones do."""
    with (
        simulated("visca", *SONY, *OPTIONS, "--udp", "127.0.0.31:0") as first,
        simulated("visca", *SONY, *OPTIONS, "--udp", "127.0.0.32:0") as second,
        _over_ip(second.url) as peer,
    ):
        async with _camera(first.url) as camera:
            asked = await _in_turn(lambda: camera.ask(read_zoom(1)), peer, "get_zoom_position")
            recalled = await _in_turn(lambda: camera.recall(PRESET), peer, "recall_preset", 2)
    return [
        *ratio("An inquiry to a simulated camera over UDP : visca-over-ip", *asked, 1.6),
        *ratio("A recall until its ACK, the same : visca-over-ip", *recalled, 1.6),
    ]


async def _one_at_once() -> list[Figure]:
    """A far end that answers at once: what is left is the client."""
    with responder("udp") as first, responder("udp") as second, _over_ip(second) as peer:
        async with _camera(first) as camera:
            camera.gap = 0.0
            asked = await _in_turn(lambda: camera.ask(read_zoom(1)), peer, "get_zoom_position")
    return ratio("An inquiry that is answered at once : visca-over-ip", *asked, 1.6)


async def _ten_cameras() -> list[Figure]:
    with contextlib.ExitStack() as processes:
        fleets = [
            [
                processes.enter_context(
                    simulated("visca", *SONY, *OPTIONS, "--udp", f"127.0.0.{net}{number}:0")
                ).url
                for number in range(CAMERAS)
            ]
            for net in (4, 5)
        ]
        peer = processes.enter_context(_over_ip(*fleets[1]))
        async with contextlib.AsyncExitStack() as lines:
            cameras = [await lines.enter_async_context(_camera(url)) for url in fleets[0]]
            took: tuple[list[float], list[float]] = [], []
            for _ in range(BLOCKS):
                began = time.perf_counter()
                await asyncio.gather(*(_ask(camera, 5) for camera in cameras))
                took[0].append(time.perf_counter() - began)
                called = await asyncio.to_thread(peer.repeat, 5, "get_zoom_position")
                took[1].append(sum(called.seconds))
    times = median(took[1]) / median(took[0])
    rates = [CAMERAS * 5 / median(each) for each in took]
    measured = f"{times:.1f} × ({rates[0]:.0f} : {rates[1]:.0f} a second)"
    what = "Inquiries to ten simulated cameras at once : visca-over-ip"
    return [Figure(what, measured, "≥ 5 ×", times >= 5)]


async def _ask(camera: Visca, times: int) -> None:
    for _ in range(times):
        await camera.ask(read_zoom(1))


async def spinning() -> list[Figure]:
    """pyvisca on a line of 9600 baud."""
    line = ("--model", "evi-d70", "--pty", "--baud", "9600")
    with (
        simulated("visca", *line) as first,
        simulated("visca", *line) as second,
        Peer("pyvisca.visca", "PTZ", [urlsplit(second.url).path]) as peer,
    ):
        async with kept_up("visca", first.url, model="evi-d70") as camera:
            await _in_service(camera)
            ours: list[float] = []
            theirs: list[float] = []
            cpu = [0.0, 0.0]
            for _ in range(BLOCKS):
                before = time.process_time()
                ours += await _block(lambda: camera.ask(read_zoom(1)))
                cpu[0] += time.process_time() - before
                called = await asyncio.to_thread(peer.repeat, BLOCK, "get_zoom")
                theirs += called.seconds
                cpu[1] += called.cpu
    share = cpu[0] / cpu[1]
    each = [seconds / BLOCK / BLOCKS * 1e6 for seconds in cpu]
    measured = f"{share:.3f} × ({each[0]:.0f} µs : {each[1]:.0f} µs)"
    return [
        Figure("CPU of an inquiry at 9600 baud : pyvisca", measured, "≤ 0.1 ×", share <= 0.1),
        ratio("Its answer : pyvisca", ours, theirs, 1.0)[0],
    ]


def _over_ip(*urls: str) -> Peer:
    at = [urlsplit(url) for url in urls]
    return Peer("visca_over_ip", "Camera", *([each.hostname, each.port] for each in at))


@contextlib.asynccontextmanager
async def _camera(url: str) -> AsyncIterator[Visca]:
    async with kept_up(
        "visca", url, model="srg-300h", framings=FRAMINGS, envelope="header"
    ) as camera:
        assert isinstance(camera, Visca)
        await _in_service(camera)
        yield camera


async def _in_service(camera: Device) -> None:
    camera.refresh_every = 3600.0
    await until(lambda: camera.up)


async def _in_turn(
    ask: Callable[[], Awaitable[object]], peer: Peer, method: str, *arguments: object
) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(BLOCKS):
        ours += await _block(ask)
        theirs += (await asyncio.to_thread(peer.repeat, BLOCK, method, *arguments)).seconds
    return ours, theirs


async def _block(ask: Callable[[], Awaitable[object]]) -> list[float]:
    took = []
    for _ in range(BLOCK):
        began = time.perf_counter()
        await ask()
        took.append(time.perf_counter() - began)
    return took
