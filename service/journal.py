"""The journal: who asked for what, what was planned, sent, answered and read back, when.

`Journal.note` only numbers, seals and queues; one task writes whatever waits in one transaction, so
a tap never waits for the disk. While the disk does not take entries they wait in memory, up to a
bound, and ``reason`` says what is wrong. Beyond the bound the newest are dropped, and an entry of
kind ``lost`` takes their place in the chain.

A damaged file is set aside under a new name, never mended and never deleted; a new one is begun,
and its first entry (kind ``set-aside``) says so. A file that cannot be reached at all leaves the
journal in memory only: the rooms go on working, and ``reason`` says it.
"""

import json
import logging
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from avctl.clock import Clock
from service.store.backlog import Backlog
from service.store.chain import BrokenChainError, Entry, JournalError, Tail, plain, walk, written
from service.store.entries import STRIDE, Verified, Wanted, verify
from service.store.journal_file import JournalFile, UnreachableError
from service.store.writer import PATIENCE, Writer

__all__ = ["Entry", "Journal", "JournalError", "Verified", "open_journal", "verify"]

log = logging.getLogger("avctl.journal")

WAITING = 10_000  # entries in memory
WAITING_BYTES = 16 * 1024 * 1024  # of their data

# What the journal says of itself.
OPENED, SET_ASIDE, INTERRUPTED = "opened", "set-aside", "interrupted"
FAULT, RECOVERED = "fault", "recovered"

# Kinds of entries that begin a run and end one; ``data["run"]`` says which.
BEGUN, ENDED = "tap", ("verdict",)

FILE = "journal.db"

Listener = Callable[[Entry], object]


class Journal:
    """One chain of entries. Without a path, or until `open`, it is in memory only: the newest ``waiting``."""

    def __init__(
        self,
        clock: Clock,
        path: Path | None = None,
        *,
        waiting: int = WAITING,
        begun: str = BEGUN,
        ended: Sequence[str] = ENDED,
    ) -> None:
        self._clock, self._path, self._bound = clock, path, waiting
        self._begun, self._ended = begun, (*ended, INTERRUPTED)
        self._backlog = self._new_backlog(Tail())
        self._memory: deque[Entry] = deque(maxlen=waiting)  # in place of a file
        self._listeners: list[Listener] = []
        self._fault = self._broken = ""
        self._file: JournalFile | None = None
        self._writer: Writer | None = None

    @property
    def healthy(self) -> bool:
        return not self.reason

    @property
    def reason(self) -> str:
        """What keeps entries from the disk, or what is wrong with those on it; empty when all is well."""
        return self._broken or self._fault

    @property
    def last(self) -> int:
        """The number of the newest entry, dropped ones included; 0 before the first."""
        return self._backlog.next - 1

    @property
    def tail(self) -> Tail:
        """The end of the chain: to be written down elsewhere, as proof against a chain made anew."""
        return self._backlog.tail

    @property
    def waiting(self) -> int:
        """How many entries are not on the disk yet."""
        return len(self._backlog)

    @property
    def commits(self) -> int:
        """How many transactions were made since `open`."""
        return self._writer.commits if self._writer else 0

    @property
    def lost(self) -> int:
        """How many entries were dropped since `open`."""
        return self._backlog.lost

    # Opening and closing.

    async def open(self) -> None:
        """Take the file, check the end of its chain, go on from there, and close the runs a crash left open.

        Raises JournalError when another process writes the file. Anything else that is wrong with it
        ends in ``reason``.
        """
        if self._path is None:
            return
        file = JournalFile(self._path, self._clock)
        try:
            await file.open()
        except UnreachableError as error:
            self._complain(f"{error}; the journal is in memory only")
            return
        self._file, self._backlog = file, self._new_backlog(file.tail)
        self._writer = Writer(file, self._backlog, self._clock, self._complain, self._recover)
        if file.set_aside:
            self.note(SET_ASIDE, {"file": file.set_aside.name, "reason": file.set_aside.reason})
        # Before the entry that says the file is open: a crash in between finds the same runs again.
        for begun in await self.unfinished():
            self.note(INTERRUPTED, {**begun.data, "tap": begun.seq}, room=begun.room, by=begun.by)
        self.note(OPENED, {"after": file.tail.seq})

    async def close(self, timeout: float = PATIENCE) -> None:
        """Write what waits, at most for ``timeout`` seconds, and give the file back."""
        if not (self._file and self._writer):
            return
        await self._writer.close(timeout)
        if self.waiting:
            log.error("%d entries of the journal could not be kept: %s", self.waiting, self.reason)
        await self._file.close()
        self._file = self._writer = None

    # Writing down.

    def note(
        self,
        kind: str,
        data: Mapping[str, Any] | None = None,
        *,
        room: str | None = None,
        by: str | None = None,
    ) -> Entry:
        """Number, seal and queue an entry, and tell the listeners. Waits for nothing and never fails.

        ``data`` is kept as JSON: what JSON cannot hold becomes text.
        """
        self._own_up()
        entry = self._backlog.add(self._entry(self._backlog.next, kind, data or {}, room, by))
        if self._writer:
            self._writer.wake()
        else:
            self._memory.append(entry)
            self._backlog.release(len(self._backlog))
        self._tell(entry)
        return entry

    async def stored(self, entry: Entry, timeout: float = PATIENCE) -> None:
        """Wait until ``entry`` is safely on the disk; in a journal without a path, for nothing.

        Raises JournalError when it was dropped, when the file could not be opened, when the disk goes on
        refusing, or when it was not kept within ``timeout`` seconds: it may still be, later.
        """
        if not self._writer:
            if self._path:
                raise JournalError(self.reason or "the journal is not open")
            return
        if not entry.hash:
            raise JournalError(f"entry {entry.seq} was dropped: {self.reason}")
        try:
            await self._writer.stored(entry.seq, timeout)
        except TimeoutError:
            why = self.reason or "the disk has not answered"
            raise JournalError(f"entry {entry.seq} not kept within {timeout:g} s: {why}") from None
        except JournalError as error:
            raise JournalError(f"entry {entry.seq} not kept: {self.reason or error}") from None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every entry as it is noted; the result ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    # Reading.

    async def page(
        self, after: int | None = None, limit: int = 100, room: str | None = None
    ) -> list[Entry]:
        """At most ``limit`` entries in order: the next after ``after``, or the newest when that is None.

        Entries that still wait for the disk are among them. Raises JournalError when the file cannot
        be read.
        """
        # Taken first: what is kept meanwhile is then in both, and in neither gap.
        fresh = list(self._backlog if self._file else self._memory)
        kept: list[Entry] = []
        if self._file:
            try:
                kept = await self._file.entries.page(after, limit, room)
            except SQLAlchemyError as error:
                raise JournalError(f"the journal cannot be read: {error}") from error
        start = max(after or 0, kept[-1].seq if kept else 0)
        kept += [e for e in fresh if e.seq > start and room in (None, e.room)]
        page = kept[-limit:] if after is None else kept[:limit]
        if room is None and self._file:
            self._check(page)
        return page

    async def latest(
        self, kinds: Collection[str], limit: int, room: str | None = None
    ) -> list[Entry]:
        """The newest entries of ``kinds``, at most ``limit``, in order. Raises JournalError like `page`."""
        fresh = list(self._backlog if self._file else self._memory)
        kept: list[Entry] = []
        if self._file:
            try:
                kept = await self._file.entries.latest(kinds, limit, room)
            except SQLAlchemyError as error:
                raise JournalError(f"the journal cannot be read: {error}") from error
        last = kept[-1].seq if kept else 0
        kept += [e for e in fresh if e.seq > last and e.kind in kinds and room in (None, e.room)]
        return kept[-limit:]

    async def read(
        self,
        kinds: Collection[str],
        since: datetime | None = None,
        until: datetime | None = None,
        room: str | None = None,
    ) -> AsyncIterator[Entry]:
        """Every entry of ``kinds`` in order, those included that still wait for the disk, in steady memory.

        ``since`` and ``until`` (excluded) are aware times. Raises JournalError like `page`.
        """
        wanted = Wanted(frozenset(kinds), _written(since), _written(until), room)
        last = 0
        fresh = list(self._backlog if self._file else self._memory)
        while self._file:
            # Taken first: what is kept meanwhile is then in both, and in neither gap.
            fresh = list(self._backlog)
            try:
                found = await self._file.entries.stretch(last, STRIDE, wanted)
            except SQLAlchemyError as error:
                raise JournalError(f"the journal cannot be read: {error}") from error
            for entry in found:
                yield entry
                last = entry.seq
            if len(found) < STRIDE:
                break
        for entry in fresh:
            if entry.seq > last and entry in wanted:
                yield entry

    async def unfinished(self) -> list[Entry]:
        """The entries that began a run which none ended, since the file was last opened, in order."""
        if not self._file:
            return []
        return await self._file.entries.unfinished(self._begun, self._ended, OPENED)

    async def verify(self) -> Verified:
        """Walk the whole chain on the disk. What is found broken stays in ``reason``."""
        if not self._file:
            raise JournalError(self.reason or "the journal has no file")
        found = await self._file.entries.verify()
        self._broken = self._broken or found.reason
        return found

    # Faults.

    def _complain(self, reason: str) -> None:
        begins, self._fault = not self._fault, reason
        if begins:
            log.error("the journal: %s", reason)
            self.note(FAULT, {"reason": reason})

    def _recover(self) -> None:
        self._own_up()
        if self._fault:
            log.warning("the journal is kept on the disk again")
            self.note(RECOVERED, {"reason": self._fault})
            self._fault = ""

    def _own_up(self) -> None:
        if lost := self._backlog.own_up():
            self._tell(lost)

    def _check(self, page: Sequence[Entry]) -> None:
        try:
            walk(page[1:], Tail(page[0].seq, page[0].hash) if page else Tail())
        except BrokenChainError as error:
            if not self._broken:
                log.error("the journal: %s", error)
                self._broken = str(error)

    # Small parts.

    def _new_backlog(self, tail: Tail) -> Backlog:
        return Backlog(tail, self._bound, WAITING_BYTES, self._entry)

    def _entry(
        self,
        seq: int,
        kind: str,
        data: Mapping[str, Any],
        room: str | None = None,
        by: str | None = None,
    ) -> Entry:
        at = _written(self._clock.wall())
        text = written(data)
        names = (None if name is None else str(plain(name)) for name in (kind, room, by))
        cleaned, place, person = names
        value = json.loads(text)
        return Entry(seq, at, cleaned or "", place, person, value, "", text)

    def _tell(self, entry: Entry) -> None:
        for listener in list(self._listeners):
            try:
                listener(entry)
            except Exception:
                log.exception("a listener of the journal failed")


def _written(at: datetime | None) -> str:
    """As entries carry it: such texts sort as their times do."""
    if at is None:
        return ""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@asynccontextmanager
async def open_journal(
    folder: Path | None, clock: Clock | None = None, *, waiting: int = WAITING
) -> AsyncIterator[Journal]:
    """The journal in ``folder``, which is made if need be; in memory only without one.

    Raises JournalError when another process writes it.
    """
    path = folder / FILE if folder else None
    journal = Journal(clock or Clock(), path, waiting=waiting)
    await journal.open()
    try:
        yield journal
    finally:
        await journal.close()


@asynccontextmanager
async def open_reader(folder: Path) -> AsyncIterator["Journal"]:
    """The journal in ``folder`` to read from, though another process writes it. Raises JournalError without one."""
    path = folder / FILE
    if not os.path.isfile(path):  # noqa: ASYNC240 - a command line waits for nothing else
        raise JournalError(f"{path}: no such file")
    journal = Journal(Clock(), path)
    journal._file = file = JournalFile(path, Clock(), read_only=True)
    try:
        yield journal
    finally:
        await file.close()
