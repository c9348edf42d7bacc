"""What a Tesira says: answers, errors, publications, the banner, and what our questions make of them.

Source: Biamp Tesira Text Protocol help: replies, errors, subscriptions.
Transcript: tests/transcripts/biamp_ttp.json
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from avctl.drivers.biamp_ttp.value import Value, parse_members, parse_value
from avctl.telnet import Telnet
from avctl.wire import Command, LineDecoder, Message, Refusal, Tagged, Unknown

REMEMBERED = 4  # commands whose echo may still come


# What the device says.


@dataclass(frozen=True, slots=True)
class Banner(Message):
    """The telnet server is ready for commands."""


@dataclass(frozen=True, slots=True)
class Ok(Message):
    """The last command is done. What was asked for, or None; it does not say what it answers."""

    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Published(Message):
    """A subscribed value, unasked. The first one comes before the subscription's `Ok`."""

    token: str
    value: Value


@dataclass(frozen=True, slots=True)
class Error(Refusal):
    text: str

    def __str__(self) -> str:
        return f"-ERR {self.text}"


@dataclass(frozen=True, slots=True)
class AddressNotFound(Error):
    """No such instance tag, or its block is not in the running configuration."""

    def __str__(self) -> str:
        return f"-ERR {self.text}: the running configuration has no block of this tag"


@dataclass(frozen=True, slots=True)
class OutOfRange(Error):
    """A value beyond the limits that the design gives the attribute."""

    attribute: str
    low: float
    high: float


# What it means, once the question is known.


@dataclass(frozen=True, slots=True)
class LevelRead(Message):
    channel: str
    level: float | None  # dB; None is minus infinity


@dataclass(frozen=True, slots=True)
class MuteRead(Message):
    channel: str
    muted: bool


@dataclass(frozen=True, slots=True)
class MeterRead(Message):
    channel: str
    level: float | None  # dB; None is minus infinity


@dataclass(frozen=True, slots=True)
class LevelsRead(Message):
    """All levels of a block, from its first channel."""

    tag: str
    levels: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class MutesRead(Message):
    """All mutes of a block, from its first channel."""

    tag: str
    mutes: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class LimitRead(Message):
    channel: str
    upper: bool
    level: float


@dataclass(frozen=True, slots=True)
class BeyondLimits(Message):
    """A level was refused; the limits are the ones that the refusal tells."""

    channel: str
    wanted: float
    low: float
    high: float

    def __str__(self) -> str:
        return (
            f"{self.channel}: {self.wanted:g} dB is beyond the limits of the design,"
            f" {self.low:g} to {self.high:g} dB"
        )


@dataclass(frozen=True, slots=True)
class SizeRead(Message):
    tag: str
    channels: int


@dataclass(frozen=True, slots=True)
class Chosen(Message):
    """The input that a selector or a router's output takes."""

    source: int


@dataclass(frozen=True, slots=True)
class Listed(Message):
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Identified(Message):
    what: str  # serial, firmware, hostname
    text: str


class Decoder(LineDecoder):
    """Lines of one session; on telnet without its options and without the echo of our own commands."""

    # What else ends a line, an echo's CR perhaps, is stripped.
    terminator = b"\n"
    longest = 65536  # the list of all instance tags of a large design

    _beyond = re.compile(
        r"INVALID_PARAMETER Value out of range: ?attr:(\w+)"
        r" min:(-?\d+(?:\.\d+)?) max:(-?\d+(?:\.\d+)?) val:\S+"
    )
    # Not only -ERR: a service that cannot be reached answers by another word of its own.
    _error = re.compile(r"-(?:ERR(?: +(.*))?|([A-Z][A-Z_]{3,}.*))")

    def __init__(self, telnet: bool) -> None:
        super().__init__()
        self._telnet = Telnet() if telnet else None
        self._sent: deque[bytes] = deque(maxlen=REMEMBERED)

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        if self._telnet:
            data = self._telnet.strip(data)
        return super().feed(data)

    def reply(self) -> bytes:
        return self._telnet.answers() if self._telnet else b""

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        if sent := command.wire.strip():
            self._sent.append(sent)
        return command.wire, None

    def decode(self, line: bytes) -> Message | None:
        line = self._without_echo(line.strip())
        if not line:
            return None
        text = line.decode("utf-8", "replace")
        try:
            return self._said(text) or Unknown(line)
        except ValueError:
            return Unknown(line)

    def _said(self, text: str) -> Message | None:
        if text.startswith("!"):
            said = parse_members(text[1:])
            if not {"publishToken", "value"} <= said.keys():
                return None
            return Published(str(said["publishToken"]), said["value"])
        if text == "+OK" or text.startswith("+OK "):
            return Ok(_answer(text[3:].strip()))
        if match := self._error.fullmatch(text):
            return self._refused(match[1] or match[2] or "")
        return Banner() if text.startswith("Welcome to the Tesira") else None

    def _refused(self, text: str) -> Error:
        if text.startswith("address not found"):
            return AddressNotFound(text)
        if match := self._beyond.match(text):
            return OutOfRange(text, match[1], float(match[2]), float(match[3]))
        return Error(text)

    def _without_echo(self, line: bytes) -> bytes:
        for sent in self._sent:
            rest = line.removeprefix(sent).lstrip()
            if line.startswith(sent) and (not rest or rest[:1] in b"+-!"):
                self._sent.remove(sent)
                return rest
        return line


def _answer(text: str) -> Value | None:
    """``"value":2``, ``"list":["a"]``, or ``2`` while the session is not verbose."""
    if not text:
        return None
    try:
        members = parse_members(text)
    except ValueError:
        return parse_value(text)
    return next(iter(members.values())) if len(members) == 1 else members
