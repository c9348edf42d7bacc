"""Recorders."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Protocol, runtime_checkable

from avctl.points import Action, Point, ReadOnly, parse_bool


@runtime_checkable
class Recorder(Protocol):
    async def record(self, on: bool) -> None:
        """Start a recording, or end the one that runs. Harmless where it is so already: asks first."""


@dataclass(frozen=True, slots=True)
class Recording(Action):
    """Whether a recording runs: True once its time was seen to move, not when the command was taken.

    None: the recorder says so, and its time has not been seen to move yet.
    """

    word: ClassVar[str] = "recording"
    rank: ClassVar[int] = 70

    @classmethod
    def tells(cls, reported: Any) -> bool:
        return reported is not None

    @classmethod
    def parse(cls, text: Any) -> bool:
        return parse_bool(text)

    @staticmethod
    async def drive(device: Recorder, wanted: Mapping[Any, bool]) -> None:
        for on in wanted.values():
            await device.record(on)

    def touches(self, other: Point) -> bool:
        return isinstance(other, Recording | Transport)


class Motion(StrEnum):
    STOPPED = "stopped"
    PREVIEW = "preview"
    PLAYING = "playing"
    RECORDING = "recording"
    PAUSED = "paused"
    WINDING = "winding"


@dataclass(frozen=True, slots=True)
class Transport(ReadOnly):
    """What the recorder does: a Motion."""

    word: ClassVar[str] = "transport"


class Medium(StrEnum):
    EMPTY = "empty"
    MOUNTING = "mounting"
    MOUNTED = "mounted"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Slot(ReadOnly):
    """The Medium in a slot, from 1."""

    number: int
    word: ClassVar[str] = "slot"


@dataclass(frozen=True, slots=True)
class TimeLeft(ReadOnly):
    """Whole seconds that still fit onto the medium of a slot."""

    number: int
    word: ClassVar[str] = "time_left"
    unit: ClassVar[str] = "s"


@dataclass(frozen=True, slots=True)
class Clips(ReadOnly):
    """How many recordings there are: grows by one for each that was really written."""

    word: ClassVar[str] = "clips"
