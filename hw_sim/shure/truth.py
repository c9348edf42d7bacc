"""What a device really does, as plain JSON values."""

from typing import TYPE_CHECKING

from hw_sim.shure.channel import UNITY, Channel

if TYPE_CHECKING:
    from hw_sim.shure.device import ShureReceiver


def truth_of(device: "ShureReceiver") -> dict[str, object]:
    return {
        "name": device.name,
        "muted": device.muted,
        "preset": device.preset,
        "flashing": device.flashing,
        "last_error": device.last_error,
        "rates": dict(device.rates),
        "clients": len(device.sessions),
        "channels": {
            str(number): _truth_at(at) | {"level": device.level(number)}
            for number, at in device.channels.items()
        },
    }


def _truth_at(at: Channel) -> dict[str, object]:
    state: dict[str, object] = {
        "name": at.name,
        "gain_db": (at.gain - UNITY) / 10,
        "muted": at.muted,
        "rate": at.rate,
        "signal": at.signal,
        "gate": at.gate,
    }
    if sends := at.transmitter:
        state["transmitter"] = {
            "on": sends.on,
            "muted": sends.muted,
            "minutes": sends.minutes,
            "rf": sends.quality,
        }
    return state
