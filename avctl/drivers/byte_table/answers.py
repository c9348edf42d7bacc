"""What is heard: lines by regular expressions, frames by masks. What neither fits is unknown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from avctl.drivers.byte_table.frames import Frame, Value
from avctl.wire import Decoder, Message, Refusal, Tagged, Unknown

LONGEST = 1024  # bytes


@dataclass(frozen=True, slots=True)
class Said(Message):
    """An answer of the table, and its fields as what they mean: numbers, or the table's own words."""

    name: str
    fields: tuple[tuple[str, Value], ...]
    text: str = field(default="", compare=False)  # as it was heard


@dataclass(frozen=True, slots=True)
class SaidNo(Refusal):
    name: str
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.name}: {self.text!r}"


@dataclass(frozen=True, slots=True)
class Answer:
    """An entry of a table's answers."""

    name: str
    pattern: re.Pattern[str] | Frame
    words: Mapping[str, Mapping[str, Value]]
    shift: Mapping[str, int]
    refusal: bool

    @property
    def fields(self) -> frozenset[str]:
        found = self.pattern.fields if isinstance(self.pattern, Frame) else self.pattern.groupindex
        return frozenset(found)

    def said(self, heard: Mapping[str, str], text: str, base: int) -> Message:
        """``heard``: the fields as they were written; ``base``: of their digits."""
        if self.refusal:
            return SaidNo(self.name, text)
        fields = tuple((name, self._meant(name, raw, base)) for name, raw in heard.items())
        return Said(self.name, fields, text)

    def _meant(self, name: str, raw: str, base: int) -> Value:
        words = self.words.get(name, {})
        if raw in words:
            return words[raw]
        try:
            return int(raw, base) + self.shift.get(name, 0)
        except ValueError:
            return raw


class TextDecoder(Decoder):
    def __init__(self, answers: Sequence[Answer], ends: str) -> None:
        self._answers = answers
        self._end = re.compile(b"[" + re.escape(ends.encode("ascii")) + b"]")
        self._held = b""

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        *lines, self._held = self._end.split(self._held + data)
        if len(self._held) > LONGEST:
            lines.append(self._held)
            self._held = b""
        for line in lines:
            if line.strip():
                yield self._decoded(line) if len(line) <= LONGEST else Unknown(line[:LONGEST])

    def _decoded(self, line: bytes) -> Message:
        text = line.decode("ascii", "replace").strip()
        for answer in self._answers:
            assert isinstance(answer.pattern, re.Pattern)
            if match := answer.pattern.fullmatch(text):
                heard = {name: said or "" for name, said in match.groupdict().items()}
                return answer.said(heard, text, 10)
        return Unknown(line)


class HexDecoder(Decoder):
    """A byte that begins no frame is dropped, so that half a frame costs no whole one behind it."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._answers = answers
        self._held = b""

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        self._held += data
        noise = bytearray()
        while self._held:
            fitting = [answer for answer in self._answers if _frame(answer).fits(self._held)]
            if message := self._whole(fitting):
                if noise:
                    yield Unknown(bytes(noise))
                    noise.clear()
                yield message
            elif any(_frame(answer).length > len(self._held) for answer in fitting):
                break
            else:
                noise.append(self._held[0])
                self._held = self._held[1:]
        if noise:
            yield Unknown(bytes(noise))

    def _whole(self, fitting: Sequence[Answer]) -> Message | None:
        for answer in fitting:
            frame = _frame(answer)
            if len(self._held) < frame.length:
                continue
            if (fields := frame.taken(self._held)) is not None:
                text = self._held[: frame.length].hex(" ").upper()
                self._held = self._held[frame.length :]
                heard = {name: data.hex().upper() for name, data in fields.items()}
                return answer.said(heard, text, 16)
        return None


def _frame(answer: Answer) -> Frame:
    assert isinstance(answer.pattern, Frame)
    return answer.pattern
