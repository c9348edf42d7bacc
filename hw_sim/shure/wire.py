"""Frames and words of command strings: ``< GET 1 AUDIO_MUTE >``. There are no line ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 256  # bytes of a frame; what is longer is an error
START, END = ord("<"), ord(">")
ERROR = b"< REP ERR >"

_COMMAND = re.compile(r"\s*(GET|SET)(?:\s+(\d{1,2}))?\s+([A-Z][A-Z0-9_]*)(?:\s+(\S.*?))?\s*")


class Complaint(Exception):
    """The device answers REP ERR."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a client wants."""

    sets: bool
    channel: int | None
    name: str
    value: str


class Frames:
    """Cuts a stream into what stands between ``<`` and ``>``; whatever stands elsewhere is passed over."""

    def __init__(self) -> None:
        self._frame: bytearray | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        for byte in data:
            if byte == START:
                self._frame = bytearray()
            elif self._frame is None:
                continue
            elif byte == END:
                frame, self._frame = bytes(self._frame), None
                yield frame
            elif len(self._frame) <= LONGEST:
                self._frame.append(byte)


def read(frame: bytes) -> Order:
    """Raises Complaint when it is no command."""
    match = _COMMAND.fullmatch(frame.decode("latin-1"))
    if match is None or len(frame) > LONGEST:
        raise Complaint
    verb, channel, name, value = match.groups()
    return Order(verb == "SET", None if channel is None else int(channel), name, value or "")


def report(*words: str) -> bytes:
    return b"< " + " ".join(word for word in ("REP", *words) if word).encode("latin-1") + b" >"


def sample(*words: str) -> bytes:
    return b"< " + " ".join(words).encode() + b" >"


def braced(text: str, width: int) -> str:
    return f"{{{text:<{width}}}}"


def unbraced(text: str, width: int) -> str:
    """Raises Complaint for a text without braces, or too long."""
    if not (text.startswith("{") and text.endswith("}")):
        raise Complaint
    inner = text[1:-1].rstrip()
    if len(inner) > width or {"{", "}"} & set(inner):
        raise Complaint
    return inner


def switched(text: str, now: bool) -> bool:
    """What ON, OFF or TOGGLE makes of ``now``. Raises Complaint."""
    if text not in ("ON", "OFF", "TOGGLE"):
        raise Complaint
    return not now if text == "TOGGLE" else text == "ON"


def on_off(on: bool) -> str:
    return "ON" if on else "OFF"


def number(text: str, low: int, high: int) -> int:
    """Raises Complaint unless ``text`` is a number in range."""
    if not re.fullmatch(r"\d{1,5}", text) or not low <= int(text) <= high:
        raise Complaint
    return int(text)
