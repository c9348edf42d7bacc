"""What is really so at a point, by the simulators; and which points the bytes we send would change.

Nothing here asks the product: points are only names for places.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from avctl.capabilities.camera import Aim, FocusMode, Framing, Preset
from avctl.capabilities.mixer import CrossFade, Fader, Mute
from avctl.capabilities.router import Blank, Layer, Output, Signal
from avctl.capabilities.wall import Layout, WindowSource
from avctl.points import Point
from hw_sim.shure.channel import UNITY
from hw_sim.visca.body import ON

ANGLE = 0.6  # degrees a camera may be off and be there
ELSEWHERE = 0.4  # degrees that it must be off to be said not to be there
ZOOM = 0.015  # of the range
ELSEWHERE_ZOOM = 0.008  # of the range that its lens must be off for that
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
        case Signal(number):
            return real.matrix.signals[number]
        case Fader(channel) | CrossFade(into=channel):
            return _fader(real, channel)
        case Mute(channel):
            return _mute(real, channel)
        case Layout():
            panes = ((number, real.wall.read(number)) for number in real.wall)
            return real.last_preset, tuple((number, pane) for number, pane in panes if pane.zorder)
        case WindowSource(window):
            shown = real.wall.read(window).input
            return "" if shown == "NULL" else shown
    raise LookupError(point)


def _fader(real: Any, channel: str) -> float:
    if real.driver == "shure":
        return float(real.channels[int(channel)].gain - UNITY) / 10
    tag, index = channel.split("/")
    return float(real.blocks[tag].values["level", (int(index),)])


def _mute(real: Any, channel: str) -> bool:
    if real.driver == "shure":
        return bool(real.channels[int(channel)].muted)
    tag, index = channel.split("/")
    return bool(real.blocks[tag].values["mute", (int(index),)])


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
        case Fader() | CrossFade():
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
                _near(now, _framing(real, at), ELSEWHERE, ELSEWHERE_ZOOM)
                for at in real.presets.values()
            )
        case Layout():
            return True
    return False


def _framing(real: Any, at: Any) -> Framing:
    return Framing(at.pan, at.tilt, at.zoom / real.features.optical)


def _near(one: Framing, other: Framing, angle: float = ANGLE, zoom: float = ZOOM) -> bool:
    head = abs(one.pan - other.pan) <= angle and abs(one.tilt - other.tilt) <= angle
    return head and abs(one.zoom - other.zoom) <= zoom


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


def _shure(wire: bytes) -> tuple[Point, ...]:
    if match := re.fullmatch(rb"< SET (\d+) AUDIO_(GAIN|MUTE) .*>", wire):
        channel = str(int(match[1]))
        return (Fader(channel) if match[2] == b"GAIN" else Mute(channel),)
    return ()


_OF: Mapping[str, Callable[[bytes], tuple[Point, ...]]] = {
    "visca": _visca,
    "extron_sis": _extron,
    "biamp_ttp": _biamp,
    "coriomaster": _corio,
    "shure": _shure,
}


def changes(driver: str, wire: bytes) -> tuple[Point, ...]:
    """The points that ``wire`` would set; empty for a question."""
    return _OF[driver](wire)


def sets(point: Point) -> tuple[Point, ...]:
    """The points that driving ``point`` would set."""
    match point:
        case CrossFade(into, out_of):
            return Fader(into), Fader(out_of)
    return (point,)


def moves(real: Any) -> bool:
    """Whether a camera's head or lens is moving."""
    return bool(real.body.head.moving or real.body.zoom.moving)
