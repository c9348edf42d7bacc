"""Changing over a pair: the scene that does it, by what the pair is made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from avctl.capabilities.mixer import SILENT, CrossFade, Fader, Mute
from avctl.capabilities.router import Layer, Output, Signal
from avctl.config import PairFile, RoomFile
from avctl.device import Device
from avctl.errors import LinkDownError, RefusedError
from avctl.names import Names
from avctl.pair import Side
from avctl.playbook import Words, wants_of
from avctl.points import Point
from avctl.scenes.scene import (
    Kind,
    OnFailure,
    Order,
    Priority,
    Reaction,
    Retreat,
    Scene,
    Scope,
    Want,
)

PATIENCE = 4.0  # seconds that undoing it waits for a line that is lost
AGAIN_AFTER = (LinkDownError, RefusedError)  # where main is dead nothing is lost by trying again


class Made(Enum):
    """What a pair is made of."""

    MICROPHONES = "microphones"
    SOURCES = "sources"
    DEVICES = "devices"


def made_of(room: RoomFile, pair: PairFile) -> Made:
    """Raises ValueError."""
    if pair.mirror and not {pair.main, pair.backup} <= room.devices.keys():
        raise ValueError(f"mirror: {pair.main} and {pair.backup} are not two devices")
    main, backup = (leaves(room, side) for side in (pair.main, pair.backup))
    if shared := set(main) & set(backup):
        raise ValueError(f"{', '.join(sorted(shared))}: main and backup at once")
    sides = {*main, *backup}
    if pair.mirror and (pair.to_backup or not sides <= room.sources.keys()):
        return Made.DEVICES
    if pair.to_backup and sides & room.pairs.keys() | {pair.main, pair.backup} & room.pairs.keys():
        return Made.DEVICES
    if sides <= room.microphones.keys():
        return Made.MICROPHONES
    if sides <= room.sources.keys():
        return Made.SOURCES
    if sides <= room.devices.keys() or pair.to_backup:
        return Made.DEVICES
    raise ValueError(f"{pair.main} and {pair.backup} are not two microphones, sources or devices")


def leaves(room: RoomFile, name: str, inside: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The name itself, or what a pair holds, through pairs in it. Raises ValueError where that never ends."""
    if name in inside:
        raise ValueError(f"{name} holds itself")
    if name not in room.pairs:
        return (name,)
    pair, here = room.pairs[name], (*inside, name)
    return (*leaves(room, pair.main, here), *leaves(room, pair.backup, here))


@dataclass(frozen=True, slots=True)
class Situation:
    """What a changeover has to go by."""

    room: RoomFile
    names: Names
    devices: Mapping[str, Device]
    left_is_alive: bool = True
    level: float | None = None  # dB that is heard in the end, where a cross-fade is under way

    def reported(self, device: str, point: Point) -> object:
        reading = self.devices[device].state.get(point)
        return reading.value if reading else None

    def sides(self, name: str, to: Side) -> tuple[str, str]:
        """The side that is changed over to and the one that is left; of a pair in it, the one in use."""
        pair = self.room.pairs[name]
        main, backup = self.names.in_use(pair.main), self.names.in_use(pair.backup)
        return (backup, main) if to is Side.BACKUP else (main, backup)


def changeover(at: Situation, name: str, to: Side) -> Scene:
    """The scene that takes a pair to a side. A side that still lives is left without a gap, and undone on failure."""
    pair = at.room.pairs[name]
    new, old = at.sides(name, to)
    made = made_of(at.room, pair)
    match made:
        case Made.MICROPHONES:
            wants = tuple(_microphones(at, name, new, old))
        case Made.SOURCES:
            wants = tuple(_sources(at, name, new, old))
        case Made.DEVICES:
            words = pair.to_backup if to is Side.BACKUP else pair.to_main
            wants = tuple(_devices(at, words, old))
    title = pair.title.model_dump() if pair.title else {"zh": name, "en": name}
    side = {"zh": "备用" if to is Side.BACKUP else "主用", "en": str(to)}
    # Microphones have a retreat of their own: a cross-fade moves a fader that the way back does not know.
    returns = at.left_is_alive and made is not Made.MICROPHONES
    retreats = at.left_is_alive and made is Made.MICROPHONES
    return Scene(
        f"{name} to {to}",
        {"zh": f"{title['zh']}切至{side['zh']}", "en": f"{title['en']} to {side['en']}"},
        pair.deadline,
        wants,
        on_failure=OnFailure(Reaction.RETURN if returns else Reaction.GO_ON),
        priority=Priority.CHANGEOVER,
        scope=Scope.POINTS,  # another pair may be changing over on the same device
        # Only the way back needs to know what was before; where nobody is heard, a look costs silence.
        looks_first=returns,
        again_after=(LinkDownError,) if at.left_is_alive else AGAIN_AFTER,
        retreats=(_retreat(at, name, new, old),) if retreats else (),
    )


def _devices(at: Situation, words: Words, old: str) -> Iterator[Want]:
    """What the room file says, but for what it wants of a device that is left and gone: nobody waits for that."""
    wants = tuple(wants_of(at.names, "want", words, Kind.SET))
    left_out = {want.target for want in wants if want.device == old and not at.devices[old].up}
    for want in wants:
        if want.target not in left_out:
            order = want.order
            yield replace(want, order=replace(
                order,
                after=tuple(name for name in order.after if name not in left_out),
                behind=tuple(name for name in order.behind if name not in left_out),
            ))  # fmt: skip


def _retreat(at: Situation, name: str, new: str, old: str) -> Retreat:
    """Both microphones as they are reported now: faded back from wherever it got stuck."""
    into, out_of = at.room.microphones[new], at.room.microphones[old]
    point, level = CrossFade(out_of.channel, into.channel), _level(at, new, old)
    if _fades(at, new, old):
        mute = Mute(out_of.channel)
        wants = (
            Want(old, mute.word, False, out_of.device, mute, False),
            Want(name, point.word, level, out_of.device, point, level, Order((old,))),
            *_again(at, new, None, (name,)),
        )
    else:
        wants = (*_again(at, old, at.level, ()), *_again(at, new, None, (old,)))
    # What it got stuck at may be its line, which is then dialled anew.
    patient = (replace(want, order=replace(want.order, patience=PATIENCE)) for want in wants)
    return Retreat(frozenset({name, new, old}), tuple(patient))


def _again(
    at: Situation, target: str, level: float | None, after: tuple[str, ...]
) -> Iterator[Want]:
    """The channel as it is reported now, or at ``level``."""
    channel = at.room.microphones[target]
    mute, fader = Mute(channel.channel), Fader(channel.channel)
    closed = at.reported(channel.device, mute)
    stands = at.reported(channel.device, fader) if level is None else level
    if isinstance(closed, bool):
        yield Want(target, mute.word, closed, channel.device, mute, closed, Order(after))
    if isinstance(stands, float):
        # Not on the way of a microphone that is to be closed: its level waits until it is.
        later = (*after, target) if closed else after
        name = f"{target} level" if closed else target
        yield Want(name, fader.word, stands, channel.device, fader, stands, Order(later))


def _level(at: Situation, new: str, old: str) -> float:
    """What the microphone that is left is heard at."""
    into, out_of = at.room.microphones[new], at.room.microphones[old]
    level = at.reported(out_of.device, Fader(out_of.channel)) if at.level is None else at.level
    return level if isinstance(level, float) and level > SILENT else Fader.parse(into.level)


def _fades(at: Situation, new: str, old: str) -> bool:
    """Whether one comes up as the other goes down: both at one mixer, and what is left is heard."""
    into, out_of = at.room.microphones[new], at.room.microphones[old]
    closed = at.reported(out_of.device, Mute(out_of.channel)) is True
    return at.left_is_alive and not closed and into.device == out_of.device


def _microphones(at: Situation, name: str, new: str, old: str) -> Iterator[Want]:
    into, out_of = at.room.microphones[new], at.room.microphones[old]
    level, fade = _level(at, new, old), _fades(at, new, old)
    closed = at.reported(out_of.device, Mute(out_of.channel)) is True

    def want(target: str, word: str, device: str, point: Point, value: object, *after: str) -> Want:
        return Want(target, word, value, device, point, value, Order(after))

    fader = Fader(into.channel)
    if not at.left_is_alive and Fader.is_right(at.reported(into.device, fader), level):
        # It has followed main's level: it is opened at once, and its level made sure of after.
        yield want(new, "muted", into.device, Mute(into.channel), closed)
        yield want(name, "fader", into.device, fader, level, new)
        yield want(old, "muted", out_of.device, Mute(out_of.channel), True, new)
        return
    point = CrossFade(into.channel, out_of.channel)
    yield want(new, "fader", into.device, fader, point.begins_at(level) if fade else level)
    yield want(new, "muted", into.device, Mute(into.channel), closed)
    if fade:
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
