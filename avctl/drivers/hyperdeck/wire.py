"""What a HyperDeck says: refusals (1xx), replies (2xx), and events (5xx) that may come at any moment.

Source: Blackmagic "HyperDeck Disk Recorders" manual (March 2020), Developer Information.
Transcript: tests/transcripts/hyperdeck.json
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from avctl.wire import LineDecoder, Message, Refusal, Unknown

BANNER, SLOT_CHANGED, TRANSPORT_CHANGED, REMOTE_CHANGED, CONFIGURATION_CHANGED = (
    500, 502, 508, 510, 511,
)  # fmt: skip
OK, SLOT, DEVICE, CLIPS, TRANSPORT, NOTIFY, REMOTE, CONFIGURATION, REBOOTING, COUNT, FORMAT_READY = (
    200, 202, 204, 205, 208, 209, 210, 211, 213, 214, 216,
)  # fmt: skip
TIMELINE_EMPTY, REMOTE_DISABLED, REJECTED = 107, 111, 120

# What the deck's own words leave open.
ADVICE = {
    104: "nothing more fits onto the medium",
    105: "there is no medium in the slot selected",
    110: "there is no signal at its input",
    REMOTE_DISABLED: "press REM at its front panel, or set `override`",
    REJECTED: "another controller is connected",
    150: "not in what it does now",
}
MOST_LINES = 2000  # of one message


@dataclass(frozen=True, slots=True)
class Refused(Refusal):
    code: int
    text: str

    def __str__(self) -> str:
        advice = ADVICE.get(self.code)
        return f"{self.code} {self.text}" + (f": {advice}" if advice else "")


@dataclass(frozen=True, slots=True)
class Reply(Refusal):
    """The answer to the command under way. To a command that knows no such answer it is a refusal."""

    code: int
    text: str
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.code} {self.text}: no answer to that is known"


@dataclass(frozen=True, slots=True)
class Event(Message):
    """Said unasked. What it tells may be all there is, or only what has changed."""

    code: int
    text: str
    lines: tuple[str, ...] = ()


class Decoder(LineDecoder):
    """Replies that end in a colon go on until an empty line."""

    terminator = b"\n"
    longest = 4096

    _head = re.compile(r"([125]\d\d) (\S.*?)(:?)")
    # What a head looks like where the line may be something else as well.
    _sure_head = re.compile(r"[125]\d\d [a-z][a-z ]*:?")
    _after_token = re.compile(r"\S*?([125]\d\d [a-z][a-z ]*:?)")

    def __init__(self) -> None:
        super().__init__()
        self._open: tuple[int, str] | None = None  # the message whose lines are coming
        self._lines: list[str] = []
        self._token_due = False

    def decode(self, line: bytes) -> Message | None:
        text = line.decode("utf-8", "replace").rstrip("\r")
        if self._open is None:
            return self._begin(text)
        if not text.strip():
            return self._end()
        if self._sure_head.fullmatch(text) or len(self._lines) >= MOST_LINES:
            # The empty line was lost.
            ended, begun = self._end(), self._begin(text)
            return begun if begun is not None else ended
        self._lines.append(text)
        return None

    def _begin(self, text: str) -> Message | None:
        if not text.strip():
            return None
        if self._token_due:
            # Old firmware puts a token after "216 format ready", without a key and perhaps without a line end.
            self._token_due = False
            if not (match := self._after_token.fullmatch(text)):
                return None
            text = match[1]
        if not (match := self._head.fullmatch(text)):
            return Unknown(text.encode())
        code, words = int(match[1]), match[2]
        if match[3]:
            self._open = code, words
            return None
        self._token_due = code == FORMAT_READY
        return _made(code, words, ())

    def _end(self) -> Message:
        assert self._open is not None
        (code, text), lines = self._open, tuple(self._lines)
        self._open = None
        self._lines.clear()
        return _made(code, text, lines)


def _made(code: int, text: str, lines: tuple[str, ...]) -> Message:
    if code < 200:
        return Refused(code, text)
    return Reply(code, text, lines) if code < 500 else Event(code, text, lines)


def fields(lines: tuple[str, ...]) -> Mapping[str, str]:
    """``key: value`` lines; keys in small letters."""
    pairs = (line.partition(":") for line in lines)
    return {key.strip().lower(): value.strip() for key, colon, value in pairs if colon}
