"""A seed's world: a part of a room of the demo site, scenes, and all that happens, each at its time or moment.

A world is data: made of one `Random(seed)`, before anything runs, and printed as it is.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from avctl.blueprint import Blueprint, read_room
from avctl.config import RoomFile, read_document
from avctl.device import DriverSettings
from avctl.names import Names
from avctl.playbook import Playbook
from avctl.registry import driver
from hw_sim.faults import FAULTS
from hw_sim.room.file import RoomPlan, SitePlan, read
from tests.campaign import scenery

DEMO = Path(__file__).parents[2] / "examples" / "demo"
ROOMS = {"19": "room-19.yaml", "17": "room-17.yaml", "annex-6": "annex-6.yaml"}
PASSWORD = "AVCTL_HALL_WALL_PASSWORD"  # the variable that the demo's walls have it in

COST = {"visca": 2, "extron_sis": 2, "biamp_ttp": 2, "coriomaster": 3}  # of a device, in wall time
NEIGHBOURS = 0.2  # of the worlds are run twice, with and without their faults


class Moment(StrEnum):
    """When something happens to a device: at a time, or at a moment of a step of its."""

    TIME = "at a time"
    BEFORE_SEND = "before send"
    SENT = "between sending and ACK"
    ANSWERED = "between ACK and effect"
    EFFECT = "after the effect"
    READ_BACK = "during the read-back"
    RETURN = "during the return"


@dataclass(frozen=True)
class Tap:
    at: float
    scene: str


@dataclass(frozen=True)
class Hand:
    """A single point set by hand."""

    at: float
    target: str
    word: str
    said: Any


@dataclass(frozen=True)
class Drive:
    """A camera driven by hand, and stopped after ``seconds``."""

    at: float
    camera: str
    pan: float
    seconds: float


@dataclass(frozen=True)
class Break:
    """A fault of a device or its line; ``times`` strikes, or ``seconds``."""

    at: float  # from then on, where there is a moment to wait for
    device: str
    name: str  # of the fault, or "reboot"
    moment: Moment
    value: float | None = None
    times: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Press:
    """Somebody at the device itself."""

    at: float
    device: str
    action: str
    moment: Moment
    arguments: Mapping[str, Any] = field(default_factory=dict)


Event = Tap | Hand | Drive | Break | Press


@dataclass(frozen=True)
class World:
    seed: int
    room: str
    devices: tuple[str, ...]
    scenes: Mapping[str, Any]  # as a room file has them
    options: Mapping[str, Mapping[str, Any]]  # of the simulators
    events: tuple[Event, ...]
    neighbours: bool  # run twice, and the healthy devices compared

    @property
    def faulty(self) -> frozenset[str]:
        return frozenset(event.device for event in self.events if isinstance(event, Break))


@cache
def demo_room(room: str) -> tuple[Blueprint, RoomPlan]:
    """A room of the demo as the product and as the simulators know it."""
    before = os.environ.get(PASSWORD)
    os.environ[PASSWORD] = "adminpw"
    try:
        return read_room(DEMO / ROOMS[room]), _site().rooms[room]
    finally:
        if before is None:
            del os.environ[PASSWORD]
        else:
            os.environ[PASSWORD] = before


@cache
def _site() -> SitePlan:
    return read(DEMO / "simulators.yaml")


@cache
def _document(room: str) -> Any:
    return read_document(DEMO / ROOMS[room])


def make_world(seed: int) -> World:
    rng = Random(seed)
    room = rng.choice(sorted(ROOMS))
    plan, _ = demo_room(room)
    devices = _some_devices(rng, plan)
    file = part_of(plan.file, devices)
    neighbours = rng.random() < NEIGHBOURS and len(devices) > 1
    scenes = scenery.scenes(rng, file, plan.settings, plain=neighbours)
    taps = _taps(rng, file, plan, scenes, neighbours)
    last = max(tap.at for tap in taps)
    blows = [_break(rng, device, last) for device in _victims(rng, devices, neighbours)]
    blows += _let_return(rng, devices, scenes, blows) if not neighbours else []
    presses = [
        press
        for _ in range(rng.choice((0, 0, 1, 1, 2)))
        if (press := _press(rng, rng.choice(devices), plan, last))
    ]
    events = tuple(sorted((*taps, *blows, *presses), key=lambda event: event.at))
    options = {device: _options(rng, plan.file.devices[device].driver) for device in devices}
    return World(seed, room, devices, scenes, options, events, neighbours)


def part_of(file: RoomFile, devices: tuple[str, ...]) -> RoomFile:
    """The room with some of its devices, and what is called after them."""

    def there(things: Mapping[str, Any]) -> dict[str, Any]:
        return {name: thing for name, thing in things.items() if thing.device in devices}

    return file.model_copy(
        update={
            "devices": {name: file.devices[name] for name in devices},
            "sources": there(file.sources),
            "destinations": there(file.destinations),
            "microphones": there(file.microphones),
            "pairs": {},
            "safe": None,
            "roles": {},
            "library": False,
            "scenes": {},
        }
    )


def product(world: World) -> Blueprint:
    """The room file of a world, as the product reads it."""
    plan, _ = demo_room(world.room)
    file = part_of(plan.file, world.devices)
    file = file.model_copy(update={"scenes": scenery.files(world.scenes)})
    names = Names(file, {name: driver(part.driver) for name, part in file.devices.items()})
    settings = {name: _measured(plan.settings[name], world.options[name]) for name in world.devices}
    return Blueprint(file, settings, names, Playbook(_document(world.room), file, names))


def _measured(settings: DriverSettings, options: Mapping[str, Any]) -> DriverSettings:
    """What is to be measured on site, as somebody has measured it here."""
    if "settle_seconds" not in options:
        return settings
    return settings.model_copy(update={"settle_time": options["settle_seconds"] + 0.1})


def reality(world: World) -> SitePlan:
    """The same room as the simulators are told of it."""
    _, room = demo_room(world.room)
    gone = room.devices.keys() - set(world.devices)

    def stays(end: str) -> bool:
        return end.split()[0] not in gone

    devices = {
        name: room.devices[name].model_copy(
            update={"options": {**room.devices[name].options, **world.options[name]}}
        )
        for name in world.devices
    }
    part = room.model_copy(
        update={
            "devices": devices,
            "cables": [cable for cable in room.cables if stays(cable.source) and stays(cable.to)],
            "microphones": {
                name: held for name, held in room.microphones.items() if stays(held.plugged)
            },
        }
    )
    return SitePlan.model_construct(rooms={world.room: part})


# The dice.


def _some_devices(rng: Random, plan: Blueprint) -> tuple[str, ...]:
    names = [name for name, part in plan.file.devices.items() if part.driver in COST]
    rng.shuffle(names)
    budget, chosen = rng.choice((3, 4, 5, 7)), set()
    for name in names:
        budget -= COST[plan.file.devices[name].driver]
        chosen.add(name)
        if budget <= 0:
            break
    return tuple(name for name in plan.file.devices if name in chosen)


def _taps(
    rng: Random, file: RoomFile, plan: Blueprint, scenes: Mapping[str, Any], plain: bool
) -> list[Tap | Hand | Drive]:
    at, taps = 0.1 + round(rng.uniform(0, 1), 3), list[Tap | Hand | Drive]()
    cameras = [name for name, part in file.devices.items() if part.driver == "visca"]
    for _ in range(rng.choice((1, 2, 2, 3, 3, 4, 5))):
        roll = rng.random()
        if roll < 0.72 or plain:
            taps.append(Tap(at, rng.choice(list(scenes))))
        elif roll < 0.87 or not cameras:
            taps.append(Hand(at, *scenery.one_want(rng, file, plan.settings)))
        else:
            seconds = round(rng.uniform(0.05, 1.5), 3)
            taps.append(Drive(at, rng.choice(cameras), round(rng.uniform(-1, 1), 2), seconds))
        at += round(rng.choice((rng.uniform(0, 0.3), rng.uniform(0, 1), rng.uniform(1, 4))), 3)
    return taps


def _victims(rng: Random, devices: tuple[str, ...], neighbours: bool) -> list[str]:
    if neighbours:
        return [rng.choice(devices)] * rng.choice((1, 2))
    return [rng.choice(devices) for _ in range(rng.choice((0, 1, 1, 2, 2, 3, 4)))]


def _break(rng: Random, device: str, last: float) -> Break:
    moment = rng.choice(list(Moment))
    at = round(rng.uniform(0, last + 1.5), 3) if moment is Moment.TIME else 0.0
    name = rng.choice((*FAULTS, "reboot"))
    if name == "reboot":
        return Break(at, device, name, moment)
    value = {
        "late": round(rng.uniform(0.05, 3), 2),
        "lost": round(rng.uniform(0.1, 1), 2),
        "garbled": round(rng.uniform(0.005, 0.1), 3),
        "coalesced": round(rng.uniform(0.05, 0.6), 2),
        "flood": float(rng.randrange(1000, 12000)),
        "busy": round(rng.uniform(0.2, 6), 1),
    }.get(name)
    if rng.random() < 0.35 and name not in ("cut", "half_open", "flood"):
        return Break(at, device, name, moment, value, times=rng.choice((1, 1, 2, 3)))
    longest = 2.0 if name == "flood" else rng.choice((0.3, 2.0, 8.0))
    return Break(at, device, name, moment, value, seconds=round(rng.uniform(0.02, longest), 3))


def _let_return(
    rng: Random, devices: tuple[str, ...], scenes: dict[str, Any], blows: list[Break]
) -> list[Break]:
    """Where something is to happen during a return, let there be one: a device refuses, and scenes go back."""
    waiting = [blow.device for blow in blows if blow.moment is Moment.RETURN]
    others = [device for device in devices if device not in waiting]
    if not waiting or not others:
        return []
    for scene in scenes.values():
        scene["on_failure"] = "return"
    return [Break(0.0, rng.choice(others), "refuses", Moment.BEFORE_SEND, seconds=4.0)]


def _press(rng: Random, device: str, plan: Blueprint, last: float) -> Press | None:
    pressed = scenery.press(rng, device, plan.file)
    if pressed is None:
        return None
    moment = rng.choice(list(Moment))
    at = round(rng.uniform(0, last + 3), 3) if moment is Moment.TIME else 0.0
    return Press(at, device, pressed[0], moment, pressed[1])


def _options(rng: Random, driver: str) -> dict[str, Any]:
    """How this one differs from the next of its kind."""
    boot = round(rng.uniform(1, 6), 1)
    match driver:
        case "visca":
            return {"boot_s": boot, "power_on_s": round(rng.uniform(0.5, 2), 1)}
        case "extron_sis":
            return {"boot_seconds": boot}
        case "biamp_ttp":
            lag = rng.choice((0.0, 0.02, 0.2))
            return {"boot_seconds": boot, "publish_lag": lag, "forgets_values": rng.random() < 0.5}
    settle = round(rng.uniform(0.2, 4), 1)
    reads = rng.choice(("delayed", "old", "mixed"))
    return {"boot_seconds": boot, "settle_seconds": settle, "reads_while_settling": reads}
