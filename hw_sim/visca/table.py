"""Tables of messages: a pattern of bytes, and what the camera does or says when a message fits it.

A pattern is hex as a command list prints it: ``3F`` that byte, ``0?`` a nibble, ``2?`` a nibble after a fixed one,
``??`` any byte, ``*`` all the rest. What stands for a question mark or star is given to the function, in order.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from hw_sim.visca.models import Model
from hw_sim.visca.sockets import Move
from hw_sim.visca.wire import NOT_EXECUTABLE, SYNTAX_ERROR

F = TypeVar("F", bound=Callable[..., object])
Deed = Callable[..., Move | None]
Answer = Callable[..., bytes]
When = Callable[[Model], bool]


class Refused(Exception):
    """The message is answered with an error of this code, and nothing is done."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code:02x}")
        self.code = code


def syntax_error() -> Refused:
    return Refused(SYNTAX_ERROR)


def not_executable() -> Refused:
    return Refused(NOT_EXECUTABLE)


def switch(code: int, now: bool) -> bool:
    """02 on, 03 off, 10 the other."""
    if code not in (0x02, 0x03, 0x10):
        raise syntax_error()
    return not now if code == 0x10 else code == 0x02


def always(_: Model) -> bool:
    return True


def sony(model: Model) -> bool:
    return model.sony


def oem(model: Model) -> bool:
    return model.oem


@dataclass(frozen=True, slots=True)
class Entry(Generic[F]):
    tokens: tuple[str, ...]
    function: F
    when: When

    def match(self, message: bytes) -> list[int | bytes] | None:
        """What stands in the open places, or None when the message does not fit."""
        found: list[int | bytes] = []
        for place, token in enumerate(self.tokens):
            if token == "*":
                return [*found, message[place:]]
            if place >= len(message):
                return None
            byte = message[place]
            if token == "??":
                found.append(byte)
            elif token[1] == "?":
                if byte >> 4 != int(token[0], 16):
                    return None
                found.append(byte & 0x0F)
            elif byte != int(token, 16):
                return None
        return found if len(message) == len(self.tokens) else None


class Table(Generic[F]):
    def __init__(self) -> None:
        self._entries: list[Entry[F]] = []

    def __call__(self, pattern: str, when: When = always) -> Callable[[F], F]:
        def enter(function: F) -> F:
            self._entries.append(Entry(tuple(pattern.split()), function, when))
            return function

        return enter

    def find(self, message: bytes, model: Model) -> tuple[F, list[int | bytes]] | None:
        for entry in self._entries:
            if entry.when(model) and (found := entry.match(message)) is not None:
                return entry.function, found
        return None


def find(tables: Iterable[Table[F]], message: bytes, model: Model) -> tuple[F, list[int | bytes]]:
    """What a message asks for, with its arguments. Raises `Refused` when no table has it."""
    for table in tables:
        if found := table.find(message, model):
            return found
    raise syntax_error()
