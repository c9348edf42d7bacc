"""What can be wrong with a device or its line, switched on and off while it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hw_sim.clock import Clock

LINE = {
    "late": "answers come SECONDS later (value, default 1)",
    "lost": "a message to or from the device vanishes with this probability (value, default 1)",
    "cut": "the line is cut: TCP is reset and refused, the pseudo-terminal is unplugged, UDP vanishes",
    "garbled": "each byte from the device is corrupted with this probability (value, default 0.05)",
    "coalesced": "answers are held back and sent together after SECONDS (value, default 0.2)",
    "split": "every byte from the device is a write of its own",
    "half_open": "the connection stays up, nothing arrives at either end",
    "mute": "the device hears and obeys, its answers are lost",
    "flood": "the device also sends this many bytes of noise a second (value, default 100000)",
}
DEVICE = {
    "busy": "the device answers that it is busy, and does nothing",
    "buffer_full": "the device answers that its command buffer is full, and does nothing",
    "refuses": "the device refuses every change",
    "ignores": "the device accepts every change and makes none",
    "rebooting": "the device is starting: it hangs up and answers nothing",
    "wrong_address": "the device answers under another address",
}
FAULTS = LINE | DEVICE


@dataclass(slots=True)
class Fault:
    value: float | None
    left: int | None  # how often still, or None for always
    until: float | None  # simulated time


class Faults:
    """The faults of one device that are on now. Line faults are made by the server, device faults by the model.

    Each function in ``changed`` is called after a fault came on, was cleared, ran out or was used up.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._on: dict[str, Fault] = {}
        self._values: dict[str, float | None] = {}
        self.changed: list[Callable[[], object]] = []

    def set(
        self,
        name: str,
        value: float | None = None,
        *,
        times: int | None = None,
        seconds: float | None = None,
    ) -> None:
        """Switch a fault on: for good, for the next ``times`` occasions, or for ``seconds`` of simulated time.

        Raises ValueError for an unknown name.
        """
        if name not in FAULTS:
            raise ValueError(f"no fault {name!r}, only {', '.join(FAULTS)}")
        until = None if seconds is None else self._clock.now() + seconds
        fault = self._on[name] = Fault(value, times, until)
        self._values[name] = value
        if seconds is not None:
            self._clock.later(seconds, lambda: self._end(name, fault))
        self.tell()

    def clear(self, name: str | None = None) -> None:
        """Switch one fault off, or all."""
        if name is None:
            self._on.clear()
        else:
            self._on.pop(name, None)
        self.tell()

    def on(self, name: str) -> bool:
        """Whether the fault is on, without using up an occasion."""
        fault = self._on.get(name)
        if fault is None:
            return False
        return fault.until is None or self._clock.now() < fault.until

    def counted(self, name: str) -> bool:
        """Whether the fault is on for a number of occasions only."""
        return self.on(name) and self._on[name].left is not None

    def strikes(self, name: str) -> bool:
        """Whether the fault strikes now; uses up one of its occasions."""
        if not self.on(name):
            return False
        fault = self._on[name]
        if fault.left is not None:
            fault.left -= 1
            if fault.left <= 0:
                self._end(name, fault)
        return True

    def value(self, name: str, default: float) -> float:
        """The value that the fault was switched on with, also right after its last strike."""
        value = self._values.get(name)
        return default if value is None else value

    def active(self) -> Mapping[str, float | None]:
        return {name: self._on[name].value for name in FAULTS if self.on(name)}

    def _end(self, name: str, fault: Fault) -> None:
        if self._on.get(name) is fault:  # and not a newer one of the same name
            del self._on[name]
            self.tell()

    def tell(self) -> None:
        """Let everybody who depends on the faults look at them, and at the device, again."""
        for call in list(self.changed):
            call()
