"""Microphones: what tells whether one can be opened. Read-only, and there only for wireless ones.

A channel is named as in `avctl.capabilities.mixer`: the same name, the same microphone.
"""

from dataclasses import dataclass
from typing import ClassVar

from avctl.points import ReadOnly


@dataclass(frozen=True, slots=True)
class Transmitter(ReadOnly):
    """Whether a transmitter is on and heard: a bool. Without one there is no sound to come."""

    channel: str
    word: ClassVar[str] = "transmitter"


@dataclass(frozen=True, slots=True)
class TransmitterMuted(ReadOnly):
    """Whether it is muted at its body, where nothing here can open it: a bool. None: not known."""

    channel: str
    word: ClassVar[str] = "transmitter_muted"


@dataclass(frozen=True, slots=True)
class Battery(ReadOnly):
    """Minutes the battery will last: a whole number from 0. None: not known, or not yet."""

    channel: str
    word: ClassVar[str] = "battery"
    unit: ClassVar[str] = "min"


@dataclass(frozen=True, slots=True)
class BatteryBars(ReadOnly):
    """The battery as its receiver draws it: 0 (empty) to 5 (full). None: not known.

    Many batteries are never told in minutes, these being too different: bars are all there is then.
    """

    channel: str
    word: ClassVar[str] = "battery_bars"


@dataclass(frozen=True, slots=True)
class RadioQuality(ReadOnly):
    """How strongly the transmitter is received: a float in dBm at the best antenna.

    About -30 beside the antenna, -80 where it gets doubtful, below -90 lost; with `Interference`, lost earlier.
    """

    channel: str
    word: ClassVar[str] = "radio"
    unit: ClassVar[str] = "dBm"


@dataclass(frozen=True, slots=True)
class Interference(ReadOnly):
    """Whether others are heard on the same frequency: a bool. None: not known."""

    channel: str
    word: ClassVar[str] = "interference"
