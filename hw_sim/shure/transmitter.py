"""The wireless microphone at the far end of a channel: its switches, its battery, its radio."""

from math import ceil

from hw_sim.clock import Clock

LOST = 0.1  # quality below which the receiver hears nothing
DISTURBED = 0.4  # quality below which it reports interference
NEAREST, FARTHEST = -30.0, -100.0  # dBm at quality 1 and 0
NO_CARRIER = -110.0  # dBm
UNKNOWN_BARS, UNKNOWN_MINUTES, CALCULATING = 255, 65535, 65534
MOST_BARS = 5
_ROUNDING = 1e-6  # minutes


class Transmitter:
    """``calculating`` seconds after it was switched on, the receiver knows how long its battery lasts.

    It drains from `start` on: a device may be made before its clock runs.
    """

    def __init__(
        self, clock: Clock, *, on: bool, minutes: float, full: float, calculating: float
    ) -> None:
        self._clock, self._calculating = clock, calculating
        self.on, self.muted, self.quality = on, False, 1.0
        self.full = full  # minutes that a new battery lasts
        self._minutes = minutes
        self._since: float | None = None
        self._known_at: float | None = None

    def start(self) -> None:
        if self._since is None:
            self._since = self._clock.now()

    @property
    def minutes(self) -> float:
        """What is left of the battery."""
        if not self.on or self._since is None:
            return self._minutes
        return max(0.0, self._minutes - (self._clock.now() - self._since) / 60)

    def load(self, minutes: float) -> None:
        """Put in a battery that lasts so long."""
        self._minutes, self._since = minutes, self._clock.now()
        self._wear()

    def switch(self, on: bool) -> None:
        """An empty battery switches nothing on."""
        self._minutes, self._since = self.minutes, self._clock.now()
        if on and not self.on:
            self._known_at = self._clock.now() + self._calculating
        self.on = on
        self._wear()

    def wear(self) -> float | None:
        """Go off when the battery is empty; seconds until something shows next, or None."""
        self._wear()
        if not self.on:
            return None
        rest = (self.minutes + _ROUNDING) % 1.0
        waits = [60 * (rest if rest > 2 * _ROUNDING else 1.0)]
        if self._known_at is not None and self._known_at > self._clock.now():
            waits.append(self._known_at - self._clock.now())
        return min(waits)

    def _wear(self) -> None:
        if self.on and self.minutes <= _ROUNDING:
            self.on, self._minutes = False, 0.0

    # What the receiver knows of it.

    @property
    def heard(self) -> bool:
        """Whether its carrier arrives."""
        return self.on and self.quality >= LOST

    @property
    def disturbed(self) -> bool:
        return self.on and self.quality < DISTURBED

    @property
    def dbm(self) -> float:
        return FARTHEST + (NEAREST - FARTHEST) * self.quality if self.on else NO_CARRIER

    @property
    def bars(self) -> int:
        if not self.heard:
            return UNKNOWN_BARS
        return min(MOST_BARS, ceil(MOST_BARS * self.minutes / self.full))

    @property
    def run_time(self) -> int:
        """Minutes begun, or what stands for not knowing."""
        if not self.heard:
            return UNKNOWN_MINUTES
        if self._known_at is not None and self._clock.now() < self._known_at:
            return CALCULATING
        return ceil(self.minutes - _ROUNDING)
