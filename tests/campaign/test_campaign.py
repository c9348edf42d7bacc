"""500 seeds in every test run, and proof that the campaign replays exactly and can fail."""

import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from avctl.scenes.take import Take, Verdict
from tests.campaign import campaign
from tests.campaign.__main__ import main
from tests.campaign.campaign import judged, outcome, outcomes
from tests.campaign.events import Break, Drive, Event, Letting, Moment, Press
from tests.campaign.judge import violations
from tests.campaign.judge_pairs import living_changeovers
from tests.campaign.mutants import MUTANTS, OF_PAIRS, mutated
from tests.campaign.run import run
from tests.campaign.world import Flavour, make_world

SEEDS = 500
CHUNK = 50

pytestmark = pytest.mark.timeout(
    300
)  # of wall time: the machine may be busy, the seeds are not long


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_no_seed_breaks_an_invariant(first: int) -> None:
    failing = [each for each in map(outcome, range(first, first + CHUNK)) if each.violations]
    assert not failing, [(each.seed, each.violations) for each in failing]


def test_the_same_seed_gives_the_same_record() -> None:
    assert judged(7)[0].digest == judged(7)[0].digest


def test_a_record_does_not_hang_on_the_hash_seed_of_the_process() -> None:
    code = "from tests.campaign.campaign import outcome; print(*(outcome(n).digest for n in range(12)))"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_processes_side_by_side_give_what_one_gives() -> None:
    def digests(jobs: int) -> list[str]:
        return [each.digest for each in outcomes(range(6), jobs=jobs)]

    assert digests(2) == digests(1)


def test_seeds_meet_every_kind_of_fault_at_every_moment() -> None:
    worlds = [make_world(seed) for seed in range(3000)]
    breaks = [event for world in worlds for event in world.events if isinstance(event, Break)]
    names = {event.name for event in breaks}
    assert {(name, moment) for name in names for moment in Moment} <= {
        (event.name, event.moment) for event in breaks
    }
    assert any(isinstance(event, Press) for world in worlds for event in world.events)


def test_seeds_are_of_every_flavour_and_meet_all_that_can_happen() -> None:
    worlds = [make_world(seed) for seed in range(500)]
    assert {world.flavour for world in worlds} == set(Flavour)
    assert {type(event) for world in worlds for event in world.events} == set(get_args(Event))
    drives = [event for world in worlds for event in world.events if isinstance(event, Drive)]
    assert {drive.lets for drive in drives} == set(Letting)


def test_changeovers_of_living_microphones_are_judged_by_what_is_heard() -> None:
    heard = 0
    for seed in range(SEEDS):
        if make_world(seed).flavour is Flavour.PAIRS:
            record = run(make_world(seed))
            heard += sum(1 for _ in living_changeovers(record))
        if heard >= 10:
            return
    raise AssertionError(f"{heard} changeovers in {SEEDS} seeds")


# That it can fail.


@pytest.mark.parametrize("name", MUTANTS)
def test_a_deliberate_fault_in_the_engine_is_caught_within_500_seeds(name: str) -> None:
    seeds = (
        seed
        for seed in range(SEEDS)
        if name not in OF_PAIRS or make_world(seed).flavour is Flavour.PAIRS
    )
    with mutated(name):
        assert any(outcome(seed).violations for seed in seeds)


def test_a_failing_seed_prints_the_command_that_replays_it_and_its_timeline(
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = "confirm on ACK"
    assert main(["--seeds", "500", "--jobs", "1", "--stop", "--mutant", name]) == 1
    told = capsys.readouterr().out
    command = next(line for line in told.splitlines() if " fails; " in line).split(" fails; ")[1]
    assert command.startswith("python -m tests.campaign --seed ")
    seed = command.split()[4]
    assert main(["--seed", seed, "--timeline", "--mutant", name]) == 1
    timeline = capsys.readouterr().out
    for word in ("TAP", "to device", "verdict", "TAKE ENDS", "confirmed_is_there"):
        assert word in timeline


# That its judges see what they are there to see.


def test_a_take_without_a_verdict_is_seen() -> None:
    record = run(make_world(1))
    record.takes[0].take.verdict = None
    assert [text for text in violations(record) if text.startswith("ends_by_its_deadline")]


def test_a_broken_chain_and_a_missing_step_are_seen() -> None:
    record = run(make_world(1))
    del record.journal[len(record.journal) // 2]
    found = [text for text in violations(record) if text.startswith("journal_tells_all")]
    assert found


def test_a_seed_that_cannot_be_judged_is_a_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_a_loss(record: object) -> list[str]:
        raise KeyError("no such output")

    monkeypatch.setattr(campaign, "violations", at_a_loss)
    assert outcome(1).violations == ["breaks off: KeyError: 'no such output'"]


def test_an_engine_that_stays_silent_about_what_it_has_made_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def pessimist(self: Take, step: object) -> tuple[Verdict, str]:
        return Verdict.FAILED, "not sent by the deadline"

    monkeypatch.setattr(Take, "_last_word", pessimist)
    found = (text for seed in range(SEEDS) for text in outcome(seed).violations)
    assert any(text.startswith("failed_is_not_made") for text in found)
