"""What a codec says in its shell: lines of text at first, then JSON objects, one after the other.

Source: cisco-ce/jsxapi, src/backend/tsh.ts and its tests; Cisco CE 9.x API guides.
Transcript: tests/transcripts/cisco_roomos_driver.json
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from avctl import wire
from avctl.drivers.cisco_roomos.tree import Leaf, leaves
from avctl.wire import Command, Message, Refusal, Tagged, Unknown

LONGEST_LINE = 4096  # bytes
LONGEST_OBJECT = 256 * 1024
NOBODYS = -1  # tag of answers to others
SHOWN = 256  # bytes of what is not understood

JSON_MODE = b"xpreferences outputmode json\n"
PASSWORD = b"(the password)\n"  # stands for it: commands are quoted in errors and logs
NUMBERED = (b"xStatus ", b"xCommand ", b"xfeedback ")


@dataclass(frozen=True, slots=True)
class Ready(Message):
    """A line that is OK: the shell takes commands."""


@dataclass(frozen=True, slots=True)
class Prompt(Message):
    """A line without an end that asks for the ``login`` or the ``password``."""

    wants: str


@dataclass(frozen=True, slots=True)
class Text(Message):
    """Any other line."""

    text: str


@dataclass(frozen=True, slots=True)
class Announced(Message):
    """What changed, of ``root`` (Status), told unasked: it carries no number."""

    root: str
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Told(Message):
    """How things stand, of ``root``, where it was asked; ``path``: for what, as only the question says."""

    root: str
    leaves: tuple[Leaf, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Done(Message):
    """A command was accepted."""

    result: str  # DialResult
    values: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Failed(Refusal):
    reason: str
    path: str

    def __str__(self) -> str:
        return f"{self.reason} ({self.path})" if self.path else self.reason


@dataclass(frozen=True, slots=True)
class NotRecognised(Refusal):
    """It is no command at all. Which one is meant, it does not say."""

    def __str__(self) -> str:
        return "command not recognized"


class Decoder(wire.Decoder):
    """``prompts``: whether the line itself may ask for a login."""

    _mark = re.compile(rb'["{}\n]|\\.|\\\Z', re.DOTALL)
    _end = re.compile(rb"\n")
    _end_or_object = re.compile(rb"[{\n]")
    _escape = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
    _prompt = re.compile(rb"\s*(?:\S+ )?(login|password): ?", re.IGNORECASE)

    def __init__(
        self, password: str = "", *, prompts: bool = False, in_json: bool = False, first: int = 1
    ) -> None:
        self._password, self._prompts = password, prompts
        self._in_json = in_json
        self._next = first
        self._held = b""
        self._in_object = False
        self._restart()

    def _restart(self) -> None:
        self._at = self._depth = 0
        self._in_string = False

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        if command.wire == PASSWORD:
            return self._password.encode() + b"\n", None
        if command.wire == JSON_MODE:
            self._in_json = True
        if not command.wire.startswith(NUMBERED):
            return command.wire, None
        tag, self._next = self._next, self._next + 1
        return b'%s | resultId="%d"\n' % (command.wire.rstrip(b"\n"), tag), tag

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        self._held += data
        while self._held:
            found = self._object() if self._in_object else self._line()
            if found is None:
                break
            yield from found
        yield from self._leftover()

    # Text.

    def _line(self) -> list[Message | Tagged] | None:
        """The next line; None while it has no end. What stands before an object is a line too."""
        ends = self._end_or_object if self._in_json else self._end
        if (end := ends.search(self._held)) is None:
            return None
        line = self._held[: end.start()]
        self._in_object = end[0] == b"{"
        self._held = self._held[end.start() if self._in_object else end.end() :]
        message = self._meant(line)
        return [message] if message else []

    def _meant(self, line: bytes) -> Message | None:
        text = self._escape.sub(b"", line).strip().decode("utf-8", "replace")
        if not text:
            return None
        if not text.isprintable() or "\ufffd" in text or len(line) > LONGEST_LINE:
            return Unknown(line[:SHOWN])
        if text == "OK":
            return Ready()
        if text.startswith("Command not recognized"):
            return NotRecognised()
        return Text(text)

    def _leftover(self) -> Iterator[Message]:
        if self._in_object:
            return
        if self._prompts and (prompt := self._prompt.fullmatch(self._held)):
            self._held = b""
            yield Prompt(prompt[1].decode().lower())
        elif len(self._held) > LONGEST_LINE:
            noise, self._held = self._held, b""
            yield Unknown(noise[:SHOWN])

    # Objects.

    def _object(self) -> list[Message | Tagged] | None:
        """The next object; None while it has no end. One that cannot go on is given up."""
        for mark in self._mark.finditer(self._held, self._at):
            match mark[0]:
                case b"\n" if self._in_string:
                    return [self._take(mark.end())]
                case b'"':
                    self._in_string = not self._in_string
                case b"\\":
                    self._at = mark.start()
                    return None
                case b"{" if not self._in_string:
                    self._depth += 1
                case b"}" if not self._in_string:
                    self._depth -= 1
                    if self._depth == 0:
                        return [self._read(self._take(mark.end()).data)]
        self._at = len(self._held)
        if self._at > LONGEST_OBJECT:
            return [Unknown(self._take(self._at).data[:SHOWN])]
        return None

    def _take(self, end: int) -> Unknown:
        taken, self._held = self._held[:end], self._held[end:]
        self._in_object = False
        self._restart()
        return Unknown(taken)

    def _read(self, data: bytes) -> Message | Tagged:
        try:
            said = json.loads(data)
        except (ValueError, RecursionError):
            return Unknown(data[:SHOWN])
        tag = said.pop("ResultId", None)
        message = meaning(said)
        if tag is None and isinstance(message, Told):
            return Announced(message.root, message.leaves)
        if tag is None:
            return message
        return Tagged(_number(tag), message)


def _number(tag: Any) -> int:
    text = str(tag)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else NOBODYS


def meaning(said: Mapping[str, Any]) -> Message:
    """What an object says, its ResultId taken off."""
    if not said:
        return Told("", ())
    root, body = next(iter(said.items()))
    if root != "CommandResponse":
        return _failed(body) or Told(root, leaves(body))
    if not isinstance(body, Mapping) or not body:
        return Done("", ())
    result, answer = next(iter(body.items()))
    return _failed(answer) or Done(result, leaves(answer))


def _failed(answer: Any) -> Failed | None:
    status = answer.get("status", "OK") if isinstance(answer, Mapping) else "OK"
    if status == "OK":
        return None
    told = {leaf.path: leaf.value for leaf in leaves(answer)}
    reason = told.get(("Reason",)) or str(status)
    return Failed(reason[:SHOWN], (told.get(("XPath",)) or "")[:SHOWN])
