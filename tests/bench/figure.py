"""A figure, its goal, and the table of them."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    what: str
    measured: str
    goal: str
    met: bool

    @property
    def row(self) -> str:
        return (
            f"| {self.what} | {self.measured} | {self.goal} | {'yes' if self.met else '**no**'} |"
        )


def median(seconds: Sequence[float]) -> float:
    return statistics.median(seconds)


def p99(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]


def ratio(what: str, ours: Sequence[float], theirs: Sequence[float], most: float) -> list[Figure]:
    """Ours against theirs at the median and at p99, at most ``most`` times."""
    figures = []
    for name, of in (("median", median), ("p99", p99)):
        times = of(ours) / of(theirs)
        measured = f"{times:.2f} × ({_time(of(ours))} : {_time(of(theirs))})"
        figures.append(Figure(f"{what}, {name}", measured, f"≤ {most} ×", times <= most))
    return figures


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds >= 0.001 else f"{seconds * 1e6:.0f} µs"
