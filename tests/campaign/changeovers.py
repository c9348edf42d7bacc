"""Worlds about main and backup: which pairs, and what happens to them."""

from collections.abc import Mapping
from random import Random
from typing import Any

from avctl.config import RoomFile
from avctl.pair import Side
from avctl.pairs import EMERGENCY
from tests.campaign import scenery
from tests.campaign.events import ChangeOver, Event, Hand, Reset, Sound, Tap

OPEN = "open"  # the scene that every such world begins with
SETTLED = 3.0  # seconds from then on in which mains are seen well
LEVELS = (-20.0, -30.0, -45.0)  # dBFS of voices
SILENT = -96.0  # under the noise of any room


def parts(rng: Random, file: RoomFile) -> tuple[tuple[str, ...], dict[str, dict[str, Any]]]:
    """The devices, and the pairs with how they are armed."""
    radio, chains = rng.random() < 0.4, rng.random() < 0.4
    devices = {"mixer"}
    names = ["podium"]
    if radio:
        devices.add("wireless")
        names.append("hand")
    if chains:
        devices |= {"matrix", "matrix-backup", "selector"}
        names.append("picture")
    armed = {
        name: {
            "arm": rng.choice(("automatic",) * 4 + ("advise", "off")),
            "window": rng.choice((0.3, 0.5, 1.0)),
        }
        for name in names
    }
    return tuple(name for name in file.devices if name in devices), armed


def open_scene(file: RoomFile) -> Mapping[str, Any]:
    want: dict[str, Any] = {}
    for pair in file.pairs.values():
        if pair.main in file.microphones:
            want[pair.main] = {"muted": False, "fader": "nominal"}
            want[pair.backup] = {"muted": True, "fader": "nominal"}
        else:
            want["far-end"] = {"source": "main-chain"}
            want["chain"] = {"source": "player"}
    return {"want": want, "deadline": 4.0}


def events(
    rng: Random, file: RoomFile, settings: scenery.Settings, scenes: Mapping[str, Any]
) -> list[Event]:
    made: list[Event] = [Tap(0.1, OPEN)]
    at = SETTLED + rng.uniform(0, 1)
    die = rng.choice((*[None] * 4, _all_mains_die, _both_sides_die, _both_sides_die))
    if die:
        made += die(rng, file, round(at + rng.uniform(0, 2), 3))
    for _ in range(rng.choice((1, 2, 3, 4, 5, 6))):
        made.append(_event(rng, round(at, 3), file, settings, scenes))
        at += rng.choice((rng.uniform(0, 0.3), rng.uniform(0, 1), rng.uniform(1, 4)))
    return made


def _all_mains_die(rng: Random, file: RoomFile, at: float) -> list[Event]:
    """At the same moment, as when somebody pulls a multicore."""
    mains = [pair.main for pair in file.pairs.values() if pair.main in file.microphones]
    return [Sound(at, name, alive=False) for name in mains]


def _both_sides_die(rng: Random, file: RoomFile, at: float) -> list[Event]:
    """The backup first, so that there is nothing to change over to."""
    pairs = [pair for pair in file.pairs.values() if pair.main in file.microphones]
    pair = rng.choice(pairs)
    later = round(at + rng.choice((0.05, 0.4, rng.uniform(0, 1), rng.uniform(1, 4))), 3)
    return [Sound(at, pair.backup, alive=False), Sound(later, pair.main, alive=False)]


def _event(
    rng: Random,
    at: float,
    file: RoomFile,
    settings: scenery.Settings,
    scenes: Mapping[str, Any],
) -> Event:
    pair = rng.choice(list(file.pairs))
    spoken = [name for name in _sides(file, pair) if name in file.microphones]
    roll = rng.random()
    if roll < 0.4 and spoken:
        # Mains die more often than backups, and now and then they live again.
        name = spoken[0] if rng.random() < 0.7 else spoken[-1]
        dead = rng.random() < 0.75
        level = rng.choice((None, None, None, *LEVELS, SILENT))
        return Sound(at, name, alive=not dead, level=level)
    if roll < 0.6:
        return ChangeOver(at, pair, rng.choice((Side.BACKUP, Side.BACKUP, Side.MAIN)))
    if roll < 0.72:
        return Tap(at, EMERGENCY, confirmed=True)
    if roll < 0.77:
        return Reset(at, pair)
    if roll < 0.9:
        return Tap(at, rng.choice(list(scenes)))
    return Hand(at, *scenery.one_want(rng, file, settings))


def _sides(file: RoomFile, pair: str) -> tuple[str, str]:
    return file.pairs[pair].main, file.pairs[pair].backup
