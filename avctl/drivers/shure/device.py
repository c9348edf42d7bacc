"""Shure devices that speak command strings over TCP port 2202.

Source: Shure command strings of P300, MXA910, MXA310, SCM820, ULX-D, SLX-D, Axient Digital; AUDIO_GAIN, TX_MODEL,
TX_MUTE_MODE_STATUS and which parameters a receiver lacks: bitfocus companion-module-shure-wireless.
Transcript: tests/transcripts/shure_driver.json
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from avctl.capabilities.microphone import RadioQuality
from avctl.capabilities.mixer import Fader, Meter, Mute
from avctl.clock import Clock
from avctl.device import Device
from avctl.drivers.shure import commands
from avctl.drivers.shure.channels import Channels, parse_channel
from avctl.drivers.shure.family import FAMILIES, NUMBERS, recognise
from avctl.drivers.shure.health import spelled
from avctl.drivers.shure.setting import gain_set, mute_set
from avctl.drivers.shure.settings import ShureSettings
from avctl.drivers.shure.told import HEALTH, MIXING, told
from avctl.drivers.shure.wire import Decoder, Levels, Report, Sample
from avctl.errors import RefusedError
from avctl.findings import Finding, Level
from avctl.link import Ask
from avctl.points import Point
from avctl.wire import Command, Message

ASKED_AT_ONCE = 2  # questions per refresh
CHORES_AT_ONCE = 4
MOST_PARAMETERS = 512  # names remembered
STALE = 3  # intervals after which a meter tells nothing

IDENTITY = {"MODEL": "model", "FW_VER": "firmware", "DEVICE_ID": "name", "SERIAL_NUM": "serial"}


class Shure(Device):
    """A Shure receiver, mixer or array microphone. Capabilities: Mixer.

    Its points are Fader (the gain), Mute and Meter of each channel; of a wireless one also Transmitter,
    TransmitterMuted, Battery, BatteryBars, Interference and RadioQuality. The channel ``device`` has a mute alone,
    where the model has one for everything. What a model lacks is no point of it.
    """

    driver = "shure"
    Settings = ShureSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "gain": "CHANNEL [DB]: set a gain, or tell it",
        "mute": "CHANNEL on|off: mute or open a channel, or the whole device",
        "meters": "tell what is heard on every channel",
        "batteries": "tell transmitter, battery and radio of every channel",
        "flash": "let the device flash, for 30 seconds, to be found in its rack",
        "preset": "[NUMBER]: recall a preset, or tell which one was",
        "name": "CHANNEL NAME: rename a channel",
        "error": "tell the last error event",
        "version": "tell model, firmware and name",
    }

    def __init__(self, name: str, settings: ShureSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        self._stated = FAMILIES.get(settings.family)
        self._rate = settings.meter_rate
        self._channels = Channels(settings.channels)
        self._parameters: set[str] = set()  # heard of on this connection
        self._model = ""
        self._tells_all = True  # whether it answers GET ALL for all channels at once
        self._metered = True  # as far as it told
        self._round: deque[Command[Report]] = deque()
        self._chores: deque[Point] = deque()  # what may wait until the line is up
        self._changed_at_once = False  # a preset may have changed everything

    def new_decoder(self, scheme: str) -> Decoder:
        return Decoder()

    async def greet(self, ask: Ask) -> None:
        self._forget()
        await self._ask_for_all(ask)
        unknown = [
            each for each in IDENTITY if each not in self._parameters and each != "SERIAL_NUM"
        ]
        await self._each_or_note(ask, [commands.get(each) for each in unknown])
        self._channels.family = self._stated or recognise(self._model, self._parameters)
        self.identity.setdefault("model", f"Shure {self._channels.family.title}")
        await self._find_channels(ask)
        for point in self._channels.untold(MIXING):
            await self._find(ask, point)
        await self._set_meters(ask)
        self._chores = deque(self._channels.untold(HEALTH) if self._is_wireless else ())

    async def refresh(self) -> None:
        if self._changed_at_once:
            self._changed_at_once = False
            await self._each_or_note(self.ask, self._channels.about_all())
        if not self._round:
            await self._beat()
        for _ in range(min(ASKED_AT_ONCE, len(self._round))):
            await self._each_or_note(self.ask, [self._round.popleft()])
        for _ in range(min(CHORES_AT_ONCE, len(self._chores))):
            await self._find(self.ask, self._chores.popleft())

    def heard(self, message: Message) -> None:
        match message:
            case Report():
                self._heard_report(message)
            case Sample(channel, level, radio):
                self._report(Meter(str(channel)), level)
                self._report(RadioQuality(str(channel)), radio)
            case Levels(side, values):
                self._heard_levels(side, values)

    async def read(self, points: Collection[Point]) -> None:
        """Meters and radio are not asked for: their samples come by themselves. Raises the first refusal at the end."""
        questions = self._channels.about(points)
        for point in points:
            self._channels.want(getattr(point, "channel", ""))
        await self._each(self.ask, questions)

    def points(self) -> Sequence[Point]:
        return tuple(dict.fromkeys([*self._channels.points(), *self.state]))

    # Mixer.

    async def set_faders(self, levels: Mapping[str, float]) -> None:
        """Gains are never clamped or rounded to what the receiver resolves. Raises the first refusal at the end."""
        wanted = [
            gain_set(self.name, self._channels, channel, level) for channel, level in levels.items()
        ]
        await self._each(self.ask, wanted)

    async def set_mutes(self, mutes: Mapping[str, bool]) -> None:
        """Raises the first refusal after all were set."""
        wanted = [mute_set(self._channels, channel, on) for channel, on in mutes.items()]
        await self._each(self.ask, wanted)

    # What else it can do; also from the command line.

    async def gain(self, channel: str, level: float | None = None) -> float | None:
        """Set a gain in dB where one is given, and give the one the device reports then."""
        if level is not None:
            await self.set_faders({channel: level})
        await self.read([Fader(channel)])
        reported: float | None = self._value(Fader(channel))
        return reported

    async def mute(self, channel: str, on: bool) -> bool | None:
        """Set a mute, and give the one the device reports then."""
        await self.set_mutes({channel: on})
        await self.read([Mute(channel)])
        reported: bool | None = self._value(Mute(channel))
        return reported

    async def meters(self) -> dict[str, float]:
        """What is heard, in dB below full scale, as far as it is fresh."""
        since = self.clock.now() - STALE * max(self._rate, 1000) / 1000
        return {
            point.channel: reading.value
            for point, reading in self.state.items()
            if isinstance(point, Meter) and reading.at >= since
        }

    async def batteries(self) -> dict[str, str]:
        """Transmitter, battery and radio of each wireless channel; all but the radio asked anew."""
        if not self._is_wireless:
            return {}
        points = [kind(channel) for channel in self._channels.names() for kind in HEALTH]
        await self._each_or_note(
            self.ask, self._channels.about(filter(self._channels.is_told, points))
        )
        return {channel: spelled(channel, self._value) for channel in self._channels.names()}

    async def flash(self) -> None:
        """It ends by itself."""
        await self.ask(commands.set_to("FLASH", "ON"))

    async def preset(self, number: int | None = None) -> int | None:
        """Recall a preset where one is given, and give the one the device reports. Any point may change then."""
        if number is None:
            said = await self.ask(commands.get("PRESET"))
        else:
            said = await self.ask(commands.recall_preset(number))
            self._changed_at_once = True
        return int(said.value) if said.value.isascii() and said.value.isdigit() else None

    async def verb_name(self, channel: str, name: str) -> str:
        parse_channel(channel)
        return (await self.ask(commands.set_name(name, self._channels.spelled(channel)))).value

    async def error(self) -> str:
        """The last error event, in the device's words."""
        return (await self.ask(commands.get("LAST_ERROR_EVENT"))).value

    async def version(self) -> dict[str, str]:
        await self._each_or_note(self.ask, [commands.get(each) for each in IDENTITY])
        return dict(self.identity)

    async def findings(self) -> Sequence[Finding]:
        """Whether it is of another family than the one stated."""
        told = recognise(self._model, self._parameters)
        if self._stated is None or told is self._stated:
            return ()
        return (
            Finding(
                self.name, Level.WATCH, "model",
                f"it is set to {self._stated.title}, and answers like {told.title}",
                f"房间文件设为 {self._stated.title}，而设备的应答像 {told.title}",
                "correct `family` in the room file, or leave it out", "修改或删去房间文件中的 `family`",
            ),
        )  # fmt: skip

    # Greeting.

    def _forget(self) -> None:
        self._channels.forget()
        self._parameters.clear()
        self._round.clear()

    async def _ask_for_all(self, ask: Ask) -> None:
        try:
            await ask(commands.get_all("0"))
        except RefusedError:
            # SLX-D+ tells everything of a channel, but not of all.
            self._tells_all = False
        else:
            self._tells_all = True

    async def _find_channels(self, ask: Ask) -> None:
        if self._tells_all and self._channels.names():
            return
        stated = self._channels.names()
        family = self._channels.family
        for channel in stated or [str(n + 1) for n in range(family.channels)]:
            if family.wireless:
                await self._each_or_note(ask, [commands.get_all(self._channels.spelled(channel))])
            elif not stated:
                await self._find(ask, Fader(channel))

    async def _find(self, ask: Ask, point: Point) -> None:
        """Ask by each parameter that may tell ``point`` until one is answered."""
        for parameter in self._channels.tellers(point):
            try:
                await ask(self._channels.question(point, parameter))
            except RefusedError:
                continue
            return
        self._channels.lacks(point)

    # Upkeep.

    async def _beat(self) -> None:
        """Begin a round of questions with the one that all are known to answer while they are well."""
        family = self._channels.family
        await self._each_or_note(
            self.ask, [commands.get(rate, self._rate_at()) for rate in family.rates]
        )
        if not self._metered:
            await self._set_meters(self.ask)
        self._round = deque(self._channels.about_all())

    async def _set_meters(self, ask: Ask) -> None:
        if not self._rate:
            return
        family = self._channels.family
        at = "0" if family.wireless else ""
        for parameter in family.rates:
            command = commands.set_meter_rate(parameter, self._rate, at, family.rate_digits)
            await self._each_or_note(ask, [command])

    def _rate_at(self) -> str:
        if not self._is_wireless:
            return ""
        return next(iter(self._channels.names()), "1")

    # Hearing.

    def _heard_report(self, said: Report) -> None:
        if len(self._parameters) < MOST_PARAMETERS:
            self._parameters.add(said.parameter)
        if said.parameter in IDENTITY and said.channel is None and said.value:
            self.identity[IDENTITY[said.parameter]] = said.value
            self._model = said.value if said.parameter == "MODEL" else self._model
        if said.parameter in self._channels.family.rates and said.value.isdigit():
            self._metered = int(said.value) > 0
        pair = told(said)
        self._channels.note(said, pair[0] if pair else None)
        if pair and self._report(*pair):
            self.hint()

    def _heard_levels(self, side: str, values: tuple[int, ...]) -> None:
        full_scale = self._channels.family.full_scale
        if full_scale is None or side not in NUMBERS:
            return
        for number, value in zip(NUMBERS[side], values, strict=False):
            if value <= full_scale:
                self._report(Meter(str(number)), float(value - full_scale))

    def _report(self, point: Any, value: Any) -> bool:
        return self._channels.watches(point.channel) and self.report(point, value)

    # Asking several.

    async def _each(self, ask: Ask, questions: Sequence[Command[Any]]) -> None:
        """Raises the first refusal once all were asked; a line that is silent or gone ends it at once."""
        refusal: RefusedError | None = None
        for question in questions:
            try:
                await ask(question)
            except RefusedError as error:
                refusal = refusal or error
        if refusal:
            raise refusal

    async def _each_or_note(self, ask: Ask, questions: Sequence[Command[Any]]) -> None:
        """What one model lacks must not cost the rest."""
        for question in questions:
            try:
                await ask(question)
            except RefusedError as error:
                self.log.debug("%s", error)

    # What is known.

    @property
    def _is_wireless(self) -> bool:
        return self._channels.family.wireless

    def _value(self, point: Point) -> Any:
        reading = self.state.get(point)
        return reading.value if reading else None
