"""Cameras that pan, tilt and zoom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

from avctl.points import Action, Point, ReadOnly, parse_bool, parse_float, parse_number

PAN_TILT_TOLERANCE = 0.5  # degrees
ZOOM_TOLERANCE = 0.01  # of the range


@dataclass(frozen=True, slots=True)
class Framing:
    """Where a camera looks: degrees, positive right and up; zoom from 0 (wide) to 1 (tele)."""

    pan: float
    tilt: float
    zoom: float

    def is_near(self, other: "Framing") -> bool:
        return (
            abs(self.pan - other.pan) <= PAN_TILT_TOLERANCE
            and abs(self.tilt - other.tilt) <= PAN_TILT_TOLERANCE
            and abs(self.zoom - other.zoom) <= ZOOM_TOLERANCE
        )


@runtime_checkable
class Camera(Protocol):
    async def recall(self, preset: int) -> None:
        """Start moving to a preset. Returns when the camera has accepted, not when it is there."""

    async def aim(self, framing: Framing) -> None:
        """Start moving to a position. Returns when the camera has accepted."""

    async def drive(self, pan: float, tilt: float, zoom: float) -> None:
        """Move until `stop`: speeds from -1 to 1, positive right, up and tele; 0 stops that axis."""

    async def stop(self) -> None:
        """Stop all motion: goes before everything that waits."""

    async def store(self, preset: int) -> None:
        """Store where the camera looks. Not harmless twice: the memory wears."""


@dataclass(frozen=True, slots=True)
class Preset(Point):
    """The number of the preset whose framing the camera shows, by the position it reported; None at none of them."""

    word: ClassVar[str] = "preset"
    rank: ClassVar[int] = 30

    def touches(self, other: Point) -> bool:
        return isinstance(other, Preset | Aim)

    @classmethod
    def tells(cls, reported: Any) -> bool:
        """A camera that passes by, or was seen elsewhere a moment ago, may still come there."""
        return reported is not None

    @classmethod
    def parse(cls, text: Any) -> int:
        return parse_number(text)

    @staticmethod
    async def drive(device: Camera, wanted: Mapping[Any, int]) -> None:
        for preset in wanted.values():
            await device.recall(preset)


@dataclass(frozen=True, slots=True)
class StorePreset(Action):
    """Storing where the camera looks as the preset of that number. The preset that it then shows is the evidence."""

    word: ClassVar[str] = "store"
    rank: ClassVar[int] = 80

    @property
    def evidence(self) -> Point:
        return Preset()

    @classmethod
    def parse(cls, text: Any) -> int:
        return parse_number(text)

    @staticmethod
    async def drive(device: Camera, wanted: Mapping[Any, int]) -> None:
        for preset in wanted.values():
            await device.store(preset)


@dataclass(frozen=True, slots=True)
class Aim(Point):
    """Where the camera looks: a Framing."""

    word: ClassVar[str] = "aim"
    rank: ClassVar[int] = 30

    def touches(self, other: Point) -> bool:
        return isinstance(other, Preset | Aim)

    @classmethod
    def is_right(cls, reported: Any, wanted: Any) -> bool:
        return isinstance(reported, Framing) and reported.is_near(wanted)

    @classmethod
    def parse(cls, text: Any) -> Framing:
        fits = "give {pan: degrees, tilt: degrees, zoom: 0 to 1}"
        if not isinstance(text, Mapping) or set(text) != {"pan", "tilt", "zoom"}:
            raise ValueError(fits)
        return Framing(*(parse_float(text[axis], fits) for axis in ("pan", "tilt", "zoom")))

    @staticmethod
    async def drive(device: Camera, wanted: Mapping[Any, Framing]) -> None:
        for framing in wanted.values():
            await device.aim(framing)


@dataclass(frozen=True, slots=True)
class Moving(ReadOnly):
    """Whether the camera moves, as far as two readings tell."""

    word: ClassVar[str] = "moving"


class Focus(StrEnum):
    AUTO = "auto"
    MANUAL = "manual"


@runtime_checkable
class Focusing(Protocol):
    async def focus(self, mode: Focus) -> None: ...


@dataclass(frozen=True, slots=True)
class FocusMode(Point):
    word: ClassVar[str] = "focus"
    rank: ClassVar[int] = 40

    @classmethod
    def parse(cls, text: Any) -> Focus:
        try:
            return Focus(text)
        except ValueError:
            raise ValueError("give auto or manual") from None

    @staticmethod
    async def drive(device: Focusing, wanted: Mapping[Any, Focus]) -> None:
        for mode in wanted.values():
            await device.focus(mode)


@runtime_checkable
class TallyLamp(Protocol):
    async def tally(self, on: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Tally(Point):
    """The red lamp that says the camera is on air."""

    word: ClassVar[str] = "tally"
    rank: ClassVar[int] = 70

    @classmethod
    def parse(cls, text: Any) -> bool:
        return parse_bool(text)

    @staticmethod
    async def drive(device: TallyLamp, wanted: Mapping[Any, bool]) -> None:
        for on in wanted.values():
            await device.tally(on)


@dataclass(frozen=True, slots=True)
class Menu(ReadOnly):
    """Whether the camera shows its menu, in which it may not move."""

    word: ClassVar[str] = "menu"
