"""The service of a site: API, panel, health and figures. All of its state hangs on the app."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path

import httpx
from fastapi import Depends, FastAPI

from avctl.clock import Clock
from avctl.config import AlertsFile
from avctl.site import Site
from service import openapi, problems, telling
from service.alerts import Alarms, AlarmWatch, IncidentRule, Outbox
from service.chronicle import Chronicle
from service.drills import Drills
from service.figures import Figures
from service.guard import Guard
from service.hub import Hub
from service.jobs import Jobs, read_jobs
from service.jobs.calendar import read_calendar
from service.journal import Journal
from service.memory import remind
from service.operations.incidents import Incidents
from service.operations.inspections import Inspections
from service.operations.inspections.reporting import report
from service.operations.ledger import Ledger
from service.operations.meeting_watch import MeetingWatch
from service.operations.meetings import Meetings
from service.operations.reports.reports import Reports
from service.operations.warmups import Warmups
from service.parts import Parts
from service.people.accesses import AccessLog
from service.people.door import Accesses, Door, admit
from service.people.people import People
from service.pictures import Pictures
from service.recorder import Recorder
from service.routes import add_routes
from service.settings import Settings
from service.store.kept import Kept
from service.store.records import MEMORY, Records
from service.taps import Taps
from service.views.alarms import alarm_view
from service.views.inspection import changed_view
from service.views.meetings import meeting_brief
from service.views.schedule import ScheduleChanged, running_views


def create_app(
    site: Site,
    settings: Settings,
    *,
    journal: Journal,
    records: Records | None = None,
    files: Kept | None = None,
    set_up_file: Path | None = None,
    cameras: httpx.AsyncBaseTransport | None = None,
    webhooks: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """An app that keeps ``site`` entered while it runs. The caller opens and closes ``journal`` and ``records``;
    without records and files there are some in memory only.

    ``set_up_file``: where the code for making the first person is written. ``cameras``, ``webhooks``: how pictures are fetched and alarms sent, if not over the network. Raises ConfigError.
    """
    records, files = records or Records(MEMORY), files or Kept()
    parts = _parts(site, settings, journal, records, files, cameras, webhooks)
    parts.people.set_up.file = set_up_file
    app = FastAPI(
        title="avctl",
        version=parts.version,
        openapi_url=None,  # told like everything else, to those who may know
        docs_url=None,  # its page would come from another site
        redoc_url=None,
        lifespan=_lifespan,
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
        dependencies=[Depends(admit)],
    )
    app.state.parts = parts
    # The last one stands outermost.
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(Door)
    app.add_middleware(Accesses)
    problems.install(app)
    add_routes(app)
    openapi.install(app)
    return app


def _parts(
    site: Site,
    settings: Settings,
    journal: Journal,
    records: Records,
    files: Kept,
    cameras: httpx.AsyncBaseTransport | None,
    webhooks: httpx.AsyncBaseTransport | None,
) -> Parts:
    clock = next((room.clock for room in site.rooms.values()), None) or Clock()
    version = _version()
    rules = site.file.alerts if site.file else AlertsFile()
    meetings, incidents, alarms = Meetings(journal), Incidents(journal), Alarms(journal, rules)
    hub = Hub(
        site, journal, clock, version=version, language=settings.language,
        meeting=lambda room: meeting_brief(meetings.live(room)),
        alarms=lambda: [alarm_view(each, incidents.about(each.identity)) for each in alarms.active()],
    )  # fmt: skip
    meetings.changed = partial(telling.meeting_changed, site, meetings, hub)
    incidents.changed = partial(telling.incident_changed, alarms, hub)
    alarms.listeners.append(partial(telling.alarm_changed, incidents, hub))
    warmups = Warmups(
        site, journal, clock, files, tell=hub.tell, alarm=partial(telling.happened, alarms),
        in_use=partial(telling.in_use, meetings),
    )  # fmt: skip
    ledger = Ledger(site, journal, clock)
    inspections = Inspections(
        site, journal, clock, files, ledger,
        changed=lambda made: hub.tell(changed_view(made)),
        report=partial(report, incidents), in_use=partial(telling.in_use, meetings),
    )  # fmt: skip
    reports = Reports(site, journal, clock, files, partial(telling.report_changed, hub))
    jobs = Jobs(
        read_jobs(site), records, journal, clock,
        {"warm-up": warmups.do, "inspection": inspections.do, "report": reports.do},
        goes_on={"warm-up": warmups.go_on, "inspection": inspections.go_on, "report": reports.do},
        alarm=partial(telling.happened, alarms),
        changed=lambda: hub.tell(ScheduleChanged(running=running_views(jobs))),
    )  # fmt: skip
    return Parts(
        site=site,
        settings=settings,
        clock=clock,
        version=version,
        journal=journal,
        records=records,
        files=files,
        people=People(records, journal, clock, settings),
        accesses=AccessLog(journal, clock),
        ledger=ledger,
        inspections=inspections,
        warmups=warmups,
        jobs=jobs,
        calendar=read_calendar(site.path, site.file),
        hub=hub,
        recorder=Recorder(site, journal, clock, version),
        chronicle=Chronicle(site, journal, clock),
        drills=Drills(journal, clock, meetings.live),
        meetings=meetings,
        meeting_watch=MeetingWatch(
            site, meetings, clock, alarm=partial(telling.calendar_unread, alarms)
        ),
        incidents=incidents,
        reports=reports,
        alarms=alarms,
        alarm_watch=AlarmWatch(site, alarms, journal, clock, rules, settings.data),
        outbox=Outbox(site, alarms, journal, clock, transport=webhooks),
        incident_rule=IncidentRule(alarms, incidents, meetings.live, rules),
        taps=Taps(clock),
        pictures=Pictures(
            clock,
            most_bytes=settings.picture_bytes,
            seconds=settings.picture_seconds,
            transport=cameras,
        ),
        figures=Figures(site, hub, clock, version),
    )


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Parts = app.state.parts
    await parts.records.open()
    await parts.people.open()
    await remind(parts.site, parts.journal)
    for projection in (
        parts.meetings, parts.incidents, parts.ledger, parts.alarms, parts.reports,
    ):  # fmt: skip
        await projection.open()
    # Who listens comes before the rooms, so that no device's coming is missed.
    with parts.figures, parts.recorder, parts.chronicle:
        async with (
            parts.pictures, parts.hub, parts.incident_rule, parts.outbox, parts.alarm_watch,
            parts.site, parts.drills, parts.warmups, parts.inspections,
            parts.meeting_watch, parts.jobs,
        ):  # fmt: skip
            watching = asyncio.create_task(parts.figures.watch_loop())
            try:
                yield
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
    for projection in (
        parts.meetings, parts.incidents, parts.ledger, parts.alarms, parts.reports,
    ):  # fmt: skip
        projection.close()
    await parts.records.close()


def _version() -> str:
    try:
        return version_of("avctl")
    except PackageNotFoundError:
        return "0"
