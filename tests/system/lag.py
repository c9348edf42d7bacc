"""How long a loop is held up by its own process, whatever else the machine does meanwhile."""

import asyncio
import gc
import os
import subprocess
import sys
import time
from typing import NamedTuple

from tests.processes import ROOT

TICK = 0.005  # seconds
TOLD = 0.005  # seconds; what is less late than this is not worth a word


class Late(NamedTuple):
    """A tick that came late though a core was free, as far as the kernel can tell. Monotonic seconds."""

    due: float
    came: float
    seconds: float


class Ticker:
    """Tells how late each tick comes. Waiting for a core that others use does not count."""

    def __init__(self) -> None:
        self._last, self._waited = time.monotonic(), _without_core()

    def late(self) -> Late:
        """Call it once a tick."""
        now, waited = time.monotonic(), _without_core()
        seconds = now - self._last - TICK - (waited - self._waited)
        told = Late(self._last + TICK, now, seconds)
        self._last, self._waited = now, waited
        return told


class Lag:
    """How long the loop was held up, at worst, by this process itself. Use it as an async context manager.

    A twin ticks beside it on the same core: what is late in both was the machine's, whether the machine says so or
    not. Virtual machines that are paused, or whose core is given to others, do not say so.
    """

    worst: float  # seconds; known when it is left

    async def __aenter__(self) -> "Lag":
        self._cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {_core()})
        self.twin = _twin()
        # What the tests before have left is not to be swept up in the middle of a measurement.
        gc.collect()
        gc.freeze()
        self._late: list[Late] = []
        self._watch = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *exc: object) -> None:
        await asyncio.sleep(2 * TICK)  # what holds it up at the very end is seen too
        self._watch.cancel()
        await asyncio.gather(self._watch, return_exceptions=True)
        gc.unfreeze()
        told, _ = self.twin.communicate("")
        os.sched_setaffinity(0, self._cores)
        machines = [Late(*map(float, line.split())) for line in told.splitlines()]
        self.worst = max((own(late, machines) for late in self._late), default=0.0)

    async def _look(self) -> None:
        ticker = Ticker()
        while True:
            await asyncio.sleep(TICK)
            late = ticker.late()
            if late.seconds > TOLD:
                self._late.append(late)


def _twin() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.system.twin"]
    pipe = subprocess.PIPE
    twin = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    assert twin.stdout is not None
    twin.stdout.readline()
    return twin


def own(late: Late, machines: list[Late]) -> float:
    """What is left of it without the time in which the machine let nobody run."""
    left = late.seconds
    for other in machines:
        both = min(late.came, other.came) - max(late.due, other.due)
        left -= max(0.0, min(both, other.seconds))
    return left


def _without_core() -> float:
    """Seconds for which this thread was ready to run and no core was free."""
    with open("/proc/thread-self/schedstat") as told:
        return int(told.read().split()[1]) / 1e9


def _core() -> int:
    """The one that this thread runs on."""
    with open("/proc/thread-self/stat") as told:
        return int(told.read().rpartition(")")[2].split()[36])
