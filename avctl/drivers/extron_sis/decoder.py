"""How what an Extron switcher says is found in the bytes."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from avctl.drivers.extron_sis.answers import (
    ESC,
    Aside,
    Banner,
    Bare,
    Error,
    Locked,
    Login,
    Muted,
    Mutes,
    Named,
    Part,
    Place,
    Plane,
    Prompt,
    Quick,
    Recalled,
    Saved,
    Signals,
    Size,
    Tied,
    TiedToAll,
    Ties,
    Verbose,
    Version,
    digits,
)
from avctl.telnet import Telnet
from avctl.wire import Command, Decoder, Message, Tagged, Unknown

LONGEST_LINE = 2048  # bytes; the longest real one, a block of ties, has about 70

PLANES = {b"all": Plane.ALL, b"rgb": Plane.RGB, b"vid": Plane.VIDEO, b"aud": Plane.AUDIO}
MUTES = {b"vmt": Plane.VIDEO, b"amt": Plane.AUDIO}


def _banner(match: re.Match[bytes]) -> Message:
    parts = match[1].decode("latin-1").strip(", ").split(", ")
    model, firmware, part = parts if len(parts) == 3 else ("", "", "")
    return Banner(model, firmware.removeprefix("V"), part)


def _size(match: re.Match[bytes]) -> Message:
    video_in, video_out, audio_in, audio_out = (int(number or 0) for number in match.groups())
    return Size((video_in, video_out), (audio_in, audio_out))


def _ties(match: re.Match[bytes]) -> Message:
    inputs = (None if word == b"--" else int(word) for word in match[1].split())
    return Ties(PLANES[match[2].lower()], tuple(inputs))


def _preset(match: re.Match[bytes]) -> Message:
    kind = Saved if match[2].lower() == b"spr" else Recalled
    return kind(int(match[3]), int(match[1] or 0))


def _signals(match: re.Match[bytes]) -> Message:
    return Signals(tuple(digit > 0 for digit in digits(match[1].decode())))


def _tied(match: re.Match[bytes]) -> Message:
    return Tied(PLANES[match[3].lower()], int(match[1]), int(match[2]))


def _named(match: re.Match[bytes]) -> Message:
    return Named(Place(match[1].decode().upper()), int(match[2]), match[3].decode("latin-1"))


_N = rb"(\d{1,4})"  # the width of numbers differs from model to model
_PLANE = rb"(all|rgb|vid|aud)"
_ASIDE = (
    rb"in\d+ aud[+-]\d+|out\d+ vol\d+|hdcp[ieo]?[\d*]+|pti\d\*\d+|zp[gzxqy]|inf\d+\*.*"
    rb"|nmp\d+\*\d+,.*|\w{3}, \d+ \w{3} \d{4} [\d:]+"
)

# In verbose modes 2 and 3 an answer carries a tag, in 0 and 1 it does not: tags are optional here.
SENTENCES: tuple[tuple[re.Pattern[bytes], Callable[[re.Match[bytes]], Message]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), message)
    for pattern, message in (
        (rb"e(\d\d)", lambda m: Error(int(m[1]))),
        (rb"out" + _N + rb" +in" + _N + rb" +" + _PLANE, _tied),
        (rb"in" + _N + rb" +" + _PLANE, lambda m: TiedToAll(PLANES[m[2].lower()], int(m[1]))),
        (rb"qik", lambda m: Quick()),
        (rb"((?:\d{1,4}|--)(?: +(?:\d{1,4}|--))*) +(vid|aud)", _ties),
        (
            rb"(vmt|amt)" + _N + rb"[* ](\d)",
            lambda m: Muted(MUTES[m[1].lower()], int(m[2]), int(m[3])),
        ),
        (rb"(vmt|amt)(\d)", lambda m: Muted(MUTES[m[1].lower()], 0, int(m[2]))),
        (rb"mut ?([\d ]+)", lambda m: Mutes(digits(m[1].decode()))),
        (rb"(?:rmm" + _N + rb" +)?(spr|rpr)" + _N, _preset),
        (rb"nm([iog])" + _N + rb",(.*)", _named),
        (
            rb"(?:inf\d*\*)?[a-z]" + _N + rb"x" + _N + rb"(?: +[a-z]" + _N + rb"x" + _N + rb")?",
            _size,
        ),
        (rb"(?:ver\d*\*)?(\d+(?:\.\d+)+\w*)", lambda m: Version(m[1].decode())),
        (rb"(?:pno)?(\d\d-\d+-\d+)", lambda m: Part(m[1].decode())),
        (rb"exe(\d)", lambda m: Locked(int(m[1]))),
        (rb"vrb(\d)", lambda m: Verbose(int(m[1]))),
        (rb"(?:sig|frq)([\d ]+)(?:\*[\d ]*)?", _signals),
        (rb"login (administrator|user)", lambda m: Login(m[1].lower() != b"user")),
        (rb".*copyright.*extron(?: electronics)?(.*)", _banner),
        (
            _ASIDE,
            lambda m: Aside(m[0].decode("latin-1")),
        ),
        (rb"[+-]?\d[\d *]*", lambda m: Bare(m[0].decode())),
    )
)


def decode(line: bytes) -> Message | None:
    """One line without its end. None for an empty one."""
    line = line.strip(b"\r\n \0")
    if not line:
        return None
    for pattern, message in SENTENCES:
        if match := pattern.fullmatch(line):
            return message(match)
    return Unknown(line)


class SisDecoder(Decoder):
    """Lines that end in CR LF, and a password prompt that does not end."""

    _prompt = re.compile(rb"\s*password:", re.IGNORECASE)

    def __init__(self, telnet: bool) -> None:
        self._telnet = Telnet() if telnet else None
        self._held = b""
        self._overlong = False
        self._said = b""  # our last words, of which an echo may come
        self._echoes = False

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        self._said = command.wire
        return command.wire, None

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        self._held += self._telnet.strip(data) if self._telnet else data
        while True:
            self._drop_echo()
            if not self._overlong and (match := self._prompt.match(self._held)):
                self._held = self._held[match.end() :]
                yield Prompt()
                continue
            line, end, rest = self._held.partition(b"\n")
            if not end:
                break
            self._held = rest
            if (message := self._line(line)) is not None:
                yield message
        if len(self._held) > LONGEST_LINE:
            if not self._overlong:
                yield Unknown(self._held[:LONGEST_LINE])
            self._overlong, self._held = True, b""

    def _drop_echo(self) -> None:
        """Drop our own words where a terminal server sends them back.

        What tells an echo from an answer is ESC, which a device never says: I and Q alone could begin an answer.
        """
        tells = self._echoes or self._said.startswith(ESC)
        if self._said and tells and self._held.startswith(self._said):
            self._held = self._held[len(self._said) :]
            self._said, self._echoes = b"", True

    def _line(self, line: bytes) -> Message | None:
        if self._overlong:
            self._overlong = False  # this was the tail of noise already told
            return None
        if len(line) > LONGEST_LINE:
            return Unknown(line[:LONGEST_LINE])
        return decode(line)

    def reply(self) -> bytes:
        return self._telnet.answers() if self._telnet else b""
