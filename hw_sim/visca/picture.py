"""Picture settings: switches, modes and levels, each with its command and its inquiry.

Source: protocol digest "VISCA", section 4. The greatest levels and the defaults are assumed.
"""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from hw_sim.visca.models import Model
from hw_sim.visca.table import Answer, Deed, Table, When, always, oem, sony, syntax_error

if TYPE_CHECKING:
    from hw_sim.visca.camera import ViscaCamera

command: Table[Deed] = Table()
inquiry: Table[Answer] = Table()


@dataclass(frozen=True, slots=True)
class Choice:
    """A setting with one byte of value, read and written alike."""

    name: str
    code: str
    values: frozenset[int]
    default: int
    when: When = always


@dataclass(frozen=True, slots=True)
class Level:
    """A setting that goes up and down, is reset, and is set directly with another code."""

    name: str
    code: str
    direct: str
    greatest: int
    default: int
    writes_with_code: bool = False  # PTZOptics sets it directly with the first code


def freezes(model: Model) -> bool:
    return model.has_freeze


SWITCH = frozenset({2, 3})
CHOICES = (
    Choice("digital_zoom", "04 06", frozenset({2, 3, 4}), 3, sony),
    Choice("focus_sensitivity", "04 58", SWITCH, 2),
    Choice("ae_mode", "04 39", frozenset({0x0, 0x3, 0xA, 0xB, 0xD}), 0),
    Choice("gain_limit", "04 2C", frozenset(range(16)), 0xF),
    Choice("exposure_compensation", "04 3E", SWITCH, 3),
    Choice("wb_mode", "04 35", frozenset({*range(6), 0x20}), 0),
    Choice("backlight", "04 33", SWITCH, 3),
    Choice("freeze", "04 62", SWITCH, 3, freezes),
    Choice("mirror", "04 61", SWITCH, 3),
    Choice("flip", "04 66", SWITCH, 3),
    Choice("image_flip", "04 A4", frozenset(range(4)), 0, oem),
    Choice("slow", "06 44", SWITCH, 3, sony),
    Choice("ramp", "06 31", frozenset({1, 2, 3}), 1, sony),
)
LEVELS = (
    Level("iris", "04 0B", "04 4B", 0x11, 0x0D),
    Level("gain", "04 0C", "04 4C", 0x0F, 0x01, writes_with_code=True),
    Level("shutter", "04 0A", "04 4A", 0x15, 0x07),
    Level("bright", "04 0D", "04 4D", 0x1F, 0x11, writes_with_code=True),
    Level("exposure_compensation_level", "04 0E", "04 4E", 0x0E, 0x07),
    Level("r_gain", "04 03", "04 43", 0xFF, 0x80),
    Level("b_gain", "04 04", "04 44", 0xFF, 0x80),
)
DEFAULTS = {item.name: item.default for item in (*CHOICES, *LEVELS)}


def value(camera: "ViscaCamera", name: str) -> int:
    return camera.body.values.get(name, DEFAULTS[name])


def _choose(item: Choice, camera: "ViscaCamera", chosen: int) -> None:
    model = camera.features
    allowed = item.values
    if item.name == "ae_mode" and model.modes_without_bright:
        allowed -= {0xD}
    if item.name == "wb_mode" and not model.oem:
        allowed -= {0x20}
    if item.name == "digital_zoom" and not (model.clear_image or model.strict):
        allowed -= {4}
    if chosen not in allowed:
        raise syntax_error()
    camera.body.values[item.name] = chosen
    if item.name == "flip":
        camera.body.flip(chosen == 2)
    elif item.name == "image_flip":
        camera.body.flip(bool(chosen & 2))
    elif item.name == "slow":
        camera.body.slow = chosen == 2


def _read_choice(item: Choice, camera: "ViscaCamera") -> bytes:
    return bytes((value(camera, item.name),))


def _step(item: Level, camera: "ViscaCamera", how: int) -> None:
    if how not in (0, 2, 3):
        raise syntax_error()
    now = value(camera, item.name)
    stepped = {0: item.default, 2: min(now + 1, item.greatest), 3: max(now - 1, 0)}[how]
    camera.body.values[item.name] = stepped


def _set_level(item: Level, camera: "ViscaCamera", high: int, low: int) -> None:
    level = high << 4 | low
    if level > item.greatest:
        raise syntax_error()
    camera.body.values[item.name] = level


def _read_level(item: Level, camera: "ViscaCamera") -> bytes:
    level = value(camera, item.name)
    return bytes((0, 0, level >> 4, level & 0x0F))


def _enter() -> None:
    for choice in CHOICES:
        command(f"01 {choice.code} ??", choice.when)(partial(_choose, choice))
        inquiry(f"09 {choice.code}", choice.when)(partial(_read_choice, choice))
    for level in LEVELS:
        command(f"01 {level.code} ??")(partial(_step, level))
        command(f"01 {level.direct} 00 00 0? 0?")(partial(_set_level, level))
        inquiry(f"09 {level.direct}")(partial(_read_level, level))
        if level.writes_with_code:
            command(f"01 {level.code} 00 00 0? 0?", oem)(partial(_set_level, level))


_enter()
