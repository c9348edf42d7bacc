"""The device's own time: the running loop's, passing ``speed`` times as fast."""

import asyncio
from collections.abc import Callable


class Clock:
    """Seconds of simulated time. On a virtual-time loop it is virtual too."""

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"speed must be positive, not {speed}")
        self.speed = speed
        self._running: asyncio.AbstractEventLoop | None = None

    def now(self) -> float:
        return self._loop().time() * self.speed

    def later(self, delay: float, call: Callable[[], object]) -> asyncio.TimerHandle:
        """Call ``call`` after ``delay`` simulated seconds, unless the handle is cancelled."""
        return self._loop().call_later(delay / self.speed, call)

    def _loop(self) -> asyncio.AbstractEventLoop:
        # Every byte is stamped, and asking the system which loop it is costs more than the stamp.
        if self._running is None or not self._running.is_running():
            self._running = asyncio.get_running_loop()
        return self._running
