"""Routers: devices that tie inputs to outputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

from avctl.points import Point, ReadOnly, parse_bool, parse_number


class Layer(StrEnum):
    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class Tie:
    """An input feeding an output on one layer. Input 0 is none."""

    input: int
    output: int
    layer: Layer = Layer.VIDEO


@runtime_checkable
class Router(Protocol):
    async def tie(self, *ties: Tie) -> None:
        """Make ``ties``: in one take where the device can, else in the order given.

        Raises RefusedError at the first tie the device does not make; those before it stay.
        """


@dataclass(frozen=True, slots=True)
class Output(Point):
    """An output on one layer. Its value is the input that feeds it, or 0."""

    number: int
    layer: Layer = Layer.VIDEO
    word: ClassVar[str] = "output"
    rank: ClassVar[int] = 20

    @classmethod
    def tells(cls, reported: Any) -> bool:
        return reported is not None

    @classmethod
    def parse(cls, text: Any) -> int:
        return parse_number(text)

    @staticmethod
    async def drive(device: Router, wanted: Mapping["Output", int]) -> None:
        await device.tie(*(Tie(source, at.number, at.layer) for at, source in wanted.items()))


@runtime_checkable
class Blanking(Protocol):
    async def blank(self, outputs: Mapping[tuple[int, Layer], bool]) -> None:
        """Mute outputs, by number and layer: picture black, or sound off."""


@dataclass(frozen=True, slots=True)
class Blank(Point):
    """Whether an output is muted on a layer."""

    number: int
    layer: Layer = Layer.VIDEO
    word: ClassVar[str] = "blank"
    rank: ClassVar[int] = 60

    @classmethod
    def parse(cls, text: Any) -> bool:
        return parse_bool(text)

    @staticmethod
    async def drive(device: Blanking, wanted: Mapping["Blank", bool]) -> None:
        await device.blank({(at.number, at.layer): on for at, on in wanted.items()})


@dataclass(frozen=True, slots=True)
class Signal(ReadOnly):
    """Whether an input has a signal."""

    input: int
    word: ClassVar[str] = "signal"
