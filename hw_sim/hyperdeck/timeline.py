"""The clips of the selected slot one behind the other, and the place on them."""

from hw_sim.clock import Clock
from hw_sim.hyperdeck.media import Slot


class Timeline:
    """Seconds from the beginning of the first clip. It stands still unless it runs."""

    def __init__(self, clock: Clock, slots: dict[int, Slot], selected: int | None) -> None:
        self.selected = selected
        self.speed = 0  # percent
        self.single_clip = False
        self._clock, self._slots = clock, slots
        self._base = self._since = 0.0  # where it was, and when

    @property
    def slot(self) -> Slot | None:
        return None if self.selected is None else self._slots[self.selected]

    @property
    def position(self) -> float:
        if not self.speed:
            return self._base
        first, last = self.bounds()
        moved = (self._clock.now() - self._since) * self.speed / 100
        return min(last, max(first, self._base + moved))

    @property
    def clip(self) -> int | None:
        """The clip at this place, counted from 1."""
        return None if self.slot is None else self.slot.clip_at(self.position)

    def bounds(self) -> tuple[float, float]:
        """Between what it runs: the whole of it, or the one clip."""
        number = None if self.slot is None else self.slot.clip_at(self._base)
        if self.slot is None or number is None:
            return 0.0, 0.0
        if not self.single_clip:
            return 0.0, self.slot.recorded
        return self.slot.start_of(number - 1), self.slot.start_of(number)

    def stand(self, at: float | None = None) -> None:
        """Stop here, or there."""
        self._base = self.position if at is None else at
        self.speed = 0

    def run(self, speed: int) -> float:
        """Run from here, forwards from the end of it anew. Returns the seconds to the end."""
        self.stand()
        first, last = self.bounds()
        if self._base >= last and speed > 0:
            self._base = first
        self.speed, self._since = speed, self._clock.now()
        way = last - self._base if speed > 0 else self._base - first
        return way / abs(speed) * 100

    def end(self) -> float:
        """Where it runs to."""
        return self.bounds()[1 if self.speed > 0 else 0]
