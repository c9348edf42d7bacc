"""The backup microphone's fader follows main's, so that a changeover is not heard."""

import contextlib

from avctl.capabilities.mixer import SILENT, Fader, Mute
from avctl.errors import TakeError
from avctl.pair import Fitness, Side
from avctl.pairs.standing import Pair, Stage, reported
from avctl.points import Point


def follow(stage: Stage, pair: Pair, device: str, point: Point) -> None:
    """``point`` of ``device`` was reported to be new: set the backup so where it is main's, in use, and well."""
    names = stage.names
    main = stage.file.microphones[names.in_use(pair.file.main)]
    if (main.device, Fader(main.channel)) != (device, point):
        return
    level, before = reported(stage, device, point), pair.level
    pair.level = level
    if level is None or level <= SILENT or before is None or pair.is_changing_over:
        return
    if pair.watch.active is not Side.MAIN or pair.health[Side.MAIN].fitness is not Fitness.WELL:
        return
    _set(stage, pair, Side.BACKUP, level)


def level_the_other(stage: Stage, pair: Pair) -> None:
    """After a cross-fade: the side that was left is closed, and made ready to be changed over to again."""
    other, level = pair.watch.active.other, pair.settled
    channel = stage.file.microphones[stage.names.in_use(pair.side(other))]
    is_closed = reported(stage, channel.device, Mute(channel.channel)) is True
    stands = reported(stage, channel.device, Fader(channel.channel))
    is_down = isinstance(stands, float) and stands <= SILENT
    if is_closed and is_down and level is not None and level > SILENT:
        _set(stage, pair, other, level)


def _set(stage: Stage, pair: Pair, side: Side, level: float) -> None:
    name = stage.names.in_use(pair.side(side))
    there = stage.file.microphones[name]
    if not stage.is_wanted(there.device, Fader(there.channel)):
        with contextlib.suppress(TakeError):  # what runs there is stronger
            stage.set(name, "fader", level, by=f"follows {pair.side(side.other)}")
