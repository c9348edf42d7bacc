"""Whole rooms in one process: real drivers and links, real simulators, and lines in memory between them.

The only place where product and simulators meet other than through sockets: they still meet only through bytes.
"""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from avctl.blueprint import read_room
from avctl.clock import Clock
from avctl.room import Room
from avctl.site import Site, open_site
from avctl.testing import MemoryStream
from avctl.transport import Address, Receiver, Resync, Stream, parse_address
from hw_sim import room as simulated
from hw_sim.catalogue import simulator
from hw_sim.line import Line
from hw_sim.simulator import Simulator

EXAMPLES = Path(__file__).parent.parent / "examples"
DEMO = EXAMPLES / "demo"

RESYNC = {"tcp": Resync.CLOSE, "udp": Resync.DRAIN, "serial": Resync.DRAIN}
TICK = 0.05  # seconds between two looks at which inputs have a signal


def copy_demo(folder: Path, schedule: str) -> Path:
    """The demo site in a folder of its own, with another ``schedule`` (lines of its file)."""
    site = Path(shutil.copytree(DEMO, folder))
    file = site / "site.yaml"
    told, _, _ = file.read_text("utf-8").partition("\n# What happens by the clock")
    file.write_text(told + schedule, "utf-8")
    return site


@dataclass(eq=False)
class End:
    """Where a device's line comes out: one conversation on a wire, one for each connection elsewhere."""

    simulator: Simulator
    kind: str
    baud: int | None = None
    dials: int = 0
    streams: list[MemoryStream] = field(default_factory=list)
    wire: Line | None = None

    def __post_init__(self) -> None:
        self.simulator.faults.changed.append(self._faults_changed)

    def dial(self, receiver: Receiver) -> Stream:
        if self.simulator.faults.on("cut") and self.kind != "udp":
            raise OSError("no such port" if self.kind == "serial" else "connection refused")
        self.dials += 1
        if self.kind == "serial":
            return self._dial_wire(receiver)
        line: Line
        stream = MemoryStream(
            receiver,
            lambda data: line.receive(data),
            RESYNC[self.kind],
            hang_up=lambda: line.closed(),
        )
        line = Line(self.simulator, self.kind, send=stream.deliver, close=stream.end)
        self.streams.append(stream)
        line.opened()
        return stream

    def _dial_wire(self, receiver: Receiver) -> Stream:
        if self.wire is None:
            self.wire = Line(
                self.simulator, "serial", self.baud, send=self._put_out, close=lambda: None
            )
            self.wire.opened()
        stream = MemoryStream(receiver, self.wire.receive, Resync.DRAIN)
        self.streams[:] = [stream]
        return stream

    def _put_out(self, data: bytes) -> None:
        for stream in self.streams:
            stream.deliver(data)

    def _faults_changed(self) -> None:
        if self.simulator.faults.on("cut") and self.kind != "udp":
            for stream in self.streams:
                stream.end("reset")
            self.streams.clear()


class Lines:
    """All ends of a simulated site. Its `dial` is handed to the product."""

    def __init__(self, rooms: simulated.Rooms) -> None:
        self.ends: dict[Address, End] = {}
        self.addresses: dict[str, dict[str, str]] = {}
        for name, room in rooms.items():
            for device, given in room.plan.devices.items():
                url, end = self._end(f"{name}.{device}", room.devices[device], given.ends)
                self.addresses.setdefault(name, {})[device] = url
                self.ends[parse_address(url)] = end

    def _end(self, host: str, simulator: Simulator, ends: object) -> tuple[str, End]:
        baud = getattr(ends, "baud", None) or simulator.baud
        if getattr(ends, "udp", None):
            return f"udp://{host}:52381", End(simulator, "udp")
        if getattr(ends, "tcp", None):
            return f"tcp://{host}:1", End(simulator, "tcp")
        return f"serial:///{host}?baud={baud}", End(simulator, "serial", baud)

    async def dial(self, address: Address, receiver: Receiver) -> Stream:
        await asyncio.sleep(0)
        return self.ends[address].dial(receiver)


@dataclass(eq=False)
class Demo:
    """The demo site with its rooms as they really are."""

    site: Site
    real: simulated.Rooms
    lines: Lines
    clock: Clock

    def room(self, name: str) -> tuple[Room, simulated.Room]:
        return self.site.rooms[name], self.real[name]

    async def until_up(self, room: str, seconds: float = 30.0) -> None:
        """Until every device of the room has been greeted."""
        await _until_up(self.site.rooms[room], seconds)


@contextlib.asynccontextmanager
async def demo(
    *, seed: int = 0, only: str | None = None, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Demo]:
    """The demo site, its lines kept up. ``only``: one of its rooms."""
    real = simulated.Rooms.load(DEMO / "simulators.yaml", seed=seed)
    lines = Lines(real)
    clock = Clock(rng=Random(seed))
    site = open_site(DEMO, clock, addresses=lines.addresses, dialler=lines.dial)
    if only:
        site.rooms = {only: site.rooms[only]}
    ticking = asyncio.create_task(_tick(real))
    try:
        async with site:
            yield Demo(site, real, lines, clock)
    finally:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)


@dataclass(eq=False)
class Bench:
    """A room of a file, with a simulator behind each of its devices."""

    room: Room
    devices: dict[str, Simulator]
    ends: dict[str, End]

    async def until_up(self, seconds: float = 30.0) -> None:
        await _until_up(self.room, seconds)


@contextlib.asynccontextmanager
async def bench(
    path: Path, seed: int = 0, models: Mapping[str, tuple[str, Mapping[str, Any]]] | None = None
) -> AsyncIterator[Bench]:
    """The room of a file, its lines kept up; simulators of the drivers' default models.

    ``models``: other models and their options, by device.
    """
    plan = read_room(path)
    clock = Clock(rng=Random(seed))
    devices: dict[str, Simulator] = {}
    default: tuple[None, dict[str, Any]] = (None, {})
    for name, part in plan.file.devices.items():
        model, options = (models or {}).get(name, default)
        devices[name] = simulator(part.driver)(model, rng=Random(f"{seed}/{name}"), **options)
    ends = {
        name: End(devices[name], parse_address(part.url).scheme)
        for name, part in plan.file.devices.items()
    }
    by_address = {parse_address(part.url): ends[name] for name, part in plan.file.devices.items()}

    async def dial(address: Address, receiver: Receiver) -> Stream:
        await asyncio.sleep(0)
        return by_address[address].dial(receiver)

    async with Room(plan, clock, dialler=dial) as room:
        yield Bench(room, devices, ends)


async def _until_up(room: Room, seconds: float) -> None:
    changed = asyncio.Event()
    leave = room.subscribe(lambda room, change: changed.set())
    async with asyncio.timeout(seconds):
        while not all(device.up for device in room.devices.values()):
            changed.clear()
            await changed.wait()
    leave()


async def _tick(rooms: simulated.Rooms) -> None:
    while True:
        for room in rooms.values():
            room.refresh()
        await asyncio.sleep(TICK)
