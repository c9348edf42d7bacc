"""Incidents: from the first sign to the repair and its confirmation, and the daily register of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, ClassVar, Literal, get_args

from avctl.config import Severity
from service.journal import Entry, Journal
from service.operations.errors import ConflictError
from service.operations.projection import Projection
from service.views.values import iso

State = Literal["open", "responded", "repaired", "closed"]
Nature = Literal["unknown", "soft", "hardware"]
Source = Literal["alarm", "inspection", "person"]

KIND = "incident-log"


@dataclass(frozen=True, slots=True)
class Event:
    seq: int  # of the journal's entry
    event: str
    at: str  # when it was, as told; the entry's own time may be later
    by: str
    data: dict[str, Any]


@dataclass(eq=False, slots=True)
class Incident:
    """One incident; its identity is the number of the journal's entry that opened it."""

    identity: int
    room: str | None
    device: str
    signs: str
    severity: Severity
    nature: Nature
    source: Source
    reported_by: str
    reported: str
    text: dict[str, str] = field(default_factory=dict)  # its signs in both languages, of an alarm
    alarm: str = ""
    meeting: int | None = None
    run: str = ""
    seqs: list[int] = field(default_factory=list)  # entries it is about
    responded: str = ""
    responded_by: str = ""
    repaired: str = ""
    repaired_by: str = ""
    done: str = ""
    parts: str = ""
    vendor: str = ""
    closed: str = ""
    closed_by: str = ""
    reason: str = ""  # why who repaired it confirmed it too
    history: list[Event] = field(default_factory=list)

    @property
    def state(self) -> State:
        if self.closed:
            return "closed"
        if self.repaired:
            return "repaired"
        return "responded" if self.responded else "open"


@dataclass(frozen=True, slots=True)
class Report:
    """What is said when an incident is opened."""

    room: str | None
    device: str = ""
    signs: str = ""
    severity: Severity = "warning"
    nature: Nature = "unknown"
    source: Source = "person"
    text: Mapping[str, str] = field(default_factory=dict)
    alarm: str = ""
    meeting: int | None = None
    run: str = ""
    seqs: Sequence[int] = ()


@dataclass(slots=True)
class Day:
    """What was received and handled on one day, and what was left open at its end."""

    day: date
    received: list[int] = field(default_factory=list)
    repaired: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    left_open: int = 0


class Incidents(Projection):
    """All incidents on record."""

    kinds: ClassVar[frozenset[str]] = frozenset({KIND})

    def __init__(
        self, journal: Journal, changed: Callable[[Incident], object] = lambda incident: None
    ) -> None:
        super().__init__(journal)
        self.by_identity: dict[int, Incident] = {}
        self.changed = changed
        self._about: dict[int, int] = {}  # entries of the journal → incident

    def newest(
        self, state: State | None = None, room: str | None = None, before: int | None = None
    ) -> Iterator[Incident]:
        for identity in sorted(self.by_identity, reverse=True):
            incident = self.by_identity[identity]
            if before is not None and identity >= before:
                continue
            if state in (None, incident.state) and room in (None, incident.room):
                yield incident

    def of_alarm(self, alarm: str) -> Incident | None:
        """The incident that an alarm has opened and that is not repaired yet."""
        return next(
            (each for each in self.newest() if each.alarm == alarm and not each.repaired), None
        )

    def about(self, seq: int) -> int | None:
        """The last incident that an entry of the journal was linked to."""
        return self._about.get(seq)

    # Commands. All raise JournalError when what they say could not be kept.

    async def open_one(self, report: Report, by: str, at: datetime | None = None) -> Incident:
        """``at``: when it was noticed, where that was before."""
        data = {
            "event": "opened",
            "device": report.device,
            "signs": report.signs,
            "severity": report.severity,
            "nature": report.nature,
            "source": report.source,
            "text": dict(report.text),
            "alarm": report.alarm,
            "meeting": report.meeting,
            "run": report.run,
            "seqs": list(report.seqs),
        }
        entry = await self.write(KIND, _timed(data, at), room=report.room, by=by)
        return self.by_identity[entry.seq]

    async def respond(self, incident: Incident, by: str, at: datetime | None = None) -> None:
        """Somebody has taken it up. Raises ConflictError when it was before."""
        if incident.state != "open":
            raise ConflictError(f"incident {incident.identity} is {incident.state}")
        _must_follow(incident.reported, at)
        await self._write(incident, by, _timed({"event": "responded"}, at))

    async def repair(
        self,
        incident: Incident,
        by: str,
        done: str,
        *,
        parts: str = "",
        vendor: str = "",
        nature: Nature | None = None,
        at: datetime | None = None,
    ) -> None:
        """It works again. Where nobody had responded, this is the response too. Raises ConflictError."""
        if incident.state not in ("open", "responded"):
            raise ConflictError(f"incident {incident.identity} is {incident.state}")
        _must_follow(incident.responded or incident.reported, at)
        data = {"done": done, "parts": parts, "vendor": vendor, "nature": nature or incident.nature}
        await self._write(incident, by, _timed({"event": "repaired", **data}, at))

    async def close_one(self, incident: Incident, by: str, reason: str = "") -> None:
        """Confirm that it is repaired. Who repaired it may do so with a reason. Raises ConflictError."""
        if incident.state != "repaired":
            raise ConflictError(f"incident {incident.identity} is {incident.state}, not repaired")
        if by == incident.repaired_by and not reason.strip():
            raise ConflictError(
                "another person confirms the repair, or the same one gives a reason"
            )
        await self._write(incident, by, {"event": "closed", "reason": reason})

    async def reopen(self, incident: Incident, by: str, reason: str) -> None:
        """It is not repaired after all. Raises ConflictError."""
        if incident.state not in ("repaired", "closed"):
            raise ConflictError(f"incident {incident.identity} is {incident.state}")
        await self._write(incident, by, {"event": "reopened", "reason": reason})

    async def link(self, incident: Incident, by: str, seqs: Sequence[int]) -> None:
        """Say that entries of the journal are about it."""
        await self._write(incident, by, {"event": "linked", "seqs": list(seqs)})

    async def _write(self, incident: Incident, by: str, data: dict[str, Any]) -> None:
        said = {"incident": incident.identity, **data}
        await self.write(KIND, said, room=incident.room, by=by)

    # The register.

    def register(self, since: date, until: date, zone: tzinfo) -> list[Day]:
        """Every day from ``since`` up to and with ``until``, by the local time of ``zone``."""
        count = (until - since).days + 1
        days = {day: Day(day) for day in (since + timedelta(days=n) for n in range(count))}
        for incident in self.by_identity.values():
            for event in incident.history:
                if day := days.get(_local(event.at, zone)):
                    _enter(day, event, incident.identity)
            for day in days.values():
                day.left_open += _was_open(incident, day.day, zone)
        return list(days.values())

    # From the journal.

    def apply(self, entry: Entry) -> None:
        data = entry.data
        event = Event(
            entry.seq, str(data.get("event")), str(data.get("at") or entry.at), entry.by or "", data
        )
        if event.event == "opened":
            self.by_identity[entry.seq] = _opened(entry, event)
        elif incident := self.by_identity.get(data.get("incident", 0)):
            _went_on(incident, event)
        else:
            return
        incident = self.by_identity[data.get("incident", entry.seq)]
        incident.history.append(event)
        self._about.update(dict.fromkeys(data.get("seqs", ()), incident.identity))
        self.changed(incident)


def _enter(day: Day, event: Event, identity: int) -> None:
    match event.event:
        case "opened":
            day.received.append(identity)
        case "repaired":
            day.repaired.append(identity)
        case "closed":
            day.closed.append(identity)


def _was_open(incident: Incident, day: date, zone: tzinfo) -> bool:
    """Whether it was reported and not repaired at the end of ``day``."""
    is_open = False
    for event in incident.history:
        if _local(event.at, zone) > day:
            continue
        if event.event in ("opened", "reopened"):
            is_open = True
        elif event.event == "repaired":
            is_open = False
    return is_open


def _opened(entry: Entry, event: Event) -> Incident:
    data = entry.data
    return Incident(
        identity=entry.seq,
        room=entry.room,
        device=str(data.get("device", "")),
        signs=str(data.get("signs", "")),
        severity=_said(data, "severity", Severity, "warning"),
        nature=_said(data, "nature", Nature, "unknown"),
        source=_said(data, "source", Source, "person"),
        reported_by=event.by,
        reported=event.at,
        text=_words(data.get("text")),
        alarm=str(data.get("alarm", "")),
        meeting=data.get("meeting"),
        run=str(data.get("run", "")),
        seqs=list(data.get("seqs", ())),
    )


def _went_on(incident: Incident, event: Event) -> None:
    data = event.data
    match event.event:
        case "responded":
            incident.responded, incident.responded_by = event.at, event.by
        case "repaired":
            if not incident.responded:
                incident.responded, incident.responded_by = event.at, event.by
            incident.repaired, incident.repaired_by = event.at, event.by
            incident.done, incident.parts = str(data.get("done", "")), str(data.get("parts", ""))
            incident.vendor = str(data.get("vendor", ""))
            if data.get("nature") in get_args(Nature):
                incident.nature = data["nature"]
        case "closed":
            incident.closed, incident.closed_by = event.at, event.by
            incident.reason = str(data.get("reason", ""))
        case "reopened":
            incident.repaired = incident.repaired_by = incident.closed = incident.closed_by = ""
            incident.reason = ""
        case "linked":
            incident.seqs += [seq for seq in data.get("seqs", ()) if seq not in incident.seqs]


def _words(text: Any) -> dict[str, str]:
    if not isinstance(text, Mapping):
        return {}
    return {language: str(text[language]) for language in ("zh", "en") if language in text}


def _said(data: dict[str, Any], key: str, kinds: Any, otherwise: str) -> Any:
    """One of ``kinds``, whatever another version wrote."""
    return data[key] if data.get(key) in get_args(kinds) else otherwise


def _timed(data: dict[str, Any], at: datetime | None) -> dict[str, Any]:
    return {**data, "at": iso(at)} if at else data


def _must_follow(before: str, at: datetime | None) -> None:
    if at and at < datetime.fromisoformat(before):
        raise ConflictError(f"that was before {before}, which it follows")


def _local(at: str, zone: tzinfo) -> date:
    return datetime.fromisoformat(at).astimezone(zone).date()
