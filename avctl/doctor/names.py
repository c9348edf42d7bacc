"""Names in the room file that lead nowhere on the device."""

from collections.abc import Iterator
from typing import Any

from avctl.capabilities.camera import Camera
from avctl.capabilities.mixer import Fader, Mixer, Mute
from avctl.capabilities.router import Layer, Output, Router, Signal
from avctl.capabilities.wall import Wall
from avctl.device import Device
from avctl.errors import NoAnswerError, RefusedError
from avctl.findings import Finding, Level
from avctl.room import Room


async def name_findings(room: Room, device: Device) -> list[Finding]:
    """Raises DeviceError when the line is lost."""
    found: list[Finding] = []
    if isinstance(device, Router):
        found += [*_outputs(room, device), *_inputs(room, device)]
    if isinstance(device, Mixer):
        found += await _channels(room, device)
    if isinstance(device, Camera):
        found += _presets(room, device)
    if isinstance(device, Wall):
        found += await _layouts(room, device)
    return found


def _outputs(room: Room, device: Device) -> Iterator[Finding]:
    there = {point for point in device.points() if isinstance(point, Output)}
    for name, to in room.file.destinations.items():
        if to.device != device.name or not there:
            continue
        for layer in to.layers:
            if Output(to.output, Layer(layer)) not in there:
                most = max((at.number for at in there if at.layer == layer), default=0)
                yield _nowhere(
                    device,
                    f"destination {name} is output {to.output}, and it has {most} for {layer}",
                    f"目的地 {name} 指向输出 {to.output}，而设备的 {layer} 输出只有 {most} 路",
                )


def _inputs(room: Room, device: Device) -> Iterator[Finding]:
    signals = {point.input: point for point in device.points() if isinstance(point, Signal)}
    for name, source in room.file.sources.items():
        if source.device != device.name or not signals:
            continue
        if source.input not in signals:
            yield _nowhere(
                device,
                f"source {name} is input {source.input}, and it has {max(signals)}",
                f"信号源 {name} 指向输入 {source.input}，而设备只有 {max(signals)} 路",
            )
            continue
        reading = device.state.get(signals[source.input])
        if reading and reading.value is False:
            yield Finding(
                device.name, Level.WATCH, "signal",
                f"input {source.input}, the source {name}, has no signal",
                f"输入 {source.input}(信号源 {name})没有信号",
                "switch it on, or look at its cable; nothing to do if it is not in use",
                "打开信号源或检查线缆；若未使用则不必处理",
            )  # fmt: skip


async def _channels(room: Room, device: Device) -> list[Finding]:
    found = []
    for name, microphone in room.file.microphones.items():
        if microphone.device != device.name:
            continue
        asked = device.clock.now()
        points = (Fader(microphone.channel), Mute(microphone.channel))
        why = "it tells neither level nor mute"
        try:
            await device.read(points)
        except RefusedError as error:
            why = error.text
        except NoAnswerError:
            if not device.up:
                raise
        told = [device.state[point] for point in points if point in device.state]
        if not any(reading.at >= asked for reading in told):
            found.append(
                _nowhere(
                    device,
                    f"microphone {name} is channel {microphone.channel}, which it does not have: {why}",
                    f"话筒 {name} 指向通道 {microphone.channel}，设备没有该通道：{why}",
                )
            )
    return found


def _presets(room: Room, device: Device) -> Iterator[Finding]:
    framings: Any = getattr(device, "framings", None)
    for word, number in room.file.devices[device.name].presets.items():
        if framings is not None and number not in framings:
            yield Finding(
                device.name, Level.WATCH, "names",
                f"preset {word} ({number}) has no framing: whether the camera is there cannot be told at once",
                f"预置位 {word}({number})没有取景数据：无法立即确认摄像机是否到位",
                f"recall it and run `avctl store SITE ROOM preset {device.name} {word}`",
                f"调用该预置位后执行 `avctl store SITE ROOM preset {device.name} {word}`",
            )  # fmt: skip


async def _layouts(room: Room, device: Any) -> list[Finding]:
    if not hasattr(device, "layouts"):
        return []
    try:
        stored = dict(await device.layouts())
    except RefusedError:
        return []  # it cannot list them
    there = ", ".join(f"{number} {name}" for number, name in stored.items()) or "none"
    return [
        _nowhere(
            device,
            f"layout {word} is number {number}, which the wall does not have; there are: {there}",
            f"布局 {word} 的编号 {number} 在拼接屏中不存在；现有：{there}",
        )
        for word, number in room.file.devices[device.name].layouts.items()
        if number not in stored
    ]


def _nowhere(device: Device, en: str, zh: str) -> Finding:
    return Finding(
        device.name, Level.FAULT, "names", en, zh,
        "correct the room file, or the device's own settings",
        "修改房间文件，或修改设备设置",
    )  # fmt: skip
