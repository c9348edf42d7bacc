"""Incidents: reporting, responding, repairing, confirming, and the daily register."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query

from service.openapi import COMMAND, problems
from service.operations.incidents import Incident, Report
from service.parts import By, Here, Parts, Who
from service.people.roles import Right
from service.problems import ApiError, unfit, unknown
from service.views.incidents import (
    CloseBody,
    IncidentPage,
    IncidentView,
    LinkBody,
    OpenBody,
    Register,
    ReopenBody,
    RepairBody,
    RespondBody,
    State,
    day_view,
    incident_view,
)
from service.views.moments import Day, Moment

router = APIRouter(prefix="/incidents", tags=["incidents"])

Number = Annotated[int, Path(ge=1, le=2**62)]
DONE = problems(*COMMAND, "conflict", "not-recorded")
LONGEST = 366  # days of a register
SKEW = timedelta(seconds=5)  # that a panel's clock may be ahead


@router.get("", responses=problems("not-found"))
async def list_incidents(
    here: Here,
    state: State | None = None,
    room: str | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> IncidentPage:
    """Newest first; the next page with the last one's number as ``before``."""
    if room is not None and room not in here.site.rooms:
        raise unknown("room", "房间", room, here.site.rooms)
    found = here.incidents.newest(state, room, before)
    page = [incident_view(each) for each, _ in zip(found, range(limit), strict=False)]
    return IncidentPage(incidents=page, more=next(found, None) is not None)


@router.get("/register", responses=problems())
async def get_register(here: Here, since: Day, until: Day) -> Register:
    """What was received and handled, day by day, both days included."""
    if not 0 <= (until - since).days < LONGEST:
        raise unfit(f"give at most {LONGEST} days in order")
    zone = ZoneInfo(here.site.file.timezone if here.site.file else "UTC")
    days = here.incidents.register(since, until, zone)
    return Register(timezone=zone.key, days=[day_view(day) for day in days])


@router.post("", status_code=201, responses=DONE)
async def open_incident(here: Here, body: OpenBody, by: By, who: Who) -> IncidentView:
    """Report one. A meeting that is on in its room is linked."""
    who.demand(Right.RECORD, body.room)
    _check_place(here, body)
    live = here.meetings.live(body.room) if body.room else None
    report = Report(
        room=body.room,
        device=body.device,
        signs=body.signs,
        severity=body.severity,
        nature=body.nature,
        meeting=body.meeting or (live.identity if live else None),
        run=body.run,
        seqs=body.seqs,
    )
    return incident_view(await here.incidents.open_one(report, by, _past(here, body.at)))


@router.get("/{incident}", responses=problems("not-found"))
async def get_incident(here: Here, incident: Number) -> IncidentView:
    return incident_view(_find(here, incident))


@router.post("/{incident}/respond", responses=DONE)
async def respond_to_incident(
    here: Here, incident: Number, by: By, body: RespondBody | None = None
) -> IncidentView:
    found = _find(here, incident)
    await here.incidents.respond(found, by, _past(here, body.at if body else None))
    return incident_view(found)


@router.post("/{incident}/repair", responses=DONE)
async def repair_incident(here: Here, incident: Number, body: RepairBody, by: By) -> IncidentView:
    found = _find(here, incident)
    await here.incidents.repair(
        found,
        by,
        body.done,
        parts=body.parts,
        vendor=body.vendor,
        nature=body.nature,
        at=_past(here, body.at),
    )
    return incident_view(found)


@router.post("/{incident}/close", responses=DONE)
async def close_incident(
    here: Here, incident: Number, by: By, body: CloseBody | None = None
) -> IncidentView:
    """Confirm the repair: another person than who made it, or the same with a reason."""
    found = _find(here, incident)
    await here.incidents.close_one(found, by, body.reason if body else "")
    return incident_view(found)


@router.post("/{incident}/reopen", responses=DONE)
async def reopen_incident(here: Here, incident: Number, body: ReopenBody, by: By) -> IncidentView:
    found = _find(here, incident)
    await here.incidents.reopen(found, by, body.reason)
    return incident_view(found)


@router.post("/{incident}/links", responses=DONE)
async def link_incident(here: Here, incident: Number, body: LinkBody, by: By) -> IncidentView:
    """Say that entries of the journal are about it."""
    found = _find(here, incident)
    if beyond := [seq for seq in body.seqs if not 0 < seq <= here.journal.last]:
        raise unfit(f"the journal has no entry {beyond[0]}")
    await here.incidents.link(found, by, body.seqs)
    return incident_view(found)


def _check_place(here: Parts, body: OpenBody) -> None:
    if body.room is None:
        if body.device:
            raise unfit("a device is of a room: give the room too")
        return
    if body.room not in here.site.rooms:
        raise unknown("room", "房间", body.room, here.site.rooms)
    devices = here.site.rooms[body.room].devices
    if body.device and body.device not in devices:
        raise unknown("device", "设备", body.device, devices)


def _past(here: Parts, at: Moment | None) -> datetime | None:
    if at is None:
        return None
    if at > here.clock.wall() + SKEW:
        raise unfit(f"{at.isoformat()} is still to come")
    return at.astimezone(UTC)


def _find(here: Parts, number: int) -> Incident:
    if found := here.incidents.by_identity.get(number):
        return found
    raise ApiError("not-found", f"there is no incident {number}", f"没有编号为 {number} 的故障单")
