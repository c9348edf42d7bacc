"""Working days: weekdays, but for the days off and the worked weekends that are published for each year."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from avctl.config import HolidaysFile, SiteFile, read_document, validate

FARTHEST = 31  # days to the next working day


@dataclass(frozen=True, slots=True)
class Calendar:
    off: Collection[date] = frozenset()
    working: Collection[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return day in self.working or (day.weekday() < 5 and day not in self.off)

    def shifted(self, day: date, step: int) -> date:
        """The nearest working day from ``day`` on, going by ``step`` (1 or -1) days; ``day`` itself if it is one."""
        for days in range(FARTHEST):
            other = day + timedelta(days=step * days)
            if self.is_working(other):
                return other
        return day


def read_calendar(site: Path | None, file: SiteFile | None) -> Calendar:
    """The calendar that a site names. Raises ConfigError."""
    if site is None or file is None or file.holidays is None:
        return Calendar()
    folder = site if site.is_dir() else site.parent
    document = read_document(folder / file.holidays)
    said = validate(document, HolidaysFile, document.data)
    return Calendar(frozenset(said.off), frozenset(said.working))
