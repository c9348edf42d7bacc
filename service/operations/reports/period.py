"""The stretch of time that a report tells of."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from service.views.models import Title

FORMS = "2026, 2026H2, 2026Q3, 2026-11, 2026-W48, 2026-11-25 or 2026-11-01..2026-11-15"


class PeriodError(ValueError):
    """The text names no stretch of time."""


@dataclass(frozen=True, slots=True)
class Period:
    """``until`` is excluded. Both in UTC."""

    name: str
    since: datetime
    until: datetime
    title: Title

    def days(self, zone: tzinfo) -> list[date]:
        first = self.since.astimezone(zone).date()
        last = (self.until - timedelta(microseconds=1)).astimezone(zone).date()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def months(self, zone: tzinfo) -> list[str]:
        return list(dict.fromkeys(day.strftime("%Y-%m") for day in self.days(zone)))

    def __contains__(self, at: datetime) -> bool:
        return self.since <= at < self.until

    def overlap(self, since: datetime, until: datetime) -> float:
        """Seconds of a stretch that lie in this one."""
        seconds = (min(until, self.until) - max(since, self.since)).total_seconds()
        return max(0.0, seconds)


def read_period(text: str, zone: tzinfo) -> Period:
    """Raises PeriodError."""
    try:
        first, after, title = _days(text)
    except (ValueError, OverflowError) as error:
        raise PeriodError(f"{text!r} is no period; give {FORMS}") from error
    return Period(text, _midnight(first, zone), _midnight(after, zone), title)


def last_period(kind: str, at: datetime, zone: tzinfo) -> str:
    """The last whole half year, week or month before ``at``, whichever reports of ``kind`` are about."""
    today = at.astimezone(zone).date()
    if kind == "half-yearly":
        first = today.replace(month=1 if today.month <= 6 else 7, day=1) - timedelta(days=1)
        return f"{first.year}H{1 if first.month <= 6 else 2}"
    if kind == "inspection-record":
        year, week, _ = (today - timedelta(days=7)).isocalendar()
        return f"{year}-W{week:02}"
    return (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def _days(text: str) -> tuple[date, date, Title]:
    if match := re.fullmatch(r"(\d{4})", text):
        year = int(match[1])
        return date(year, 1, 1), date(year + 1, 1, 1), Title(zh=f"{year}年", en=str(year))
    if match := re.fullmatch(r"(\d{4})H([12])", text):
        year, half = int(match[1]), int(match[2])
        title = Title(
            zh=f"{year}年{'上' if half == 1 else '下'}半年",
            en=f"{'first' if half == 1 else 'second'} half of {year}",
        )
        return *_months(year, 6 * half - 5, 6), title
    if match := re.fullmatch(r"(\d{4})Q([1-4])", text):
        year, quarter = int(match[1]), int(match[2])
        title = Title(
            zh=f"{year}年第{'一二三四'[quarter - 1]}季度", en=f"quarter {quarter} of {year}"
        )
        return *_months(year, 3 * quarter - 2, 3), title
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        first, after = _months(int(match[1]), int(match[2]), 1)
        return first, after, Title(zh=f"{first.year}年{first.month}月", en=f"{first:%B %Y}")
    if match := re.fullmatch(r"(\d{4})-W(\d{2})", text):
        first = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        title = Title(
            zh=f"{match[1]}年第{int(match[2])}周", en=f"week {int(match[2])} of {match[1]}"
        )
        return first, first + timedelta(days=7), title
    begin, dots, end = text.partition("..")
    first = date.fromisoformat(begin)
    last = date.fromisoformat(end) if dots else first
    if last < first:
        raise ValueError("it ends before it begins")
    title = Title(zh=_chinese(first), en=f"{first:%-d %B %Y}")
    if dots:
        title = Title(
            zh=f"{_chinese(first)}至{_chinese(last)}", en=f"{first:%-d %B %Y} to {last:%-d %B %Y}"
        )
    return first, last + timedelta(days=1), title


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    after = month - 1 + count
    return date(year, month, 1), date(year + after // 12, after % 12 + 1, 1)


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
