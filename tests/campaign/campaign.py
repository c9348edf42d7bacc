"""Seeds by the thousand: each run and judged, the figures summed."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

from tests.campaign.events import Break
from tests.campaign.judge import slowed, violations
from tests.campaign.record import Record
from tests.campaign.run import run
from tests.campaign.world import make_world

AT_ONCE = 25  # seeds that a process takes at a time


@dataclass
class Outcome:
    """What is kept of a seed."""

    seed: int
    digest: str
    violations: list[str]
    takes: int
    steps: Counter[str] = field(default_factory=Counter)  # by verdict
    faults: Counter[str] = field(default_factory=Counter)  # by "name, moment"
    presses: int = 0
    refused: int = 0
    seconds: float = 0.0
    recovery: float = 0.0
    spoilt: int = 0  # good steps that the line may have lied about, and did


def judged(seed: int) -> tuple[Outcome, Record]:
    world = make_world(seed)
    record = run(world)
    found = violations(record)
    seconds = record.seconds
    if world.neighbours:
        healthy = tuple(event for event in world.events if not isinstance(event, Break))
        twin = run(replace(world, events=healthy))
        seconds += twin.seconds
        found += slowed(record, twin)
    steps = Counter(str(seen.verdict) for seen in record.steps)
    presses = sum(kind == "press" for _, kind, _, _ in record.lines)
    lies = sum(seen.corrupted and seen.step.is_good and not seen.held for seen in record.steps)
    outcome = Outcome(
        seed, record.digest(), found, len(record.takes), steps, record.faults, presses,
        len(record.refused), seconds, record.recovery, lies,
    )  # fmt: skip
    return outcome, record


def outcome(seed: int) -> Outcome:
    return judged(seed)[0]


def outcomes(seeds: range, jobs: int) -> Iterator[Outcome]:
    if jobs == 1:
        yield from map(outcome, seeds)
        return
    with ProcessPoolExecutor(jobs, get_context("fork")) as pool:
        yield from pool.map(outcome, seeds, chunksize=AT_ONCE)
