"""Mixers: faders in dB, mutes apart from them, meters."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, log10
from typing import Any, ClassVar, Protocol, runtime_checkable

from avctl.clock import Clock
from avctl.points import Point, Reading, ReadOnly, parse_bool, parse_decibel

TOLERANCE = 0.15  # dB; what a device may round


@runtime_checkable
class Mixer(Protocol):
    """Channels are named as the driver's document names them: ``Level1/2``."""

    async def set_faders(self, levels: Mapping[str, float]) -> None:
        """Set levels in dB. Raises RefusedError for one beyond the channel's limits."""

    async def set_mutes(self, mutes: Mapping[str, bool]) -> None: ...


@dataclass(frozen=True, slots=True)
class Fader(Point):
    """A level in dB."""

    channel: str
    word: ClassVar[str] = "fader"
    rank: ClassVar[int] = 40
    unit: ClassVar[str] = "dB"

    def touches(self, other: Point) -> bool:
        """A cross-fade moves two of them."""
        return self == other or (isinstance(other, CrossFade) and other.touches(self))

    @classmethod
    def is_right(cls, reported: Any, wanted: Any) -> bool:
        return isinstance(reported, float) and abs(reported - wanted) <= TOLERANCE

    @classmethod
    def parse(cls, text: Any) -> float:
        return parse_decibel(text)

    @staticmethod
    async def drive(device: Mixer, wanted: Mapping["Fader", float]) -> None:
        await device.set_faders({at.channel: level for at, level in wanted.items()})


@dataclass(frozen=True, slots=True)
class Mute(Point):
    """Whether a channel is muted. Opened last, after its level is right."""

    channel: str
    word: ClassVar[str] = "muted"
    rank: ClassVar[int] = 60

    @classmethod
    def parse(cls, text: Any) -> bool:
        return parse_bool(text)

    @staticmethod
    async def drive(device: Mixer, wanted: Mapping["Mute", bool]) -> None:
        await device.set_mutes({at.channel: on for at, on in wanted.items()})


@dataclass(frozen=True, slots=True)
class Meter(ReadOnly):
    """A level heard, in dB."""

    channel: str
    word: ClassVar[str] = "meter"
    unit: ClassVar[str] = "dB"


SILENT = -60.0  # dB; where a cross-fade ends
STEPS = 5  # of a cross-fade; an odd number, so that at none of them both are at half their level
LONGEST = 0.6  # seconds of a cross-fade; a slow line gets fewer steps


class Heard(Mixer, Protocol):
    """A mixer that tells how its faders stand."""

    state: Mapping[Point, Reading]
    clock: Clock


@dataclass(frozen=True, slots=True)
class CrossFade(Point):
    """One microphone comes up as another goes down, in steps, so that neither is missed nor doubled.

    Its value is the level in dB that ``into`` ends at; its reading is that fader's. Driven again after a step was
    lost, it goes on from where ``into`` is; `begins_at` is where it has made its first step already.
    """

    into: str
    out_of: str
    word: ClassVar[str] = "cross-fade"
    rank: ClassVar[int] = 65
    unit: ClassVar[str] = "dB"

    @property
    def evidence(self) -> Point:
        return Fader(self.into)

    @staticmethod
    def begins_at(level: float) -> float:
        return _between(SILENT, level, 1 / STEPS)

    def touches(self, other: Point) -> bool:
        own = self.into, self.out_of
        match other:
            case Fader(channel):
                return channel in own
            case CrossFade(into, out_of):
                return into in own or out_of in own
        return False

    @classmethod
    def is_right(cls, reported: Any, wanted: Any) -> bool:
        return Fader.is_right(reported, wanted)

    @staticmethod
    async def drive(device: Heard, wanted: Mapping["CrossFade", float]) -> None:
        for at, level in wanted.items():
            step, stride = _begun(device, at.into, level), 1
            while step < STEPS:
                began = device.clock.now()
                step = min(step + stride, STEPS)
                up, down = step / STEPS, 1 - step / STEPS
                # Down before up, and one of them always over a third: if only one of them arrives, the other is heard,
                # and never both as an echo.
                await device.set_faders({at.out_of: _between(SILENT, level, down)})
                await device.set_faders({at.into: _between(SILENT, level, up)})
                took = device.clock.now() - began
                stride = max(1, min(STEPS // 2, ceil(STEPS * took / LONGEST)))


def _begun(device: Heard, into: str, level: float) -> int:
    """How many steps ``into`` has made already."""
    reading = device.state.get(Fader(into))
    if reading is None or reading.value is None:
        return 0
    made = [
        n for n in range(STEPS) if _between(SILENT, level, n / STEPS) <= reading.value + TOLERANCE
    ]
    return min(made[-1], STEPS - 1) if made else 0


def _between(low: float, high: float, part: float) -> float:
    """A level ``part`` of the way up, even to the ear: half the way is 6 dB below the top."""
    if part <= 0:
        return low
    return round(max(low, high + 20 * log10(part)), 1)
