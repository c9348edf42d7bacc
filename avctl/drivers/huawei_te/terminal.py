"""A Huawei terminal: asking it, and telling it what to do.

Source: Huawei "TE10, TE20 HTTP API" V600R019C00 (EDOC1100044503), TE40 to TE60 (EDOC1100074790), IdeaHub API.
Transcript: tests/transcripts/huawei_te.json, tests/transcripts/huawei_te_driver.json
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.terminal import Call, CallState, CameraPreset, FarEnd, MicrophonesMuted
from avctl.capabilities.volume import Volume
from avctl.clock import Clock
from avctl.device import Device
from avctl.drivers.huawei_te import commands, examination
from avctl.drivers.huawei_te.door import Door, ShutOutError
from avctl.drivers.huawei_te.said import (
    LOUDEST,
    Audio,
    CallTypes,
    LoggedIn,
    Mail,
    SessionOpened,
    Sleeping,
)
from avctl.drivers.huawei_te.session import Session
from avctl.drivers.huawei_te.settings import HuaweiSettings
from avctl.drivers.huawei_te.wire import Broken, Decoder, Ending, farewell
from avctl.errors import RefusedError
from avctl.findings import Finding
from avctl.link import Ask
from avctl.points import Point
from avctl.wire import Command, Message

A = TypeVar("A")

SHUT_OUT = 30.0  # seconds
NO_CALL, CALLING = 0, 1  # callstate
PORTS = {"tls": 443, "tcp": 80}

QUESTIONS: Mapping[type[Point], str] = {
    MicrophonesMuted: "audio", Volume: "audio", PowerState: "sleep", Call: "mail", FarEnd: "mail",
}  # fmt: skip
ASK: Mapping[str, Callable[[], Command[Any]]] = {
    "mail": commands.read_mailbox,
    "audio": commands.read_audio,
    "sleep": commands.read_sleep,
}


class HuaweiTE(Device):
    """A Huawei terminal. Capabilities: Terminal, Presenter, PresetCamera, Powered (sleep), Sounding.

    Its points are MicrophonesMuted, Volume, PowerState, Call and FarEnd. Presets and presentation cannot be asked for.
    """

    driver = "huawei_te"
    Settings = HuaweiSettings
    settings: HuaweiSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "power": "on|off: wake it, or let it sleep",
        "mute": "on|off: mute its microphones, or open them",
        "volume": "PERCENT: set its volume",
        "preset": "NUMBER: recall a preset of its camera",
        "store": "NUMBER: store where its camera looks as a preset",
        "present": "on|off: send the presentation too",
        "dial": "NUMBER: call",
        "answer": "take the call that comes in",
        "reject": "refuse the call that comes in",
        "hang_up": "end the call",
        "types": "tell which kinds of calls it can make",
    }

    settle = 0.3

    def __init__(self, name: str, settings: HuaweiSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        self._session = Session(settings)
        self._door = Door(name, settings, self._session, clock)
        self._types: tuple[int, ...] = ()
        self._site = 1  # handle of the far end
        self._is_audios_turn = True
        self._is_shut_out = False

    def new_decoder(self, scheme: str) -> Decoder:
        return Decoder(self.name, self._session)

    async def greet(self, ask: Ask) -> None:
        address = self.link.address
        is_usual = PORTS.get(address.scheme) == address.port
        self._session.host = address.host if is_usual else f"{address.host}:{address.port}"
        self._is_shut_out = False
        try:
            await self._door.enter(ask)
        except ShutOutError:
            self._is_shut_out = True
            self.link.hold_off(SHUT_OUT)
            raise
        for question in (*ASK.values(), commands.read_call_types):
            await self._ask_or_note(ask, question())

    async def _ask_or_note(self, ask: Ask, question: Command[A]) -> None:
        """What one model lacks must not cost the rest."""
        try:
            await ask(question)
        except RefusedError as error:
            self.log.info("%s", error)

    async def refresh(self) -> None:
        self._is_audios_turn = not self._is_audios_turn
        await self._say(commands.read_mailbox())
        await self._say(commands.read_audio() if self._is_audios_turn else commands.read_sleep())

    async def read(self, points: Collection[Point]) -> None:
        for question in dict.fromkeys(QUESTIONS.get(type(point), "") for point in points):
            if question:
                await self._say(ASK[question]())

    @property
    def is_shut_out(self) -> bool:
        return self._is_shut_out

    def can_tell(self, point: Point) -> bool:
        return type(point) in QUESTIONS

    def points(self) -> Sequence[Point]:
        told = (PowerState(), MicrophonesMuted(), Volume(), Call(), FarEnd())
        return (*told, CameraPreset())

    def heard(self, message: Message) -> None:
        match message:
            case SessionOpened(_, model, cookie, number):
                self._session.opened(cookie, number)
                if model:
                    self.identity["model"] = model
            case LoggedIn(_, token):
                self._session.logged_in(token)
            case Audio(_, is_live, volume):
                if is_live is not None:
                    self.report(MicrophonesMuted(), not is_live)
                if volume is not None:
                    self.report(Volume(), round(volume * 100 / LOUDEST))
            case Sleeping(_, on):
                self.report(PowerState(), Power.OFF if on else Power.ON)
            case CallTypes(_, values):
                self._types = values
            case Mail():
                self._heard_mail(message)
            case Ending():
                self.link.expect_end()
                self.link.drop("it ends the connection after an answer")
            case Broken():
                self.link.drop("it says something that is no HTTP")

    def _heard_mail(self, mail: Mail) -> None:
        before = self._value(Call())
        state = _call_state(mail) or before
        if state is None:
            return
        # A mailbox without it tells that nothing has changed.
        self.report(Call(), state)
        if state is CallState.IDLE:
            self._site = 1
            self.report(FarEnd(), None)
        elif mail.far_end:
            self.report(FarEnd(), mail.far_end)
        if mail.site:
            self._site = mail.site
        if state is not before:
            self.hint()

    def farewell(self) -> bytes:
        if not self._session.is_there:
            return b""
        request = farewell(self._session)
        if self._session.is_logged_in:
            self._session.forget()
        return request

    # Terminal.

    async def dial(self, number: str) -> None:
        calling = commands.call(number)
        await self._say(commands.read_mailbox())
        if (state := self._value(Call())) not in (None, CallState.IDLE):
            raise RefusedError(self.name, f"it is in a call already: {state}")
        await self._say(calling)

    async def answer(self) -> None:
        await self._say(commands.answer())

    async def reject(self) -> None:
        await self._say(commands.reject())

    async def hang_up(self) -> None:
        await self._say(commands.read_mailbox())
        match self._value(Call()):
            case CallState.IDLE:
                return
            case CallState.CALLING:
                await self._end_calling()
            case _:
                await self._say(commands.hang_up(self._site))

    async def _end_calling(self) -> None:
        """Whoever calls whom."""
        try:
            await self._say(commands.cancel_call())
        except RefusedError:
            await self.reject()

    async def mute_microphones(self, on: bool) -> None:
        await self._say(commands.mute(on))

    # Presenter, PresetCamera, Powered, Sounding.

    async def present(self, on: bool) -> None:
        await self._say(commands.present(on))

    async def recall_preset(self, number: int) -> None:
        await self._say(commands.recall_preset(number))

    async def power(self, on: bool) -> None:
        """Raises RefusedError for sleep during a call: nobody ends one by it unawares."""
        if on:
            await self._say(commands.wake())
            return
        await self._say(commands.read_mailbox())
        if (state := self._value(Call())) not in (None, CallState.IDLE):
            raise RefusedError(self.name, f"it is in a call ({state}): hang up before it may sleep")
        await self._say(commands.sleep())

    async def set_volume(self, percent: int) -> None:
        if not 0 <= percent <= 100:
            raise ValueError(f"volume {percent}: give 0 to 100")
        await self._say(commands.set_volume(round(percent * LOUDEST / 100)))

    async def findings(self) -> Sequence[Finding]:
        found = []
        for what, question in (*ASK.items(), ("call types", commands.read_call_types)):
            try:
                await self._say(question())
            except RefusedError as error:
                found.append(examination.about_question(self.name, what, error.text))
        address = self.link.address
        verify = address.option("verify", "yes")
        found += examination.about_line(self.name, address.scheme, verify)
        found += examination.about_calls(self.name, self._types)
        power, volume = self._value(PowerState()), self._value(Volume())
        found += examination.about_state(self.name, power, volume)
        return found

    # For the command line.

    async def verb_mute(self, on: bool) -> None:
        await self.mute_microphones(on)

    async def verb_volume(self, percent: int) -> None:
        await self.set_volume(percent)

    async def verb_preset(self, number: int) -> None:
        await self.recall_preset(number)

    async def verb_store(self, number: int) -> None:
        await self._say(commands.store_preset(number))

    async def verb_types(self) -> str:
        await self._say(commands.read_call_types())
        return ", ".join(map(str, self._types))

    async def _say(self, command: Command[Any]) -> Any:
        try:
            return await self._door.ask(self.ask, command)
        except ShutOutError as error:
            self._is_shut_out = True
            self.link.hold_off(SHUT_OUT)
            self.link.drop(error.text)
            raise

    def _value(self, point: Point) -> Any:
        reading = self.state.get(point)
        return reading.value if reading else None


def _call_state(mail: Mail) -> CallState | None:
    """None: it does not tell. A call that comes in is not told apart from one that goes out."""
    if mail.conference:
        return CallState.CONNECTED
    if mail.call == CALLING:
        return CallState.CALLING
    # That the calling has ended does not say how.
    return CallState.IDLE if mail.call == NO_CALL or mail.conference == 0 else None
