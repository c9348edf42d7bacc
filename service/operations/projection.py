"""State that is read from the journal, and changed by writing there."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from service.journal import Entry, Journal

log = logging.getLogger("avctl.operations")


class Projection(ABC):
    """Every entry of its kinds, old and new, goes through `apply` once and in order: nothing else changes its state.

    So what is on record and what is shown cannot differ, and a restart comes up with the same state.
    """

    kinds: ClassVar[frozenset[str]]

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._last = 0
        self._leave: Callable[[], None] | None = None
        self._early: list[Entry] | None = None  # noted while the old ones are read

    async def open(self) -> None:
        """Raises JournalError."""
        self._early = []
        self._leave = self._journal.subscribe(self._noted)
        async for entry in self._journal.read(self.kinds):
            self._take(entry)
        early, self._early = self._early, None
        for entry in early:
            self._take(entry)

    def close(self) -> None:
        if self._leave:
            self._leave()
            self._leave = None

    @abstractmethod
    def apply(self, entry: Entry) -> None:
        """Take one entry into the state. What it does not understand, being of another version, it passes over."""

    async def write(
        self,
        kind: str,
        data: Mapping[str, Any],
        *,
        room: str | None = None,
        by: str | None = None,
    ) -> Entry:
        """Note it, and wait until it is safely on the disk: what was acknowledged is not lost.

        Raises JournalError when it could not be kept.
        """
        entry = self._journal.note(kind, data, room=room, by=by)
        await self._journal.stored(entry)
        return entry

    def _noted(self, entry: Entry) -> None:
        if entry.kind not in self.kinds:
            return
        if self._early is not None:
            self._early.append(entry)
        else:
            self._take(entry)

    def _take(self, entry: Entry) -> None:
        if entry.seq <= self._last:
            return
        self._last = entry.seq
        try:
            self.apply(entry)
        except Exception:
            log.exception("entry %d is passed over", entry.seq)
