"""Power: never a bool, since lamps warm and cool."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

from avctl.points import Point, Reading


class Power(StrEnum):
    OFF = "off"
    WARMING = "warming"
    ON = "on"
    COOLING = "cooling"
    UNKNOWN = "unknown"


@runtime_checkable
class Powered(Protocol):
    async def power(self, on: bool) -> None:
        """Switch on or to standby. Returns when the device has accepted it, not when it is through."""


@dataclass(frozen=True, slots=True)
class PowerState(Point):
    """Its value is a Power; wanted values are ON and OFF."""

    word: ClassVar[str] = "power"
    rank: ClassVar[int] = 0

    @classmethod
    def parse(cls, text: Any) -> Power:
        # YAML 1.2 keeps on and off as text; JSON callers write true and false.
        if text in ("on", True):
            return Power.ON
        if text in ("off", False):
            return Power.OFF
        raise ValueError("give on or off")

    @staticmethod
    async def drive(device: Powered, wanted: Mapping[Any, Power]) -> None:
        for state in wanted.values():
            await device.power(state is Power.ON)


def is_off(state: Mapping[Point, Reading]) -> bool:
    """Whether a device whose readings these are has said that it is in standby."""
    power = state.get(PowerState())
    return power is not None and power.value is Power.OFF
