"""A lock whose urgent waiters go first, and may be given room beside the one who holds it."""

import asyncio
from collections import deque
from enum import IntEnum


class Rank(IntEnum):
    """Who goes before whom."""

    URGENT = 0
    USUAL = 1
    IDLE = 2  # whoever else waits goes first


class Turn:
    """Taken by `take`, given back by `give`, not necessarily by the same task.

    ``spare``: how many urgent holders may go in beside a holder.
    ``limit``: how many of a rank may wait; take raises OverflowError when it is full.
    """

    def __init__(self, spare: int = 0, limit: int = 64) -> None:
        self._spare, self._limit = spare, limit
        self._held = 0
        self._waiters: tuple[deque[asyncio.Future[None]], ...] = tuple(deque() for _ in Rank)

    async def take(self, rank: Rank = Rank.USUAL) -> None:
        queue = self._waiters[rank]
        if not queue and self._has_room(rank):
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
        for rank, queue in zip(Rank, self._waiters, strict=True):
            while queue and self._has_room(rank):
                waiter = queue.popleft()
                if not waiter.done():
                    self._held += 1
                    waiter.set_result(None)

    @property
    def waiting(self) -> int:
        return sum(map(len, self._waiters))

    @property
    def is_free(self) -> bool:
        return self._held == 0 and not self.waiting

    def _has_room(self, rank: Rank) -> bool:
        if rank is Rank.URGENT:
            return self._held < 1 + self._spare
        return self._held == 0 and not any(self._waiters[:rank])
