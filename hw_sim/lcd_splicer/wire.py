"""Frames of the chain.

E0 + length of the whole | panel, FD for all | 20 | command | data | FF minus the low byte of the sum
69 D0 | C6               all on, on V59 boards
"""

from collections.abc import Iterator
from dataclasses import dataclass

SHORTEST, LONGEST = 5, 31
BASE, ALL_ON, ALL, MARK = 0xE0, b"\x69\xd0\xc6", 0xFD, 0x20


@dataclass(frozen=True, slots=True)
class Frame:
    panel: int
    command: int
    data: bytes


def check(frame: bytes) -> int:
    return 0xFF - (sum(frame) & 0xFF)


class Frames:
    """Cuts a stream into frames with the right check; None is the short one that switches all on."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame | None]:
        for byte in data:
            self._rest.append(byte)
            while self._rest and (length := self._length()) <= len(self._rest):
                frame = bytes(self._rest[:length])
                if length == len(ALL_ON) and frame == ALL_ON:
                    del self._rest[:length]
                    yield None
                elif length >= SHORTEST and check(frame[:-1]) == frame[-1]:
                    del self._rest[:length]
                    yield Frame(frame[1], frame[3], frame[4:-1])
                else:  # no frame begins here
                    del self._rest[0]

    def forget(self) -> None:
        self._rest.clear()

    def _length(self) -> int:
        """How long the frame is that begins here, or one byte that begins none."""
        first = self._rest[0]
        if first == ALL_ON[0]:
            return len(ALL_ON)
        marked = len(self._rest) < 3 or self._rest[2] == MARK
        return first - BASE if BASE + SHORTEST <= first <= BASE + LONGEST and marked else 1
