"""Requests as they come, and replies as they go.

name                            request without parameters
name: key: value key: value     request on one line
name:                           request in a block, which an empty line ends
key: value

NNN text                        short reply
NNN text:                       long reply, which an empty line ends
key: value
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

CODES: Mapping[int, str] = {
    100: "syntax error",
    101: "unsupported parameter",
    102: "invalid value",
    103: "unsupported",
    104: "disk full",
    105: "no disk",
    106: "disk error",
    107: "timeline empty",
    108: "internal error",
    109: "out of range",
    110: "no input",
    111: "remote control disabled",
    120: "connection rejected",
    150: "invalid state",
    151: "invalid codec",
    160: "invalid format",
    161: "invalid token",
    162: "format not prepared",
    200: "ok",
    201: "help",
    202: "slot info",
    204: "device info",
    205: "clips info",
    206: "disk list",
    208: "transport info",
    209: "notify",
    210: "remote info",
    211: "configuration",
    212: "commands",
    213: "deck rebooting",
    214: "clips count",
    215: "uptime",
    216: "format ready",
    500: "connection info",
    502: "slot info",
    508: "transport info",
    510: "remote info",
    511: "configuration",
}
KEYS = (
    "audio input", "clip id", "configuration", "confirm", "enable", "file format", "loop", "name",
    "override", "period", "prepare", "remote", "single clip", "slot id", "slot", "speed",
    "transport", "video format", "video input",
)  # fmt: skip
LONGEST = 1024  # characters of a line
MOST = 64  # lines of a block

_key = re.compile(rf"(?:^|\s)({'|'.join(KEYS)}):\s*", re.IGNORECASE)


class Complaint(Exception):
    """The deck will not; the code says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code, CODES[code])
        self.code = code


@dataclass(slots=True)
class Request:
    name: str
    parameters: dict[str, str] = field(default_factory=dict)


def short(code: int) -> str:
    return f"{code} {CODES[code]}\r\n"


def long(code: int, lines: Iterable[str] | Mapping[str, object]) -> str:
    """A reply with lines, or with keys and values."""
    if isinstance(lines, Mapping):
        lines = [f"{key}: {_word(value)}" for key, value in lines.items()]
    return "".join(f"{line}\r\n" for line in (f"{code} {CODES[code]}:", *lines, ""))


def _word(value: object) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


class Requests:
    """Puts requests together again. What is longer than any of them is a request that nobody knows."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._too_long = False
        self._block: Request | None = None
        self._lines = 0  # of the block

    def feed(self, data: bytes) -> Iterator[Request]:
        for byte in data:
            if byte == 0x0A:
                line, too_long = (
                    self._line.decode("utf-8", "replace").removesuffix("\r"),
                    self._too_long,
                )
                self._line.clear()
                self._too_long = False
                yield from [Request("")] if too_long else self._read(line)
            elif len(self._line) < LONGEST:
                self._line.append(byte)
            else:
                self._too_long = True

    def _read(self, line: str) -> Iterator[Request]:
        if self._block is not None:
            yield from self._go_on(self._block, line)
        elif line.endswith(":"):
            self._block, self._lines = Request(line[:-1].strip().lower()), 0
        elif line.strip():
            yield _one_line(line)

    def _go_on(self, block: Request, line: str) -> Iterator[Request]:
        self._lines += 1
        if not line.strip() or self._lines > MOST:
            self._block = None
            yield block if self._lines <= MOST else Request("")
            return
        key, _, value = line.partition(":")
        block.parameters[key.strip().lower()] = value.strip()


def _one_line(line: str) -> Request:
    name, colon, rest = line.partition(":")
    request = Request(name.strip().lower())
    if not colon:
        return request
    unknown, *pairs = _key.split(rest.strip())
    if unknown.strip():
        request.parameters[unknown.strip()] = ""
    for key, value in zip(pairs[::2], pairs[1::2], strict=True):
        request.parameters[key.lower()] = value.strip()
    return request
