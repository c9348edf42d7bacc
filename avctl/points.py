"""Points: the settable and readable places of a device, the currency of scenes, panel, journal and API."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Point(ABC):
    """A place of a device. Equal points are the same place; the fields say which one it is."""

    word: ClassVar[str]  # what a scene and the API call it: "fader"
    rank: ClassVar[int] = 50  # order inside one device: power 0, sources 20, levels 40, mutes 60
    settable: ClassVar[bool] = True
    unit: ClassVar[str] = ""  # "dB", "deg"; empty where the value is a name, a number or a bool

    @property
    def key(self) -> str:
        """The point as text, unique in its device: ``fader/Level1/2``."""
        values = (str(getattr(self, field.name)) for field in fields(self))
        return "/".join((self.word, *values))

    @property
    def evidence(self) -> "Point":
        """The point whose reading tells whether this one is right: itself, but for actions."""
        return self

    def touches(self, other: "Point") -> bool:
        """Whether setting this one changes ``other``, of the same device, too: a preset moves where a camera looks."""
        return self == other

    @classmethod
    def is_right(cls, reported: Any, wanted: Any) -> bool:
        """Whether a reported value is the wanted one, within what the device can resolve."""
        return bool(reported == wanted)

    @classmethod
    def tells(cls, reported: Any) -> bool:
        """Whether a reported value says how the point is, not only that this cannot be said now."""
        return True

    @classmethod
    def parse(cls, text: Any) -> Any:
        """The value that a scene or an API caller wrote. Raises ValueError with what would fit."""
        return text

    @staticmethod
    @abstractmethod
    async def drive(device: Any, wanted: Mapping[Any, Any]) -> None:
        """Set points of this kind on a device that has the capability, in one go where it can.

        Raises DeviceError. What was set before the error stays set.
        """


class ReadOnly(Point):
    """A point that only the world can change: a meter, a signal, a fault."""

    __slots__ = ()
    settable = False

    @staticmethod
    async def drive(device: Any, wanted: Mapping[Any, Any]) -> None:
        raise TypeError("a read-only point cannot be driven")


class Action(Point):
    """Something that may not be done twice: it is named explicitly, never skipped, and never sent again by itself."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a device said of a point, and when."""

    value: Any
    at: float  # seconds of the monotonic clock


def parse_bool(text: Any) -> bool:
    if isinstance(text, bool):
        return text
    raise ValueError("give true or false")


def parse_decibel(text: Any) -> float:
    """``-6``, ``-6.0``, ``"-6 dB"``."""
    if isinstance(text, bool):
        raise ValueError("give a level like -6 dB")
    if isinstance(text, str):
        text = text.strip().removesuffix("dB").strip()
    return parse_float(text, "give a level like -6 dB")


def parse_float(text: Any, fits: str) -> float:
    """A finite number. Raises ValueError with what ``fits``."""
    try:
        number = float(text)
    except (TypeError, ValueError):
        raise ValueError(fits) from None
    if not isfinite(number):
        raise ValueError(fits)
    return number


def parse_seconds(text: Any) -> float:
    """``4``, ``"4 s"``: at most an hour."""
    if isinstance(text, str):
        text = text.strip().removesuffix("s").strip()
    seconds = parse_float(text, "give seconds, like 4 s")
    if isinstance(text, bool) or not 0 <= seconds <= 3600:
        raise ValueError("give seconds, like 4 s")
    return seconds


def parse_number(text: Any) -> int:
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    raise ValueError("give a whole number")
