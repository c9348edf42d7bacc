"""The meetings that a calendar file (RFC 5545) plans, those that recur included, each at its local time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar

from avctl.errors import AvctlError

USUAL = timedelta(hours=1)  # of a meeting that names no end
LONGEST = timedelta(days=7)
MOST = 20_000  # occurrences looked through of one that recurs
OFTEN = ("HOURLY", "MINUTELY", "SECONDLY")  # no meeting recurs so often


class AgendaError(AvctlError):
    """The file is no calendar; the text says why."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One meeting of the calendar, as it takes place once."""

    uid: str
    title: str
    location: str
    starts: datetime  # aware, UTC
    ends: datetime

    @property
    def key(self) -> str:
        """The same after a move of its end, another after a move of its start."""
        return f"{self.uid}@{self.starts.isoformat()}"


@dataclass(slots=True)
class Event:
    """An event of the file: once, or with its recurrences."""

    uid: str
    title: str
    location: str
    starts: datetime
    length: timedelta
    rule: str = ""
    more: list[datetime] = field(default_factory=list)
    left_out: set[datetime] = field(default_factory=set)  # UTC

    def times(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """When it begins so that some of it lies between, in UTC, unsorted."""
        for at in self._all(until):
            begins = at.astimezone(UTC)
            if begins not in self.left_out and begins < until and begins + self.length > since:
                yield begins

    def _all(self, until: datetime) -> Iterator[datetime]:
        seen = {self.starts.astimezone(UTC)}
        yield self.starts
        for at in (*self.more, *self._recurring(until)):
            if (begins := at.astimezone(UTC)) not in seen:
                seen.add(begins)
                yield at

    def _recurring(self, until: datetime) -> Iterator[datetime]:
        # Counted in local time and made UTC afterwards: nine o'clock stays nine o'clock.
        for number, at in enumerate(rrulestr(self.rule, dtstart=self.starts) if self.rule else ()):
            if number >= MOST or at.astimezone(UTC) >= until:
                return
            yield at


class Agenda:
    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.events = list(events)

    def between(self, since: datetime, until: datetime) -> list[Planned]:
        """What takes place between two aware times, in order."""
        found = [
            Planned(event.uid, event.title, event.location, at, at + event.length)
            for event in self.events
            for at in event.times(since, until)
        ]
        return sorted(found, key=lambda planned: (planned.starts, planned.uid))


def read_agenda(data: bytes, zone: tzinfo) -> Agenda:
    """Times without a zone are of ``zone``; events of whole days are no meetings. Raises AgendaError."""
    try:
        calendars = Calendar.from_ical(data, multiple=True)
        parts = [part for calendar in calendars for part in calendar.walk("VEVENT")]
        if not calendars:
            raise AgendaError("it holds no calendar")
        return Agenda(_events(parts, zone))
    except AgendaError:
        raise
    except Exception as error:  # of many kinds, for what a stranger's file may hold
        raise AgendaError(f"no calendar: {error}") from error


def _events(parts: list[Any], zone: tzinfo) -> list[Event]:
    whole = [part for part in parts if isinstance(_when(part, "DTSTART"), datetime)]
    series = {}
    events = []
    for part in whole:
        if "RECURRENCE-ID" not in part and not _is_cancelled(part):
            event = _event(part, zone)
            series[event.uid] = event
            events.append(event)
    for part in whole:
        if "RECURRENCE-ID" in part:
            if of := series.get(str(part.get("UID", ""))):
                of.left_out.add(_aware(_when(part, "RECURRENCE-ID"), zone).astimezone(UTC))
            if not _is_cancelled(part):
                events.append(_event(part, zone, recurs=False))
    return events


def _event(part: Any, zone: tzinfo, *, recurs: bool = True) -> Event:
    starts = _aware(_when(part, "DTSTART"), zone)
    event = Event(
        uid=str(part.get("UID", "")),
        title=str(part.get("SUMMARY", "")).strip(),
        location=str(part.get("LOCATION", "")).strip(),
        starts=starts,
        length=min(max(_length(part, starts, zone), timedelta(minutes=1)), LONGEST),
    )
    if recurs:
        event.rule = _rule(part.get("RRULE"), starts)
        event.more = [_aware(at, zone) for at in _dates(part, "RDATE")]
        event.left_out = {_aware(at, zone).astimezone(UTC) for at in _dates(part, "EXDATE")}
    return event


def _length(part: Any, starts: datetime, zone: tzinfo) -> timedelta:
    if "DTEND" in part:
        return _aware(_when(part, "DTEND"), zone).astimezone(UTC) - starts.astimezone(UTC)
    if "DURATION" in part:
        length: timedelta = part["DURATION"].dt
        return length
    return USUAL


def _rule(rule: Any, starts: datetime) -> str:
    if rule is None:
        return ""
    parts: Mapping[str, Any] = dict(rule)
    frequency = str(parts.get("FREQ", [""])[0]).upper()
    if frequency in OFTEN:
        raise AgendaError(f"a meeting that recurs {frequency.lower()}")
    ends = parts.get("UNTIL")
    text = ";".join(
        each for each in rule.to_ical().decode().split(";") if not each.startswith("UNTIL=")
    )
    if ends:
        # What ends by the day, or by a time without zone, is meant in the zone of the start.
        until = ends[0]
        if not isinstance(until, datetime):
            until = datetime.combine(until, datetime.max.time().replace(microsecond=0))
        until = (until if until.tzinfo else until.replace(tzinfo=starts.tzinfo)).astimezone(UTC)
        text += f";UNTIL={until:%Y%m%dT%H%M%SZ}"
    return text


def _dates(part: Any, name: str) -> list[datetime]:
    found = part.get(name, [])
    lists = found if isinstance(found, list) else [found]
    times = [each.dt for one in lists for each in one.dts]
    return [at for at in times if isinstance(at, datetime)]


def _when(part: Any, name: str) -> Any:
    value = part.get(name)
    return None if value is None else value.dt


def _aware(at: date, zone: tzinfo) -> datetime:
    if not isinstance(at, datetime):
        return datetime.combine(at, datetime.min.time(), zone)
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _is_cancelled(part: Any) -> bool:
    return str(part.get("STATUS", "")).upper() == "CANCELLED"
