"""What happens by the clock: what is due, what ran, and running it by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Response

from service.jobs import Job, dues
from service.openapi import COMMAND, problems
from service.parts import By, Here, Parts
from service.problems import ApiError, unfit, unknown
from service.views.schedule import (
    AnswerBody,
    Begun,
    CalendarMonth,
    DayView,
    JobRunView,
    RunNowBody,
    Schedule,
    SkipBody,
    job_view,
    run_of,
    running_views,
    to_come,
)

router = APIRouter(prefix="/schedule", tags=["schedule"])

Number = Annotated[int, Path(ge=1, le=2**62)]


@router.get("", responses=problems("not-recorded"))
async def get_schedule(here: Here) -> Schedule:
    now = here.clock.wall()
    return Schedule(
        timezone=_zone(here).key,
        jobs=[job_view(job, now) for job in here.jobs.jobs.values()],
        running=running_views(here.jobs),
        asked=[run_of(run) for run in await here.jobs.runs.asked()],
    )


@router.get("/months/{month}", responses=problems("not-recorded"))
async def get_month(
    here: Here, month: Annotated[str, Path(pattern=r"^(19|2\d)\d\d-(0[1-9]|1[0-2])$")]
) -> CalendarMonth:
    """Every day of a month: what ran, what is to come, and whether it is worked."""
    zone = _zone(here)
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=31)).replace(day=1)
    since, until = (datetime.combine(day, datetime.min.time(), zone) for day in (first, after))
    runs = [run_of(run) for run in await here.jobs.runs.between(since, until)]
    runs += _coming(here, since, until, {(run.job, run.room, run.due) for run in runs})
    days = [first + timedelta(days=n) for n in range((after - first).days)]
    return CalendarMonth(
        month=month,
        timezone=zone.key,
        days=[
            DayView(
                date=day.isoformat(),
                working=here.calendar.is_working(day),
                runs=sorted(
                    (run for run in runs if _local_day(run, zone) == day), key=lambda run: run.due
                ),
            )
            for day in days
        ],
    )


@router.post("/{job}/run", status_code=202, responses=problems(*COMMAND, "not-recorded"))
async def run_now(here: Here, job: str, by: By, body: RunNowBody | None = None) -> Begun:
    """Begin a job now, for some of its rooms or all."""
    found = _find(here, job)
    rooms = body.rooms if body else ()
    if strange := [room for room in rooms if room not in found.rooms]:
        raise unknown("room of this job", "该任务的房间", strange[0], found.rooms)
    return Begun(runs=await here.jobs.run_now(job, rooms, by))


@router.post("/{job}/skip", responses=problems(*COMMAND, "not-recorded"))
async def skip_due(here: Here, job: str, body: SkipBody, by: By) -> Begun:
    """Leave out a due time that is still to come."""
    found = _find(here, job)
    due = body.due.astimezone(UTC)
    if due <= here.clock.wall() or due not in dues(found, due - timedelta(seconds=1), due):
        raise unfit(f"{job} is not due at {body.due.isoformat()}, or was already")
    return Begun(runs=await here.jobs.skip(job, due, by, body.rooms))


@router.post("/runs/{run}/answer", status_code=204, responses=problems(*COMMAND, "not-recorded"))
async def answer_run(here: Here, run: Number, body: AnswerBody, by: By) -> Response:
    """Say of a run that was missed whether it shall run now."""
    if not await here.jobs.answer(run, body.run, by):
        raise ApiError("not-found", f"run {run} is not asked about", f"任务 {run} 无需答复")
    return Response(status_code=204)


def _coming(
    here: Parts, since: datetime, until: datetime, known: set[tuple[str, str | None, str]]
) -> list[JobRunView]:
    now = here.clock.wall()
    return [
        view
        for job in here.jobs.jobs.values()
        for due in dues(job, max(since, now), until)
        if due < until
        for key in job.keys
        if (view := to_come(job, key, due)) and (view.job, view.room, view.due) not in known
    ]


def _local_day(run: JobRunView, zone: ZoneInfo) -> date:
    return datetime.fromisoformat(run.due).astimezone(zone).date()


def _find(here: Parts, job: str) -> Job:
    if job not in here.jobs.jobs:
        raise unknown("job", "任务", job, here.jobs.jobs)
    return here.jobs.jobs[job]


def _zone(here: Parts) -> ZoneInfo:
    return ZoneInfo(here.site.file.timezone if here.site.file else "UTC")
