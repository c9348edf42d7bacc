"""The PDU itself: its outlets, its load, its MIB, its communities."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import ClassVar, cast

from hw_sim import mains
from hw_sim.apc_pdu import agent, ber
from hw_sim.apc_pdu.agent import Agent, Complaint, Message, Variable
from hw_sim.apc_pdu.ber import Item, Malformed, ObjectId
from hw_sim.apc_pdu.families import FAMILIES, Control
from hw_sim.apc_pdu.relays import Delays, Limits, Load, Order, Relays
from hw_sim.mains import MainsPowered
from hw_sim.outlets import Outlets
from hw_sim.settings import Settings
from hw_sim.simulator import Conversation, Port

SYSTEM = (1, 3, 6, 1, 2, 1, 1)
DELAYED = {Order.ON: Order.ON_LATER, Order.OFF: Order.OFF_LATER, Order.REBOOT: Order.REBOOT_LATER}


class ApcPdu(MainsPowered):
    """A switched rack PDU; the models are the families of its MIB. On a cpdu writing 1 switches OFF.

    A wrong community is not answered, and counted. Outlets keep their state while the network card starts, and are
    after mains as ``after_mains`` says.

    Device faults: busy is resourceUnavailable (v1: genErr) to everything, refuses is noAccess (v1: noSuchName) to
    every SET; ignores answers a SET with noError and switches nothing; wrong_address answers with another request-id,
    the only mark of whom an answer is for. SNMP has no word for a full buffer: that is without effect.
    """

    driver: ClassVar[str] = "apc_pdu"
    models: ClassVar[tuple[str, ...]] = tuple(FAMILIES)
    boots_in: ClassVar[float] = 30.0
    options: ClassVar[Mapping[str, str]] = {
        "outlets": "how many, 1 to 48 (default 8)",
        "names": "outlet → name (default Outlet 1 and so on)",
        "read_community": "default public",
        "write_community": "default private",
        "object_id": "what sysObjectID tells (default that of the family, as far as one is known)",
        "description": "what sysDescr tells",
        "on": "outlets that are on at the start (default none)",
        "on_delay": "seconds of a delayed on: one number, or outlet → number (default 2)",
        "off_delay": "seconds of a delayed off, likewise (default 2)",
        "reboot_seconds": "without mains in a reboot, likewise (default 5)",
        "switch_seconds": "from an order at once to the contact (default 0.1)",
        "amperes": "outlet → what it draws while it is on (default 0.5 each)",
        "low_load": "amperes below which the load is low (default 0: never)",
        "near_overload": "amperes (default 12)",
        "overload": "amperes (default 16)",
        "after_mains": "last (default), on or off: the outlets when mains comes back",
        **mains.OPTIONS,
    }

    def set_up(self) -> None:
        super().set_up()
        settings = Settings(self.settings)
        self.family = FAMILIES[self.model]
        self.outlets = Outlets(settings.whole("outlets", 8, 1, 48))
        for each in settings.several("on"):
            self.outlets.switch(self._known(int(each)), True)
        self.relays = Relays(
            self.clock,
            self.outlets,
            self._delays(settings),
            settings.number("switch_seconds", 0.1),
        )
        self.limits = Limits(
            settings.number("low_load", 0),
            settings.number("near_overload", 12),
            settings.number("overload", 16),
        )
        self._amperes = dict.fromkeys(self.outlets, 0.5) | {
            number: float(cast("float", amperes))
            for number, amperes in settings.numbered("amperes").items()
        }
        self.names = {each: f"Outlet {each}" for each in self.outlets} | {
            number: str(name) for number, name in settings.numbered("names").items()
        }
        self._after_mains = settings.choice("after_mains", ("last", "on", "off"))
        self.communities = tuple(
            settings.text(f"{which}_community", default).encode()
            for which, default in (("read", "public"), ("write", "private"))
        )
        self.strangers = 0
        self.agent = Agent(dict(self._mib(settings)))

    def _known(self, outlet: int) -> int:
        if outlet not in self.outlets:
            raise ValueError(f"no outlet {outlet}, only 1 to {len(self.outlets)}")
        return outlet

    def _delays(self, settings: Settings) -> dict[int, Delays]:
        def of(name: str, default: float) -> dict[int, float]:
            given = self.settings.get(name, default)
            if not isinstance(given, Mapping):
                return dict.fromkeys(self.outlets, settings.number(name, default))
            own = {number: float(str(each)) for number, each in settings.numbered(name).items()}
            return dict.fromkeys(self.outlets, default) | own

        on, off, reboot = of("on_delay", 2), of("off_delay", 2), of("reboot_seconds", 5)
        return {each: Delays(on[each], off[each], reboot[each]) for each in self.outlets}

    def meet(self, port: Port) -> Conversation:
        return Session(self, port)

    # The MIB.

    def _mib(self, settings: Settings) -> Iterator[tuple[ObjectId, Variable]]:
        family = self.family
        described = f"APC Web/SNMP Management Card (MN:{family.title} SN:SIM000000001)"
        text = settings.text("description", described)
        own = settings.text("object_id", ".".join(map(str, family.object_id)))
        own_id = ber.object_id(tuple(int(part) for part in own.split(".")))
        yield (*SYSTEM, 1, 0), Variable(lambda: ber.octets(text))
        yield (*SYSTEM, 2, 0), Variable(lambda: own_id)
        yield (*SYSTEM, 3, 0), Variable(self._uptime)
        yield (*SYSTEM, 5, 0), Variable(lambda: ber.octets(family.title))
        for outlet in self.outlets:
            read, write = partial(self._state, outlet), partial(self._ordered, outlet)
            yield (*family.outlets.oid, outlet), Variable(read, write)
            yield (*family.names, outlet), Variable(partial(self._name, outlet))
        if family.unit is not None:
            idle = ber.integer(family.unit.idle or 0)
            yield family.unit.oid, Variable(lambda: idle, self._ordered_all)
        for column, numbers in family.loads.items():
            yield (*column, 1), Variable(partial(self._load, numbers))
        if family.amperes is not None:
            yield (*family.amperes, 1), Variable(lambda: ber.integer(round(self.amperes * 10)))

    def _uptime(self) -> Item:
        return ber.integer(int(self.clock.now() * 100) & 0xFFFFFFFF, ber.TIME_TICKS)

    def _name(self, outlet: int) -> Item:
        return ber.octets(self.names[outlet])

    def _state(self, outlet: int) -> Item:
        state = Order.ON if self.outlets.is_closed(outlet) else Order.OFF
        return ber.integer(self.family.number(state))

    def _load(self, numbers: Mapping[Load, int]) -> Item:
        return ber.integer(numbers[self.limits.judge(self.amperes)])

    def _ordered(self, outlet: int, value: Item) -> Callable[[], object]:
        return partial(self.relays.order, outlet, _order(self.family.outlets, value))

    def _ordered_all(self, value: Item) -> Callable[[], object]:
        unit = self.family.unit
        assert unit is not None
        order = (
            _order(unit, value) if value.content != ber.integer(unit.idle or 0).content else None
        )
        return partial(self._order_all, order)

    def _order_all(self, order: Order | None) -> None:
        for outlet in self.outlets if order is not None else ():
            self.relays.order(outlet, cast("Order", order))

    # What it does.

    @property
    def amperes(self) -> float:
        return sum(self._amperes[each] for each in self.outlets if self.outlets.is_live(each))

    def answer(self, asked: Message) -> Message | None:
        """The response, after what was asked for was done; None for none."""
        if asked.community not in self.communities:
            self.strangers += 1
            return None
        sets = asked.kind == agent.SET
        try:
            if self.faults.strikes("busy"):
                raise Complaint(agent.UNAVAILABLE)
            if sets and self.faults.strikes("refuses"):
                raise Complaint(agent.NO_ACCESS)
        except Complaint as complaint:
            return agent.failed(asked, complaint)
        may_write = asked.community == self.communities[1]
        obeys = not (sets and may_write and self.faults.strikes("ignores"))
        return self.agent.answer(asked, may_write=may_write, obeys=obeys)

    def mains(self, on: bool) -> None:
        if on and not self.has_mains and self._after_mains != "last":
            self.outlets.switch_all(self._after_mains == "on")
        super().mains(on)
        self.outlets.supply(on)

    def lose_power(self) -> None:
        self.relays.cancel_all()

    def press_outlet(self, outlet: int, on: bool) -> None:
        """Switch an outlet at the PDU's own display."""
        self._known(outlet)
        if self.is_running:
            self.relays.order(outlet, Order.ON if on else Order.OFF)

    def press_draw(self, outlet: int, amperes: float) -> None:
        """Let what hangs on an outlet draw another current."""
        self._amperes[self._known(outlet)] = float(amperes)

    def truth(self) -> dict[str, object]:
        return {
            "mains": self.has_mains,
            "booting": self.is_booting,
            "outlets": self.outlets.truth(),
            "pending": {str(at): order.name for at, order in self.relays.pending.items()},
            "amperes": round(self.amperes, 2),
            "load": self.limits.judge(self.amperes).name,
            "strangers": self.strangers,
        }


def _order(control: Control, value: Item) -> Order:
    """What a number written to a control means."""
    if value.tag != ber.INTEGER or not 0 < len(value.content) <= 4:
        raise Complaint(agent.WRONG_TYPE)
    number = value.number()
    if number in control.never or number not in control.orders:
        raise Complaint(agent.WRONG_VALUE)
    return control.orders[number]


class Session(Conversation):
    """A peer: each datagram is a message. A malformed one is not answered."""

    def __init__(self, pdu: ApcPdu, port: Port) -> None:
        self._pdu, self._port = pdu, port

    def receive(self, data: bytes) -> None:
        try:
            asked = agent.parse(data)
        except Malformed:
            return
        told = self._pdu.answer(asked)
        if told is None:
            return
        if self._pdu.faults.strikes("wrong_address"):
            told = _for_another(told)
        self._port.send(told.wire)


def _for_another(told: Message) -> Message:
    return Message(
        told.version,
        told.community,
        told.kind,
        told.request + 1 & 0x7FFFFFFF,
        told.first,
        told.second,
        told.bindings,
    )
