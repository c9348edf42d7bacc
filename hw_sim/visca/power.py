"""Mains, standby, start-up with its dance, and on."""

from functools import partial

from hw_sim.clock import Clock
from hw_sim.visca.body import Body
from hw_sim.visca.quirks import DeviceQuirks
from hw_sim.visca.sockets import ALL, Leg, Move
from hw_sim.visca.table import not_executable

POLL_TIME = 5.0  # seconds for which a poll in standby can block power-on, assumed


class Power:
    """States: boot (mains came, no answers), init (starting up), on, standby."""

    def __init__(self, body: Body, clock: Clock, quirks: DeviceQuirks) -> None:
        self._body = body
        self._clock = clock
        self._quirks = quirks
        self.state = quirks.power
        self._old_shown_until = 0.0
        self._polled: float | None = None

    def switch_on(self) -> Move | None:
        """Raises `Refused` when a poll in standby blocks it."""
        if self.state == "on":
            return None
        if self._polled is not None and self._clock.now() - self._polled < POLL_TIME:
            raise not_executable()
        self.state = "init"
        return self.start_up()

    def start_up(self) -> Move:
        legs: list[Leg] = [lambda: self._quirks.power_on_time]
        if self._quirks.boot_motion:
            legs += referencing(self._body)
        number = self._quirks.boot_preset
        preset = None if number is None else self._body.memory.presets.get(number)
        if number is not None and preset is not None:
            legs.append(partial(self._body.recall, number, preset))
        return Move(ALL, (*legs, self._be_ready), initialises=True)

    def _be_ready(self) -> float:
        self.state = "on"
        self._old_shown_until = self._clock.now() + self._quirks.power_lag
        return 0.0

    def switch_off(self) -> Move | None:
        return None if self.state == "standby" else Move(ALL, (self._fall_asleep,))

    def _fall_asleep(self) -> float:
        self.state = "standby"
        self._body.halt(ALL)
        self._body.menu = False
        self._polled = None
        self._old_shown_until = self._clock.now() + self._quirks.power_lag
        return 0.0

    def polled(self) -> None:
        """Something other than the power was asked for."""
        if self.state == "standby" and self._quirks.poll_blocks_power_on:
            self._polled = self._clock.now()

    def shown(self) -> bool:
        """On or not, as the inquiry tells it."""
        on = self.state != "standby"
        lags = self._quirks.power_lag > 0
        old = lags and (self.state == "init" or self._clock.now() < self._old_shown_until)
        return not on if old else on


def referencing(body: Body) -> tuple[Leg, ...]:
    """To the end stop, and back to the centre."""
    speeds = body.pan_speed(0x18), body.tilt_speed(0x18)
    return (
        lambda: body.turn(body.head.pan_range()[0], body.head.tilt_range()[0], *speeds),
        lambda: body.turn(0.0, 0.0, *speeds),
    )
