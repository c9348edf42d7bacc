"""A lock whose urgent waiters go first, and may be given room beside the one who holds it."""

import asyncio
from collections import deque


class Turn:
    """Taken by `take`, given back by `give`, not necessarily by the same task.

    ``spare``: how many urgent holders may go in beside a holder.
    ``limit``: how many may wait; take raises OverflowError when it is full.
    """

    def __init__(self, spare: int = 0, limit: int = 64) -> None:
        self._spare, self._limit = spare, limit
        self._held = 0
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._patient: deque[asyncio.Future[None]] = deque()

    async def take(self, urgent: bool = False) -> None:
        queue = self._urgent if urgent else self._patient
        if not queue and self._has_room(urgent):
            self._held += 1
            return
        if len(queue) >= self._limit:
            raise OverflowError(f"{len(queue)} wait already")
        waiter = asyncio.get_running_loop().create_future()
        queue.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self.give()
            raise
        finally:
            if waiter in queue:
                queue.remove(waiter)

    def give(self) -> None:
        self._held -= 1
        for queue, urgent in ((self._urgent, True), (self._patient, False)):
            while queue and self._has_room(urgent):
                waiter = queue.popleft()
                if not waiter.done():
                    self._held += 1
                    waiter.set_result(None)

    @property
    def waiting(self) -> int:
        return len(self._urgent) + len(self._patient)

    def _has_room(self, urgent: bool) -> bool:
        if urgent:
            return self._held < 1 + self._spare
        return self._held == 0 and not self._urgent
