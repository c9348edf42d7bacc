"""Incidents and their register as the API tells them."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from service.operations.incidents import Day, Incident
from service.views.bodies import Said
from service.views.models import Title, View
from service.views.moments import Moment

Severity = Literal["info", "warning", "critical"]
State = Literal["open", "responded", "repaired", "closed"]
Nature = Literal["unknown", "soft", "hardware"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class EventView(View):
    seq: int = Field(description="The entry of the journal")
    event: str
    at: str
    by: str
    data: dict[str, Any]


class IncidentView(View):
    incident: int
    state: State
    room: str | None
    device: str
    signs: str
    text: Title | None = Field(description="The signs in both languages, where an alarm told them")
    severity: Severity
    nature: Nature
    source: Literal["alarm", "inspection", "person"]
    reported: str
    reported_by: str
    responded: str | None
    responded_by: str
    repaired: str | None
    repaired_by: str
    done: str
    parts: str
    vendor: str
    closed: str | None
    closed_by: str
    reason: str = Field(description="Why who repaired it confirmed it too")
    alarm: str
    meeting: int | None
    run: str
    seqs: list[int] = Field(description="Entries of the journal that it is about")
    history: list[EventView]


class IncidentPage(View):
    incidents: list[IncidentView] = Field(description="Newest first")
    more: bool


class IncidentChanged(View):
    """An incident was opened, or went on."""

    type: Literal["incident"] = "incident"
    room: str | None
    incident: IncidentView


class DayOfRegister(View):
    date: str
    received: list[int]
    repaired: list[int]
    closed: list[int]
    left_open: int = Field(description="Reported and not repaired at the end of the day")


class Register(View):
    timezone: str
    days: list[DayOfRegister]


class OpenBody(Said):
    room: str | None = None
    device: str = ""
    signs: Text = Field(min_length=1)
    severity: Severity = "warning"
    nature: Nature = "unknown"
    at: Moment | None = Field(default=None, description="When it was noticed, if before")
    meeting: int | None = None
    run: str = Field(default="", max_length=64)
    seqs: tuple[int, ...] = Field(default=(), max_length=100)


class RespondBody(Said):
    at: Moment | None = None


class RepairBody(Said):
    done: Text = Field(min_length=1, description="What was done")
    parts: Text = ""
    vendor: Text = ""
    nature: Nature | None = None
    at: Moment | None = None


class CloseBody(Said):
    reason: Text = Field(default="", description="Needed of who repaired it")


class ReopenBody(Said):
    reason: Text = Field(min_length=1)


class LinkBody(Said):
    seqs: tuple[int, ...] = Field(min_length=1, max_length=100)


def incident_view(incident: Incident) -> IncidentView:
    return IncidentView(
        incident=incident.identity,
        state=incident.state,
        room=incident.room,
        device=incident.device,
        signs=incident.signs,
        text=_title(incident.text),
        severity=incident.severity,
        nature=incident.nature,
        source=incident.source,
        reported=incident.reported,
        reported_by=incident.reported_by,
        responded=incident.responded or None,
        responded_by=incident.responded_by,
        repaired=incident.repaired or None,
        repaired_by=incident.repaired_by,
        done=incident.done,
        parts=incident.parts,
        vendor=incident.vendor,
        closed=incident.closed or None,
        closed_by=incident.closed_by,
        reason=incident.reason,
        alarm=incident.alarm,
        meeting=incident.meeting,
        run=incident.run,
        seqs=incident.seqs,
        history=[
            EventView(seq=each.seq, event=each.event, at=each.at, by=each.by, data=each.data)
            for each in incident.history
        ],
    )


def _title(text: dict[str, str]) -> Title | None:
    return Title(zh=text.get("zh", ""), en=text.get("en", "")) if text else None


def day_view(day: Day) -> DayOfRegister:
    return DayOfRegister(
        date=day.day.isoformat(),
        received=day.received,
        repaired=day.repaired,
        closed=day.closed,
        left_open=day.left_open,
    )
