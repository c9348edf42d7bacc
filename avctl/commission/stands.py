"""How a room stands now, in the words that a scene would use: the reverse of `avctl.names`.

Every word is resolved again before it is given: what does not lead back to the very readings is not told.
"""

import asyncio
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from avctl.capabilities.camera import Aim, FocusMode, Framing, Preset
from avctl.capabilities.mixer import Fader, Mute
from avctl.capabilities.outlets import Outlet
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.router import Blank, Layer, Output
from avctl.capabilities.wall import Layout, WindowSource
from avctl.device import Device
from avctl.errors import DeviceError
from avctl.points import Action, Point
from avctl.room import Room

Words = Mapping[str, Mapping[str, Any]]  # target → word → value

SAID_OTHERWISE = {PowerState, Preset, Aim, FocusMode, Layout}  # not simply by their value

LOOK = 10.0  # seconds that reading a device back may take


@dataclass(frozen=True, slots=True)
class Untold:
    """A word of a target that cannot be said of how it stands, and why."""

    target: str
    word: str
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A room as it stands: what can be said of it by fresh readings, and what cannot."""

    words: Words
    untold: tuple[Untold, ...]


class _SilenceError(Exception):
    """Cannot be said; its text is why. An empty text: there is nothing to be said at all."""


async def as_it_stands(room: Room, only: Collection[str] = ()) -> Standing:
    """Read the room back and say how it stands. ``only``: these targets; none means all.

    Raises ValueError for a name that is no target.
    """
    targets = _targets(room, only)
    asked = room.clock.now()
    devices = {_device_of(room, target) for target in targets}
    troubles = dict(zip(devices, await _look_at(room, devices), strict=True))
    words: dict[str, dict[str, Any]] = {}
    untold: list[Untold] = []
    for target in targets:
        trouble = troubles[_device_of(room, target)]
        for word in _words_of(room, target):
            try:
                said = _Reader(room, target, asked, trouble).say(word)
                _check(room, target, word, said)
            except _SilenceError as silence:
                if str(silence):
                    untold.append(Untold(target, word, str(silence)))
            else:
                words.setdefault(target, {})[word] = said
    return Standing(words, tuple(untold))


def chosen(words: Words, only: Collection[str]) -> dict[str, dict[str, Any]]:
    """The part of ``words`` that ``only`` names, as TARGET or TARGET.WORD; all without any.

    Raises ValueError for a choice that is not there.
    """
    if not only:
        return {target: dict(said) for target, said in words.items()}
    part: dict[str, dict[str, Any]] = {}
    for choice in only:
        target, _, word = choice.partition(".")
        said = words.get(target, {})
        if not said or (word and word not in said):
            fitting = [f"{at}.{each}" for at, of in words.items() for each in of]
            raise ValueError(f"{choice} cannot be told now; there are {', '.join(fitting)}")
        part.setdefault(target, {}).update({word: said[word]} if word else said)
    return part


def in_order(words: Words) -> dict[str, dict[str, Any]]:
    """``words`` with the order that pictures want: a camera is framed before anything shows it."""
    ordered = {target: dict(said) for target, said in words.items()}
    for said in ordered.values():
        camera = said.get("source")
        if {"preset", "aim"} & ordered.get(str(camera), {}).keys():
            said["after"] = camera
    return ordered


# Reading.


def _targets(room: Room, only: Collection[str]) -> Sequence[str]:
    file = room.file
    there = (*file.devices, *file.destinations, *file.microphones, *file.outlets)
    if unknown := [name for name in only if name not in there]:
        raise ValueError(f"nothing is called {unknown[0]!r}; there are {', '.join(there)}")
    return [name for name in there if not only or name in only]


def _device_of(room: Room, target: str) -> str:
    parts: Sequence[Mapping[str, Any]] = (
        room.file.destinations, room.file.microphones, room.file.outlets,
    )  # fmt: skip
    return next((str(part[target].device) for part in parts if target in part), target)


async def _look_at(room: Room, devices: Collection[str]) -> list[str]:
    return await asyncio.gather(*map(_look, [room.devices[name] for name in devices]))


async def _look(device: Device) -> str:
    """Read a device; gives what hindered it."""
    if not device.up:
        return f"{device.name} is not reachable: {device.reason}"
    points = {point for point in (*device.points(), *device.state) if point.settable}
    try:
        async with asyncio.timeout(LOOK):
            await device.read(tuple(points))
    except TimeoutError:
        return f"{device.name} was not read in {LOOK:.0f} s"
    except DeviceError as error:
        return str(error)
    return ""


def _words_of(room: Room, target: str) -> Iterator[str]:
    """The words that may be said of it; what is an action is no state."""
    words = [
        word
        for word in room.names.words(target)
        if not isinstance(room.names.plain(target, word), Action)
    ]
    if (
        "windows" in words
    ):  # a layout says more in fewer words: the windows only where there is none
        words.remove("windows")
        words.append("windows")
    yield from words


def _check(room: Room, target: str, word: str, said: Any) -> None:
    """Whether what is said leads back to what was read."""
    try:
        resolved = list(room.names.resolve(target, word, said))
    except ValueError as error:
        raise _SilenceError(str(error)) from error
    for device, point, value in resolved:
        reading = room.devices[device].state.get(point)
        if reading is None or not point.is_right(reading.value, value):
            raise _SilenceError(f"{said} would not lead back to {reading and reading.value}")


@dataclass(frozen=True, slots=True)
class _Reader:
    room: Room
    target: str
    asked: float  # monotonic seconds: older readings tell nothing
    trouble: str

    def say(self, word: str) -> Any:
        point = self.room.names.plain(self.target, word)
        if point is None or type(point) in SAID_OTHERWISE:
            return getattr(self, f"_{word}")()
        value = self._value(point)
        return value.value if isinstance(value, StrEnum) else value

    @property
    def _device(self) -> Device:
        return self.room.devices[_device_of(self.room, self.target)]

    def _value(self, point: Point) -> Any:
        """Raises _SilenceError."""
        reading = self._device.state.get(point)
        if reading is None and not self.trouble:
            # A device that was asked and never told it has no such thing.
            raise _SilenceError("" if point not in self._device.points() else "not told")
        if reading is None or reading.at < self.asked:
            raise _SilenceError(self.trouble or "not told when asked")
        if reading.value is None:
            raise _SilenceError("the device cannot tell now")
        return reading.value

    # Devices.

    def _power(self) -> str:
        if outlet := self.room.file.outlets.get(self.target):
            return _switched(self._value(Outlet(outlet.number)))
        power = self._value(PowerState())
        if power not in (Power.ON, Power.OFF):
            raise _SilenceError(f"it is {power}")
        return str(power.value)

    def _preset(self) -> str | int:
        return _named(self._value(Preset()), self.room.file.devices[self.target].presets)

    def _aim(self) -> dict[str, float]:
        reading = self._device.state.get(Preset())
        if reading and reading.at >= self.asked and reading.value is not None:
            raise _SilenceError("")  # its preset says it
        at: Framing = self._value(Aim())
        return {"pan": round(at.pan, 2), "tilt": round(at.tilt, 2), "zoom": round(at.zoom, 3)}

    def _focus(self) -> str:
        return str(self._value(FocusMode()).value)

    def _layout(self) -> str | int:
        return _named(self._value(Layout()), self.room.file.devices[self.target].layouts)

    def _windows(self) -> dict[int, str]:
        layout = self._device.state.get(Layout())
        if layout and layout.at >= self.asked and layout.value is not None:
            raise _SilenceError("")  # its layout says it
        windows = {
            point.window: str(self._value(point))
            for point in self._device.state
            if isinstance(point, WindowSource)
        }
        if not windows:
            raise _SilenceError("no window is told")
        return windows

    def _outlets(self) -> dict[int, str]:
        named = [o.number for o in self.room.file.outlets.values() if o.device == self.target]
        outlets = {
            point.number: _switched(self._value(point))
            for point in self._device.state
            if isinstance(point, Outlet) and point.number not in named
        }
        if not outlets:
            raise _SilenceError("")  # their own names say it
        return outlets

    # Destinations.

    def _source(self) -> str:
        to = self.room.file.destinations[self.target]
        fed_by = {self._value(Output(to.output, Layer(layer))) for layer in to.layers}
        if len(fed_by) != 1:
            raise _SilenceError(f"its layers have different inputs: {sorted(fed_by)}")
        number = fed_by.pop()
        if number == 0:
            return "none"
        for name, source in self.room.file.sources.items():
            if (source.device, source.input) == (to.device, number):
                return name
        raise _SilenceError(f"input {number} of {to.device} has no name in the room file")

    def _blank(self) -> bool:
        to = self.room.file.destinations[self.target]
        blank = {self._value(Blank(to.output, Layer(layer))) for layer in to.layers}
        if len(blank) != 1:
            raise _SilenceError("one of its layers is muted and another is not")
        return bool(blank.pop())

    # Microphones.

    def _fader(self) -> str:
        level = self._value(Fader(self.room.file.microphones[self.target].channel))
        if not isinstance(level, int | float) or not math.isfinite(level):
            raise _SilenceError(f"its level is {level}")
        return f"{round(float(level), 1):g} dB"

    def _muted(self) -> bool:
        return bool(self._value(Mute(self.room.file.microphones[self.target].channel)))


def _switched(on: bool) -> str:
    return "on" if on else "off"


def _named(number: int, names: Mapping[str, int]) -> str | int:
    """The users' word for a number, or the number where they have none."""
    return next((word for word, of in names.items() if of == number), number)
