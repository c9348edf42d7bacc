"""A simulator's options, read with their kinds. Every reader raises ValueError for a value without a meaning."""

from collections.abc import Iterable, Mapping
from typing import cast


class Settings:
    def __init__(self, options: Mapping[str, object]) -> None:
        self._options = options

    def text(self, name: str, default: str = "") -> str:
        return str(self._options.get(name, default))

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._options.get(name, default)
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false, not {value!r}")
        return value

    def number(self, name: str, default: float) -> float:
        """A finite number that is not negative."""
        value = float(cast("float", self._options.get(name, default)))
        if not 0 <= value < float("inf"):
            raise ValueError(f"{name} is a positive number or 0, not {value}")
        return value

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        value = int(cast("int", self._options.get(name, default)))
        if not least <= value <= most:
            raise ValueError(f"{name} is {least} to {most}, not {value}")
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """One of ``choices``, by default the first."""
        value = str(self._options.get(name, default or choices[0]))
        if value not in choices:
            raise ValueError(f"{name} is {', '.join(choices)}, not {value}")
        return value

    def several(self, name: str, default: Iterable[str] = ()) -> tuple[str, ...]:
        """A list, or a text of words."""
        given = self._options.get(name, default)
        if isinstance(given, str):
            given = given.split()
        return tuple(str(each) for each in cast("Iterable[object]", given))

    def numbered(self, name: str) -> Mapping[int, object]:
        """A mapping from numbers; JSON writes them as texts."""
        given = cast("Mapping[object, object]", self._options.get(name, {}))
        return {int(str(number)): value for number, value in given.items()}
