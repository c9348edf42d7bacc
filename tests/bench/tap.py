"""From a tap in the API to the first byte on every wire, with twelve devices."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import httpx
from ruamel.yaml import YAML

from avctl.capabilities.camera import Framing
from avctl.clock import Clock
from avctl.device import Device
from avctl.drivers.visca import Visca
from avctl.room import Room
from avctl.site import open_site
from service.app import create_app
from service.journal import Journal
from service.server import serve
from service.settings import Settings
from tests.bench.figure import Figure, median, p99
from tests.processes import simulated
from tests.system.lines import until

EACH = 4  # cameras, switchers and mixers: twelve devices
WARM, TAPS = 5, 100  # taps: until the service has run once, and those that count
MOST = 0.020  # seconds
NEAR = 0.1  # degrees
DRIVERS: dict[str, tuple[str, str, dict[str, object]]] = {
    "camera": ("visca", "ptzoptics", {"model": "ptzoptics"}),
    "matrix": ("extron_sis", "crosspoint-84", {}),
    "mixer": ("biamp_ttp", "forte", {"channels": ["Level1/1"]}),
}


def room_file(urls: dict[str, str]) -> dict[str, object]:
    """Twelve devices, and two scenes that want something else of each."""
    numbers = range(EACH)
    devices = {
        f"{kind}-{number}": {
            "driver": driver,
            "url": urls[f"{kind}-{number}"],
            "settings": dict(settings),
            **({"presets": {"one": 1, "two": 2}} if kind == "camera" else {}),
        }
        for kind, (driver, _, settings) in DRIVERS.items()
        for number in numbers
    }
    return {
        "room": "bench",
        "title": "Bench",
        "devices": devices,
        "sources": {
            f"{name}-{number}": {"device": f"matrix-{number}", "input": source}
            for number in numbers
            for source, name in ((1, "one"), (2, "two"))
        },
        "destinations": {f"out-{n}": {"device": f"matrix-{n}", "output": 1} for n in numbers},
        "microphones": {
            f"mic-{n}": {"device": f"mixer-{n}", "channel": "Level1/1"} for n in numbers
        },
        "scenes": {name: _scene(name) for name in ("one", "two")},
    }


def _scene(name: str) -> dict[str, object]:
    want: dict[str, object] = {}
    for number in range(EACH):
        want[f"camera-{number}"] = {"preset": name}
        want[f"out-{number}"] = {"source": f"{name}-{number}"}
        want[f"mic-{number}"] = {"muted": name == "one"}
    return {"title": name, "deadline": "4 s", "want": want}


@contextlib.contextmanager
def simulators() -> Iterator[dict[str, str]]:
    """URLs by device."""
    with contextlib.ExitStack() as running:
        yield {
            f"{kind}-{number}": running.enter_context(
                simulated(driver, "--model", model, "--tcp", "127.0.0.1:0")
            ).url
            for kind, (driver, model, _) in DRIVERS.items()
            for number in range(EACH)
        }


@contextlib.asynccontextmanager
async def service(urls: dict[str, str]) -> AsyncIterator[tuple[Room, str]]:
    """The room with all its devices up, and where its API is."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "room.yaml"
        with file.open("w") as opened:
            YAML().dump(room_file(urls), opened)
        site = open_site(file, clock)
    app = create_app(site, Settings(), journal=Journal(clock))
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, listening.set_result))
    try:
        url = await listening
        (room,) = site.rooms.values()
        await until(lambda: all(device.up for device in room.devices.values()), 60)
        yield room, url
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def store_presets(room: Room) -> None:
    """Let every camera know two places that are near each other."""
    cameras = [device for device in room.devices.values() if isinstance(device, Visca)]
    for preset, pan in ((1, 0.0), (2, 2.0)):
        for camera in cameras:
            await camera.aim(Framing(pan, 0.0, 0.0))
        for camera in cameras:
            while abs((await camera.position()).pan - pan) > NEAR:
                await camera.clock.sleep(0.05)
            await camera.store(preset)


class FirstBytes:
    """When each device's wire got its first byte of a take; polls do not count."""

    def __init__(self, devices: dict[str, Device]) -> None:
        self.at: dict[str, float] = {}
        for name, device in devices.items():
            device.link.tap = partial(self._note, name)

    def _note(self, name: str, way: str, data: bytes) -> None:
        task = asyncio.current_task()
        if way == ">" and task and "Link.run" not in str(task.get_coro()):
            self.at.setdefault(name, time.perf_counter())


async def taps() -> list[Figure]:
    took: list[dict[str, float]] = []
    with simulators() as urls:
        async with service(urls) as (room, url):
            await store_presets(room)
            first_bytes = FirstBytes(room.devices)
            with httpx.Client(base_url=f"{url}/api/v1/rooms/bench", trust_env=False) as panel:
                for number in range(WARM + TAPS):
                    first_bytes.at.clear()
                    scene = ("one", "two")[number % 2]
                    tapped = await asyncio.to_thread(_tap, panel, scene)
                    await room.takes[-1].ended.wait()
                    assert len(first_bytes.at) == len(room.devices), first_bytes.at
                    took.append({name: at - tapped for name, at in first_bytes.at.items()})
    return list(_figures(took[WARM:]))


def _figures(took: list[dict[str, float]]) -> Iterator[Figure]:
    lasts = [max(each.values()) for each in took]
    what = "From a tap in the API to the first byte"
    yield _figure(f"{what} on the last of 12 wires, p99", p99(lasts))
    yield _figure(f"{what} on the last of 12 wires, median", median(lasts))
    for kind, (driver, _, _) in DRIVERS.items():
        own = [at for each in took for name, at in each.items() if name.startswith(kind)]
        yield _figure(f"{what} on a wire of {driver}, median", median(own))
        yield _figure(f"{what} on a wire of {driver}, p99", p99(own))


def _figure(what: str, seconds: float) -> Figure:
    return Figure(what, f"{seconds * 1000:.1f} ms", f"≤ {MOST * 1000:.0f} ms", seconds <= MOST)


def _tap(panel: httpx.Client, scene: str) -> float:
    """When it was tapped."""
    tapped = time.perf_counter()
    panel.post(f"/scenes/{scene}/take", json={}).raise_for_status()
    return tapped
