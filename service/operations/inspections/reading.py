"""Asking one device all that an inspection wants to know of it. Changes nothing, but for where a camera looks."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from avctl.capabilities.camera import Aim, Camera, Framing, Preset
from avctl.capabilities.display import Input, InputSignal
from avctl.capabilities.health import ClockOffset, Fault, Hours, Registered, Temperature
from avctl.capabilities.outlets import Load
from avctl.capabilities.power import Power, PowerState, is_off
from avctl.capabilities.recorder import Slot, TimeLeft
from avctl.capabilities.router import Signal
from avctl.config import InspectionFile, ReadyFile
from avctl.device import Device
from avctl.errors import BusyError, DeviceError, RefusedError, TakeError
from avctl.findings import Finding
from avctl.points import Point
from avctl.room import Room
from avctl.scenes.scene import Mode, Priority, Scene, Scope, Want
from avctl.scenes.take import Take, Verdict
from avctl.warmup.words import Text, text
from service.operations.inspections.checks import Check, Result, Seen, judge
from service.operations.ledger import Book

log = logging.getLogger("avctl.inspections")

READ = (
    PowerState, Fault, Hours, Temperature, Registered, ClockOffset, Input, InputSignal, Slot,
    TimeLeft, Load, Signal,
)  # fmt: skip
ANSWERS_WITHIN = 10.0  # seconds, to all that a device is asked
LONGEST_MOVE = 15.0  # seconds from a camera's preset to another


@dataclass(frozen=True, slots=True)
class Around:
    """What an inspection knows beside the room."""

    file: InspectionFile
    book: Book
    since: str  # when the room was inspected last; empty if never
    today: date
    in_use: Callable[[], Sequence[Text]]  # signs that a meeting may be on


async def inspect(room: Room, name: str, around: Around, by: str) -> list[Check]:
    """The checklist of one device."""
    device = room.devices[name]
    asked, answered = room.clock.now(), True
    findings: Sequence[Finding] = ()
    points = _points(device)
    if device.up:
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                await _ask(device, points)
                findings = await device.findings()
        except (DeviceError, TimeoutError) as error:
            log.info("%s: %s", name, error)
            answered = False
    found = judge(_seen(room, device, points, asked, answered, findings, around))
    if device.up and around.file.presets:
        found += await visit(room, name, by, around.in_use)
    return found


def _seen(
    room: Room,
    device: Device,
    points: Collection[Point],
    asked: float,
    answered: bool,
    findings: Sequence[Finding],
    around: Around,
) -> Seen:
    place = (room.name, device.name)
    card = around.book.at.get(place)
    changed = None
    if card:
        news = [e for e in card.history if e.event == "firmware" and e.at > around.since]
        changed = news[-1].text if news else None
    readings = {
        point: reading.value
        for point in points
        if (reading := device.state.get(point)) and reading.at >= asked
    }
    return Seen(
        device=device.name,
        up=device.up,
        reason=device.reason,
        shut_out=device.is_shut_out,
        dark=room.mains.is_cut(device.name),
        answered=answered,
        readings=readings,
        limits=(room.file.ready or ReadyFile()).limits,
        clock=around.file.clock,
        expected=_expected(room, device.name),
        findings=findings,
        card=card,
        gone_to=around.book.vacated.get(place),
        firmware_changed=changed,
        today=around.today.isoformat(),
    )


def _points(device: Device) -> list[Point]:
    points = dict.fromkeys((*device.points(), *device.state))
    return [point for point in points if isinstance(point, READ) and device.can_tell(point)]


async def _ask(device: Device, points: Collection[Point]) -> None:
    """Read ``points``; one that is refused must not cost the others."""
    try:
        await device.read(points)
    except (RefusedError, BusyError):
        for point in points:
            try:
                await device.read([point])
            except (RefusedError, BusyError):
                continue


def _expected(room: Room, matrix: str) -> set[int]:
    """The inputs of a matrix that have to have a signal: a camera of the room that is on is plugged in."""
    return {
        source.input
        for name, source in room.file.sources.items()
        if source.device == matrix and _is_camera_on(room.devices.get(name))
    }


def _is_camera_on(device: Device | None) -> bool:
    if not isinstance(device, Camera) or not isinstance(device, Device) or not device.up:
        return False
    reading = device.state.get(PowerState())
    return reading is None or reading.value is Power.ON


# A camera's presets.


async def visit(
    room: Room, camera: str, by: str, in_use: Callable[[], Sequence[Text]]
) -> list[Check]:
    """Send a camera to each of its presets, see by its position that it is there, and bring it back.

    Leaves it alone where a meeting may be on, and at once where one begins or somebody else has it.
    """
    device, presets = room.devices[camera], room.file.devices[camera].presets
    if not isinstance(device, Camera) or not presets:
        return []
    if is_off(device.state):
        return [_presets(camera, [], [], text("摄像机待机", "the camera is in standby"))]
    before = _stands(device)
    wrong: list[str] = []
    why: Text | None = None
    for word, number in presets.items():
        why = next(iter(in_use()), None)
        if why:
            break
        verdict = await _go(room, camera, Preset(), number, word, by)
        if verdict is Verdict.SUPERSEDED:
            why = text("摄像机正被使用", "somebody uses the camera")
            break
        if verdict is not Verdict.CONFIRMED:
            wrong.append(word)
    if why is None and before is not None and not in_use():
        await _go(room, camera, *before, "as before", by)
    return [_presets(camera, list(presets), wrong, why)]


def _stands(device: Device) -> tuple[Point, Any] | None:
    """How to bring it back to where it looks."""
    preset, aim = device.state.get(Preset()), device.state.get(Aim())
    if preset and preset.value is not None:
        return Preset(), preset.value
    if aim and isinstance(aim.value, Framing):
        return Aim(), aim.value
    return None


async def _go(
    room: Room, camera: str, point: Point, value: object, said: str, by: str
) -> Verdict | None:
    want = Want(camera, point.word, said, camera, point, value)
    title = {"zh": "巡检：预置位", "en": "Inspection: presets"}
    scene = Scene(
        f"{camera} {point.word}", title, LONGEST_MOVE, (want,), mode=Mode.REFUSE,
        priority=Priority.SCHEDULE, scope=Scope.POINTS,
    )  # fmt: skip
    try:
        take: Take = room.start(scene, by)
    except TakeError:
        return Verdict.SUPERSEDED  # another take has it
    await take.ended.wait()
    return take.verdict


def _presets(camera: str, all_of: list[str], wrong: list[str], why: Text | None) -> Check:
    if wrong:
        listed = ", ".join(wrong)
        said = text(f"预置位不到位：{listed}", f"presets that it does not go to: {listed}")
        return Check(camera, "presets", Result.FAULT, said)
    if why:
        said = text(f"预置位未检：{why['zh']}", f"presets not looked at: {why['en']}")
        return Check(camera, "presets", Result.SKIPPED, said)
    listed = ", ".join(all_of)
    return Check(camera, "presets", Result.GOOD, text(f"预置位到位：{listed}", f"goes to its presets: {listed}"))  # fmt: skip
