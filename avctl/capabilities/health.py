"""Health: what devices of any kind tell of themselves. Read-only; an inspection and a warm-up read it.

What never changes while a device runs (model, serial number, firmware) is `Device.identity`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from avctl.points import ReadOnly


class Condition(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Fault(ReadOnly):
    """A Condition of one part: ``lamp``, ``fan``, ``temperature``, ``cover``, ``filter``, ``medium``, ``other``;
    ``overall`` where the device tells no parts. None: not told in this state.
    """

    part: str
    word: ClassVar[str] = "fault"


@dataclass(frozen=True, slots=True)
class Hours(ReadOnly):
    """Hours in use: a whole number, of ``lamp``, ``lamp 2``, ``filter``, ``panel``. None: not counted."""

    of: str
    word: ClassVar[str] = "hours"
    unit: ClassVar[str] = "h"


@dataclass(frozen=True, slots=True)
class Lit(ReadOnly):
    """Whether a lamp burns: a bool. ``lamp``, ``lamp 2``."""

    of: str
    word: ClassVar[str] = "lit"


@dataclass(frozen=True, slots=True)
class Temperature(ReadOnly):
    """A float, of ``inside`` or of what the device names."""

    of: str
    word: ClassVar[str] = "temperature"
    unit: ClassVar[str] = "°C"


@dataclass(frozen=True, slots=True)
class Uptime(ReadOnly):
    """Whole seconds since the device started."""

    word: ClassVar[str] = "uptime"
    unit: ClassVar[str] = "s"


@dataclass(frozen=True, slots=True)
class Registered(ReadOnly):
    """Whether a terminal is known to its server: a bool, by protocol: ``sip``, ``h323``. None: not known."""

    by: str
    word: ClassVar[str] = "registered"


@dataclass(frozen=True, slots=True)
class ClockOffset(ReadOnly):
    """Seconds that the device's clock is ahead of ours: a float."""

    word: ClassVar[str] = "clock"
    unit: ClassVar[str] = "s"
