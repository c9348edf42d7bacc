"""The schedule as the API tells it."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from service.jobs import Job, Jobs, Run, Running, dues
from service.views.bodies import Said
from service.views.models import Title, View
from service.views.moments import Moment
from service.views.values import iso, titled

AHEAD = timedelta(days=400)


class RunningView(View):
    """A run that is open: under way, or put off."""

    run: int
    job: str
    room: str | None
    due: str
    began: str | None
    put_off: str  # why it waits; empty while it is under way
    progress: float  # 0 to 1
    doing: str


class JobRunView(View):
    run: int | None  # None: it is still to come
    job: str
    room: str | None
    due: str
    outcome: Literal[
        "to-come", "open", "done", "failed", "asked", "skipped", "missed", "interrupted"
    ]
    ended: str | None = None
    why: str = ""


class JobView(View):
    job: str
    title: Title
    do: str
    cron: str
    rooms: list[str]  # empty: it is of the site
    working_day: str
    catch_up: str
    window: float  # seconds
    next: str | None  # when it is due next


class DayView(View):
    date: str
    working: bool
    runs: list[JobRunView]


class Schedule(View):
    timezone: str
    jobs: list[JobView]
    running: list[RunningView]
    asked: list[JobRunView]


class CalendarMonth(View):
    month: str
    timezone: str
    days: list[DayView]


class RunNowBody(Said):
    rooms: tuple[str, ...] = ()


class AnswerBody(Said):
    run: bool


class SkipBody(Said):
    due: Moment
    rooms: tuple[str, ...] = ()


class Begun(View):
    runs: list[int]


class ScheduleChanged(View):
    """What runs by the clock now."""

    type: Literal["schedule"] = "schedule"
    running: list[RunningView]


def job_view(job: Job, now: datetime) -> JobView:
    coming = next(dues(job, now, now + AHEAD), None)
    return JobView(
        job=job.name,
        title=titled(job.file.title, job.name),
        do=job.file.do,
        cron=job.file.cron,
        rooms=list(job.rooms),
        working_day=job.file.working_day,
        catch_up=job.file.catch_up,
        window=job.file.window,
        next=iso(coming) if coming else None,
    )


def running_views(jobs: Jobs) -> list[RunningView]:
    return [_running(number, each) for number, each in jobs.running.items()]


def _running(number: int, running: Running) -> RunningView:
    return RunningView(
        run=number,
        job=running.job.name,
        room=running.room,
        due=iso(running.due),
        began=iso(running.began) if running.began else None,
        put_off=running.put_off,
        progress=round(running.progress, 4),
        doing=running.doing,
    )


def run_of(run: Run) -> JobRunView:
    name, _, room = run.job.partition("/")
    return JobRunView(
        run=run.id,
        job=name,
        room=room or None,
        due=iso(run.due.astimezone(UTC)),
        outcome=run.outcome.value if run.outcome else "open",
        ended=iso(run.ended.astimezone(UTC)) if run.ended else None,
        why=run.why,
    )


def to_come(job: Job, key: str, due: datetime) -> JobRunView:
    room = key.partition("/")[2]
    return JobRunView(run=None, job=job.name, room=room or None, due=iso(due), outcome="to-come")
