"""Room 19 of the demo, simulated, with scenes of a test's own beside those that every room has."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from avctl.blueprint import read_room
from avctl.capabilities.camera import Preset
from avctl.capabilities.mixer import Fader, Mute
from avctl.capabilities.router import Output
from avctl.clock import Clock
from avctl.points import Point
from avctl.room import Room
from avctl.scenes.take import Take, Verdict
from hw_sim import room as simulated
from tests.rooms import DEMO, End, Lines

TICK = 0.2  # seconds
FAR_END, PROJECTOR = 1, 3  # outputs of the matrix
INPUTS = {"podium-camera": 1, "panorama-camera": 2, "audience-camera": 3, "laptop": 4}
CHANNELS = ("Level1/1", "Level1/2", "Level1/3", "Level1/4")
CAMERAS = ("podium-camera", "panorama-camera", "audience-camera")


@dataclass(eq=False)
class Hall:
    room: Room
    real: simulated.Room
    ends: Mapping[str, End]

    def device(self, name: str) -> Any:
        """What really stands there."""
        return self.real.devices[name]

    def fault(self, device: str, fault: str, value: float | None = None, **how: Any) -> None:
        self.device(device).faults.set(fault, value, **how)

    def mend(self, *devices: str) -> None:
        for name in devices or self.real.devices:
            self.device(name).faults.clear()

    def value(self, device: str, point: Point) -> Any:
        """What the product says that the device said."""
        reading = self.room.devices[device].state.get(point)
        return None if reading is None else reading.value

    def muted(self, channel: str) -> Any:
        return self.value("mixer", Mute(channel))

    def fader(self, channel: str) -> Any:
        return self.value("mixer", Fader(channel))

    def fed_by(self, output: int) -> Any:
        return self.value("matrix", Output(output))

    def preset(self, camera: str) -> Any:
        return self.value(camera, Preset())

    async def take(self, name: str, **how: Any) -> Take:
        return await ended(self.room.take(name, by="test", **how))

    async def set(self, target: str, word: str, said: Any) -> Take:
        return await ended(self.room.set(target, word, said, by="test"))

    async def wait(self, seconds: float) -> None:
        await self.room.clock.sleep(seconds)

    async def until(self, holds: Callable[[], object], seconds: float) -> float:
        """Until ``holds``, looked at after each change in the room; gives the seconds that it took."""
        began, changed = self.room.clock.now(), asyncio.Event()
        leave = self.room.subscribe(lambda room, change: changed.set())
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    changed.clear()
                    await changed.wait()
        finally:
            leave()
        return self.room.clock.now() - began

    async def until_up(self, *devices: str, seconds: float = 30.0) -> float:
        wanted = [self.room.devices[name] for name in devices or self.room.devices]
        return await self.until(lambda: all(device.up for device in wanted), seconds)

    async def until_down(self, device: str, seconds: float = 30.0) -> float:
        return await self.until(lambda: not self.room.devices[device].up, seconds)


async def ended(take: Take | None) -> Take:
    assert take is not None
    await take.ended.wait()
    return take


def verdicts(take: Take) -> dict[str, Verdict | None]:
    return {f"{step.want.target} {step.want.word}": step.verdict for step in take.steps}


@contextlib.asynccontextmanager
async def hall(
    scenes: str = "",
    *,
    seed: int = 0,
    up: bool = True,
    before: Callable[[simulated.Room], object] = lambda real: None,
) -> AsyncIterator[Hall]:
    """``scenes``: YAML as in a room file; ``up``: with every device greeted; ``before``: what is so from the start."""
    real = simulated.Rooms.load(DEMO / "simulators.yaml", seed=seed)
    lines = Lines(real)
    before(real["19"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "room.yaml"
        text = (DEMO / "room-19.yaml").read_text(encoding="utf-8")
        path.write_text(f"{text}\n{scenes}", encoding="utf-8")
        plan = read_room(path)
    ends = {
        name: next(end for end in lines.ends.values() if end.simulator is device)
        for name, device in real["19"].devices.items()
    }
    room = Room(plan, Clock(rng=Random(seed)), addresses=lines.addresses["19"], dialler=lines.dial)
    ticking = asyncio.create_task(_tick(real["19"]))
    async with room:
        made = Hall(room, real["19"], ends)
        if up:
            await made.until_up()
        try:
            yield made
        finally:
            ticking.cancel()


async def _tick(real: simulated.Room) -> None:
    """Let devices notice signals and sound as they come and go."""
    while True:
        real.refresh()
        await asyncio.sleep(TICK)
