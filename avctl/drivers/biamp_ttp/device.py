"""Biamp Tesira DSPs that speak the Tesira Text Protocol, over RS-232 or telnet.

Source: Biamp Tesira Text Protocol help; Control Protocol Manual.
Transcript: tests/transcripts/biamp_ttp.json
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from avctl.capabilities.mixer import Fader, Meter, Mute
from avctl.clock import Clock
from avctl.device import Device
from avctl.drivers.biamp_ttp import commands
from avctl.drivers.biamp_ttp.design import Design
from avctl.drivers.biamp_ttp.faults import fault_lines
from avctl.drivers.biamp_ttp.place import MOST_CHANNELS, Place, parse_place, parse_tag
from avctl.drivers.biamp_ttp.settings import BiampTtpSettings
from avctl.drivers.biamp_ttp.watch import Watch
from avctl.drivers.biamp_ttp.wire import (
    Banner,
    BeyondLimits,
    Decoder,
    Identified,
    LevelRead,
    LevelsRead,
    LimitRead,
    MeterRead,
    MuteRead,
    MutesRead,
    Published,
    SizeRead,
)
from avctl.errors import NoAnswerError, RefusedError
from avctl.findings import Finding, Level
from avctl.link import Ask
from avctl.points import Point, parse_decibel
from avctl.wire import Command, Message

RENEWED_AT_ONCE = 16  # subscriptions per refresh: others get the line between them
CHORES_AT_ONCE = 8


class BiampTtp(Device):
    """A Tesira. Capabilities: Mixer.

    Its points are the channels of the settings: Fader, Mute, and Meter where one is assigned. Others can be driven
    and read by name all the same.
    """

    driver = "biamp_ttp"
    Settings = BiampTtpSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "fader": "CHANNEL [DB]: set a level, or tell it",
        "mute": "CHANNEL on|off: mute or open a channel",
        "levels": "tell the level and the mute of every channel",
        "meters": "tell what is heard on every channel with a meter",
        "preset": "NUMBER|NAME: recall a preset",
        "select_source": "TAG N: choose the input of a source selector",
        "route": "TAG OUTPUT N: choose the input of a router's output",
        "ramp": "CHANNEL DB [SECONDS] [STEP]: change a level by so much along the device's own ramp",
        "faults": "tell the active faults",
        "version": "tell serial number, firmware and host name",
        "aliases": "tell the instance tags of the design",
    }

    greet_timeout = 30.0  # the banner may take ten

    def __init__(self, name: str, settings: BiampTtpSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        self.gap = settings.gap
        self.identity["model"] = "Biamp Tesira"
        self.limits: dict[str, tuple[float, float]] = {}  # dB, by channel, as the device said
        self._design = Design(settings)
        self._watch = Watch()
        self._beat = 0
        self._refused: set[bytes] = set()  # what the device could not tell in the last round
        self._chores: deque[Command[Any]] = deque()  # what may wait until the line is up
        self._stale = False  # a preset may have changed everything
        self._banner = settings.banner
        self._awaits_banner = False

    def new_decoder(self, scheme: str) -> Decoder:
        self._awaits_banner = scheme == "tcp" and self._banner
        return Decoder(telnet=scheme == "tcp")

    async def greet(self, ask: Ask) -> None:
        """Only what control needs: over a bad line, each exchange more is a chance less to come up at all."""
        await self._open_session(ask)
        await self._each_or_note(ask, self._design.about_sizes())
        for tag in self._design.tags:
            await self._read_block(ask, tag)
        self._watch.want(self._design.subscriptions())
        self._chores = deque([*commands.identities(), *self._design.about_limits()])

    async def refresh(self) -> None:
        questions = self._design.about_channels() or [commands.identify("serialNumber", "serial")]
        self._beat = (self._beat + 1) % len(questions)
        stale, self._stale = self._stale, False
        for question in questions if stale else [questions[self._beat]]:
            await self._ask_again(question)
        await self._renew()
        await self._do_chores()

    def heard(self, message: Message) -> None:
        match message:
            case Published(token, value):
                for meaning in self._watch.meanings(token, value):
                    self.heard(meaning)
                    if not isinstance(meaning, MeterRead):
                        self.hint()
            case LevelRead(channel, level):
                self.report(Fader(channel), level)
            case MuteRead(channel, muted):
                self.report(Mute(channel), muted)
            case MeterRead(channel, level):
                self.report(Meter(channel), level)
            case LevelsRead(tag, levels):
                for channel, level in self._design.named(tag, levels):
                    self.report(Fader(channel), level)
            case MutesRead(tag, mutes):
                for channel, muted in self._design.named(tag, mutes):
                    self.report(Mute(channel), muted)
            case LimitRead() | BeyondLimits():
                self._learn(message)
            case SizeRead(tag, channels):
                self._design.know(Place(tag, n + 1) for n in range(min(channels, MOST_CHANNELS)))
            case Identified(what, text):
                self.identity[what] = text
            case Banner():
                self._awaits_banner = False

    async def read(self, points: Collection[Point]) -> None:
        """Also of channels that the settings do not name. Raises the first refusal after all were asked."""
        await self._each(self.ask, self._design.about(points))

    def points(self) -> Sequence[Point]:
        return self._design.points()

    # Mixer.

    async def set_faders(self, levels: Mapping[str, float]) -> None:
        """Levels are never clamped. Raises the first refusal after all were set; its text tells the limits."""
        await self._each(
            self.ask,
            [commands.set_level(parse_place(channel), level) for channel, level in levels.items()],
        )

    async def set_mutes(self, mutes: Mapping[str, bool]) -> None:
        """Raises the first refusal after all were set."""
        await self._each(
            self.ask, [commands.set_mute(parse_place(channel), on) for channel, on in mutes.items()]
        )

    # What else it can do; also from the command line.

    async def fader(self, channel: str, level: str = "") -> float | None:
        """Set a level where one is given (``-6``, ``-6 dB``), and give the one the device reports then."""
        if level:
            await self.set_faders({channel: parse_decibel(level)})
        said: LevelRead = await self.ask(commands.read_level(parse_place(channel)))
        return said.level

    async def mute(self, channel: str, on: bool) -> bool:
        """Set a mute, and give the one the device reports then."""
        await self.set_mutes({channel: on})
        said: MuteRead = await self.ask(commands.read_mute(parse_place(channel)))
        return said.muted

    async def levels(self) -> dict[str, str]:
        """The level and the mute of each channel, asked anew."""
        await self._each_or_note(self.ask, self._design.about_channels())
        return {channel: self._spelled(channel) for channel in self._design.channels}

    async def meters(self) -> dict[str, float | None]:
        """What is heard, in dB, asked anew."""
        await self._each_or_note(self.ask, self._design.about_meters(self._design.meters))
        return {at: self._value(Meter(at)) for at in self._design.meters}

    async def preset(self, preset: str) -> None:
        """Recall a preset by number, or by name where it is not all digits. Returns when it is accepted.

        A preset may drop subscriptions and change any point: the next refreshes read and subscribe anew.
        """
        if preset.isascii() and preset.isdigit():
            await self.ask(commands.recall_preset(int(preset)))
        else:
            await self.ask(commands.recall_preset_by_name(preset))
        self._stale = True
        self._watch.forget()

    async def select_source(self, tag: str, source: int) -> int:
        """Choose the input of a source selector, and give the one the device reports then."""
        await self.ask(commands.select_source(parse_tag(tag), source))
        return (await self.ask(commands.read_selection(tag))).source

    async def route(self, tag: str, output: int, source: int) -> int:
        """Choose the input of a router's output, and give the one the device reports then."""
        await self.ask(commands.route_input(parse_tag(tag), output, source))
        return (await self.ask(commands.read_input(tag, output))).source

    async def ramp(self, channel: str, change: float, seconds: float = 0.25, step: int = 1) -> None:
        """Change a level by ``change`` dB in the device: ``step`` dB (1 to 15) each ``seconds`` (0.25 to 30).

        The block's design must have ramping on. Returns when accepted, long before the ramp ends.
        """
        at = parse_place(channel)
        for command in (
            commands.set_ramp_interval(at, round(seconds * 1000)),
            commands.set_ramp_step(at, step),
            commands.change_level(at, change),
        ):
            await self.ask(command)

    async def faults(self) -> list[str]:
        """The active faults, one line each; empty while there are none."""
        return fault_lines((await self.ask(commands.read_faults())).items)

    async def version(self) -> dict[str, str]:
        await self._each_or_note(self.ask, commands.identities())
        return dict(self.identity)

    async def aliases(self) -> list[str]:
        return list(map(str, (await self.ask(commands.read_aliases())).items))

    async def findings(self) -> Sequence[Finding]:
        """The faults that the device itself has noticed."""
        try:
            lines = await self.faults()
        except RefusedError:
            return ()
        return [
            Finding(
                self.name, Level.WATCH, "device", f"it reports: {line}", f"设备报告：{line}",
                "see its event log in Tesira", "在 Tesira 软件中查看事件日志",
            )
            for line in lines
        ]  # fmt: skip

    # Greeting.

    async def _open_session(self, ask: Ask) -> None:
        if self._awaits_banner:
            await self._hear_banner(ask)
        try:
            await ask(commands.set_verbose(True))
        except RefusedError:
            # Half a line that somebody left on the port stood before it.
            await ask(commands.set_verbose(True))

    async def _hear_banner(self, ask: Ask) -> None:
        try:
            await ask(commands.await_banner(lambda: self._awaits_banner))
        except RefusedError:
            return  # it came while we waited for our turn
        except NoAnswerError as error:
            text = "connected, but no banner came (a serial device server needs banner: false)"
            raise NoAnswerError(self.name, text) from error

    async def _read_block(self, ask: Ask, tag: str) -> None:
        """Find out whether the block tells all its channels at once, and how they stand."""
        self._design.singly.discard(tag)
        places = self._design.of(tag)
        if len(places) > 1:
            try:
                await ask(commands.read_levels(tag))
                await ask(commands.read_mutes(tag))
                return
            except RefusedError:
                self._design.singly.add(tag)
        await self._each_or_note(ask, self._design.about_levels(places))
        await self._each_or_note(ask, self._design.about_mutes(places))

    # Upkeep.

    async def _renew(self) -> None:
        for subscription in self._watch.due(self.clock.now(), RENEWED_AT_ONCE):
            # Also where it is refused: it may stand already, or its block be gone; in both cases later is soon enough.
            await self._each_or_note(self.ask, [subscription.command()])
            self._watch.made(subscription, self.clock.now())

    async def _do_chores(self) -> None:
        for _ in range(min(CHORES_AT_ONCE, len(self._chores))):
            await self._each_or_note(self.ask, [self._chores.popleft()])

    # Asking several.

    async def _ask_again(self, question: Command[Any]) -> None:
        """A question of the heartbeat. One that was refused and is answered again tells of a new configuration."""
        try:
            await self.ask(question)
        except RefusedError as error:
            if question.wire not in self._refused:
                self.log.warning("%s", error)
            self._refused.add(question.wire)
            return
        if question.wire in self._refused:
            self._refused.discard(question.wire)
            self._stale = True
            self._watch.forget()

    async def _each(self, ask: Ask, questions: Sequence[Command[Any]]) -> None:
        """Raises the first refusal once all were asked; a line that is silent or gone ends it at once."""
        refusal: RefusedError | None = None
        for question in questions:
            try:
                answer = await ask(question)
            except RefusedError as error:
                refusal = refusal or error
                continue
            if isinstance(answer, BeyondLimits):
                refusal = refusal or RefusedError(self.name, str(answer))
        if refusal:
            raise refusal

    async def _each_or_note(self, ask: Ask, questions: Sequence[Command[Any]]) -> None:
        """One wrong tag in the room file must not cost the other channels."""
        for question in questions:
            try:
                await ask(question)
            except RefusedError as error:
                self.log.info("%s", error)

    # What is known.

    def _learn(self, said: LimitRead | BeyondLimits) -> None:
        if isinstance(said, BeyondLimits):
            self.limits[said.channel] = (said.low, said.high)
            return
        low, high = self.limits.get(said.channel, (float("-inf"), float("inf")))
        self.limits[said.channel] = (low, said.level) if said.upper else (said.level, high)

    def _value(self, point: Point) -> Any:
        reading = self.state.get(point)
        return reading.value if reading else None

    def _spelled(self, channel: str) -> str:
        if Fader(channel) not in self.state:
            return "not known"
        level, muted = self._value(Fader(channel)), self._value(Mute(channel))
        spelled = "-inf" if level is None else f"{level:.1f}"
        return f"{spelled} dB{', muted' if muted else ''}"
