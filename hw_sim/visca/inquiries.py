"""What the camera says for each inquiry: the bytes after ``x0 50``.

Source: protocol digest "VISCA", section 4. The layout of the camera and other blocks beyond what it prints is Sony's
EVI-D70 Technical Manual's, from memory; bytes without a model here are 00.
"""

from typing import TYPE_CHECKING

from hw_sim.visca import picture
from hw_sim.visca.body import OFF, ON
from hw_sim.visca.commands import has_green, has_red
from hw_sim.visca.lens import focuses_itself
from hw_sim.visca.picture import value
from hw_sim.visca.presets import hides_recall
from hw_sim.visca.table import Answer, Table, sony, syntax_error
from hw_sim.visca.wire import nibbles

if TYPE_CHECKING:
    from hw_sim.visca.camera import ViscaCamera


inquiry: Table[Answer] = Table()
INQUIRIES = (inquiry, picture.inquiry)


def on_off(on: bool) -> bytes:
    return bytes((ON if on else OFF,))


@inquiry("09 00 02")
def version(camera: "ViscaCamera") -> bytes:
    if camera.answers.version is not None:
        return camera.answers.version
    model = camera.features
    identity = (model.vendor, model.number, model.rom)
    return b"".join(part.to_bytes(2, "big") for part in identity) + bytes((model.sockets,))


@inquiry("09 04 00")
def power(camera: "ViscaCamera") -> bytes:
    return on_off(camera.power.shown())


@inquiry("09 04 47")
def zoom_position(camera: "ViscaCamera") -> bytes:
    return nibbles(round(camera.body.zoom.position), 4)


@inquiry("09 04 48")
def focus_position(camera: "ViscaCamera") -> bytes:
    return nibbles(round(camera.body.focus.position), 4)


@inquiry("09 04 28", sony)
def near_limit(camera: "ViscaCamera") -> bytes:
    return nibbles(camera.body.values.get("near_limit", 0xD000), 4)


@inquiry("09 04 38")
def focus_mode(camera: "ViscaCamera") -> bytes:
    return on_off(focuses_itself(camera))


@inquiry("09 06 12")
def pan_tilt_position(camera: "ViscaCamera") -> bytes:
    model = camera.features
    pan = nibbles(camera.body.pan_units(), model.pan_width)
    return pan + nibbles(camera.body.tilt_units(), model.tilt_width)


@inquiry("09 06 11")
def max_speed(camera: "ViscaCamera") -> bytes:
    return bytes(camera.features.fastest)


@inquiry("09 06 10", sony)
def pan_tilt_status(camera: "ViscaCamera") -> bytes:
    return camera.status_word().to_bytes(2, "big")


@inquiry("09 04 3F", sony)
def last_recalled(camera: "ViscaCamera") -> bytes:
    last = camera.body.last_recalled
    return bytes((0x7F if last is None else last,))


@inquiry("09 7E 04 1B", sony)
def preset_speed_select(camera: "ViscaCamera") -> bytes:
    return bytes((camera.body.memory.speed_select,))


@inquiry("09 7E 04 1C", sony)
def common_preset_speed(camera: "ViscaCamera") -> bytes:
    speed = camera.body.memory.common_speed
    return nibbles(camera.features.recall_speed if speed is None else speed, 2)


@inquiry("09 7E 01 0B ??", sony)
def preset_speed(camera: "ViscaCamera", index: int) -> bytes:
    if index not in camera.features.presets:
        raise syntax_error()
    return bytes((camera.body.memory.speeds.get(index, camera.features.recall_speed),))


@inquiry("09 7E 04 3B", hides_recall)
def recall_with_freeze(camera: "ViscaCamera") -> bytes:
    return bytes((camera.body.memory.hides_recall,))


@inquiry("09 7E 01 0A", has_red)
@inquiry("09 7E 01 0A 00", has_red)
def red_tally(camera: "ViscaCamera") -> bytes:
    return on_off(camera.body.lit("red"))


@inquiry("09 7E 01 0A 01", has_red)
def tally_level(camera: "ViscaCamera") -> bytes:
    return bytes((camera.body.values.get("tally_level", 4),))


@inquiry("09 7E 04 1A", has_green)
@inquiry("09 7E 04 1A 00", has_green)
def green_tally(camera: "ViscaCamera") -> bytes:
    return on_off(camera.body.lit("green"))


@inquiry("09 7E 04 11", has_green)
@inquiry("09 7E 04 11 00", has_green)
def yellow_tally(camera: "ViscaCamera") -> bytes:
    return on_off(camera.body.lit("yellow"))


@inquiry("09 06 06")
def menu(camera: "ViscaCamera") -> bytes:
    return on_off(camera.body.menu)


@inquiry("09 06 08", sony)
def infrared(camera: "ViscaCamera") -> bytes:
    return on_off(camera.body.infrared)


@inquiry("09 7E 7E 0?")
def block(camera: "ViscaCamera", number: int) -> bytes:
    if number >= camera.features.blocks:
        raise syntax_error()
    makers = {0: lens_block, 1: camera_block, 2: other_block}
    content = makers[number](camera) if number in makers else b""
    return content.ljust(13, b"\0")


def lens_block(camera: "ViscaCamera") -> bytes:
    body, sony_like = camera.body, camera.features.sony
    zoom = nibbles(round(body.zoom.position), 4)
    focus = nibbles(round(body.focus.position), 4)
    limit = nibbles(body.values.get("near_limit", 0xD000) >> 8, 2) if sony_like else b"\0\0"
    modes = int(focuses_itself(camera))
    busy = 0
    if sony_like:
        modes |= (value(camera, "digital_zoom") != OFF) << 1
        modes |= (value(camera, "focus_sensitivity") == ON) << 2
        busy = body.zoom.moving | body.focus.moving << 1 | camera.work.recalls() << 2
    return zoom + limit + focus + bytes((0, modes, busy))


def camera_block(camera: "ViscaCamera") -> bytes:
    if not camera.features.sony:
        return b""
    gains = nibbles(value(camera, "r_gain"), 2) + nibbles(value(camera, "b_gain"), 2)
    flags = (value(camera, "exposure_compensation") == ON) << 1
    flags |= (value(camera, "backlight") == ON) << 2
    levels = ("shutter", "iris", "gain", "bright", "exposure_compensation_level")
    modes = (value(camera, "wb_mode"), 0, value(camera, "ae_mode"), flags)
    return gains + bytes((*modes, *(value(camera, name) for name in levels)))


def other_block(camera: "ViscaCamera") -> bytes:
    return bytes((camera.power.shown(),)) if camera.features.sony else b""
