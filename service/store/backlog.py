"""What waits for the disk: a bounded queue that keeps the chain whole when it overflows."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from service.store.chain import LOST, Entry, Tail, seal

Make = Callable[[int, str, dict[str, int]], Entry]  # number, kind, data → an entry not yet sealed


class Backlog:
    """Entries sealed and not yet kept.

    When it is full the newest are dropped, not the oldest: what is dropped was never sealed, so
    every entry that was keeps its hash, and one of kind ``lost`` stands for the others.
    """

    def __init__(self, tail: Tail, entries: int, size: int, make: Make) -> None:
        self.tail = tail  # the last sealed
        self.lost = 0
        self._entries, self._size, self._make = entries, size, make
        self._waiting: deque[Entry] = deque()
        self._bytes = 0
        self._dropped: tuple[int, int] | None = None  # the first and the last

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._waiting)

    @property
    def next(self) -> int:
        """The number of the next entry."""
        return (self._dropped[1] if self._dropped else self.tail.seq) + 1

    def own_up(self) -> Entry | None:
        """Queue the entry that stands for the dropped ones, if there are any and there is room."""
        if not (self._dropped and self._has_room):
            return None
        first, last = self._dropped
        data = {"first": first, "last": last, "count": last - first + 1}
        entry = self._make(self.next, LOST, data)
        self._dropped = None
        return self.add(entry)

    def add(self, entry: Entry) -> Entry:
        """Seal and queue ``entry``, whose number is ``next``; or drop it, and give it back without a hash."""
        if self._dropped or not self._has_room:
            self._dropped = (self._dropped[0] if self._dropped else entry.seq, entry.seq)
            self.lost += 1
            return entry
        entry = replace(entry, hash=seal(self.tail.hash, entry))
        self.tail = Tail(entry.seq, entry.hash)
        self._waiting.append(entry)
        self._bytes += len(entry.text)
        return entry

    def first(self, count: int) -> list[Entry]:
        return list(islice(self._waiting, count))

    def release(self, count: int) -> None:
        """The first ``count`` are kept."""
        for _ in range(count):
            self._bytes -= len(self._waiting.popleft().text)

    @property
    def _has_room(self) -> bool:
        return len(self._waiting) < self._entries and self._bytes < self._size
