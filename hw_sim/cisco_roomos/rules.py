"""Commands by their names, and what they take: a rule for each, which `commands` fills in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hw_sim.cisco_roomos.wire import Order

if TYPE_CHECKING:
    from hw_sim.cisco_roomos.device import Codec

LONGEST = 8192  # characters of a text


class ParameterError(Exception):
    """A parameter is missing, unknown or without a meaning."""


class FailedError(Exception):
    """The command answers Error with this reason."""


@dataclass(frozen=True, slots=True)
class Whole:
    least: int
    most: int
    default: int | None = None
    needed: bool = True

    def read(self, text: str) -> int:
        if not re.fullmatch("-?[0-9]{1,9}", text):
            raise ParameterError(text)
        if not self.least <= (value := int(text)) <= self.most:
            raise ParameterError(text)
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    choices: tuple[str, ...]
    default: str | None = None
    needed: bool = True

    def read(self, text: str) -> str:
        for each in self.choices:
            if each.lower() == text.lower():
                return each
        raise ParameterError(text)


@dataclass(frozen=True, slots=True)
class Text:
    default: str | None = None
    needed: bool = True

    def read(self, text: str) -> str:
        if not text or len(text) > LONGEST:
            raise ParameterError(text)
        return text


Parameter = Whole | Choice | Text


def maybe(parameter: Parameter) -> Parameter:
    """The same, which may be left out."""
    match parameter:
        case Whole(least, most):
            return Whole(least, most, needed=False)
        case Choice(choices):
            return Choice(choices, needed=False)
        case Text():
            return Text(needed=False)


class Given:
    """What a command was given, checked against its rule."""

    def __init__(self, values: Mapping[str, int | str | None], body: str) -> None:
        self._values = values
        self.body = body

    def whole(self, name: str) -> int:
        value = self._values[name]
        assert isinstance(value, int)
        return value

    def maybe_whole(self, name: str) -> int | None:
        value = self._values[name]
        assert value is None or isinstance(value, int)
        return value

    def text(self, name: str) -> str:
        value = self._values[name]
        return "" if value is None else str(value)


Answer = Mapping[str, object] | None
Do = Callable[["Codec", Given], Answer]


@dataclass(frozen=True, slots=True)
class Rule:
    words: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    takes_body: bool
    do: Do

    @property
    def result(self) -> str:
        """What the answer is called: ``MicrophonesMuteResult``."""
        return "".join(self.words[-2:]) + "Result"

    def given(self, order: Order, body: str | None) -> Given:
        """Raises ParameterError."""
        names = {name.lower(): name for name in self.parameters}
        if set(order.given) - set(names) or (self.takes_body and not body):
            raise ParameterError(order.path)
        values: dict[str, int | str | None] = {}
        for name, parameter in self.parameters.items():
            texts = order.given.get(name.lower())
            if texts is None and parameter.default is None and parameter.needed:
                raise ParameterError(name)
            values[name] = parameter.default if texts is None else parameter.read(texts[-1])
        return Given(values, body or "")


RULES: dict[str, Rule] = {}


def command(path: str, *, body: bool = False, **parameters: Parameter) -> Callable[[Do], Do]:
    """Let a function be what a command does."""

    def known(do: Do) -> Do:
        RULES[path.lower()] = Rule(tuple(path.split()), parameters, body, do)
        return do

    return known
