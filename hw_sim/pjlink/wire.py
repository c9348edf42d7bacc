"""Lines of bytes, and what is in them.

%1POWR ?<CR>        command: class, body, blank, parameter
%1POWR=1<CR>        reply
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

UNDEFINED, BAD_PARAMETER, NOT_NOW, FAILURE = "ERR1", "ERR2", "ERR3", "ERR4"
OK = "OK"
DIGEST = 32  # hex digits before the first command
LONGEST = DIGEST + 8 + 128  # bytes of a line

_command = re.compile(rb"%([12])([A-Za-z0-9]{4}) (.{0,128})", re.DOTALL)


class Complaint(Exception):
    """The projector will not; the text is the error it answers."""


@dataclass(frozen=True, slots=True)
class Command:
    klass: int
    body: str  # in upper case
    parameter: str

    @property
    def asks(self) -> bool:
        return self.parameter.startswith("?")


def read(line: bytes) -> Command | None:
    """What a line without its end says; None when it is malformed, which is never answered."""
    match = _command.fullmatch(line)
    if match is None:
        return None
    return Command(int(match[1]), match[2].decode().upper(), match[3].decode("latin-1"))


class Lines:
    """Puts lines together again. What is longer than any line is dropped to its end."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._too_long = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        for byte in data:
            if byte == 0x0D:
                line, too_long = bytes(self._rest), self._too_long
                self._rest.clear()
                self._too_long = False
                if not too_long:
                    yield line
            elif len(self._rest) < LONGEST:
                self._rest.append(byte)
            else:
                self._too_long = True
