"""Two processes with one schedule, one of them killed again and again: ``python -m tests.jobs.two_processes``.

A minute of the schedule is a tenth of a second of ours.
"""

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
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
DONE = "done"
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
    """Until ``dues`` due times have passed, with ``kills`` of one of the two, and a third process that clears up."""
    rng, began = Random(seed), time.time()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    processes = [_spawn(context, folder, began) for _ in range(2)]
    for _ in range(kills):
        time.sleep(dues * 60 / SPEED / (kills + 1))
        victim = processes.pop(rng.randrange(2))
        victim.kill()
        victim.join()
        processes.append(_spawn(context, folder, began))
    while time.time() - began < dues * 60 / SPEED:
        time.sleep(0.05)
    for process in processes:
        process.kill()
        process.join()
    lines = (folder / DONE).read_text().split()
    done = Counter(datetime.fromisoformat(line) for line in lines)
    runs = asyncio.run(_all(folder))
    return Lived(min(run.due for run in runs), max(run.due for run in runs), runs, done, kills)


def _spawn(
    context: multiprocessing.context.ForkServerContext, folder: Path, began: float
) -> BaseProcess:
    process = context.Process(target=_process, args=(folder, began))
    process.start()
    return process


def _process(folder: Path, began: float) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_schedule(folder, began))


async def _schedule(folder: Path, began: float) -> None:
    clock = Clock(lambda: START + timedelta(seconds=(time.time() - began) * SPEED))
    file = os.open(folder / DONE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    async def do(work: Work) -> str:
        work.progress(0.0, "begun")
        os.write(file, f"{work.due.isoformat()}\n".encode())
        await asyncio.sleep(0.02)
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
