"""What one running service consists of, and how its routes reach it."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Header
from starlette.requests import HTTPConnection

from avctl.clock import Clock
from avctl.room import Room
from avctl.site import Site
from service.alerts import Alarms, AlarmWatch, IncidentRule, Outbox
from service.chronicle import Chronicle
from service.drills import Drills
from service.figures import Figures
from service.hub import Hub
from service.jobs import Jobs
from service.jobs.calendar import Calendar
from service.journal import Journal
from service.operations.incidents import Incidents
from service.operations.inspections import Inspections
from service.operations.ledger import Ledger
from service.operations.meeting_watch import MeetingWatch
from service.operations.meetings import Meetings
from service.operations.reports.reports import Reports
from service.operations.warmups import Warmups
from service.people.accesses import AccessLog
from service.people.caller import CALLER, Caller, Kind
from service.people.people import People
from service.pictures import Pictures
from service.problems import no_login, unknown
from service.recorder import Recorder
from service.settings import Settings
from service.store.kept import Kept
from service.store.records import Records
from service.taps import Taps

LONGEST_NAME = 64  # characters of who tapped


@dataclass(frozen=True, slots=True)
class Parts:
    site: Site
    settings: Settings
    clock: Clock
    version: str
    journal: Journal
    records: Records
    files: Kept
    people: People
    accesses: AccessLog
    ledger: Ledger
    inspections: Inspections
    warmups: Warmups
    jobs: Jobs
    calendar: Calendar
    hub: Hub
    recorder: Recorder
    chronicle: Chronicle
    drills: Drills
    meetings: Meetings
    meeting_watch: MeetingWatch
    incidents: Incidents
    reports: Reports
    alarms: Alarms
    alarm_watch: AlarmWatch
    outbox: Outbox
    incident_rule: IncidentRule
    taps: Taps
    pictures: Pictures
    figures: Figures


async def parts_of(connection: HTTPConnection) -> Parts:
    parts: Parts = connection.app.state.parts
    return parts


Here = Annotated[Parts, Depends(parts_of)]


async def room_of(room: str, here: Here) -> Room:
    if room not in here.site.rooms:
        raise unknown("room", "房间", room, here.site.rooms)
    return here.site.rooms[room]


RoomHere = Annotated[Room, Depends(room_of)]


async def caller_of(connection: HTTPConnection) -> Caller:
    caller: Caller | None = connection.scope.get(CALLER)
    if caller is None:
        raise no_login()
    return caller


Who = Annotated[Caller, Depends(caller_of)]


async def who(
    connection: HTTPConnection,
    x_panel: Annotated[
        str | None, Header(description="Name of the panel; percent-encoded UTF-8")
    ] = None,
) -> str:
    """Who asks. Where nobody logs in: the panel, by its name or its address."""
    caller: Caller | None = connection.scope.get(CALLER)
    if caller and caller.kind is not Kind.OPEN:
        return caller.name
    name = "".join(char for char in unquote(x_panel or "").strip() if char.isprintable())
    if name:
        return name[:LONGEST_NAME]
    return connection.client.host if connection.client else "unknown"


By = Annotated[str, Depends(who)]
