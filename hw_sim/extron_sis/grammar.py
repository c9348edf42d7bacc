"""Which function answers which command, and how numbers look in its answer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hw_sim.extron_sis.matrix import Matrix


class Session(Protocol):
    """What a command may ask of the connection it came by, and change there."""

    verbose: int

    @property
    def idle_units(self) -> int: ...  # of 10 s

    def set_idle(self, units: int, everywhere: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """One command being answered."""

    matrix: Matrix
    session: Session
    firmware: str = "1.23"
    mute_mark: str = "*"  # between output and state; a blank in older firmware
    size_letters: str = "VA"  # of video and audio

    @property
    def tagged(self) -> bool:
        return self.session.verbose in (2, 3)

    def number(self, value: int) -> str:
        return self.matrix.model.number(value)

    def read(self, bare: object, tag: str) -> str:
        """The answer to a query: ``tag`` and the value in verbose 2 and 3, else the value."""
        return f"{tag if self.tagged else ''}{bare}"


Answer = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: re.Pattern[str]
    answer: Answer
    changes: bool
    administrator: bool


RULES: list[Rule] = []


def command(
    pattern: str, *, changes: bool = False, administrator: bool = False
) -> Callable[[Answer], Answer]:
    """Answer commands of this pattern. ``changes`` can be refused or ignored.

    Groups come as arguments, digits as numbers unless the group has a name.
    """

    def add(answer: Answer) -> Answer:
        RULES.append(Rule(re.compile(pattern, re.IGNORECASE), answer, changes, administrator))
        return answer

    return add


def find(command: str) -> tuple[Rule, list[int | str]] | None:
    """The rule for a command, and the arguments of its answer."""
    for rule in RULES:
        if match := rule.pattern.fullmatch(command):
            return rule, _arguments(match)
    return None


def _arguments(match: re.Match[str]) -> list[int | str]:
    as_typed = set(match.re.groupindex.values())
    return [
        int(part) if part.isdecimal() and place not in as_typed else part
        for place, part in enumerate(match.groups(), 1)
    ]
