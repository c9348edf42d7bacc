"""Commands that turn the head, and its limits.

Source: protocol digest "VISCA", section 4.
"""

from typing import TYPE_CHECKING

from hw_sim.visca.power import referencing
from hw_sim.visca.sockets import NOTHING, PAN_TILT, Move, at_once
from hw_sim.visca.table import Deed, Table, not_executable, syntax_error
from hw_sim.visca.wire import signed

if TYPE_CHECKING:
    from hw_sim.visca.camera import ViscaCamera

command: Table[Deed] = Table()


def check_speeds(camera: "ViscaCamera", pan: int, tilt: int) -> None:
    if camera.quirks.rejects_zero_speed and (pan == 0 or tilt == 0):
        raise syntax_error()
    fastest = camera.features.fastest
    if camera.features.strict and (pan > fastest[0] or tilt > fastest[1]):
        raise syntax_error()


def point(camera: "ViscaCamera", data: bytes) -> tuple[int, int]:
    """Pan and tilt in units, from the nibbles of a command."""
    pan, tilt = camera.features.pan_width, camera.features.tilt_width
    if len(data) != pan + tilt:
        raise syntax_error()
    try:
        return signed(data[:pan]), signed(data[pan:])
    except ValueError:
        raise syntax_error() from None


@command("01 06 01 ?? ?? ?? ??")
def drive(camera: "ViscaCamera", pan_code: int, tilt_code: int, side: int, height: int) -> Move:
    check_speeds(camera, pan_code, tilt_code)
    if side not in (1, 2, 3) or height not in (1, 2, 3):
        raise syntax_error()
    body = camera.body
    if body.menu:
        return NOTHING  # an arrow key of the menu
    pan = {1: -1, 2: 1, 3: 0}[side] * body.pan_speed(pan_code)
    tilt = {1: 1, 2: -1, 3: 0}[height] * body.tilt_speed(tilt_code)
    return at_once(PAN_TILT, lambda: body.head.drive(pan, tilt))


@command("01 06 02 ?? ?? *")
def absolute(camera: "ViscaCamera", pan_code: int, tilt_code: int, data: bytes) -> Move:
    pan, tilt = point(camera, data)
    return turning(camera, pan_code, tilt_code, pan, tilt)


@command("01 06 03 ?? ?? *")
def relative(camera: "ViscaCamera", pan_code: int, tilt_code: int, data: bytes) -> Move:
    pan, tilt = point(camera, data)
    pan, tilt = pan + camera.body.pan_units(), tilt + camera.body.tilt_units()
    return turning(camera, pan_code, tilt_code, pan, tilt)


def turning(camera: "ViscaCamera", pan_code: int, tilt_code: int, pan: int, tilt: int) -> Move:
    body, features = camera.body, camera.features
    together = features.together and tilt_code == 0
    if features.one_speed or together:
        tilt_code = min(pan_code, features.fastest[1])
    check_speeds(camera, pan_code, tilt_code)
    if features.strict and not body.within(pan, tilt):
        raise syntax_error()
    check_menu(camera)
    to = body.direction(pan, tilt)

    def leg() -> float:
        if together:
            return body.turn_together(*to, body.pan_speed(pan_code))
        return body.turn(*to, body.pan_speed(pan_code), body.tilt_speed(tilt_code))

    return Move(PAN_TILT, (leg,))


def check_menu(camera: "ViscaCamera") -> None:
    if camera.body.menu:
        raise not_executable()


@command("01 06 04")
def home(camera: "ViscaCamera") -> Move:
    check_menu(camera)
    body = camera.body

    def leg() -> float:
        short = -10.0 if camera.quirks.home_bug and body.head.pan.position < -10 else 0.0
        return body.turn(short, 0.0, body.pan_speed(0x18), body.tilt_speed(0x18))

    return Move(PAN_TILT, (leg,))


@command("01 06 05")
def reset_head(camera: "ViscaCamera") -> Move:
    check_menu(camera)
    return Move(PAN_TILT, referencing(camera.body), initialises=True)


@command("01 06 07 00 0? *")
def set_limit(camera: "ViscaCamera", corner: int, data: bytes) -> None:
    pan, tilt = camera.body.direction(*point(camera, data))
    head = camera.body.head
    if corner == 1:
        head.right, head.top = pan, tilt
    elif corner == 0:
        head.left, head.bottom = pan, tilt
    else:
        raise syntax_error()


@command("01 06 07 01 0? *")
def clear_limit(camera: "ViscaCamera", corner: int, data: bytes) -> None:
    features, head = camera.features, camera.body.head
    filler = b"".join(
        b"\x07" + b"\x0f" * (width - 1) for width in (features.pan_width, features.tilt_width)
    )
    if data != filler and (features.strict or len(data) != len(filler)):
        raise syntax_error()
    if corner == 1:
        head.right = head.top = None
    elif corner == 0:
        head.left = head.bottom = None
    else:
        raise syntax_error()
