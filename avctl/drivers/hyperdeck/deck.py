"""A HyperDeck: greeting it, recording with it, looking at its media.

Source: Blackmagic "HyperDeck Disk Recorders" manual (March 2020), Developer Information.
Transcript: tests/transcripts/hyperdeck.json
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from avctl.capabilities.display import Input, InputSignal
from avctl.capabilities.health import Fault
from avctl.capabilities.recorder import Clips, Motion, Recording, Slot, TimeLeft, Transport
from avctl.clock import Clock
from avctl.device import Device
from avctl.drivers.hyperdeck import commands, examination
from avctl.drivers.hyperdeck.media import Media
from avctl.drivers.hyperdeck.progress import Progress
from avctl.drivers.hyperdeck.settings import HyperDeckSettings
from avctl.drivers.hyperdeck.told import (
    MOTION,
    ClipCount,
    ConfigurationIs,
    DeviceIs,
    Rebooting,
    RemoteIs,
    SlotIs,
    TransportIs,
    number,
)
from avctl.drivers.hyperdeck.wire import (
    ADVICE,
    BANNER,
    CONFIGURATION_CHANGED,
    REJECTED,
    REMOTE_CHANGED,
    REMOTE_DISABLED,
    SLOT_CHANGED,
    TRANSPORT_CHANGED,
    Decoder,
    Event,
    Refused,
    fields,
)
from avctl.errors import LinkDownError, NoAnswerError, RefusedError
from avctl.findings import Finding
from avctl.link import Ask
from avctl.points import Point
from avctl.wire import Command, Message

SHUT_OUT = 30.0  # seconds before a deck that another controller has is tried again
SLOTS = 2  # where it does not say


class HyperDeck(Device):
    """A HyperDeck. Capabilities: Recorder, Selecting.

    Its points are Recording, Transport, Slot and TimeLeft of each slot, Clips, Input, Fault of the medium, and
    InputSignal where its firmware tells it. Recording is True only while the time code moves; None while the deck
    says that it records and the time code was not seen to move.
    """

    driver = "hyperdeck"
    Settings = HyperDeckSettings
    settings: HyperDeckSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "record": "on [NAME] or off: start a recording, or end the one that runs",
        "spill": "SLOT: go on recording onto the medium in another slot",
        "select": "INPUT: SDI, HDMI or component",
        "slot": "NUMBER: record onto the medium in that slot",
        "preview": "on or off: show what is at the input; not while it records",
        "identify": "on or off: blink, to be found in its rack",
        "clips": "tell the recordings and how long they are",
        "status": "tell all that the deck says of what it does",
    }

    settle = 0.3  # more than a frame: the time code has moved meanwhile

    def __init__(self, name: str, settings: HyperDeckSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        if settings.watchdog:
            self.refresh_every = min(self.refresh_every, settings.watchdog / 2)
        self._has_banner = False
        self._is_rejected = False
        self._is_restarting = False
        self._transport: dict[str, str] = {}
        self._remote = RemoteIs({})
        self._slots = settings.slots or SLOTS
        self._media = Media()
        self._progress = Progress()
        self._round: deque[Command[Any]] = deque()

    def new_decoder(self, scheme: str) -> Decoder:
        self._has_banner = self._is_rejected = False
        self._remote = RemoteIs({})
        self._progress.forget()
        return Decoder()

    async def greet(self, ask: Ask) -> None:
        await self._await_banner(ask)
        await ask(commands.read_device())
        await self._try(ask, commands.notify())
        await self._try(ask, commands.read_remote())
        await self._override(ask)
        self._media = Media()
        await ask(commands.read_transport())
        for question in self._seldom():
            await self._try(ask, question)
        await self._try(ask, commands.watch(self.settings.watchdog))

    async def refresh(self) -> None:
        """The question is the heartbeat that its watchdog wants, too."""
        await self.ask(commands.read_transport())
        await self._override(self.ask)
        if not self._round:
            self._round.extend((*self._seldom(), commands.read_remote()))
        await self._try(self.ask, self._round.popleft())

    def heard(self, message: Message) -> None:
        match message:
            case Event():
                self._heard_event(message)
            case Refused(code, _) if code == REJECTED and not self._has_banner:
                self._is_rejected = True
                self.link.hold_off(SHUT_OUT)
            case DeviceIs(model, protocol, unique_id, slots):
                self.identity |= {"model": model, "serial": unique_id, "protocol": protocol}
                self._slots = self.settings.slots or slots or SLOTS
            case TransportIs(told):
                self._transport = dict(told)
                self._report_transport(told.get("timecode"))
            case SlotIs(slot, told):
                self._report_each(self._media.hear(slot, told, self.clock.now()))
            case ClipCount(count):
                self.report(Clips(), count)
            case RemoteIs():
                self._remote = message
            case ConfigurationIs(source) if source:
                self.report(Input(), source)
            case Rebooting():
                self._is_restarting = True

    async def read(self, points: Collection[Point]) -> None:
        """Recording and Transport are one question, a slot is one. Raises the first refusal."""
        for question in self._questions(points):
            await self.ask(question)

    # Recorder.

    async def record(self, on: bool, name: str = "") -> None:
        """Asks first what it does: nothing is sent where that is so already. Raises ValueError for what is no name."""
        order = commands.record(name) if on else commands.stop()
        said = await self.ask(commands.read_transport())
        if said.is_recording == on:
            return
        await self._set(order)
        if not on:
            self._round.appendleft(commands.count_clips())

    # Selecting.

    async def select(self, source: str) -> None:
        await self._set(commands.select_input(source))

    # What else it can do; also from the command line.

    async def spill(self, slot: int) -> None:
        await self._set(commands.spill(self._known(slot)))

    async def slot(self, slot: int) -> None:
        await self._set(commands.select_slot(self._known(slot)))

    async def preview(self, on: bool) -> None:
        """Raises RefusedError while it records: switching the preview off would end the recording."""
        said = await self.ask(commands.read_transport())
        if said.is_recording:
            raise RefusedError(self.name, "it records, and that might end the recording")
        await self._set(commands.preview(on))

    async def identify(self, on: bool) -> None:
        await self._set(commands.identify(on))

    async def clips(self) -> dict[int, str]:
        """Names and lengths of the recordings, by number."""
        said = await self.ask(commands.list_clips())
        return {clip.number: f"{clip.name} ({clip.duration})" for clip in said.clips}

    async def status(self) -> dict[str, str]:
        return dict((await self.ask(commands.read_transport())).told)

    async def findings(self) -> Sequence[Finding]:
        """What would keep it from recording."""
        await self._try(self.ask, commands.read_remote())
        await self._try(self.ask, commands.read_transport())
        for question in self._seldom():
            await self._try(self.ask, question)
        found = list(examination.media(self.name, self._media, self.settings.least_time))
        if self._is_deaf:
            found.insert(0, examination.remote_off(self.name))
        signal = self.state.get(InputSignal())
        if signal and signal.value is False:
            found.append(examination.no_signal(self.name))
        return found

    # Greeting.

    def link_changed(self, up: bool, reason: str) -> None:
        if self._is_rejected:
            reason = ADVICE[REJECTED]
        elif self._is_restarting:
            reason = f"it restarts after a change of its settings ({reason})"
        if up:
            self._is_restarting = False
        super().link_changed(up, "" if up else reason)

    async def _await_banner(self, ask: Ask) -> None:
        try:
            await ask(commands.await_banner(lambda: not (self._has_banner or self._is_rejected)))
        except RefusedError:
            pass  # it came before it was our turn
        except NoAnswerError as error:
            text = "connected, but it does not say what it is: no HyperDeck?"
            raise NoAnswerError(self.name, text) from error
        if self._is_rejected:
            raise LinkDownError(self.name, ADVICE[REJECTED])

    async def _override(self, ask: Ask) -> None:
        if self._remote.is_off and self.settings.override:
            await self._try(ask, commands.override(True))
            await self._try(ask, commands.read_remote())

    # Asking.

    def _seldom(self) -> tuple[Command[Any], ...]:
        slots = (commands.read_slot(slot + 1) for slot in range(self._slots))
        return (*slots, commands.count_clips(), commands.read_configuration())

    def _questions(self, points: Collection[Point]) -> list[Command[Any]]:
        slots = {point.number for point in points if isinstance(point, Slot | TimeLeft)}
        if any(isinstance(point, Fault) for point in points):
            slots |= set(self._media.slots)
        kinds: dict[tuple[type, ...], Callable[[], Command[Any]]] = {
            (Recording, Transport, InputSignal): commands.read_transport,
            (Clips,): commands.count_clips,
            (Input,): commands.read_configuration,
        }
        asked = [
            question()
            for kind, question in kinds.items()
            if any(isinstance(point, kind) for point in points)
        ]
        return [*asked, *map(commands.read_slot, sorted(slots))]

    async def _set(self, order: Command[Any]) -> None:
        """Raises RefusedError at once, and in words, while REM is off and it may not be overridden."""
        if self._is_deaf:
            raise RefusedError(
                self.name, f"remote control is switched off: {ADVICE[REMOTE_DISABLED]}"
            )
        await self.ask(order)

    async def _try(self, ask: Ask, command: Command[Any]) -> None:
        """What one model or firmware refuses must not cost the rest."""
        try:
            await ask(command)
        except RefusedError as error:
            self.log.debug("%s", error)

    def _known(self, slot: int) -> int:
        if not 1 <= slot <= self._slots:
            raise ValueError(f"{slot}: it has slots 1 to {self._slots}")
        return slot

    @property
    def _is_deaf(self) -> bool:
        """Whether REM is off and is to be left so."""
        return self._remote.is_off and not self.settings.override

    # Hearing.

    def _heard_event(self, said: Event) -> None:
        told = fields(said.lines)
        if said.code == BANNER:
            self._has_banner = True
        elif said.code == TRANSPORT_CHANGED:
            self._transport.update(told)
            self._report_transport(told.get("timecode"))
        elif said.code == SLOT_CHANGED and (slot := number(told.get("slot id", ""))):
            self._report_each(self._media.hear_change(slot, told, self.clock.now()))
        elif said.code == REMOTE_CHANGED:
            self._remote = RemoteIs({**self._remote.told, **told})
        elif said.code == CONFIGURATION_CHANGED and told.get("video input"):
            self.report(Input(), told["video input"])
        self.hint()

    def _report_transport(self, timecode: str | None) -> None:
        status = self._transport.get("status", "")
        if motion := MOTION.get(status):
            self.report(Transport(), motion)
            is_recording = motion is Motion.RECORDING
            runs = self._progress.hear(is_recording, timecode, self.clock.now())
            self.report(Recording(), runs)
        if signal := self._transport.get("input video format"):
            self.report(InputSignal(), signal != "none")

    def _report_each(self, told: Iterable[tuple[Point, Any]]) -> None:
        for point, value in told:
            self.report(point, value)
