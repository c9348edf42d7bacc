"""What must be so when the faults are over, and when the room was left."""

import asyncio
from collections.abc import Mapping
from typing import Any

from avctl.room import Room
from hw_sim.simulator import Simulator
from tests.campaign.record import Record, StepSeen, TakeSeen
from tests.campaign.truth import KNOWN, agrees, holds, sets
from tests.rooms import Lines

UNDER_WAY = 10.0  # seconds that what was pressed may take to be so
AFTERWARDS = 60.0  # seconds after the room was left in which every timer must end

Real = Mapping[str, Simulator]


def unmet(room: Room, real: Real) -> list[str]:
    """Devices that are not back, and what is shown of them and is not so."""
    wrong = [f"{name} is not back" for name, device in room.devices.items() if not device.up]
    for name, device in room.devices.items():
        for point, reading in device.state.items():
            known = isinstance(point, KNOWN) and can_be_judged(point)
            if known and not agrees(real[name], point, reading.value):
                wrong.append(f"{name} {point.key} is shown as {reading.value}, and is not")
    return wrong


def can_be_judged(point: Any) -> bool:
    layer = getattr(point, "layer", None)
    return type(point).__name__ != "Blank" or str(layer) == "video"


def undone(record: Record, real: Real) -> list[str]:
    """What was confirmed last of all, and is no more, though nobody changed the device since."""
    last = {step.device: take for take in record.takes for step in take.steps}
    return [
        f"{seen}: {seen.verdict}, and undone by nobody newer"
        for take in record.takes
        for seen in take.steps
        if last[seen.device] is take
        and _was_so(take, seen)
        and not _changed_since(record, seen)
        and not holds(real[seen.device], seen.point, seen.step.want.value)
    ]


def _was_so(take: TakeSeen, seen: StepSeen) -> bool:
    # A cross-fade begins with the silence that the step before it has made.
    goes_on = any(seen.point in sets(other.point) for other in take.steps if other is not seen)
    return seen.step.is_good and seen.true_then and not seen.corrupted and not goes_on


def _changed_since(record: Record, seen: StepSeen) -> bool:
    return any(
        cause.device == seen.device
        and cause.at >= seen.began - (UNDER_WAY if cause.tap is None else 0.0)
        and (cause.tap is None or cause.tap > seen.tap)
        for cause in record.causes
    )


def back_off(room: Room, name: str, options: Mapping[str, Any]) -> float:
    """Seconds in which a device must be back: what is tried now may fail by its own limit, then comes one pause."""
    device = room.devices[name]
    pause = 0.25 if device.link.address.scheme == "serial" else 5.0
    boot = max(float(value) for key, value in options.items() if "boot" in key)
    sharing = [each for each in room.devices.values() if each.link is device.link]
    return sum(each.greet_timeout for each in sharing) + 1.25 * pause + boot + 10.0


async def what_is_left(room: Room, lines: Lines) -> list[str]:
    """Tasks, streams, bytes and timers of a room that was left."""
    await asyncio.sleep(0)
    current = asyncio.current_task()
    left = [f"task {task.get_coro()}" for task in asyncio.all_tasks() if task is not current]
    for end in lines.ends.values():
        left += ["an open stream"] * sum(not stream.closed for stream in end.streams)
    for device in room.devices.values():
        link: Any = device.link
        if link._flights or link._held or link._turn.waiting or link._turn._held:
            left.append(f"{device.name}: bytes or turns in the link")
    await asyncio.sleep(AFTERWARDS)
    scheduled: Any = getattr(asyncio.get_running_loop(), "_scheduled", ())
    for timer in scheduled:
        module = getattr(timer._callback, "__module__", "") or ""
        if not timer.cancelled() and module.startswith("avctl"):
            left.append(f"timer {timer._callback.__qualname__}")
    return left
