"""Cameras moved by hand: one that moves can always be stopped."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from avctl.capabilities.camera import Aim, Camera, Moving
from avctl.capabilities.power import is_off
from avctl.clock import Clock
from avctl.device import Device
from avctl.errors import DeviceError
from avctl.scenes.scene import Want
from avctl.scenes.step import Step

log = logging.getLogger("avctl.hands")

HOLD = 1.0  # seconds a camera moves on without being told again: the panel may be gone
AGAIN = 0.25  # seconds before a camera that goes on is told again
GLIDES = 0.5  # seconds in which a camera that has accepted comes to rest
UNSURE = 1.0  # seconds more in which a camera may leave open whether it moves
LONGEST = 30.0  # seconds after which what moves a camera is somebody else's

Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]


@dataclass(eq=False, slots=True)
class _Hold:
    """A camera that a hand has set going, until it is known to stand or something newer has it."""

    by: str
    timer: asyncio.TimerHandle | None = None
    halt: asyncio.Task[None] | None = None

    def rest(self) -> None:
        """Neither wait for the hand nor stop the camera now."""
        if self.timer:
            self.timer.cancel()
        if self.halt:
            self.halt.cancel()
        self.timer = self.halt = None


class Hands:
    """Drives and stops cameras of a room, by name. It supersedes nothing: that is the room's.

    A stop is said again until the camera reads back as standing, over a link that comes and goes too, for `LONGEST`
    at most; each time it is asked first. `see` must be told of every change of a take's step: what a newer step sends
    the camera elsewhere for is not stopped.
    """

    def __init__(self, devices: Mapping[str, Device], clock: Clock, spawn: Spawn) -> None:
        self._devices, self._clock, self._spawn = devices, clock, spawn
        self._holds: dict[str, _Hold] = {}

    async def drive(self, camera: str, pan: float, tilt: float, zoom: float, by: str) -> None:
        """Move a camera until it is told again, for `HOLD`, or until ``by`` is `lost`. Raises DeviceError."""
        device = self._devices[camera]
        assert isinstance(device, Camera)
        hold = self._begin(camera, by)
        hold.timer = self._clock.later(HOLD, lambda: self._halt(camera, hold))
        await device.drive(pan, tilt, zoom)

    async def stop(self, camera: str) -> None:
        """Stop a camera. Raises DeviceError where the first word of it failed; it is said again all the same."""
        first = asyncio.get_running_loop().create_future()
        self._halt(camera, self._begin(camera, ""), first)
        await first

    def lost(self, by: str) -> None:
        """Who moved cameras is gone: stop them at once."""
        for camera, hold in list(self._holds.items()):
            if hold.by == by and hold.timer:
                self._halt(camera, hold)

    def has(self, want: Want) -> bool:
        """Whether a hand may still move what is wanted: being right in passing is not staying so."""
        return want.device in self._holds and want.point.touches(Aim())

    def see(self, step: Step) -> None:
        """Leave a camera to a step that moves it; stop it after all where nobody vouches for that in the end."""
        hold = self._holds.get(step.want.device)
        if hold is None or step.sent is None or not step.want.point.touches(Aim()):
            return
        if step.verdict is None:
            hold.rest()
        elif step.is_good:
            self._holds.pop(step.want.device).rest()
        elif not hold.halt:
            self._halt(step.want.device, hold)

    def close(self) -> None:
        for hold in self._holds.values():
            hold.rest()

    def _begin(self, camera: str, by: str) -> _Hold:
        if before := self._holds.get(camera):
            before.rest()
        hold = self._holds[camera] = _Hold(by)
        return hold

    def _halt(self, camera: str, hold: _Hold, first: asyncio.Future[None] | None = None) -> None:
        hold.rest()
        hold.halt = self._spawn(self._until_it_stands(camera, hold, first))
        if first:
            # Something newer has the camera, also where that came before the first word.
            hold.halt.add_done_callback(lambda _: _answer(first))

    async def _until_it_stands(
        self, camera: str, hold: _Hold, first: asyncio.Future[None] | None
    ) -> None:
        device, ends = self._devices[camera], self._clock.now() + LONGEST
        accepted = await self._say_stop(device, first)
        while await self._goes_on(device, accepted):
            if self._clock.now() >= ends:
                log.warning("%s: not known to stand %g s after it was stopped", camera, LONGEST)
                break
            await self._clock.sleep(AGAIN)
            accepted = await self._goes_on(device, False) and await self._say_stop(device)
        if self._holds.get(camera) is hold:
            del self._holds[camera]

    async def _say_stop(self, device: Device, first: asyncio.Future[None] | None = None) -> bool:
        """Gives whether the camera has accepted."""
        assert isinstance(device, Camera)
        try:
            await device.stop()
        except DeviceError as error:
            log.info("%s", error)
            if first and not first.done():
                first.set_exception(error)
            return False
        if first:
            _answer(first)
        return True

    async def _goes_on(self, device: Device, accepted: bool) -> bool:
        """Whether the camera moves, or may. One that has ``accepted`` may glide, and need not tell."""
        rests_by = self._clock.now() + (GLIDES if accepted else 0.0)
        while device.up:
            before = device.state.get(Moving())
            try:
                await device.read([Moving()])
            except DeviceError as error:
                log.info("%s", error)
                return True
            if is_off(device.state):
                return False
            told, now = device.state.get(Moving()), self._clock.now()
            if told is not None and told is not before:
                if told.value is False or now >= rests_by:
                    return bool(told.value)
            elif now >= rests_by + UNSURE:
                return not accepted
            await self._clock.sleep(device.settle)
        return True


def _answer(first: asyncio.Future[None]) -> None:
    if not first.done():
        first.set_result(None)
