"""A hall of twelve devices that answer as late as it says, and what a tap costs in it. In virtual time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML

from avctl.capabilities.camera import Framing
from avctl.drivers.visca import Visca
from avctl.room import Room
from avctl.scenes.take import Take
from tests.bench.tap import DRIVERS, EACH, room_file
from tests.rooms import Bench, bench

ANSWERS_AFTER = {"matrix": 0.005, "mixer": 0.005}  # seconds; cameras know their own
READ_BACK = 2  # questions that a camera answers for its position
POLL = 1.0  # seconds between two polls: taps fall anywhere between

FIRST_BYTE = 0.020  # seconds from the plan to the first byte; a goal
CONFIRMED = 0.030  # seconds after the slowest device's own time; a goal
TAKES = 60


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes on a wire. ``at`` in seconds of the clock."""

    at: float
    wire: bytes
    polled: bool


@contextlib.asynccontextmanager
async def hall(seed: int = 0) -> AsyncIterator["Hall"]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hall.yaml"
        urls = {
            f"{kind}-{number}": f"tcp://127.0.{number}.{place}:23"
            for place, kind in enumerate(DRIVERS, 1)
            for number in range(EACH)
        }
        with path.open("w") as opened:
            YAML().dump(room_file(urls), opened)
        models: dict[str, tuple[str, dict[str, Any]]] = {
            name: (DRIVERS[name.split("-")[0]][1], {}) for name in urls
        }
        async with bench(path, seed, models) as at:
            for name, device in at.devices.items():
                if late := ANSWERS_AFTER.get(name.split("-")[0]):
                    device.faults.set("late", late)
            await at.until_up()
            await store_presets(at.room)
            yield Hall(at, Random(seed))


async def store_presets(room: Room) -> None:
    """Let every camera know two places as far from each other as two speakers are."""
    cameras = [device for device in room.devices.values() if isinstance(device, Visca)]
    for preset, pan in ((1, 0.0), (2, 40.0)):
        for camera in cameras:
            await camera.aim(Framing(pan, 0.0, 0.0))
        await room.clock.sleep(5.0)
        for camera in cameras:
            await camera.store(preset)


class Hall:
    """The room, what goes over its wires, and when its cameras come to rest."""

    def __init__(self, at: Bench, rng: Random) -> None:
        self.at, self.rng = at, rng
        self.room: Room = at.room
        self.sent: dict[str, list[Sent]] = {name: [] for name in self.room.devices}
        for name, device in self.room.devices.items():
            device.link.tap = partial(self._note, name)

    def _note(self, name: str, way: str, data: bytes) -> None:
        if way == ">":
            task = asyncio.current_task()
            polled = task is not None and "Link.run" in str(task.get_coro())
            self.sent[name].append(Sent(self.room.clock.now(), data, polled))

    async def take(self, scene: str) -> "Taken":
        """Take it at some moment between two polls, and see it through. It must want the cameras elsewhere."""
        await self.room.clock.sleep(2 * POLL * self.rng.random())
        for before in self.sent.values():
            before.clear()
        began = self.room.clock.now()
        resting = {
            name: asyncio.create_task(self._rests(name))
            for name in self.room.devices
            if name.startswith("camera")
        }
        take = self.room.take(scene, by="test")
        await take.ended.wait()
        rested = {name: await task for name, task in resting.items()}
        sent = {name: list(of) for name, of in self.sent.items()}
        return Taken(take, began, sent, rested)

    async def _rests(self, name: str) -> float:
        """When a camera has moved and come to rest."""
        camera: Any = self.at.devices[name]
        for wanted in (True, False):
            while bool(camera.body.moving) is not wanted:
                await self.room.clock.sleep(0.001)
        return self.room.clock.now()

    def own_end(self, taken: "Taken") -> float:
        """When the slowest device could have been confirmed: it has come to rest, and told so."""
        cameras: dict[str, Any] = {name: self.at.devices[name] for name in taken.rested}
        return max(at + READ_BACK * cameras[name].latency for name, at in taken.rested.items())


@dataclass(frozen=True, slots=True)
class Taken:
    take: Take
    began: float
    sent: dict[str, list[Sent]]
    rested: dict[str, float]  # cameras only

    def to_first_byte(self) -> dict[str, float]:
        """Seconds from the tap to the first byte on each wire that is not a poll's."""
        return {
            name: next(each.at for each in sent if not each.polled) - self.began
            for name, sent in self.sent.items()
        }

    def planned_to_first_byte(self) -> dict[str, float]:
        """Seconds from the plan to the first byte after it on each wire that is driven."""
        took = {}
        for name, sent in self.sent.items():
            planned = [
                step.planned
                for step in self.take.steps
                if step.want.device == name and step.sent is not None and step.planned is not None
            ]
            if planned:
                at = self.began + min(planned)
                first = next(each.at for each in sent if not each.polled and each.at >= at - 1e-9)
                took[name] = first - at
        return took

    def confirmed(self) -> float:
        """The moment of the last confirmation."""
        return self.began + max(step.confirmed or 0.0 for step in self.take.steps)


async def takes(seed: int, times: int = TAKES) -> list[tuple[Taken, float]]:
    """So many takes, one after another, with when their slowest devices could have been confirmed."""
    async with hall(seed) as there:
        found = []
        for number in range(times):
            taken = await there.take(("one", "two")[number % 2])
            assert taken.take.verdict == "confirmed", taken.take.culprits
            found.append((taken, there.own_end(taken)))
        return found
