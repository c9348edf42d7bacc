"""The shell's language: lines and bodies out of bytes cut anywhere, commands out of lines, objects into text."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

EOL = "\r\n"
_SUFFIX = re.compile(r'\s*resultId\s*=\s*"([^"]*)"\s*', re.IGNORECASE)
_ARGUMENT = re.compile(r'(?<!\S)([A-Za-z_][\w.-]*):\s*("(?:[^"\\]|\\.)*"|[^\s"]+)(?!\S)')
_COUNT = re.compile(r"\{(\d{1,9})\}\s*")


class TooLongError(Exception):
    """More came than the shell takes."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and the body that came counted with it."""

    text: str
    body: str | None = None


class Lines:
    """Reads lines, and what a number of bytes in braces announces. Raises TooLongError beyond ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = bytearray()
        self._wanted: int | None = None  # bytes of command and body

    def feed(self, data: bytes) -> Iterator[Line]:
        self._held += data
        while (line := self._next()) is not None:
            yield line
        if len(self._held) > self._limit:
            raise TooLongError

    def _next(self) -> Line | None:
        if self._wanted is not None:
            return self._counted(self._wanted)
        line = self._cut()
        if line is None:
            return None
        if match := _COUNT.fullmatch(line):
            self._wanted = int(match[1])
            if self._wanted > self._limit:
                raise TooLongError
            return self._counted(self._wanted)
        return Line(line)

    def _counted(self, wanted: int) -> Line | None:
        if len(self._held) < wanted:
            return None
        self._wanted = None
        text = _text(self._held[:wanted])
        del self._held[:wanted]
        first, _, body = text.replace("\r\n", "\n").partition("\n")
        return Line(first, body.removesuffix("\n"))

    def _cut(self) -> str | None:
        end = self._held.find(b"\n")
        if end == -1:
            return None
        line = _text(self._held[:end])
        del self._held[: end + 1]
        return line.removesuffix("\r")


def _text(data: bytearray) -> str:
    return data.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Order:
    """A line taken apart: ``xCommand Dial Number: "1" | resultId="2"``."""

    verb: str  # in lower case
    path: str  # Dial
    given: Mapping[str, list[str]] = field(default_factory=dict)  # by name in lower case
    id: str | None = None
    leaf: str = ""  # the first argument's name as written: what a configuration sets


def order(line: str) -> Order:
    before, _, after = line.rpartition("|")
    if match := _SUFFIX.fullmatch(after):
        line = before
    verb, _, rest = line.strip().partition(" ")
    first = _ARGUMENT.search(rest)
    given: dict[str, list[str]] = {}
    for name, value in _ARGUMENT.findall(rest):
        given.setdefault(name.lower(), []).append(_bare(value))
    path = rest[: first.start()] if first else rest
    return Order(
        verb.lower(), path.strip(), given, match[1] if match else None, first[1] if first else ""
    )


def _bare(value: str) -> str:
    if value.startswith('"'):
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value


def json_text(body: Mapping[str, object], id: str | None, *, compact: bool) -> str:
    """An object as the shell prints it, the ResultId last."""
    if compact:
        return json.dumps(
            dict(body) | ({} if id is None else {"ResultId": id}),
            separators=(",", ":"),
            ensure_ascii=False,
        )
    text = json.dumps(body, indent=1, separators=(",", ":"), ensure_ascii=False)
    if id is not None:
        head = text.removesuffix("}").removesuffix("\n")
        comma = "," if body else ""
        text = f"{head}\n {comma}{json.dumps('ResultId')}:{json.dumps(id, ensure_ascii=False)}\n}}"
    return f"\n{text}\n"


def plain(value: str) -> str:
    """A value in text mode: quoted when it is more than a word."""
    return f'"{value}"' if not value or re.search(r"\s", value) else value
