"""The CORIOmaster: logging in, layouts, windows."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from avctl.capabilities.wall import Layout, WindowSource
from avctl.clock import Clock
from avctl.device import Device
from avctl.drivers.coriomaster import commands
from avctl.drivers.coriomaster.session import Session, ShutOutError
from avctl.drivers.coriomaster.settings import CorioMasterSettings
from avctl.drivers.coriomaster.settling import Settling
from avctl.drivers.coriomaster.wire import (
    Event,
    Foreign,
    Greeting,
    Identified,
    LayoutsListed,
    Ready,
    RecallAccepted,
    ReplyDecoder,
    SourceRead,
    Taken,
    WindowRead,
    WindowsListed,
)
from avctl.errors import BusyError, LinkDownError, RefusedError
from avctl.link import Ask
from avctl.points import Point
from avctl.wire import Message

LOCKED_OUT = 30.0  # seconds before a login that was refused is tried again
LONGEST_SETTLING = 25.0  # seconds


class CorioMaster(Device):
    """A CORIOmaster. Capabilities: Wall.

    Layout has a value only once the wall has settled on it, and is None before. Settled means: the controller says
    that this layout was last taken, and two readings of all windows after that (each in its own `read` or refresh,
    0.1 s apart or more) are the same in source, canvas, geometry and stacking. Beyond that, they show what
    ``windows_of`` gives for the layout, and look as the layout did when a recall first settled on it. Where nothing of
    that tells the layout from what stood before it was taken, it is believed only ``settle_time`` seconds after.
    Changing a window unsettles the layout until the window is as it was, or a layout is taken.

    WindowSource gets no new reading while a layout is on its way: the controller may still tell what stood before.

    The controller may tell its windows up to 15 s late after a layout was taken; it answers nothing else meanwhile.
    """

    driver = "coriomaster"
    Settings = CorioMasterSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "layout": "[N]: take a layout and wait until the wall has settled; tell the one it shows",
        "layouts": "tell the stored layouts and their names",
        "windows": "tell the windows and their sources",
        "show": "WINDOW [SOURCE]: put a source (Slot3.In1) into a window; none to empty it",
        "hide": "WINDOW: put a window behind the background",
        "unhide": "WINDOW [ZORDER]: bring a window to the front",
        "version": "tell model, serial number and firmware",
        "reset": "restart the controller",
    }

    refresh_every = 2.0
    settle = 0.11  # a little over what two readings must lie apart
    greet_timeout = 90.0  # a banner that takes its time, then windows that do

    def __init__(self, name: str, settings: CorioMasterSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        self._session = Session(name, settings, clock)
        self._settling = Settling(settings.windows_of, settings.settle_time)
        self._layouts: dict[int, str] | None = None  # None: the controller does not tell them
        self._contradiction = ""
        self._is_shut_out = False
        self._stale = False  # something happened that was not told in full
        self._readers = 0  # how many readings of the whole wall are under way

    def new_decoder(self, scheme: str) -> ReplyDecoder:
        return ReplyDecoder(greets=self._session.begin(scheme))

    async def greet(self, ask: Ask) -> None:
        self._settling.start(self.clock.now())
        try:
            await self._session.open(ask, self.link.figures)
        except ShutOutError:
            self._is_shut_out = True
            self.link.hold_off(LOCKED_OUT)
            raise
        self._is_shut_out = False
        await self._identify(ask)
        try:
            await ask(commands.list_layouts())
        except RefusedError as error:
            self._layouts = None
            self.log.info("%s", error)
        await self._look(ask)

    @property
    def is_shut_out(self) -> bool:
        return self._is_shut_out

    async def refresh(self) -> None:
        await self.ask(commands.read_taken())
        if self._readers:
            return  # they read all that there is; more questions would only keep them waiting
        stale, self._stale = self._stale, False
        if stale or self._settling.is_under_way(self.clock.now()):
            await self._look_at_windows(self.ask)
        elif missing := self._settling.missing:
            await self._read_windows(self.ask, missing[:1])
        else:
            await self.ask(commands.list_windows())

    def heard(self, message: Message) -> None:
        now = self.clock.now()
        match message:
            case Greeting() | Ready() | Foreign():
                self._session.hear(message)
            case Identified(what, text):
                self.identity[what] = text
            case LayoutsListed(names):
                self._layouts = dict(names)
            case Event():
                self._stale = True
                self.hint()
            case RecallAccepted(number):
                self._settling.recall(number, now)
                self.report(Layout(), None)
            case Taken(number):
                self._settling.hear_taken(number, now)
                self._report_unsettled()
            case WindowsListed(numbers):
                self._hear_windows(numbers, now)
            case WindowRead(number, properties):
                ended = self._settling.hear_window(number, properties, now)
                self._report_source(number, commands.source_of(dict(properties).get("input")))
                if ended:
                    self._report_round()
                self._report_unsettled()
            case SourceRead(number, source):
                self._report_source(number, source)
                self._settling.hear_source(number, source)
                self._report_unsettled()

    async def read(self, points: Collection[Point]) -> None:
        """Layout costs a reading of all windows, a window's source one question, or all where a layout may be on its way.

        Raises the first refusal after all were asked.
        """
        refusal: RefusedError | None = None
        if Layout() in points or self._stale or self._settling.is_landing:
            self._stale = False
            self._readers += 1
            try:
                await self._look(self.ask)
            finally:
                self._readers -= 1
        else:
            for point in points:
                if isinstance(point, WindowSource):
                    try:
                        await self.ask(commands.read_source(point.window))
                    except RefusedError as error:
                        refusal = refusal or error
        if refusal:
            raise refusal

    # Wall.

    async def recall_layout(self, number: int) -> None:
        """Raises RefusedError for a layout that the controller does not list, which it might take in silence."""
        command = commands.take(number)
        await self._check_stored(number)
        self._settling.ask(number, self.clock.now())
        try:
            await self.ask(command)
        except (RefusedError, LinkDownError):
            self._settling.spare()
            raise

    async def show(self, sources: Mapping[int, str]) -> None:
        """Sources are named like Slot3.In1; empty is none. Raises the first refusal after all were put."""
        await self._set_each(
            {window: commands.put(window, source) for window, source in sources.items()}
        )

    # What else it can do; also from the command line.

    async def layout(self, number: int = 0) -> int | None:
        """Take a layout where one is given, and wait until the wall has settled, at most 25 s.

        Gives the layout that the wall shows then, or None.
        """
        if number:
            await self.recall_layout(number)
        until = self.clock.now() + LONGEST_SETTLING
        while True:
            with suppress(BusyError):  # a reply that came damaged
                await self.read([Layout()])
            shown: int | None = self.state[Layout()].value
            is_right = shown == number if number else shown is not None
            if is_right or self.clock.now() >= until:
                return shown
            await self.hinted(self.settle)

    async def layouts(self) -> dict[int, str]:
        """The names of the stored layouts, by number, asked anew."""
        return dict((await self.ask(commands.list_layouts())).names)

    async def windows(self) -> dict[int, str]:
        """The sources of the windows, by number, asked anew; empty is none."""
        numbers = (await self.ask(commands.list_windows())).numbers
        return {
            number: (await self.ask(commands.read_source(number))).source or ""
            for number in numbers
        }

    async def verb_show(self, window: int, source: str = "") -> str:
        """Put a source into a window, and give the one the controller reports then."""
        await self.show({window: source})
        return (await self.ask(commands.read_source(window))).source or ""

    async def hide(self, window: int) -> None:
        """Put a window behind the background."""
        await self._set_each({window: commands.stack(window, commands.HIDDEN)})

    async def unhide(self, window: int, zorder: int = commands.SHOWN) -> None:
        """Bring a window before the background; a greater order lies nearer."""
        await self._set_each({window: commands.stack(window, zorder)})

    async def version(self) -> dict[str, str]:
        await self._identify(self.ask)
        return dict(self.identity)

    async def reset(self) -> None:
        """Restart the controller: the wall goes black, and the line with it."""
        await self.ask(commands.reset())

    # Greeting.

    def link_changed(self, up: bool, reason: str) -> None:
        super().link_changed(up, reason if up else self._session.why_down(reason))

    async def _identify(self, ask: Ask) -> None:
        self.identity["model"] = self._session.model
        for question in commands.identities():
            try:
                await ask(question)
            except RefusedError as error:
                self.log.info("%s", error)

    # Asking several.

    async def _look(self, ask: Ask) -> None:
        await ask(commands.read_taken())
        await self._look_at_windows(ask)

    async def _look_at_windows(self, ask: Ask) -> None:
        listed: WindowsListed = await ask(commands.list_windows())
        await self._read_windows(ask, listed.numbers)

    async def _read_windows(self, ask: Ask, windows: Collection[int]) -> None:
        for window in windows:
            try:
                await ask(commands.read_window(window))
            except RefusedError as error:
                # A layout taken after the list was told may have no such window.
                self.log.info("%s", error)
                self._settling.doubt()
                return

    async def _set_each(self, orders: Mapping[int, Any]) -> None:
        """Orders by window."""
        refusal: RefusedError | None = None
        self._settling.edit(orders)
        for order in orders.values():
            try:
                await self.ask(order)
            except RefusedError as error:
                refusal = refusal or error
        if refusal:
            raise refusal

    async def _check_stored(self, number: int) -> None:
        if self._layouts is None or number in self._layouts:
            return
        stored: dict[int, str] = dict((await self.ask(commands.list_layouts())).names)
        if number not in stored:
            names = ", ".join(f"{at} {name}" for at, name in list(stored.items())[:20])
            raise RefusedError(
                self.name, f"no layout {number} is stored; there is {names or 'none'}"
            )

    # What is known.

    def _hear_windows(self, numbers: tuple[int, ...], now: float) -> None:
        if self._settling.begin_round(numbers, now):
            self._report_round()
        self._report_gone(numbers)
        self._report_unsettled()

    def _report_source(self, window: int, source: str | None) -> None:
        if source is not None and not self._settling.is_landing:
            self.report(WindowSource(window), source)

    def _report_gone(self, there: Collection[int]) -> None:
        for point in list(self.state):
            if isinstance(point, WindowSource) and point.window not in there:
                self._report_source(point.window, "")

    def _report_round(self) -> None:
        for window, source in self._settling.shown.items():
            self._report_source(window, commands.source_of(source))
        self._report_gone(self._settling.shown)
        self.report(Layout(), self._settling.layout)
        if self._settling.contradiction != self._contradiction:
            self._contradiction = self._settling.contradiction
            self.log.warning("windows_of: %s", self._contradiction)

    def _report_unsettled(self) -> None:
        """What is no longer so is said at once; what is so, only after a round of readings."""
        known = self.state.get(Layout())
        if self._settling.layout is None and (known is None or known.value is not None):
            self.report(Layout(), None)
