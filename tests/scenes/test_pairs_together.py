"""Several pairs on one mixer, and what runs beside them. Real drivers, simulators, virtual time."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from avctl.capabilities.mixer import CrossFade, Fader
from avctl.pair import Fitness, Side
from avctl.scenes.take import Verdict
from tests.rooms import Bench, bench
from tests.scenes.test_pairs import SPEECH, ended

ROOM = """\
room: small
title: Small
devices:
  mixer:
    driver: biamp_ttp
    url: tcp://127.0.0.1:2323
    settings:
      channels: [Level1/1, Level1/2, Level1/3, Level1/4]
      meters:
        {Level1/1: AudioMeter1/1, Level1/2: AudioMeter1/2, Level1/3: AudioMeter1/3, Level1/4: AudioMeter1/4}
      meter_rate: 100
  wireless: {driver: shure, url: 'tcp://127.0.0.1:2202', settings: {family: ulxd, channels: ["1"]}}
microphones:
  podium: {device: mixer, channel: Level1/1, level: -6 dB}
  podium-again: {device: mixer, channel: Level1/2, level: -6 dB}
  chair: {device: mixer, channel: Level1/3, level: -6 dB, wireless: {device: wireless, channel: "1"}}
  chair-again: {device: mixer, channel: Level1/4, level: -6 dB}
pairs:
  podium-pair: {main: podium, backup: podium-again, arm: automatic, window: 0.5 s}
  chair-pair: {main: chair, backup: chair-again, arm: automatic, window: 0.5 s}
library: false
scenes:
  open:
    title: Open
    want:
      podium: {muted: false, fader: -6 dB}
      podium-again: {muted: true}
      chair: {muted: false, fader: -6 dB}
      chair-again: {muted: true}
  loud:
    title: Loud
    emergency: true
    want: {podium: {fader: 0 dB}, podium-again: {fader: 0 dB}}
"""


@contextlib.asynccontextmanager
async def spoken(tmp_path: Path, seconds: float = 1.5) -> AsyncIterator[tuple[Bench, Any]]:
    """Somebody speaks into all four; both mains are open, and seen well."""
    path = tmp_path / "room.yaml"
    path.write_text(ROOM, encoding="utf-8")
    async with bench(path) as at:
        mixer: Any = at.devices["mixer"]
        say(mixer, 1, 2, 3, 4)
        await at.until_up()
        assert (await ended(at.room.take("open", by="test"))).verdict is Verdict.CONFIRMED
        await asyncio.sleep(seconds)
        yield at, mixer


def say(mixer: Any, *channels: int) -> None:
    for channel in channels:
        mixer.signal("Input1", channel, SPEECH)


async def test_two_mains_that_die_together_are_both_changed_over(tmp_path: Path) -> None:
    async with spoken(tmp_path) as (at, mixer):
        for channel in (1, 3):
            mixer.signal("Input1", channel, None)
        await asyncio.sleep(3)
        assert mixer.level("Level1", 2) is not None
        assert mixer.level("Level1", 4) is not None
        for pair in at.room.pairs.by_name.values():
            assert pair.take is not None
            assert pair.take.verdict is Verdict.CONFIRMED


async def test_changing_one_pair_over_leaves_another_that_is_under_way(tmp_path: Path) -> None:
    async with spoken(tmp_path) as (at, mixer):
        first = at.room.pairs.change_over("podium-pair", Side.BACKUP, "test")
        await asyncio.sleep(0.1)
        second = at.room.pairs.change_over("chair-pair", Side.BACKUP, "test")
        assert (await ended(first)).verdict is Verdict.CONFIRMED
        assert (await ended(second)).verdict is Verdict.CONFIRMED
        assert mixer.level("Level1", 2) is not None
        assert mixer.level("Level1", 4) is not None


async def test_nothing_is_changed_over_to_a_side_that_dies_at_the_same_time(
    tmp_path: Path,
) -> None:
    async with spoken(tmp_path) as (at, mixer):
        mixer.signal("Input1", 1, None)
        await asyncio.sleep(0.3)
        mixer.signal("Input1", 2, None)
        await asyncio.sleep(3)
        assert at.room.pairs.find("podium-pair").take is None


async def test_nothing_is_changed_over_to_a_side_not_heard_of_since_its_device_is_back(
    tmp_path: Path,
) -> None:
    async with spoken(tmp_path, seconds=0.5) as (at, mixer):  # meters are not told yet
        mixer.faults.set("cut", seconds=4.0)
        receiver: Any = at.devices["wireless"]
        receiver.press("transmitter", channel=1, on=False)
        mixer.signal("Input1", 4, None)
        await asyncio.sleep(1)
        await at.until_up(60)
        await asyncio.sleep(5)
        pair = at.room.pairs.find("chair-pair")
        assert pair.health[Side.MAIN].fitness is Fitness.DEAD
        assert pair.take is None


async def test_an_emergency_is_not_beaten_by_a_changeover_that_nobody_has_tapped(
    tmp_path: Path,
) -> None:
    async with spoken(tmp_path) as (at, mixer):
        mixer.signal("Input1", 1, None)
        await asyncio.sleep(0.3)
        mixer.faults.set("late", 0.1)
        take = at.room.take("emergency-backup", by="test", confirmed=True)
        assert (await ended(take)).verdict is Verdict.CONFIRMED
        assert at.room.pairs.find("podium-pair").take is None


async def test_a_backup_that_something_stronger_sets_does_not_follow_and_nothing_fails(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with spoken(tmp_path) as (at, mixer):
        mixer.faults.set("late", 0.3)
        take = at.room.take("loud", by="test")
        assert (await ended(take)).verdict is Verdict.CONFIRMED
        assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


def test_a_cross_fade_and_the_faders_that_it_moves_touch_each_other() -> None:
    fade, other = CrossFade("2", "1"), CrossFade("3", "1")
    assert fade.touches(Fader("1"))
    assert Fader("2").touches(fade)
    assert not Fader("3").touches(fade)
    assert not fade.touches(Fader("3"))
    assert fade.touches(other)
    assert not fade.touches(CrossFade("4", "3"))
