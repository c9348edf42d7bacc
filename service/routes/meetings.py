"""Meetings: beginning and ending them, their notes and logs, and what the calendars plan."""

from datetime import UTC, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query

from service.openapi import COMMAND, problems
from service.operations.meeting_log import read_log
from service.operations.meetings import Meeting
from service.parts import By, Here, Parts, RoomHere
from service.problems import ApiError, unfit, unknown
from service.views.meetings import (
    AttendanceBody,
    BeginBody,
    EndBody,
    LiveMeeting,
    MeetingLogView,
    MeetingPage,
    MeetingView,
    NoteBody,
    PlannedMeetings,
    log_view,
    meeting_view,
    planned_view,
)
from service.views.moments import Moment

router = APIRouter(tags=["meetings"])

Number = Annotated[int, Path(ge=1, le=2**62)]
AHEAD = timedelta(days=7)
FARTHEST = timedelta(days=400)


@router.get("/meetings", responses=problems("not-found"))
async def list_meetings(
    here: Here,
    room: str | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> MeetingPage:
    """Newest first; the next page with the last one's number as ``before``."""
    if room is not None and room not in here.site.rooms:
        raise unknown("room", "房间", room, here.site.rooms)
    found = here.meetings.newest(room, before)
    page = [meeting_view(meeting) for meeting, _ in zip(found, range(limit), strict=False)]
    return MeetingPage(meetings=page, more=next(found, None) is not None)


@router.get("/meetings/planned", responses=problems())
async def list_planned(
    here: Here, since: Moment | None = None, until: Moment | None = None
) -> PlannedMeetings:
    """What the calendars plan; the next seven days unless told otherwise."""
    begin = (since or here.clock.wall()).astimezone(UTC)
    end = until.astimezone(UTC) if until else begin + AHEAD
    if not begin <= end <= begin + FARTHEST:
        raise unfit(f"give a span of at most {FARTHEST.days} days")
    return PlannedMeetings(
        planned=[
            planned_view(room, each.title, each.starts, each.ends)
            for room, each in here.meeting_watch.planned(begin, end)
        ]
    )


@router.get("/rooms/{room}/meeting", responses=problems("not-found"))
async def get_live_meeting(room: RoomHere, here: Here) -> LiveMeeting:
    live = here.meetings.live(room.name)
    return LiveMeeting(meeting=meeting_view(live) if live else None)


@router.post(
    "/rooms/{room}/meeting",
    status_code=201,
    responses=problems(*COMMAND, "conflict", "not-recorded"),
)
async def begin_meeting(
    room: RoomHere, here: Here, by: By, body: BeginBody | None = None
) -> MeetingView:
    body = body or BeginBody()
    planned = body.planned.astimezone(UTC) if body.planned else None
    return meeting_view(
        await here.meetings.begin(room.name, by, title=body.title.strip(), planned=planned)
    )


@router.get("/meetings/{meeting}", responses=problems("not-found", "not-recorded"))
async def get_meeting(here: Here, meeting: Number) -> MeetingLogView:
    """Its log: who, when, what happened meanwhile, and figures that lead to the journal."""
    found = _find(here, meeting)
    return log_view(found, await read_log(here.journal, found))


@router.post("/meetings/{meeting}/end", responses=problems(*COMMAND, "conflict", "not-recorded"))
async def end_meeting(
    here: Here, meeting: Number, by: By, body: EndBody | None = None
) -> MeetingLogView:
    """End it; the answer is its log."""
    found = _find(here, meeting)
    await here.meetings.end(found, by, body.why if body else "")
    return log_view(found, await read_log(here.journal, found))


@router.post("/meetings/{meeting}/notes", responses=problems(*COMMAND, "conflict", "not-recorded"))
async def note_meeting(here: Here, meeting: Number, body: NoteBody, by: By) -> MeetingView:
    found = _find(here, meeting)
    await here.meetings.note(found, by, body.text)
    return meeting_view(found)


@router.put("/meetings/{meeting}/attendance", responses=problems(*COMMAND, "not-recorded"))
async def set_attendance(here: Here, meeting: Number, body: AttendanceBody, by: By) -> MeetingView:
    """Who was there, and remarks: also when it is over."""
    found = _find(here, meeting)
    await here.meetings.attend(found, by, body.present, body.attendance, body.remarks)
    return meeting_view(found)


def _find(here: Parts, number: int) -> Meeting:
    if found := here.meetings.by_identity.get(number):
        return found
    raise ApiError("not-found", f"there is no meeting {number}", f"没有编号为 {number} 的会议")
