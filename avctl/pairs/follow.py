"""The backup microphone's fader follows main's, so that a changeover is not heard."""

import contextlib

from avctl.capabilities.mixer import SILENT, Fader
from avctl.errors import TakeError
from avctl.pair import Fitness, Side
from avctl.pairs.standing import Pair, Stage, reported
from avctl.points import Point


def follow(stage: Stage, pair: Pair, device: str, point: Point) -> None:
    """``point`` of ``device`` was reported to be new: set the backup so where it is main's, in use, and well."""
    names, microphones = stage.names, stage.file.microphones
    main = microphones[names.in_use(pair.file.main)]
    if (main.device, Fader(main.channel)) != (device, point):
        return
    level, before = reported(stage, device, point), pair.level
    pair.level = level
    if level is None or level <= SILENT or before is None or pair.is_changing_over:
        return
    if pair.watch.active is not Side.MAIN or pair.health[Side.MAIN].fitness is not Fitness.WELL:
        return
    backup = names.in_use(pair.file.backup)
    there = microphones[backup]
    if not stage.is_wanted(there.device, Fader(there.channel)):
        with contextlib.suppress(TakeError):  # what runs there is stronger
            stage.set(backup, "fader", level, by=f"follows {pair.file.main}")
