"""A seed's world: a part of a room, scenes, and all that happens.

A world is data: made of chance alone, before anything runs, and printed as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from typing import Any

from avctl.blueprint import Blueprint
from avctl.config import RoomFile
from hw_sim.faults import FAULTS
from tests.campaign import changeovers, scenery
from tests.campaign.events import (
    OF_A_RETURN,
    Break,
    Drive,
    Event,
    Hand,
    Letting,
    Moment,
    Press,
    Store,
    Tap,
)
from tests.campaign.site import CHAIN, DEMO_ROOMS, HALL, part_of, the_room

COST = {"visca": 2, "extron_sis": 2, "biamp_ttp": 2, "coriomaster": 3}  # of a device, in wall time
NEIGHBOURS = 0.2  # of the worlds are run twice, with and without their faults
RETURNS = 0.2  # of the worlds have something happen during a return, whatever else does
PUT = "put"  # the scene that puts a window
STORES = 0.12  # of the worlds have somebody read the room back


class Flavour(StrEnum):
    """What a world is about."""

    DEMO = "a part of a room of the demo"
    LINE = "cameras that share a line"
    RADIO = "wireless receivers"
    PAIRS = "main and backup"


SHARES = {Flavour.DEMO: 0.7, Flavour.LINE: 0.09, Flavour.RADIO: 0.06, Flavour.PAIRS: 0.15}


@dataclass(frozen=True)
class World:
    seed: int
    room: str
    devices: tuple[str, ...]
    scenes: Mapping[str, Any]  # as a room file has them
    options: Mapping[str, Mapping[str, Any]]  # of the simulators
    events: tuple[Event, ...]
    neighbours: bool  # run twice, and the healthy devices compared
    pairs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # how they are armed
    flavour: Flavour = Flavour.DEMO

    @property
    def faulty(self) -> frozenset[str]:
        return frozenset(event.device for event in self.events if isinstance(event, Break))


def make_world(seed: int) -> World:
    more = Random(f"{seed}/more")
    flavour = more.choices(list(SHARES), list(SHARES.values()))[0]
    rng = Random(seed)
    if flavour is Flavour.PAIRS:
        world = _with_pairs(seed, rng)
    elif flavour is Flavour.DEMO:
        world = _of_the_demo(seed, rng)
    else:
        world = _of_the_hall(seed, rng, flavour)
    return _with_more(more, world)


def _of_the_demo(seed: int, rng: Random) -> World:
    room = rng.choice(sorted(DEMO_ROOMS))
    plan, _ = the_room(room)
    devices = _some_devices(rng, plan)
    neighbours = rng.random() < NEIGHBOURS and len(devices) > 1
    return _usual(seed, rng, room, devices, neighbours)


def _of_the_hall(seed: int, rng: Random, flavour: Flavour) -> World:
    if flavour is Flavour.LINE:
        devices = CHAIN[: rng.choice((2, 3))] + rng.choice(((), (), ("selector",)))
    else:
        devices = ("wireless", *rng.choice(((), ("mixer",), ("mixer", "selector"))))
    plan, _ = the_room(HALL)
    ordered = tuple(name for name in plan.file.devices if name in devices)
    world = _usual(seed, rng, HALL, ordered, neighbours=False)
    return replace(world, flavour=flavour)


def _usual(seed: int, rng: Random, room: str, devices: tuple[str, ...], neighbours: bool) -> World:
    plan, _ = the_room(room)
    file = part_of(plan.file, devices)
    scenes = scenery.scenes(rng, file, plan.settings, plain=neighbours)
    taps = _taps(rng, file, plan, scenes, neighbours)
    last = max(tap.at for tap in taps)
    blows = [_break(rng, device, last) for device in _victims(rng, devices, neighbours)]
    blows += _let_return(rng, devices, scenes, blows) if not neighbours else []
    presses = _presses(rng, devices, plan, last)
    events = tuple(sorted((*taps, *blows, *presses), key=lambda event: event.at))
    return World(seed, room, devices, scenes, _options_of(rng, plan, devices), events, neighbours)


def _with_pairs(seed: int, rng: Random) -> World:
    plan, _ = the_room(HALL)
    devices, pairs = changeovers.parts(rng, plan.file)
    file = part_of(plan.file, devices, tuple(pairs))
    scenes = {
        changeovers.OPEN: changeovers.open_scene(file),
        **scenery.scenes(rng, file, plan.settings, plain=False),
    }
    events = changeovers.events(rng, file, plan.settings, scenes)
    last = max(event.at for event in events)
    blows: list[Event] = [_break(rng, each, last) for each in _victims(rng, devices, False)]
    presses = _presses(rng, devices, plan, last)
    return World(
        seed,
        HALL,
        devices,
        scenes,
        _options_of(rng, plan, devices),
        tuple(sorted((*events, *blows, *presses), key=lambda event: event.at)),
        neighbours=False,
        pairs=pairs,
        flavour=Flavour.PAIRS,
    )


def _with_more(more: Random, world: World) -> World:
    """How hands let go, faults during a return, and the room read back."""
    last = max(event.at for event in world.events)
    if not world.neighbours:
        world = _over_each_other(more, world, last)
    events = list(world.events)
    returning = not world.neighbours and len(world.devices) > 1 and more.random() < RETURNS
    if returning:
        events += _returns(more, world)
    if more.random() < STORES and not world.neighbours:
        events.append(Store(round(more.uniform(0.5, last + 2), 3)))
    if not world.neighbours:
        events += _deaf_to_stops(more, events)
    for number, event in enumerate(events):
        if isinstance(event, Drive):
            events[number] = replace(event, lets=more.choice(list(Letting)))
        elif isinstance(event, Break) and event.moment is Moment.RETURN:
            events[number] = replace(event, within=more.choice(OF_A_RETURN))
    return replace(world, events=tuple(sorted(events, key=lambda event: event.at)))


def _over_each_other(more: Random, world: World, last: float) -> World:
    """A wall's window is put to what it has shown, while a layout that shows something else there is on its way."""
    plan, _ = the_room(world.room)
    walls = [name for name in world.devices if plan.file.devices[name].layouts]
    if not walls or more.random() < 0.5:
        return world
    settings: Any = plan.settings[walls[0]]
    before, after = more.sample(sorted(settings.windows_of), 2)
    shown, shows = (settings.windows_of[layout] for layout in (before, after))
    turned = [number for number, source in shown.items() if shows.get(number) != source]
    put = {turned[0]: shown[turned[0]]} if turned else {1: more.choice(scenery.SOCKETS)}
    scenes = {**world.scenes, PUT: {"want": {walls[0]: {"windows": put}}, "deadline": 3.0}}
    at = round(more.uniform(0.3, last + 1), 3)
    then = round(at + more.uniform(3, 6), 3)
    events = (
        *world.events,
        Hand(at, walls[0], "layout", before),
        Hand(then, walls[0], "layout", after),
        Tap(round(then + more.uniform(0.02, 1), 3), PUT),
    )
    return replace(world, scenes=scenes, events=events)


def _deaf_to_stops(more: Random, events: list[Event]) -> list[Event]:
    """Cameras that hear nothing when a hand lets them go, driven so slowly that they do not end by themselves."""
    blows: list[Event] = []
    for number, event in enumerate(events):
        if isinstance(event, Drive) and more.random() < 0.4:
            slow = replace(event, pan=round(more.choice((-1, 1)) * more.uniform(0.02, 0.15), 3))
            events[number] = slow
            at = round(max(0.0, event.at + event.seconds - more.uniform(0, 0.2)), 3)
            name = more.choice(("refuses", "ignores", "busy", "lost", "mute", "cut"))
            seconds = round(more.uniform(0.3, 4), 3)
            blows.append(Break(at, event.camera, name, Moment.TIME, seconds=seconds))
    return blows


def _returns(more: Random, world: World) -> list[Event]:
    """Scenes go back, because one device refuses; meanwhile the others have their faults."""
    for scene in world.scenes.values():
        scene["on_failure"] = "return"
    refusing = more.choice(world.devices)
    others = [device for device in world.devices if device != refusing]
    blows: list[Event] = [Break(0.0, refusing, "refuses", Moment.BEFORE_SEND, seconds=6.0)]
    for _ in range(more.choice((1, 2, 3))):
        blow = _break(more, more.choice(others), 0.0)
        blows.append(replace(blow, at=0.0, moment=Moment.RETURN))
    return blows


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


def _presses(rng: Random, devices: tuple[str, ...], plan: Blueprint, last: float) -> list[Press]:
    return [
        press
        for _ in range(rng.choice((0, 0, 1, 1, 2)))
        if (press := _press(rng, rng.choice(devices), plan, last))
    ]


def _press(rng: Random, device: str, plan: Blueprint, last: float) -> Press | None:
    pressed = scenery.press(rng, device, plan.file)
    if pressed is None:
        return None
    moment = rng.choice(list(Moment))
    at = round(rng.uniform(0, last + 3), 3) if moment is Moment.TIME else 0.0
    return Press(at, device, pressed[0], moment, pressed[1])


def _options_of(
    rng: Random, plan: Blueprint, devices: tuple[str, ...]
) -> dict[str, dict[str, Any]]:
    return {device: _options(rng, plan.file.devices[device].driver) for device in devices}


def _options(rng: Random, driver: str) -> dict[str, Any]:
    """How this one differs from the next of its kind."""
    boot = round(rng.uniform(1, 6), 1)
    match driver:
        case "visca":
            return {"boot_s": boot, "power_on_s": round(rng.uniform(0.5, 2), 1)}
        case "extron_sis" | "shure":
            return {"boot_seconds": boot}
        case "biamp_ttp":
            lag = rng.choice((0.0, 0.02, 0.2))
            return {"boot_seconds": boot, "publish_lag": lag, "forgets_values": rng.random() < 0.5}
    settle = round(rng.uniform(0.2, 4), 1)
    reads = rng.choice(("delayed", "old", "mixed"))
    return {"boot_seconds": boot, "settle_seconds": settle, "reads_while_settling": reads}
