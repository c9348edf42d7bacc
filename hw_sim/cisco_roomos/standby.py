"""Standby: entered by command or by itself, left by whoever uses the room."""

from asyncio import TimerHandle
from collections.abc import Callable

from hw_sim.clock import Clock

ENTERING = 2.0  # seconds
MINUTE = 60.0


class Standby:
    """Every change goes to ``changed``. It begins by itself unless ``is_used``, then the time is counted anew."""

    def __init__(
        self,
        clock: Clock,
        minutes: float,
        is_used: Callable[[], bool],
        changed: Callable[[], object],
    ) -> None:
        self._clock, self.minutes = clock, minutes
        self._is_used, self._changed = is_used, changed
        self.state = "Off"
        self._timer: TimerHandle | None = None

    def begin(self, minutes: float | None = None) -> None:
        """Count the time until it stands by anew, this once for so many minutes."""
        wait = self.minutes if minutes is None else minutes
        self._then(wait * MINUTE if wait else None, self._idle)

    def activate(self) -> None:
        if self.state in ("Off", "Halfwake"):
            self._enter("EnteringStandby")
            self._then(ENTERING, lambda: self._enter("Standby"))

    def deactivate(self) -> None:
        self.begin()
        self._enter("Off")

    def halfwake(self) -> None:
        self.begin()
        self._enter("Halfwake")

    def reset(self) -> None:
        """Be as after a start."""
        self._then(None, self._idle)
        self.state = "Off"

    def _idle(self) -> None:
        if self._is_used():
            self.begin()
        else:
            self.activate()

    def _enter(self, state: str) -> None:
        self.state = state
        self._changed()

    def _then(self, seconds: float | None, call: Callable[[], object]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self._clock.later(seconds, call)
