"""Meetings and their logs as the API tells them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from service.journal import Entry
from service.operations.meeting_log import MeetingLog
from service.operations.meetings import Meeting
from service.views.bodies import Said
from service.views.models import MeetingBrief, Title, View
from service.views.moments import Moment
from service.views.reasons import reason
from service.views.values import iso

Source = Literal["tap", "calendar", "call"]


class MeetingView(View):
    meeting: int
    room: str
    title: str
    source: Source
    by: str
    began: str
    planned: str | None = Field(description="When it should end; null where nobody planned it")
    ended: str | None
    ended_by: str
    present: int | None = Field(description="How many were there")
    attendance: str
    remarks: str


class FigureView(View):
    value: float | None
    seqs: list[int] = Field(description="The entries of the journal that it was counted from")


class MomentView(View):
    seq: int = Field(description="The entry of the journal that this is")
    at: str
    kind: str
    by: str | None
    text: Title
    data: dict[str, Any]


class MeetingLogView(View):
    meeting: MeetingView
    figures: dict[str, FigureView]
    timeline: list[MomentView]


class MeetingPage(View):
    meetings: list[MeetingView] = Field(description="Newest first")
    more: bool


class LiveMeeting(View):
    meeting: MeetingView | None


class PlannedView(View):
    room: str
    title: str
    starts: str
    ends: str


class PlannedMeetings(View):
    planned: list[PlannedView]


class MeetingChanged(View):
    """A room has gone into meeting mode, or out of it."""

    type: Literal["meeting"] = "meeting"
    room: str
    meeting: MeetingBrief | None


class BeginBody(Said):
    title: str = Field(default="", max_length=200)
    planned: Moment | None = None


class EndBody(Said):
    why: str = Field(default="", max_length=500)


class NoteBody(Said):
    text: str = Field(min_length=1, max_length=2000)


class AttendanceBody(Said):
    present: int | None = Field(default=None, ge=0, le=10_000)
    attendance: str = Field(default="", max_length=2000)
    remarks: str = Field(default="", max_length=4000)


def meeting_view(meeting: Meeting) -> MeetingView:
    return MeetingView(
        meeting=meeting.identity,
        room=meeting.room,
        title=meeting.title,
        source=meeting.source,
        by=meeting.by,
        began=meeting.began,
        planned=meeting.planned or None,
        ended=meeting.ended or None,
        ended_by=meeting.ended_by,
        present=meeting.present,
        attendance=meeting.attendance,
        remarks=meeting.remarks,
    )


def meeting_brief(meeting: Meeting | None) -> MeetingBrief | None:
    if meeting is None:
        return None
    return MeetingBrief(
        meeting=meeting.identity,
        title=meeting.title,
        source=meeting.source,
        by=meeting.by,
        began=meeting.began,
        planned=meeting.planned or None,
    )


def log_view(meeting: Meeting, log: MeetingLog) -> MeetingLogView:
    return MeetingLogView(
        meeting=meeting_view(meeting),
        figures={
            name: FigureView(value=figure.value, seqs=figure.seqs)
            for name, figure in log.figures.items()
        },
        timeline=[_moment(entry) for entry in log.timeline],
    )


def planned_view(room: str, title: str, starts: datetime, ends: datetime) -> PlannedView:
    return PlannedView(room=room, title=title, starts=iso(starts), ends=iso(ends))


def _moment(entry: Entry) -> MomentView:
    zh, en = _told(entry)
    return MomentView(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        by=entry.by,
        text=Title(zh=zh, en=en),
        data={key: value for key, value in entry.data.items() if key not in ("steps", "wants")},
    )


VERDICTS = {
    "confirmed": "已确认",
    "failed": "失败",
    "unknown": "结果未知",
    "superseded": "被取代",
    "sent": "已发送",
}
PAIR_EVENTS = {
    "change-over": ("切换", "changing over"),
    "active": ("在用", "in use"),
    "latched": ("自动切换已锁定", "latched"),
    "armed": ("切换方式", "armed"),
    "reset": ("已复位", "reset"),
}
MEETING_EVENTS = {"begun": ("会议开始", "meeting begins"), "ended": ("会议结束", "meeting ends")}


def _told(entry: Entry) -> tuple[str, str]:
    """In Chinese and in English."""
    data = entry.data
    match entry.kind:
        case "tap":
            return f"执行 {data.get('scene')}", f"take of {data.get('scene')}"
        case "verdict":
            said, took = str(data.get("verdict")), _seconds(data.get("duration"))
            scene = data.get("scene")
            return f"{scene}：{VERDICTS.get(said, said)}{took}", f"{scene}: {said}{took}"
        case "interrupted":
            return f"{data.get('scene')}：中断", f"{data.get('scene')}: interrupted"
        case "device":
            device = str(data.get("device"))
            why = reason(str(data.get("reason", "")), device)
            if data.get("up"):
                return f"{device} 已连接", f"{device} is there"
            return f"{device} 离线：{why.zh}", f"{device} is away: {why.en}"
        case "pair":
            event = str(data.get("event"))
            zh, en = PAIR_EVENTS.get(event, (event, event))
            more = data.get("to") or data.get("side") or data.get("arm") or ""
            return f"主备 {data.get('pair')} {zh} {more}", f"pair {data.get('pair')} {en} {more}"
        case "outside":
            what = f"{data.get('device')} {data.get('point')}"
            change = f"{data.get('before')} → {data.get('value')}"
            return f"外部改动 {what}：{change}", f"changed from outside: {what}: {change}"
        case "alarm":
            text = data.get("text") or {}
            event = str(data.get("event"))
            return f"告警 {text.get('zh', event)}", f"alarm {event}: {text.get('en', '')}"
        case "meeting":
            event = str(data.get("event"))
            if event == "note":
                return str(data.get("text")), str(data.get("text"))
            return MEETING_EVENTS.get(event, (event, event))
        case "incident-log":
            event, signs = str(data.get("event")), data.get("signs", "")
            return f"故障单 {event} {signs}", f"incident {event} {signs}"
        case "incident":
            return f"应急 {data.get('scene')}", f"emergency: {data.get('scene')}"
    return entry.kind, entry.kind


def _seconds(took: Any) -> str:
    return f" ({took:.2f} s)" if isinstance(took, int | float) else ""
