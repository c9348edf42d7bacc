"""What reports tell of points: the parameters that each kind of point goes by, and their scales."""

from collections.abc import Callable, Mapping
from typing import Any

from avctl.capabilities.microphone import (
    Battery,
    BatteryBars,
    Interference,
    Transmitter,
    TransmitterMuted,
)
from avctl.capabilities.mixer import Fader, Mute
from avctl.drivers.shure.wire import Report
from avctl.points import Point

HI_RES = "AUDIO_GAIN_HI_RES"  # tenths of a dB, 1100 is 0 dB
GAIN = "AUDIO_GAIN"  # whole dB, 18 is 0 dB
QUIETEST = {HI_RES: -110.0, GAIN: -18.0}  # dB
LOUDEST = {HI_RES: 30.0, GAIN: 42.0}  # dB
DEVICE = "device"  # the channel whose mute is the whole device's
DEVICE_MUTE = "DEVICE_AUDIO_MUTE"

_UNKNOWN = {"UNKN", "UNKNOWN"}
_NO_MINUTES = 65533  # from here on: lost, calculating, unknown
_NO_BARS = 255


def decibels(tenths: int) -> float:
    return (tenths - 1100) / 10


def _number(value: str, most: int) -> int:
    if not (value.isascii() and value.isdigit()) or int(value) > most:
        raise ValueError(value)
    return int(value)


def _hi_res(value: str) -> float:
    return decibels(_number(value, 1400))


def _gain(value: str) -> float:
    return float(_number(value, 60) - 18)


def _switch(value: str) -> bool:
    return {"ON": True, "OFF": False}[value]


def _switch_or_none(value: str) -> bool | None:
    return None if value in _UNKNOWN else _switch(value)


def _mode(value: str) -> bool | None:
    """How Axient says it: ON is what sounds."""
    return None if value in _UNKNOWN else {"MUTE": True, "ON": False}[value]


def _minutes(value: str) -> int | None:
    minutes = _number(value, 65535)
    return None if minutes >= _NO_MINUTES else minutes


def _bars(value: str) -> int | None:
    bars = _number(value, _NO_BARS)
    return None if bars == _NO_BARS else _number(value, 5)


def _is_there(value: str) -> bool:
    if not value:
        raise ValueError(value)
    return value not in _UNKNOWN


def _interference(value: str) -> bool | None:
    if value in _UNKNOWN:
        return None
    return {"NONE": False, "CRITICAL": True, "DETECTED": True}[value]


# Kinds of points, and for each the parameters that may tell it: which one depends on family and firmware.
TOLD_BY: Mapping[type[Any], Mapping[str, Callable[[str], Any]]] = {
    Fader: {HI_RES: _hi_res, GAIN: _gain},
    Mute: {"AUDIO_MUTE": _switch},
    Transmitter: {"TX_TYPE": _is_there, "TX_MODEL": _is_there},
    TransmitterMuted: {"TX_MUTE_STATUS": _switch_or_none, "TX_MUTE_MODE_STATUS": _mode},
    Battery: {"BATT_RUN_TIME": _minutes, "TX_BATT_MINS": _minutes},
    BatteryBars: {"BATT_BARS": _bars, "TX_BATT_BARS": _bars},
    Interference: {"RF_INT_DET": _interference, "INTERFERENCE_STATUS": _interference},
}
MIXING = (Fader, Mute)
HEALTH = (Transmitter, TransmitterMuted, Battery, BatteryBars, Interference)

_KINDS = {name: kind for kind, names in TOLD_BY.items() for name in names}


def told(said: Report) -> tuple[Point, Any] | None:
    """The point a report is about, and its value. None where it is about none, or says nothing we know."""
    try:
        if said.channel is None and said.parameter == DEVICE_MUTE:
            return Mute(DEVICE), _switch(said.value)
        kind = _KINDS.get(said.parameter)
        if kind is None or not said.channel:
            return None
        return kind(str(said.channel)), TOLD_BY[kind][said.parameter](said.value)
    except (KeyError, ValueError):
        return None
