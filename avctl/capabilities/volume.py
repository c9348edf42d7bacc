"""Volume: how loud a display or a terminal plays. Microphones and their levels are `avctl.capabilities.mixer`'s."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

from avctl.points import Point, parse_bool, parse_number


@runtime_checkable
class Sounding(Protocol):
    async def set_volume(self, percent: int) -> None:
        """0 to 100 of what the device has. Raises ValueError beyond."""


@dataclass(frozen=True, slots=True)
class Volume(Point):
    """A whole number of percent; devices with fewer steps report the percent of theirs."""

    word: ClassVar[str] = "volume"
    rank: ClassVar[int] = 40
    unit: ClassVar[str] = "%"

    @classmethod
    def is_right(cls, reported: Any, wanted: Any) -> bool:
        # A device of 21 steps cannot stand nearer than half of one.
        return isinstance(reported, int) and abs(reported - wanted) <= 3

    @classmethod
    def parse(cls, text: Any) -> int:
        if not 0 <= (percent := parse_number(text)) <= 100:
            raise ValueError("give a volume from 0 to 100")
        return percent

    @staticmethod
    async def drive(device: Sounding, wanted: Mapping[Any, int]) -> None:
        for percent in wanted.values():
            await device.set_volume(percent)


@runtime_checkable
class SoundMuting(Protocol):
    async def mute_sound(self, on: bool) -> None:
        """Play nothing without changing the volume, or play again."""


@dataclass(frozen=True, slots=True)
class SoundMuted(Point):
    """Whether a display or terminal is muted: a bool."""

    word: ClassVar[str] = "sound_muted"
    rank: ClassVar[int] = 60

    @classmethod
    def parse(cls, text: Any) -> bool:
        return parse_bool(text)

    @staticmethod
    async def drive(device: SoundMuting, wanted: Mapping[Any, bool]) -> None:
        for on in wanted.values():
            await device.mute_sound(on)
