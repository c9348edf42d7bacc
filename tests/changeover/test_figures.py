"""Main and backup in figures, in virtual time; ``python -m tests.changeover`` measures more of the same."""

import asyncio

import pytest

from avctl.pair import Side
from avctl.scenes.take import Verdict
from tests.bench.figure import p99
from tests.changeover.healthy import KINDS, healthy
from tests.changeover.measure import LINE_FAULTS, air, automatic, emergencies
from tests.changeover.standing import OPEN, Ear, ended, standing

LONGEST_RAMP = 0.35  # seconds


async def test_a_living_main_is_left_without_a_moment_of_silence() -> None:
    heard = await air(12)
    assert heard.verdicts == {"confirmed": 12}
    assert max(heard.dead) == 0
    assert max(heard.double) == 0
    assert max(heard.ramps) <= LONGEST_RAMP
    beside = [took - ramp for took, ramp in zip(heard.took, heard.ramps, strict=True)]
    assert p99(beside) <= 0.15


@pytest.mark.parametrize("fault", LINE_FAULTS)
async def test_a_fault_on_the_way_costs_no_silence_and_leaves_no_half_of_a_changeover(
    fault: str,
) -> None:
    heard = await air(12, fault=fault)
    assert max(heard.dead) == 0
    assert max(heard.double) == 0
    assert heard.wrong == 0


async def test_a_dead_main_is_left_at_once() -> None:
    heard = await air(12, alive=False)
    assert heard.verdicts == {"confirmed": 12}
    assert p99(heard.dead) <= 0.15


async def test_a_refusal_is_tried_again_where_main_is_dead() -> None:
    heard = await air(12, alive=False, fault="refuses")
    assert heard.verdicts == {"confirmed": 12}
    assert p99(heard.dead) <= 0.2


async def test_on_a_serial_wire_it_takes_the_time_of_its_bytes_more() -> None:
    for baud in (9600, 115200):
        heard = await air(4, baud=baud)
        assert heard.verdicts == {"confirmed": 4}
        assert max(heard.dead) == 0
        samples = zip(heard.took, heard.ramps, heard.wires, strict=True)
        assert max(took - ramp - wire for took, ramp, wire in samples) <= 0.15


async def test_r16_automatic_is_heard_within_300_ms_after_the_window_and_stays_until_reset() -> (
    None
):
    found = await automatic(12)
    assert max(found.after_window) <= 0.3
    assert max(found.after_death) <= 3.0
    assert (found.unlatched, found.switched_back) == (0, 0)


async def test_r15_an_emergency_with_a_hung_matrix_goes_out_at_once_and_is_confirmed_in_a_second() -> (
    None
):
    found = await emergencies(15)
    assert found.failed == 0
    assert max(found.first_byte) <= 0.1
    assert max(found.confirmed) <= 1.0
    assert found.after == 0


@pytest.mark.parametrize("kind", KINDS)
async def test_a_healthy_room_is_never_changed_over(kind: str) -> None:
    found = await healthy(0.3, kind)
    assert found.switches == 0
    assert found.unrest["wiggle"]


async def test_a_cross_fade_that_gets_stuck_is_undone_on_both_microphones() -> None:
    async with standing() as there:
        ear = Ear(there)
        take = there.room.pairs.change_over("podium", Side.BACKUP, by="test")
        await asyncio.sleep(0.2)
        assert None not in there.heard()  # in the middle of it
        there.mixer.faults.set("ignores")
        await take.ended.wait()
        there.mixer.faults.clear()
        assert take.then is not None
        await take.then.ended.wait()
        ear.stop()
        assert take.verdict is Verdict.FAILED
        main, backup = there.heard()
        assert (main, backup) == (OPEN, None)
        assert ear.dead == 0


async def test_the_backup_does_not_follow_mains_fader_down_in_an_emergency() -> None:
    async with standing() as there:
        for level in (-7.0, OPEN):
            await ended(there.room.set("podium-mic", "fader", level, by="test"))
            await asyncio.sleep(1)
        before = len(there.room.takes)
        take = await ended(there.room.take("emergency-backup", by="test", confirmed=True))
        assert take.verdict is Verdict.CONFIRMED
        await asyncio.sleep(2)
        main, backup = there.heard()
        assert (main, backup) == (None, OPEN)
        since = [each.scene.name for each in list(there.room.takes)[before:]]
        assert "podium-mic-backup fader" not in since
