"""The pace of a serial wire: ten bits a byte (8N1), in simulated time."""

import math
from asyncio import TimerHandle
from collections.abc import Callable

from hw_sim.clock import Clock

BITS = 10
GRAIN = 0.001  # real seconds: a loop's timers are no finer


class Pace:
    """Bytes in at any time, out one after the other, each when its last bit has passed.

    Where bytes are shorter than `GRAIN` they come out several at a time, when the last of them is due.
    """

    def __init__(
        self, clock: Clock, baud: int, deliver: Callable[[bytes], object], limit: int
    ) -> None:
        if baud <= 0:
            raise ValueError(f"baud must be positive, not {baud}")
        self._clock, self._deliver, self._limit = clock, deliver, limit
        self.byte = BITS / baud  # seconds
        self._batch = max(1, math.ceil(GRAIN * clock.speed / self.byte))
        self._waiting = bytearray()
        self._begun = 0.0  # when the first waiting byte began to pass
        self._next = 0  # how many bytes the timer lets pass
        self._timer: TimerHandle | None = None

    @property
    def waiting(self) -> int:
        """How many bytes have not passed yet."""
        return len(self._waiting)

    def put(self, data: bytes) -> int:
        """Let ``data`` follow what is under way; gives how many bytes found no room and are lost."""
        if not self._waiting:
            self._begun = self._clock.now()
        taken = data[: self._limit - len(self._waiting)]
        self._waiting += taken
        self._set_timer()
        return len(data) - len(taken)

    def clear(self) -> None:
        """Lose what is under way."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self) -> None:
        if self._waiting and self._timer is None:
            self._next = min(self._batch, len(self._waiting))
            due = self._begun + self._next * self.byte
            self._timer = self._clock.later(max(0.0, due - self._clock.now()), self._pass)

    def _pass(self) -> None:
        self._timer = None
        late = int((self._clock.now() - self._begun) / self.byte)  # after a loop that was busy
        count = min(max(self._next, late), len(self._waiting))
        chunk = bytes(self._waiting[:count])
        del self._waiting[:count]
        self._begun += count * self.byte
        self._set_timer()
        self._deliver(chunk)
