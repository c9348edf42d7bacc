"""Main and backup: judged by what the far end would hear, in virtual time, with real drivers and simulators."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from avctl.blueprint import read_room
from avctl.drill import drill, record
from avctl.errors import ConfigError, TakeError
from avctl.pair import Arm, Fitness, Health, Judge, Side, Sign, Watch, Wish
from avctl.scenes.take import Take, Verdict
from tests.rooms import Bench, bench

ROOM = """\
room: small
title: Small
devices:
  matrix: {driver: extron_sis, url: 'tcp://127.0.0.1:23'}
  mixer:
    driver: biamp_ttp
    url: tcp://127.0.0.1:2323
    settings:
      channels: [Level1/1, Level1/2]
      meters: {Level1/1: AudioMeter1/1, Level1/2: AudioMeter1/2}
      meter_rate: 100
sources:
  main-player: {device: matrix, input: 4}
  backup-player: {device: matrix, input: 5}
destinations:
  far-end: {device: matrix, output: 1}
  projector: {device: matrix, output: 2}
microphones:
  podium-mic: {device: mixer, channel: Level1/1, level: -6 dB}
  podium-mic-backup: {device: mixer, channel: Level1/2, level: -8 dB}
pairs:
  podium: {main: podium-mic, backup: podium-mic-backup, arm: ARM, window: 0.5 s}
  player: {main: main-player, backup: backup-player, arm: ARM, window: 0.5 s}
library: false
safe: quiet
scenes:
  open:
    title: Open
    want: {podium: {muted: false, fader: -6 dB}, far-end: {source: player}}
  quiet:
    title: Quiet
    want: {podium-mic: {muted: true}, podium-mic-backup: {muted: true}}
"""

SPEECH, NOISE = -20.0, -70.0  # dBFS at the microphones


@contextlib.asynccontextmanager
async def room(tmp_path: Path, arm: str = "off") -> AsyncIterator[Bench]:
    """The speaker speaks into both microphones, main is open, main's player is on air."""
    path = tmp_path / "room.yaml"
    path.write_text(ROOM.replace("ARM", arm), encoding="utf-8")
    async with bench(path) as standing:
        mixer: Any = standing.devices["mixer"]
        for channel in (1, 2):
            mixer.signal("Input1", channel, SPEECH)
        mixer.press("mute", tag="Level1", channel=2, on=True)
        await standing.until_up()
        assert (await ended(standing.room.take("open", by="test"))).verdict is Verdict.CONFIRMED
        await asyncio.sleep(3)
        yield standing


async def ended(take: Take | None) -> Take:
    assert take is not None
    await take.ended.wait()
    return take


class Ear:
    """Listens at the far end, every millisecond: how long nothing is at level, and how long both are."""

    def __init__(self, at: Bench) -> None:
        self._mixer: Any = at.devices["mixer"]
        self.dead = self.double = 0.0
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            await asyncio.sleep(0.001)
            # Two voices that are both within 6 dB of full level are heard as an echo.
            heard = [self._mixer.level("Level1", channel) for channel in (1, 2)]
            full = [level is not None and level >= SPEECH - 6 - 6.1 for level in heard]
            there = [level is not None and level >= SPEECH - 6 - 12.2 for level in heard]
            self.dead += 0.001 * (not any(there))
            self.double += 0.001 * all(full)

    def stop(self) -> None:
        self._task.cancel()


async def test_a_living_main_is_cross_faded_without_gap_or_echo(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        ear = Ear(at)
        take = await ended(at.room.pairs.change_over("podium", Side.BACKUP, "test"))
        ear.stop()
        assert take.verdict is Verdict.CONFIRMED, [
            (s.want.word, s.verdict, s.why) for s in take.steps
        ]
        mixer: Any = at.devices["mixer"]
        assert mixer.level("Level1", 1) is None
        assert mixer.level("Level1", 2) == SPEECH - 6
        assert ear.dead == 0
        assert ear.double <= 0.25


async def test_a_dead_main_is_left_at_once(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        mixer: Any = at.devices["mixer"]
        mixer.signal("Input1", 1, None)
        await asyncio.sleep(1.5)
        assert at.room.pairs.find("podium").health[Side.MAIN].fitness is Fitness.DEAD
        take = await ended(at.room.pairs.change_over("podium", Side.BACKUP, "test"))
        assert take.verdict is Verdict.CONFIRMED
        opened = [step for step in take.steps if step.want.target == "podium-mic-backup"]
        assert max(step.ended or 9 for step in opened) <= 0.15


async def test_automatic_changes_over_within_300_ms_after_the_window_and_latches(
    tmp_path: Path,
) -> None:
    async with room(tmp_path, "automatic") as at:
        mixer: Any = at.devices["mixer"]
        pair = at.room.pairs.find("podium")
        assert pair.health[Side.MAIN].fitness is Fitness.WELL
        mixer.signal("Input1", 1, None)
        died = at.room.clock.now()
        async with asyncio.timeout(5):
            while mixer.level("Level1", 2) is None:
                await at.room.clock.sleep(0.005)
        assert at.room.clock.now() - died <= 0.5 + 0.1 + 0.3  # window, meter's rate, changeover
        await ended(pair.take)
        await asyncio.sleep(0.2)
        assert pair.watch.active is Side.BACKUP
        assert pair.watch.latched
        mixer.signal("Input1", 1, SPEECH)
        await asyncio.sleep(10)
        assert pair.watch.active is Side.BACKUP  # returns only by hand


async def test_advise_asks_once_and_does_nothing(tmp_path: Path) -> None:
    async with room(tmp_path, "advise") as at:
        mixer: Any = at.devices["mixer"]
        mixer.signal("Input1", 1, None)
        await asyncio.sleep(2)
        pair = at.room.pairs.find("podium")
        assert pair.watch.advised
        assert "noise" in pair.health[Side.MAIN].why["en"]
        assert mixer.level("Level1", 2) is None


async def test_a_quiet_speaker_is_not_dead(tmp_path: Path) -> None:
    async with room(tmp_path, "automatic") as at:
        mixer: Any = at.devices["mixer"]
        mixer.signal("Input1", 1, NOISE)
        await asyncio.sleep(600)
        assert at.room.pairs.find("podium").watch.active is Side.MAIN


async def test_a_wiggle_shorter_than_the_window_is_not_death(tmp_path: Path) -> None:
    async with room(tmp_path, "automatic") as at:
        mixer: Any = at.devices["mixer"]
        for _ in range(50):
            mixer.signal("Input1", 1, None)
            await asyncio.sleep(0.3)
            mixer.signal("Input1", 1, SPEECH)
            await asyncio.sleep(1)
        assert at.room.pairs.find("podium").watch.active is Side.MAIN


async def test_a_meter_read_before_a_line_was_lost_tells_nothing_afterwards(tmp_path: Path) -> None:
    async with room(tmp_path, "automatic") as at:
        mixer: Any = at.devices["mixer"]
        pair = at.room.pairs.find("podium")
        for _ in range(5):
            mixer.signal("Input1", 1, None)
            await asyncio.sleep(0.25)  # it is told, and not for a window
            mixer.faults.set("cut")
            mixer.signal("Input1", 1, SPEECH)
            await asyncio.sleep(0.05)
            mixer.faults.clear()
            await at.until_up()
            await asyncio.sleep(5)
            assert pair.take is None


async def test_two_microphones_that_come_to_life_together_are_not_changed_over(
    tmp_path: Path,
) -> None:
    async with room(tmp_path, "automatic") as at:
        mixer: Any = at.devices["mixer"]
        pair = at.room.pairs.find("podium")
        for _ in range(20):
            for channel in (2, 1):  # the backup a little before: nobody is left to change over to
                mixer.signal("Input1", channel, None)
                await asyncio.sleep(0.2)
            await asyncio.sleep(2)
            assert {health.fitness for health in pair.health.values()} == {Fitness.DEAD}
            for channel in (2, 1):
                mixer.signal("Input1", channel, SPEECH)
            await asyncio.sleep(2)
            assert not pair.watch.latched


async def test_a_dead_backup_is_never_changed_over_to(tmp_path: Path) -> None:
    async with room(tmp_path, "automatic") as at:
        mixer: Any = at.devices["mixer"]
        for channel in (2, 1):
            mixer.signal("Input1", channel, None)
            await asyncio.sleep(2)
        assert at.room.pairs.find("podium").watch.active is Side.MAIN


async def test_a_source_without_signal_is_replaced_wherever_it_was_shown(tmp_path: Path) -> None:
    async with room(tmp_path, "automatic") as at:
        matrix: Any = at.devices["matrix"]
        matrix.plug(4, False)
        await asyncio.sleep(4)
        assert matrix.shows(1) == 5
        assert matrix.shows(2) != 5
        take = await ended(at.room.pairs.find("player").take)
        assert take.by == "automatic"


async def test_scenes_use_the_side_in_use(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await ended(at.room.pairs.change_over("podium", Side.BACKUP, "test"))
        await asyncio.sleep(0.5)
        await ended(at.room.take("quiet", by="test"))
        await ended(at.room.take("open", by="test"))
        mixer: Any = at.devices["mixer"]
        assert mixer.level("Level1", 1) is None
        assert mixer.level("Level1", 2) == SPEECH - 6


async def test_the_backup_follows_mains_level_while_main_is_well(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        await ended(at.room.set("podium-mic", "fader", -11.0, by="test"))
        await asyncio.sleep(1)
        mixer: Any = at.devices["mixer"]
        assert mixer.truth()["blocks"]["Level1"]["level 2"] == -11.0


async def test_a_changeover_that_fails_is_undone(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        mixer: Any = at.devices["mixer"]
        pair = at.room.pairs.find("podium")
        real = type(mixer).press

        take = at.room.pairs.change_over("podium", Side.BACKUP, "test")
        await asyncio.sleep(0.12)
        mixer.faults.set("refuses", times=1)
        await ended(take)
        assert real is type(mixer).press
        if take.verdict is not Verdict.CONFIRMED:
            await ended(take.then)
            assert mixer.level("Level1", 1) == SPEECH - 6
            assert pair.watch.active is Side.MAIN


async def test_undoing_leaves_the_backup_at_its_level_though_a_fade_passes_it(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as at:
        mixer: Any = at.devices["mixer"]
        before = mixer.truth()["blocks"]
        mixer.faults.set("ignores")
        take = await ended(at.room.pairs.change_over("podium", Side.BACKUP, "test"))
        mixer.faults.clear()
        assert take.verdict is Verdict.FAILED
        assert (await ended(take.then)).verdict is Verdict.CONFIRMED
        assert mixer.truth()["blocks"] == before


async def test_the_emergency_takes_every_pair_to_its_backup_with_main_hung(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        with pytest.raises(TakeError, match="must be confirmed"):
            at.room.take("emergency-backup", by="test")
        slow = at.room.take("open", by="test")
        take = await ended(at.room.take("emergency-backup", by="test", confirmed=True))
        assert slow.verdict is not None
        assert take.verdict is Verdict.CONFIRMED, [(s.want.target, s.why) for s in take.steps]
        assert take.duration is not None
        assert take.duration <= 1.0
        matrix: Any = at.devices["matrix"]
        assert matrix.shows(1) == 5


async def test_all_to_safe_takes_the_scene_that_the_room_calls_safe(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        take = await ended(at.room.take("all-to-safe", by="test", confirmed=True))
        assert take.verdict is Verdict.CONFIRMED
        mixer: Any = at.devices["mixer"]
        assert mixer.level("Level1", 1) is None


def test_a_pair_of_two_kinds_is_an_error_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "room.yaml"
    text = ROOM.replace("backup: backup-player", "backup: podium-mic").replace("ARM", "off")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"pairs\.player: .*not two microphones"):
        read_room(path)


# The watch by itself.

WELL, DEAD = Health(Fitness.WELL), Health(Fitness.DEAD)


def test_nothing_fires_before_main_was_seen_well_once() -> None:
    watch = Watch(Arm.AUTOMATIC)
    assert watch.look({Side.MAIN: DEAD, Side.BACKUP: WELL}) is None
    watch.look({Side.MAIN: WELL, Side.BACKUP: WELL})
    assert watch.look({Side.MAIN: DEAD, Side.BACKUP: WELL}) is Wish.CHANGE_OVER


def test_a_flapping_main_cannot_make_it_swing() -> None:
    watch = Watch(Arm.AUTOMATIC)
    random = Random(4)
    fired = 0
    for _ in range(1000):
        main = WELL if random.random() < 0.5 else DEAD
        if watch.look({Side.MAIN: main, Side.BACKUP: WELL}) is Wish.CHANGE_OVER:
            fired += 1
            watch.changed_to(Side.BACKUP)
    assert fired == 1


def test_a_sign_must_be_bad_for_the_whole_window() -> None:
    judge = Judge(window=1.0)
    good, bad = Sign(True, {}), Sign(False, {"en": "gone", "zh": "无"})
    judge.look(0.0, [good])
    assert judge.look(0.5, [bad]).fitness is Fitness.WELL
    assert judge.look(1.4, [bad]).fitness is Fitness.WELL
    assert judge.look(1.5, [bad]).fitness is Fitness.DEAD
    assert judge.look(1.6, [good]).fitness is Fitness.WELL


async def test_a_drill_rehearses_every_pair_and_leaves_the_room_as_it_was(tmp_path: Path) -> None:
    async with room(tmp_path) as at:
        with pytest.raises(TakeError, match="podium-mic is open"):
            await drill(at.room, by="test")
        before = {name: device.truth() for name, device in at.devices.items()}
        rehearsals = await drill(at.room, by="test", during_meeting=True)
        assert [each.pair for each in rehearsals] == ["podium", "player"]
        assert all(each.is_good for each in rehearsals)
        assert at.devices["matrix"].truth()["ties"] == before["matrix"]["ties"]
        mixer: Any = at.devices["mixer"]
        assert mixer.level("Level1", 1) == SPEECH - 6
        assert mixer.level("Level1", 2) is None
        written = record(at.room, rehearsals)
        assert "| podium | **podium切至备用 podium to backup** | **confirmed** |" in written
