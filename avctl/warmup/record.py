"""What was seen of one device during a warm-up: its states over time, its samples, who it said it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from typing import Any

from avctl.capabilities.display import Input, InputSignal
from avctl.capabilities.health import (
    ClockOffset,
    Fault,
    Hours,
    Lit,
    Registered,
    Temperature,
    Uptime,
)
from avctl.capabilities.outlets import Load, Outlet
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.recorder import Slot, TimeLeft, Transport
from avctl.capabilities.terminal import Call
from avctl.device import Device
from avctl.points import Point

# What is read in the hold, of devices that have it.
READ = (
    PowerState, Fault, Hours, Lit, Temperature, Uptime, Registered, ClockOffset, Input, InputSignal,
    Slot, TimeLeft, Transport, Call, Outlet, Load,
)  # fmt: skip

# States beside those of power: no link; a link, and no power to switch; nobody looked.
DARK, UP, UNSEEN = "dark", "up", "unseen"
WORKING = (Power.ON.value, UP)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a device told at one moment. ``missed`` says why it did not: no answer, or no link."""

    at: float  # seconds since the warm-up began
    readings: Mapping[str, Any]  # by point: power, fault/lamp, hours/lamp
    missed: str = ""  # "", "no-answer", "no-link"


@dataclass(eq=False, slots=True)
class Record:
    """Of one device. Moments are seconds since the warm-up began."""

    name: str
    switched: bool  # on and off by command
    cuttable: bool = False  # hangs on an outlet that the room switches
    skipped: bool = False
    states: list[tuple[float, str]] = field(default_factory=list)  # each from its moment on
    samples: list[Sample] = field(default_factory=list)
    ready: float | None = None  # when it first was up, and on where it is switched
    retried: bool = False  # it did not come up at once
    why: str = ""  # the last step's failure, in the words of the take
    identity: dict[str, str] = field(default_factory=dict)
    changed: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # what it said it is, meanwhile

    _told: int = 0  # states that are in the news
    _told_identity: dict[str, str] = field(default_factory=dict)

    def note(self, at: float, state: str) -> bool:
        """Take a state. Tells whether it is another one."""
        if self.states and self.states[-1][1] == state:
            return False
        self.states.append((at, state))
        if self.ready is None and self._is_working(state):
            self.ready = at
        return True

    def note_identity(self, said: Mapping[str, str]) -> None:
        for key, value in said.items():
            before = self.identity.get(key)
            if before is not None and before != value:
                self.changed[key] = (before, value)
            self.identity[key] = value

    # To be kept, so that a warm-up can go on where it was interrupted.

    def news(self) -> dict[str, Any]:
        """What is new since it was asked last, as JSON."""
        told: dict[str, Any] = {"states": [list(each) for each in self.states[self._told :]]}
        self._told = len(self.states)
        if self.identity != self._told_identity:
            told["identity"] = self._told_identity = dict(self.identity)
        if self.samples:
            sample = self.samples[-1]
            told |= {"at": sample.at, "readings": dict(sample.readings), "missed": sample.missed}
        if self.retried:
            told["retried"] = True
        return told

    def take(self, news: Mapping[str, Any]) -> None:
        """Take back what `news` gave, in order."""
        for at, state in news["states"]:
            self.note(at, state)
        self.note_identity(news.get("identity", {}))
        self.retried = self.retried or news.get("retried", False)
        if "at" in news and not (self.samples and self.samples[-1].at == news["at"]):
            self.samples.append(Sample(news["at"], news["readings"], news["missed"]))
        self._told, self._told_identity = len(self.states), dict(self.identity)

    @property
    def state(self) -> str:
        return self.states[-1][1] if self.states else DARK

    @property
    def is_ready(self) -> bool:
        return self.ready is not None and self._is_working(self.state)

    def _is_working(self, state: str) -> bool:
        return state in WORKING if self.switched else state not in (DARK, UNSEEN)

    def spans(self, until: float) -> Iterator[tuple[float, float, str]]:
        """Its states with their beginnings and ends."""
        for (at, state), (after, _) in pairwise([*self.states, (until, "")]):
            yield at, min(after, until), state

    def working(self, since: float, until: float) -> float:
        """Seconds between two moments in which it was on, or up where it has no power to switch."""
        return sum(
            max(0.0, min(end, until) - max(at, since))
            for at, end, state in self.spans(until)
            if self._is_working(state)
        )

    def gaps(self, since: float, until: float) -> list[tuple[float, float, str]]:
        """When it was not on between two moments, and what it was instead."""
        return [
            (max(at, since), min(end, until), state)
            for at, end, state in self.spans(until)
            if state != UNSEEN and not self._is_working(state) and min(end, until) > max(at, since)
        ]

    def told(self, key: str, since: float) -> list[Any]:
        """What the samples from a moment on say of one point, without those that say nothing."""
        values = (sample.readings.get(key) for sample in self.samples if sample.at >= since)
        return [value for value in values if value is not None]

    def keys(self, word: str) -> list[str]:
        """The points of a kind that were ever told: ``fault/lamp`` and ``fault/fan`` for ``fault``."""
        found = dict.fromkeys(key for sample in self.samples for key in sample.readings)
        return [key for key in found if key == word or key.startswith(f"{word}/")]


def state_of(device: Device, switched: bool) -> str:
    """How a device stands, in one word."""
    if not device.up:
        return DARK
    reading = device.state.get(PowerState())
    if reading is None:
        return Power.UNKNOWN.value if switched and device.can_tell(PowerState()) else UP
    return str(reading.value.value)


def points_of(device: Device) -> Sequence[Point]:
    """What is to be read of a device."""
    points = dict.fromkeys((*device.points(), *device.state))
    return [point for point in points if isinstance(point, READ) and device.can_tell(point)]


def readings_of(device: Device, points: Sequence[Point], since: float) -> dict[str, Any]:
    """What the device has said of ``points`` since a moment of the monotonic clock."""
    said = ((point, device.state.get(point)) for point in points)
    return {
        point.key: _plain(reading.value)
        for point, reading in said
        if reading and reading.at >= since and reading.value is not None
    }


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
