"""A device: what a driver knows of its protocol, and the state that the device reported."""

import logging
import math
from abc import ABC, abstractmethod
from asyncio import Event, timeout
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from avctl.clock import Clock
from avctl.errors import DeviceError, LinkDownError, NoAnswerError
from avctl.findings import Finding
from avctl.link import Ask, Link
from avctl.points import Point, Reading
from avctl.transport import Address, Dial, Login, Resync, dial
from avctl.wire import Command, Decoder, Message

A = TypeVar("A")
Listener = Callable[["Device", Point | None], None]

MISSED = 10.0  # seconds without one of several devices on a line, after which it is looked for


class DriverSettings(BaseModel):
    """What a room file may say of a device beyond its driver and address. Drivers add their own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    poll: float | None = Field(
        default=None,
        ge=0.2,
        le=3600.0,
        description="Seconds between two looks at what the device does not announce, where its driver's are not right",
    )


class Device(ABC):
    """Drivers derive from it: `new_decoder`, `greet`, `refresh`, `heard`, `read`, then their capabilities' verbs.

    State changes in `heard` alone, by `report`.
    """

    driver: ClassVar[str]
    Settings: ClassVar[type[DriverSettings]] = DriverSettings
    verbs: ClassVar[Mapping[str, str]] = {}  # for the command line: name → arguments and meaning

    refresh_every: float = 1.0  # seconds between two polls
    gap: float = 0.0  # seconds between two sends
    overlap: bool = False  # an urgent command may go while another waits for its answer
    resync: Resync | None = None  # after a missing answer; None: as the transport does
    resends: tuple[int, float] = (0, 0.0)  # times, seconds; only where answers are tagged
    patience: int = 2  # unanswered commands in a row after which the line is given up
    greet_timeout: float = 15.0  # seconds
    cools: bool = False  # its mains may be cut in standby only: a lamp would burst
    settle: float = 0.1  # seconds between two read-backs while a change is under way

    def __init__(self, name: str, settings: DriverSettings, clock: Clock) -> None:
        self.name, self.settings, self.clock = name, settings, clock
        if settings.poll is not None:
            self.refresh_every = settings.poll
        self.state: dict[Point, Reading] = {}
        self.identity: dict[str, str] = {}  # model, firmware, serial: as the device says
        self.up = False
        self.reason = "not dialled yet"
        self.since = 0.0  # monotonic seconds of the last change of ``up``
        self.heard_at = -math.inf  # when it last said anything
        self.lost = -math.inf  # when it last went down: readings before are of another connection
        self.log = logging.getLogger(f"avctl.device.{name}")
        self._link: Link | None = None
        self._listeners: list[Listener] = []
        self._hint = Event()

    # For drivers to define.

    @abstractmethod
    def new_decoder(self, scheme: str) -> Decoder:
        """The decoder of one connection over ``scheme``: serial, tcp, udp, rfc2217."""

    @abstractmethod
    async def greet(self, ask: Ask) -> None:
        """On every new connection: log in, ask who it is and how every point stands."""

    @abstractmethod
    async def refresh(self) -> None:
        """Every ``refresh_every`` seconds: ask for what the device does not announce. Also the heartbeat."""

    @abstractmethod
    def heard(self, message: Message) -> None:
        """Take what the device said, asked or unasked. The only writer of state."""

    @abstractmethod
    async def read(self, points: Collection[Point]) -> None:
        """Ask the device how ``points`` stand. After it, their readings are of now.

        Raises DeviceError. A point that the device cannot tell gets no new reading.
        """

    @property
    def login(self) -> Login | None:
        """What its line is opened with, where the line itself asks for a login (ssh)."""
        return None

    @property
    def is_shut_out(self) -> bool:
        """Whether it is there, and does not let us in: a login, a password. Only of meaning while it is not ``up``."""
        return False

    def can_tell(self, point: Point) -> bool:
        """Whether the device can be asked how ``point`` stands. Where it cannot, a step ends as *sent*."""
        return True

    def points(self) -> Sequence[Point]:
        """The points the device has, as far as known."""
        return tuple(self.state)

    def known(self) -> Mapping[str, Any]:
        """What was learnt of the device that it does not tell itself, as JSON: to be kept over a restart."""
        return {}

    def remember(self, known: Mapping[str, Any]) -> None:  # noqa: B027 - few drivers learn
        """Take back what `known` once gave. What the settings say goes before. Raises ValueError."""

    async def findings(self) -> Sequence[Finding]:
        """What only the driver can tell of what is wrong with the device. Asks; changes nothing. Raises DeviceError."""
        return ()

    def farewell(self) -> bytes:
        """What is said when we hang up ourselves; no answer is waited for."""
        return b""

    def concerns(self, message: Message) -> bool:
        """Whether a message heard on a shared line is from this device."""
        return True

    @classmethod  # noqa: B027 - few lines are shared
    async def enumerate(cls, ask: Ask, devices: Sequence["Device"]) -> None:
        """Say what must be said once on a shared line before its devices are greeted."""

    @classmethod  # noqa: B027 - few lines are shared
    async def find(cls, ask: Ask, devices: Sequence["Device"]) -> None:
        """Say what may bring a device back that is missing on a shared line. The others are at work."""

    # For everybody.

    def attach(self, link: Link) -> None:
        self._link = link

    @property
    def link(self) -> Link:
        if self._link is None:
            raise LinkDownError(self.name, "no line is attached")
        return self._link

    async def ask(self, command: Command[A]) -> A:
        """Raises LinkDownError at once while the device is away; else as `Link.ask`."""
        if not self.up:
            raise LinkDownError(self.name, f"not reachable: {self.reason}")
        return await self.link.ask(command)

    def report(self, point: Point, value: Any) -> bool:
        """Note what the device said of ``point``, and tell whether that is news. Only for `heard`."""
        before = self.state.get(point)
        self.state[point] = Reading(value, self.clock.now())
        is_news = before is None or before.value != value
        if is_news:
            self._tell(point)
        return is_news

    def hear(self, message: Message) -> None:
        self.heard_at = self.clock.now()
        self.heard(message)

    def hint(self) -> None:
        """Wake who waits for a change to be worth reading back: the device says it is through.

        Not for an answer that says what was known: two who read the same device would wake each other for ever.
        """
        self._hint.set()

    async def hinted(self, seconds: float) -> None:
        """Wait until `hint`, at most ``seconds``."""
        self._hint.clear()
        try:
            async with timeout(seconds):
                await self._hint.wait()
        except TimeoutError:
            return

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after every change, with None when the link came or went. Gives the way out."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def link_changed(self, up: bool, reason: str) -> None:
        changed = self.up != up
        self.up, self.reason = up, reason
        if changed:
            self.since = self.clock.now()
            if not up:
                self.lost = self.since
            self._tell(None)

    def _tell(self, point: Point | None) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(self, point)
            except Exception:
                self.log.exception("a listener failed")


class Bus:
    """Several devices of one driver on one line. To the link it is one party."""

    def __init__(self, devices: Sequence[Device]) -> None:
        first = devices[0]
        self.devices = devices
        self.name = "+".join(device.name for device in devices)
        self.refresh_every = min(device.refresh_every for device in devices)
        self.gap, self.overlap = first.gap, first.overlap
        self.resync, self.resends = first.resync, first.resends
        self.patience = first.patience * len(devices) + 1
        self.greet_timeout = sum(device.greet_timeout for device in devices)
        self._whole_at = 0.0  # when all of them were there, or one was looked for

    def new_decoder(self, scheme: str) -> Decoder:
        return self.devices[0].new_decoder(scheme)

    async def greet(self, ask: Ask) -> None:
        await type(self.devices[0]).enumerate(ask, self.devices)
        for device in self.devices:
            await self._greet_one(device, ask)
        if not any(device.up for device in self.devices):
            raise NoAnswerError(self.name, "no device on the line answers")

    async def _greet_one(self, device: Device, ask: Ask) -> None:
        try:
            await device.greet(ask)
        except DeviceError as error:
            device.link_changed(False, error.text)
        else:
            device.link_changed(True, "")

    async def refresh(self) -> None:
        await self._find_missing()
        for device in self.devices:
            if not device.up:
                await self._greet_one(device, device.link.ask)
                continue
            try:
                await device.refresh()
            except NoAnswerError as error:
                device.link_changed(False, error.text)

    async def _find_missing(self) -> None:
        first = self.devices[0]
        now = first.clock.now()
        is_whole = all(device.up for device in self.devices)
        if not is_whole and now - self._whole_at > MISSED:
            await type(first).find(first.link.ask, self.devices)
        elif not is_whole:
            return
        self._whole_at = now

    def farewell(self) -> bytes:
        return b"".join(device.farewell() for device in self.devices)

    def hear(self, message: Message) -> None:
        for device in self.devices:
            if device.concerns(message):
                device.hear(message)

    def link_changed(self, up: bool, reason: str) -> None:
        if up:
            return  # greeting has told which of them are there
        for device in self.devices:
            device.link_changed(False, reason)


def link(devices: Sequence[Device], address: Address, clock: Clock, dialler: Dial = dial) -> Link:
    """One line for ``devices``, which share it. The caller runs it."""
    party = devices[0] if len(devices) == 1 else Bus(devices)
    line = Link(replace(address, login=devices[0].login), party, clock, dialler)
    for device in devices:
        device.attach(line)
    return line
