"""A Cisco codec: getting into its shell, asking it, and telling it what to do.

Source: Cisco CE 9.x API guides; cisco-ce/jsxapi, src/backend/tsh.ts and its tests; PlaceOS drivers.
Transcript: tests/transcripts/cisco_roomos_driver.json
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from avctl.capabilities.power import PowerState
from avctl.capabilities.terminal import Call, CallState, CameraPreset, FarEnd, MicrophonesMuted
from avctl.capabilities.volume import Volume
from avctl.clock import Clock
from avctl.device import Device
from avctl.drivers.cisco_roomos import commands, examination
from avctl.drivers.cisco_roomos.calls import Calls
from avctl.drivers.cisco_roomos.door import Door
from avctl.drivers.cisco_roomos.settings import CiscoSettings
from avctl.drivers.cisco_roomos.told import (
    ALWAYS,
    CALL,
    DIAGNOSTICS,
    FEEDBACK,
    IDENTITY,
    SELDOM,
    health,
    question,
    told,
)
from avctl.drivers.cisco_roomos.tree import Leaf
from avctl.drivers.cisco_roomos.wire import Announced, Decoder, Prompt, Ready, Text, Told
from avctl.errors import RefusedError
from avctl.findings import Finding
from avctl.link import Ask
from avctl.points import Point
from avctl.transport import Login, Resync
from avctl.transport.trust import WRONG_PASSWORD
from avctl.wire import Command, Message

ASKED_AT_ONCE = 2  # of what is always asked for, per refresh
SELDOM_EVERY = 5  # refreshes
ALIVE_EVERY = 30.0  # seconds between two signs of life
REGISTER_EVERY = 120.0  # seconds; registrations have been seen to be lost in silence
SHUT_OUT = 30.0  # seconds; who errs often is locked out
RELEASE = "Cisco Codec Release "
ASKED_AT_FIRST = ("SystemUnit", *ALWAYS, *SELDOM[2:])


class CiscoRoomOS(Device):
    """A Cisco codec. Capabilities: Terminal, PresetCamera, Powered (standby), Sounding.

    Its points are MicrophonesMuted, Volume, PowerState, Call, FarEnd, Uptime, Temperature, Fault of fan and temperature,
    and Registered by SIP and H.323. Presets cannot be asked for.
    """

    driver = "cisco_roomos"
    Settings = CiscoSettings
    settings: CiscoSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "power": "on|off: wake it, or send it to standby",
        "mute": "on|off: mute its microphones, or open them",
        "volume": "PERCENT: set its volume",
        "preset": "NUMBER: recall a preset of its camera",
        "room_preset": "NUMBER: recall a preset of the room",
        "dial": "NUMBER: call",
        "answer": "take the call that comes in",
        "reject": "refuse the call that comes in",
        "hang_up": "end every call",
        "status": "PATH: tell what stands there, like SystemUnit/Uptime",
        "messages": "tell what its own diagnostics say",
    }

    gap = 0.05  # as other controllers pace it
    settle = 0.2
    greet_timeout = 30.0
    resync = Resync.NONE

    def __init__(self, name: str, settings: CiscoSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        self._calls = Calls()
        self._door = Door(name, settings)
        self._round: list[str] = []
        self._lacking: set[str] = set()  # paths that the model does not have
        self._refreshes = 0
        self._alive_until = 0.0
        self._registered_until = 0.0
        self._messages: tuple[Leaf, ...] = ()

    @property
    def login(self) -> Login:
        return Login(self.settings.user, self.settings.password.get_secret_value())

    @property
    def is_shut_out(self) -> bool:
        return WRONG_PASSWORD in self.reason

    def new_decoder(self, scheme: str) -> Decoder:
        self._door.begin()
        password = self.settings.password.get_secret_value()
        return Decoder(password, prompts=scheme != "ssh")

    async def greet(self, ask: Ask) -> None:
        await self._door.enter(ask, self.link.address.scheme)
        await ask(commands.json_mode())
        self._lacking.clear()
        self._round = []
        self._refreshes = 0
        self.identity.setdefault("model", "Cisco codec")
        for path in ASKED_AT_FIRST:
            await self._ask_or_note(ask, path)
        await self._register(ask)
        await self._announce(ask)

    async def _register(self, ask: Ask) -> None:
        for path in FEEDBACK:
            await self._note_refusal(ask, commands.register(path))
        self._registered_until = self.clock.now() + REGISTER_EVERY

    async def _announce(self, ask: Ask) -> None:
        if name := self.settings.announce_as:
            await self._note_refusal(ask, commands.connect_peripheral(name))
            self._alive_until = self.clock.now() + ALIVE_EVERY

    async def refresh(self) -> None:
        """Changes are announced; asking finds those of which the announcement was lost."""
        self._refreshes += 1
        now = self.clock.now()
        for path in self._due():
            await self._ask_or_note(self.ask, path)
        if self.settings.announce_as and now >= self._alive_until:
            self._alive_until = now + ALIVE_EVERY
            await self._note_refusal(self.ask, commands.heartbeat(self.settings.announce_as))
        if now >= self._registered_until:
            await self._register(self.ask)

    def _due(self) -> Iterator[str]:
        for _ in range(ASKED_AT_ONCE):
            self._round = self._round or list(ALWAYS)
            yield self._round.pop(0)
        if self._refreshes % SELDOM_EVERY == 0:
            yield SELDOM[self._refreshes // SELDOM_EVERY % len(SELDOM)]

    async def read(self, points: Collection[Point]) -> None:
        for path in dict.fromkeys(question(point) for point in points):
            if path is not None:
                await self.ask(_about(path))

    def can_tell(self, point: Point) -> bool:
        return question(point) is not None

    def points(self) -> Sequence[Point]:
        always = (PowerState(), MicrophonesMuted(), Volume(), Call(), FarEnd(), CameraPreset())
        return tuple(dict.fromkeys([*always, *self.state]))

    def heard(self, message: Message) -> None:
        match message:
            case Ready() | Prompt():
                self._door.hear(message)
            case Text(text) if text.startswith(RELEASE):
                self.identity["firmware"] = text.removeprefix(RELEASE)
            case Told("Status" | "", leaves, path):
                self._heard_status(leaves, path)
            case Announced("Status", leaves):
                self._heard_status(leaves)
                self.hint()

    def _heard_status(self, leaves: tuple[Leaf, ...], path: str = "") -> None:
        for leaf in leaves:
            if (name := IDENTITY.get(leaf.path)) and leaf.value:
                self.identity[name] = leaf.value
        for point, value in (*told(leaves), *health(leaves)):
            self.report(point, value)
        if path == DIAGNOSTICS:
            self._messages = leaves
        self._heard_calls(leaves, path)

    def _heard_calls(self, leaves: tuple[Leaf, ...], path: str) -> None:
        below = [Leaf(leaf.path[1:], leaf.value) for leaf in leaves if leaf.path[:1] == (CALL,)]
        if path == CALL:
            self._calls.stand(below)
        elif below:
            self._calls.change(below)
        else:
            return
        self.report(Call(), self._calls.state)
        self.report(FarEnd(), self._calls.far_end)

    def link_changed(self, up: bool, reason: str) -> None:
        if not up and WRONG_PASSWORD in reason:
            self.link.hold_off(SHUT_OUT)
        super().link_changed(up, reason)

    # Terminal.

    async def dial(self, number: str) -> None:
        dialling = commands.dial(number)
        await self.ask(commands.calls())
        if self._calls.state is not CallState.IDLE:
            raise RefusedError(self.name, f"it is in a call already: {self._calls.state}")
        await self.ask(dialling)

    async def answer(self) -> None:
        await self.ask(commands.accept())

    async def reject(self) -> None:
        await self.ask(commands.reject())

    async def hang_up(self) -> None:
        await self.ask(commands.calls())
        if self._calls.state is not CallState.IDLE:
            await self.ask(commands.disconnect_all())

    async def mute_microphones(self, on: bool) -> None:
        await self.ask(commands.mute(on))

    # PresetCamera, Powered, Sounding.

    async def recall_preset(self, number: int) -> None:
        await self.ask(commands.camera_preset(number))

    async def power(self, on: bool) -> None:
        """Raises RefusedError for standby during a call: nobody ends one by it unawares."""
        if not on:
            await self.ask(commands.calls())
            if (state := self._calls.state) is not CallState.IDLE:
                text = f"it is in a call ({state}): hang up before it may go to standby"
                raise RefusedError(self.name, text)
        await self.ask(commands.standby(not on))

    async def set_volume(self, percent: int) -> None:
        await self.ask(commands.set_volume(percent))

    async def findings(self) -> Sequence[Finding]:
        self._messages = ()
        for path in ("SystemUnit", *SELDOM[2:], DIAGNOSTICS):
            await self._ask_or_note(self.ask, path)
        address = self.link.address
        verify = address.option("verify", "yes")
        return [
            *examination.about_line(self.name, address.scheme, verify),
            *examination.about_health(self.name, self._value),
            *examination.about_registration(self.name, self._value),
            *examination.about_messages(self.name, self._messages),
        ]

    # For the command line.

    async def verb_mute(self, on: bool) -> None:
        await self.mute_microphones(on)

    async def verb_volume(self, percent: int) -> None:
        await self.set_volume(percent)

    async def verb_preset(self, number: int) -> None:
        await self.recall_preset(number)

    async def verb_room_preset(self, number: int) -> None:
        await self.ask(commands.room_preset(number))

    async def verb_status(self, path: str) -> str:
        told: Told = await self.ask(commands.status(commands.parse_path(path)))
        return "\n".join(f"{'/'.join(leaf.path)}: {leaf.value}" for leaf in told.leaves)

    async def verb_messages(self) -> str:
        self._messages = ()
        await self.ask(commands.status(DIAGNOSTICS))
        found = examination.messages(self._messages).values()
        return "\n".join(map(examination.spelled, found)) or "none"

    # What is asked, and what is known.

    async def _ask_or_note(self, ask: Ask, path: str) -> None:
        """What one model lacks must not cost the rest."""
        if path in self._lacking:
            return
        try:
            await ask(_about(path))
        except RefusedError as error:
            self._lacking.add(path)
            self.log.info("%s", error)

    async def _note_refusal(self, ask: Ask, command: Command[Any]) -> None:
        try:
            await ask(command)
        except RefusedError as error:
            self.log.info("%s", error)

    def _value(self, point: Point) -> Any:
        reading = self.state.get(point)
        return reading.value if reading else None


def _about(path: str) -> Command[Told]:
    return commands.calls() if path == CALL else commands.status(path)
