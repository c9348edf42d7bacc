"""Two processes with one schedule, one of them killed again and again: ``python -m tests.jobs.two_processes``.

A minute of the schedule is a tenth of a second of ours.
"""

import argparse
import asyncio
import contextlib
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random
from typing import cast
from zoneinfo import ZoneInfo

from avctl.clock import Clock
from avctl.config import JobFile
from service.jobs import Job, Jobs, Outcome, Work
from service.jobs.calendar import Calendar
from service.jobs.runs import Run, Runs
from service.journal import Journal
from service.store.records import open_records

START = datetime(2026, 1, 1, tzinfo=UTC)
SPEED = 600.0
MINUTELY = Job(
    "minutely",
    JobFile(do="work", cron="* * * * *", window=86400.0),
    (),
    ZoneInfo("UTC"),
    Calendar(),
)


@dataclass(frozen=True, slots=True)
class Lived:
    """What became of the due times: as the table says, and as was really done."""

    first: datetime
    last: datetime
    runs: Sequence[Run]
    done: Counter[datetime]
    kills: int

    def flaws(self) -> list[str]:
        count = Counter(run.due for run in self.runs)
        due, found = self.first, []
        while due <= self.last:
            if count[due] != 1:
                found.append(f"{due:%H:%M} was claimed {count[due]} times")
            due += timedelta(minutes=1)
        for run in self.runs:
            if self.done[run.due] > 1:
                found.append(f"{run.due:%H:%M} was done {self.done[run.due]} times")
            if run.outcome is Outcome.DONE and self.done[run.due] != 1:
                found.append(f"{run.due:%H:%M} is on record as done, and was not")
        return found


def live(folder: Path, dues: int, kills: int, seed: int) -> Lived:
    """Until ``dues`` due times were done, with ``kills`` of the one or the other meanwhile."""
    rng, began = Random(seed), time.time()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    pair = [_Other(context, folder, began) for _ in range(2)]
    done: Counter[datetime] = Counter()
    killed = 0
    while done.total() < dues:
        for ready in wait([other.told for other in pair]):
            done[cast(Connection, ready).recv()] += 1
        if done.total() * (kills + 1) >= (killed + 1) * dues and killed < kills:
            killed += 1
            done.update(pair.pop(rng.randrange(2)).kill())
            pair.append(_Other(context, folder, began))
    for other in pair:
        done.update(other.kill())
    runs = asyncio.run(_all(folder))
    return Lived(min(run.due for run in runs), max(run.due for run in runs), runs, done, killed)


class _Other:
    """A process with the schedule, which tells each due time that it does."""

    def __init__(
        self, context: multiprocessing.context.ForkServerContext, folder: Path, began: float
    ) -> None:
        self.told, tells = context.Pipe(duplex=False)
        self._process = context.Process(target=_process, args=(folder, began, tells), daemon=True)
        self._process.start()
        tells.close()

    def kill(self) -> list[datetime]:
        """What it told and nobody has heard yet."""
        self._process.kill()
        self._process.join()
        heard = []
        with contextlib.suppress(EOFError, OSError):  # killed in the midst of a word
            while True:
                heard.append(self.told.recv())
        return heard


def _process(folder: Path, began: float, tells: Connection) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_schedule(folder, began, tells))


async def _schedule(folder: Path, began: float, tells: Connection) -> None:
    clock = Clock(lambda: START + timedelta(seconds=(time.time() - began) * SPEED))

    async def do(work: Work) -> str:
        work.progress(0.0, "begun")
        tells.send(work.due)
        await clock.sleep(0.02)  # in which it may be killed
        return ""

    async with (
        open_records(folder) as records,
        Jobs(
            [MINUTELY], records, Journal(clock), clock, {"work": do},
            alarm=lambda *_: None, look=0.02,
        ),
    ):  # fmt: skip
        await asyncio.Event().wait()


async def _all(folder: Path) -> Sequence[Run]:
    async with open_records(folder) as records:
        return await Runs(records, "judge").between(START, START + timedelta(days=365))


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.jobs.two_processes")
    options.add_argument("--dues", type=int, default=1000)
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lived = live(Path(folder), given.dues, given.kills, given.seed)
    outcomes = Counter(str(run.outcome) for run in lived.runs)
    print(f"{len(lived.runs)} due times, {lived.kills} kills: {dict(outcomes)}")
    print("\n".join([*lived.flaws(), f"{len(lived.flaws())} flaws"]))
    return 1 if lived.flaws() else 0


if __name__ == "__main__":
    sys.exit(main())
