"""The hall in virtual time: real drivers and links, real simulators, its mains as they are wired."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from avctl.blueprint import read_room
from avctl.clock import Clock
from avctl.room import Room
from avctl.warmup import Asked, WarmUp
from hw_sim.room import Rooms
from hw_sim.room.file import SitePlan, read
from tests.rooms import End, Lines

HERE = Path(__file__).parent
ROOM, SIMULATORS = HERE / "hall.yaml", HERE / "simulators.yaml"
MORNING = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


@dataclass(eq=False)
class Hall:
    """What stands in the hall, and what really becomes of it."""

    room: Room
    devices: Mapping[str, Any]  # the simulators
    ends: Mapping[str, End]
    clock: Clock
    hot_cuts: list[tuple[float, str]] = field(default_factory=list)  # when a lamp lost its mains

    def warm_up(self, hold: float = 600.0, **asked: Any) -> WarmUp:
        return WarmUp(self.room, Asked("test", hold, **asked), identity="1")

    async def until(self, device: str, **truth: object) -> None:
        """Until the simulator says so."""
        async with asyncio.timeout(3600):
            while not truth.items() <= self.devices[device].truth().items():
                await self.clock.sleep(0.1)

    async def until_there(self, *names: str) -> None:
        async with asyncio.timeout(60):
            while not all(self.room.devices[name].up for name in names):
                await self.clock.sleep(0.1)

    def watch_lamps(self) -> None:
        """Note every cut of the mains of a lamp that is not in standby."""
        for name in ("projector", "laser"):
            lamp = self.devices[name]
            cut = lamp.power.cut

            def noted(name: str = name, cut: Any = cut) -> bool:
                hot: bool = cut()
                if hot:
                    self.hot_cuts.append((self.clock.now(), name))
                return hot

            lamp.power.cut = noted


def plan(options: Mapping[str, Mapping[str, Any]]) -> SitePlan:
    """The simulators, some of them with other options."""
    said = read(SIMULATORS).model_dump(by_alias=True)
    for name, more in options.items():
        said["rooms"]["hall"]["devices"][name]["options"] |= more
    return SitePlan.model_validate(said)


@contextlib.asynccontextmanager
async def hall(
    options: Mapping[str, Mapping[str, Any]] | None = None, *, seed: int = 0, room: Path = ROOM
) -> AsyncIterator[Hall]:
    """The hall with its lines kept up, everything that hangs on an outlet dark. ``options``: of simulators."""
    loop = asyncio.get_running_loop()
    clock = Clock(lambda: MORNING + timedelta(seconds=loop.time()), Random(seed))
    rooms = Rooms(plan(options or {}), seed=seed)
    lines = Lines(rooms)
    opened = Room(read_room(room), clock, addresses=lines.addresses["hall"], dialler=lines.dial)
    ends = {end.simulator: end for end in lines.ends.values()}
    devices = rooms["hall"].devices
    async with opened:
        made = Hall(opened, devices, {name: ends[devices[name]] for name in devices}, clock)
        made.watch_lamps()
        await made.until_there("sequencer", "mixer")
        yield made
