"""What happens by the clock: every due time of every job, exactly once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from avctl.clock import Clock
from avctl.errors import AvctlError
from service.jobs.dues import Job, dues
from service.jobs.runs import Outcome, Run, Runs
from service.journal import Journal
from service.store.records import Records, RecordsError
from service.views.reasons import reason

log = logging.getLogger("avctl.jobs")

LOOK = 20.0  # seconds between two looks at the clock, which somebody may set
PROMPT = timedelta(
    seconds=60
)  # what begins later than this was missed by a process that was not there
AGAIN = 30.0  # seconds until what was put off is tried again
BAD = {
    Outcome.MISSED: ("未按时进行", "was missed"),
    Outcome.FAILED: ("失败", "failed"),
    Outcome.INTERRUPTED: ("中断", "was interrupted"),
}
GONE = 120.0  # seconds without a beat after which a run's process is taken for dead
KEPT = timedelta(hours=1)  # between two notes of how far it was looked, where nothing is due
BACK = timedelta(hours=1)  # a clock set back by more begins a time of its own


@dataclass(frozen=True, slots=True)
class Work:
    """One run of a job, as its doer gets it."""

    job: Job
    room: str | None
    due: datetime
    claimed: datetime  # since when somebody has been to do it
    by: str
    arguments: Mapping[str, Any]
    # A part of one, and what is being done; called before anything is done.
    progress: Callable[[float, str], None]


class PutOffError(AvctlError):
    """The work cannot begin now; the text says why. It is tried again while its window lasts."""


class GoneError(AvctlError):
    """Nothing goes on of the work that was begun before."""


# Gives what is to be said of it; raises PutOffError, AvctlError. One that goes on with what an earlier service began
# raises GoneError where it finds nothing of it.
Doer = Callable[[Work], Awaitable[str]]
Alarm = Callable[[str, str | None, str, str], None]  # key, room, text zh, text en


class _LostError(Exception):
    """Another process has taken the run over: we were thought dead."""


@dataclass(eq=False, slots=True)
class Running:
    """An open run of this process."""

    key: str
    job: Job
    room: str | None
    due: datetime
    claimed: datetime
    again: bool = False  # goes on with what an earlier service began
    began: datetime | None = None
    put_off: str = ""  # why it waits
    progress: float = 0.0
    doing: str = ""


class Jobs:
    """Use it as an async context manager: inside, what is due is done."""

    def __init__(
        self,
        jobs: Sequence[Job],
        records: Records,
        journal: Journal,
        clock: Clock,
        doers: Mapping[str, Doer],
        *,
        goes_on: Mapping[str, Doer] = MappingProxyType({}),
        alarm: Alarm,
        changed: Callable[[], None] = lambda: None,
        look: float = LOOK,
    ) -> None:
        """``goes_on``: of those doers whose work outlives the service, what finds it again and awaits its end.
        ``look``: seconds between two looks at the clock, where nothing is due before.
        """
        self.jobs = {job.name: job for job in jobs}
        self.running: dict[int, Running] = {}
        self._journal, self._clock, self.doers = journal, clock, dict(doers)
        self._goes_on = goes_on
        self._alarm, self._changed, self._longest = alarm, changed, look
        self.runs = Runs(records, str(UUID(int=clock.rng.getrandbits(128), version=4)))
        self._tasks: set[asyncio.Task[None]] = set()
        self._seen: dict[str, datetime] = {}  # up to when each was looked at
        self._kept: dict[str, datetime] = {}  # up to when it is on record that it was
        self._era: dict[str, datetime] = {}  # looked at since the clock was set back
        self._beats: dict[int, tuple[int, float]] = {}  # of others' open runs, and since when

    async def __aenter__(self) -> "Jobs":
        self._spawn(self._keep_looking())
        return self

    async def __aexit__(self, *exc: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def run_now(self, name: str, rooms: Sequence[str], by: str) -> list[int]:
        """Begin a job at once, for some of its rooms or all. Raises RecordsError, KeyError for an unknown job."""
        job, now = self.jobs[name], self._now()
        chosen = [key for key in job.keys if not rooms or key.rpartition("/")[2] in rooms]
        begun = []
        for key in chosen:
            if (number := await self.runs.claim(key, now, now)) is not None:
                self._begin(number, key, job, now, by)
                begun.append(number)
        return begun

    async def answer(self, number: int, runs: bool, by: str) -> bool:
        """Say of a missed run that was asked about whether it shall run. Tells whether it was still open to say."""
        run = await self.runs.find(number)
        if run is None or not await self.runs.answer(number, self._now(), runs):
            return False
        self._note(run.job, run.due, "answered", by=by, runs=runs)
        if runs and (job := self._job_of(run.job)):
            self._begin(number, run.job, job, run.due, by, late=True)
        return True

    async def skip(self, name: str, due: datetime, by: str, rooms: Sequence[str] = ()) -> list[int]:
        """Leave a coming due time out. Raises RecordsError, KeyError for an unknown job."""
        job, left_out = self.jobs[name], []
        for key in job.keys:
            if rooms and key.rpartition("/")[2] not in rooms:
                continue
            number = await self.runs.claim(key, due, self._now(), Outcome.SKIPPED, f"by {by}")
            if number is not None:
                self._note(key, due, "ended", by=by, outcome=Outcome.SKIPPED.value)
                left_out.append(number)
        return left_out

    # Looking at the clock.

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.look()
            except RecordsError as error:
                log.error("the schedule: %s", error)
            await self._clock.sleep(self._until_next())

    def _until_next(self) -> float:
        """Seconds until something is due, at most `LOOK`."""
        now = self._now()
        horizon = now + timedelta(seconds=self._longest)
        nexts = (next(dues(job, now, horizon), None) for job in self.jobs.values())
        waits = [(at - now).total_seconds() for at in nexts if at]
        return max(0.001, min([*waits, self._longest]))

    async def look(self) -> None:
        """Claim and begin all that has come due since it was last looked. Raises RecordsError."""
        now = self._now()
        for job in self.jobs.values():
            for key in job.keys:
                await self._look_at(job, key, now)
        if self.running:
            await self.runs.beat()
        await self._bury(now)

    async def _look_at(self, job: Job, key: str, now: datetime) -> None:
        seen = self._seen.get(key) or await self.runs.seen(key)
        if seen is None:
            await self._see(key, now)  # what was due before anybody asked for it is not missed
            return
        self._seen[key] = seen
        if now < seen - BACK:
            # The clock was set back, or had been wrong: a time of its own, in which what is claimed stays so.
            await self._claim_all(job, key, self._era.get(key, now), now)
            self._era[key] = now
        elif now > seen:
            self._era.pop(key, None)
            come = await self._claim_all(job, key, seen, now)
            self._seen[key] = now
            if come or now - self._kept.get(key, seen) >= KEPT:
                await self._see(key, now)

    async def _claim_all(self, job: Job, key: str, since: datetime, now: datetime) -> bool:
        come = list(dues(job, since, now))
        missed = [due for due in come if not await self._claim(job, key, due, now, due == come[-1])]
        if missed:
            first = f"{missed[0].astimezone(job.zone):%Y-%m-%d %H:%M}"
            many = f"，共 {len(missed)} 次" if len(missed) > 1 else ""
            times = f", {len(missed)} times in all" if len(missed) > 1 else ""
            self._raise(
                key, f"未按时进行：{first} 服务未运行{many}",
                f"was missed: no service ran at {first}{times}",
            )  # fmt: skip
            self._changed()
        return bool(come)

    async def _see(self, key: str, now: datetime) -> None:
        """Keep up to when it was looked. Should a later look be lost, what it claimed is known all the same."""
        await self.runs.see(key, now)
        self._seen[key] = self._kept[key] = now

    async def _claim(self, job: Job, key: str, due: datetime, now: datetime, newest: bool) -> bool:
        """False where it was found to be missed, and that is to be told."""
        late = now - due
        if late > timedelta(seconds=job.file.window):
            why = "nobody was there"
            if await self.runs.claim(key, due, now, Outcome.MISSED, why) is None:
                return True
            self._note(key, due, "ended", outcome=Outcome.MISSED.value, why=why)
            return False
        outcome, why = None, ""
        if late > PROMPT and job.file.catch_up == "skip":
            outcome, why = Outcome.SKIPPED, "it passed while nobody was there"
        elif not newest:
            outcome, why = Outcome.SKIPPED, "a later one runs in its place"
        elif late > PROMPT and job.file.catch_up == "ask":
            outcome, why = Outcome.ASKED, "it passed while nobody was there"
        number = await self.runs.claim(key, due, now, outcome, why)
        if number is None:
            return True
        if outcome:
            self._note(key, due, "ended", outcome=outcome.value, why=why, run=number)
            self._changed()
        else:
            self._begin(number, key, job, due, "schedule")
        return True

    async def _bury(self, now: datetime) -> None:
        """Take over the runs that others have left, or close them where nobody can go on with them."""
        known: dict[int, tuple[int, float]] = {}
        for run in await self.runs.open_elsewhere():
            beat, since = self._beats.get(run.id, (run.beat, self._clock.now()))
            if beat != run.beat:
                since = self._clock.now()
            known[run.id] = (run.beat, since)
            if run.is_left or self._clock.now() - since >= GONE:
                await self._inherit(run, now)
        self._beats = known

    async def _inherit(self, run: Run, now: datetime) -> None:
        job = self._job_of(run.job)
        if job and run.job in job.keys and (run.is_put_off or job.file.do in self._goes_on):
            if await self.runs.take_over(run):
                self._take_up(run, job)
        elif await self.runs.interrupt(run, now):
            self._note(run.job, run.due, "ended", outcome="interrupted", run=run.id)
            self._raise(run.job, "中断：运行它的服务已退出", "was interrupted: its service is gone")

    def _take_up(self, run: Run, job: Job) -> None:
        running = self._running(run.id, run.job, job, run.due, run.claimed)
        running.again, running.put_off = not run.is_put_off, run.why
        window = timedelta(seconds=job.file.window)
        # One that began by word of a person has its window from then on.
        until = (run.due if run.claimed - run.due <= window else run.claimed) + window
        self._spawn(self._run(run.id, running, "schedule", until))

    # One run.

    def _begin(
        self, number: int, key: str, job: Job, due: datetime, by: str, *, late: bool = False
    ) -> None:
        now = self._now()
        running = self._running(number, key, job, due, now)
        until = (now if late else due) + timedelta(seconds=job.file.window)
        self._spawn(self._run(number, running, by, until))

    def _running(
        self, number: int, key: str, job: Job, due: datetime, claimed: datetime
    ) -> Running:
        room = key.rpartition("/")[2] if job.rooms else None
        running = self.running[number] = Running(key, job, room, due, claimed)
        return running

    async def _run(self, number: int, running: Running, by: str, until: datetime) -> None:
        try:
            outcome, why = await self._carry_out(number, running, by, until)
        except asyncio.CancelledError:
            if running.put_off or running.job.file.do in self._goes_on:
                await self.runs.leave(number, running.put_off)
            else:
                await self._end(number, running, by, Outcome.INTERRUPTED, "the service was stopped")
            raise
        except _LostError:
            self.running.pop(number, None)
            self._changed()
            return
        await self._end(number, running, by, outcome, why)

    async def _end(
        self, number: int, running: Running, by: str, outcome: Outcome, why: str
    ) -> None:
        self.running.pop(number, None)
        self._note(
            running.key, running.due, "ended", by=by, outcome=outcome.value, why=why, run=number
        )
        self._changed()
        await self.runs.end(number, outcome, self._now(), why)
        if outcome in BAD:
            zh, en = BAD[outcome]
            self._raise(running.key, f"{zh}：{reason(why).zh}", f"{en}: {why}")

    async def _carry_out(
        self, number: int, running: Running, by: str, until: datetime
    ) -> tuple[Outcome, str]:
        while True:
            if running.put_off:
                if self._now() + timedelta(seconds=AGAIN) > until:
                    why = f"put off until its window was over: {running.put_off}"
                    return Outcome.MISSED, why
                await self._clock.sleep(AGAIN)
                await self._still_ours(number, "")
            try:
                return Outcome.DONE, await self._do(number, running, by)
            except PutOffError as error:
                await self._still_ours(number, str(error))
                if running.put_off != str(error):
                    running.put_off = str(error)
                    self._note(
                        running.key, running.due, "put-off", by=by, why=str(error), run=number
                    )
                    self._changed()
            except GoneError as error:
                return Outcome.INTERRUPTED, str(error)
            except AvctlError as error:
                return Outcome.FAILED, str(error)
            except Exception as error:
                log.exception("%s failed", running.key)
                return Outcome.FAILED, f"{type(error).__name__}: {error}"

    async def _still_ours(self, number: int, put_off: str) -> None:
        """Keep why a run waits, so that whoever comes after us knows that it has not begun. Raises _LostError."""
        if not await self.runs.put_off(number, put_off):
            raise _LostError

    async def _do(self, number: int, running: Running, by: str) -> str:
        does = self._goes_on if running.again else self.doers
        doer = does.get(running.job.file.do)
        if doer is None:
            raise AvctlError(f"nothing here does {running.job.file.do!r}")

        def progress(part: float, doing: str) -> None:
            if running.began is None:
                running.began, running.put_off = self._now(), ""
                self._note(running.key, running.due, "begun", by=by, run=number)
            running.progress, running.doing = part, doing
            self._changed()

        arguments = running.job.file.arguments
        work = Work(
            running.job, running.room, running.due, running.claimed, by, arguments, progress
        )
        return await doer(work)

    # Telling.

    def _raise(self, key: str, zh: str, en: str) -> None:
        name, _, room = key.partition("/")
        job = self.jobs.get(name)
        title = job.file.title if job else None
        called = (title.zh, title.en) if title else (name, name)
        self._alarm(f"job/{key}", room or None, f"{called[0]}{zh}", f"{called[1]} {en}")

    def _note(self, key: str, due: datetime, event: str, by: str = "schedule", **more: Any) -> None:
        name, _, room = key.partition("/")
        data = {"job": name, "event": event, "due": due.astimezone(UTC).isoformat(), **more}
        self._journal.note("job", data, room=room or None, by=by)

    def _job_of(self, key: str) -> Job | None:
        return self.jobs.get(key.partition("/")[0])

    def _now(self) -> datetime:
        return self._clock.wall()

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
