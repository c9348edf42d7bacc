"""The host: its power button, its network card that listens while it sleeps, its service.

six FF | sixteen times the address of the card | six bytes of SecureOn, where one is set
"""

import re
from asyncio import TimerHandle
from collections.abc import Mapping
from typing import ClassVar

from hw_sim import mains
from hw_sim.mains import MainsPowered
from hw_sim.settings import Settings
from hw_sim.simulator import Conversation, Port

ASLEEP, STARTING, AWAKE, STOPPING = "asleep", "starting", "awake", "stopping"
SYNC, REPEATS = b"\xff" * 6, 16


class SleepingHost(MainsPowered):
    """A host whose card hears UDP while it has mains, and whose service (an echo) takes TCP while it is awake.

    A magic packet is never answered; so the faults busy, buffer_full and refuses, for which there would have to be
    an answer, are without effect, and wrong_address too. ignores: a magic packet wakes nobody.
    """

    driver: ClassVar[str] = "sleeping_host"
    boots_in: ClassVar[float] = 1.0
    options: ClassVar[Mapping[str, str]] = {
        "mac": "address of the card (default 02:00:00:00:00:a1)",
        "secureon": "six bytes that must follow in a magic packet, written like mac (default none)",
        "asleep": "starts on standby power; otherwise it is awake (default false)",
        "wake_seconds": "from waking to its service (default 60)",
        "stop_seconds": "from shutting down to asleep (default 10)",
        "after_mains": "asleep (default), awake or last: what it does when mains comes back",
        "banner": "what the service says first (default nothing)",
        **mains.OPTIONS,
        "boot_seconds": "from mains to a card that hears magic packets (default 1)",
    }

    def set_up(self) -> None:
        super().set_up()
        settings = Settings(self.settings)
        self.mac = _six_bytes("mac", settings.text("mac", "02:00:00:00:00:a1"))
        secret = settings.text("secureon")
        self._secret = _six_bytes("secureon", secret) if secret else b""
        self._wake_seconds = settings.number("wake_seconds", 60)
        self._stop_seconds = settings.number("stop_seconds", 10)
        self._after_mains = settings.choice("after_mains", (ASLEEP, AWAKE, "last"))
        self._banner = settings.text("banner").encode()
        self.state = ASLEEP if settings.flag("asleep") else AWAKE
        self._wakes_after_mains = False
        self._timer: TimerHandle | None = None
        self.packets = 0  # magic ones for this host
        self.hard_offs = 0  # mains cut while it was not asleep
        self._services: list[Service] = []

    def is_reachable(self) -> bool:
        return super().is_reachable() and self.state == AWAKE

    def meet(self, port: Port) -> Conversation:
        return Service(self, port) if port.kind == "tcp" else Card(self)

    # What wakes it and puts it to sleep.

    def hear(self, packet: bytes) -> None:
        """A datagram reaches the card; a magic packet may stand anywhere in it."""
        magic = SYNC + self.mac * REPEATS + self._secret
        if magic not in packet:
            return
        self.packets += 1
        if not self.faults.strikes("ignores"):
            self.wake()

    def wake(self) -> None:
        if self.is_running and self.state == ASLEEP:
            self._become(STARTING, self._wake_seconds, AWAKE)

    def press_power(self) -> None:
        """Touch the power button: it wakes a host that sleeps, and shuts down one that is awake."""
        self.wake() if self.state == ASLEEP else self.press_shut_down()

    def press_shut_down(self) -> None:
        """Shut the host down, as its own user would."""
        if self.is_running and self.state == AWAKE:
            self._become(STOPPING, self._stop_seconds, ASLEEP)
            for service in tuple(self._services):
                service.hang_up()

    def _become(self, state: str, seconds: float, then: str) -> None:
        self.state = state
        self._timer = self.clock.later(seconds, lambda: self._reach(then))
        self.faults.tell()

    def _reach(self, state: str) -> None:
        self.state = state
        self.faults.tell()

    # Mains.

    def lose_power(self) -> None:
        was_up = self.state in (STARTING, AWAKE)
        self.hard_offs += self.state != ASLEEP
        self._wakes_after_mains = self._after_mains == AWAKE or (
            self._after_mains == "last" and was_up
        )
        if self._timer is not None:
            self._timer.cancel()
        self.state = ASLEEP

    def come_up(self) -> None:
        if self._wakes_after_mains:
            self.wake()

    def truth(self) -> dict[str, object]:
        return {
            "mains": self.has_mains,
            "state": self.state,
            "packets": self.packets,
            "hard_offs": self.hard_offs,
        }

    # Its service.

    def join(self, service: "Service") -> None:
        self._services.append(service)

    def leave(self, service: "Service") -> None:
        if service in self._services:
            self._services.remove(service)

    @property
    def banner(self) -> bytes:
        return self._banner


class Card(Conversation):
    """Whoever sends datagrams: nobody is answered."""

    def __init__(self, host: SleepingHost) -> None:
        self._host = host

    def receive(self, data: bytes) -> None:
        self._host.hear(data)


class Service(Conversation):
    """A client of the host's service, which says again what it hears."""

    def __init__(self, host: SleepingHost, port: Port) -> None:
        self._host, self._port = host, port

    def opened(self) -> None:
        if self._host.state != AWAKE:
            self._port.close()
            return
        self._host.join(self)
        if self._host.banner:
            self._port.send(self._host.banner)

    def receive(self, data: bytes) -> None:
        if self._host.state == AWAKE:
            self._port.send(data)

    def closed(self) -> None:
        self._host.leave(self)

    def hang_up(self) -> None:
        self._host.leave(self)
        self._port.close()


def _six_bytes(name: str, text: str) -> bytes:
    if not re.fullmatch("([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}", text):
        raise ValueError(f"{name} is six bytes as 02:00:00:00:00:a1, not {text!r}")
    return bytes.fromhex(re.sub("[:-]", "", text))
