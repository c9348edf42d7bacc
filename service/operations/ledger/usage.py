"""How long a device was there, on, and away, by what the journal tells of it. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

BLINK = 60.0  # seconds; what is away for less is no failure, though it counts as away


class Link(StrEnum):
    UP = "up"
    AWAY = "away"
    DARK = "dark"  # away, and its outlet is off


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one stretch of time. Seconds."""

    seen: float = 0.0  # watched, and not without mains
    up: float = 0.0
    on: float | None = None  # powered on; None where the device does not tell
    failures: int = 0
    restored: int = 0  # failures that ended
    outage: float = 0.0  # of those that ended, together
    incidents: int = 0
    repaired: int = 0
    repair: float = 0.0  # from report to repair, together

    @property
    def in_use(self) -> float:
        return self.up if self.on is None else self.on

    @property
    def availability(self) -> float | None:
        """From 0 to 1; None where it was never watched."""
        return self.up / self.seen if self.seen > 0 else None

    @property
    def mean_outage(self) -> float | None:
        return self.outage / self.restored if self.restored else None

    @property
    def mean_repair(self) -> float | None:
        return self.repair / self.repaired if self.repaired else None


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of time counts; without ends all of it."""

    since: datetime | None = None
    until: datetime | None = None

    def overlap(self, since: datetime, until: datetime) -> float:
        begin = max(since, self.since) if self.since else since
        end = min(until, self.until) if self.until else until
        return max(0.0, (end - begin).total_seconds())

    def __contains__(self, at: datetime) -> bool:
        return not ((self.since and at < self.since) or (self.until and at >= self.until))


ALWAYS = Window()


@dataclass(eq=False, slots=True)
class Usage:
    """Takes what happens in order, by `turn`, `switch`, `suspend` and `incident`."""

    window: Window = ALWAYS
    link: Link | None = None  # None: nobody looks
    _link_since: datetime | None = None
    _on: bool | None = None
    _on_since: datetime | None = None
    _tells_power: bool = False
    _outage_since: datetime | None = None
    _spent: dict[Link, float] = field(default_factory=lambda: dict.fromkeys(Link, 0.0))
    _on_spent: float = 0.0
    _failures: int = 0
    _restored: int = 0
    _outage: float = 0.0
    _incidents: int = 0
    _repaired: int = 0
    _repair: float = 0.0

    def turn(self, link: Link, at: datetime) -> None:
        """The link came or went."""
        self._close_link(at)
        self.link, self._link_since = link, at
        if link is Link.UP:
            self._restore(at)
            if self._on and self._on_since is None:
                self._on_since = at  # had it changed meanwhile, it would say so
            return
        self._close_power(at)
        if link is Link.DARK:
            self._restore(at)  # it was being switched off, or nobody waits for it any more
        elif self._outage_since is None:
            self._outage_since = at

    def switch(self, on: bool, at: datetime) -> None:
        """It says whether it is powered on."""
        self._close_power(at)
        self._tells_power = True
        self._on, self._on_since = on, at

    def suspend(self, at: datetime) -> None:
        """Nobody looks any more. An outage goes on until the device is seen again."""
        self._close_link(at)
        self._close_power(at)
        self.link = self._on = None

    def reported(self, at: datetime) -> None:
        self._incidents += at in self.window

    def repaired(self, reported: datetime, at: datetime) -> None:
        if at in self.window:
            self._repaired += 1
            self._repair += max(0.0, (at - reported).total_seconds())

    def figures(self, now: datetime) -> Figures:
        """As they stand at a moment."""
        spent, on = dict(self._spent), self._on_spent
        if self.link is not None and self._link_since:
            spent[self.link] += self.window.overlap(self._link_since, now)
        if self._on and self._on_since:
            on += self.window.overlap(self._on_since, now)
        fails = self._outage_since is not None and self._is_failure(self._outage_since, now)
        return Figures(
            seen=spent[Link.UP] + spent[Link.AWAY],
            up=spent[Link.UP],
            on=on if self._tells_power else None,
            failures=self._failures + fails,
            restored=self._restored,
            outage=self._outage,
            incidents=self._incidents,
            repaired=self._repaired,
            repair=self._repair,
        )

    def _close_link(self, at: datetime) -> None:
        if self.link is not None and self._link_since:
            self._spent[self.link] += self.window.overlap(self._link_since, at)
        self._link_since = None

    def _close_power(self, at: datetime) -> None:
        if self._on and self._on_since:
            self._on_spent += self.window.overlap(self._on_since, at)
        self._on_since = None

    def _restore(self, at: datetime) -> None:
        since, self._outage_since = self._outage_since, None
        if since and self._is_failure(since, at):
            self._failures += 1
            self._restored += 1
            self._outage += (at - since).total_seconds()

    def _is_failure(self, since: datetime, until: datetime) -> bool:
        """Told in the stretch of time in which it began."""
        return since in self.window and (until - since).total_seconds() >= BLINK
