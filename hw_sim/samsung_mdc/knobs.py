"""What the displays are, read from their options."""

from collections.abc import Mapping

from hw_sim import mains
from hw_sim.settings import Settings

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
        given = Settings(options)
        self.ids = tuple(int(each) for each in given.several("ids", ("1",)))
        if (
            not self.ids
            or len(set(self.ids)) < len(self.ids)
            or not set(self.ids) <= set(range(254))
        ):
            raise ValueError(f"ids are different numbers from 0 to 253, not {self.ids}")
        self.on = given.flag("on", False)
        self.inputs = given.several("inputs", FITTED)
        if odd := set(self.inputs) - set(INPUTS):
            raise ValueError(f"inputs are of {' '.join(INPUTS)}, not {min(odd)}")
        self.signals = frozenset(given.several("signals", self.inputs))
        self.serial = given.text("serial", "0MDCSIM00001")
        self.firmware = given.text("firmware", "T-SIM-1001.2")
        self.temperature = int(given.number("temperature", 38))
        self.fan, self.sensor = given.flag("fan", True), given.flag("sensor", True)
        self.audio = given.flag("audio", True)
        self.on_seconds = given.number("on_seconds", 6)
        self.off_seconds = given.number("off_seconds", 2)
        self.switch_seconds = given.number("switch_seconds", 1)
        self.after_mains = given.choice("after_mains", AFTER_MAINS)
        pin = options.get("pin")
        self.pin = None if pin is None else str(pin).rjust(4, "0")
        if self.pin is not None and not (len(self.pin) == 4 and self.pin.isdecimal()):
            raise ValueError("pin is four digits")
        self.pin_tries = int(given.number("pin_tries", 5))

    def serial_of(self, display: int) -> str:
        """The serial number of the display with this id."""
        head = self.serial.rstrip("0123456789")
        digits = self.serial[len(head) :]
        if not digits:
            return self.serial
        return f"{head}{int(digits) + self.ids.index(display):0{len(digits)}d}"
