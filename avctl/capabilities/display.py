"""Displays: projectors and panels. Their power is `avctl.capabilities.power`'s, their health `avctl.capabilities.health`'s."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

from avctl.points import Point, ReadOnly, parse_bool


@runtime_checkable
class Selecting(Protocol):
    async def select(self, source: str) -> None:
        """Show an input, named as the driver's document names it: ``31``, ``HDMI1``. Raises ValueError for a
        name that cannot be one.
        """


@dataclass(frozen=True, slots=True)
class Input(Point):
    """The input shown, by name; None while it cannot be told: in standby, while switching."""

    word: ClassVar[str] = "input"
    rank: ClassVar[int] = 20

    @classmethod
    def tells(cls, reported: Any) -> bool:
        return reported is not None

    @classmethod
    def parse(cls, text: Any) -> str:
        if not isinstance(text, str | int) or isinstance(text, bool) or not str(text).strip():
            raise ValueError("give the name of an input")
        return str(text)

    @staticmethod
    async def drive(device: Selecting, wanted: Mapping[Any, str]) -> None:
        for source in wanted.values():
            await device.select(source)


@runtime_checkable
class Shuttered(Protocol):
    async def shutter(self, closed: bool) -> None:
        """Show nothing while staying on, or show again."""


@dataclass(frozen=True, slots=True)
class Shutter(Point):
    """Whether the picture is held back: a bool; None while it cannot be told: in standby."""

    word: ClassVar[str] = "shutter"
    rank: ClassVar[int] = 60

    @classmethod
    def tells(cls, reported: Any) -> bool:
        return reported is not None

    @classmethod
    def parse(cls, text: Any) -> bool:
        return parse_bool(text)

    @staticmethod
    async def drive(device: Shuttered, wanted: Mapping[Any, bool]) -> None:
        for closed in wanted.values():
            await device.shutter(closed)


@runtime_checkable
class Freezing(Protocol):
    async def freeze(self, on: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Frozen(Point):
    """Whether the picture stands still: a bool; None while it cannot be told: in standby."""

    word: ClassVar[str] = "frozen"
    rank: ClassVar[int] = 60

    @classmethod
    def tells(cls, reported: Any) -> bool:
        return reported is not None

    @classmethod
    def parse(cls, text: Any) -> bool:
        return parse_bool(text)

    @staticmethod
    async def drive(device: Freezing, wanted: Mapping[Any, bool]) -> None:
        for on in wanted.values():
            await device.freeze(on)


@dataclass(frozen=True, slots=True)
class InputSignal(ReadOnly):
    """Whether the input shown has a picture: a bool; None: not known, or not in this state."""

    word: ClassVar[str] = "input_signal"


@dataclass(frozen=True, slots=True)
class Resolution(ReadOnly):
    """What arrives at the input shown: ``1920x1080``; None: nothing, or not known."""

    word: ClassVar[str] = "resolution"
