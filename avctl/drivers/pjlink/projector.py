"""A PJLink projector or display: greeting it, looking at it, switching it.

Source: "PJLink Specifications" version 2.00 (2017-01-31), JBMIA; class 1, version 1.04 (2013-12-10).
Transcript: tests/transcripts/pjlink.json
"""

from collections.abc import Callable, Collection, Mapping
from typing import ClassVar, TypeVar

from avctl.capabilities.health import Condition, Fault, Hours, Lit
from avctl.capabilities.power import Power, PowerState
from avctl.clock import Clock
from avctl.device import Device
from avctl.drivers.pjlink import commands
from avctl.drivers.pjlink.agenda import LIVE, Agenda
from avctl.drivers.pjlink.session import SHUT_OUT, Session, ShutOutError
from avctl.drivers.pjlink.settings import PJLinkSettings
from avctl.drivers.pjlink.told import FILTER, IDENTITY, questions, told
from avctl.drivers.pjlink.wire import (
    FAILURE,
    NOT_NOW,
    ClassIs,
    Decoder,
    Done,
    Error,
    Greeting,
    Inputs,
    Lacking,
    Notice,
    PowerIs,
    Rejected,
    Said,
    Text,
)
from avctl.errors import BusyError, LinkDownError, NoAnswerError, RefusedError
from avctl.link import Ask
from avctl.points import Point
from avctl.wire import Command, Message

A = TypeVar("A")

SILENT = 15.0  # seconds after a change of power in which answers, and the line itself, may fail
SWITCHING = 5.0  # seconds after a change of input in which answers may fail
WAIT = 3.0  # seconds before a power command is worth trying again while it warms or cools
TRIES = 4  # to have a question answered by a device that ends connections
PAUSE = 0.05  # seconds between two looks whether the line is back


class PJLink(Device):
    """A PJLink projector or display. Capabilities: Powered, Selecting, Shuttered, Freezing (class 2).

    Its points are PowerState, Input, Shutter, Frozen, Fault of six parts, Hours and Lit of each lamp, Hours of the
    filter, InputSignal and Resolution. What a model lacks is no point of it. In standby most of them are None.

    A device that ends the connection after every answer is dialled again without being told to be down.
    """

    driver = "pjlink"
    Settings = PJLinkSettings
    settings: PJLinkSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "power": "on or off (standby)",
        "select": "INPUT: show an input: its kind and number, like 31",
        "shutter": "on or off: hold the picture back, or show it",
        "freeze": "on or off: hold the picture still",
        "volume": "up or down: one step",
        "microphone": "up or down: one step",
        "inputs": "tell the inputs, and their names where the device knows them",
        "lamps": "tell the hours of lamps and filter",
        "faults": "tell the condition of each part",
        "version": "tell manufacturer, model, serial number and firmware",
    }

    gap = 0.2  # some lose commands that come back to back
    greet_timeout = 60.0  # some twenty questions, of up to two seconds each
    settle = 0.5
    cools = True

    def __init__(self, name: str, settings: PJLinkSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        self._session = Session(name, settings, clock)
        self._mutes = commands.BOTH if settings.mute == "both" else commands.PICTURE
        self._agenda = Agenda(clock)
        self._has_changed = False  # its power, since the last look at what goes with it
        self._steady_from = 0.0  # when it has been on for long enough
        self._is_learning = False
        self._call_off: Callable[[], object] | None = None

    def new_decoder(self, scheme: str) -> Decoder:
        self._session.begin()
        return Decoder(self._session.password)

    async def greet(self, ask: Ask) -> None:
        """One question where the device ends the connection after it; the next connections ask the others."""
        try:
            await self._session.open(ask)
        except ShutOutError:
            self.link.hold_off(SHUT_OUT)
            raise
        if not self._session.hangs_up or not (self.up or self._is_learning):
            self._agenda.start()
            self._is_learning = True
        for body in self._agenda.due():
            try:
                await self._look(ask, body)
            except NoAnswerError:
                self._agenda.silent(body)
                raise
            if self._session.hangs_up:
                return

    async def refresh(self) -> None:
        await self._look(self.link.ask, "POWR")
        if self._power is Power.ON:
            self._agenda.ask_untold()
        if self._power is Power.ON or self._has_changed:
            self._has_changed = False
            self._agenda.add(*LIVE)
        self._agenda.add(self._agenda.next())
        for body in () if self._session.hangs_up else self._agenda.due():
            await self._look(self.link.ask, body)

    def heard(self, message: Message) -> None:
        match message:
            case Greeting():
                self._session.hear(message)
            case Rejected():
                self._session.hear(message)
                self.link.hold_off(self._session.hold_off)
                self.link.drop(str(message))
            case Notice():
                self.hint()
            case Done() | Said() | Error():
                self._session.hear(message)
                if self._session.hangs_up:
                    self.link.expect_end()
                self._heard_answer(message)

    async def read(self, points: Collection[Point]) -> None:
        for body in questions(points):
            if self._agenda.is_asked(body):
                await self.ask(self._agenda.question(body))

    # Powered.

    async def power(self, on: bool) -> None:
        """Raises BusyError while it cools, or warms and is to be switched off: then it takes no power command."""
        said = await self.ask(self._agenda.question("POWR"))
        state = said.state if isinstance(said, PowerIs) else Power.UNKNOWN
        if state is (Power.WARMING if on else Power.COOLING):
            return
        if state in (Power.WARMING, Power.COOLING):
            text = f"it is {state} and takes no power command before it is through"
            raise BusyError(self.name, text, WAIT)
        await self.ask(commands.power(on))
        if state is not (Power.ON if on else Power.OFF):
            self._agenda.be_patient(SILENT)
            self._session.forgive(SILENT)

    # Selecting, Shuttered, Freezing.

    async def select(self, source: str) -> None:
        """Raises BusyError in standby, just after it and while it switches, RefusedError for what is no input of it."""
        source = commands.parse_input(source)
        if (wait := self._steady_from - self.clock.now()) > 0:
            raise BusyError(self.name, "it came on a moment ago and may lose an input", wait)
        await self.ask(commands.select(source, self._agenda.number_for("INPT")))
        self._agenda.be_patient(SWITCHING)

    async def shutter(self, closed: bool) -> None:
        """Holds back the sound too where the device cannot tell them apart."""
        said = await self.ask(commands.mute(self._mutes, closed))
        if isinstance(said, Error):
            self._mutes = commands.BOTH
            await self.ask(commands.mute(self._mutes, closed))

    async def freeze(self, on: bool) -> None:
        if self._agenda.number < 2:
            raise RefusedError(self.name, "it cannot freeze: it speaks class 1")
        await self.ask(commands.freeze(on))

    # What else it can do; also from the command line.

    async def volume(self, step: str) -> None:
        await self.ask(commands.volume_step(step))

    async def microphone(self, step: str) -> None:
        await self.ask(commands.microphone_step(step))

    async def inputs(self) -> dict[str, str]:
        """The names of the inputs, by input; empty where it knows none."""
        said = await self.ask(self._agenda.question("INST"))
        names = dict.fromkeys(said.names if isinstance(said, Inputs) else (), "")
        if self._agenda.number > 1:
            for source in names:
                try:
                    named = await self.ask(commands.read_input_name(source))
                except (RefusedError, BusyError) as error:
                    self.log.debug("%s", error)
                    continue
                names[source] = named.text if isinstance(named, Text) else ""
        return names

    async def lamps(self) -> dict[str, str]:
        await self.read([Lit("lamp"), Hours(FILTER)])
        return {
            point.of: "not counted" if reading.value is None else f"{reading.value} h"
            for point, reading in self.state.items()
            if isinstance(point, Hours)
        }

    async def faults(self) -> dict[str, str]:
        await self.read([Fault("lamp")])
        return {
            point.part: str(reading.value or "not told")
            for point, reading in self.state.items()
            if isinstance(point, Fault)
        }

    async def version(self) -> dict[str, str]:
        for body in IDENTITY:
            await self._look(self.ask, body)
        return dict(self.identity)

    # The line.

    @property
    def is_shut_out(self) -> bool:
        return self._session.is_shut_out or self._session.wants_password

    def link_changed(self, up: bool, reason: str) -> None:
        """A line that is expected back in a moment is not told to be down."""
        if up:
            self._call_off_giving_up()
            if not (self._session.hangs_up and self._agenda.due()):
                self._is_learning = False
                super().link_changed(True, "")
            return
        self._session.ended(reason)
        patience = self._session.patience(reason) if self.up else 0.0
        if self._call_off and not self._session.is_shut_out:
            return
        if patience > 0:
            self._call_off = self.clock.later(patience, lambda: self._give_up(reason)).cancel
        else:
            self._give_up(reason)

    def _call_off_giving_up(self) -> None:
        if self._call_off:
            self._call_off()
            self._call_off = None

    def _give_up(self, reason: str) -> None:
        self._call_off_giving_up()
        super().link_changed(False, self._session.why_down(reason))

    async def ask(self, command: Command[A]) -> A:
        """As `Device.ask`; where the device ends connections, on as many of them as it takes."""
        for _ in range(TRIES - 1):
            try:
                return await super().ask(command)
            except (NoAnswerError, LinkDownError) as error:
                sent = isinstance(error, NoAnswerError)
                if not self._session.hangs_up or (sent and not commands.is_harmless_twice(command)):
                    raise
                await self._until_redialled()
        return await super().ask(command)

    async def _until_redialled(self) -> None:
        await self.clock.sleep(PAUSE)
        while self.up and not self.link.up:
            await self.clock.sleep(PAUSE)

    async def _look(self, ask: Ask, body: str) -> None:
        """What one model refuses must not cost the rest."""
        if not self._agenda.is_asked(body):
            return
        try:
            await ask(self._agenda.question(body))
        except (RefusedError, BusyError) as error:
            self.log.debug("%s", error)

    # Hearing.

    def _heard_answer(self, message: Done | Said | Error) -> None:
        body = message.header[2:]
        match message:
            case Error(_, code):
                self._agenda.refused(body, code == NOT_NOW)
                if code == FAILURE:
                    # Told in full by the next look at its errors.
                    self.report(Fault("other"), Condition.FAULT)
                    self._agenda.hurry("ERST")
            case Said():
                self._agenda.told(body)
                self._heard_said(body, message)

    def _heard_said(self, body: str, message: Said) -> None:
        match message:
            case ClassIs(_, number):
                self._agenda.number = number
                self.identity["class"] = f"PJLink class {number}"
            case Lacking():
                self._agenda.lacks(body)
            case Text(_, text) if body in IDENTITY and text:
                self.identity[IDENTITY[body]] = text
            case PowerIs(_, state) if state is not self._power:
                self._heard_change(state)
        for point, value in told(message):
            self.report(point, value)

    def _heard_change(self, state: Power) -> None:
        if state is Power.ON and self._power is not Power.UNKNOWN:
            self._steady_from = self.clock.now() + self.settings.settle_time
        self._has_changed = True
        self.hint()

    @property
    def _power(self) -> Power:
        reading = self.state.get(PowerState())
        return reading.value if reading else Power.UNKNOWN
