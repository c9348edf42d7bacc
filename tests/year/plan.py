"""What is to happen in the year, drawn from a seed before any of it happens."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from tests.rooms import DEMO

ZONE = ZoneInfo("Asia/Shanghai")
ROOMS = ("19", "17", "annex-6")
MEETINGS = 400  # of a whole year
HOLIDAYS: Mapping[str, Sequence[date]] = YAML().load(DEMO / "holidays.yaml")
BREAKABLE = {"19": "panorama-camera", "17": "matrix", "annex-6": "hall-wall"}  # by room
READY_BEFORE = timedelta(seconds=75)
OFF_AFTER = timedelta(seconds=10)
SHUT_DOWN = timedelta(seconds=120)  # a lamp's cooling
TITLES = ("例会", "专家论证会", "视频调度会", "Working group")


@dataclass(frozen=True, slots=True)
class Tap:
    at: datetime
    scene: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A line that is dead for a while."""

    device: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Meeting:
    """``taps`` begin before it, by making the room ready, and end after it, by shutting it down."""

    room: str
    title: str
    source: Literal["calendar", "tap"]
    begins: datetime
    ends: datetime
    taps: tuple[Tap, ...]
    cut: Cut | None


@dataclass(frozen=True, slots=True)
class Shift:
    """A time in which the service is there."""

    begins: datetime
    ends: datetime
    restart: datetime | None = None
    meetings: tuple[Meeting, ...] = ()
    clock_is_set: datetime | None = None  # two hours ahead, for a minute
    inspected: datetime | None = None  # when a person answers what the inspections ask


@dataclass(frozen=True, slots=True)
class Plan:
    year: int
    months: tuple[int, ...]
    begins: datetime
    ends: datetime
    shifts: tuple[Shift, ...]

    @property
    def meetings(self) -> list[Meeting]:
        return [meeting for shift in self.shifts for meeting in shift.meetings]


def is_working(day: date) -> bool:
    return day in HOLIDAYS["working"] or (day.weekday() < 5 and day not in HOLIDAYS["off"])


def warm_up_days(year: int, months: Sequence[int]) -> list[date]:
    """The first working day of each month, at 07:00; worked out without the schedule's own means."""
    return [_working_day_from(date(year, month, 1)) for month in months]


def inspection_days(year: int, months: Sequence[int]) -> list[date]:
    """Every Monday, or the working day after it, at 08:30. Two that fall on one day are one."""
    mondays = [day for day in _days(year, months) if day.weekday() == 0]
    return sorted({_working_day_from(day) for day in mondays})


def _working_day_from(day: date) -> date:
    while not is_working(day):
        day += timedelta(days=1)
    return day


def make(seed: int, year: int, months: Sequence[int]) -> Plan:
    """The shifts of ``months``: warm-ups, inspections, and their share of the year's meetings."""
    rng = Random(f"year/{seed}")
    share = round(MEETINGS * len(months) / 12)
    working = [day for day in _days(year, months) if is_working(day)]
    days = rng.sample(working, min(len(working), ceil(share / 2.7)))
    slots = [(day, room) for day in sorted(days) for room in ROOMS]
    chosen = sorted(rng.sample(slots, min(share, len(slots))))
    shifts = [
        Shift(
            _at(day, time(6, 58)),
            _at(day, time(7, 20)),
            _at(day, time(7, 9)) if day.month % 4 == 3 else None,
        )
        for day in warm_up_days(year, months)
    ]
    shifts += [
        Shift(
            _at(day, time(8, 29)),
            _at(day, time(8, 34)),
            inspected=_at(day, time(8, 31, 30)),
            clock_is_set=_at(day, time(8, 32)) if rng.random() < 0.1 else None,
        )
        for day in inspection_days(year, months)
    ]
    for day in sorted({day for day, _ in chosen}):
        meetings = tuple(_meeting(rng, day, room) for on, room in chosen if on == day)
        ends = max(meeting.ends for meeting in meetings) + OFF_AFTER + SHUT_DOWN
        restart = meetings[0].begins + timedelta(seconds=rng.randint(302, 308))
        shifts.append(
            Shift(
                _at(day, time(8, 58, 30)), ends, restart if rng.random() < 0.2 else None, meetings
            )
        )
    begins = _at(date(year, months[0], 1), time(0))
    after = date(year + months[-1] // 12, months[-1] % 12 + 1, 1)
    return Plan(
        year,
        tuple(months),
        begins,
        _at(after, time(0)),
        tuple(sorted(shifts, key=lambda shift: shift.begins)),
    )


def calendar_of(plan: Plan) -> str:
    """The planned meetings as iCalendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//a year//EN"]
    for number, meeting in enumerate(plan.meetings):
        if meeting.source == "calendar":
            lines += [
                "BEGIN:VEVENT",
                f"UID:{number}@year",
                f"DTSTART:{meeting.begins.astimezone(UTC):%Y%m%dT%H%M%SZ}",
                f"DTEND:{meeting.ends.astimezone(UTC):%Y%m%dT%H%M%SZ}",
                f"SUMMARY:{meeting.title}",
                f"LOCATION:{meeting.room}",
                "END:VEVENT",
            ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _meeting(rng: Random, day: date, room: str) -> Meeting:
    begins = _at(day, time(9, 0)) + timedelta(seconds=rng.choice((0, 60)))
    ends = begins + timedelta(minutes=rng.randint(6, 9))
    ready = Tap(begins - READY_BEFORE, "get-ready")
    taps = tuple(
        Tap(begins + timedelta(seconds=at), scene)
        for at, scene in zip(
            sorted(rng.sample(range(30, 300, 30), 3)),
            (
                "speaker-close-up",
                "restore-panorama",
                rng.choice(("speaker-close-up", "swap-to-backup-mic")),
            ),
            strict=True,
        )
    )
    cut = None
    if rng.random() < 0.12:
        begun = begins + timedelta(seconds=rng.randint(310, 330))
        cut = Cut(BREAKABLE[room], begun, begun + timedelta(seconds=rng.randint(90, 120)))
        ends = max(ends, cut.ends + timedelta(seconds=90))
    source: Literal["calendar", "tap"] = "calendar" if rng.random() < 0.7 else "tap"
    off = Tap(ends + OFF_AFTER, "shut-down")
    return Meeting(room, rng.choice(TITLES), source, begins, ends, (ready, *taps, off), cut)


def _days(year: int, months: Sequence[int]) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        if day.month in months:
            yield day
        day += timedelta(days=1)


def _at(day: date, when: time) -> datetime:
    return datetime.combine(day, when, ZONE).astimezone(UTC)
