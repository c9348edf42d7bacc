"""Signs that a room is in use, in which it is neither warmed up nor shut down."""

from collections.abc import Iterator

from avctl.capabilities.mixer import Mute
from avctl.capabilities.recorder import Motion, Recording, Transport
from avctl.capabilities.terminal import Call, CallState
from avctl.points import Point
from avctl.room import Room
from avctl.warmup.words import Text, text


def signs_of_use(room: Room) -> list[Text]:
    """Open microphones, calls, recordings, as the devices that can be reached say."""
    return [*_open_microphones(room), *_calls(room), *_recordings(room)]


def _open_microphones(room: Room) -> Iterator[Text]:
    for name, part in room.file.microphones.items():
        if _told(room, part.device, Mute(part.channel)) is False:
            yield text(f"话筒 {name} 开着", f"{name} is open")


def _calls(room: Room) -> Iterator[Text]:
    for name in room.devices:
        if _told(room, name, Call()) not in (None, CallState.IDLE):
            yield text(f"{name} 在通话", f"{name} is in a call")


def _recordings(room: Room) -> Iterator[Text]:
    for name in room.devices:
        is_recording = _told(room, name, Recording()) is True
        if is_recording or _told(room, name, Transport()) is Motion.RECORDING:
            yield text(f"{name} 在录像", f"{name} records")


def _told(room: Room, device: str, point: Point) -> object:
    reading = room.devices[device].state.get(point)
    return reading.value if reading and room.devices[device].up else None
