"""Seeds by the thousand: each run and judged, the figures summed."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

from avctl.pairs import EMERGENCY
from tests.campaign.events import Break, Drive
from tests.campaign.judge import slowed, violations
from tests.campaign.judge_pairs import living_changeovers
from tests.campaign.pairs import AUTOMATIC
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
    about: Counter[str] = field(default_factory=Counter)  # what the world was about
    pairs: Counter[str] = field(default_factory=Counter)  # changeovers, by who began them
    hands: int = 0  # cameras let go by hands
    told: int = 0  # words of how the room stands


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
    hands = sum(isinstance(event, Drive) for event in world.events)
    outcome = Outcome(
        seed, record.digest(), found, len(record.takes), steps, record.faults, presses,
        len(record.refused), seconds, record.recovery, lies, Counter([str(world.flavour)]),
        _changeovers(record), hands, len(record.told),
    )  # fmt: skip
    return outcome, record


def _changeovers(record: Record) -> Counter[str]:
    """How many were begun by whom, and how many of them were judged by what is heard."""
    counted: Counter[str] = Counter()
    for seen in record.takes:
        name, by = seen.take.scene.name, seen.take.by
        if name == EMERGENCY:
            counted["emergencies"] += 1
        elif name.endswith((" to main", " to backup")) and seen.follows is None:
            counted["by itself" if by == AUTOMATIC else "by hand"] += 1
    counted["heard"] = sum(1 for _ in living_changeovers(record))
    return counted


def outcome(seed: int) -> Outcome:
    """A run that breaks off is a violation of its own, and the others go on."""
    try:
        return judged(seed)[0]
    except Exception as error:
        return Outcome(seed, "", [f"breaks off: {type(error).__name__}: {error}"], 0)


def outcomes(seeds: range, jobs: int) -> Iterator[Outcome]:
    if jobs == 1:
        yield from map(outcome, seeds)
        return
    with ProcessPoolExecutor(jobs, get_context("fork")) as pool:
        yield from pool.map(outcome, seeds, chunksize=AT_ONCE)
