"""Outlets: mains sockets and relays that can be switched one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

from avctl.points import Point, ReadOnly, parse_bool


@runtime_checkable
class Outlets(Protocol):
    async def switch(self, outlets: Mapping[int, bool]) -> None:
        """Switch outlets, from 1, in the order given. Raises ValueError for a number that the device does not have,
        before anything is sent: neighbours of the numbers mean whole racks in some protocols.
        """


@dataclass(frozen=True, slots=True)
class Outlet(Point):
    """Whether an outlet is on: a bool, as its own feedback says."""

    number: int
    word: ClassVar[str] = "outlet"
    rank: ClassVar[int] = 0

    @classmethod
    def parse(cls, text: Any) -> bool:
        # YAML 1.2 keeps on and off as text.
        if isinstance(text, str) and text in ("on", "off"):
            return text == "on"
        return parse_bool(text)

    @staticmethod
    async def drive(device: Outlets, wanted: Mapping["Outlet", bool]) -> None:
        await device.switch({at.number: on for at, on in wanted.items()})


class Burden(StrEnum):
    NORMAL = "normal"
    LOW = "low"
    NEAR_OVERLOAD = "near overload"
    OVERLOAD = "overload"


@dataclass(frozen=True, slots=True)
class Load(ReadOnly):
    """The Burden of a phase or bank, from 1. Low where something ought to run: it is dead."""

    number: int
    word: ClassVar[str] = "load"
