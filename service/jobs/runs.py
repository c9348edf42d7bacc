"""The table of due times: claimed by insert, so that whoever comes second knows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.store.record_models import JobRun, JobSeen
from service.store.records import Records

NOBODY = ""


class Outcome(StrEnum):
    DONE = "done"
    FAILED = "failed"
    ASKED = "asked"  # it passed while nobody was there: a person says whether it shall run
    SKIPPED = "skipped"
    MISSED = "missed"
    INTERRUPTED = "interrupted"  # whoever ran it is gone


@dataclass(frozen=True, slots=True)
class Run:
    """One due time of one job."""

    id: int
    job: str  # NAME/ROOM, or NAME
    due: datetime
    claimed: datetime
    by: str
    beat: int
    outcome: Outcome | None  # None while it is open: running, or put off
    ended: datetime | None
    why: str  # of an open one: why it waits

    @property
    def is_put_off(self) -> bool:
        return self.outcome is None and bool(self.why)

    @property
    def is_left(self) -> bool:
        """Whether its process has left it for whoever comes next."""
        return self.outcome is None and self.by == NOBODY


class Runs:
    """What one process does with the table. ``process``: a name that no other process has."""

    def __init__(self, records: Records, process: str) -> None:
        self._records, self._process = records, process

    async def claim(
        self, job: str, due: datetime, now: datetime, outcome: Outcome | None = None, why: str = ""
    ) -> int | None:
        """The run's number; None where the due time was claimed before. Raises RecordsError."""
        row = {
            "job": job, "due": _text(due), "claimed": _text(now), "by": self._process, "beat": 0,
            "outcome": outcome, "ended": _text(now) if outcome else None, "why": why,
        }  # fmt: skip
        try:
            async with self._records.change() as connection:
                result = await connection.execute(insert(JobRun).values(row))
        except IntegrityError:
            return None
        key = result.inserted_primary_key
        return int(key[0]) if key else None

    async def put_off(self, run: int, why: str) -> bool:
        """Say why an open run of ours waits; an empty ``why``: it waits no longer. Tells whether it is still ours."""
        return await self._turn(*self._open(run), why=why)

    async def leave(self, run: int, put_off: str) -> bool:
        """Give up an open run of ours; whoever comes next goes on with it. ``put_off``: why it has not begun, if so."""
        return await self._turn(*self._open(run), by=NOBODY, why=put_off)

    async def take_over(self, run: Run) -> bool:
        """Make an open run ours that was left, or whose process has not beaten. Tells whether it was we who did."""
        return await self._turn(*_as_it_was(run), by=self._process)

    async def end(self, run: int, outcome: Outcome, now: datetime, why: str = "") -> bool:
        """End an open run of ours. Tells whether it was still open."""
        return await self._turn(
            JobRun.id == run,
            JobRun.outcome.is_(None),
            outcome=outcome, ended=_text(now), why=why,
        )  # fmt: skip

    async def answer(self, run: int, now: datetime, runs: bool) -> bool:
        """Take up a run that was asked about, or skip it. Tells whether it was still asked about."""
        asked = (JobRun.id == run, JobRun.outcome == Outcome.ASKED)
        if runs:
            return await self._turn(*asked, outcome=None, ended=None, why="", by=self._process)
        return await self._turn(*asked, outcome=Outcome.SKIPPED, ended=_text(now))

    async def beat(self) -> None:
        """Say that our open runs are alive."""
        mine = (JobRun.by == self._process, JobRun.outcome.is_(None))
        await self._turn(*mine, beat=JobRun.beat + 1)

    async def interrupt(self, run: Run, now: datetime) -> bool:
        """Close a run whose process is gone: it has not beaten. Tells whether it was we who did."""
        return await self._turn(
            *_as_it_was(run),
            outcome=Outcome.INTERRUPTED, ended=_text(now), why="the service was gone",
        )  # fmt: skip

    async def open_elsewhere(self) -> Sequence[Run]:
        return await self._select(JobRun.outcome.is_(None), JobRun.by != self._process)

    async def asked(self) -> Sequence[Run]:
        return await self._select(JobRun.outcome == Outcome.ASKED)

    async def between(self, since: datetime, until: datetime) -> Sequence[Run]:
        """By their due time, ``until`` excluded."""
        return await self._select(JobRun.due >= _text(since), JobRun.due < _text(until))

    async def find(self, run: int) -> Run | None:
        found = await self._select(JobRun.id == run)
        return found[0] if found else None

    async def seen(self, job: str) -> datetime | None:
        """Up to when the job's due times were looked at."""
        async with self._records.look() as connection:
            until = await connection.scalar(select(JobSeen.until).where(JobSeen.job == job))
        return _moment(until) if until else None

    async def see(self, job: str, until: datetime) -> None:
        values = {"until": _text(until)}
        async with self._records.change() as connection:
            changed = await connection.execute(
                update(JobSeen)
                .where(JobSeen.job == job, JobSeen.until < _text(until))
                .values(values)
            )
            known = await connection.scalar(select(JobSeen.job).where(JobSeen.job == job))
            if not changed.rowcount and known is None:
                await connection.execute(insert(JobSeen).values(job=job, **values))

    def _open(self, run: int) -> tuple[Any, ...]:
        return (JobRun.id == run, JobRun.by == self._process, JobRun.outcome.is_(None))

    async def _turn(self, *where: Any, **values: Any) -> bool:
        async with self._records.change() as connection:
            changed = await connection.execute(update(JobRun).where(*where).values(values))
        return bool(changed.rowcount)

    async def _select(self, *where: Any) -> Sequence[Run]:
        row = JobRun
        columns: tuple[Any, ...] = (
            row.id, row.job, row.due, row.claimed, row.by, row.beat, row.outcome, row.ended, row.why,
        )  # fmt: skip
        async with self._records.look() as connection:
            found = await connection.execute(
                select(*columns).where(*where).order_by(row.due, row.id)
            )
            return [_run(each) for each in found]


def _as_it_was(run: Run) -> tuple[Any, ...]:
    """Still open, of the same process, which has not beaten since."""
    return (
        JobRun.id == run.id,
        JobRun.by == run.by,
        JobRun.beat == run.beat,
        JobRun.outcome.is_(None),
    )


def _run(row: Row[Any]) -> Run:
    return Run(
        row.id, row.job, _moment(row.due), _moment(row.claimed), row.by, row.beat,
        Outcome(row.outcome) if row.outcome else None,
        _moment(row.ended) if row.ended else None, row.why,
    )  # fmt: skip


def _text(at: datetime) -> str:
    """Such texts sort as their times do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
