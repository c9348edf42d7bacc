"""What the displays are, read from their options."""

from collections.abc import Iterable, Mapping
from typing import cast

from hw_sim import mains

INPUTS = {
    "S_VIDEO": 0x04, "COMPONENT": 0x08, "AV": 0x0C, "PC": 0x14, "DVI": 0x18, "MAGIC_INFO": 0x20,
    "HDMI1": 0x21, "HDMI2": 0x23, "DISPLAY_PORT_1": 0x25, "DISPLAY_PORT_2": 0x26, "HDMI3": 0x31,
    "HDMI4": 0x33, "HD_BASE_T": 0x55,
}  # fmt: skip
FITTED = ("HDMI1", "HDMI2", "DISPLAY_PORT_1", "DVI")
AFTER_MAINS = ("off", "last", "on")

OPTIONS: Mapping[str, str] = {
    "ids": "the ids on the line (default [1])",
    "on": "whether the displays are on at the start",
    "inputs": f"sockets, of {' '.join(INPUTS)} (default {' '.join(FITTED)})",
    "signals": "sockets at which a signal is when no room says otherwise (default all)",
    "serial": "number of the first display, the others count on (default 0MDCSIM00001)",
    "firmware": "what 0E answers (default T-SIM-1001.2)",
    "temperature": "°C inside while it is on (default 38)",
    "fan": "whether there is one",
    "sensor": "whether there is a brightness sensor",
    "audio": "false: volume and mute are unavailable",
    "on_seconds": "from power-on to the picture, and to its reading (default 6)",
    "off_seconds": "from power-off to its reading (default 2)",
    "switch_seconds": "that a change of input takes, and its reading (default 1)",
    "after_mains": f"what a start makes of the power: {', '.join(AFTER_MAINS)}",
    "pin": "four digits that TCP clients have to give; the TLS around it is left out (default none)",
    "pin_tries": "wrong PINs until all are blocked (default 5)",
    **mains.OPTIONS,
}


class Knobs:
    """Raises ValueError for a value that has no meaning."""

    def __init__(self, options: Mapping[str, object]) -> None:
        self._options = options
        self.ids = tuple(int(each) for each in self._list("ids", ("1",)))
        if (
            not self.ids
            or len(set(self.ids)) < len(self.ids)
            or not set(self.ids) <= set(range(254))
        ):
            raise ValueError(f"ids are different numbers from 0 to 253, not {self.ids}")
        self.on = self._flag("on", False)
        self.inputs = tuple(self._list("inputs", FITTED))
        if odd := set(self.inputs) - set(INPUTS):
            raise ValueError(f"inputs are of {' '.join(INPUTS)}, not {min(odd)}")
        self.signals = frozenset(self._list("signals", self.inputs))
        self.serial = str(options.get("serial", "0MDCSIM00001"))
        self.firmware = str(options.get("firmware", "T-SIM-1001.2"))
        self.temperature = int(self._number("temperature", 38))
        self.fan, self.sensor = self._flag("fan", True), self._flag("sensor", True)
        self.audio = self._flag("audio", True)
        self.on_seconds = self._number("on_seconds", 6)
        self.off_seconds = self._number("off_seconds", 2)
        self.switch_seconds = self._number("switch_seconds", 1)
        self.after_mains = str(options.get("after_mains", AFTER_MAINS[0]))
        if self.after_mains not in AFTER_MAINS:
            raise ValueError(f"after_mains is {', '.join(AFTER_MAINS)}, not {self.after_mains}")
        self._read_pin()

    def _read_pin(self) -> None:
        given = self._options.get("pin")
        self.pin = None if given is None else str(given).rjust(4, "0")
        if self.pin is not None and not (len(self.pin) == 4 and self.pin.isdecimal()):
            raise ValueError("pin is four digits")
        self.pin_tries = int(self._number("pin_tries", 5))

    def serial_of(self, display: int) -> str:
        """The serial number of the display with this id."""
        head = self.serial.rstrip("0123456789")
        digits = self.serial[len(head) :]
        if not digits:
            return self.serial
        return f"{head}{int(digits) + self.ids.index(display):0{len(digits)}d}"

    def _list(self, name: str, default: Iterable[str]) -> list[str]:
        given = self._options.get(name, default)
        if isinstance(given, str):
            given = given.split()
        return [str(each) for each in cast("Iterable[object]", given)]

    def _flag(self, name: str, default: bool) -> bool:
        value = self._options.get(name, default)
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false, not {value!r}")
        return value

    def _number(self, name: str, default: float) -> float:
        value = float(cast("float", self._options.get(name, default)))
        if not 0 <= value < float("inf"):
            raise ValueError(f"{name} is a positive number or 0, not {value}")
        return value
