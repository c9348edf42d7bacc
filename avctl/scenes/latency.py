"""How long the parts of a take last: the four moments of its steps as distributions."""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from avctl.scenes.step import Step
from avctl.scenes.take import Take

REMEMBERED = 500  # of each kind

INTERVALS = ("planned-sent", "sent-answered", "sent-confirmed", "tap-verdict")

# Scene, device, word, interval; a whole take has no device and no word.
Key = tuple[str, str, str, str]


def whole(scene: str) -> Key:
    return scene, "", "", "tap-verdict"


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution, in seconds."""

    count: int
    p50: float
    p95: float
    p99: float
    longest: float


def spread(seconds: Iterable[float]) -> Spread:
    """Raises ValueError for nothing."""
    ordered = sorted(seconds)
    if not ordered:
        raise ValueError("a distribution of nothing")
    p50, p95, p99 = (_quantile(ordered, part) for part in (0.5, 0.95, 0.99))
    return Spread(len(ordered), p50, p95, p99, ordered[-1])


def _quantile(ordered: Sequence[float], part: float) -> float:
    """The smallest that at least ``part`` of all do not exceed."""
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def intervals(step: Step) -> Iterator[tuple[str, float]]:
    """The intervals that a step has come to, in seconds."""
    pairs = {
        "planned-sent": (step.planned, step.sent),
        "sent-answered": (step.sent, step.answered),
        "sent-confirmed": (step.sent, step.confirmed),
    }
    for name, (begin, end) in pairs.items():
        if begin is not None and end is not None:
            yield name, end - begin


class Latencies:
    """The newest of each kind."""

    def __init__(self) -> None:
        self._seconds: dict[Key, deque[float]] = {}

    def note(self, take: Take) -> None:
        """An ended take."""
        scene = take.scene.name
        for step in take.steps:
            for name, seconds in intervals(step):
                self.add((scene, step.want.device, step.want.word, name), seconds)
        if take.took is not None and take.verdict and take.verdict.is_good:
            self.add(whole(scene), take.took)

    def add(self, key: Key, seconds: float) -> None:
        self._seconds.setdefault(key, deque(maxlen=REMEMBERED)).append(seconds)

    def of(self, key: Key) -> Spread | None:
        """None while nothing is known."""
        kept = self._seconds.get(key)
        return spread(kept) if kept else None

    def spreads(self) -> Mapping[Key, Spread]:
        return {key: spread(kept) for key, kept in sorted(self._seconds.items())}
