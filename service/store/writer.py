"""The one task that writes what waits, in as few transactions as the disk allows."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from avctl.clock import Clock
from service.store.backlog import Backlog
from service.store.chain import JournalError
from service.store.journal_file import JournalFile

log = logging.getLogger("avctl.journal")

BATCH = 250  # entries in a transaction: more would hold the loop for longer
PATIENCE = 5.0  # seconds without an answer from the disk before that is a fault
RETRY = 0.5  # seconds between tries while the disk does not take entries
REFILL = 5.0  # seconds between tries to set the reserve by again


class Writer:
    """Empties ``backlog`` into ``file`` until closed.

    ``complain`` is told what is wrong at every failure; ``well`` is called when nothing is, after
    every commit. Both may add to the backlog.
    """

    def __init__(
        self,
        file: JournalFile,
        backlog: Backlog,
        clock: Clock,
        complain: Callable[[str], None],
        well: Callable[[], None],
    ) -> None:
        self.kept = file.tail.seq  # the last entry that is surely on the disk
        self.commits = 0
        self._file, self._backlog, self._clock = file, backlog, clock
        self._complain, self._well = complain, well
        self._waiters: list[tuple[int, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._refill_at = clock.now()
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Something waits."""
        self._wake.set()

    async def stored(self, seq: int, timeout: float) -> None:
        """Wait until the entry ``seq`` is kept. Raises TimeoutError, and JournalError once the disk has refused it
        twice, or this is closed.
        """
        if seq <= self.kept:
            return
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append((seq, kept))
        async with asyncio.timeout(timeout):
            await kept

    async def close(self, timeout: float) -> None:
        """Write what waits, at most for ``timeout`` seconds."""
        self._closing = True
        self._wake.set()
        await asyncio.wait([self._task], timeout=timeout)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._release(JournalError("the journal is closed"))

    async def _run(self) -> None:
        self._refill()
        failed = 0
        while self._backlog or not self._closing:
            if not self._backlog:
                await self._wait_for_work()
            elif not await self._commit():
                failed += 1
                if self._closing:
                    return
                if failed > 1:  # a disk that goes on refusing is not waited for
                    self._release(JournalError("the disk takes nothing"))
                await self._clock.sleep(RETRY)
                self._refill_at = self._clock.now()
                continue
            failed = 0
            if self._file.lacks_reserve and self._clock.now() >= self._refill_at:
                self._refill()

    async def _wait_for_work(self) -> None:
        left = max(0.0, self._refill_at - self._clock.now()) if self._file.lacks_reserve else None
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(left):
                await self._wake.wait()

    async def _commit(self) -> bool:
        batch, lacked = self._backlog.first(BATCH), self._file.lacks_reserve
        slow = f"the disk has not answered for {PATIENCE:g} s"
        late = self._clock.later(PATIENCE, lambda: self._complain(slow))
        try:
            await self._file.append(batch)
        except JournalError as error:
            self._complain(str(error))
            return False
        except Exception as error:  # whatever it is: without a writer nothing is kept any more
            log.exception("the journal's writer failed")
            self._complain(f"{type(error).__name__}: {error}")
            return False
        finally:
            late.cancel()
        self.commits += 1
        self.kept = batch[-1].seq
        self._backlog.release(len(batch))
        self._release(None)
        if self._file.lacks_reserve and not lacked:
            self._complain("the disk refused entries: they were kept by giving up the reserve")
        if not self._file.lacks_reserve and len(self._backlog) < BATCH:
            self._well()
        return True

    def _release(self, error: JournalError | None) -> None:
        waiters, self._waiters = self._waiters, []
        for seq, kept in waiters:
            if kept.done():
                continue
            if seq <= self.kept:
                kept.set_result(None)
            elif error:
                kept.set_exception(error)
            else:
                self._waiters.append((seq, kept))

    def _refill(self) -> None:
        self._refill_at = self._clock.now() + REFILL
        try:
            self._file.set_reserve_by()
        except OSError as error:
            self._complain(f"no space left to set by as a reserve: {error.strerror}")
        else:
            if not self._backlog:
                self._well()
