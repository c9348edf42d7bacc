"""Changeovers, emergencies, scenes and hands that want the same microphones at the same time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from avctl.errors import TakeError
from avctl.pair import Side
from avctl.scenes.take import Verdict
from tests.rooms import Bench, bench
from tests.scenes.test_pairs import ROOM, SPEECH, ended

LEVEL = -6.0
MORE = """\
  both:
    title: Both
    want: {podium-mic: {fader: -11 dB}, podium-mic-backup: {fader: -4 dB}}
  clash:
    title: Clash
    want: {podium: {muted: false}, podium-mic-backup: {muted: true}}
"""


@contextlib.asynccontextmanager
async def room(tmp_path: Path) -> AsyncIterator[tuple[Bench, Any]]:
    """Somebody speaks into both microphones; main is open."""
    path = tmp_path / "room.yaml"
    path.write_text((ROOM + MORE).replace("ARM", "off"), encoding="utf-8")
    async with bench(path) as at:
        mixer: Any = at.devices["mixer"]
        for channel in (1, 2):
            mixer.signal("Input1", channel, SPEECH)
        mixer.press("mute", tag="Level1", channel=2, on=True)
        await at.until_up()
        await ended(at.room.take("open", by="test"))
        await asyncio.sleep(3)
        yield at, mixer


def heard(mixer: Any) -> tuple[float | None, float | None]:
    """The faders of what is heard."""
    levels = (mixer.level("Level1", channel) for channel in (1, 2))
    main, backup = (None if level is None else level - SPEECH for level in levels)
    return main, backup


async def test_a_second_tap_is_the_changeover_under_way(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, mixer):
        first = at.room.pairs.change_over("podium", Side.BACKUP, "one")
        await asyncio.sleep(0.15)
        assert at.room.pairs.change_over("podium", Side.BACKUP, "two") is first
        assert (await ended(first)).verdict is Verdict.CONFIRMED
        assert heard(mixer) == (None, LEVEL)


async def test_a_tap_back_in_the_middle_of_a_fade_ends_at_the_level_before(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, mixer):
        there = at.room.pairs.change_over("podium", Side.BACKUP, "test")
        await asyncio.sleep(0.2)
        assert None not in heard(mixer)
        back = await ended(at.room.pairs.change_over("podium", Side.MAIN, "test"))
        assert (there.verdict, back.verdict) == (Verdict.SUPERSEDED, Verdict.CONFIRMED)
        assert heard(mixer) == (LEVEL, None)


async def test_an_emergency_in_the_middle_of_a_fade_ends_at_the_level_before(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as (at, mixer):
        at.room.pairs.change_over("podium", Side.BACKUP, "test")
        await asyncio.sleep(0.2)
        take = await ended(at.room.take("emergency-backup", by="test", confirmed=True))
        assert take.verdict is Verdict.CONFIRMED
        assert heard(mixer) == (None, LEVEL)


async def test_no_tap_takes_a_pair_out_of_an_emergency(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, mixer):
        emergency = at.room.take("emergency-backup", by="test", confirmed=True)
        await asyncio.sleep(0.1)
        with pytest.raises(TakeError, match="emergency-backup"):
            at.room.pairs.change_over("podium", Side.MAIN, "test")
        assert at.room.pairs.change_over("podium", Side.BACKUP, "test") is emergency
        assert (await ended(emergency)).verdict is Verdict.CONFIRMED
        assert heard(mixer) == (None, LEVEL)


async def test_an_emergency_that_gets_stuck_in_a_fade_is_undone_for_its_pair_alone(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as (at, mixer):
        take = at.room.take("emergency-backup", by="test", confirmed=True)
        await asyncio.sleep(0.2)
        mixer.faults.set("ignores")
        await ended(take)
        mixer.faults.clear()
        assert take.verdict is Verdict.FAILED
        assert take.wish is not None
        back = await ended(take.then)
        assert back.verdict is Verdict.CONFIRMED
        assert heard(mixer) == (LEVEL, None)
        matrix: Any = at.devices["matrix"]
        assert matrix.shows(1) == 5


async def test_the_follower_leaves_a_scene_that_sets_both_levels_alone(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, mixer):
        take = await ended(at.room.take("both", by="test"))
        await asyncio.sleep(2)
        assert take.verdict is Verdict.CONFIRMED
        levels = mixer.truth()["blocks"]["Level1"]
        assert (levels["level 1"], levels["level 2"]) == (-11.0, -4.0)


async def test_a_scene_that_wants_two_things_of_the_side_in_use_is_not_taken(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as (at, _):
        await ended(at.room.pairs.change_over("podium", Side.BACKUP, "test"))
        await asyncio.sleep(0.5)
        with pytest.raises(TakeError, match="wants the same point"):
            at.room.take("clash", by="test")


async def test_the_side_that_was_left_is_closed_at_the_level_in_use(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, mixer):
        await ended(at.room.pairs.change_over("podium", Side.BACKUP, "test"))
        await asyncio.sleep(1)
        assert heard(mixer) == (None, LEVEL)
        assert mixer.truth()["blocks"]["Level1"]["level 1"] == LEVEL
