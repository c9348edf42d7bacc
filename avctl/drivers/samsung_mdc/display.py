"""A Samsung display, alone or one of several on a line.

Source: the MDC frame, its replies and their data as in vgavro/samsung-mdc 1.18.0 (commit 8fa5901).
Transcript: tests/transcripts/samsung_mdc.json, samsung_mdc_driver.json
"""

from collections.abc import Collection, Mapping
from typing import ClassVar, TypeVar

from avctl.capabilities.display import Input, InputSignal
from avctl.capabilities.health import Condition, Fault, Temperature
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.volume import SoundMuted, Volume
from avctl.clock import Clock
from avctl.device import Device
from avctl.drivers.samsung_mdc import commands
from avctl.drivers.samsung_mdc.settings import SamsungMdcSettings
from avctl.drivers.samsung_mdc.wire import (
    Ack,
    Answer,
    ErrorsRead,
    MdcDecoder,
    Nak,
    PowerRead,
    Secured,
    Status,
    TextRead,
)
from avctl.errors import NoAnswerError, RefusedError
from avctl.link import Ask
from avctl.points import Point
from avctl.transport import Resync
from avctl.wire import Command, Message

A = TypeVar("A")

HEALTH_EVERY = 10  # looks
SHUT_OUT = 30.0  # seconds
SECURED = "it wants TLS and a PIN: switch its secured protocol off, for it is not spoken here"

TOLD_BY_ERRORS = (Fault, Temperature, InputSignal)


class SamsungMdc(Device):
    """A Samsung display. Capabilities: Powered, Selecting, Sounding, SoundMuting (where it has sound).

    Its points are PowerState, Input, Volume, SoundMuted, InputSignal, Temperature of the inside, and Fault of lamp,
    fan, temperature and other, the brightness sensor. All but power are told as last known in standby.

    Answers to changes tell nothing: a change is answered like a question about the same thing, so how things stand is
    read from the status alone. After a silence the line is cleared before it is believed.
    """

    driver = "samsung_mdc"
    Settings = SamsungMdcSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "power": "on or off (standby)",
        "select": "INPUT: show an input, like HDMI1",
        "volume": "PERCENT: set the volume, 0 to 100",
        "mute": "on or off: mute the sound",
        "faults": "tell the condition of each part",
        "version": "tell model, serial number and firmware",
    }

    resync = Resync.DRAIN  # a display that is away must not cost the others on the line theirs
    settle = 0.3

    def __init__(self, name: str, settings: SamsungMdcSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        self._id = settings.id
        self._looks = 0
        self._is_unsure = False  # whether an answer may still be under way
        self._is_secured = False

    def new_decoder(self, scheme: str) -> MdcDecoder:
        return MdcDecoder()

    def concerns(self, message: Message) -> bool:
        return not isinstance(message, Answer | Ack | Nak) or message.display == self._id

    async def greet(self, ask: Ask) -> None:
        await self._look(ask)
        await self._look_at_errors(ask)
        for what in commands.IDENTITY:
            await self._try(ask, commands.read_text(self._id, what))
        self.identity.setdefault("model", "Samsung display")

    async def refresh(self) -> None:
        await self._look(self.ask)
        self._looks += 1
        if self._looks % HEALTH_EVERY == 0:
            await self._look_at_errors(self.ask)

    def heard(self, message: Message) -> None:
        match message:
            case Secured():
                self._is_secured = True
                self.link.hold_off(SHUT_OUT)
                self.link.drop(SECURED)
            case Status(_, on, volume, muted, source):
                self._report_power(on)
                self.report(Input(), commands.name_of(source))
                if volume is not None:
                    self.report(Volume(), volume)
                if muted is not None:
                    self.report(SoundMuted(), muted)
            case PowerRead(_, on):
                self._report_power(on)
            case ErrorsRead():
                self._report_errors(message)
            case TextRead(_, what, text) if text:
                self.identity[commands.IDENTITY[what]] = text

    async def read(self, points: Collection[Point]) -> None:
        if any(not isinstance(point, TOLD_BY_ERRORS) for point in points):
            await self._look(self.ask)
        if any(isinstance(point, TOLD_BY_ERRORS) for point in points):
            await self._clear(self.ask)
            await self._asked(self.ask, commands.read_errors_of(self._id))

    # Powered, Selecting.

    async def power(self, on: bool) -> None:
        await self._asked(self.ask, commands.power(self._id, on))

    async def select(self, source: str) -> None:
        await self._asked(self.ask, commands.select(self._id, source))

    # Sounding, SoundMuting.

    async def set_volume(self, percent: int) -> None:
        await self._asked(self.ask, commands.volume(self._id, percent))

    async def mute_sound(self, on: bool) -> None:
        await self._asked(self.ask, commands.mute(self._id, on))

    # From the command line.

    async def verb_volume(self, percent: int) -> None:
        await self.set_volume(percent)

    async def verb_mute(self, on: bool) -> None:
        await self.mute_sound(on)

    async def faults(self) -> dict[str, str]:
        await self.read([Fault("lamp")])
        return {
            point.part: str(reading.value)
            for point, reading in self.state.items()
            if isinstance(point, Fault)
        }

    async def version(self) -> dict[str, str]:
        for what in commands.IDENTITY:
            await self._try(self.ask, commands.read_text(self._id, what))
        return dict(self.identity)

    # Asking.

    def link_changed(self, up: bool, reason: str) -> None:
        if up:
            self._is_secured = False
        super().link_changed(up, SECURED if self._is_secured else reason)

    async def _look(self, ask: Ask) -> None:
        """Ask for all there is; for power alone where that is refused, as some do in standby."""
        await self._clear(ask)
        try:
            await self._asked(ask, commands.read_all(self._id))
        except RefusedError:
            await self._asked(ask, commands.read_power(self._id))

    async def _look_at_errors(self, ask: Ask) -> None:
        await self._clear(ask)
        await self._try(ask, commands.read_errors_of(self._id))

    async def _clear(self, ask: Ask) -> None:
        """After a silence: answers keep their order, so what is still under way comes before this one."""
        if self._is_unsure:
            await self._try(ask, commands.read_power(self._id))
            self._is_unsure = False

    async def _try(self, ask: Ask, command: Command[A]) -> None:
        """What one model refuses must not cost the rest."""
        try:
            await self._asked(ask, command)
        except RefusedError as error:
            self.log.debug("%s", error)

    async def _asked(self, ask: Ask, command: Command[A]) -> None:
        try:
            await ask(command)
        except NoAnswerError:
            self._is_unsure = True
            raise

    # Hearing.

    def _report_power(self, on: bool) -> None:
        self.report(PowerState(), Power.ON if on else Power.OFF)

    def _report_errors(self, said: ErrorsRead) -> None:
        parts = {
            "lamp": said.lamp,
            "temperature": said.temperature,
            "fan": said.fan,
            "other": said.sensor,
        }
        for part, is_bad in parts.items():
            if is_bad is not None:
                self.report(Fault(part), Condition.FAULT if is_bad else Condition.GOOD)
        self.report(Temperature("inside"), float(said.celsius))
        power = self.state.get(PowerState())
        is_on = power is not None and power.value is Power.ON
        signal = None if said.no_signal is None or not is_on else not said.no_signal
        self.report(InputSignal(), signal)
