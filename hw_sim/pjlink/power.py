"""Standby, warming, lit and cooling, and how long the lamp has burnt.

STANDBY --on--> WARMING --warm_seconds--> LIT --off--> COOLING --cool_seconds--> STANDBY
"""

from asyncio import TimerHandle
from collections.abc import Callable

from hw_sim.clock import Clock
from hw_sim.pjlink.knobs import Knobs
from hw_sim.pjlink.wire import FAILURE, NOT_NOW, Complaint

STANDBY, LIT, COOLING, WARMING = "0", "1", "2", "3"
WORDS = {STANDBY: "standby", LIT: "lit", COOLING: "cooling", WARMING: "warming"}


class Power:
    """The lamp's state. ``changed`` is called after each change of it."""

    def __init__(self, clock: Clock, knobs: Knobs, changed: Callable[[], object]) -> None:
        self.state = STANDBY
        self.broken = False  # cannot be lit
        self.strikes = 0
        self._clock, self._knobs, self._changed = clock, knobs, changed
        self._burnt = 0.0  # seconds, before the lamp was last struck
        self._struck: float | None = None
        self._timer: TimerHandle | None = None
        self._off_follows = False

    @property
    def burnt(self) -> float:
        """Seconds that the lamp has burnt since the simulation began."""
        return self._burnt + (0.0 if self._struck is None else self._clock.now() - self._struck)

    @property
    def burns(self) -> bool:
        return self._struck is not None

    def order(self, on: bool) -> None:
        """What POWR does. Raises Complaint when it cannot be now."""
        if on and self.broken:
            raise Complaint(FAILURE)
        if on and self.state == COOLING and self._knobs.on_while_cooling == "err3":
            raise Complaint(NOT_NOW)
        if not on and self.state == WARMING:
            if self._knobs.off_while_warming == "err3":
                raise Complaint(NOT_NOW)
            self._off_follows = self._knobs.off_while_warming == "remember"
        elif on and self.state == STANDBY:
            self._strike()
        elif on:
            self._off_follows = False
        elif self.state == LIT:
            self._cool()

    def fail(self) -> None:
        """Go out because something is broken."""
        self.broken = True
        if self.burns:
            self._cool()

    def cut(self) -> bool:
        """Lose the mains. Returns whether that was while hot."""
        hot = self.state != STANDBY
        self._extinguish()
        self._enter(STANDBY, 0.0, None)
        return hot

    def _strike(self) -> None:
        self.strikes += 1
        self._struck, self._off_follows = self._clock.now(), False
        self._enter(WARMING, self._knobs.warm_seconds, self._warm)

    def _warm(self) -> None:
        self._enter(LIT, 0.0, None)
        if self._off_follows:
            self._cool()

    def _cool(self) -> None:
        self._extinguish()
        self._enter(COOLING, self._knobs.cool_seconds, self._cold)

    def _cold(self) -> None:
        self._enter(STANDBY, 0.0, None)

    def _extinguish(self) -> None:
        if self._struck is not None:
            self._burnt, self._struck = self.burnt, None

    def _enter(self, state: str, seconds: float, then: Callable[[], None] | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self.state = state
        if then is not None and self._knobs.stuck != WORDS[state]:
            self._timer = self._clock.later(seconds, then)
        self._changed()
