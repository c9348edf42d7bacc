"""Storing where a camera looks as a preset: in the camera first, then its word and framing in the room file."""

from dataclasses import dataclass

from avctl.capabilities.camera import Aim, Camera, Framing, Moving
from avctl.errors import DeviceError, TakeError
from avctl.room import Room
from avctl.scenes.take import Verdict


@dataclass(frozen=True, slots=True)
class StoredPreset:
    """What the camera has stored, as read back."""

    camera: str
    word: str
    number: int
    framing: Framing


def number_for(room: Room, camera: str, word: str) -> int:
    """The number that ``word`` has, or a new one after all that the room file names. Raises TakeError."""
    _camera(room, camera)
    presets = room.file.devices[camera].presets
    if word in presets:
        return presets[word]
    return max(presets.values(), default=0) + 1


async def store_preset(
    room: Room, camera: str, word: str, number: int | None = None, *, by: str
) -> StoredPreset:
    """Store where the camera looks now, and read it back. Writes no file.

    Raises TakeError for a camera that moves, a number that another word has, or a store that was not read back;
    DeviceError for a camera that cannot be asked.
    """
    if number is None:
        number = number_for(room, camera, word)
    names = {of: at for at, of in room.file.devices[camera].presets.items() if at != word}
    if number in names:
        raise TakeError(f"preset {number} of {camera} is called {names[number]!r}")
    before = await framing_of(room, camera)
    take = room.set(camera, "store", number, by=by)
    await take.ended.wait()
    if take.verdict is not Verdict.CONFIRMED:
        why = "; ".join(step.why for step in take.steps if step.why)
        raise TakeError(f"{camera} did not store preset {number}: {take.verdict}: {why}")
    framing = await framing_of(room, camera)
    if not framing.is_near(before):
        raise TakeError(f"{camera} moved while it stored preset {number}: store it again")
    return StoredPreset(camera, word, number, framing)


async def framing_of(room: Room, camera: str) -> Framing:
    """Where a camera at rest looks, asked now. Raises TakeError, DeviceError."""
    device = room.devices[_camera(room, camera)]
    asked = room.clock.now()
    await device.read([Aim(), Moving()])
    reading, moving = device.state.get(Aim()), device.state.get(Moving())
    if reading is None or reading.at < asked or not isinstance(reading.value, Framing):
        raise DeviceError(camera, "it does not tell where it looks")
    if moving is not None and moving.value:
        raise TakeError(f"{camera} moves: wait until it stands still")
    return reading.value


def _camera(room: Room, name: str) -> str:
    device = room.devices.get(name)
    if not isinstance(device, Camera):
        cameras = [each for each, of in room.devices.items() if isinstance(of, Camera)]
        raise TakeError(f"no camera {name!r} in {room.name}; there are {', '.join(cameras)}")
    return name
