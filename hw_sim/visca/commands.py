"""Power, lamps, remote control and menu commands; and all commands in one table.

Source: protocol digest "VISCA", section 4.
"""

from typing import TYPE_CHECKING

from hw_sim.visca import lens, pan_tilt, picture, presets
from hw_sim.visca.body import OFF, ON
from hw_sim.visca.models import Model
from hw_sim.visca.sockets import Move
from hw_sim.visca.table import Deed, Table, not_executable, oem, sony, switch, syntax_error

if TYPE_CHECKING:
    from hw_sim.visca.camera import ViscaCamera

command: Table[Deed] = Table()
COMMANDS = (command, lens.command, picture.command, pan_tilt.command, presets.command)


@command("01 04 00 ??")
def set_power(camera: "ViscaCamera", code: int) -> Move | None:
    if code == 0x02:
        return camera.power.switch_on()
    if code == 0x03:
        return camera.switch_off()
    raise syntax_error()


def has_red(model: Model) -> bool:
    return model.red_tally


def has_green(model: Model) -> bool:
    return model.green_tally


@command("01 7E 01 0A 00 ??", has_red)
def red_tally(camera: "ViscaCamera", code: int) -> None:
    camera.body.light("red", switch(code, camera.body.lit("red")))


@command("01 7E 01 0A 01 0?", has_red)
def tally_level(camera: "ViscaCamera", level: int) -> None:
    if level not in (0, 4, 5):
        raise syntax_error()
    camera.body.values["tally_level"] = level


@command("01 7E 04 1A 00 ??", has_green)
def green_tally(camera: "ViscaCamera", code: int) -> None:
    camera.body.light("green", switch(code, camera.body.lit("green")))


@command("01 7E 04 11 00 ??", has_green)
def yellow_tally(camera: "ViscaCamera", code: int) -> None:
    camera.body.light("yellow", switch(code, camera.body.lit("yellow")))


@command("01 06 08 ??", sony)
def infrared(camera: "ViscaCamera", code: int) -> None:
    camera.body.infrared = switch(code, camera.body.infrared)


@command("01 7D 01 ?? 00 00", sony)
def infrared_return(camera: "ViscaCamera", code: int) -> None:
    if code not in (0x03, 0x13):
        raise syntax_error()
    camera.body.tells_infrared = code == 0x03


@command("01 06 06 ??")
def menu(camera: "ViscaCamera", code: int) -> None:
    features, body = camera.features, camera.body
    if features.oem and code in (0x04, 0x05):  # back and enter
        return
    if features.oem and code != 0x03:
        raise syntax_error()
    on = switch(code, body.menu)
    if on and not features.menu_opens:
        raise syntax_error()
    body.menu = on


@command("01 7E 01 02 00 01", sony)
def menu_enter(camera: "ViscaCamera") -> None:
    if not camera.body.menu:
        raise not_executable()


@command("0A 11 54 ??", oem)
def auto_tracking(camera: "ViscaCamera", code: int) -> None:
    camera.body.values["tracking"] = ON if switch(code, False) else OFF
