"""A simulated device without I/O: its model, and the conversations it holds.

A device is made once and lives as long as the simulation; each connection to it (a TCP client, a UDP peer, the
serial line) is one `Conversation`. `serve` puts real sockets and pseudo-terminals under the `Port`.
"""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from random import Random
from typing import ClassVar, Protocol

from hw_sim.clock import Clock
from hw_sim.faults import Faults
from hw_sim.log import Log


class Port(Protocol):
    """One connection as the device sees it."""

    kind: str  # "serial", "tcp" or "udp"
    peer: str  # who is there: "127.0.0.1:40000", or the name of the serial line

    def send(self, data: bytes) -> None:
        """Put ``data`` on the wire; over UDP, one datagram. Never blocks, never raises."""

    def close(self) -> None:
        """Hang up. Nothing happens on a serial line."""


class Conversation(ABC):
    """The device's side of one connection: its half-read line, its login, its subscriptions."""

    @abstractmethod
    def receive(self, data: bytes) -> None:
        """Take bytes cut anywhere; over UDP, one whole datagram."""

    def opened(self) -> None:  # noqa: B027 - most devices do not greet
        """Say what the device says first. Called once, before any byte is received."""

    def closed(self) -> None:  # noqa: B027 - most devices do not care
        """Forget the connection. Called once; nothing may be sent afterwards."""


class Simulator(ABC):
    """A device. Subclasses hold its state in plain attributes, and its settable quirks as `options`."""

    driver: ClassVar[str]  # the name that the command line knows it by
    models: ClassVar[tuple[str, ...]] = ("generic",)  # the first is the default
    baud: ClassVar[int] = 9600  # of its serial port as shipped
    options: ClassVar[Mapping[str, str]] = {}  # knob: what it does, for --help

    def __init__(
        self,
        model: str | None = None,
        *,
        clock: Clock | None = None,
        rng: Random | None = None,
        **options: object,
    ) -> None:
        if model is not None and model not in self.models:
            raise ValueError(f"{self.driver} has no model {model!r}, only {', '.join(self.models)}")
        if unknown := set(options) - set(self.options):
            raise ValueError(f"{self.driver} has no option {', '.join(sorted(unknown))}")
        self.model = model or self.models[0]
        self.clock = clock or Clock()
        self.rng = rng or Random(0)
        self.faults = Faults(self.clock)
        self.log = Log(self.clock)
        self.settings: dict[str, object] = dict(options)
        self.set_up()

    def set_up(self) -> None:  # noqa: B027 - some devices have no state
        """Read the settings and make the device's state, as at its first start. Subclasses begin with the one above."""

    @abstractmethod
    def converse(self, port: Port) -> Conversation:
        """Begin the device's side of a new connection."""

    @abstractmethod
    def truth(self) -> dict[str, object]:
        """What the device really does now, whatever it answers: plain JSON values."""

    @abstractmethod
    def reboot(self) -> None:
        """Lose power and come back as the device does: hang up on everybody, boot, start-up state."""

    def is_reachable(self) -> bool:
        """Whether anybody is there to connect to. Call ``faults.tell()`` when that has changed."""
        return True

    def press(self, action: str, **arguments: object) -> None:
        """Do what a person could at the device itself: a method called ``press_<action>``.

        Raises ValueError for an unknown action or wrong arguments.
        """
        method: Callable[..., object] | None = getattr(self, f"press_{action}", None)
        if method is None:
            raise ValueError(f"{self.driver} has no {action!r}, only {', '.join(self.actions())}")
        try:
            inspect.signature(method).bind(**arguments)
        except TypeError as error:
            raise ValueError(f"{action}: {error}") from error
        method(**arguments)

    @classmethod
    def actions(cls) -> tuple[str, ...]:
        return tuple(sorted(name[6:] for name in dir(cls) if name.startswith("press_")))

    @classmethod
    def arguments(cls, action: str) -> tuple[str, ...]:
        """The names of what `press` needs for an action."""
        return tuple(inspect.signature(getattr(cls, f"press_{action}")).parameters)[1:]
