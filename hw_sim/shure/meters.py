"""Meters: SAMPLE lines at their rates, each model in its own scale."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from hw_sim.shure.channel import Channel
from hw_sim.shure.transmitter import Transmitter
from hw_sim.shure.wire import sample

if TYPE_CHECKING:
    from hw_sim.shure.device import ShureReceiver

NOISE = 0.3  # dB that a meter wavers
CREST = 6.0  # dB between the peak and the level of a voice
SILENT = -200.0  # dBFS, below every scale
LATE = 0.05  # of a period that a sample may come later
LEDS = (-50, -40, -30, -24, -18, -12, -6, -1)  # dBFS at which each lights


class Cancellable(Protocol):
    def cancel(self) -> None: ...


class Meters:
    """The running meters of a device, by what they measure."""

    def __init__(self, device: "ShureReceiver") -> None:
        self._device = device
        self._timers: dict[str | int, Cancellable] = {}

    def run(self, what: str | int, milliseconds: int) -> None:
        """Say samples of a channel, or of a wired device's meter, so often; 0 ends it."""
        if timer := self._timers.pop(what, None):
            timer.cancel()
        if milliseconds:
            pause = milliseconds / 1000 * self._device.rng.uniform(1.0, 1.0 + LATE)
            self._timers[what] = self._device.clock.later(pause, lambda: self._tick(what))

    def _tick(self, what: str | int) -> None:
        device = self._device
        if isinstance(what, int):
            milliseconds, line = device.channels[what].rate, self._of_channel(what)
        else:
            milliseconds, line = device.rates[what], self._of_device(what)
        device.say(line)
        self.run(what, milliseconds)

    def _of_channel(self, number: int) -> bytes:
        channel = self._device.channels[number]
        assert channel.transmitter is not None
        measure = _MEASURES[self._device.model]
        return sample(
            "SAMPLE", str(number), "ALL", *measure(channel.transmitter, self._db(channel))
        )

    def _of_device(self, rate: str) -> bytes:
        device, kind = self._device, self._device.kind
        values = [
            _scaled(self._wired(rate, channel), kind.floor, kind.floor)
            for number, channel in device.channels.items()
            if not _left_out(rate, number in kind.mixes)
        ]
        return sample(kind.meters[rate], *values)

    def _wired(self, rate: str, channel: Channel) -> float:
        if rate.endswith("MXR_GAIN"):  # how far the automix lets it through
            return SILENT if self._device.level(channel.number) is None else 0.0
        if rate.endswith("POSTGATE"):
            level = self._device.level(channel.number)
            return SILENT if level is None else self._wavering(level)
        return self._db(channel)

    def _db(self, channel: Channel) -> float:
        """dBFS before the mute: a meter moves though nobody hears."""
        level = self._device.before_mute(channel.number)
        return SILENT if level is None else self._wavering(level)

    def _wavering(self, level: float) -> float:
        return level + self._device.rng.uniform(-NOISE, NOISE)


def _left_out(rate: str, mix: bool) -> bool:
    return mix if rate.endswith("_IN") else rate.endswith("_OUT") and not mix


def _scaled(value: float, offset: int, most: int) -> str:
    return f"{min(max(round(value) + offset, 0), most):03d}"


def _antenna(sends: Transmitter) -> str:
    return "AX" if sends.heard else "XX"


def _bars(dbm: float) -> int:
    return int(min(max((dbm + 75) // 7, 0), 5))


def _ulxd(sends: Transmitter, level: float) -> list[str]:
    return [_antenna(sends), _scaled(sends.dbm, 128, 115), _scaled(level, 50, 50)]


def _slxd(sends: Transmitter, level: float) -> list[str]:
    peak = min(0.0, level + CREST)
    return [_scaled(peak, 120, 120), _scaled(level, 120, 120), _scaled(sends.dbm, 120, 120)]


def _ad(sends: Transmitter, level: float) -> list[str]:
    peak = min(0.0, level + CREST)
    radio = []
    for dbm in (sends.dbm, sends.dbm - CREST):  # the second antenna is farther away
        radio += [f"{(1 << _bars(dbm)) - 1:02d}", _scaled(dbm, 120, 120)]
    return [
        f"{round(5 * sends.quality) if sends.heard else 255:03d}",
        f"{sum(peak >= lit for lit in LEDS):02d}",
        _scaled(peak, 120, 120),
        _scaled(level, 120, 120),
        _antenna(sends),
        *radio,
    ]


_MEASURES: dict[str, Callable[[Transmitter, float], list[str]]] = {
    "ulxd4q": _ulxd,
    "slxd4": _slxd,
    "ad4q": _ad,
}
