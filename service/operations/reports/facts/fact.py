"""What all facts have in common."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from service.journal import Entry
from service.operations.reports.evidence import SHOWN, Evidence
from service.operations.reports.names import Names
from service.operations.reports.period import Period


@dataclass(frozen=True, slots=True)
class Frame:
    """Which part of the journal is looked at."""

    period: Period
    names: Names
    now: datetime  # until when anything can be known
    room: str | None = None
    shown: int = SHOWN  # numbers of entries that each figure keeps one by one

    @property
    def end(self) -> datetime:
        """Of what can be known of the period."""
        return max(self.period.since, min(self.period.until, self.now))

    @property
    def rooms(self) -> list[str]:
        return [self.room] if self.room else self.names.rooms

    def evidence(self) -> Evidence:
        return Evidence(self.shown)

    def local(self, at: str) -> date:
        return moment(at).astimezone(self.names.zone).date()

    def has(self, entry: Entry) -> bool:
        return moment(entry.at) in self.period


class Fact(ABC):
    """Gets the entries of its kinds in order, by `take`."""

    kinds: ClassVar[frozenset[str]]
    before: ClassVar[frozenset[str]] = frozenset()  # of its kinds, those needed from the beginning
    after: ClassVar[frozenset[str]] = frozenset()  # those needed from after the period too

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    @abstractmethod
    def take(self, entry: Entry) -> None:
        """What it does not understand, being of another version, it passes over."""


def moment(at: str) -> datetime:
    return datetime.fromisoformat(at)
