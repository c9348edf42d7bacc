"""Devices with a mains plug: dark without it, and away for a while when it is back."""

from abc import abstractmethod
from asyncio import TimerHandle
from collections.abc import Mapping
from typing import ClassVar, cast

from hw_sim.simulator import Conversation, Port, Simulator

OPTIONS: Mapping[str, str] = {
    "boot_seconds": "how long the device takes from mains to its first answer"
}


class MainsPowered(Simulator):
    """A device that an outlet can switch. Subclasses `meet` connections, `lose_power` and `come_up`.

    Their conversations live only while the device runs: power loss closes them and hangs up, and on a line that
    cannot hang up a new one begins after the start. So no subclass has to ask whether it has mains before it
    answers; its presses and its own timers have to (`is_running`). Without mains TCP is refused. A real device
    without mains does not even hang up: that is the fault half_open.
    """

    boots_in: ClassVar[float] = (
        20.0  # seconds from mains to the first answer, unless an option says otherwise
    )

    def set_up(self) -> None:
        super().set_up()
        self.boot_seconds = float(cast("float", self.settings.get("boot_seconds", self.boots_in)))
        if not 0 <= self.boot_seconds < float("inf"):
            raise ValueError(f"boot_seconds is a positive number or 0, not {self.boot_seconds}")
        self.has_mains = True
        self._boot: TimerHandle | None = None
        self._connections: list[_Connection] = []
        self.faults.changed.append(self._watch)

    @abstractmethod
    def meet(self, port: Port) -> Conversation:
        """Begin the device's side of a connection, as `converse` does for a device that always runs."""

    @abstractmethod
    def lose_power(self) -> None:
        """Forget what no device keeps without power, and stop whatever was under way. Called while it ran or booted."""

    def come_up(self) -> None:
        """Begin to run as after a start; connections are met after it."""

    # The outlet.

    def mains(self, on: bool) -> None:
        """Give the device its mains, or cut it. Nothing happens when it is so already."""
        if on == self.has_mains:
            return
        self.has_mains = on
        if on:
            self._boot = self.clock.later(self.boot_seconds, self._booted)
        else:
            self._go_dark()
        self.faults.tell()

    def reboot(self) -> None:
        """Lose the mains for a moment. A device without mains stays dark."""
        if self.has_mains:
            self.mains(False)
            self.mains(True)

    def press_mains_off(self) -> None:
        """Pull the plug."""
        self.mains(False)

    def press_mains_on(self) -> None:
        """Put the plug back in."""
        self.mains(True)

    # What the device and its ends ask.

    @property
    def is_booting(self) -> bool:
        return self._boot is not None

    @property
    def is_running(self) -> bool:
        """Whether there is mains and the start is over."""
        return self.has_mains and self._boot is None

    def is_reachable(self) -> bool:
        return self.is_running

    def converse(self, port: Port) -> Conversation:
        return _Connection(self, port, self._connections)

    def _go_dark(self) -> None:
        if self._boot is not None:
            self._boot.cancel()
            self._boot = None
        for each in tuple(self._connections):
            each.end()
        self.lose_power()

    def _booted(self) -> None:
        self._boot = None
        self.come_up()
        self.faults.tell()
        for each in tuple(self._connections) if not self.faults.on("rebooting") else ():
            each.begin()

    def _watch(self) -> None:
        """Hang up when the rebooting fault comes on, unless it is to strike message by message."""
        rebooting = self.faults.on("rebooting") and not self.faults.counted("rebooting")
        for each in tuple(self._connections) if rebooting else ():
            each.end()

    def answers(self) -> bool:
        """Whether what arrives now is heard. Uses up an occasion of the rebooting fault."""
        return self.is_running and not self.faults.strikes("rebooting")


class _Connection(Conversation):
    """One connection to a device that may be down."""

    def __init__(self, device: MainsPowered, port: Port, all_of_them: "list[_Connection]") -> None:
        self._device, self._port, self._all = device, port, all_of_them
        self._inner: Conversation | None = None

    def opened(self) -> None:
        self._all.append(self)
        if self._device.answers():
            self.begin()
        else:
            self.end()

    def begin(self) -> None:
        """The device runs: talk to it."""
        self._inner = self._device.meet(self._port)
        self._inner.opened()

    def end(self) -> None:
        """The device has gone. A line that cannot hang up stays, without anybody at its end."""
        if self._port.kind == "tcp":
            self.closed()
            self._port.close()
        else:
            self._part()

    def receive(self, data: bytes) -> None:
        if not self._device.answers():
            return
        if self._inner is None and self._port.kind != "tcp":  # the rebooting fault is over
            self.begin()
        if self._inner is not None:
            self._inner.receive(data)

    def closed(self) -> None:
        if self in self._all:
            self._all.remove(self)
        self._part()

    def _part(self) -> None:
        inner, self._inner = self._inner, None
        if inner is not None:
            inner.closed()
