"""Zoom, focus and white balance commands.

Source: protocol digest "VISCA", section 4. Far is taken to be the low end of the focus range, as on Sony's.
"""

from typing import TYPE_CHECKING

from hw_sim.visca.body import OFF, ON, STANDARD_SPEED
from hw_sim.visca.sockets import FOCUS, WHITE, ZOOM, Move, at_once
from hw_sim.visca.table import Deed, Table, not_executable, oem, sony, switch, syntax_error
from hw_sim.visca.wire import unsigned

if TYPE_CHECKING:
    from hw_sim.visca.camera import ViscaCamera

command: Table[Deed] = Table()

ONE_PUSH_FOCUS_TIME = 1.0  # seconds, assumed
ONE_PUSH_WHITE_TIME = 2.0  # seconds, assumed


@command("01 04 07 ??")
def zoom(camera: "ViscaCamera", code: int) -> Move:
    direction, speed = way(code)
    return at_once(ZOOM, lambda: camera.body.zoom_drive(direction, speed))


@command("01 04 08 ??")
def focus(camera: "ViscaCamera", code: int) -> Move:
    direction, speed = way(code)
    if focuses_itself(camera):
        raise not_executable()
    return at_once(FOCUS, lambda: camera.body.focus_drive(-direction, speed))


def way(code: int) -> tuple[int, int]:
    """Direction (1 for the first of two, -1 for the second, 0 to stop) and speed of a zoom or focus byte."""
    if code in (0, 2, 3):
        return {0: 0, 2: 1, 3: -1}[code], STANDARD_SPEED
    kind, speed = code >> 4, code & 0x0F
    if kind not in (2, 3) or speed > 7:
        raise syntax_error()
    return (1 if kind == 2 else -1), speed


def focuses_itself(camera: "ViscaCamera") -> bool:
    return camera.body.values.get("focus_mode", ON) == ON


def zoom_position(camera: "ViscaCamera", data: bytes) -> int:
    return in_range(camera, data, 0, camera.features.longest_zoom)


def focus_position(camera: "ViscaCamera", data: bytes) -> int:
    return in_range(camera, data, *camera.features.focus)


def in_range(camera: "ViscaCamera", data: bytes, low: int, high: int) -> int:
    units = number(data)
    if camera.features.strict and not low <= units <= high:
        raise syntax_error()
    return units


def number(data: bytes) -> int:
    try:
        return unsigned(data)
    except ValueError:
        raise syntax_error() from None


@command("01 04 47 *")
def zoom_direct(camera: "ViscaCamera", data: bytes) -> Move:
    if len(data) == 4:
        target = zoom_position(camera, data)
        return Move(ZOOM, (lambda: camera.body.zoom_to(target),))
    if len(data) != 8 or not camera.features.zoom_focus:
        raise syntax_error()
    target, sharp = zoom_position(camera, data[:4]), focus_position(camera, data[4:])
    body = camera.body
    return Move(ZOOM | FOCUS, (lambda: max(body.zoom_to(target), body.focus_to(sharp)),))


@command("01 04 48 *")
def focus_direct(camera: "ViscaCamera", data: bytes) -> Move:
    if len(data) != 4:
        raise syntax_error()
    target = focus_position(camera, data)
    if focuses_itself(camera):
        raise not_executable()
    return Move(FOCUS, (lambda: camera.body.focus_to(target),))


@command("01 04 28 *", sony)
def near_limit(camera: "ViscaCamera", data: bytes) -> None:
    if len(data) != 4:
        raise syntax_error()
    camera.body.values["near_limit"] = focus_position(camera, data)


@command("01 04 38 ??")
def focus_mode(camera: "ViscaCamera", code: int) -> Move | None:
    if code == 0x04 and camera.features.oem:
        return one_push_focus(camera)
    on = switch(code, focuses_itself(camera))
    camera.body.values["focus_mode"] = ON if on else OFF
    return None


@command("01 04 18 01", sony)
def one_push_focus(camera: "ViscaCamera") -> Move:
    return Move(FOCUS, (lambda: ONE_PUSH_FOCUS_TIME,))


@command("01 04 18 02", sony)
def focus_infinity(camera: "ViscaCamera") -> Move:
    return Move(FOCUS, (lambda: camera.body.focus_to(camera.features.focus[0]),))


@command("0A 04 68 ??", oem)
def focus_lock(camera: "ViscaCamera", code: int) -> None:
    camera.body.values["focus_lock"] = ON if switch(code, False) else OFF


@command("01 04 10 05")
def white_balance_once(camera: "ViscaCamera") -> Move:
    return Move(WHITE, (lambda: ONE_PUSH_WHITE_TIME,))
