"""When jobs are due. Pure: from cron expressions, a time zone and a calendar to moments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cronsim import CronSim

from avctl.config import JobFile
from service.jobs.calendar import FARTHEST, Calendar


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One job as the site's file says it."""

    name: str
    file: JobFile
    rooms: tuple[str, ...]  # empty: it is of the site, not of rooms
    zone: ZoneInfo
    calendar: Calendar

    @property
    def keys(self) -> tuple[str, ...]:
        """What runs by itself: ``NAME/ROOM`` for each room, or ``NAME``."""
        return tuple(f"{self.name}/{room}" for room in self.rooms) or (self.name,)


def dues(job: Job, since: datetime, until: datetime) -> Iterator[datetime]:
    """The moments (UTC) at which ``job`` is due, ``since`` excluded and ``until`` included, in order, each once."""
    rule = job.file.working_day
    if rule == "any":
        yield from _raw(job, since, until)
        return
    days = _of_days(job, since.astimezone(UTC).date(), until.astimezone(UTC).date())
    yield from (at for at in days if since < at <= until)


@lru_cache(maxsize=256)  # the clock is looked at many times a day
def _of_days(job: Job, since: date, until: date) -> Sequence[datetime]:
    """The moments by the rule on some days of UTC, and on some around them, in order."""
    far = timedelta(days=FARTHEST + 1)
    raw = _raw(job, _midnight(since) - far, _midnight(until) + far)
    return sorted({at for due in raw if (at := _by_rule(job, due))})


def _raw(job: Job, since: datetime, until: datetime) -> Iterator[datetime]:
    for at in CronSim(job.file.cron, since.astimezone(job.zone)):
        if (due := at.astimezone(UTC)) > until:
            return
        yield due


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _by_rule(job: Job, due: datetime) -> datetime | None:
    local = due.astimezone(job.zone)
    if job.calendar.is_working(local.date()):
        return due
    if job.file.working_day == "skip":
        return None
    day = job.calendar.shifted(local.date(), 1 if job.file.working_day == "next" else -1)
    return datetime.combine(day, local.time(), job.zone).astimezone(UTC)
