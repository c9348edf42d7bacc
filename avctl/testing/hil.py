"""A real room under test: its lines kept up while runs are carried out on its devices, one after the other."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from avctl.blueprint import read_room
from avctl.clock import Clock
from avctl.device import Device
from avctl.link import Link
from avctl.room import Room
from avctl.testing.capture import Capture
from avctl.testing.conformance import Run
from avctl.testing.real import RealStand, Trial


class Station:
    """The loop in which a room lives between runs. `close` it."""

    def __init__(self, path: Path, wait: float) -> None:
        self._wait = wait  # seconds for a device to come up
        self._runner = asyncio.Runner()
        self._clock = Clock()
        self._room: Room = self._run(self._open(path))

    def capture(self, device: str) -> Capture:
        return self._captures[device]

    def carry_out(self, device: str, run: Run) -> None:
        """Raises what the run raises, and AssertionError for what could not be returned to what it was."""
        capture = self._captures[device]
        capture.run = run.name
        try:
            self._run(self._carry_out(self._room.devices[device], run))
        except BaseException:
            capture.verdicts[run.name] = "failed"
            raise
        capture.verdicts[run.name] = "passed"
        capture.changed = capture.changed or run.changes

    def close(self, folder: Path) -> list[Path]:
        """Hang up, and keep the wire of each device that was run. Gives the files."""
        try:
            self._run(self._room.__aexit__(None, None, None))
        finally:
            self._runner.close()
        today = self._clock.wall().date()
        return [
            capture.write(folder, today) for capture in self._captures.values() if capture.verdicts
        ]

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    async def _open(self, path: Path) -> Room:
        room = Room(read_room(path), self._clock)
        self._captures = {
            name: Capture(device, self._clock.now) for name, device in room.devices.items()
        }
        lines: dict[Link, list[Capture]] = {}
        for capture in self._captures.values():
            lines.setdefault(capture.device.link, []).append(capture)
        for line, captures in lines.items():
            line.tap = _all([capture.heard for capture in captures])
        await room.__aenter__()
        return room

    async def _carry_out(self, device: Device, run: Run) -> None:
        stand = RealStand(device, ())
        try:
            await stand.until_up(max(self._wait, device.greet_timeout))
        except TimeoutError:
            raise AssertionError(f"{device.name} is not reachable: {device.reason}") from None
        if not run.changes:
            await run.on(stand)
            return
        before = await stand.snapshot()
        about = run.about
        if isinstance(about, Trial):
            about = about.on(device)
            assert about, f"{run.about.point.key} has no other value to try"
        try:
            await run.on(stand, about)
        finally:
            await stand.until_up(device.greet_timeout + 15.0)
            lost = await stand.restore(before)
        assert not lost, f"{device.name} was not returned: {'; '.join(lost)}"


def _all(taps: Sequence[Callable[[str, bytes], None]]) -> Callable[[str, bytes], None]:
    def tap(sign: str, data: bytes) -> None:
        for each in taps:
            each(sign, data)

    return tap
