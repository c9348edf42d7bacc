"""A table as it is used: its commands, its questions, its answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from avctl.drivers.byte_table.answers import Answer, HexDecoder, TextDecoder
from avctl.drivers.byte_table.format import CommandFile, LineFile, QuestionFile
from avctl.drivers.byte_table.frames import Frame, Value
from avctl.points import Point
from avctl.wire import Decoder


@dataclass(frozen=True, slots=True)
class Order:
    """A command of a table."""

    frame: Frame
    file: CommandFile


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a table, and what it tells. ``of``: the field that names one point, if it does."""

    frame: Frame
    file: QuestionFile
    tells: frozenset[type[Point]]
    of: str | None


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    line: LineFile
    counts: Mapping[str, int]
    values: Mapping[str, int]
    commands: Mapping[str, Order]
    questions: Mapping[str, Question]
    answers: Mapping[str, Answer]

    def decoder(self) -> Decoder:
        answers = tuple(self.answers.values())
        if self.line.frames == "text":
            return TextDecoder(answers, self.line.ends)
        return HexDecoder(answers)

    def wire(self, frame: Frame, fields: Mapping[str, Value]) -> bytes:
        """Raises ValueError for a number that has no room."""
        filled = frame.filled({**self.values, **fields})
        return filled + self.line.after.encode("ascii") if frame.is_text else filled

    def question_about(self, kind: type[Point]) -> Question | None:
        """The first that tells a kind of point."""
        return next((each for each in self.questions.values() if kind in each.tells), None)
