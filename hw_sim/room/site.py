"""All rooms of a file, made, served and controlled in one process."""

import asyncio
import signal
import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from typing import Protocol, runtime_checkable

from hw_sim.catalogue import simulator
from hw_sim.clock import Clock
from hw_sim.outlets import Plugged
from hw_sim.room.file import Camera, Device, Feeder, Matrix, Mixer, RoomPlan, SitePlan, Wall, read
from hw_sim.room.kinds import Feeding
from hw_sim.room.room import Room
from hw_sim.serve import Ends, serve
from hw_sim.simulator import Simulator
from hw_sim.web import served

TICK = (
    0.2  # simulated seconds from a camera's standby to a matrix input without signal, at the most
)


@runtime_checkable
class Remembering(Protocol):
    """A camera that presets can be put into."""

    def store(
        self, number: int, pan_degrees: float, tilt_degrees: float, zoom_fraction: float
    ) -> object: ...


class Rooms(Mapping[str, Room]):
    """The rooms of a plan, by name, with all their devices made and their presets stored."""

    def __init__(self, plan: SitePlan, *, clock: Clock | None = None, seed: int = 0) -> None:
        self.clock = clock or Clock()
        self._rooms: dict[str, Room] = {}
        for name, room in plan.rooms.items():
            devices = {
                device: self._made(name, device, given, seed)
                for device, given in room.devices.items()
            }
            self._plugged(name, room, devices)
            self._rooms[name] = Room(name, room, devices, self.clock)
        for each in self._rooms.values():
            each.refresh()

    def _made(self, room: str, name: str, given: Device, seed: int) -> Simulator:
        try:
            return made(given, self.clock, Random(f"{seed}/{room}/{name}"))
        except ValueError as error:
            raise ValueError(f"{room}/{name}: {error}") from error

    def _plugged(self, room: str, plan: RoomPlan, devices: Mapping[str, Simulator]) -> None:
        """Hang the devices on their outlets; those on an open one are dark from now on."""
        for feeder, given in plan.devices.items():
            for outlet, name in given.plugs() if isinstance(given, Feeder) else ():
                try:
                    plug(devices[feeder], outlet, devices[name])
                except ValueError as error:
                    raise ValueError(f"{room}/{feeder}: {name}: {error}") from error

    @classmethod
    def load(cls, path: Path, *, clock: Clock | None = None, seed: int = 0) -> "Rooms":
        """Raises RoomFileError, OSError."""
        return cls(read(path), clock=clock, seed=seed)

    def __getitem__(self, name: str) -> Room:
        return self._rooms[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rooms)

    def __len__(self) -> int:
        return len(self._rooms)

    @property
    def devices(self) -> dict[str, Simulator]:
        """All devices, by ``ROOM/DEVICE``."""
        return {
            f"{name}/{device}": simulator
            for name, room in self._rooms.items()
            for device, simulator in room.devices.items()
        }

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[dict[str, Ends]]:
        """Open the ends of all devices, by ``ROOM/DEVICE``, and keep their inputs fresh until leaving."""
        async with AsyncExitStack() as opened:
            ends = {}
            for name, room in self._rooms.items():
                for device, given in room.plan.devices.items():
                    wanted = given.ends
                    ends[f"{name}/{device}"] = await opened.enter_async_context(
                        serve(
                            room.device(device),
                            tcp=wanted.tcp,
                            tls=wanted.tls,
                            ssh=wanted.ssh,
                            udp=wanted.udp,
                            pty=wanted.pty,
                            baud=wanted.baud,
                        )
                    )
            self._ticking = self.clock.later(TICK, self._tick)
            try:
                yield ends
            finally:
                self._ticking.cancel()

    def _tick(self) -> None:
        for room in self._rooms.values():
            room.refresh()
        self._ticking = self.clock.later(TICK, self._tick)


def made(given: Device, clock: Clock, rng: Random) -> Simulator:
    """A device as its plan says. Raises ValueError for a model, an option, a preset or a channel that it has not."""
    options = given.options | (_wall_options(given) if isinstance(given, Wall) else {})
    device = simulator(given.driver)(given.model, clock=clock, rng=rng, **options)
    match given, device:
        case Camera(), Remembering():
            for number, preset in given.presets.items():
                device.store(number, preset.pan, preset.tilt, preset.zoom)
            if given.preset is not None:
                device.press("preset", number=given.preset)
        case Matrix(), _:
            for output, source in given.ties.items():
                device.press("tie", input=source, output=output)
        case Mixer(), _:
            for place in given.muted:
                tag, channel = place.split()
                device.press("mute", tag=tag, channel=int(channel), on=True)
    return device


def plug(feeder: Simulator, outlet: int, device: Simulator) -> None:
    """Hang a device on an outlet. Raises ValueError when there is no such outlet, or the device has no plug."""
    if not isinstance(feeder, Feeding):
        raise ValueError(f"{feeder.driver} has no outlets")
    if not isinstance(device, Plugged):
        raise ValueError(f"the simulated {device.driver} has no mains plug")
    feeder.outlets.plug(outlet, device)


def _wall_options(wall: Wall) -> dict[str, object]:
    """As many windows as the fullest preset needs; the others lie behind the background."""
    most = max((len(preset.windows) for preset in wall.presets.values()), default=0)
    presets: dict[int, object] = {}
    for number, preset in wall.presets.items():
        panes: dict[int, object] = {
            each: {"zorder": 0, "input": "NULL"} for each in range(1, most + 1)
        }
        for front, window in enumerate(preset.windows, 1):
            place = window.model_dump(exclude={"source"})
            panes[front] = {"input": window.source, "zorder": front, **place}
        presets[number] = {"name": preset.name, "windows": panes}
    windows = {each: {"zorder": 0} for each in range(1, most + 1)}
    return {"windows": windows, "presets": presets, "boot_preset": wall.preset or 0}


async def run(path: Path, *, speed: float, seed: int, control: str | None) -> None:
    """Simulate the rooms of a file until SIGINT or SIGTERM. Raises RoomFileError, OSError, ValueError."""
    from hw_sim.control import create_control  # which knows rooms itself

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    rooms = Rooms.load(path, clock=Clock(speed), seed=seed)
    async with AsyncExitStack() as opened:
        ends = await opened.enter_async_context(rooms.serve())
        urls = {name: each.urls for name, each in ends.items()}
        for name, several in urls.items():
            for url in several:
                print(f"ready {url} {name}", flush=True)
        if control is not None:
            app = create_control(rooms.devices, rooms, urls=urls)
            url = await opened.enter_async_context(served(app, control))
            print(f"ready {url} control", flush=True)
        await stop.wait()


async def main(argv: Sequence[str]) -> int:
    """``FILE [--speed N] [--seed N] [--control HOST:PORT]``: the exit code. Errors go to standard error."""
    parser = ArgumentParser(prog="python -m hw_sim room", description=__doc__, allow_abbrev=False)
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--speed", metavar="N", type=float, default=1.0)
    parser.add_argument("--seed", metavar="N", type=int, default=0)
    parser.add_argument("--control", metavar="HOST:PORT", help="pictures, faults and presses")
    wanted = parser.parse_args(argv)
    try:
        await run(wanted.file, speed=wanted.speed, seed=wanted.seed, control=wanted.control)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0
