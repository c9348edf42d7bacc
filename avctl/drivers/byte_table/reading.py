"""Table files, read and checked: every error names file, line, column, key, and what would fit."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from avctl.document import Document, Place, read_document, validate
from avctl.drivers.byte_table import meaning
from avctl.drivers.byte_table.answers import Answer
from avctl.drivers.byte_table.format import AnswerFile, CommandFile, QuestionFile, TableFile
from avctl.drivers.byte_table.frames import Frame, hex_frame, text_frame
from avctl.drivers.byte_table.table import Order, Question, Table
from avctl.errors import ConfigError

SHIPPED = Path(__file__).parent / "tables"

# Commands that capabilities send, and the fields they need. Others are sent by their name.
NEEDED: Mapping[str, frozenset[str]] = {
    "tie": frozenset({"input", "output"}),
    "untie": frozenset({"output"}),
    "power_on": frozenset(),
    "power_off": frozenset(),
    "outlet_on": frozenset({"outlet"}),
    "outlet_off": frozenset({"outlet"}),
    "layout": frozenset({"layout"}),
    "show": frozenset({"window", "source"}),
    "input": frozenset({"source"}),
}
WITH_LAYERS = ("tie", "untie")
PARTS = ("counts", "values", "commands", "questions", "answers")


def shipped() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def read_table(
    path: Path, dialect: str, counts: Mapping[str, int], values: Mapping[str, int]
) -> Table:
    """Raises ConfigError for what is wrong in the table, ValueError for settings that do not fit it."""
    if path.suffix not in (".yaml", ".yml"):
        if path.name not in shipped():
            fitting = ", ".join(shipped())
            raise ValueError(f"no table {path.name!r}; there are {fitting}, or give a .yaml file")
        path = SHIPPED / f"{path.name}.yaml"
    document = read_document(path)
    file = validate(document, TableFile, document.data)
    if dialect and dialect not in file.dialects:
        fitting = ", ".join(file.dialects) or "none"
        raise ValueError(f"the table has no dialect {dialect!r}; it has {fitting}")
    # All are checked, not only the one in use: a table is right, or it is not.
    for each in ("", *file.dialects):
        _Dialect(document, file, each).table()
    used = _Dialect(document, file, dialect)
    used.take("counts", counts)
    used.take("values", values)
    return used.table()


class _Dialect:
    """The entries of a table with those of a dialect in the place of its own, and where each stands in the file."""

    def __init__(self, document: Document, file: TableFile, name: str) -> None:
        self._document = document
        other = file.dialects.get(name)
        self._title = f"{file.table}, {other.title}" if other else file.table
        line = (other.line if other else None) or file.line
        if line is None:
            raise document.error((), "line: is missing")
        self._line = line
        self._entries: dict[str, dict[str, Any]] = {}
        self._places: dict[tuple[str, str], Place] = {}
        for part in PARTS:
            own, theirs = (dict(getattr(each, part)) if each else {} for each in (file, other))
            self._places |= {(part, key): (part, key) for key in own}
            self._places |= {(part, key): ("dialects", name, part, key) for key in theirs}
            self._entries[part] = own | theirs
        for key in other.without if other else ():
            if not any(self._entries[part].pop(key, None) for part in ("commands", "questions")):
                text = f"{key} is neither a command nor a question of the table"
                raise document.error(("dialects", name, "without"), text)

    def take(self, part: str, given: Mapping[str, int]) -> None:
        """Take numbers from the room file. Raises ValueError."""
        if strange := given.keys() - self._entries[part].keys():
            fitting = ", ".join(self._entries[part]) or "none"
            raise ValueError(f"{part}: {min(strange)} is not in the table; it has {fitting}")
        self._entries[part] |= given

    def table(self) -> Table:
        """Raises ConfigError."""
        entries = self._entries
        answers = {name: self._answer(name, file) for name, file in entries["answers"].items()}
        return Table(
            self._title,
            self._line,
            entries["counts"],
            entries["values"],
            {name: self._order(name, file, answers) for name, file in entries["commands"].items()},
            {
                name: self._question(name, file, answers)
                for name, file in entries["questions"].items()
            },
            answers,
        )

    def _wrong(self, part: str, name: str, key: str, text: str) -> ConfigError:
        return self._document.error((*self._places[part, name], key), text)

    # Answers.

    def _answer(self, name: str, file: AnswerFile) -> Answer:
        key, other = ("line", "mask") if self._line.frames == "text" else ("mask", "line")
        text = getattr(file, key)
        if text is None or getattr(file, other) is not None:
            why = f"where frames are {self._line.frames}, an answer has a `{key}`"
            raise self._document.error(self._places["answers", name], why)
        pattern: re.Pattern[str] | Frame
        try:
            pattern = re.compile(text) if key == "line" else self._frame(text, mask=True)
            if isinstance(pattern, Frame) and not pattern.length:
                raise ValueError("an answer has a byte at least")
        except (re.error, ValueError) as error:
            raise self._wrong("answers", name, key, str(error)) from error
        answer = Answer(name, pattern, file.words, file.shift, file.refusal)
        for of_fields in ("words", "shift"):
            if strange := getattr(file, of_fields).keys() - answer.fields:
                raise self._wrong("answers", name, of_fields, f"{min(strange)} is no field of it")
        return answer

    # Commands.

    def _order(self, name: str, file: CommandFile, answers: Collection[str]) -> Order:
        frame = self._sent("commands", name, file.send, set(file.words))
        self._know_answers("commands", name, file.answer, answers)
        given = set(frame.fields) - set(self._entries["values"]) - {file.each}
        needed = NEEDED.get(name)
        if needed is None and len(given) > 1:
            text = f"who sends it gives one field at most, not {', '.join(sorted(given))}"
            raise self._wrong("commands", name, "send", text)
        may = {"layer"} if name in WITH_LAYERS else set()
        if needed is not None and not needed <= given <= needed | may:
            text = f"{name} has the fields {', '.join(sorted(needed)) or 'none'}"
            raise self._wrong("commands", name, "send", text)
        if file.each and not (file.each in self._entries["counts"] and file.each in frame.fields):
            text = f"{file.each} is no count that stands in `send`"
            raise self._wrong("commands", name, "each", text)
        if file.joins and name != "tie":
            raise self._wrong("commands", name, "joins", "only tie has several outputs")
        self._check_words(name, file, frame)
        return Order(frame, file)

    def _check_words(self, name: str, file: CommandFile, frame: Frame) -> None:
        for field, words in file.words.items():
            layers = sorted(map(str, meaning.LAYERS))
            if field == "layer" and not words.keys() <= meaning.LAYERS.keys():
                text = f"layers are called {', '.join(layers)}"
                raise self._wrong("commands", name, "words", text)
            for written in words.values():
                try:
                    written.encode("ascii") if frame.is_text else bytes.fromhex(written)
                except ValueError:
                    fits = "ASCII" if frame.is_text else "hexadecimal bytes"
                    text = f"{written!r} is not written in {fits}"
                    raise self._wrong("commands", name, "words", text) from None

    # Questions.

    def _question(self, name: str, file: QuestionFile, answers: Mapping[str, Answer]) -> Question:
        frame = self._sent("questions", name, file.send, set())
        self._know_answers("questions", name, file.answer, answers)
        fields = [answers[each].fields for each in file.answer]
        tells = frozenset(kind for each in fields for kind in meaning.kinds(each))
        if not tells:
            text = "its answers tell nothing of any point"
            raise self._wrong("questions", name, "answer", text)
        asked = set(frame.fields) - set(self._entries["values"])
        if len(asked) > 1 or not all(asked <= each for each in fields):
            text = "a question has at most one field, and its answers have it too"
            raise self._wrong("questions", name, "send", text)
        return Question(frame, file, tells, next(iter(asked), None))

    # Both.

    def _sent(self, part: str, name: str, text: str, words: set[str]) -> Frame:
        try:
            frame = self._frame(text)
        except ValueError as error:
            raise self._wrong(part, name, "send", str(error)) from error
        known = {*self._entries["counts"], *self._entries["values"], *words}
        if strange := [each for each in frame.fields if each not in known]:
            fitting = ", ".join(sorted(known)) or "none"
            text = f"{{{strange[0]}}} is neither a count, a value nor a word; there are {fitting}"
            raise self._wrong(part, name, "send", text)
        return frame

    def _frame(self, text: str, mask: bool = False) -> Frame:
        if self._line.frames == "text":
            return text_frame(text)
        check = self._line.check
        return hex_frame(text, (check.rule, check.start) if check else None, mask)

    def _know_answers(
        self, part: str, name: str, named: Collection[str], answers: Collection[str]
    ) -> None:
        for each in named:
            if each not in answers:
                fitting = ", ".join(answers) or "none"
                raise self._wrong(part, name, "answer", f"no answer {each!r}; there are {fitting}")
