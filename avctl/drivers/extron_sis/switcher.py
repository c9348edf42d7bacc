"""The switcher: how it is greeted, refreshed and heard, and its verbs."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, cast

from avctl.capabilities.router import Blank, Layer, Output, Signal
from avctl.device import Device, DriverSettings
from avctl.drivers.extron_sis import commands
from avctl.drivers.extron_sis.answers import (
    Banner,
    Error,
    Login,
    Muted,
    Mutes,
    Part,
    Plane,
    Prompt,
    Quick,
    Recalled,
    Signals,
    Tied,
    TiedToAll,
    Ties,
    Version,
)
from avctl.drivers.extron_sis.decoder import SisDecoder
from avctl.drivers.extron_sis.frame import Frame
from avctl.drivers.extron_sis.settings import ExtronSettings
from avctl.errors import BusyError, DeviceError, LinkDownError, NoAnswerError, RefusedError
from avctl.link import Ask
from avctl.points import Point
from avctl.wire import Command, Decoder, Message

A = TypeVar("A")

PROMPT_WAIT = 1.0  # seconds after which a device that wants a password would have said so
TRIES = 3  # of a question while greeting, where the device is busy
MOST_SILENCES = 2
LONGEST_PATIENCE = 1.0  # seconds to wait for a busy device while greeting
SHORT = 0.5  # seconds; a busy device that asks for no longer than this is asked again at once
PRIVILEGE, FULL = 24, 26  # error codes


@dataclass
class _Session:
    """What is known of this connection only."""

    listens: bool  # whether a prompt may come: not on a serial line
    prompted: bool = False
    administrator: bool | None = None  # None: nobody had to log in
    entered: bool = False
    stale: bool = False  # ties may have changed in a way the device did not tell


class ExtronSwitcher(Device):
    """The conversation with a switcher; `ExtronSis` adds the verbs."""

    driver: ClassVar[str] = "extron_sis"
    Settings: ClassVar[type[DriverSettings]] = ExtronSettings
    settings: ExtronSettings

    _frame: Frame | None = None
    _session = _Session(False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._silences: Counter[str] = (
            Counter()
        )  # in a row, at each question the device may not know

    def new_decoder(self, scheme: str) -> Decoder:
        self._session = _Session(listens=scheme not in ("serial", "rfc2217"))
        return SisDecoder(telnet=scheme == "tcp")

    @property
    def frame(self) -> Frame:
        if self._frame is None:
            raise LinkDownError(
                self.name, f"never reached, so its size is not known: {self.reason}"
            )
        return self._frame

    # Greeting.

    async def greet(self, ask: Ask) -> None:
        await self._enter(ask)
        ask = self._patient(ask)
        await ask(commands.read_version())
        await self._offered(ask, "N", commands.read_part(), set())
        size = await ask(commands.read_size())
        picture = Plane.RGB if self.settings.picture == "rgb" else Plane.VIDEO
        frame = self._frame = Frame.of(size, self.settings.layers, picture)
        if not frame.layers:
            raise DeviceError(self.name, f"it has none of the layers wanted: it says {size}")
        told = await self._learn(ask, frame)
        self._session.stale = False
        for question in frame.questions(frame.points()):
            if question.wire not in told:
                await ask(question)

    async def _learn(self, ask: Ask, frame: Frame) -> set[bytes]:
        """Find out what can be asked in bulk. Gives the questions that were answered on the way."""
        told: set[bytes] = set()
        for layer in frame.layers:
            if (plane := frame.plane(layer)) in commands.BULK_PLANES:
                block = commands.read_ties(1, plane)
                frame.bulk[layer] = await self._offered(ask, f"VC {layer}", block, told)
        mutes = commands.read_mutes(frame.most_outputs)
        frame.bulk_mutes = await self._offered(ask, "VM", mutes, told)
        # A frame that knows neither form answers the one without ESC with an error for each of its parts.
        for escaped in (True, False):
            signals = commands.read_signals(frame.inputs, escaped)
            if await self._offered(ask, f"LS {escaped}", signals, told):
                frame.signals = escaped
                break
        return told

    async def _offered(self, ask: Ask, what: str, question: Command[Any], told: set[bytes]) -> bool:
        """Whether the device answers ``question``. Silence costs the connection: it is asked for twice at most."""
        if self._silences[what] >= MOST_SILENCES:
            return False
        self._silences[what] += 1  # beforehand: where silence ends the connection, it ends this too
        try:
            await ask(question)
        except RefusedError as error:
            self._silences[what] = 0
            self.log.info("does without %s: %s", what, error)
            return False
        self._silences[what] = 0
        told.add(question.wire)
        return True

    async def _enter(self, ask: Ask) -> None:
        """Log in where that is wanted, and have queries tagged and changes announced."""
        session = self._session
        if session.listens and self.settings.password and not session.prompted:
            await self._expect(lambda: session.prompted)
        if session.prompted:
            await self._log_in(ask)
        try:
            answer = await ask(commands.set_verbose(3))
        except (RefusedError, NoAnswerError):
            answer = await ask(commands.set_verbose(3))  # the first met half a command, or noise
        if isinstance(answer, Prompt):
            await self._log_in(ask, spoilt=True)
            await ask(commands.set_verbose(3))
        session.entered = True

    async def _expect(self, come: Any) -> None:
        until = self.clock.now() + PROMPT_WAIT
        while not come() and (left := until - self.clock.now()) > 0:
            await self.hinted(left)

    async def _log_in(self, ask: Ask, spoilt: bool = False) -> None:
        """``spoilt``: something we said before was taken for a password, and earns a prompt of its own."""
        session = self._session
        if self.settings.password is None:
            raise DeviceError(self.name, "it asks for a password: set `password` for this device")
        answer = await ask(commands.log_in(self.settings.password.get_secret_value()))
        if spoilt and isinstance(answer, Prompt):
            await self._expect(lambda: session.administrator is not None)
        if session.administrator is None:
            raise DeviceError(self.name, "it does not take the `password` set for this device")
        session.prompted = False

    def _patient(self, ask: Ask) -> Ask:
        """Asks again where the device is busy, or its answer got lost on a line that outlives that."""

        async def patiently(command: Command[Any]) -> Any:
            for _ in range(TRIES - 1):
                try:
                    return await ask(command)
                except NoAnswerError:
                    continue
                except BusyError as busy:
                    if busy.wait > LONGEST_PATIENCE:
                        raise
                    await self.clock.sleep(busy.wait)
            return await ask(command)

        return patiently

    # Refreshing and reading.

    async def refresh(self) -> None:
        session, frame = self._session, self.frame
        if not session.entered or session.prompted:
            await self._enter(self.ask)
            session.stale = True
        if session.stale:
            session.stale = False
            questions = frame.questions(frame.points())
        else:
            questions = frame.next_questions()
        for question in questions:
            await self.ask(question)

    async def read(self, points: Collection[Point]) -> None:
        for question in self.frame.questions(points):
            await self.ask(question)

    def points(self) -> Sequence[Point]:
        return tuple(self._frame.points()) if self._frame else ()

    # Hearing.

    def heard(self, message: Message) -> None:
        match message:
            case Banner() | Prompt() | Login() | Error():
                self._heard_of_session(message)
            case Version(text):
                self.identity["firmware"] = text
            case Part(number):
                self.identity["part"] = number
                self.identity.setdefault("model", f"Extron {number}")
            case _ if self._frame:
                self._heard_of_state(message, self._frame)

    def _heard_of_session(self, message: Message) -> None:
        session = self._session
        match message:
            case Banner(model, _, part):
                self.identity |= {"model": model, "part": part} if model else {}
                if session.entered:  # it has restarted, with the verbose mode of its own
                    session.entered = False
                    self._lose_sight(self.points())
            case Prompt():
                session.prompted, session.administrator = True, None
            case Login(administrator):
                session.prompted, session.administrator = False, administrator
            case Error(code) if code == FULL:
                self.link.hold_off(message.wait or 0.0)
            case Error(code) if code == PRIVILEGE and session.administrator and self.up:
                self.link.drop("the session has lost its privileges: it has to log in again")
        self.hint()

    def _heard_of_state(self, message: Message, frame: Frame) -> None:
        match message:
            case Tied():
                frame.bare |= message.bare
                self._report(dict(frame.told_by_tie(message)))
                if not frame.layers_of(message.plane):
                    self._session.stale = True
            case TiedToAll():
                self._report(dict(frame.told_by_tie_to_all(message)))
            case Ties(plane, inputs, start):
                numbered = enumerate(inputs, start)
                for layer in frame.layers_of(plane):
                    for number, source in numbered:
                        if source is not None and number in frame.outputs(layer):
                            self.report(Output(number, layer), source)
            case Muted():
                frame.bare |= message.bare
                self._report(dict(frame.told_by_mute(message)))
            case Mutes(levels):
                for bit, layer in enumerate(Layer):
                    outputs = frame.outputs(layer) if layer in frame.layers else ()
                    # The answer to one output's question may come as a list, from a line that spoils it.
                    for number, level in zip(outputs, levels, strict=False):
                        self.report(Blank(number, layer), bool(level >> bit & 1))
            case Signals(inputs):
                for number, present in enumerate(inputs[: frame.inputs], 1):
                    self.report(Signal(number), present)
            case Quick(ours=True):
                self.hint()
            case Quick() | Recalled():
                self._session.stale = True
                self._lose_sight(at for at in self.points() if isinstance(at, Output))

    def _report(self, told: Mapping[Any, Any]) -> None:
        news = [self.report(point, value) for point, value in told.items()]
        if any(news):
            self.hint()

    def _lose_sight(self, points: Any) -> None:
        """The device says that these may have changed, and not to what."""
        for point in points:
            if point in self.state:
                self.report(point, None)
        self.hint()

    async def order(self, command: Command[A]) -> A:
        """Ask, and once more where the device says that what we said came too slowly."""
        try:
            return await self.ask(command)
        except BusyError as busy:
            if busy.wait > SHORT:
                raise
            await self.clock.sleep(busy.wait)
            return cast(A, await self.ask(command))
