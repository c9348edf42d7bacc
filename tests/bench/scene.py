"""The close-up scene of the demo's room 19: against what its devices take themselves, and with one of them hung."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from avctl.clock import Clock
from avctl.room import Room
from avctl.scenes.take import Take, Verdict
from avctl.site import open_site
from avctl.testing import VirtualLoop
from hw_sim import room as simulated
from tests.bench.figure import Figure, median
from tests.processes import ROOT
from tests.rooms import DEMO, Demo, demo
from tests.system.lines import until

ROOM, SCENE, BACK = "19", "speaker-close-up", "restore-panorama"
CAMERA, MATRIX, WALL = "podium-camera", "matrix", "hall-wall"
RECALL = bytes.fromhex("8101043F02")
LOOK = 0.001  # seconds between two looks at whether the camera moves
REAL_TAKES = 5
HANGABLE = (CAMERA, MATRIX, "mixer", WALL)
PASSWORD = {"AVCTL_HALL_WALL_PASSWORD": "adminpw"}


def scene() -> list[Figure]:
    os.environ.update(PASSWORD)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        duration, least = runner.run(_in_virtual_time())
    real = asyncio.run(_in_real_time())
    return [
        _against(
            "The close-up scene in virtual time : its slowest device and wire", duration, least
        ),
        _against("The same over sockets and pseudo-terminals", real, least),
    ]


def _against(what: str, duration: float, least: float) -> Figure:
    times = duration / least
    return Figure(
        what, f"{times:.3f} × ({duration:.2f} s : {least:.2f} s)", "≤ 1.05 ×", times <= 1.05
    )


async def _in_virtual_time() -> tuple[float, float]:
    """How long the take lasted, and how long its devices alone would have."""
    async with ready_room() as rooms:
        room, real = rooms.room(ROOM)
        began = real.devices[CAMERA].clock.now()
        resting = asyncio.create_task(_until_camera_rests(real))
        take = await _take(room, SCENE)
        return take.duration or 0.0, _least(real, began, await resting)


async def _until_camera_rests(real: simulated.Room) -> float:
    camera: Any = real.devices[CAMERA]
    clock = Clock()
    for wanted in (True, False):
        while bool(camera.body.moving) is not wanted:
            await clock.sleep(LOOK)
    now: float = camera.clock.now()
    return now


def _least(real: simulated.Room, began: float, rests: float) -> float:
    """The wall's own time, or the camera's with its read-back and then the matrix's wire, whichever is more."""
    camera: Any = real.devices[CAMERA]
    wall: Any = real.devices[WALL]
    told = next(entry.time for entry in camera.log.after(began, "in") if RECALL in entry.data)
    read_back = 2 * camera.latency
    framed = rests - told + read_back + _two_exchanges(real.devices[MATRIX], rests)
    return float(max(framed, wall.settle_seconds))


def _two_exchanges(matrix: Any, since: float) -> float:
    """The wire time of a tie and of its read-back."""
    asked = matrix.log.after(since, "in")[:2]
    said = matrix.log.after(asked[0].time, "out")[:2]
    return sum(answer.until - question.time for question, answer in zip(asked, said, strict=True))


@contextlib.asynccontextmanager
async def ready_room() -> AsyncIterator[Demo]:
    async with demo(only=ROOM) as rooms:
        await rooms.until_up(ROOM)
        yield rooms


async def _take(room: Room, name: str) -> Take:
    take = room.take(name, by="bench")
    await take.ended.wait()
    assert take.verdict is Verdict.CONFIRMED, (take.verdict, take.culprits)
    return take


# Over real ends.


async def _in_real_time() -> float:
    with _simulated_site() as addresses:
        site = open_site(DEMO, Clock(), addresses=addresses)
        site.rooms = {ROOM: site.rooms[ROOM]}
        async with site:
            room = site.rooms[ROOM]
            await until(lambda: all(device.up for device in room.devices.values()), 30)
            took = []
            for _ in range(REAL_TAKES):
                took.append((await _take(room, SCENE)).duration or 0.0)
                await _take(room, BACK)
            return median(took)


@contextlib.contextmanager
def _simulated_site() -> Iterator[dict[str, dict[str, str]]]:
    """URLs by room and device."""
    file = str(DEMO / "simulators.yaml")
    command = [sys.executable, "-m", "hw_sim", "room", file, "--control", "127.0.0.1:0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            addresses: dict[str, dict[str, str]] = {}
            for line in process.stdout:
                _, url, name = line.split()
                if name == "control":
                    break
                room, _, device = name.partition("/")
                addresses.setdefault(room, {})[device] = url
            yield addresses
        finally:
            process.kill()


# One of them hung.


def hung() -> list[Figure]:
    os.environ.update(PASSWORD)
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        usual = runner.run(_ends(None))
        later, latest = 0.0, 0.0
        for device in HANGABLE:
            ends = runner.run(_ends(device))
            latest = max(latest, ends.pop("verdict"))
            others = [step for step in ends if device not in _needs(step)]
            later = max(later, *(ends[step] - usual[step] for step in others))
    return [
        Figure(
            "A step of another device while one hangs",
            f"{max(later, 0.0) * 1000:.1f} ms later",
            "≤ 10 ms",
            later <= 0.010,
        ),
        Figure(
            "The verdict of a scene whose deadline is 8 s, one device hung",
            f"{latest:.2f} s",
            "≤ 8 s",
            latest <= 8.0 + 1e-6,
        ),
    ]


def _needs(step: str) -> tuple[str, ...]:
    """The devices that a step of the close-up stands on."""
    target = step.split()[0]
    return {
        "far-end": (MATRIX, CAMERA),
        "podium-mic": ("mixer",),
    }.get(target, (target,))


async def _ends(hangs: str | None) -> dict[str, float]:
    """When each step ended, in seconds from the tap, and the verdict."""
    async with ready_room() as rooms:
        room, real = rooms.room(ROOM)
        if hangs:
            real.devices[hangs].faults.set("half_open")
        take = room.take(SCENE, by="bench")
        await take.ended.wait()
        ends = {f"{step.want.target} {step.want.word}": step.ended or 0.0 for step in take.steps}
        return {**ends, "verdict": take.duration or 0.0}
