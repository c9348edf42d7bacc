"""``python -m tests.changeover --times 1000 --tally FILE``: measure, print, and write docs/changeover.md.

The tally is what pieces of ``python -m tests.changeover.healthy`` have added up to.
"""

import logging
from argparse import ArgumentParser
from asyncio import Runner
from collections.abc import Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from avctl.testing import VirtualLoop
from tests.bench.figure import Figure, median, p99
from tests.changeover.healthy import added_up
from tests.changeover.measure import LINE_FAULTS, Air, air, automatic, emergencies

PAGE = Path(__file__).parents[2] / "docs" / "changeover.md"
T = TypeVar("T")

HEAD = """\
# Main and backup in figures

Written by `{command}`.

In virtual time, on simulators: the mixer, a Tesira with its default 30 ms after each change, answers after 5 ms; the
matrices answer at once, so that an emergency's first byte, to a matrix, costs only what the engine itself waits. What
is heard is taken from the simulated far end, every millisecond: *silence* is no microphone within 12 dB of its level,
*both* is two within 6 dB of it. *The ramp* is the cross-fade of that changeover, from its first byte to its last
answer. A fault (an answer late by 50 to 300 ms, a message lost or garbled, a change refused) comes onto the mixer's
line at a random moment of the changeover, half of the times right before it where main is dead; Tesira has no word for being busy. Automatic changeovers and emergencies
are measured without these faults. Silence of a changeover that failed is counted to 0.2 s after its verdict, and may
go on. A goal that is missed says so.

- A living main is cross-faded in five steps, main down before the backup up, so that neither a gap nor an echo can
  come of any one of them. The backup is opened at the first of them, and read back before main goes down.
- A dead main is left at once. A refusal is tried again until the deadline.
- A message that is lost costs its time limit, {answer:g} s, and a new connection: an untagged protocol cannot be
  asked again sooner, since a late answer would be taken for the next command's. That is why a dead main on a line
  that also loses a message misses its goal.
- A changeover that fails or gets stuck is undone, in an emergency for its own pair only.

| figure | measured | goal | met |
|---|---|---|---|
"""

FOOT = """
{count} switches in {hours:g} virtual hours of healthy rooms, {pieces} pieces of `python -m tests.changeover.healthy
--hours {piece:g} --seed N --tally FILE`, {cpu:.1f} s of one processor for an hour. What happened in them: {unrest}.
Half of the hours are of a room with two microphones, half of one with a chain of matrices; window and meters are the
defaults, everything automatic. Wiggles are shorter than the window, of a microphone by the rate of its meter.
"""

ANSWER = 1.0  # seconds


def run(work: Coroutine[Any, Any, T]) -> T:
    with Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


def ms(seconds: Sequence[float]) -> str:
    return f"p50 {median(seconds) * 1000:.0f}, p99 {p99(seconds) * 1000:.0f}, most {max(seconds) * 1000:.0f} ms"


def figures(times: int) -> Iterator[Figure]:
    yield from living(times)
    yield from dead(times)
    yield from wires(times)
    yield from by_itself(times)
    yield from in_an_emergency(2 * times)


def living(times: int) -> Iterator[Figure]:
    for fault in ("", *LINE_FAULTS):
        heard = run(air(times, fault=fault))
        what = f"living main, {fault or 'no fault'}"
        verdicts = ", ".join(f"{n} {verdict}" for verdict, n in sorted(heard.verdicts.items()))
        yield Figure(f"{what}: silence", ms(heard.dead), "0 ms", max(heard.dead) == 0)
        within = all(
            both <= ramp for both, ramp in zip(heard.double, heard.ramps, strict=True) if both
        )
        yield Figure(f"{what}: both", ms(heard.double), "≤ the ramp", within)
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
        yield beyond_the_ramp(what, heard, heard.wires)
        yield Figure(f"{what}: silence", ms(heard.dead), "0 ms", max(heard.dead) == 0)


def by_itself(times: int) -> Iterator[Figure]:
    found = run(automatic(times))
    most = max(found.after_window) <= 0.3
    yield Figure(
        "automatic: death to backup heard, less the window",
        ms(found.after_window),
        "≤ 300 ms",
        most,
    )
    odd = f"{found.unlatched} not told, {found.switched_back} switched back"
    is_good = not found.unlatched and not found.switched_back
    goal = "told as abnormal until reset, never switched back"
    yield Figure(f"automatic, {times} times, main well again", odd, goal, is_good)


def in_an_emergency(times: int) -> Iterator[Figure]:
    found = run(emergencies(times))
    first, all_of_it = found.first_byte, found.confirmed
    what = f"emergency, main matrix hung, in other takes ({times} times, {found.failed} failed)"
    yield Figure(f"{what}: first byte", ms(first), "≤ 100 ms", max(first) <= 0.1)
    met = max(all_of_it) <= 1 and not found.failed
    yield Figure(f"{what}: all confirmed", ms(all_of_it), "≤ 1 s", met)
    late = f"{found.after} commands"
    yield Figure(f"{what}: of the other take after the tap", late, "none", not found.after)


def beyond_the_ramp(what: str, heard: Air, wires: Sequence[float]) -> Figure:
    """The goal leaves out the ramp, and the time of the bytes on a wire."""
    over = [
        took - ramp - wire for took, ramp, wire in zip(heard.took, heard.ramps, wires, strict=True)
    ]
    left_out = f"ramp{' and wire' if any(wires) else ''}"
    measured = f"{ms(heard.took)}; less {left_out} p99 {max(0.0, p99(over)) * 1000:.0f} ms"
    goal = "p99 ≤ 150 ms + ramp" + (" + wire" if any(wires) else "")
    return Figure(what, measured, goal, p99(over) <= 0.15)


def switches(tally: Path) -> tuple[Figure, str]:
    found, pieces = added_up(tally)
    figure = Figure(
        f"switches in {found.hours:g} h of healthy rooms",
        str(found.switches), "0 in 1000 h", found.switches == 0 and found.hours >= 1000,
    )  # fmt: skip
    unrest = ", ".join(f"{what} {n}" for what, n in sorted(found.unrest.items()))
    foot = FOOT.format(
        count=found.switches, hours=found.hours, pieces=pieces, piece=found.hours / pieces,
        cpu=found.cpu / found.hours, unrest=unrest.replace("_", " "),
    )  # fmt: skip
    return figure, foot


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.changeover", description=__doc__)
    parser.add_argument(
        "--times",
        type=int,
        default=100,
        help="changeovers for each figure; emergencies twice as many",
    )
    parser.add_argument("--tally", type=Path, help="of healthy rooms")
    wanted = parser.parse_args()
    logging.disable(logging.CRITICAL)
    command = f"python -m tests.changeover --times {wanted.times} --tally FILE"
    rows = []
    for figure in figures(wanted.times):
        print(figure.row, flush=True)
        rows.append(figure.row)
    foot = ""
    if wanted.tally:
        figure, foot = switches(wanted.tally)
        rows.append(figure.row)
    head = HEAD.format(command=command, answer=ANSWER)
    PAGE.write_text(head + "\n".join(rows) + "\n" + foot, encoding="utf-8")


if __name__ == "__main__":
    main()
