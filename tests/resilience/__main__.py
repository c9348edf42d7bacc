"""``python -m tests.resilience``: every one of these often; what came of it into docs/resilience.md.

``--only R20`` measures one row and leaves the others in the page as they were.
"""

import asyncio
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from avctl.scenes.latency import spread
from tests.bench.figure import Figure
from tests.resilience.copied import copied
from tests.resilience.emergency import emergencies
from tests.resilience.killed import Fates, killed, terminated
from tests.resilience.power import cut, upgraded, written
from tests.resilience.starved import starved
from tests.resilience.tampered import tampered
from tests.resilience.tampered import written as chained

PAGE = Path(__file__).parents[2] / "docs" / "resilience.md"

HEAD = """\
# What is kept, and what it survives

The journal is one SQLite file, `journal.db`, in the folder that `--data` names, beside it the records (`records.db`) and
the files that entries speak of (`files/`). A tap is answered when its entry is synced to the disk.

- **Killed or cut off**: what was acknowledged is there; runs that were cut off are called *interrupted* at the next start,
  and nothing is replayed.
- **Full disk**: scenes work on, taps are answered *not recorded*, `/readyz` says why; entries wait in memory (10 000)
  and are written when there is space. A reserve of 1 MiB is given up so that the alarm itself is kept.
- **Upgrade**: a file of an older version is brought up to date in one transaction; one of a newer version is left alone.
- **Copy**: `avctl copy TO --data FOLDER`, also while a service is at work. The copy is proved whole, and the last
  entry's hash is printed: written down elsewhere, it is proof against a chain made anew. `avctl restore FROM --data FOLDER`
  puts it back while no service is at work, and sets aside what was there. Nothing copies by itself: give it to cron.
- **Tampering**: every entry is chained to the one before; the first that is not as it was written is named.

In figures, by `python -m tests.resilience`, or `--only ROW`; kills, stops, full disks and emergencies on a service as a
process with two simulated devices, on a machine of two processors that others kept busy: times of the clock are longer
there than elsewhere. Each row says how many times it was done; the usual number is in `tests/resilience/__main__.py`.

| row | figure | measured | goal | met |
|---|---|---|---|---|
"""


def r15(times: int, folder: Path) -> Iterator[Figure]:
    found = emergencies(folder, times)
    told = ", ".join(f"{n} {verdict}" for verdict, n in found.verdicts.items())
    took = spread(found.took)
    yield Figure(
        f"emergency with a hung matrix, a full disk, 180 half-open connections, {times} times",
        f"{told}, {found.on_backup} on the backup alone; p50 {took.p50:.2f}, most {took.longest:.2f} s",
        "all confirmed, ≤ 1 s",
        found.on_backup == times and set(found.verdicts) == {"confirmed"} and took.longest <= 1,
    )


def r19(times: int, folder: Path) -> Iterator[Figure]:
    fates = killed(folder, times)
    ready = spread(fates.ready)
    yield Figure(f"kill -9 in a scene, {times} times", _told(fates), NOTHING_LOST, _is_good(fates))
    cost = spread(fates.costs).p50
    measured = f"p50 {ready.p50:.2f}, p95 {ready.p95:.2f} s; p50 {cost:.2f} s of the processor"
    yield Figure("ready again", measured, "p95 ≤ 1 s", ready.p95 <= 1)


def r25(times: int, folder: Path) -> Iterator[Figure]:
    fates = terminated(folder, times)
    exits = spread(fates.exits)
    yield Figure(f"SIGTERM in a scene, {times} times", _told(fates), NOTHING_LOST, _is_good(fates))
    measured = f"status {set(fates.statuses)}, panels closed with {set(fates.codes)}; p50 {exits.p50:.2f}, most {exits.longest:.2f} s"
    met = set(fates.statuses) == {0} and set(fates.codes) == {1012} and exits.longest <= 5
    yield Figure("exit", measured, "status 0, close code 1012, ≤ 5 s", met)


NOTHING_LOST = "none untold, the journal whole, scenes work after"


def _told(fates: Fates) -> str:
    return (
        f"{len(fates.runs)} runs, {len(fates.untold)} untold, {fates.interrupted} told as interrupted, journal"
        f" {fates.journal or 'whole'}"
    )


def _is_good(fates: Fates) -> bool:
    return not fates.untold and not fates.journal and fates.works_after


def r20(times: int, folder: Path) -> Iterator[Figure]:
    disk = written()
    found = cut(disk, times)
    measured = f"{found.lost} acknowledged entries lost, {len(found.broken)} files damaged, {len(found.stuck)} stuck"
    yield Figure(f"power cut, {times} crash images", measured, "none", found.is_good)
    lies = cut(disk, max(1, times // 10), lies=True)
    measured = f"{lies.lost} entries lost, {len(lies.broken)} files damaged"
    what = f"the same on a disk that lies about its syncs, {lies.cuts} images"
    yield Figure(what, measured, "seen", bool(lies.lost and lies.broken))


def r21(times: int, folder: Path) -> Iterator[Figure]:
    found = starved(folder, times)
    measured = (
        f"{found.shown} of {2 * times} scenes carried out, {found.told} times told, {len(found.untold)} of"
        f" {len(found.runs)} runs untold, {found.kinds.count('lost')} entries lost"
    )
    met = found.shown == found.refused == 2 * times and found.told == times
    met &= not (found.untold or found.gaps or "lost" in found.kinds)
    yield Figure(f"disk full and free again, {times} times", measured, "all, none lost", met)


def r23(times: int, folder: Path) -> Iterator[Figure]:
    found = asyncio.run(copied(folder, times, 20_000))
    size = (folder / "copy-0" / "journal.db").stat().st_size / 1e6
    measured = (
        f"{found.lacking} entries lacking, {len(found.wrong)} wrong, {found.grown} entries came meanwhile;"
        f" put back in at most {max(found.seconds):.2f} s"
    )
    what = f"copied while written, {size:.0f} MB, and put back, {times} times"
    yield Figure(what, measured, "none", not (found.lacking or found.wrong))


def r24(times: int, folder: Path) -> Iterator[Figure]:
    found = cut(upgraded(), times)
    measured = (
        f"{found.lost} entries lost, {len(found.broken)} files damaged, {len(found.stuck)} stuck"
    )
    what = f"power cut while a journal is brought up to date, {times} images"
    yield Figure(what, measured, "none", found.is_good)


def r49(times: int, folder: Path) -> Iterator[Figure]:
    asyncio.run(chained(folder / "journal.db"))
    found = asyncio.run(tampered(folder / "journal.db", times))
    kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(found.kinds.items()))
    measured = f"{times - len(found.missed)} found and named ({kinds})"
    yield Figure(f"entries changed by hand, {times} times", measured, "all", not found.missed)


Row = Callable[[int, Path], Iterator[Figure]]
ROWS: Mapping[str, tuple[Row, int]] = {  # the quickest first
    "R20": (r20, 2000), "R24": (r24, 500), "R49": (r49, 1000), "R23": (r23, 50),
    "R15": (r15, 50), "R21": (r21, 50), "R19": (r19, 200), "R25": (r25, 300),
}  # fmt: skip


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.resilience", description=__doc__)
    parser.add_argument("--only", choices=ROWS, help="one row")
    parser.add_argument("--times", type=int, help="of each, instead of the usual")
    wanted = parser.parse_args()
    bad = False
    for name, (measure, usual) in ROWS.items():
        if wanted.only in (None, name):
            with TemporaryDirectory() as folder:
                figures = list(measure(wanted.times or usual, Path(folder)))
            rows = [f"| {name} {figure.row}" for figure in figures]
            print("\n".join(rows), flush=True)
            _write(name, rows)
            bad |= not all(figure.met for figure in figures)
    return bad


def _write(name: str, rows: list[str]) -> None:
    """Put the rows into the page, in place of those that it has of ``name``."""
    said = PAGE.read_text(encoding="utf-8").splitlines() if PAGE.exists() else []
    kept = [line for line in said if line.startswith("| R") and not line.startswith(f"| {name} ")]
    text = HEAD + "\n".join(sorted(kept + rows, key=lambda row: row[:6])) + "\n"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
