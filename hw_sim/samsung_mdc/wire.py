"""Frames, which come cut anywhere.

    AA command id length data... checksum            to the display
    AA FF id length 41|4E command data... checksum   from it; 41 is ACK, 4E is NAK

The checksum is the sum of all after AA, modulo 256.
"""

from collections.abc import Iterator
from dataclasses import dataclass

START, ANSWER, ACK, NAK = 0xAA, 0xFF, 0x41, 0x4E
ANYBODY = frozenset({0xFE, 0xFF})  # ids
HEAD = 4
LONGEST = HEAD + 255 + 1


@dataclass(frozen=True, slots=True)
class Frame:
    command: int
    id: int
    data: bytes


def answer(display: int, command: int, data: bytes, *, ack: bool = True) -> bytes:
    body = bytes((ANSWER, display, len(data) + 2, ACK if ack else NAK, command)) + data
    return bytes((START,)) + body + bytes((sum(body) % 256,))


class Frames:
    """Finds frames in a stream; after a wrong checksum it looks on behind the AA that began the frame."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        for start in range(0, len(data), LONGEST):
            self._rest += data[start : start + LONGEST]
            yield from self._whole()

    def _whole(self) -> Iterator[Frame]:
        rest = self._rest
        while (begin := rest.find(START)) >= 0:
            del rest[:begin]
            if len(rest) < HEAD or len(rest) < (size := HEAD + rest[3] + 1):
                return
            if sum(rest[1 : size - 1]) % 256 == rest[size - 1]:
                yield Frame(rest[1], rest[2], bytes(rest[HEAD : size - 1]))
                del rest[:size]
            else:
                del rest[:1]
        rest.clear()
