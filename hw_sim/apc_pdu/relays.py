"""The outlets of a PDU: their delays, their reboots, their load."""

from asyncio import TimerHandle
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial

from hw_sim.clock import Clock
from hw_sim.outlets import Outlets


class Order(Enum):
    ON = auto()
    OFF = auto()
    REBOOT = auto()
    ON_LATER = auto()
    OFF_LATER = auto()
    REBOOT_LATER = auto()
    CANCEL = auto()


class Load(Enum):
    NORMAL = auto()
    LOW = auto()
    NEAR = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Delays:
    """Of one outlet, in seconds."""

    on: float
    off: float
    reboot: float  # without mains


class Relays:
    """Carries orders out. A newer order for an outlet replaces what was still to come there."""

    def __init__(
        self, clock: Clock, outlets: Outlets, delays: Mapping[int, Delays], travel: float
    ) -> None:
        self._clock, self._outlets, self._delays = clock, outlets, delays
        self._travel = travel  # seconds from the order to the contact
        self._timers: dict[int, TimerHandle] = {}
        self.pending: dict[int, Order] = {}

    def order(self, outlet: int, order: Order) -> None:
        self.cancel(outlet)
        delays = self._delays[outlet]
        match order:
            case Order.ON:
                self._later(outlet, order, self._travel, partial(self._switch, outlet, True))
            case Order.OFF:
                self._later(outlet, order, self._travel, partial(self._switch, outlet, False))
            case Order.REBOOT:
                self._later(outlet, order, self._travel, partial(self._reboot, outlet))
            case Order.ON_LATER:
                self._later(outlet, order, delays.on, partial(self._switch, outlet, True))
            case Order.OFF_LATER:
                self._later(outlet, order, delays.off, partial(self._switch, outlet, False))
            case Order.REBOOT_LATER:
                self._later(outlet, order, delays.off, partial(self._reboot, outlet))

    def cancel(self, outlet: int) -> None:
        self.pending.pop(outlet, None)
        if outlet in self._timers:
            self._timers.pop(outlet).cancel()

    def cancel_all(self) -> None:
        for outlet in self._outlets:
            self.cancel(outlet)

    def _reboot(self, outlet: int) -> None:
        self._outlets.switch(outlet, False)
        delay = self._delays[outlet].reboot
        self._later(outlet, Order.REBOOT, delay, partial(self._switch, outlet, True))

    def _switch(self, outlet: int, on: bool) -> None:
        self.cancel(outlet)
        self._outlets.switch(outlet, on)

    def _later(self, outlet: int, order: Order, delay: float, call: partial[None]) -> None:
        if delay:
            self.pending[outlet] = order
            self._timers[outlet] = self._clock.later(delay, call)
        else:
            call()


@dataclass(frozen=True, slots=True)
class Limits:
    """Amperes from which a load is no longer low, is near an overload, and is one."""

    low: float
    near: float
    over: float

    def judge(self, amperes: float) -> Load:
        if amperes >= self.over:
            return Load.OVER
        if amperes >= self.near:
            return Load.NEAR
        return Load.NORMAL if amperes >= self.low else Load.LOW
