"""Pairs of any two devices, of parts of two kinds, and of pairs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from avctl.blueprint import read_room
from avctl.errors import ConfigError
from avctl.pair import Fitness, Side
from avctl.pairs import Pair
from avctl.scenes.take import Verdict
from tests.rooms import Bench, bench
from tests.scenes.test_pairs import SPEECH, ended

ROOM = """\
room: small
title: Small
devices:
  matrix: {driver: extron_sis, url: 'tcp://127.0.0.1:23', title: {zh: 主矩阵, en: Main matrix}}
  spare: {driver: extron_sis, url: 'tcp://127.0.0.2:23'}
  mixer:
    driver: biamp_ttp
    url: tcp://127.0.0.1:2323
    settings:
      channels: [Level1/1, Level1/2, Level1/3]
      meters: {Level1/1: AudioMeter1/1, Level1/2: AudioMeter1/2, Level1/3: AudioMeter1/3}
      meter_rate: 100
sources:
  player: {device: matrix, input: 4}
  other-player: {device: spare, input: 4}
destinations:
  far-end: {device: matrix, output: 1}
  far-end-again: {device: spare, output: 1}
microphones:
  left: {device: mixer, channel: Level1/1, level: -6 dB, title: {zh: 左话筒, en: Left microphone}}
  right: {device: mixer, channel: Level1/2, level: -6 dB}
  hand: {device: mixer, channel: Level1/3, level: -6 dB}
pairs:
  frame: {main: matrix, backup: spare, arm: automatic, window: 0.5 s}
  line: {main: player, backup: spare, to_backup: {far-end-again: {source: other-player}}, window: 0.5 s}
  gooseneck: {main: left, backup: right, arm: off, window: 0.5 s}
  podium: {main: gooseneck, backup: hand, arm: off, window: 0.5 s}
library: false
scenes:
  open:
    title: Open
    want: {podium: {muted: false, fader: -6 dB}, far-end: {source: player}}
"""


@contextlib.asynccontextmanager
async def room(tmp_path: Path) -> AsyncIterator[tuple[Bench, Any]]:
    path = tmp_path / "room.yaml"
    path.write_text(ROOM, encoding="utf-8")
    async with bench(path) as at:
        mixer: Any = at.devices["mixer"]
        for channel in (1, 2, 3):
            mixer.signal("Input1", channel, SPEECH)
            mixer.press("mute", tag="Level1", channel=channel, on=True)
        await at.until_up()
        assert (await ended(at.room.take("open", by="test"))).verdict is Verdict.CONFIRMED
        await asyncio.sleep(3)
        yield at, mixer


def pair(at: Bench, name: str) -> Pair:
    return at.room.pairs.find(name)


def is_heard(mixer: Any) -> list[bool]:
    return [mixer.level("Level1", channel) is not None for channel in (1, 2, 3)]


async def test_a_dead_device_is_replaced_in_the_scenes_that_say_the_pair(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, _):
        assert at.room.names.in_use("frame") == "matrix"
        at.devices["matrix"].faults.set("cut")
        await asyncio.sleep(3)
        assert pair(at, "frame").watch.latched
        assert at.room.names.in_use("frame") == "spare"
        why = pair(at, "frame").health[Side.MAIN].why
        assert why == {"zh": "主矩阵无应答", "en": "Main matrix does not answer"}


async def test_a_device_that_is_being_greeted_slowly_is_not_dead(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, _):
        faults = at.devices["matrix"].faults
        faults.set("late", 0.3)
        faults.set("cut")
        await asyncio.sleep(0.01)
        faults.clear("cut")
        lost = at.room.clock.now()
        await at.until_up()
        assert at.room.clock.now() - lost > 2 * pair(at, "frame").file.window
        await asyncio.sleep(3)
        assert not pair(at, "frame").watch.latched


async def test_a_device_that_greets_and_is_never_up_is_dead(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, _):
        faults = at.devices["matrix"].faults
        faults.set("cut")
        await asyncio.sleep(0.01)
        faults.clear("cut")
        faults.set("late", 5.0)  # its banner is heard, and no answer in time
        await asyncio.sleep(30)
        assert pair(at, "frame").watch.latched


async def test_a_device_that_no_reading_tells_to_be_in_use_is_the_last_one_tapped(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as (at, _):
        for side in (Side.BACKUP, Side.MAIN):
            await ended(at.room.pairs.change_over("frame", side, "test"))
            await asyncio.sleep(2)
            assert pair(at, "frame").watch.active is side


async def test_parts_of_two_kinds_are_judged_each_by_its_own_signs(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, _):
        matrix: Any = at.devices["matrix"]
        matrix.plug(4, False)
        await asyncio.sleep(4)
        health = pair(at, "line").health
        assert health[Side.MAIN].fitness is Fitness.DEAD
        assert health[Side.MAIN].why["en"] == "player has no signal"
        assert health[Side.BACKUP].fitness is Fitness.WELL
        take = await ended(at.room.pairs.change_over("line", Side.BACKUP, "test"))
        assert take.verdict is Verdict.CONFIRMED
        await asyncio.sleep(1)
        assert pair(at, "line").watch.active is Side.BACKUP


async def test_a_pair_of_a_pair_leaves_the_side_that_is_in_use(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, mixer):
        assert is_heard(mixer) == [True, False, False]
        await ended(at.room.pairs.change_over("gooseneck", Side.BACKUP, "test"))
        await asyncio.sleep(1)
        assert is_heard(mixer) == [False, True, False]
        take = await ended(at.room.pairs.change_over("podium", Side.BACKUP, "test"))
        assert take.verdict is Verdict.CONFIRMED
        await asyncio.sleep(1)
        assert is_heard(mixer) == [False, False, True]
        assert pair(at, "podium").watch.active is Side.BACKUP


async def test_an_emergency_opens_one_microphone_of_a_pair_of_a_pair(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, mixer):
        take = await ended(at.room.take("emergency-backup", by="test", confirmed=True))
        assert take.verdict is Verdict.CONFIRMED, [(s.want.target, s.why) for s in take.steps]
        assert is_heard(mixer) == [False, False, True]


async def test_a_dead_microphone_is_called_by_its_title(tmp_path: Path) -> None:
    async with room(tmp_path) as (at, mixer):
        mixer.signal("Input1", 1, None)
        await asyncio.sleep(2)
        why = pair(at, "gooseneck").health[Side.MAIN].why
        assert why["en"].startswith("Left microphone is below")
        assert why["zh"].startswith("左话筒电平")


@pytest.mark.parametrize(
    ("pair", "complaint"),
    [
        ("{main: gooseneck, backup: podium}", "holds itself"),
        ("{main: gooseneck, backup: left}", "main and backup at once"),
        ("{main: gooseneck, backup: player}", "not two microphones"),
    ],
)
def test_a_pair_that_cannot_be_is_an_error_in_the_file(
    tmp_path: Path, pair: str, complaint: str
) -> None:
    path = tmp_path / "room.yaml"
    text = ROOM.replace("{main: gooseneck, backup: hand, arm: off, window: 0.5 s}", pair)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint):
        read_room(path)
