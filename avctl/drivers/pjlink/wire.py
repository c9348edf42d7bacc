"""What a PJLink device says: greetings, answers under the header of their command, errors, notices.

Source: "PJLink Specifications" version 2.00 (2017-01-31), JBMIA; class 1, version 1.04 (2013-12-10).
Transcript: tests/transcripts/pjlink.json
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from avctl.capabilities.health import Condition
from avctl.capabilities.power import Power
from avctl.wire import Command, LineDecoder, Message, Refusal, Unknown

UNDEFINED, OUT_OF_RANGE, NOT_NOW, FAILURE = 1, 2, 3, 4
MEANING = {
    UNDEFINED: "undefined: the model has no such thing",
    OUT_OF_RANGE: "out of range: no such input or setting",
    NOT_NOW: "not now: in standby, warming, cooling, or switching",
    FAILURE: "the projector has a fault",
}
RETRY_AFTER = 1.0  # seconds

POWER = {"0": Power.OFF, "1": Power.ON, "2": Power.COOLING, "3": Power.WARMING}
CONDITION = {"0": Condition.GOOD, "1": Condition.WARNING, "2": Condition.FAULT}
# Which mutes: picture, sound.
MUTES = {
    "10": (False, False), "11": (True, False), "20": (False, False), "21": (False, True),
    "30": (False, False), "31": (True, True),
}  # fmt: skip


class Secret(bytes):
    """Bytes that no log and no error text shows."""

    def __repr__(self) -> str:
        return "b'(digest)…'"


@dataclass(frozen=True, slots=True)
class Greeting(Message):
    """The first thing said on a connection. With ``random`` it wants a password."""

    random: str = ""


@dataclass(frozen=True, slots=True)
class Rejected(Refusal):
    """The digest was wrong, or another controller's session made the device forget ours. The command is ignored."""

    @property
    def wait(self) -> float | None:
        return 2.0

    def __str__(self) -> str:
        return "PJLINK ERRA: it does not take our password"


@dataclass(frozen=True, slots=True)
class Done(Message):
    """Accepted, and no more than that."""

    header: str  # %1POWR


@dataclass(frozen=True, slots=True)
class Error(Refusal):
    header: str
    code: int

    def refuses(self, command: Command[Any]) -> bool:
        return command.wire[:6] == self.header.encode("ascii")

    @property
    def wait(self) -> float | None:
        return RETRY_AFTER if self.code == NOT_NOW else None

    def __str__(self) -> str:
        return f"ERR{self.code} ({MEANING[self.code]})"


@dataclass(frozen=True, slots=True)
class Said(Message):
    """The answer to a question, by the header of that question in capitals: ``%1POWR``."""

    header: str


@dataclass(frozen=True, slots=True)
class Lacking(Said):
    """The model has no such thing."""


@dataclass(frozen=True, slots=True)
class PowerIs(Said):
    state: Power


@dataclass(frozen=True, slots=True)
class InputIs(Said):
    source: str | None  # None: not told in this state


@dataclass(frozen=True, slots=True)
class Muted(Said):
    picture: bool | None  # None: not told in this state
    sound: bool | None


@dataclass(frozen=True, slots=True)
class Errors(Said):
    """Fan, lamp, temperature, cover, filter, other. None: not told in this state."""

    conditions: tuple[Condition, ...] | None


@dataclass(frozen=True, slots=True)
class Lamps(Said):
    """Hours and whether it burns, for each lamp."""

    lamps: tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True)
class Inputs(Said):
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text(Said):
    text: str


@dataclass(frozen=True, slots=True)
class ClassIs(Said):
    number: int


@dataclass(frozen=True, slots=True)
class Arrives(Said):
    """What comes in: its size, and whether anything does. None: not known."""

    size: str | None
    signal: bool | None


@dataclass(frozen=True, slots=True)
class FilterHours(Said):
    hours: int


@dataclass(frozen=True, slots=True)
class FrozenIs(Said):
    on: bool | None  # None: not told in this state


@dataclass(frozen=True, slots=True)
class Notice(Message):
    """Said unasked: something changed. Worth a look, and no more: class 2 tells power in two states only."""

    header: str
    value: str


class Decoder(LineDecoder):
    """The bytes of one connection. Its first command carries the digest, where the greeting asks for one."""

    terminator = b"\r"
    longest = 256

    _greeting = re.compile(r"PJLINK (?:0|1 ([0-9A-Za-z]{1,32}))", re.IGNORECASE)
    _line = re.compile(r"(%[12][A-Z0-9]{4})=(.*)", re.IGNORECASE | re.DOTALL)

    def __init__(self, password: str = "") -> None:
        super().__init__()
        self._password, self._digest = password, b""

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        if not (self._digest and command.wire):
            return command.wire, None
        digest, self._digest = self._digest, b""
        return Secret(digest + command.wire), None

    def decode(self, line: bytes) -> Message | None:
        line = line.strip(b"\0\n\t ")
        if not line:
            return None
        text = _text(line)
        if text.upper() == "PJLINK ERRA":
            return Rejected()
        if match := self._greeting.fullmatch(text):
            return self._greeted(match[1] or "")
        if match := self._line.fullmatch(text):
            return _answer(match[1].upper(), match[2]) or Unknown(line)
        return Unknown(line)

    def _greeted(self, random: str) -> Greeting:
        # The number goes into the digest as it was received: some send capitals.
        if random and self._password:
            self._digest = digest(random, self._password)
        return Greeting(random)


def digest(random: str, password: str) -> bytes:
    text = (random + password).encode("ascii")
    return hashlib.md5(text, usedforsecurity=False).hexdigest().encode("ascii")


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _answer(header: str, value: str) -> Message | None:
    if value.upper() == "OK":
        return Done(header)
    if match := re.fullmatch(r"ERR([1-4])", value, re.IGNORECASE):
        return Error(header, int(match[1]))
    if header in NOTICES:
        return Notice(header, value)
    read = READ.get(header[2:])
    return read(header, value.strip()) if read else None


# How each answer is read. None: it says nothing that the document has.


def _power(header: str, value: str) -> Said | None:
    return PowerIs(header, POWER[value]) if value in POWER else None


def _input(header: str, value: str) -> Said | None:
    name = value.upper()
    return InputIs(header, name) if re.fullmatch(r"[1-9][1-9A-Z]", name) else None


def _mutes(header: str, value: str) -> Said | None:
    return Muted(header, *MUTES[value]) if value in MUTES else None


def _errors(header: str, value: str) -> Said | None:
    if not re.fullmatch(r"[012]{6}", value):
        return None
    return Errors(header, tuple(CONDITION[digit] for digit in value))


def _lamps(header: str, value: str) -> Said | None:
    if not re.fullmatch(r"\d{1,5} +[01](?: +\d{1,5} +[01]){0,7}", value, re.ASCII):
        return None
    words = value.split()
    pairs = zip(words[::2], words[1::2], strict=True)
    return Lamps(header, tuple((int(hours), lit == "1") for hours, lit in pairs))


def _inputs(header: str, value: str) -> Said | None:
    names = tuple(value.upper().split())
    is_list = all(re.fullmatch(r"[1-9][1-9A-Z]", name) for name in names)
    return Inputs(header, names) if is_list and len(names) <= 50 else None


def _class(header: str, value: str) -> Said | None:
    # One model says "Class 1".
    return ClassIs(header, int(value[-1])) if value[-1:] in ("1", "2") else None


def _arrives(header: str, value: str) -> Said | None:
    if value in ("-", "*"):
        return Arrives(header, None, False if value == "-" else None)
    size = value.lower()
    is_size = re.fullmatch(r"\d{1,5}x\d{1,5}", size, re.ASCII)
    return Arrives(header, size, True) if is_size else None


def _size(header: str, value: str) -> Said | None:
    is_size = re.fullmatch(r"\d{1,5}x\d{1,5}", value, re.ASCII | re.IGNORECASE)
    return Text(header, value.lower()) if is_size else None


def _filter(header: str, value: str) -> Said | None:
    is_hours = re.fullmatch(r"\d{1,5}", value, re.ASCII)
    return FilterHours(header, int(value)) if is_hours else None


def _frozen(header: str, value: str) -> Said | None:
    return FrozenIs(header, value == "1") if value in ("0", "1") else None


NOTICES = {"%2POWR", "%2ERST", "%2LKUP", "%2ACKN"}
READ: Mapping[str, Callable[[str, str], Said | None]] = {
    "POWR": _power, "INPT": _input, "AVMT": _mutes, "ERST": _errors, "LAMP": _lamps, "INST": _inputs,
    "CLSS": _class, "IRES": _arrives, "RRES": _size, "FILT": _filter, "FREZ": _frozen,
    "NAME": Text, "INF1": Text, "INF2": Text, "INFO": Text, "SNUM": Text, "SVER": Text, "INNM": Text,
    "RLMP": Text, "RFIL": Text,
}  # fmt: skip
