"""Devices: how long they were there and away while somebody looked, and how often they failed.

Away without mains is no fault, and neither is less than a minute. While no service looks, nothing is known.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.journal import Entry
from service.operations.reports.evidence import Evidence
from service.operations.reports.facts.fact import Fact, Frame, moment

BLINK = 60.0  # seconds; what is away for less is no fault, though it counts as away

Place = tuple[str, str]  # room, device


@dataclass(eq=False)
class Usage:
    """Of one device, in the period."""

    evidence: Evidence
    faults: Evidence  # the entries that tell of its going
    up: float = 0.0
    away: float = 0.0
    dark: float = 0.0
    outage: float = 0.0  # of faults that ended
    restored: int = 0
    longest: float = 0.0
    reasons: dict[str, int] = field(default_factory=dict)
    identity: dict[str, Any] = field(default_factory=dict)
    state: str = ""  # up, away, dark; empty while nobody looks
    since: datetime | None = None
    gone: tuple[datetime, int, str] | None = None  # since when it has been away: entry, reason

    @property
    def seen(self) -> float:
        return self.up + self.away

    @property
    def availability(self) -> float | None:
        return self.up / self.seen if self.seen else None

    @property
    def mean_outage(self) -> float | None:
        return self.outage / self.restored if self.restored else None


class Devices(Fact):
    kinds = frozenset({"device", "service", "opened", "gone"})
    before = kinds

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.by_place: dict[Place, Usage] = {}
        self.all = frame.evidence()
        self.faults = frame.evidence()
        self._is_ended = False

    def take(self, entry: Entry) -> None:
        match entry.kind:
            case "gone":
                self._suspend(moment(entry.at))
            case "service" if entry.data.get("event") == "stop":
                self._suspend(moment(entry.at))
            case "device":
                self._turn(entry)

    def end(self) -> None:
        """The period, or what can be known of it, is over."""
        if self._is_ended:
            return
        self._is_ended = True
        self._suspend(self.frame.end)
        for usage in self.by_place.values():
            self._restore(usage, self.frame.end, is_over=False)

    def of_room(self, room: str) -> list[Usage]:
        return [usage for (place, _), usage in self.by_place.items() if place == room]

    def _turn(self, entry: Entry) -> None:
        at, name = moment(entry.at), str(entry.data.get("device", ""))
        place = (entry.room or "", name)
        usage = self.by_place.get(place)
        if usage is None:
            usage = self.by_place[place] = Usage(self.frame.evidence(), self.frame.evidence())
        if self.frame.has(entry):
            usage.evidence.add(entry.seq)
            self.all.add(entry.seq)
        self._spend(usage, at)
        usage.since = at
        if entry.data.get("up"):
            usage.state = "up"
            if identity := entry.data.get("identity"):
                usage.identity = dict(identity)
            self._restore(usage, at, is_over=True)
            return
        usage.state = "dark" if entry.data.get("dark") else "away"
        if usage.state == "away" and usage.gone is None:
            usage.gone = at, entry.seq, str(entry.data.get("reason", ""))

    def _suspend(self, at: datetime) -> None:
        for usage in self.by_place.values():
            self._spend(usage, at)
            usage.state, usage.since = "", None

    def _spend(self, usage: Usage, at: datetime) -> None:
        if usage.state and usage.since:
            seconds = self.frame.period.overlap(usage.since, at)
            setattr(usage, usage.state, getattr(usage, usage.state) + seconds)

    def _restore(self, usage: Usage, at: datetime, *, is_over: bool) -> None:
        """A fault belongs to the period in which it began."""
        gone, usage.gone = usage.gone, None
        if gone is None:
            return
        since, seq, reason = gone
        seconds = (at - since).total_seconds()
        if since not in self.frame.period or seconds < BLINK:
            return
        usage.faults.add(seq)
        self.faults.add(seq)
        usage.reasons[reason] = usage.reasons.get(reason, 0) + 1
        usage.longest = max(usage.longest, seconds)
        if is_over:
            usage.restored += 1
            usage.outage += seconds
