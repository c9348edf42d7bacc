"""When jobs are due. Pure: from cron expressions, a time zone and a calendar to moments."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from avctl.config import JobFile
from service.jobs.calendar import FARTHEST, Calendar


@dataclass(frozen=True, slots=True)
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
    far = timedelta(days=FARTHEST)
    shifted = {_by_rule(job, at) for at in _raw(job, since - far, until + far)}
    yield from sorted(at for at in shifted if at is not None and since < at <= until)


def _raw(job: Job, since: datetime, until: datetime) -> Iterator[datetime]:
    for at in CronSim(job.file.cron, since.astimezone(job.zone)):
        if (due := at.astimezone(UTC)) > until:
            return
        yield due


def _by_rule(job: Job, due: datetime) -> datetime | None:
    local = due.astimezone(job.zone)
    if job.calendar.is_working(local.date()):
        return due
    if job.file.working_day == "skip":
        return None
    day = job.calendar.shifted(local.date(), 1 if job.file.working_day == "next" else -1)
    return datetime.combine(day, local.time(), job.zone).astimezone(UTC)
