"""What a relay board says, in the two framings of Modbus.

    RTU   unit | function | data | CRC, low byte first
    TCP   transaction, protocol 0, length (two bytes each) | unit | function | data

Source: Modbus Application Protocol V1.1b3; Waveshare Modbus RTU Relay Protocol Manual.
Transcript: tests/transcripts/modbus_relay_driver.json
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from avctl.wire import Command, Decoder, Message, Refusal, Tagged, Unknown

READ_COILS, WRITE_COIL = 0x01, 0x05
REFUSED = 0x80  # added to the function
MOST_RELAYS = 64
BUSY, BUSY_WAIT = 6, 1.0  # exception code, seconds

MEANINGS = {
    1: "function not known",
    2: "no such relay",
    3: "value not allowed",
    4: "the device failed",
    5: "accepted, not done yet",
    BUSY: "busy",
}


@dataclass(frozen=True, slots=True)
class Coils(Message):
    """Relays from the first asked for, in whole bytes; what fills the last one is off."""

    unit: int
    on: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Written(Message):
    """The echo of a write."""

    unit: int
    coil: int
    value: int


@dataclass(frozen=True, slots=True)
class Exceptional(Refusal):
    unit: int
    function: int
    code: int

    def __str__(self) -> str:
        return f"exception {self.code}: {MEANINGS.get(self.code, 'unknown')}"

    def refuses(self, command: Command[Any]) -> bool:
        return command.wire[:2] == bytes((self.unit, self.function))

    @property
    def wait(self) -> float | None:
        return BUSY_WAIT if self.code == BUSY else None


def decode(unit: int, pdu: bytes) -> Message | None:
    """A complete answer. None for what is none of ours."""
    match pdu[:1], pdu[1:]:
        case b"\x01", data if len(data) >= 2 and len(data) == 1 + data[0]:
            return Coils(
                unit, tuple(bool(byte >> bit & 1) for byte in data[1:] for bit in range(8))
            )
        case b"\x05", data if len(data) == 4:
            return Written(unit, int.from_bytes(data[:2], "big"), int.from_bytes(data[2:], "big"))
        case function, data if function and function[0] >= REFUSED and len(data) == 1:
            return Exceptional(unit, function[0] - REFUSED, data[0])
    return None


def crc(data: bytes) -> bytes:
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


class RtuDecoder(Decoder):
    """Frames have neither start nor end: one is where a length that fits and a CRC that is right meet."""

    longest = 3 + MOST_RELAYS // 8 + 2  # bytes

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        self._held += data
        while found := self._next():
            start, length, message = found
            if start:
                yield Unknown(self._held[:start])
            self._held = self._held[start + length :]
            yield message
        if spare := max(0, len(self._held) - self.longest):
            noise, self._held = self._held[:spare], self._held[spare:]
            yield Unknown(noise)

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        return command.wire + crc(command.wire), None

    def _next(self) -> tuple[int, int, Message] | None:
        """Where the first whole frame starts, its length, and what it says."""
        for start in range(len(self._held) - 4):
            length = self._length(self._held[start:])
            frame = self._held[start : start + length]
            whole = length and len(frame) == length and crc(frame[:-2]) == frame[-2:]
            if whole and (message := decode(frame[0], frame[1:-2])):
                return start, length, message
        return None

    def _length(self, frame: bytes) -> int:
        """What its head says, or 0 where it is no head."""
        if frame[1] == READ_COILS:
            length = 5 + frame[2]
            return length if length <= self.longest else 0
        return {WRITE_COIL: 8, READ_COILS | REFUSED: 5, WRITE_COIL | REFUSED: 5}.get(frame[1], 0)


class TcpDecoder(Decoder):
    """Answers carry the number of their question."""

    header = 6  # bytes
    longest = 260  # bytes

    def __init__(self) -> None:
        self._held = b""
        self._transaction = 0

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        self._held += data
        noise = bytearray()
        while len(self._held) >= self.header:
            transaction, protocol, length = (
                int.from_bytes(self._held[at : at + 2], "big") for at in (0, 2, 4)
            )
            if protocol != 0 or not 3 <= length <= self.longest - self.header:
                noise.append(self._held[0])
                self._held = self._held[1:]
                continue
            if len(self._held) < self.header + length:
                break
            body = self._held[self.header : self.header + length]
            self._held = self._held[self.header + length :]
            message = decode(body[0], body[1:])
            yield Tagged(transaction, message) if message else Unknown(body)
        if noise:
            yield Unknown(bytes(noise))

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        self._transaction = self._transaction % 0xFFFF + 1
        head = self._transaction.to_bytes(2, "big") + bytes(2)
        return head + len(command.wire).to_bytes(2, "big") + command.wire, self._transaction
