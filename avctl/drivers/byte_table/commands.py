"""Commands and questions of a table, with their fields filled in. Numbers are counted, words are the table's own:
nothing that a caller says reaches the wire as it is.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from avctl.capabilities.router import Layer
from avctl.drivers.byte_table import meaning
from avctl.drivers.byte_table.answers import Said
from avctl.drivers.byte_table.frames import Value
from avctl.drivers.byte_table.table import Order, Question, Table
from avctl.wire import Command, Message

UNHEARD = 0.1  # seconds within which an answer would be noticed that nobody waits for


@dataclass(frozen=True, slots=True)
class Accepted(Message):
    """The answer to a command. It tells how nothing stands."""

    said: Said


def order(table: Table, order: Order, fields: Mapping[str, Value]) -> Command[Accepted]:
    """Raises ValueError for a number beyond the table's counts and for a word it does not have."""
    written = {name: _written(table, order, name, value) for name, value in fields.items()}
    wire = table.wire(order.frame, written)
    if not order.file.answer:
        return Command(wire, Message, lambda said: False, timeout=UNHEARD, presumed=0.0)
    return Command(
        wire, Said, _agrees(order.file.answer, fields), Accepted, timeout=order.file.wait
    )


def joined_tie(
    table: Table, order: Order, fields: Mapping[str, Value], outputs: Sequence[int]
) -> Command[Accepted]:
    """One input to several outputs at once. Raises ValueError as `order` does."""
    assert order.file.joins is not None
    for output in outputs:
        _counted(table, "output", output)
    width = order.frame.width_of("output")
    text = order.file.joins.join(f"{output:0{width}d}" for output in outputs)
    written = {name: _written(table, order, name, value) for name, value in fields.items()}
    wire = table.wire(order.frame, written | {"output": text})
    if not order.file.answer:
        return Command(wire, Message, lambda said: False, timeout=UNHEARD, presumed=0.0)
    last = {**fields, "output": outputs[-1]}
    return Command(wire, Said, _agrees(order.file.answer, last), Accepted, timeout=order.file.wait)


def question(
    table: Table, asked: Question, about: int | None = None, layers: Collection[Layer] = ()
) -> Command[Said]:
    """``about``: the point asked for, or the last of those that one question tells of; ``layers``: of it, which may
    be told one by one."""
    fields = {asked.of: about} if asked.of and about is not None else {}
    told = {name for kind in asked.tells if (name := meaning.NUMBERED.get(kind))}
    wanted = {name: about for name in told if about is not None}
    return Command(
        table.wire(asked.frame, fields),
        Said,
        _tells_all(layers, _agrees(asked.file.answer, wanted)),
        timeout=asked.file.wait,
    )


def _tells_all(layers: Collection[Layer], agrees: Callable[[Said], bool]) -> Callable[[Said], bool]:
    """Whether, with what was heard before, an answer has told every one of ``layers``."""
    left = set(layers)

    def tells(said: Said) -> bool:
        if not agrees(said):
            return False
        left.difference_update(meaning.layers_of(dict(said.fields)))
        return not left

    return tells


def _agrees(named: Collection[str], sent: Mapping[str, Value]) -> Callable[[Said], bool]:
    """Whether an answer is one of those named, and says nothing else than what was sent."""

    def agrees(said: Said) -> bool:
        fields = dict(said.fields)
        return said.name in named and all(
            _same(name, value, fields[name]) for name, value in sent.items() if name in fields
        )

    return agrees


def _same(name: str, one: Value, other: Value) -> bool:
    if name == "layer":
        return meaning.LAYERS.get(one) == meaning.LAYERS.get(other)
    return one == other


def _written(table: Table, order: Order, name: str, value: Value) -> Value:
    """How a field's value goes onto the wire."""
    words = order.file.words.get(name)
    if words is not None:
        if str(value) not in words:
            raise ValueError(f"{name} {value!r}: give one of {', '.join(words)}")
        return words[str(value)]
    if not isinstance(value, int):
        raise ValueError(f"{name} {value!r}: give a number")
    return _counted(table, name, value)


def _counted(table: Table, name: str, value: int) -> int:
    if not 1 <= value <= table.counts[name]:
        raise ValueError(f"{name} {value}: give 1 to {table.counts[name]}")
    return value
