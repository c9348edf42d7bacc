"""A clock turned by hand, and an ear at the end of a line, for testing simulators without I/O."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from hw_sim.clock import Clock


@dataclass(order=True)
class Timer:
    due: float
    number: int
    call: Callable[[], object] = field(compare=False)
    gone: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        self.gone = True


class ManualClock(Clock):
    """Time that passes only by `advance`."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._timers: list[Timer] = []
        self._numbers = itertools.count()

    def now(self) -> float:
        return self._now

    def later(self, delay: float, call: Callable[[], object]) -> Timer:  # type: ignore[override]  # not a loop's handle
        timer = Timer(self._now + max(delay, 0.0), next(self._numbers), call)
        heapq.heappush(self._timers, timer)
        return timer

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass, calling whatever falls due, in order."""
        end = self._now + seconds
        while self._timers and self._timers[0].due <= end:
            timer = heapq.heappop(self._timers)
            self._now = timer.due
            if not timer.gone:
                timer.call()
        self._now = end


class Ear:
    """The far end of a connection: keeps what the device said, a chunk a send."""

    def __init__(self, kind: str = "tcp", peer: str = "127.0.0.1:40000") -> None:
        self.kind, self.peer = kind, peer
        self.heard: list[bytes] = []
        self.closed = False

    def send(self, data: bytes) -> None:
        self.heard.append(data)

    def close(self) -> None:
        self.closed = True

    def take(self) -> bytes:
        """Everything heard since the last take."""
        heard, self.heard = b"".join(self.heard), []
        return heard


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def ear() -> Ear:
    return Ear()
