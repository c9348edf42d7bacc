"""Preset commands.

Source: protocol digest "VISCA", sections 4 and 5. What recall of a preset never set does is assumed.
"""

from typing import TYPE_CHECKING

from hw_sim.visca.body import OFF, ON, Preset
from hw_sim.visca.models import Model
from hw_sim.visca.sockets import ALL, Move
from hw_sim.visca.table import Deed, Table, not_executable, oem, sony, switch, syntax_error

if TYPE_CHECKING:
    from hw_sim.visca.camera import ViscaCamera

command: Table[Deed] = Table()

OSD_PRESET = 0x5F


def preset_number(camera: "ViscaCamera", index: int) -> int:
    features = camera.features
    if index not in features.presets or index in features.not_presets:
        raise syntax_error()
    return index


@command("01 04 3F 00 ??")
def forget_preset(camera: "ViscaCamera", index: int) -> None:
    camera.body.memory.presets.pop(preset_number(camera, index), None)


@command("01 04 3F 01 ??")
def set_preset(camera: "ViscaCamera", index: int) -> None:
    camera.body.memory.presets[preset_number(camera, index)] = camera.body.here()


@command("01 04 3F 02 ??")
def recall_preset(camera: "ViscaCamera", index: int) -> Move | None:
    if camera.features.oem and index == OSD_PRESET:
        camera.body.menu = not camera.body.menu
        return None
    return recalling(camera, preset_number(camera, index))


def recalling(camera: "ViscaCamera", number: int) -> Move | None:
    body = camera.body
    if body.menu and camera.features.sony:
        raise not_executable()
    if body.menu:
        return None
    preset = body.memory.presets.get(number)
    if preset is None:
        empty = camera.quirks.empty_preset
        if empty == "refuse":
            raise not_executable()
        preset = Preset(0.0, 0.0, 0) if empty == "home" else body.here()

    def leg() -> float:
        body.last_recalled = number
        return body.recall(number, preset)

    return Move(ALL, (leg,), recall=True)


def takes_speed(camera: "ViscaCamera", code: int) -> bool:
    """Whether the speed is kept; it may be accepted and forgotten. Raises `Refused`."""
    if not 1 <= code <= camera.features.recall_codes:
        raise syntax_error()
    return not (camera.quirks.speed_at_rest and camera.body.head.moving)


@command("01 7E 01 0B ?? ??", sony)
def preset_speed(camera: "ViscaCamera", index: int, code: int) -> None:
    index = preset_number(camera, index)
    if takes_speed(camera, code):
        camera.body.memory.speeds[index] = code


@command("01 7E 04 1C 0? 0?", sony)
def common_preset_speed(camera: "ViscaCamera", high: int, low: int) -> None:
    if takes_speed(camera, high << 4 | low):
        camera.body.memory.common_speed = high << 4 | low


@command("01 7E 04 1B 0?", sony)
def select_preset_speed(camera: "ViscaCamera", select: int) -> None:
    if select > 2:
        raise syntax_error()
    camera.body.memory.speed_select = select


@command("01 06 01 ??", oem)
def all_preset_speeds(camera: "ViscaCamera", code: int) -> None:
    if takes_speed(camera, code):
        camera.body.memory.common_speed = code


def hides_recall(model: Model) -> bool:
    return model.hides_recall


@command("01 7E 04 3B ??", hides_recall)
def recall_with_freeze(camera: "ViscaCamera", code: int) -> None:
    camera.body.memory.hides_recall = ON if switch(code, False) else OFF
