"""Which side of a pair the room is seen to use."""

from collections.abc import Iterator, Mapping
from typing import Any

from avctl.capabilities.mixer import Fader, Mute
from avctl.capabilities.router import Layer, Output
from avctl.changeover import Made, leaves
from avctl.pair import Side
from avctl.pairs.standing import Pair, Stage, reported
from avctl.playbook import NO_TARGETS


def seen_in_use(stage: Stage, pair: Pair) -> Side | None:
    """The side that devices tell to be in use; None where they tell of both, of neither, or cannot."""
    main, backup = (_uses(stage, pair, side) for side in Side)
    if main is None or backup is None:
        if pair.made is not Made.DEVICES or (main is None and backup is None):
            return None
        # One way only is said to set something: where that is not so, it is the other side.
        return Side.MAIN if main or backup is False else Side.BACKUP
    if main is backup:
        return None
    return Side.MAIN if main else Side.BACKUP


def can_be_seen(pair: Pair) -> bool:
    """Whether devices tell at all which side is in use; else it is the one last changed over to."""
    return pair.made is not Made.DEVICES or bool(pair.file.to_main or pair.file.to_backup)


def level_in_use(stage: Stage, pair: Pair) -> float | None:
    """The fader of the microphone in use; None where it is not known, or there is none."""
    channel = stage.file.microphones.get(stage.names.in_use(pair.name))
    level = reported(stage, channel.device, Fader(channel.channel)) if channel else None
    return level if isinstance(level, float) else None


def _uses(stage: Stage, pair: Pair, side: Side) -> bool | None:
    name = pair.side(side)
    match pair.made:
        case Made.MICROPHONES:
            muted = list(_mutes(stage, name))
            return None if None in muted else not all(muted)
        case Made.SOURCES:
            return any(_is_shown(stage, leaf) for leaf in leaves(stage.file, name))
        case Made.DEVICES:
            words = pair.file.to_main if side is Side.MAIN else pair.file.to_backup
            left = stage.names.in_use(pair.side(side.other))
            return _stands(stage, words, left) if words else None


def _mutes(stage: Stage, name: str) -> Iterator[Any]:
    for leaf in leaves(stage.file, name):
        channel = stage.file.microphones[leaf]
        yield reported(stage, channel.device, Mute(channel.channel))


def _is_shown(stage: Stage, name: str) -> bool:
    source = stage.file.sources[name]
    return any(
        reported(stage, to.device, Output(to.output, Layer(layer))) == source.input
        for to in stage.file.destinations.values()
        if to.device == source.device
        for layer in to.layers
    )


def _stands(stage: Stage, words: Mapping[str, Mapping[str, Any]], left: str) -> bool:
    """Whether all is so; what a side that is left and gone has said last tells nothing of now."""
    told = [
        point.is_right(reported(stage, device, point.evidence), value)
        for target, said_of in words.items()
        for word, said in said_of.items()
        if word not in NO_TARGETS
        for device, point, value in stage.names.resolve(target, word, said)
        if device != left or stage.devices[device].up
    ]
    return bool(told) and all(told)
