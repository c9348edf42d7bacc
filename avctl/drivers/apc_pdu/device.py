"""APC outlet strips over SNMP v1 or v2c: three families and one in which on is off.

Source: PowerNet-MIB, APC-CPDU-MIB; RFC 1157, RFC 3416.
Transcript: tests/transcripts/apc_pdu_driver.json
"""

import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar

from avctl.capabilities.health import Uptime
from avctl.capabilities.outlets import Burden, Load, Outlet
from avctl.clock import Clock
from avctl.device import Device
from avctl.drivers.apc_pdu.family import FAMILIES, Family, Oid, oid
from avctl.drivers.apc_pdu.settings import ApcSettings
from avctl.drivers.apc_pdu.snmp import SnmpDecoder, Told, Value, get, set_to
from avctl.errors import DeviceError, LinkDownError, NoAnswerError, RefusedError
from avctl.link import Ask
from avctl.points import Point
from avctl.transport import Resync
from avctl.wire import Command, Decoder, Message

AT_ONCE = 12  # objects in one question
ASKED_AT_ONCE = 2  # questions per refresh
MOST = 64  # outlets, or parts with a load

DESCRIPTION, UPTIME, NAME = (oid(f"1.3.6.1.2.1.1.{each}.0") for each in (1, 3, 5))
TICKS = 100  # in a second
BURDENS = {1: Burden.NORMAL, 2: Burden.LOW, 3: Burden.NEAR_OVERLOAD, 4: Burden.OVERLOAD}

# As the description of a management card spells them.
CARD = {
    "model": r"\bMN: ?([\w.-]+)",
    "serial": r"\bSN: ?([\w.-]+)",
    "firmware": r"\bAF1: ?([\w.-]+)",
}


class ApcPdu(Device):
    """An APC outlet strip. Capabilities: Outlets.

    Points: Outlet of each outlet, Load of each part that tells one, Uptime.
    """

    driver = "apc_pdu"
    Settings = ApcSettings
    settings: ApcSettings
    verbs: ClassVar[Mapping[str, str]] = {
        "switch": "OUTLET on|off: switch an outlet at once",
        "outlets": "tell every outlet, with its name",
        "loads": "tell how loaded its parts are",
        "reboot": "OUTLET: off, and on again after the time set in the strip",
        "delayed": "OUTLET on|off: switch after the time set in the strip for this outlet",
        "cancel": "OUTLET: give up what is delayed",
    }

    resync = Resync.NONE  # answers have numbers
    resends = (2, 0.6)

    def __init__(self, name: str, settings: ApcSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        self._family: Family | None = None
        self._outlets = 0
        self._names: dict[int, str] = {}
        self._loads: tuple[Oid, ...] = ()
        self._tells_uptime = False
        self._round: deque[Command[Told]] = deque()

    def new_decoder(self, scheme: str) -> Decoder:
        reading, writing = self.settings.communities()
        return SnmpDecoder(self.settings.version, reading, writing)

    # Greeting.

    async def greet(self, ask: Ask) -> None:
        self._round.clear()
        await self._introduce(ask)
        family = self._family = await self._recognise(ask)
        self.identity.setdefault("model", f"APC {family.title}")
        self._outlets = await self._count(ask, family.control)
        if family.names:
            await self._learn_names(ask, family.names)
        self._loads = await self._find_loads(ask, family)

    async def _introduce(self, ask: Ask) -> None:
        try:
            told = await self._offered(ask, DESCRIPTION)
        except NoAnswerError:
            text = "no answer: it is not there, or it does not take this community"
            raise NoAnswerError(self.name, text) from None
        description = _text(told)
        for key, pattern in CARD.items():
            if match := re.search(pattern, description):
                self.identity[key] = match[1]
        if name := _text(await self._offered(ask, NAME)):
            self.identity["name"] = name
        self._tells_uptime = await self._offered(ask, UPTIME) is not None

    async def _recognise(self, ask: Ask) -> Family:
        if self.settings.family != "auto":
            return FAMILIES[self.settings.family]
        for family in FAMILIES.values():
            if isinstance(await self._offered(ask, (*family.control, 1)), int):
                return family
        raise DeviceError(self.name, "it has no outlets of a family that is known")

    async def _count(self, ask: Ask, column: Oid) -> int:
        """How many rows a column has: they are numbered from 1 without a gap."""
        count = 0
        while count < MOST:
            asked = [(*column, row) for row in range(count + 1, min(count + AT_ONCE, MOST) + 1)]
            there = await self._there(ask, asked)
            count += there
            if there < len(asked):
                break
        return count

    async def _there(self, ask: Ask, objects: Sequence[Oid]) -> int:
        """How many of ``objects`` there are before the first that is not. v1 tells by an error which one that is."""
        try:
            told = await ask(get(*objects))
        except RefusedError:
            for number, each in enumerate(objects):
                if await self._offered(ask, each) is None:
                    return number
            return len(objects)
        missing = (number for number, (_, value) in enumerate(told.objects) if value is None)
        return next(missing, len(objects))

    async def _learn_names(self, ask: Ask, column: Oid) -> None:
        for row in range(1, self._outlets + 1):
            if (name := await self._offered(ask, (*column, row))) is None:
                break
            self._names[row] = _text(name)

    async def _find_loads(self, ask: Ask, family: Family) -> tuple[Oid, ...]:
        for column in family.loads:
            if count := await self._count(ask, column):
                return tuple((*column, row) for row in range(1, count + 1))
        return ()

    async def _offered(self, ask: Ask, at: Oid) -> Value:
        """The value of an object, or None where there is none."""
        with suppress(RefusedError):
            told = await ask(get(at))
            return told.objects[0][1]  # type: ignore[no-any-return]
        return None

    # Refreshing and reading.

    async def refresh(self) -> None:
        if not self._round:
            self._round = deque(self._questions(self.points()))
        for _ in range(min(ASKED_AT_ONCE, len(self._round))):
            await self.ask(self._round.popleft())

    async def read(self, points: Collection[Point]) -> None:
        for question in self._questions(points):
            await self.ask(question)

    def points(self) -> Sequence[Point]:
        uptime = (Uptime(),) if self._tells_uptime else ()
        outlets = (Outlet(number) for number in range(1, self._outlets + 1))
        return (*outlets, *(Load(at[-1]) for at in self._loads), *uptime)

    def _questions(self, points: Collection[Point]) -> Iterator[Command[Told]]:
        known = set(self.points())
        asked = [self._object(point) for point in points if point in known]
        for start in range(0, len(asked), AT_ONCE):
            yield get(*asked[start : start + AT_ONCE])

    def _object(self, point: Point) -> Oid:
        match point:
            case Outlet(number):
                return (*self._strip.control, number)
            case Load(number):
                return self._loads[number - 1]
        return UPTIME

    def heard(self, message: Message) -> None:
        if not isinstance(message, Told) or self._family is None:
            return
        for at, value in message.objects:
            if not isinstance(value, int):
                continue
            if at == UPTIME:
                self.report(Uptime(), value // TICKS)
            elif at[:-1] == self._family.control:
                self._heard_outlet(at[-1], self._family.switched(value))
            elif at[:-1] in self._family.loads and value in BURDENS:
                self.report(Load(at[-1]), BURDENS[value])

    def _heard_outlet(self, number: int, on: bool | None) -> None:
        if on is not None and 1 <= number <= MOST:
            self.report(Outlet(number), on)

    # Outlets.

    async def switch(self, outlets: Mapping[int, bool]) -> None:
        for number in outlets:
            self._check(number)
        for number, on in outlets.items():
            await self._write(number, self._strip.on if on else self._strip.off)

    # What else it can do; also from the command line.

    async def verb_switch(self, outlet: int, on: bool) -> None:
        await self.switch({outlet: on})

    async def outlets(self) -> dict[str, str]:
        points = [point for point in self.points() if isinstance(point, Outlet)]
        await self.read(points)
        return {
            point.key: " ".join(filter(None, [self._state(point), self._names.get(point.number)]))
            for point in points
        }

    async def loads(self) -> dict[str, str]:
        points = [point for point in self.points() if isinstance(point, Load)]
        await self.read(points)
        return {point.key: self.state[point].value for point in points if point in self.state}

    async def reboot(self, outlet: int) -> None:
        """Not harmless twice, so it is never sent again by itself."""
        await self._write_once(outlet, self._strip.reboot)

    async def delayed(self, outlet: int, on: bool) -> None:
        await self._write_once(outlet, self._strip.delayed_on if on else self._strip.delayed_off)

    async def cancel(self, outlet: int) -> None:
        await self._write_once(outlet, self._strip.cancel)

    def _state(self, point: Point) -> str:
        reading = self.state.get(point)
        return "unknown" if reading is None else "on" if reading.value else "off"

    @property
    def _strip(self) -> Family:
        if self._family is None:
            text = f"never reached, so its family is not known: {self.reason}"
            raise LinkDownError(self.name, text)
        return self._family

    def _check(self, number: int) -> None:
        """Raises ValueError."""
        _ = self._strip
        if not 1 <= number <= self._outlets:
            raise ValueError(f"outlet {number}: give 1 to {self._outlets}")

    async def _write(self, number: int, value: int) -> None:
        await self.ask(set_to((*self._strip.control, number), value))

    async def _write_once(self, number: int, value: int | None) -> None:
        self._check(number)
        if value is None:
            raise RefusedError(self.name, f"a {self._strip.title} has no command for that")
        command = set_to((*self._strip.control, number), value)
        await self.ask(replace(command, still=_once()))


def _once() -> Callable[[], bool]:
    sent = iter((True,))
    return lambda: next(sent, False)


def _text(value: Any) -> str:
    """The text of a value, fit to be shown."""
    if not isinstance(value, bytes):
        return ""
    return "".join(filter(str.isprintable, value.decode("utf-8", "replace"))).strip()
