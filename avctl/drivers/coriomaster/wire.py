"""What a CORIOmaster says: lines up to a status line, and what our questions make of them.

Source: CORIOmaster C3-540 manual, p. 17; public driver specifications.
Transcript: tests/transcripts/coriomaster.json
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from avctl.wire import LONGEST_MESSAGE, Command, Decoder, Message, Refusal, Tagged, Unknown

LONGEST_REPLY = 1024 * 1024  # bytes
MOST_LINES = 8192  # of one reply

Line = tuple[str, str]  # path, value


# What the device says.


@dataclass(frozen=True, slots=True)
class Greeting(Message):
    """A line of the banner."""

    text: str


@dataclass(frozen=True, slots=True)
class Ready(Message):
    """The controller takes a login."""


@dataclass(frozen=True, slots=True)
class Foreign(Message):
    """The greeting of another product on the same port."""

    text: str


@dataclass(frozen=True, slots=True)
class Reply(Message):
    """The lines that came before a ``!Done``, and the path that it names."""

    done: str
    lines: tuple[Line, ...] = ()

    def is_about(self, path: str) -> bool:
        return self.done.casefold() == path.casefold()

    def value(self, path: str) -> str | None:
        """The last value of ``path``, or None where the device left it out."""
        wanted = path.casefold()
        return next((text for at, text in reversed(self.lines) if at.casefold() == wanted), None)

    def below(self, path: str) -> dict[str, str]:
        """The values under ``path``, by what follows it, in lower case."""
        start = path.casefold() + "."
        return {
            at.casefold().removeprefix(start): text
            for at, text in self.lines
            if at.casefold().startswith(start)
        }


@dataclass(frozen=True, slots=True)
class Info(Message):
    """Ends the answer to a login and to a reset."""

    text: str


@dataclass(frozen=True, slots=True)
class Event(Message):
    """Something happened, unasked; its wording is not documented."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused(Refusal):
    """It names no path: it is meant for the only command outstanding."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Spoilt(Refusal):
    """A reply of which a line was damaged or could not be kept: to be asked for again."""

    done: str

    def is_about(self, path: str) -> bool:
        return self.done.casefold() == path.casefold()

    def refuses(self, command: Command[Any]) -> bool:
        return command.is_answered_by(Reply(self.done))

    @property
    def wait(self) -> float:
        return 0.2

    def __str__(self) -> str:
        return f"a spoilt reply about {self.done}"


# What it means, once the question is known.


@dataclass(frozen=True, slots=True)
class LoginAnswered(Message):
    text: str

    @property
    def is_welcome(self) -> bool:
        text = self.text.casefold()
        return "logged in" in text and "not logged" not in text


@dataclass(frozen=True, slots=True)
class Accepted(Message):
    path: str


@dataclass(frozen=True, slots=True)
class RecallAccepted(Message):
    number: int


@dataclass(frozen=True, slots=True)
class Taken(Message):
    """The layout that was last taken, or None where there is none."""

    number: int | None


@dataclass(frozen=True, slots=True)
class WindowsListed(Message):
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WindowRead(Message):
    """A window: all its properties, by lower-case name."""

    number: int
    properties: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SourceRead(Message):
    """The source in a window: empty is none, None that the device left it out."""

    window: int
    source: str | None


@dataclass(frozen=True, slots=True)
class LayoutsListed(Message):
    names: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Identified(Message):
    what: str  # serial, firmware
    text: str


class ReplyDecoder(Decoder):
    """Lines of one connection. ``greets``: whether it begins with a banner.

    Window1.Input = Slot3.In1     path = value, one a line
    !Done Window1.Input           status: ends the reply; !Event does not
    """

    # Preset lists have no blanks around "=".
    _line = re.compile(r"([A-Za-z_][\w.]*(?:\[\d+\])?)(?: = ?|=)(.*)", re.ASCII)
    _status = re.compile(r"!\s*(\w+)(\W*)(.*)", re.ASCII)
    # C2 scalers, which share the port: F041041024F000291??
    _other_product = re.compile(r"F[0-9A-F]{8,}.*")
    _ends = re.compile(rb"[\r\n]")

    def __init__(self, greets: bool) -> None:
        self._greets = greets
        self._held = b""
        self._skips = False  # the rest of a line that was too long
        self._lines: list[Line] = []
        self._size = 0
        self._spoilt = False  # a line of the reply under way is missing

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        *lines, self._held = self._ends.split(self._held + data)
        for line in lines:
            if self._skips:
                self._skips = False
            elif len(line) > LONGEST_MESSAGE:
                yield self._noise(line)
            elif line.strip() and (message := self._said(line)) is not None:
                yield message
        if len(self._held) > LONGEST_MESSAGE:
            noise, self._held = self._held, b""
            if not self._skips:
                self._skips = True
                yield self._noise(noise)

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        # One command at a time: what came before it is no part of its reply.
        self._take()
        return command.wire, None

    def _noise(self, line: bytes) -> Unknown:
        """A line that cannot be kept: the reply that it belongs to would be incomplete."""
        self._spoil()
        return Unknown(line[:LONGEST_MESSAGE])

    def _said(self, line: bytes) -> Message | None:
        text = line.decode("utf-8", "replace").strip()
        if text.startswith("!"):
            return self._stated(text, line)
        if text.startswith("//"):
            return self._greeted(text.lstrip("/").strip())
        match = self._line.fullmatch(text)
        path, sign, value = (match[1], "=", match[2]) if match else text.partition(" = ")
        if sign and _is_plain(path):
            self._keep((path, value.strip()), len(line))
            return None
        if self._greets:
            # The prompt for a login is no comment.
            return Foreign(text) if self._other_product.fullmatch(text) else self._greeted(text)
        if not _is_plain(path):
            self._spoil()
        return Unknown(line)

    def _greeted(self, text: str) -> Message | None:
        if "interface ready" in text.casefold():
            return Ready()
        return Greeting(text) if any(map(str.isalnum, text)) else None

    def _stated(self, text: str, line: bytes) -> Message | None:
        self._greets = False
        match = self._status.fullmatch(text)
        word = match[1].casefold() if match else ""
        if match is None or word not in ("done", "info", "error", "failed", "event"):
            return Unknown(line)
        if word == "event":
            return Event(match[3])
        if word == "info":
            return Info(match[3])
        lines, spoilt = self._take()
        if word == "done":
            done = match[3].strip()
            return Spoilt(done) if spoilt else Reply(done, lines)
        return Refused(text)

    def _keep(self, line: Line, size: int) -> None:
        self._size += size
        if self._size > LONGEST_REPLY or len(self._lines) >= MOST_LINES:
            self._spoil()
        elif not self._spoilt:
            self._lines.append(line)

    def _spoil(self) -> None:
        self._lines, self._spoilt = [], True

    def _take(self) -> tuple[tuple[Line, ...], bool]:
        taken = tuple(self._lines), self._spoilt
        self._lines, self._size, self._spoilt = [], 0, False
        return taken


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()
