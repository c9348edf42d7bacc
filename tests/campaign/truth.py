"""What is really so at a point, by the simulators; and which points the bytes we send would change.

Nothing here asks the product: points are only names for places.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from avctl.capabilities.camera import Aim, FocusMode, Framing, Preset
from avctl.capabilities.mixer import Fader, Mute
from avctl.capabilities.router import Blank, Layer, Output
from avctl.capabilities.wall import Layout, WindowSource
from avctl.points import Point
from hw_sim.visca.body import ON

ANGLE = 0.6  # degrees a camera may be off and be there
ELSEWHERE = 0.4  # degrees that it must be off to be said not to be there
ZOOM = 0.015  # of the range
LEVEL = 0.15  # dB

KNOWN = (Aim, Blank, Fader, FocusMode, Layout, Mute, Output, Preset, WindowSource)


def actual(real: Any, point: Point) -> Any:
    """What is so at ``point`` now, in a form that two moments can be compared by."""
    match point:
        case Preset() | Aim():
            body = real.body
            zoom = body.zoom.position / real.features.optical
            return Framing(body.head.pan.position, body.head.tilt.position, zoom)
        case FocusMode():
            return "auto" if real.body.values.get("focus_mode", ON) == ON else "manual"
        case Output(number, layer):
            return real.matrix.ties[layer.value, number]
        case Blank(number, Layer.VIDEO):
            return real.matrix.video_mutes[number] != 0
        case Fader(channel):
            tag, index = channel.split("/")
            return real.blocks[tag].values["level", (int(index),)]
        case Mute(channel):
            tag, index = channel.split("/")
            return bool(real.blocks[tag].values["mute", (int(index),)])
        case Layout():
            panes = ((number, real.wall.read(number)) for number in real.wall)
            return real.last_preset, tuple((number, pane) for number, pane in panes if pane.zorder)
        case WindowSource(window):
            shown = real.wall.read(window).input
            return "" if shown == "NULL" else shown
    raise LookupError(point)


def holds(real: Any, point: Point, wanted: Any) -> bool:
    """Whether ``point`` really is as wanted.

    Of a wall whose controller tells windows anew before the wall shows them, its registers are the truth: nobody
    who can only ask could know better.
    """
    now = actual(real, point)
    match point:
        case Preset():
            if wanted is None:
                return False
            at = real.presets.get(wanted - (1 if real.features.sony else 0))
            return at is not None and _near(now, _framing(real, at))
        case Layout():
            return bool(now[0] == wanted and _shows(real, wanted))
    return is_same(point, now, wanted)


def is_same(point: Point, one: Any, other: Any) -> bool:
    """Whether two values of `actual` are the same to a person."""
    match point:
        case Preset() | Aim():
            return _near(one, other)
        case Fader():
            return abs(one - other) <= LEVEL
        case FocusMode():
            return str(one) == str(other)
    return bool(one == other)


def agrees(real: Any, point: Point, reading: Any) -> bool:
    """Whether what is shown of a point is true.

    None is true of a camera at no preset. Of a layout it says only that the wall is not known to have settled on
    any, which is never false: a window that was put anew leaves it so.
    """
    if reading is not None:
        return holds(real, point, reading)
    match point:
        case Preset():
            now = actual(real, point)
            return not any(
                _near(now, _framing(real, at), ELSEWHERE) for at in real.presets.values()
            )
        case Layout():
            return True
    return False


def _framing(real: Any, at: Any) -> Framing:
    return Framing(at.pan, at.tilt, at.zoom / real.features.optical)


def _near(one: Framing, other: Framing, angle: float = ANGLE) -> bool:
    head = abs(one.pan - other.pan) <= angle and abs(one.tilt - other.tilt) <= angle
    return head and abs(one.zoom - other.zoom) <= ZOOM


def _shows(real: Any, number: int) -> bool:
    preset = real.presets.get(number)
    return preset is not None and all(
        getattr(real.wall.read(window), name) == value
        for window, change in preset.windows.items()
        if window in real.wall
        for name, value in change.items()
    )


# What bytes would change.


def _visca(wire: bytes) -> tuple[Point, ...]:
    frame = wire[8:] if wire[:1] in (b"\x01", b"\x02") and len(wire) > 8 else wire
    body = frame[1:-1]
    if body.startswith((b"\x01\x04\x3f\x02", b"\x01\x06\x02", b"\x01\x04\x47")):
        return Preset(), Aim()
    if body.startswith(b"\x01\x04\x38"):
        return (FocusMode(),)
    return ()


def _extron(wire: bytes) -> tuple[Point, ...]:
    points: list[Point] = []
    if not wire.startswith(b"\x1b0*"):
        for number, plane in re.findall(rb"\d+\*(\d+)([!&%$])", wire):
            layers = {b"$": (Layer.AUDIO,), b"%": (Layer.VIDEO,), b"&": (Layer.VIDEO,)}
            points += [Output(int(number), layer) for layer in layers.get(plane, tuple(Layer))]
        points += [Blank(int(number)) for number in re.findall(rb"^(\d+)\*\dB", wire)]
    return tuple(points)


def _biamp(wire: bytes) -> tuple[Point, ...]:
    if match := re.fullmatch(rb"(\S+) set (level|mute) (\d+) .*\n", wire):
        channel = f"{match[1].decode()}/{match[3].decode()}"
        return (Fader(channel) if match[2] == b"level" else Mute(channel),)
    return ()


def _corio(wire: bytes) -> tuple[Point, ...]:
    if match := re.match(rb"Window(\d+)\.Input = ", wire):
        return (WindowSource(int(match[1])),)
    return (Layout(),) if b"Take = " in wire else ()


_OF: Mapping[str, Callable[[bytes], tuple[Point, ...]]] = {
    "visca": _visca,
    "extron_sis": _extron,
    "biamp_ttp": _biamp,
    "coriomaster": _corio,
}


def changes(driver: str, wire: bytes) -> tuple[Point, ...]:
    """The points that ``wire`` would set; empty for a question."""
    return _OF[driver](wire)
