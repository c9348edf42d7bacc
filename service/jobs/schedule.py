"""A site's schedule, read from its file."""

from zoneinfo import ZoneInfo

from avctl.config import JobFile
from avctl.errors import ConfigError
from avctl.site import Site
from service.jobs.calendar import read_calendar
from service.jobs.dues import Job

OF_ROOMS = frozenset({"warm-up", "inspection"})  # done for each room by itself


def read_jobs(site: Site) -> list[Job]:
    """The site's jobs. Raises ConfigError for a room that there is not, or a file of holidays that is wrong."""
    if site.file is None:
        return []
    zone, calendar = ZoneInfo(site.file.timezone), read_calendar(site.path, site.file)
    return [
        Job(name, job, _rooms(site, name, job), zone, calendar)
        for name, job in site.file.schedule.items()
    ]


def _rooms(site: Site, name: str, job: JobFile) -> tuple[str, ...]:
    if job.do not in OF_ROOMS:
        return ()
    rooms = tuple(site.rooms) if job.rooms == "all" else job.rooms
    if unknown := [room for room in rooms if room not in site.rooms]:
        fitting = ", ".join(site.rooms)
        raise ConfigError(
            f"{site.path}: schedule.{name}: no room {unknown[0]!r}; there are {fitting}"
        )
    return tuple(rooms)
