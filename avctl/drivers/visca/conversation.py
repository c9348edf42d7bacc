"""How a VISCA camera is greeted, asked and heard."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import cycle
from typing import Any, ClassVar, TypeVar, cast

from avctl.capabilities.camera import Aim, FocusMode, Framing, Menu, Moving, Preset, Tally
from avctl.capabilities.power import Power, PowerState
from avctl.clock import Clock
from avctl.device import Device, DriverSettings
from avctl.drivers.visca import commands, inquiries, wire
from avctl.drivers.visca.gaze import Gaze, Spot
from avctl.drivers.visca.models import MODELS, Model, by_version
from avctl.drivers.visca.settings import ViscaSettings, Wrapping
from avctl.errors import BusyError, DeviceError, NoAnswerError, RefusedError
from avctl.findings import Finding, Level
from avctl.link import Ask, Link
from avctl.points import Point
from avctl.transport import Resync
from avctl.wire import Command, Decoder, Message

A = TypeVar("A")

HEADER_PORT = 52381
ASKS = 3  # times an inquiry is put to a busy camera
LOSSY_PATIENCE = 6  # unanswered in a row before a link without numbers is given up
LOSSY_WITHIN = 0.4  # seconds for an answer on such a link
RESTLESS = 5  # times in a row that a line is numbered anew though it changes as it is greeted
DEAF_TO = 3  # times an inquiry stays unanswered before it is not put any more
CHANGED = "the line of cameras has changed"  # why a line is given up on which one has started
NO_DANCE = 45.0  # seconds at rest in which a head that moves at start has begun to
AFTER_DANCE = 2.0  # seconds at rest after which it is through
TWICE_MORE = 2  # looks until two positions are the same, where it came to rest during the first
NO_DEGREE = 0.02  # degrees that are no movement

# Asked one at each refresh, beside power and position.
SELDOM: tuple[type[Point], ...] = (FocusMode, Menu, Tally)


class ViscaConversation(Device):
    """The asking and hearing half of `Visca`."""

    Settings: ClassVar[type[DriverSettings]] = ViscaSettings

    overlap = True
    resends = (4, 0.3)
    settle = 0.1

    def __init__(self, name: str, settings: DriverSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        self.settings: ViscaSettings = cast(ViscaSettings, settings)
        self._scheme = ""
        self._header = False
        self._lossy = False  # datagrams without numbers: what is lost is not sent again below us
        self._on_bus = False
        self._unanswered = False  # the last thing asked of it was not answered
        self._renumbered = 0  # times in a row that the line has changed while it was greeted
        self._gaze = Gaze(self.settings.known_framings())
        self._pan_tilt: inquiries.PanTiltIs | None = None
        self._awake_by = 0.0  # when it obeys at the latest after a power-on
        self._danced = False
        self._refused: set[bytes] = set()  # inquiries this camera does not know
        self._silent: dict[bytes, int] = {}  # inquiries it has never answered, and how often
        self._knows: set[bytes] = set()  # inquiries it has answered: silence proves nothing of them
        self._seldom = cycle(SELDOM)
        self._driven: tuple[float, float, float] | None = None  # as accepted last
        self._tally_lit: float | None = None  # when
        self._take_model(self.settings.profile() or MODELS["ptzoptics"])

    @property
    def framings(self) -> dict[int, Framing]:
        """Where presets look, as far as told or learnt."""
        return self._gaze.framings

    @property
    def model(self) -> Model:
        return self._model

    def _take_model(self, model: Model) -> None:
        if self.settings.ceiling:
            model = model.upside_down()
        if self.settings.late_ack is not None:
            model = replace(model, late_ack=self.settings.late_ack)
        self._model = model
        self._digits = model.pan_digits, model.tilt_digits
        self.gap = model.gap
        self._gaze.slack = max(1, round(NO_DEGREE * model.units))

    # The line.

    def attach(self, link: Link) -> None:
        super().attach(link)
        self._scheme = link.address.scheme

    def new_decoder(self, scheme: str) -> Decoder:
        self._header = scheme == "udp" and self._wants_header()
        if self._header:
            self.resync = Resync.NONE
            return wire.Envelope()
        self._lossy = scheme == "udp"
        if self._lossy:
            self.patience = LOSSY_PATIENCE
        return wire.Frames(chained=self._chained, datagrams=self._lossy)

    def _wants_header(self) -> bool:
        if self.settings.envelope is not Wrapping.AUTO:
            return self.settings.envelope is Wrapping.HEADER
        named = self.settings.profile()
        return bool(named and named.sony) or self.link.address.port == HEADER_PORT

    @property
    def _chained(self) -> bool:
        return self._scheme in ("serial", "rfc2217")

    def concerns(self, message: Message) -> bool:
        return getattr(message, "address", wire.ANY) in (wire.ANY, self.settings.address)

    @classmethod
    async def enumerate(cls, ask: Ask, devices: Sequence[Device]) -> None:
        for device in devices:
            if isinstance(device, ViscaConversation):
                device._on_bus = True
        await cls._number(ask, devices)

    @classmethod
    async def find(cls, ask: Ask, devices: Sequence[Device]) -> None:
        """Number them anew, and clear nothing: a camera that has started unheard is number 1, as the first one is."""
        with suppress(NoAnswerError):
            await ask(commands.number_cameras())

    @classmethod
    async def _number(cls, ask: Ask, devices: Sequence[Device]) -> None:
        try:
            following = (await ask(commands.number_cameras())).following
            await ask(commands.clear_all())
        except NoAnswerError:
            return  # not every camera numbers itself: whether it is there, its greeting tells
        if following - 1 < len(devices):
            names = ", ".join(device.name for device in devices)
            devices[0].log.warning("the line has %d cameras, not %s", following - 1, names)

    def link_changed(self, up: bool, reason: str) -> None:
        if not up:
            self._gaze.lose()
            self._pan_tilt = self._driven = None
            if reason == CHANGED and (self._unanswered or not self.up):
                self._starts()  # it is the one
        super().link_changed(up, reason)

    def _starts(self) -> None:
        """Its head has still to run to its end stops, and nothing that it says of where it looks will stay."""
        self._danced = False
        self._awake_by = self.clock.now() + self._model.power_on

    # Greeting and asking.

    async def ask(self, command: Command[A]) -> A:
        try:
            answer = await super().ask(command)
        except NoAnswerError:
            self._unanswered = True
            raise
        if answer is not None:  # what is presumed to have arrived was not answered either
            self._unanswered = False
        return answer

    async def greet(self, ask: Ask) -> None:
        self._refused.clear()
        if self._header:
            await ask(commands.reset())
        if self._chained and not self._on_bus:
            await self._number(ask, [self])
        await self._inquire(ask, inquiries.read_power(self.settings.address))
        await self._optional(ask, inquiries.read_version(self.settings.address))
        if self._standby:
            return
        await self._look(ask)
        for kind in SELDOM:
            await self._read_seldom(ask, kind)

    async def refresh(self) -> None:
        await self._inquire(self.ask, inquiries.read_power(self.settings.address))
        if self._standby:
            return  # some cameras in standby do not wake any more once asked for other things
        await self._look(self.ask)
        await self._read_seldom(self.ask, next(self._seldom))
        await self._keep_tally_lit()

    async def read(self, points: Collection[Point]) -> None:
        kinds = {type(point) for point in points}
        if PowerState in kinds or self._standby:
            await self._inquire(self.ask, inquiries.read_power(self.settings.address))
        if self._standby:
            return
        if kinds & {Preset, Aim, Moving}:
            await self._look(self.ask)
            for _ in range(TWICE_MORE):
                if self._gaze.may_be_through:
                    await self._look(self.ask)
        elif self._booting:
            with suppress(RefusedError):
                await self._look(self.ask)
        for kind in SELDOM:
            if kind in kinds:
                await self._read_seldom(self.ask, kind)

    def points(self) -> Sequence[Point]:
        own: list[Point] = [PowerState(), Preset(), Aim(), Moving(), FocusMode()]
        return (*own, *(point for point in (Tally(), Menu()) if point in self.state))

    @property
    def _booting(self) -> bool:
        return self.clock.now() < self._awake_by

    @property
    def _tells_status(self) -> bool:
        head = inquiries.read_head(self.settings.address).wire
        return self._model.status and head not in self._refused

    @property
    def _has_tally(self) -> bool:
        question = inquiries.read_tally(self.settings.address).wire
        return self._model.sony and question not in self._refused

    @property
    def _standby(self) -> bool:
        reading = self.state.get(PowerState())
        return reading is not None and reading.value is Power.OFF

    async def _look(self, ask: Ask) -> None:
        """Ask for the position, and for what else tells that it is the last one."""
        at = self.settings.address
        if self._model.status and (self._gaze.seeks or self._booting):
            await self._optional(ask, inquiries.read_head(at))
            if self._gaze.seeks:
                await self._optional(ask, inquiries.read_lens(at))
                await self._optional(ask, inquiries.read_last_recalled(at))
        await self._inquire(ask, inquiries.read_pan_tilt(at))
        await self._inquire(ask, inquiries.read_zoom(at))

    async def _read_seldom(self, ask: Ask, kind: type[Point]) -> None:
        at = self.settings.address
        if kind is FocusMode:
            await self._optional(ask, inquiries.read_focus(at))
        elif kind is Menu:
            await self._optional(ask, inquiries.read_menu(at))
        elif kind is Tally and self._model.sony:
            await self._optional(ask, inquiries.read_tally(at))

    async def _inquire(self, ask: Ask, command: Command[A]) -> A:
        """Ask, again where the camera was busy, or its answer may have been lost."""
        last: DeviceError
        if self._lossy:
            command = replace(command, timeout=LOSSY_WITHIN)
        for _ in range(ASKS):
            try:
                return cast(A, await ask(command))
            except BusyError as error:
                last = error
                await self.clock.sleep(error.wait)
            except NoAnswerError as error:
                if not self._lossy:
                    raise
                last = error
        if isinstance(last, BusyError) and last.wait == 0.0:
            self.link.drop("sequence numbers are out of step")
        raise last

    async def _optional(self, ask: Ask, command: Command[A]) -> A | None:
        """Ask what not every camera knows; those who refuse it or never say anything are not asked again."""
        if command.wire in self._refused or self._silent.get(command.wire, 0) >= DEAF_TO:
            return None
        try:
            answer = await self._inquire(ask, command)
        except BusyError:
            return None
        except RefusedError:
            self._refused.add(command.wire)
            return None
        except NoAnswerError:
            if command.wire not in self._knows:
                self._silent[command.wire] = self._silent.get(command.wire, 0) + 1
            raise
        self._knows.add(command.wire)
        self._silent.pop(command.wire, None)
        return answer

    async def _keep_tally_lit(self) -> None:
        fades = self._model.tally_fades
        if fades is None or self._tally_lit is None:
            return
        if self.clock.now() - self._tally_lit > fades * 2 / 3:
            self._tally_lit = self.clock.now()
            await self.ask(commands.tally(self.settings.address, True))

    # Hearing.

    def heard(self, message: Message) -> None:
        match message:
            case wire.Completion():
                self._gaze.complete()
                self._awake_by = 0.0
                self.hint()
            case wire.Error():
                self._hear_error(message)
            case wire.NetworkChange() if self._chained:
                self._number_anew()
            case wire.RemoteUsed():
                self.hint()
            case _:
                self._hear_answer(message)

    def _number_anew(self) -> None:
        """A camera that has started is number 1 until it is numbered, whoever else is; so those behind it."""
        self._renumbered = 0 if self.link.up else self._renumbered + 1
        if self._renumbered <= RESTLESS:  # not for ever, where numbering itself is told as a change
            self.link.drop(CHANGED)

    def _hear_error(self, error: wire.Error) -> None:
        self.log.info("%s (socket %d)", error, error.socket)
        if error.running:
            self._gaze.abandon()
            self.hint()

    def _hear_answer(self, message: Message) -> None:
        match message:
            case inquiries.PowerIs(power=power):
                waking = self._booting and power is Power.ON
                self.report(PowerState(), Power.WARMING if waking else power)
            case inquiries.PanTiltIs():
                self._pan_tilt = message
                self._digits = message.digits
            case inquiries.ZoomIs(zoom=zoom):
                self._hear_position(zoom)
            case inquiries.HeadIs():
                self._gaze.busy = self._gaze.busy or message.moving
                if message.ready:
                    self._awake_by = 0.0
                elif message.starting:
                    self._awake_by = self.clock.now() + self._model.power_on
            case inquiries.LensIs():
                self._gaze.busy = self._gaze.busy or message.busy
            case inquiries.RecalledLast(code=code):
                self._gaze.last_recalled = None if code is None else code + self._model.preset_base
            case inquiries.FocusIs(mode=mode):
                self.report(FocusMode(), mode)
            case inquiries.TallyIs(on=on):
                self.report(Tally(), on)
            case inquiries.MenuIs(shown=shown):
                self.report(Menu(), shown)
            case inquiries.VersionIs():
                self._hear_version(message)

    def _hear_position(self, zoom: int) -> None:
        at, self._pan_tilt = self._pan_tilt, None
        if at is None:
            return
        framing = self._model.framing(at.pan, at.tilt, zoom)
        self._gaze.note(Spot(at.pan, at.tilt, zoom), framing, self.clock.now())
        if not self._gaze.is_under_way_to(framing):
            self.report(Aim(), framing)
        moving = self._gaze.moving
        if moving is not None:
            self.report(Moving(), moving)
        if self._booting and not self._tells_status:
            self._watch_boot_dance()
            if self._booting:
                return  # where it looks now is not where it will look
        try:
            self.report(Preset(), self._gaze.shown())
        except LookupError:
            return

    def _watch_boot_dance(self) -> None:
        """A head runs to its end stops when it starts; some cameras never say that they are through."""
        self._danced = self._danced or self._gaze.moving is True
        if self._gaze.rested > (AFTER_DANCE if self._danced else NO_DANCE):
            self._awake_by = 0.0

    def _hear_version(self, said: inquiries.VersionIs) -> None:
        known = by_version(said.vendor, said.model)
        code = f"{said.vendor:04X}/{said.model:04X}"
        if self.settings.profile() is None and known is None:
            self.log.warning("no profile for %s: taken for a %s", code, self._model.title)
        if self.settings.profile() is None and known is not None:
            self._take_model(known)
        named = self.settings.profile() or known
        self.identity = {"model": named.title if named else code, "firmware": f"{said.rom:04X}"}
        self.identity["version"] = code

    async def findings(self) -> Sequence[Finding]:
        """Whether the camera calls itself something other than the model set for it."""
        set_to = self.settings.profile()
        vendor, _, model = self.identity.get("version", "").partition("/")
        told = by_version(int(vendor, 16), int(model, 16)) if vendor and model else None
        if set_to is None or told is None or told is set_to or set(set_to.ids) & set(told.ids):
            return ()
        return (
            Finding(
                self.name, Level.WATCH, "model",
                f"it is set to {set_to.title}, and says that it is a {told.title}",
                f"房间文件设为 {set_to.title}，而设备自称 {told.title}",
                "correct `model` in the room file, unless this maker borrows another's number",
                "修改房间文件中的 `model`;若该厂家借用了他人编号则可忽略",
            ),
        )  # fmt: skip

    def _why(self, refused: str) -> str:
        """What is known to keep a camera from obeying."""
        if wire.MEANINGS[wire.NOT_EXECUTABLE] not in refused:
            return refused
        return f"{refused}: {self._cause()}"

    def _cause(self) -> str:
        facts: dict[Point, Any] = {point: reading.value for point, reading in self.state.items()}
        if facts.get(PowerState()) is Power.OFF:
            return "it is in standby"
        if facts.get(PowerState()) is Power.WARMING:
            return "it is starting"
        if facts.get(Menu()):
            return "its menu is open"
        return "it may be in standby, starting, in a menu, or busy with white balance"
