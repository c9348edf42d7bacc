"""Splicing walls: layouts stored in the controller, windows and their sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

from avctl.points import Point, parse_number


@runtime_checkable
class Wall(Protocol):
    async def recall_layout(self, number: int) -> None:
        """Take a stored layout. Returns when the controller has accepted; the wall settles later."""

    async def show(self, sources: Mapping[int, str]) -> None:
        """Put sources, named as the controller names them, into windows by number."""


@dataclass(frozen=True, slots=True)
class Layout(Point):
    """The stored layout that the wall shows, by number, once it has settled; None while it settles."""

    word: ClassVar[str] = "layout"
    rank: ClassVar[int] = 20

    def touches(self, other: Point) -> bool:
        return isinstance(other, Layout | WindowSource)

    @classmethod
    def tells(cls, reported: Any) -> bool:
        return reported is not None

    @classmethod
    def parse(cls, text: Any) -> int:
        return parse_number(text)

    @staticmethod
    async def drive(device: Wall, wanted: Mapping[Any, int]) -> None:
        for number in wanted.values():
            await device.recall_layout(number)


@dataclass(frozen=True, slots=True)
class WindowSource(Point):
    """The source in a window, named as the controller names it; empty is none."""

    window: int
    word: ClassVar[str] = "window"
    rank: ClassVar[int] = 30

    def touches(self, other: Point) -> bool:
        return other in (self, Layout())

    @classmethod
    def parse(cls, text: Any) -> str:
        return str(text)

    @staticmethod
    async def drive(device: Wall, wanted: Mapping["WindowSource", str]) -> None:
        await device.show({at.window: source for at, source in wanted.items()})
