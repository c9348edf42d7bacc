"""Selfview, sources, cameras and their presets."""

from typing import TYPE_CHECKING

from hw_sim.cisco_roomos.knobs import AXES, PRESETS, ROOM_PRESETS
from hw_sim.cisco_roomos.rules import (
    Answer,
    Choice,
    FailedError,
    Given,
    Parameter,
    Text,
    Whole,
    command,
    maybe,
)

if TYPE_CHECKING:
    from hw_sim.cisco_roomos.device import Codec

ON_OFF = Choice(("On", "Off"))


def _axis(name: str) -> Parameter:
    return maybe(Whole(int(AXES[name].least), int(AXES[name].most)))


@command("Video Selfview Set", Mode=maybe(ON_OFF), FullscreenMode=maybe(ON_OFF))
def set_selfview(codec: "Codec", given: Given) -> None:
    codec.selfview = (given.text("Mode") or _word(codec.selfview)) == "On"
    codec.selfview_full = (given.text("FullscreenMode") or _word(codec.selfview_full)) == "On"


def _word(is_on: bool) -> str:
    return "On" if is_on else "Off"


@command(
    "Video Input SetMainVideoSource", ConnectorId=maybe(Whole(1, 9)), SourceId=maybe(Whole(1, 9))
)
def set_main_source(codec: "Codec", given: Given) -> None:
    source = given.maybe_whole("ConnectorId") or given.maybe_whole("SourceId")
    if source is None or source > codec.kind.inputs:
        raise FailedError("No such source")
    codec.main_source = source


@command("Video Input MainVideo Mute")
def mute_video(codec: "Codec", given: Given) -> None:
    codec.video_muted = True


@command("Video Input MainVideo Unmute")
def unmute_video(codec: "Codec", given: Given) -> None:
    codec.video_muted = False


@command("Camera Preset Activate", PresetId=Whole(PRESETS[0], PRESETS[-1]))
def activate_preset(codec: "Codec", given: Given) -> None:
    camera, pose = _kept(codec.presets, given.whole("PresetId"))
    codec.turn(camera, pose)


@command(
    "Camera Preset Store",
    CameraId=Whole(1, 7),
    PresetId=maybe(Whole(PRESETS[0], PRESETS[-1])),
    Name=maybe(Text()),
)
def store_preset(codec: "Codec", given: Given) -> Answer:
    camera = _camera(codec, given)
    number = given.maybe_whole("PresetId")
    if number is None:
        number = next((each for each in PRESETS if each not in codec.presets), None)
    if number is None:
        raise FailedError("No preset left")
    codec.presets[number] = camera, codec.eyes[camera - 1].pose
    return {"PresetId": str(number)}


@command("Camera Preset Remove", PresetId=Whole(PRESETS[0], PRESETS[-1]))
def remove_preset(codec: "Codec", given: Given) -> None:
    _kept(codec.presets, given.whole("PresetId"))
    del codec.presets[given.whole("PresetId")]


@command("Camera Preset List", CameraId=maybe(Whole(1, 7)))
def list_presets(codec: "Codec", given: Given) -> Answer:
    wanted = given.maybe_whole("CameraId")
    return {
        "Preset": [
            {"CameraId": str(camera), "PresetId": str(number)}
            for number, (camera, _) in sorted(codec.presets.items())
            if wanted in (None, camera)
        ]
    }


@command("RoomPreset Activate", PresetId=Whole(ROOM_PRESETS[0], ROOM_PRESETS[-1]))
@command("Camera RoomPreset Activate", PresetId=Whole(ROOM_PRESETS[0], ROOM_PRESETS[-1]))
def activate_room_preset(codec: "Codec", given: Given) -> None:
    poses = codec.room_presets.get(given.whole("PresetId"))
    if poses is None:
        raise FailedError("No such preset")
    for camera, pose in enumerate(poses, 1):
        codec.turn(camera, pose)


@command("RoomPreset Store", PresetId=Whole(ROOM_PRESETS[0], ROOM_PRESETS[-1]))
def store_room_preset(codec: "Codec", given: Given) -> None:
    codec.room_presets[given.whole("PresetId")] = [eye.pose for eye in codec.eyes]


@command(
    "Camera PositionSet",
    CameraId=Whole(1, 7),
    Pan=_axis("Pan"),
    Tilt=_axis("Tilt"),
    Zoom=_axis("Zoom"),
)
def set_position(codec: "Codec", given: Given) -> None:
    wanted = {axis: given.maybe_whole(axis) for axis in AXES}
    pose = {axis: float(value) for axis, value in wanted.items() if value is not None}
    codec.turn(_camera(codec, given), pose)


@command("Camera PositionReset", CameraId=Whole(1, 7))
def reset_position(codec: "Codec", given: Given) -> None:
    codec.turn(_camera(codec, given), {axis: reach.home for axis, reach in AXES.items()})


@command(
    "Camera Ramp",
    CameraId=Whole(1, 7),
    Pan=maybe(Choice(("Left", "Right", "Stop"))),
    Tilt=maybe(Choice(("Down", "Up", "Stop"))),
    Zoom=maybe(Choice(("In", "Out", "Stop"))),
)
def ramp(codec: "Codec", given: Given) -> None:
    camera = _camera(codec, given)
    directions = {"Left": -1, "Right": 1, "Down": -1, "Up": 1, "Out": -1, "In": 1, "Stop": 0}
    for axis in AXES:
        if word := given.text(axis):
            codec.eyes[camera - 1].motors[axis].run(directions[word])
    codec.watch(camera)


def _camera(codec: "Codec", given: Given) -> int:
    number = given.whole("CameraId")
    if number > len(codec.eyes):
        raise FailedError("No such camera")
    return number


def _kept(
    presets: dict[int, tuple[int, dict[str, float]]], number: int
) -> tuple[int, dict[str, float]]:
    if number not in presets:
        raise FailedError("No such preset")
    return presets[number]
