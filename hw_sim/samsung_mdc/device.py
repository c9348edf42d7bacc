"""The displays of one line, with one mains plug."""

from collections.abc import Mapping
from typing import ClassVar

from hw_sim.mains import MainsPowered
from hw_sim.samsung_mdc.display import Display
from hw_sim.samsung_mdc.knobs import OPTIONS, Knobs
from hw_sim.samsung_mdc.session import BLOCKED, WRONG_PIN, Session
from hw_sim.simulator import Port

FAILURES = ("lamp", "sensor", "fan")


class Displays(MainsPowered):
    """One display, or several with ids of their own. To the ids FE and FF all answer at once, which is garbage where
    there are several.

    Input, volume and what is broken survive a loss of power. Nothing is ever said unasked. Device faults: busy
    answers NAK to everything, refuses to every change; ignores answers ACK and changes nothing; wrong_address answers
    under the next id. MDC has no word for a full buffer: that is without effect.
    """

    driver: ClassVar[str] = "samsung_mdc"
    models: ClassVar[tuple[str, ...]] = ("display",)
    options: ClassVar[Mapping[str, str]] = OPTIONS

    def set_up(self) -> None:
        super().set_up()
        self.knobs: Knobs = Knobs(self.settings)
        self.displays = {id: Display(id, self.knobs, self.clock) for id in self.knobs.ids}
        self._wrong_pins = 0

    def meet(self, port: Port) -> Session:
        return Session(self, port)

    def try_pin(self, pin: bytes) -> int:
        """0 when it is right, else why not."""
        if self._wrong_pins >= self.knobs.pin_tries:
            return BLOCKED
        if pin.decode("latin-1") == self.knobs.pin:
            self._wrong_pins = 0
            return 0
        self._wrong_pins += 1
        return WRONG_PIN

    # Power.

    def lose_power(self) -> None:
        self._wrong_pins = 0
        for each in self.displays.values():
            each.lose_power()

    def come_up(self) -> None:
        for each in self.displays.values():
            each.come_up()

    # What it is plugged into.

    @property
    def sockets(self) -> tuple[str, ...]:
        """``HDMI1``, or ``Id2.HDMI1`` where there are several displays."""
        return tuple(self._socket(id, each) for id in self.displays for each in self.knobs.inputs)

    def feed(self, socket: str, source: str | None) -> None:
        """Let the picture of ``source`` arrive at a socket; None is no signal."""
        for id, display in self.displays.items():
            for each in self.knobs.inputs:
                if socket == self._socket(id, each):
                    display.sources[each] = source
                    return
        raise ValueError(f"no socket {socket}, only {' '.join(self.sockets)}")

    def shown(self) -> tuple[str, ...]:
        """The sockets whose pictures are on a screen now."""
        return tuple(
            self._socket(id, each.shows)
            for id, each in self.displays.items()
            if each.shows is not None and self.is_running
        )

    def _socket(self, id: int, name: str) -> str:
        return name if len(self.displays) == 1 else f"Id{id}.{name}"

    def truth(self) -> dict[str, object]:
        return {
            "mains": self.has_mains,
            "booting": self.is_booting,
            "displays": {str(id): each.truth() for id, each in self.displays.items()},
        }

    # What people do; display 0 is the first, whatever its id.

    def press_power(self, on: bool, display: int = 0) -> None:
        """Turn a display on or off with the remote control."""
        if not isinstance(on, bool):
            raise ValueError(f"on is true or false, not {on!r}")
        at = self._display(display)
        if self.is_running:
            at.turn(on)

    def press_input(self, input: str, display: int = 0) -> None:
        """Choose a socket with the remote control."""
        at = self._display(display)
        if input not in self.knobs.inputs:
            raise ValueError(f"no input {input}, only {' '.join(self.knobs.inputs)}")
        if self.is_running and at.on:
            at.choose(input)

    def press_volume(self, volume: int, display: int = 0) -> None:
        """Turn the sound up or down, to 0…100."""
        at = self._display(display)
        if not 0 <= int(volume) <= 100:
            raise ValueError(f"a volume is from 0 to 100, not {volume}")
        if self.is_running and at.on:
            at.volume = int(volume)

    def press_failure(self, part: str, broken: bool = True, display: int = 0) -> None:
        """Let the lamp, the sensor or the fan break, or be well again."""
        at = self._display(display)
        if part not in FAILURES:
            raise ValueError(f"a failure is of {', '.join(FAILURES)}")
        (at.failures.add if broken else at.failures.discard)(part)

    def press_temperature(self, celsius: int, display: int = 0) -> None:
        """Let it be so hot inside."""
        if not 0 <= int(celsius) <= 255:
            raise ValueError(f"°C are from 0 to 255, not {celsius}")
        self._display(display).hot = int(celsius)

    def _display(self, number: int) -> Display:
        wanted = int(number) or self.knobs.ids[0]
        if wanted not in self.displays:
            raise ValueError(f"no display {number}, only {', '.join(map(str, self.displays))}")
        return self.displays[wanted]
