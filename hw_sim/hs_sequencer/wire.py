"""Frames: fixed in length, without checksum and without end.

5B B5 | address | function | six bytes
"""

from collections.abc import Iterator
from dataclasses import dataclass

HEADER = b"\x5b\xb5"
LENGTH = 10
READ, WRITE, CLOCK, CONTROL, FACTORY_RESET = 0x02, 0x10, 0x13, 0x16, 0x77
DONE, FAILED = 0xAA, 0xFF


class Complaint(Exception):
    """The sequencer answers that it failed."""


@dataclass(frozen=True, slots=True)
class Frame:
    address: int
    function: int
    data: bytes  # six of them in all that is sent to a sequencer

    @property
    def wire(self) -> bytes:
        return HEADER + bytes((self.address, self.function)) + self.data

    @property
    def register(self) -> int:
        return int.from_bytes(self.data[:2], "big")

    @property
    def value(self) -> int:
        return int.from_bytes(self.data[2:6], "big")


class Frames:
    """Cuts a stream into frames; what stands before a header is passed over."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        for byte in data:
            self._rest.append(byte)
            if len(self._rest) <= len(HEADER) and not HEADER.startswith(self._rest):
                self._rest[:] = HEADER[:1] if byte == HEADER[0] else b""
            elif len(self._rest) == LENGTH:
                whole = bytes(self._rest)
                self._rest.clear()
                yield Frame(whole[2], whole[3], whole[4:])

    def forget(self) -> None:
        """Drop what has begun."""
        self._rest.clear()
