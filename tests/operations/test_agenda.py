"""Calendar files: what takes place when, through recurrences, exceptions and changes of the clock."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.operations.agenda import AgendaError, read_agenda

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def calendar(*lines: str) -> bytes:
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN")
    return "\r\n".join((*head, *lines, "END:VCALENDAR", "")).encode()


def event(uid: str, *lines: str) -> tuple[str, ...]:
    return ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT")


def starts(data: bytes, since: datetime, until: datetime, zone: ZoneInfo = SHANGHAI) -> list[str]:
    found = read_agenda(data, zone).between(since, until)
    return [f"{planned.starts:%m-%d %H:%M}" for planned in found]


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


WEEKLY = event(
    "weekly",
    "DTSTART;TZID=Europe/Berlin:20261012T090000",
    "DTEND;TZID=Europe/Berlin:20261012T103000",
    "RRULE:FREQ=WEEKLY;UNTIL=20261109T080000Z",
    "SUMMARY:Weekly",
    "LOCATION:19",
)


def test_a_meeting_that_recurs_keeps_its_local_time_when_the_clocks_change():
    found = starts(calendar(*WEEKLY), at(10, 1), at(12, 1))
    assert found == ["10-12 07:00", "10-19 07:00", "10-26 08:00", "11-02 08:00", "11-09 08:00"]


def test_a_time_that_the_clocks_leave_out_is_counted_once():
    daily = event("d", "DTSTART:20260328T023000", "RRULE:FREQ=DAILY;COUNT=3", "DURATION:PT15M")
    found = starts(calendar(*daily), at(3, 1), at(4, 30), BERLIN)
    assert found == ["03-28 01:30", "03-29 01:30", "03-30 00:30"]


def test_what_was_left_out_moved_or_cancelled_does_not_take_place():
    series = event(
        "s",
        "DTSTART;TZID=Asia/Shanghai:20261102T090000",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;COUNT=5",
        "EXDATE;TZID=Asia/Shanghai:20261103T090000",
    )
    moved = event(
        "s",
        "RECURRENCE-ID;TZID=Asia/Shanghai:20261104T090000",
        "DTSTART;TZID=Asia/Shanghai:20261104T150000",
        "DURATION:PT1H",
    )
    cancelled = event(
        "s",
        "RECURRENCE-ID;TZID=Asia/Shanghai:20261105T090000",
        "DTSTART;TZID=Asia/Shanghai:20261105T090000",
        "STATUS:CANCELLED",
    )
    found = starts(calendar(*series, *moved, *cancelled), at(11, 1), at(12, 1))
    assert found == ["11-02 01:00", "11-04 07:00", "11-06 01:00"]


def test_a_time_without_zone_is_of_the_site_and_a_whole_day_is_no_meeting():
    floating = event("f", "DTSTART:20261102T090000", "DTEND:20261102T100000", "SUMMARY:会议")
    holiday = event("h", "DTSTART;VALUE=DATE:20261102", "SUMMARY:Holiday")
    found = read_agenda(calendar(*floating, *holiday), SHANGHAI).between(at(11, 1), at(11, 30))
    assert [(planned.title, planned.starts.hour) for planned in found] == [("会议", 1)]
    assert found[0].ends == datetime(2026, 11, 2, 2, tzinfo=UTC)


def test_a_series_that_ends_by_the_day_includes_that_day():
    series = event(
        "u", "DTSTART;TZID=Asia/Shanghai:20261102T090000", "RRULE:FREQ=DAILY;UNTIL=20261104"
    )
    assert len(starts(calendar(*series), at(11, 1), at(12, 1))) == 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no calendar at all",
        calendar(*event("x", "DTSTART:20261102T090000", "RRULE:FREQ=SECONDLY")),
        calendar(*event("x", "DTSTART:20261102T090000", "RRULE:FREQ=SOMETIMES")),
    ],
)
def test_what_is_no_calendar_is_refused_in_words(data: bytes):
    with pytest.raises(AgendaError):
        read_agenda(data, SHANGHAI).between(at(11, 1), at(12, 1))
