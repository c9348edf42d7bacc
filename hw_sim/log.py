"""What passed on a device's lines and when: the oracle of tests, in simulated time."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hw_sim.clock import Clock

KEPT = 10_000  # entries
RUN = 256  # bytes of a paced line in one entry

Direction = Literal["opened", "in", "out", "closed"]


@dataclass(slots=True)
class Entry:
    """Bytes that passed together, ``in`` to the device or ``out`` of it; none for ``opened`` and ``closed``."""

    time: float  # of the first byte
    until: float  # of the last byte
    end: str
    peer: str
    direction: Direction
    data: bytes


class Log:
    """The last `KEPT` entries, oldest first. Noise and what a fault swallowed are not in it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._runs: dict[tuple[str, str, Direction], Entry] = {}

    def note(
        self, end: str, peer: str, direction: Direction, data: bytes = b"", *, gap: float = 0.0
    ) -> None:
        """Write an entry; bytes that follow others of their line within ``gap`` seconds join them."""
        now = self._clock.now()
        key = (end, peer, direction)
        run = self._runs.get(key)
        if run is not None and now - run.until <= gap and len(run.data) < RUN:
            run.until, run.data = now, run.data + data
            return
        entry = Entry(now, now, end, peer, direction, data)
        self._entries.append(entry)
        if gap > 0:  # a paced line; there are few of those, and they live as long as the device
            self._runs[key] = entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def after(self, time: float, direction: Direction | None = None) -> list[Entry]:
        """The entries that began at ``time`` or later, of one direction or of all."""
        return [
            entry
            for entry in self._entries
            if entry.time >= time and direction in (None, entry.direction)
        ]

    def first(self, direction: Direction, after: float = 0.0) -> Entry | None:
        """The first entry of ``direction`` at ``after`` or later."""
        return next(iter(self.after(after, direction)), None)

    def sent(self, after: float = 0.0) -> bytes:
        """All that the device put on its lines from ``after`` on."""
        return b"".join(entry.data for entry in self.after(after, "out"))

    def heard(self, after: float = 0.0) -> bytes:
        """All that reached the device from ``after`` on."""
        return b"".join(entry.data for entry in self.after(after, "in"))
