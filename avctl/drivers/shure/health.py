"""A wireless channel's health in a line."""

from collections.abc import Callable
from typing import Any

from avctl.capabilities.microphone import (
    Battery,
    BatteryBars,
    Interference,
    RadioQuality,
    Transmitter,
    TransmitterMuted,
)
from avctl.points import Point


def spelled(channel: str, value: Callable[[Point], Any]) -> str:
    if value(Transmitter(channel)) is False:
        return "no transmitter"
    minutes, bars = value(Battery(channel)), value(BatteryBars(channel))
    radio = value(RadioQuality(channel))
    parts = (
        f"{minutes} min" if minutes is not None else "",
        f"{bars} of 5 bars" if bars is not None else "",
        f"{radio:g} dBm" if radio is not None else "",
        "interference" if value(Interference(channel)) else "",
        "muted at the body" if value(TransmitterMuted(channel)) else "",
    )
    return ", ".join(filter(None, parts)) or "not known"
