"""What a Shure device says, between ``<`` and ``>``: reports, errors, samples of its meters.

Source: Shure command strings of P300, MXA910, MXA310, SCM820, ULX-D, SLX-D, Axient Digital.
Transcript: tests/transcripts/shure_driver.json
"""

import re
from dataclasses import dataclass, field

from avctl.wire import LineDecoder, Message, Refusal, Unknown


@dataclass(frozen=True, slots=True)
class Report(Message):
    """How a parameter stands, asked or unasked. Blanks and braces around its value are gone."""

    channel: int | None  # 0: all channels; None: the device
    parameter: str
    value: str
    padded: bool = field(default=False, compare=False)  # whether channels are spelled 01


@dataclass(frozen=True, slots=True)
class Error(Refusal):
    """The command is malformed, unknown to this model, or its value out of range."""

    def __str__(self) -> str:
        return "REP ERR: unknown to this model, or out of range"


@dataclass(frozen=True, slots=True)
class Sample(Message):
    """The meters of one channel of a receiver."""

    channel: int
    level: float  # dB below full scale
    radio: float  # dBm at the best antenna


@dataclass(frozen=True, slots=True)
class Levels(Message):
    """The meters of a mixer or an array microphone, from its first channel; their scale is the family's."""

    side: str  # IN, OUT, or nothing where there is one side only
    values: tuple[int, ...]


class Decoder(LineDecoder):
    """What stands between the messages, line ends perhaps, is dropped."""

    terminator = b">"
    longest = 1024

    _report = re.compile(r"REP (?:(\d{1,2}) )?([A-Z][A-Z0-9_]*)(?: (.*))?")
    _levels = re.compile(r"SAMPLE(?:_([A-Z_]+))?((?: \d{1,3})+)")
    # ULX-D, QLX-D: antenna, RF from -128 dBm, audio from -50 dB.
    _ulxd = re.compile(r"SAMPLE (\d{1,2}) ALL [A-Z]{2} (\d{1,3}) (\d{1,3})")
    # SLX-D: peak, RMS, RF, all from -120.
    _slxd = re.compile(r"SAMPLE (\d{1,2}) ALL \d{1,3} (\d{1,3}) (\d{1,3})")
    # Axient Digital: quality, LED, peak, RMS, antennas; for each a bitmap and its RF; all from -120.
    _axient = re.compile(
        r"SAMPLE (\d{1,2}) ALL \d{1,3} \d{1,3} \d{1,3} (\d{1,3}) [A-Z]{2,4}((?: \d{1,3} \d{1,3}){1,4})"
    )

    def decode(self, line: bytes) -> Message | None:
        _, begun, body = line.rpartition(b"<")
        if not begun:
            return Unknown(line) if line.strip() else None
        text = body.decode("utf-8", "replace").strip()
        return self._reported(text) or self._sampled(text) or Unknown(line)

    def _reported(self, text: str) -> Message | None:
        if text == "REP ERR":
            return Error()
        if not (match := self._report.fullmatch(text)):
            return None
        channel, parameter, value = match.groups()
        number = None if channel is None else int(channel)
        padded = channel is not None and channel.startswith("0") and len(channel) == 2
        return Report(number, parameter, (value or "").strip(" {}"), padded)

    def _sampled(self, text: str) -> Message | None:
        if match := self._ulxd.fullmatch(text):
            channel, radio, audio = map(int, match.groups())
            return Sample(channel, audio - 50.0, radio - 128.0)
        if match := self._slxd.fullmatch(text):
            channel, audio, radio = map(int, match.groups())
            return Sample(channel, audio - 120.0, radio - 120.0)
        if match := self._axient.fullmatch(text):
            best = max(map(int, match[3].split()[1::2]))
            return Sample(int(match[1]), int(match[2]) - 120.0, best - 120.0)
        if match := self._levels.fullmatch(text):
            return Levels(match[1] or "", tuple(map(int, match[2].split())))
        return None
