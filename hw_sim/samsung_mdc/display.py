"""One display: what it shows, how loud it is, what is wrong with it."""

from asyncio import TimerHandle
from collections.abc import Callable

from hw_sim.clock import Clock
from hw_sim.samsung_mdc.knobs import INPUTS, Knobs

UNAVAILABLE = 0xFF
ROOM_TEMPERATURE = 24  # °C
TOO_HOT = 75  # °C
BROKEN = 1


class Display:
    """What is read is what is; an order is carried out a while later."""

    def __init__(self, id: int, knobs: Knobs, clock: Clock) -> None:
        self.id, self.knobs = id, knobs
        self.on, self.input = knobs.on, knobs.inputs[0]
        self.volume, self.muted = 20, False
        self.failures: set[str] = set()
        self.hot: int | None = None  # °C, when it is not what it should be
        self.sources: dict[str, str | None] = {
            each: each if each in knobs.signals else None for each in knobs.inputs
        }
        self._clock = clock
        self._power: TimerHandle | None = None
        self._switch: TimerHandle | None = None
        self.switching = False

    # What it does.

    def turn(self, on: bool) -> None:
        """Be on or off after a while. The last order counts."""
        if self._power is not None:
            self._power.cancel()
        seconds = self.knobs.on_seconds if on else self.knobs.off_seconds
        self._power = self._clock.later(seconds if on != self.on else 0.0, lambda: self._be(on))

    def choose(self, input: str) -> None:
        """Show another input after a while."""
        self._stop_switching()
        if input != self.input:
            self.switching = True
            self._switch = self._clock.later(self.knobs.switch_seconds, lambda: self._show(input))

    def lose_power(self) -> None:
        if self._power is not None:
            self._power.cancel()
        self._stop_switching()
        self.on = self.on and self.knobs.after_mains == "last"

    def come_up(self) -> None:
        self.on = self.on or self.knobs.after_mains == "on"

    def _be(self, on: bool) -> None:
        self.on = on

    def _show(self, input: str) -> None:
        self.input, self.switching = input, False

    def _stop_switching(self) -> None:
        self.switching = False
        if self._switch is not None:
            self._switch.cancel()

    # What it tells.

    @property
    def temperature(self) -> int:
        if self.hot is not None:
            return self.hot
        return self.knobs.temperature if self.on else ROOM_TEMPERATURE

    @property
    def shows(self) -> str | None:
        """The socket whose picture is on the screen."""
        return (
            self.input if self.on and not self.switching and "lamp" not in self.failures else None
        )

    def status(self) -> bytes:
        volume = self.volume if self.knobs.audio else UNAVAILABLE
        mute = int(self.muted) if self.knobs.audio else UNAVAILABLE
        aspect = timers = 0
        return bytes((self.on, volume, mute, INPUTS[self.input], aspect, timers, timers))

    def errors(self) -> bytes:
        """Lamp, temperature, brightness sensor, input sync, °C, fan: of these the sensor is well at 2 and absent at 0,
        the fan well at 0 and absent at 2.
        """
        broken = self.failures.__contains__
        return bytes((
            broken("lamp"),
            self.temperature >= TOO_HOT,
            (BROKEN if broken("sensor") else 2) if self.knobs.sensor else 0,
            self.on and self.sources[self.input] is None,
            self.temperature,
            (BROKEN if broken("fan") else 0) if self.knobs.fan else 2,
        ))  # fmt: skip

    def truth(self) -> dict[str, object]:
        return {
            "on": self.on,
            "input": self.input,
            "shows": self.sources[self.shows] if self.shows else None,
            "volume": self.volume,
            "muted": self.muted,
            "temperature": self.temperature,
            "failures": sorted(self.failures),
        }


Change = Callable[[], object]


class Refused(Exception):
    """The display answers NAK."""


def reading(display: Display, command: int) -> bytes:
    """What a command without data asks for. Raises Refused."""
    readings: dict[int, Callable[[], bytes]] = {
        0x00: display.status,
        0x0B: lambda: display.knobs.serial_of(display.id).encode(),
        0x0D: display.errors,
        0x0E: display.knobs.firmware.encode,
        0x11: lambda: display.status()[0:1],
        0x12: lambda: display.status()[1:2],
        0x13: lambda: display.status()[2:3],
        0x14: lambda: display.status()[3:4],
    }
    if command not in readings:
        raise Refused
    return readings[command]()


def change(display: Display, command: int, data: bytes) -> Change:
    """What a command with data wants; call it to do it. Raises Refused. Off, a display only turns on."""
    if len(data) != 1:
        raise Refused
    value = data[0]
    if command == 0x11 and value in (0, 1):
        return lambda: display.turn(bool(value))
    if not display.on:
        raise Refused
    if command == 0x12 and value <= 100 and display.knobs.audio:
        return lambda: setattr(display, "volume", value)
    if command == 0x13 and value in (0, 1) and display.knobs.audio:
        return lambda: setattr(display, "muted", bool(value))
    sockets = [each for each in display.knobs.inputs if INPUTS[each] == value]
    if command == 0x14 and sockets:
        return lambda: display.choose(sockets[0])
    raise Refused
