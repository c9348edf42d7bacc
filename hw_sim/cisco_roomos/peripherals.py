"""Peripherals that have introduced themselves, and whether they are still heard of."""

from asyncio import TimerHandle
from collections.abc import Callable
from dataclasses import dataclass

from hw_sim.clock import Clock


@dataclass(slots=True)
class Peripheral:
    id: str
    name: str
    type: str
    is_connected: bool = True
    timer: TimerHandle | None = None

    def fields(self) -> dict[str, str]:
        status = "Connected" if self.is_connected else "LostConnection"
        return {"ID": self.id, "Name": self.name, "Status": status, "Type": self.type}


class Peripherals:
    """Every change goes to ``changed``."""

    def __init__(self, clock: Clock, changed: Callable[[], object]) -> None:
        self._clock, self._changed = clock, changed
        self._all: dict[str, Peripheral] = {}

    def values(self) -> tuple[Peripheral, ...]:
        return tuple(self._all.values())

    def connect(self, id: str, name: str, type: str) -> None:
        self._stop(id)
        self._all[id] = Peripheral(id, name, type)
        self._changed()

    def hear(self, id: str, timeout: float) -> None:
        """It lives, and will be heard of again within so many seconds. Raises KeyError."""
        device = self._all[id]
        self._stop(id)
        device.is_connected = True
        device.timer = self._clock.later(timeout, lambda: self._lose(device))
        self._changed()

    def clear(self) -> None:
        for id in self._all:
            self._stop(id)
        self._all.clear()

    def _lose(self, device: Peripheral) -> None:
        device.is_connected = False
        self._changed()

    def _stop(self, id: str) -> None:
        device = self._all.get(id)
        if device is not None and device.timer is not None:
            device.timer.cancel()
            device.timer = None
