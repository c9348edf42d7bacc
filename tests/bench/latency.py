"""A scene of twelve devices on simulators that answer as late as they say. In virtual time: only waits count."""

from asyncio import Runner

from avctl.testing import VirtualLoop
from tests.bench.figure import Figure, p99
from tests.latency.hall import CONFIRMED, FIRST_BYTE, takes

TIMES = 1000


def latency() -> list[Figure]:
    with Runner(loop_factory=VirtualLoop) as runner:
        found = runner.run(takes(1, TIMES))
    planned = p99([max(taken.planned_to_first_byte().values()) for taken, _ in found])
    tapped = p99([max(taken.to_first_byte().values()) for taken, _ in found])
    late = p99([taken.confirmed() - own_end for taken, own_end in found])
    return [
        _figure("From the plan to the first byte on the last of 12 wires", planned, FIRST_BYTE),
        _figure("From the tap to the first byte on the last of 12 wires", tapped, FIRST_BYTE),
        _figure("From the slowest device's own end to confirmed", late, CONFIRMED),
    ]


def _figure(what: str, seconds: float, most: float) -> Figure:
    return Figure(
        f"{what}, p99 of {TIMES} takes", f"{seconds * 1000:.1f} ms", f"≤ {most * 1000:.0f} ms",
        seconds <= most + 1e-6,
    )  # fmt: skip
