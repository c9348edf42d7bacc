"""Changing over a pair: the scene that does it, by what the pair is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from avctl.capabilities.mixer import SILENT, CrossFade, Fader, Mute
from avctl.capabilities.router import Layer, Output, Signal
from avctl.config import MicrophoneFile, PairFile, RoomFile
from avctl.device import Device
from avctl.names import Names
from avctl.pair import Side
from avctl.playbook import wants_of
from avctl.points import Point
from avctl.scenes.scene import Kind, OnFailure, Order, Priority, Reaction, Scene, Scope, Want

DEADLINE = 6.0  # seconds; a command that is lost costs two, and a new connection


class Made(Enum):
    """What a pair is made of."""

    MICROPHONES = "microphones"
    SOURCES = "sources"
    DEVICES = "devices"


def made_of(room: RoomFile, pair: PairFile) -> Made:
    """Raises ValueError."""
    sides = {pair.main, pair.backup}
    if pair.mirror and not sides <= room.devices.keys():
        raise ValueError(f"mirror: {pair.main} and {pair.backup} are not two devices")
    if pair.mirror:
        return Made.DEVICES
    if sides <= room.microphones.keys():
        return Made.MICROPHONES
    if sides <= room.sources.keys():
        return Made.SOURCES
    if sides <= room.devices.keys() | room.pairs.keys():
        return Made.DEVICES
    raise ValueError(f"{pair.main} and {pair.backup} are not two microphones, sources or devices")


@dataclass(frozen=True, slots=True)
class Situation:
    """What a changeover has to go by: the names, the devices, and whether the side that is left still lives."""

    room: RoomFile
    names: Names
    devices: Mapping[str, Device]
    left_is_alive: bool = True
    titles: Mapping[str, str] = field(default_factory=dict)

    def reported(self, device: str, point: Point) -> object:
        reading = self.devices[device].state.get(point)
        return reading.value if reading else None


def changeover(at: Situation, name: str, to: Side) -> Scene:
    """The scene that takes a pair to a side. A side that still lives is left without a gap, and undone on failure."""
    pair = at.room.pairs[name]
    new, old = (pair.backup, pair.main) if to is Side.BACKUP else (pair.main, pair.backup)
    match made_of(at.room, pair):
        case Made.MICROPHONES:
            wants = tuple(_microphones(at, name, new, old))
        case Made.SOURCES:
            wants = tuple(_sources(at, name, new, old))
        case Made.DEVICES:
            words = pair.to_backup if to is Side.BACKUP else pair.to_main
            wants = tuple(wants_of(at.names, "want", words, Kind.SET))
    title = pair.title.model_dump() if pair.title else {"zh": name, "en": name}
    side = {"zh": "备用" if to is Side.BACKUP else "主用", "en": str(to)}
    return Scene(
        f"{name} to {to}",
        {"zh": f"{title['zh']}切至{side['zh']}", "en": f"{title['en']} to {side['en']}"},
        DEADLINE,
        wants,
        on_failure=OnFailure(_reaction(at, pair)),
        priority=Priority.EMERGENCY,
        scope=Scope.POINTS,  # another pair may be changing over on the same device
        # Only the way back needs to know what was before; where nobody is heard, a look costs silence.
        looks_first=_reaction(at, pair) is Reaction.RETURN,
    )


def _reaction(at: Situation, pair: PairFile) -> Reaction:
    """Microphones have a retreat of their own: a cross-fade moves a fader that the way back does not know."""
    if not at.left_is_alive or made_of(at.room, pair) is Made.MICROPHONES:
        return Reaction.GO_ON
    return Reaction.RETURN


def retreat(at: Situation, name: str, to: Side) -> Scene | None:
    """What undoes a changeover of living microphones ``to`` a side, from wherever it got stuck."""
    pair = at.room.pairs[name]
    if not at.left_is_alive or made_of(at.room, pair) is not Made.MICROPHONES:
        return None
    new, old = (pair.backup, pair.main) if to is Side.BACKUP else (pair.main, pair.backup)
    into, out_of = at.room.microphones[new], at.room.microphones[old]
    wants = (
        *_again(at, old, out_of, ()),
        *_again(at, new, into, (old,)),
    )
    return Scene(
        f"return from {name} to {to}",
        {"zh": f"还原：{name}", "en": f"Return from {name} to {to}"},
        DEADLINE,
        wants,
        priority=Priority.EMERGENCY,
        scope=Scope.POINTS,
        looks_first=False,
    )


def _again(
    at: Situation, target: str, channel: MicrophoneFile, after: tuple[str, ...]
) -> Iterator[Want]:
    """The channel as it is reported now."""
    mute, fader = Mute(channel.channel), Fader(channel.channel)
    closed, level = (at.reported(channel.device, point) for point in (mute, fader))
    if isinstance(closed, bool):
        yield Want(target, mute.word, closed, channel.device, mute, closed, Order(after))
    if isinstance(level, float):
        # Not on the way of a microphone that is to be closed: its level waits until it is.
        later = (*after, target) if closed else after
        name = f"{target} level" if closed else target
        yield Want(name, fader.word, level, channel.device, fader, level, Order(later))


def _microphones(at: Situation, name: str, new: str, old: str) -> Iterator[Want]:
    into, out_of = at.room.microphones[new], at.room.microphones[old]
    level = at.reported(out_of.device, Fader(out_of.channel))
    if not isinstance(level, float) or level <= SILENT:
        level = Fader.parse(into.level)
    closed = at.reported(out_of.device, Mute(out_of.channel)) is True

    def want(target: str, word: str, device: str, point: Point, value: object, *after: str) -> Want:
        return Want(target, word, value, device, point, value, Order(after))

    fade = at.left_is_alive and not closed and into.device == out_of.device
    fader = Fader(into.channel)
    if not at.left_is_alive and Fader.is_right(at.reported(into.device, fader), level):
        # It has followed main's level: it is opened at once, and its level made sure of after.
        yield want(new, "muted", into.device, Mute(into.channel), closed)
        yield want(name, "fader", into.device, fader, level, new)
        yield want(old, "muted", out_of.device, Mute(out_of.channel), True, new)
        return
    start = SILENT if fade else level
    yield want(new, "fader", into.device, Fader(into.channel), start)
    yield want(new, "muted", into.device, Mute(into.channel), closed)
    if fade:
        point = CrossFade(into.channel, out_of.channel)
        yield want(name, point.word, into.device, point, level, new)
    yield want(old, "muted", out_of.device, Mute(out_of.channel), True, name if fade else new)


def _sources(at: Situation, name: str, new: str, old: str) -> Iterator[Want]:
    into, out_of = at.room.sources[new], at.room.sources[old]
    signal = Signal(into.input)
    proved = at.left_is_alive and at.reported(into.device, signal) is not None
    if proved:
        yield Want(name, "signal", True, into.device, signal, True, kind=Kind.CHECK)
    for target, to in at.room.destinations.items():
        for layer in map(Layer, to.layers):
            output = Output(to.output, layer)
            if to.device == out_of.device and at.reported(to.device, output) == out_of.input:
                order = Order((name,) if proved else ())
                yield Want(target, "source", new, to.device, output, into.input, order)
