"""What a report is about: a stretch of time, or one meeting, incident, warm-up or inspection."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.journal import Entry, Journal
from service.operations.reports.names import Names
from service.operations.reports.period import FORMS, Period, PeriodError, read_period
from service.views.document import KindName
from service.views.models import Title

# By kind of report: the kind of entries, and what one of them is called.
ONE_OF: dict[KindName, tuple[str, Title]] = {
    "meeting-log": ("meeting", Title(zh="会议", en="meeting")),
    "incident-register": ("incident-log", Title(zh="故障单", en="incident")),
    "warm-up-record": ("warm-up", Title(zh="预热", en="warm-up")),
    "inspection-record": ("inspection", Title(zh="巡检", en="inspection")),
}
YEAR = r"(19|20)\d{2}"  # a number of four digits like these is a year
LAST = datetime(9999, 12, 31, tzinfo=UTC) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Subject:
    period: Period
    identity: str = ""  # of the one it is about; empty where it is about a stretch of time
    room: str | None = None


async def find_subject(journal: Journal, names: Names, kind: KindName, text: str) -> Subject:
    """Raises PeriodError, JournalError."""
    if kind in ONE_OF and _is_identity(text):
        return await _one(journal, names, kind, text.removeprefix("#"))
    try:
        return Subject(read_period(text, names.zone))
    except PeriodError as error:
        if kind not in ONE_OF:
            raise
        called = ONE_OF[kind][1].en
        raise PeriodError(f"{text!r} is neither a period ({FORMS}) nor a {called}") from error


def _is_identity(text: str) -> bool:
    """A number that is no year (or follows a #), or a run."""
    if text.startswith("#") or re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{27}", text):
        return True
    return text.isdecimal() and not re.fullmatch(YEAR, text)


async def _one(journal: Journal, names: Names, kind: KindName, identity: str) -> Subject:
    entries_kind, called = ONE_OF[kind]
    first: Entry | None = None
    last = ""
    async for entry in journal.read({entries_kind}):
        if _is_of(entry, identity):
            first, last = first or entry, max(last, entry.at)
    if first is None:
        raise PeriodError(f"there is no {called.en} {identity}")
    begin = datetime.fromisoformat(first.at)
    # Whatever belongs to it lies in the period, and what comes later does no harm.
    end = datetime.fromisoformat(last) + timedelta(microseconds=1)
    local = begin.astimezone(names.zone)
    number = identity[:8]
    title = Title(
        zh=f"{called.zh} {number}（{local:%Y年%-m月%-d日}）",
        en=f"{called.en} {number} of {local:%-d %B %Y}",
    )
    if told := first.data.get("at"):
        begin = min(begin, datetime.fromisoformat(str(told)))
    return Subject(Period(identity, begin, end, title), identity, first.room)


def _is_of(entry: Entry, identity: str) -> bool:
    data = entry.data
    named = (data.get(key) for key in ("meeting", "incident", "run", "inspection", "id"))
    return str(entry.seq) == identity or any(str(name) == identity for name in named if name)
