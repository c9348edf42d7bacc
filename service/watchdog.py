"""Whether the loop turns: systemd is told so from the loop itself, and a thread names who holds it up."""

import asyncio
import contextlib
import logging
import os
import socket
import sys
import threading
import traceback
from collections.abc import AsyncIterator
from types import FrameType

from avctl.clock import Clock

log = logging.getLogger("avctl.watchdog")

BEAT = 0.2  # seconds between two turns that are counted
MISSED = 3  # beats that did not come, after which somebody is to blame


def notify(state: str) -> None:
    """Tell systemd, where it asked to be told. Source: sd_notify(3)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    address = "\0" + address[1:] if address.startswith("@") else address
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        to.sendto(state.encode(), address)


class Watchdog:
    """Counts the loop's turns in the loop, and looks at the count from a thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turns = 0
        self._loop_thread = threading.get_ident()
        self._over = threading.Event()

    async def run(self) -> None:
        thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        thread.start()
        try:
            while True:
                self._turns += 1
                notify("WATCHDOG=1")
                await self._clock.sleep(BEAT)
        finally:
            notify("STOPPING=1")
            self._over.set()

    def _watch(self) -> None:
        seen, missed = -1, 0
        while not self._over.wait(BEAT):
            turns = self._turns
            missed = missed + 1 if turns == seen else 0
            seen = turns
            if missed == MISSED:
                log.error("the loop is held up by %s", self._culprit())

    def _culprit(self) -> str:
        frame = sys._current_frames().get(self._loop_thread)
        return blame(frame) if frame else "something that has ended"


def blame(frame: FrameType) -> str:
    """Who is at work in ``frame``: the driver that is on the stack, and the line it is in."""
    stack = traceback.extract_stack(frame)
    drivers = [each for each in stack if "/drivers/" in each.filename]
    at = drivers[-1] if drivers else stack[-1]
    name = at.filename.rpartition("/drivers/")[2].partition("/")[0].removesuffix(".py")
    who = f"driver {name}" if drivers else at.name
    return f"{who} ({at.filename}:{at.lineno} in {at.name})"


@contextlib.asynccontextmanager
async def watchdog(clock: Clock) -> AsyncIterator[None]:
    """Watch the running loop."""
    watching = asyncio.create_task(Watchdog(clock).run())
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
