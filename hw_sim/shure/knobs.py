"""The settable quirks of one device, read from its options."""

from collections.abc import Iterable, Mapping
from typing import cast

from hw_sim.settings import Settings
from hw_sim.shure.channel import Channel
from hw_sim.shure.models import WIRELESS, Model
from hw_sim.shure.parameters import PRESETS, of_channel
from hw_sim.shure.wire import Complaint

OPTIONS = {
    "transmitters": "channels whose transmitters are switched on at the start (default all)",
    "battery_minutes": "minutes left in every transmitter at the start (default as full_minutes)",
    "full_minutes": "minutes that a new battery lasts: five bars (default 480)",
    "calculating_seconds": "seconds for which a new transmitter's run time is unknown (default 30)",
    "names": "channel → name (default CH 1 and so on)",
    "device_id": "name of the device (default: the model)",
    "firmware": "version that FW_VER answers (default 2.7.6)",
    "last_error": "text of LAST_ERROR_EVENT at the start (default empty)",
    "presets": "number → list of [channel, parameter, value]: what a preset sets",
    "gate_threshold": "dBFS at which an automixer's gate opens (default -50)",
    "meter_lag": "seconds that lines come late while samples come faster than 250 ms (default 1)",
    "idle_seconds": "seconds of silence after which a client is hung up on; 0 never (default 60)",
    "boot_seconds": "how long a reboot takes (default 20)",
}

Setting = tuple[int, str, str]  # channel, parameter, value


class Knobs:
    """Raises ValueError for a value that has no meaning."""

    def __init__(self, model: Model, options: Mapping[str, object]) -> None:
        self._model, self._options = model, options
        given = Settings(options)
        self.full_minutes = given.number("full_minutes", 480)
        self.battery_minutes = given.number("battery_minutes", self.full_minutes)
        self.calculating_seconds = given.number("calculating_seconds", 30)
        self.meter_lag = given.number("meter_lag", 1)
        self.idle_seconds = given.number("idle_seconds", 60)
        self.boot_seconds = given.number("boot_seconds", 20)
        self.gate_threshold = float(cast("float", options.get("gate_threshold", -50)))
        self.device_id = self._text("device_id", model.title, model.device_name)
        self.firmware = self._text("firmware", "2.7.6", model.firmware)
        self.last_error = str(options.get("last_error", ""))
        self.transmitters = self._transmitters()
        self.names = self._names()
        self.presets = self._presets()

    def _text(self, name: str, default: str, width: int) -> str:
        text = str(self._options.get(name, default))
        if len(text) > width:
            raise ValueError(f"{name} has {width} characters at most: {text!r}")
        return text

    def _transmitters(self) -> frozenset[int]:
        """The channels that hear one at the start."""
        if self._model.kind != WIRELESS:
            return frozenset()
        numbers = range(1, self._model.channels + 1)
        given = cast("Iterable[int]", self._options.get("transmitters", numbers))
        on = frozenset(int(each) for each in given)
        if odd := on - set(numbers):
            raise ValueError(f"{self._model.title} has no channel {min(odd)}")
        return on

    def _names(self) -> dict[int, str]:
        names = {number: f"CH {number}" for number in range(1, self._model.channels + 1)}
        given = cast("Mapping[object, object]", self._options.get("names", {}))
        for key, name in given.items():
            number, text = int(str(key)), str(name)
            if number not in names or len(text) > self._model.channel_name:
                raise ValueError(f"{self._model.title} cannot name channel {number} {text!r}")
            names[number] = text
        return names

    def _presets(self) -> dict[int, list[Setting]]:
        given = cast("Mapping[object, list[list[object]]]", self._options.get("presets", {}))
        presets: dict[int, list[Setting]] = {}
        for key, sets in given.items():
            number = int(str(key))
            if not 1 <= number <= PRESETS:
                raise ValueError(f"no preset {number}, only 1 to {PRESETS}")
            presets[number] = [(int(str(at)), str(name), str(value)) for at, name, value in sets]
            for setting in presets[number]:
                self._try(number, *setting)
        return presets

    def _try(self, preset: int, channel: int, name: str, value: str) -> None:
        parameter = of_channel(self._model).get(name)
        try:
            if channel not in self.names or parameter is None or parameter.write is None:
                raise Complaint
            parameter.write(Channel(channel, ""), value)
        except Complaint as complaint:
            raise ValueError(
                f"preset {preset} cannot set {name} of channel {channel} to {value!r}"
            ) from complaint
