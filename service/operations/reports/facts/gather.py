"""One pass over the journal for all facts of a report."""

import logging
from collections.abc import Iterable, Sequence

from avctl.clock import Clock
from service.journal import Entry, Journal
from service.operations.reports.facts.fact import Fact, Frame

log = logging.getLogger("avctl.reports")

TOGETHER = 50  # entries that are taken before others get their turn
PLACELESS = frozenset({"service", "opened"})  # kinds that are about all rooms


async def gather(
    journal: Journal, frame: Frame, facts: Sequence[Fact], through: int | None = None
) -> int:
    """Let ``facts`` take what is theirs, as far as entry ``through``: the number of the last one looked at.

    The memory that it needs does not grow with the journal. Raises JournalError.
    """
    last = await _newest(journal) if through is None else through
    period, clock, taken = frame.period, Clock(), 0
    begin, end = period.since, period.until
    for kinds, since, until in (
        (_union(fact.before for fact in facts), None, begin),
        (_union(fact.kinds for fact in facts), begin, end),
        (_union(fact.after for fact in facts), end, None),
    ):
        if not kinds:
            continue
        async for entry in journal.read(kinds, since, until):
            taken += 1
            if taken % TOGETHER == 0:
                await clock.sleep(0)  # taps go before reports
            if entry.seq <= last and _is_of(entry, frame.room):
                if entry.kind == "opened":
                    await _tell_end(journal, facts, entry)
                _give(facts, entry)
    return last


async def _newest(journal: Journal) -> int:
    newest = await journal.page(limit=1)
    return newest[-1].seq if newest else 0


async def _tell_end(journal: Journal, facts: Sequence[Fact], opened: Entry) -> None:
    """When a service that was not stopped was last there: the time of the entry before the journal was opened again."""
    after = opened.data.get("after")
    if not isinstance(after, int) or after < 1:
        return
    for entry in await journal.page(after - 1, 1):
        _give(facts, Entry(opened.seq, entry.at, "gone", None, None, {}, "", "{}"))


def _give(facts: Sequence[Fact], entry: Entry) -> None:
    for fact in facts:
        if entry.kind in fact.kinds:
            try:
                fact.take(entry)
            except Exception:
                log.exception("entry %d is passed over by %s", entry.seq, type(fact).__name__)


def _is_of(entry: Entry, room: str | None) -> bool:
    return room is None or entry.kind in PLACELESS or entry.room == room


def _union(kinds: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*kinds)
