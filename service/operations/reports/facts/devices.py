"""Devices: how long they were there, away and in use while somebody looked, and how often they failed.

The ledger's figures are the same: away without mains is no fault, and neither is less than a minute.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.journal import Entry
from service.operations.ledger.usage import BLINK, Figures, Link, Usage, Window
from service.operations.reports.evidence import Evidence
from service.operations.reports.facts.fact import Fact, Frame, moment

Place = tuple[str, str]  # room, device


@dataclass(eq=False)
class Used:
    """One device, in the period."""

    usage: Usage
    evidence: Evidence
    faults: Evidence  # the entries that tell of its going
    longest: float = 0.0  # seconds
    identity: dict[str, Any] = field(default_factory=dict)
    gone: tuple[datetime, int] | None = None  # since when it has been away, by which entry
    figures: Figures = field(default_factory=Figures)  # once the period is over

    @property
    def away(self) -> float:
        return self.figures.seen - self.figures.up


class Devices(Fact):
    kinds = frozenset({"device", "power", "service", "opened", "gone"})
    before = kinds

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.by_place: dict[Place, Used] = {}
        self.all = frame.evidence()
        self.faults = frame.evidence()
        self._window = Window(frame.period.since, frame.period.until)
        self._is_ended = False

    def take(self, entry: Entry) -> None:
        match entry.kind:
            case "gone":
                self._suspend(moment(entry.at))
            case "service" if entry.data.get("event") == "stop":
                self._suspend(moment(entry.at))
            case "device":
                self._turn(entry)
            case "power":
                used = self._used(entry)
                self._tell(used, entry)
                used.usage.switch(entry.data.get("state") in ("on", "warming"), moment(entry.at))

    def end(self) -> None:
        """The period, or what can be known of it, is over."""
        if self._is_ended:
            return
        self._is_ended = True
        for used in self.by_place.values():
            self._restore(used, self.frame.end)
            used.figures = used.usage.figures(self.frame.end)

    def of_room(self, room: str) -> list[Used]:
        return [used for (place, _), used in self.by_place.items() if place == room]

    def _used(self, entry: Entry) -> Used:
        place = (entry.room or "", str(entry.data.get("device", "")))
        if place not in self.by_place:
            evidence = self.frame.evidence(), self.frame.evidence()
            self.by_place[place] = Used(Usage(self._window), *evidence)
        return self.by_place[place]

    def _tell(self, used: Used, entry: Entry) -> None:
        if self.frame.has(entry):
            used.evidence.add(entry.seq)
            self.all.add(entry.seq)

    def _turn(self, entry: Entry) -> None:
        at, used = moment(entry.at), self._used(entry)
        self._tell(used, entry)
        if entry.data.get("up"):
            used.usage.turn(Link.UP, at)
            if identity := entry.data.get("identity"):
                used.identity = dict(identity)
            self._restore(used, at)
            return
        link = Link.DARK if entry.data.get("dark") else Link.AWAY
        used.usage.turn(link, at)
        if link is Link.DARK:
            self._restore(used, at)  # it was being switched off, or nobody waits for it any more
        elif used.gone is None:
            used.gone = at, entry.seq

    def _suspend(self, at: datetime) -> None:
        for used in self.by_place.values():
            used.usage.suspend(at)

    def _restore(self, used: Used, at: datetime) -> None:
        """A fault belongs to the period in which it began."""
        gone, used.gone = used.gone, None
        if gone is None:
            return
        since, seq = gone
        seconds = (at - since).total_seconds()
        if since in self._window and seconds >= BLINK:
            used.faults.add(seq)
            self.faults.add(seq)
            used.longest = max(used.longest, seconds)
