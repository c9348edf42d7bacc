"""What a camera does not do in the state it is in.

Source: protocol digest "VISCA", section 1 (EVI-D100 mode table; SRG-120DH and BRC-X400 notes).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hw_sim.visca.camera import ViscaCamera


def _beginnings(*messages: str) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(message) for message in messages)


# IF_Clear and Cancel are always obeyed.
IN_STANDBY = _beginnings("01 04 00", "01 06 08", "09 00 02", "09 04 00", "09 7E 7E")
NOT_WHILE_STARTING = _beginnings(
    *("01 04 00", "01 04 3F", "01 04 07", "01 04 47", "01 04 08", "01 04 48"),
    *("01 06 01", "01 06 02", "01 06 03", "01 06 04", "01 06 05", "01 06 07"),
)
IN_MENU = _beginnings("01 04 00", "01 06 06", "01 06 01", "01 7E 01 02")
ZOOMS = _beginnings("01 04 07", "01 04 47", "01 04 06")


def allows(camera: "ViscaCamera", message: bytes) -> bool:
    model = camera.features
    if camera.power.state == "standby":
        return message.startswith(IN_STANDBY)
    if message[0] == 0x09:
        return True
    if camera.power.state == "init":
        return not message.startswith(NOT_WHILE_STARTING)
    if model.sony and camera.work.is_on("white"):
        return False
    if camera.body.menu and model.menu_blocks_all:
        return message.startswith(IN_MENU)
    return not (model.sony and camera.work.recalls() and message.startswith(ZOOMS))
