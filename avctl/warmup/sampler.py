"""Asking the devices of a room how they are, and counting what they leave unanswered."""

import asyncio
import contextlib
import logging
from collections.abc import Collection

from avctl.device import Device
from avctl.errors import BusyError, DeviceError, RefusedError
from avctl.points import Point
from avctl.room import Room
from avctl.warmup.record import Record, Sample, points_of, readings_of

log = logging.getLogger("avctl.warmup")

ANSWERS_WITHIN = 10.0  # seconds, to all that a sample asks of a device


class Sampler:
    def __init__(self, room: Room) -> None:
        self._room = room
        self._before: dict[str, tuple[int, int]] = {}  # questions, and those without answer

    def count(self) -> None:
        """Count the questions that stay unanswered from now on."""
        figures = {name: device.link.figures for name, device in self._room.devices.items()}
        self._before = {name: (each.sent, each.unanswered) for name, each in figures.items()}

    def unanswered(self, name: str) -> float:
        """Which part of its questions a device has left unanswered since `count`."""
        figures = self._room.devices[name].link.figures
        sent, unanswered = self._before.get(name, (figures.sent, figures.unanswered))
        return (figures.unanswered - unanswered) / max(1, figures.sent - sent)

    async def sample(self, record: Record, at: float) -> None:
        """Ask a device, and put down what it says as of the moment ``at``."""
        device, asked = self._room.devices[record.name], self._room.clock.now()
        if not device.up:
            record.samples.append(Sample(at, {}, "no-link"))
            return
        points, missed = points_of(device), ""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                await _ask(device, points)
        except (DeviceError, TimeoutError) as error:
            log.info("%s: not sampled: %s", record.name, error)
            missed = "no-answer"
        record.note_identity(device.identity)
        record.samples.append(Sample(at, readings_of(device, points, asked), missed))


async def _ask(device: Device, points: Collection[Point]) -> None:
    """Read ``points``; one that is refused must not cost the others."""
    try:
        await device.read(points)
    except (RefusedError, BusyError):
        for point in points:
            with contextlib.suppress(RefusedError, BusyError):
                await device.read([point])
