"""The command that shows what a site does by the clock."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from avctl.clock import Clock
from avctl.errors import ConfigError
from avctl.site import Site, open_site
from service.cli.addresses import SitePath


def schedule(
    site: SitePath,
    month: Annotated[str | None, typer.Option(help="Which month: 2026-12; this one")] = None,
) -> None:
    """Show what is due in a month, day by day, and which days are worked."""
    for line in asyncio.run(_lines(site, month)):
        print(line)


async def _lines(path: SitePath, month: str | None) -> list[str]:
    clock = Clock()
    site = open_site(path, clock)
    zone = ZoneInfo(site.file.timezone if site.file else "UTC")
    try:
        first = date.fromisoformat(f"{month or clock.wall().astimezone(zone).strftime('%Y-%m')}-01")
    except ValueError as error:
        raise ConfigError(f"{month!r}: give a month, like 2026-12") from error
    return list(_month(site, zone, first))


def _month(site: Site, zone: ZoneInfo, first: date) -> Iterator[str]:
    from service.jobs import dues, read_jobs
    from service.jobs.calendar import read_calendar

    jobs, calendar = read_jobs(site), read_calendar(site.path, site.file)
    after = (first + timedelta(days=31)).replace(day=1)
    since, until = (datetime.combine(day, datetime.min.time(), zone) for day in (first, after))
    coming = (
        (at.astimezone(zone), job)
        for job in jobs
        for at in dues(job, since - timedelta(microseconds=1), until)
        if at < until
    )
    due = sorted(coming, key=lambda item: (item[0], item[1].name))
    yield f"{site.name} {first:%Y-%m} {zone.key}"
    for at, job in due:
        off = "" if calendar.is_working(at.date()) else "  (day off)"
        rooms = f"  {', '.join(job.rooms)}" if job.rooms else ""
        yield f"  {at:%Y-%m-%d %a %H:%M}  {job.name}{rooms}{off}"
    if not due:
        yield "  nothing is due"
