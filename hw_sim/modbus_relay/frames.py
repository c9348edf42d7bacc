"""The two ways a request travels.

RTU  unit | function, data | CRC low, high
TCP  transaction(2) | 0 0 | length(2) | unit | function, data
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

LONGEST = 256  # bytes of an RTU frame
HEADER = 7  # bytes of a TCP header, with the unit
BROADCAST = 0
FIXED = range(1, 7)  # functions whose requests have eight bytes
COUNTED = (0x0F, 0x10)  # functions whose requests say how many bytes follow


class Hopeless(Exception):
    """The stream makes no sense any more."""


@dataclass(frozen=True, slots=True)
class Request:
    unit: int
    pdu: bytes  # function and data
    transaction: int = 0

    def reply(self, unit: int, pdu: bytes, *, tcp: bool) -> bytes:
        if not tcp:
            return sealed(bytes((unit,)) + pdu)
        head = self.transaction.to_bytes(2, "big") + bytes(2) + (1 + len(pdu)).to_bytes(2, "big")
        return head + bytes((unit,)) + pdu


class Framing(Protocol):
    def feed(self, data: bytes) -> Iterator[Request]:
        """The requests that ``data``, cut anywhere, completes. Raises Hopeless."""

    def forget(self) -> None:
        """Drop what has begun."""


def _table() -> Iterator[int]:
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ 0xA001 if byte & 1 else byte >> 1
        yield byte


_CRC = tuple(_table())


def crc(data: bytes) -> bytes:
    rest = 0xFFFF
    for byte in data:
        rest = rest >> 8 ^ _CRC[(rest ^ byte) & 0xFF]
    return rest.to_bytes(2, "little")


def sealed(frame: bytes) -> bytes:
    return frame + crc(frame)


class Rtu:
    """Requests to one unit, found by their length and CRC; what stands before them is passed over."""

    def __init__(self, unit: int) -> None:
        self._units = (unit, BROADCAST)
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Request]:
        for byte in data:
            self._rest.append(byte)
            if len(self._rest) > LONGEST:
                del self._rest[0]
            frame = self._complete()
            if frame is not None:
                self._rest.clear()
                yield Request(frame[0], frame[1:-2])

    def forget(self) -> None:
        self._rest.clear()

    def _complete(self) -> bytes | None:
        for start in range(len(self._rest) - 3):
            if self._rest[start] in self._units and self._may_end(start):
                frame = bytes(self._rest[start:])
                if crc(frame[:-2]) == frame[-2:]:
                    return frame
        return None

    def _may_end(self, start: int) -> bool:
        length, function = len(self._rest) - start, self._rest[start + 1]
        if function in FIXED:
            return length == 8
        if function in COUNTED:
            return length >= 9 and length == 9 + self._rest[start + 6]
        return start == 0  # a function of unknown length: only its CRC tells


class Tcp:
    """Requests with a header."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Request]:
        for byte in data:
            self._rest.append(byte)
            request = self._complete()
            if request is not None:
                self._rest.clear()
                yield request

    def forget(self) -> None:
        self._rest.clear()

    def _complete(self) -> Request | None:
        head = self._rest
        if len(head) >= 6 and (head[2:4] != bytes(2) or not 2 <= _length(head) <= 254):
            raise Hopeless
        if len(head) <= HEADER or len(head) < 6 + _length(head):
            return None
        return Request(head[6], bytes(head[HEADER:]), int.from_bytes(head[:2], "big"))


def _length(head: bytes | bytearray) -> int:
    return int.from_bytes(head[4:6], "big")
