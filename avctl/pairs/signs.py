"""What tells how well a side of a pair is: its link, its meter, its radio, its signal, its power."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from avctl.capabilities.health import Registered
from avctl.capabilities.microphone import Battery, RadioQuality, Transmitter
from avctl.capabilities.mixer import Meter
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.router import Signal
from avctl.capabilities.terminal import Terminal
from avctl.config import PairFile
from avctl.device import Device
from avctl.pair import Sign, Text
from avctl.pairs.standing import Stage
from avctl.points import Point, parse_decibel

GREETING = 10.0  # seconds for which a device may be greeted again
GREETED = 1.0  # seconds before a device is up in which it may have told its meters
METERED = 5.0  # seconds after it is up in which a device tells the meters that it has
FRESH = 3.0  # seconds; what was heard before tells nothing of now
WEAKEST_RADIO = -90.0  # dBm
PROTOCOLS = ("sip", "h323")


@cache
def _is_terminal(driver: type[Device]) -> bool:
    return issubclass(driver, Terminal)


class Signs:
    """Reads the signs of a room's microphones, sources and devices, by name."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._titles: dict[str, Text] = {}

    def of(self, pair: PairFile, name: str) -> Iterator[Sign]:
        """The signs of a part, or of the one in use where the name is a pair's."""
        file, name = self._stage.file, self._stage.names.in_use(name)
        if name in file.microphones:
            yield from self._microphone(pair, name)
        if name in file.sources:
            source = file.sources[name]
            yield self._link(source.device)
            yield self._signal(source.device, source.input, self._title(name))
        if name in file.devices:
            yield self._link(name)
            # A terminal that nobody uses sleeps: that is no death.
            is_terminal = _is_terminal(type(self._stage.devices[name]))
            yield self._registration(name) if is_terminal else self._power(name)

    def is_unmetered(self, name: str) -> bool:
        """Whether a microphone's meter is not told yet of a device that has come a moment ago."""
        channel = self._stage.file.microphones.get(self._stage.names.in_use(name))
        if channel is None:
            return False
        device, meter = self._stage.devices[channel.device], Meter(channel.channel)
        if self._stage.clock.now() - device.since > METERED or meter not in device.points():
            return False
        reading = device.state.get(meter)
        return reading is None or reading.at < device.since - GREETED

    def _microphone(self, pair: PairFile, name: str) -> Iterator[Sign]:
        part = self._stage.file.microphones[name]
        yield self._link(part.device)
        yield self._meter(part.device, part.channel, parse_decibel(pair.floor), self._title(name))
        if wireless := part.wireless:
            yield self._link(wireless.device)
            yield from self._radio(wireless.device, wireless.channel, self._title(name))

    def _link(self, device: str) -> Sign:
        title, at = self._title(device), self._stage.devices[device]
        # One that is being greeted answers, however slowly; one that never gets further does not do its work.
        is_greeted = at.heard_at > at.lost > self._stage.clock.now() - GREETING
        why = {"zh": f"{title['zh']}无应答", "en": f"{title['en']} does not answer"}
        return Sign(True if at.up else None if is_greeted else False, why)

    def _meter(self, device: str, channel: str, floor: float, title: Text) -> Sign:
        # A meter that does not move is not told again: a low one stands, a good one must be of now.
        level = self._standing(device, Meter(channel))
        if level is not None and level >= floor:
            level = self._fresh(device, Meter(channel))
        why = {
            "zh": f"{title['zh']}电平低于本底噪声（{floor:g} dB）",
            "en": f"{title['en']} is below the noise of an empty room ({floor:g} dB)",
        }
        return Sign(None if level is None else level >= floor, why)

    def _radio(self, device: str, channel: str, title: Text) -> Iterator[Sign]:
        zh, en = title["zh"], title["en"]
        on = self._fresh(device, Transmitter(channel))
        yield Sign(on, {"zh": f"{zh}的发射机已关闭", "en": f"the transmitter of {en} is off"})
        radio = self._fresh(device, RadioQuality(channel))
        weak = {"zh": f"{zh}的射频信号丢失", "en": f"the radio signal of {en} is lost"}
        yield Sign(None if radio is None else radio > WEAKEST_RADIO, weak)
        battery = self._standing(device, Battery(channel))
        empty = {"zh": f"{zh}的电池耗尽", "en": f"the battery of {en} is empty"}
        yield Sign(None if battery is None else battery > 0, empty)

    def _signal(self, device: str, number: int, title: Text) -> Sign:
        why = {"zh": f"{title['zh']}无信号", "en": f"{title['en']} has no signal"}
        return self._asked(device, Signal(number), {True: True, False: False}, why)

    def _registration(self, terminal: str) -> Sign:
        """Bad where no server knows the terminal any more, and one did: it can neither call nor be called."""
        told = [self._standing(terminal, Registered(by)) for by in PROTOCOLS]
        known = [state for state in told if state is not None]
        title = self._title(terminal)
        why = {"zh": f"{title['zh']}未注册", "en": f"{title['en']} is not registered"}
        return Sign(any(known) if known else None, why)

    def _power(self, device: str) -> Sign:
        title = self._title(device)
        why = {"zh": f"{title['zh']}未开机", "en": f"{title['en']} is off"}
        return self._asked(device, PowerState(), {Power.ON: True, Power.OFF: False}, why)

    def _asked(self, device: str, point: Point, means: Mapping[Any, bool], why: Text) -> Sign:
        """A sign that its device is asked for, and does not announce."""
        reading = self._stage.devices[device].state.get(point)
        if reading is None:
            return Sign(None, why)
        return Sign(means.get(reading.value), why, reading.at, (device, point))

    def _standing(self, device: str, point: Point) -> Any:
        """What was told once and stands until told anew; not beyond the line that it was told on."""
        reading = self._stage.devices[device].state.get(point)
        if reading is None or reading.at <= self._stage.devices[device].lost:
            return None
        return reading.value

    def _fresh(self, device: str, point: Point) -> Any:
        reading = self._stage.devices[device].state.get(point)
        if reading is None or self._stage.clock.now() - reading.at > FRESH:
            return None
        return reading.value

    def _title(self, name: str) -> Text:
        if name not in self._titles:
            self._titles[name] = self._read_title(name)
        return self._titles[name]

    def _read_title(self, name: str) -> Text:
        file = self._stage.file
        part = file.microphones.get(name) or file.sources.get(name) or file.devices.get(name)
        return part.title.model_dump() if part and part.title else {"zh": name, "en": name}
