"""The one clock and the one source of chance: with both injected, a run can be replayed."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Monotonic seconds of the running loop (virtual on a virtual loop), wall time, and chance."""

    def __init__(self, wall: Callable[[], datetime] = _utc_now, rng: Random | None = None) -> None:
        self.wall = wall  # aware, UTC
        self.rng = rng or Random()
        self._loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> float:
        return self._running().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def later(self, seconds: float, call: Callable[[], object]) -> asyncio.TimerHandle:
        return self._running().call_later(seconds, call)

    def _running(self) -> asyncio.AbstractEventLoop:
        # Asking for it costs a system call, and readings ask thousands of times a second.
        if self._loop is None or not self._loop.is_running():
            self._loop = asyncio.get_running_loop()
        return self._loop
