"""Real devices of a room file as benches: what may be tried on them, and how they are returned to what they were."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from avctl.capabilities.camera import Aim, Camera, Framing, Preset
from avctl.capabilities.mixer import Fader, Mixer, Mute
from avctl.capabilities.power import Power
from avctl.capabilities.router import Blank, Blanking, Layer, Output, Router
from avctl.capabilities.wall import Layout, Wall
from avctl.config import RoomFile
from avctl.device import Device
from avctl.errors import DeviceError
from avctl.points import Action, Point
from avctl.testing.conformance import Change, Stand

TRIED = 2  # destinations and microphones of a device
QUIETER = 3.0  # dB: never louder
RETURNING = 30.0  # seconds that going back may take


@dataclass(frozen=True)
class Trial:
    """A change that may be tried on a real device, to a value other than the present one."""

    point: Point
    does: str  # moves, shows, sounds
    seconds: float  # it may take
    candidates: Callable[[Device], Iterable[Any]]  # the best first
    press: None = None

    def on(self, device: Device) -> Change | None:
        """The change to make now; None when there is no other value to be had."""
        reading = device.state.get(self.point)
        for value in self.candidates(device):
            if value is not None and not (reading and self.point.is_right(reading.value, value)):
                return Change(self.point, value, self.seconds)
        return None


def trials(file: RoomFile, name: str, driver: type[Device]) -> Iterator[Trial]:
    """What the room file gives to try on the device ``name``. A camera's move comes last."""
    if issubclass(driver, Router):
        yield from _ties(file, name, driver)
    if issubclass(driver, Mixer):
        yield from _levels(file, name)
    if issubclass(driver, Wall) and len(file.devices[name].layouts) > 1:
        layouts = tuple(file.devices[name].layouts.values())
        yield Trial(Layout(), "shows", 30.0, lambda device: layouts)
    if issubclass(driver, Camera) and len(file.devices[name].presets) > 1:
        presets = tuple(file.devices[name].presets.values())
        yield Trial(Preset(), "moves", 20.0, lambda device: _farthest_first(device, presets))


def _ties(file: RoomFile, name: str, driver: type[Device]) -> Iterator[Trial]:
    inputs = tuple(source.input for source in file.sources.values() if source.device == name)
    here = (to for to in file.destinations.values() if to.device == name)
    for to in islice(here, TRIED):
        for layer in map(Layer, to.layers):
            does = "sounds" if layer is Layer.AUDIO else "shows"
            if inputs:
                yield Trial(Output(to.output, layer), does, 3.0, lambda device: inputs)
            if issubclass(driver, Blanking):
                yield Trial(Blank(to.output, layer), does, 3.0, lambda device: (True, False))


def _levels(file: RoomFile, name: str) -> Iterator[Trial]:
    here = (microphone for microphone in file.microphones.values() if microphone.device == name)
    for microphone in islice(here, TRIED):
        fader = Fader(microphone.channel)
        yield Trial(fader, "sounds", 3.0, _quieter(fader))
        yield Trial(Mute(microphone.channel), "sounds", 3.0, lambda device: (True, False))


def _quieter(fader: Fader) -> Callable[[Device], Iterable[float]]:
    def levels(device: Device) -> Iterable[float]:
        reading = device.state.get(fader)
        return (reading.value - QUIETER,) if reading and reading.value is not None else ()

    return levels


def _farthest_first(device: Device, presets: Sequence[int]) -> Sequence[int]:
    """So that a move lasts long enough to be stopped."""
    framings: Mapping[int, Framing] = getattr(device, "framings", {})
    at = device.state.get(Aim())
    if at is None or not isinstance(at.value, Framing):
        return presets

    def distance(preset: int) -> float:
        framing = framings.get(preset)
        return abs(framing.pan - at.value.pan) + abs(framing.tilt - at.value.tilt) if framing else 0

    return sorted(presets, key=distance, reverse=True)


class RealStand(Stand):
    """A real device. Nothing but its own words tells what it does."""

    rest = 0.5

    async def snapshot(self) -> dict[Point, Any]:
        """What it is returned to: its settable points, as read now. Raises DeviceError."""
        points = [
            point
            for point in self.device.points()
            if point.settable and not isinstance(point, Action)
        ]
        asked = self.device.clock.now()
        await self.device.read(points)
        return {
            point: self.device.state[point].value
            for point in points
            if point in self.device.state and self.device.state[point].at >= asked
        }

    async def restore(self, before: Mapping[Point, Any]) -> list[str]:
        """Return to ``before``, in the order of ranks. Gives what could not be returned."""
        lost = []
        # A place says more than the preset that has it.
        wanted = [point for point in before if Aim() not in before or not isinstance(point, Preset)]
        for _, group in groupby(sorted(wanted, key=lambda at: at.rank), key=lambda at: at.rank):
            for point in group:
                value = before[point]
                if value is None or value in (Power.WARMING, Power.COOLING, Power.UNKNOWN):
                    continue
                if why := await self._return(Change(point, value, RETURNING)):
                    lost.append(f"{point.key} to {value}: {why}")
        return lost

    async def _return(self, change: Change) -> str:
        try:
            if await self.is_read_right(change, 0.2):
                return ""
            await self.drive(change)
        except (DeviceError, ValueError) as error:
            return str(error)
        return "" if await self.is_read_right(change) else "not read back"
