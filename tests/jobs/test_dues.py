"""When jobs are due: cron expressions, time zones, days off."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st

from avctl.config import JobFile
from service.jobs.calendar import Calendar
from service.jobs.dues import Job, dues

SHANGHAI = ZoneInfo("Asia/Shanghai")
NATIONAL_DAY = Calendar(
    off=frozenset(date(2026, 10, day) for day in range(1, 8)),
    working=frozenset({date(2026, 9, 27), date(2026, 10, 10)}),
)


def job(
    cron: str, zone: ZoneInfo = SHANGHAI, calendar: Calendar = NATIONAL_DAY, **more: object
) -> Job:
    return Job("job", JobFile(do="warm-up", cron=cron, **more), ("19",), zone, calendar)  # type: ignore[arg-type]  # by key


def local(found: list[datetime], zone: ZoneInfo = SHANGHAI) -> list[str]:
    return [f"{at.astimezone(zone):%m-%d %H:%M}" for at in found]


def within(made: Job, first: str, last: str) -> list[str]:
    since, until = (
        datetime.fromisoformat(text).replace(tzinfo=made.zone) for text in (first, last)
    )
    return local(list(dues(made, since, until)), made.zone)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("any", ["09-01 07:00", "10-01 07:00", "11-01 07:00"]),
        ("next", ["09-01 07:00", "10-08 07:00", "11-02 07:00"]),
        ("previous", ["09-01 07:00", "09-30 07:00", "10-30 07:00"]),
        ("skip", ["09-01 07:00"]),
    ],
)
def test_a_due_time_on_a_day_off_goes_by_its_rule(rule: str, expected: list[str]) -> None:
    assert within(job("0 7 1 * *", working_day=rule), "2026-09-01", "2026-11-03") == expected


def test_a_weekend_that_is_worked_is_a_working_day() -> None:
    found = within(job("0 8 * * SAT,SUN", working_day="skip"), "2026-09-20", "2026-10-12")
    assert found == ["09-27 08:00", "10-10 08:00"]


def test_two_due_times_that_meet_on_one_working_day_are_one() -> None:
    found = within(job("0 8 * * *", working_day="next"), "2026-09-30", "2026-10-09")
    assert found == ["09-30 08:00", "10-08 08:00"]


def test_local_time_goes_through_a_clock_change_once() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spring = within(job("30 2 * * *", berlin, Calendar()), "2026-03-28", "2026-03-31")
    assert spring == ["03-28 02:30", "03-29 03:00", "03-30 02:30"]
    autumn = within(job("30 2 * * *", berlin, Calendar()), "2026-10-24", "2026-10-27")
    assert autumn == ["10-24 02:30", "10-25 02:30", "10-26 02:30"]


@given(
    st.sampled_from(["0 7 * * MON#1", "0 8 * * MON", "30 2 * * *", "0 7 L * *", "15 */6 * * *"]),
    st.sampled_from(["any", "next", "previous", "skip"]),
    st.lists(st.integers(1, 80_000), min_size=1, max_size=8),
)
def test_a_stretch_of_time_cut_anywhere_has_the_same_due_times(
    cron: str, rule: str, cuts: list[int]
) -> None:
    made = job(cron, working_day=rule)
    start = datetime(2026, 8, 20, tzinfo=UTC)
    moments = [start, *(start + timedelta(minutes=cut) for cut in sorted(set(cuts)))]
    pieces = [due for since, until in pairwise(moments) for due in dues(made, since, until)]
    assert pieces == list(dues(made, moments[0], moments[-1]))
    if rule == "any":
        reference = CronSim(cron, start.astimezone(SHANGHAI))
        assert pieces == [due for due, _ in zip(reference, pieces, strict=False)]
