"""``python -m tests.changeover --times 1000 --hours 5``: measure, print, and write docs/changeover.md."""

import logging
from argparse import ArgumentParser
from asyncio import Runner
from collections.abc import Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from avctl.testing import VirtualLoop
from tests.bench.figure import Figure, median, p99
from tests.changeover.measure import (
    LINE_FAULTS,
    Air,
    air,
    automatic,
    emergencies,
    false_switches,
)

PAGE = Path(__file__).parents[2] / "docs" / "changeover.md"
T = TypeVar("T")

RAMP = 0.39  # seconds; the cross-fade without a fault

HEAD = """\
# Main and backup in figures

Written by `{command}`.

In virtual time, on simulators: the mixer, a Tesira with its default 30 ms between two commands, answers after 5 ms;
the matrices answer at once, so that an emergency's first byte, to a matrix, costs only what the engine itself waits.
What is heard is taken from the simulated far end, every millisecond: *silence* is no microphone within 12 dB of its
level, *both* is two within 6 dB of it. *The ramp* is the cross-fade itself. A fault (an answer late, a message lost
or garbled, a change refused) comes onto the mixer's line at a random moment of the first 120 ms; Tesira has no word
for being busy. Automatic and emergencies are measured without these faults. Silence of a changeover that failed is
counted to 0.2 s after its verdict, and may go on. A goal that is missed says so. By hand, five exchanges beside the
ramp take the 30 ms each, and a poll may come between. Virtual hours cost real ones: as many were run as are named.

| figure | measured | goal | met |
|---|---|---|---|
"""


def run(work: Coroutine[Any, Any, T]) -> T:
    with Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


def ms(seconds: Sequence[float]) -> str:
    return f"p50 {median(seconds) * 1000:.0f}, p99 {p99(seconds) * 1000:.0f}, most {max(seconds) * 1000:.0f} ms"


def figures(times: int, hours: float) -> Iterator[Figure]:
    yield from living(times)
    yield from dead(times)
    yield from wires(times)
    waited = run(automatic(times))
    most = max(waited) <= 0.3
    yield Figure("automatic: death to backup heard, less the window", ms(waited), "≤ 300 ms", most)
    found = run(emergencies(times))
    first, all_of_it = found.first_byte, found.confirmed
    what = "emergency, main matrix hung, in other takes"
    yield Figure(f"{what}: first byte", ms(first), "≤ 100 ms", max(first) <= 0.1)
    yield Figure(f"{what}: all confirmed", ms(all_of_it), "≤ 1 s", max(all_of_it) <= 1)
    switches = run(false_switches(hours))
    what = f"switches in {hours:g} h of healthy rooms"
    yield Figure(what, str(switches), "0 in 1000 h", switches == 0 and hours >= 1000)


def living(times: int) -> Iterator[Figure]:
    for fault in ("", *LINE_FAULTS):
        heard = run(air(times, fault=fault))
        what = f"living main, {fault or 'no fault'}"
        verdicts = ", ".join(f"{n} {verdict}" for verdict, n in sorted(heard.verdicts.items()))
        yield Figure(f"{what}: silence", ms(heard.dead), "0 ms", max(heard.dead) == 0)
        goal = f"≤ the ramp without a fault, {RAMP * 1000:.0f} ms"
        yield Figure(f"{what}: both", ms(heard.double), goal, max(heard.double) <= RAMP + 0.001)
        goal = "told as it is; a failed one undone"
        yield Figure(f"{what}: verdicts", f"{verdicts}; {ms(heard.took)}", goal, heard.wrong == 0)
        if not fault:
            yield beyond_the_ramp("by hand, TCP: tap to confirmed", heard, [0.0] * times)


def dead(times: int) -> Iterator[Figure]:
    for fault in ("", *LINE_FAULTS):
        heard = run(air(times, fault=fault, alive=False))
        verdicts = ", ".join(f"{n} {verdict}" for verdict, n in sorted(heard.verdicts.items()))
        what = f"dead main, {fault or 'no fault'}: silence from the tap ({verdicts})"
        met = p99(heard.dead) <= 0.15 and set(heard.verdicts) == {"confirmed"}
        yield Figure(what, ms(heard.dead), "all confirmed, p99 ≤ 150 ms", met)


def wires(times: int) -> Iterator[Figure]:
    for baud in (9600, 115200):
        heard = run(air(times, baud=baud))
        what = f"by hand, RS-232 at {baud}: tap to confirmed"
        yield beyond_the_ramp(what, heard, [wire / baud for wire in heard.wires])
        yield Figure(f"{what}: silence", ms(heard.dead), "0 ms", max(heard.dead) == 0)


def beyond_the_ramp(what: str, heard: Air, wires: Sequence[float]) -> Figure:
    """The goal leaves out the ramp, and the time of the bytes on a wire."""
    over = [
        took - ramp - wire for took, ramp, wire in zip(heard.took, heard.ramps, wires, strict=True)
    ]
    measured = f"{ms(heard.took)}; less ramp{' and wire' if any(wires) else ''} p99 {max(0.0, p99(over)) * 1000:.0f} ms"
    return Figure(
        what, measured, "p99 ≤ 150 ms + ramp" + (" + wire" if any(wires) else ""), p99(over) <= 0.15
    )


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.changeover", description=__doc__)
    parser.add_argument("--times", type=int, default=100, help="changeovers for each figure")
    parser.add_argument("--hours", type=float, default=1.0, help="of healthy rooms, virtual")
    wanted = parser.parse_args()
    logging.disable(logging.CRITICAL)
    command = f"python -m tests.changeover --times {wanted.times} --hours {wanted.hours:g}"
    rows = []
    for figure in figures(wanted.times, wanted.hours):
        print(figure.row, flush=True)
        rows.append(figure.row)
    PAGE.write_text(HEAD.format(command=command) + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
