"""What a Samsung display says: replies framed by their length, each with the display's number and the command's.

Source: the MDC frame, its replies and their data as in vgavro/samsung-mdc 1.18.0 (commit 8fa5901).
Transcript: tests/transcripts/samsung_mdc.json, samsung_mdc_driver.json
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from avctl.wire import Command, Decoder, Message, Refusal, Tagged, Unknown

HEAD, REPLY, ACK, NAK = 0xAA, 0xFF, 0x41, 0x4E
OVERHEAD = 5  # bytes around the data: head, command, number, length, checksum
LONGEST = 128  # bytes of data; a longer length is noise
MOST_NOISE = 64  # bytes told at once


@dataclass(frozen=True, slots=True)
class Ack(Message):
    """The command was taken. After a question its data are the answer; after a change they prove nothing."""

    display: int
    command: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Nak(Refusal):
    display: int
    command: int
    code: int

    def refuses(self, command: Command[Any]) -> bool:
        return command.wire[1:3] == bytes((self.command, self.display))

    def __str__(self) -> str:
        return f"NAK {self.code:02X}: unknown to this model, or not now"


@dataclass(frozen=True, slots=True)
class Secured(Message):
    """The display wants TLS and a PIN."""


# What questions are answered with.


@dataclass(frozen=True, slots=True)
class Answer(Message):
    display: int


@dataclass(frozen=True, slots=True)
class Accepted(Answer):
    command: int


@dataclass(frozen=True, slots=True)
class Status(Answer):
    on: bool
    volume: int | None  # None: it has no sound
    muted: bool | None
    input: int


@dataclass(frozen=True, slots=True)
class PowerRead(Answer):
    on: bool


@dataclass(frozen=True, slots=True)
class ErrorsRead(Answer):
    """True is a fault. None: there is no such part, or it cannot be told."""

    lamp: bool
    temperature: bool
    sensor: bool | None
    no_signal: bool | None
    celsius: int
    fan: bool | None


@dataclass(frozen=True, slots=True)
class TextRead(Answer):
    what: int  # the command
    text: str


def checksum(body: bytes) -> int:
    """Of all after the head."""
    return sum(body) % 256


class MdcDecoder(Decoder):
    """The bytes of one connection. Noise between replies is dropped, and what is cut off dies with the next command."""

    _secured = re.compile(rb"MDC(?:START<<TLS>>|AUTH<<(?:PASS|FAIL:[0-9A-Fa-f]{4})>>)")
    _longest_text = len(b"MDCAUTH<<FAIL:0000>>")

    def __init__(self) -> None:
        self._held = bytearray()
        self._noise = bytearray()

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        # Nothing is said unasked: what is held now belongs to an answer that was given up.
        self._held.clear()
        return command.wire, None

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        self._held += data
        while self._held:
            message, length = self._first()
            if length == 0:
                return
            if message is None:
                self._noise += self._held[:1]
            del self._held[:length]
            if self._noise and (message is not None or len(self._noise) >= MOST_NOISE):
                yield Unknown(bytes(self._noise))
                self._noise.clear()
            if message is not None:
                yield message

    def _first(self) -> tuple[Message | None, int]:
        """The message that begins what is held, and how many bytes it has; 0 where more have to come."""
        held = self._held
        if held[0] == HEAD:
            return self._reply()
        if held[0] == ord("M"):
            text = bytes(held[: self._longest_text])
            if match := self._secured.match(text):
                return Secured(), match.end()
            if b"MDC".startswith(text[:3]) and len(text) < self._longest_text and text.isascii():
                return None, 0
        return None, 1

    def _reply(self) -> tuple[Message | None, int]:
        held = self._held
        if (len(held) > 1 and held[1] != REPLY) or (
            len(held) > 3 and not 2 < held[3] + 1 <= LONGEST
        ):
            return None, 1
        if len(held) < 4 or len(held) < (length := held[3] + OVERHEAD):
            return None, 0
        if held[length - 1] != checksum(bytes(held[1 : length - 1])):
            return None, 1
        display, kind, command, data = held[2], held[4], held[5], bytes(held[6 : length - 1])
        if kind == ACK:
            return Ack(display, command, data), length
        if kind == NAK:
            return Nak(display, command, data[0] if data else 0), length
        return None, 1


# What the data of an answer say.


def is_status(data: bytes) -> bool:
    return len(data) >= 4 and data[0] in (0, 1)


def read_status(display: int, data: bytes) -> Status:
    power, volume, mute, source = data[:4]
    muted = {0: False, 1: True}.get(mute)
    return Status(display, power == 1, volume if volume <= 100 else None, muted, source)


def is_errors(data: bytes) -> bool:
    return len(data) >= 6


def read_errors(display: int, data: bytes) -> ErrorsRead:
    lamp, temperature, sensor, sync, celsius, fan = data[:6]
    return ErrorsRead(
        display,
        lamp == 1,
        temperature == 1,
        {1: True, 2: False}.get(sensor),
        {0: False, 1: True}.get(sync),
        celsius,
        {0: False, 1: True}.get(fan),
    )
