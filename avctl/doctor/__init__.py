"""Examining a room: what is wrong with lines, logins, models and names, in plain words."""

import asyncio
from collections.abc import Collection

from avctl.device import Device
from avctl.doctor.line import line_findings, pace_findings
from avctl.doctor.names import name_findings
from avctl.errors import DeviceError
from avctl.findings import Finding, Level
from avctl.link import DIAL_TIMEOUT
from avctl.room import Room

__all__ = ["Finding", "Level", "examine"]

UNTRIED = "not dialled yet"  # the reason that a device starts with
LOOK = 0.1  # seconds between two looks whether a device has come up


async def examine(
    room: Room, *, wait: float = 15.0, only: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Examine the devices of a room at work, all at once. Asks only; changes nothing.

    ``wait``: seconds that a device gets to come up; ``only``: these devices.
    """
    names = [name for name in room.devices if not only or name in only]
    found = await asyncio.gather(*(_examine(room, room.devices[name], wait) for name in names))
    return tuple(finding for of_one in found for finding in of_one)


async def _examine(room: Room, device: Device, wait: float) -> list[Finding]:
    await _until_up(device, wait)
    found = line_findings(device)
    if device.up:
        try:
            found += await pace_findings(device)
            found += await device.findings()
            found += await name_findings(room, device)
        except DeviceError as error:
            found.append(
                Finding(
                    device.name,
                    Level.FAULT,
                    "line",
                    f"it was lost while it was examined: {error.text}",
                    f"检查过程中失去联系：{error.text}",
                    "see to its line, then examine it again",
                    "先检查线路，再重新检查",
                )
            )
    if not any(finding.level is not Level.GOOD for finding in found):
        who = ", ".join(f"{key} {value}" for key, value in device.identity.items())
        found.append(Finding(device.name, Level.GOOD, "line", f"well: {who}", f"正常：{who}"))
    return found


async def _until_up(device: Device, seconds: float) -> None:
    """Until it is up, or the time is over; one that is still being greeted for the first time gets its own time."""
    began = device.clock.now()
    while not device.up:
        waited = device.clock.now() - began
        tried = device.reason != UNTRIED or waited > device.greet_timeout + DIAL_TIMEOUT
        if waited >= seconds and tried:
            return
        await device.clock.sleep(LOOK)
