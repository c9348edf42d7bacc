"""The families of PDUs: where each keeps its outlets and its loads, and which number means what.

Names of outlets and the load rows of rPDU2 are objects of the PowerNet-MIB; only the numbers of the control objects
are in the transcript.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hw_sim.apc_pdu.ber import ObjectId
from hw_sim.apc_pdu.relays import Load, Order

APC = (1, 3, 6, 1, 4, 1, 318)
UNIT = (*APC, 1, 1)


def _at(text: str) -> ObjectId:
    """An object below the PDUs' branch, as the MIB writes it."""
    return UNIT + tuple(int(part) for part in text.split("."))


@dataclass(frozen=True, slots=True)
class Control:
    """An object that orders are written to; its value is a state, or says that nothing is under way."""

    oid: ObjectId
    orders: Mapping[int, Order]
    idle: int | None = None  # what a read gives, where it does not give the state
    never: frozenset[int] = frozenset()  # numbers that a read may give and nobody may write


@dataclass(frozen=True, slots=True)
class Family:
    title: str
    outlets: Control
    names: ObjectId
    object_id: ObjectId
    unit: Control | None = None
    loads: Mapping[ObjectId, Mapping[Load, int]] = field(default_factory=dict)
    amperes: ObjectId | None = None  # in tenths

    def number(self, order: Order) -> int:
        """Which number of the outlets' control means an order, or a state."""
        return next(number for number, each in self.outlets.orders.items() if each is order)


def _numbers(
    on: int, off: int, reboot: int, later: tuple[int, int, int] | None
) -> dict[int, Order]:
    """``later``: on, off and reboot after the outlet's own delay."""
    orders = {on: Order.ON, off: Order.OFF, reboot: Order.REBOOT}
    if later is not None:
        orders |= dict(
            zip(later, (Order.ON_LATER, Order.OFF_LATER, Order.REBOOT_LATER), strict=True)
        )
    return orders


NORMAL_FIRST = {Load.NORMAL: 1, Load.LOW: 2, Load.NEAR: 3, Load.OVER: 4}
LOW_FIRST = {Load.LOW: 1, Load.NORMAL: 2, Load.NEAR: 3, Load.OVER: 4}

FAMILIES: Mapping[str, Family] = {
    "rpdu": Family(
        "AP7920",
        Control(_at("12.3.3.1.1.4"), _numbers(1, 2, 3, (4, 5, 6)) | {7: Order.CANCEL}),
        names=_at("12.3.3.1.1.2"),
        object_id=(*APC, 1, 3, 4, 5),
        unit=Control(_at("12.3.1.1.0"), _numbers(2, 3, 4, (5, 6, 7)) | {8: Order.CANCEL}, idle=1),
        loads={_at("12.5.6.1.3"): NORMAL_FIRST, _at("12.2.3.1.1.3"): NORMAL_FIRST},
        amperes=_at("12.2.3.1.1.2"),
    ),
    "rpdu2": Family(
        "AP8953",
        Control(
            _at("26.9.2.4.1.5"),
            _numbers(1, 2, 3, (5, 6, 7)) | {8: Order.CANCEL},
            never=frozenset({4}),
        ),
        names=_at("26.9.2.4.1.3"),
        object_id=(*APC, 1, 3, 4, 6),
        unit=Control(_at("26.4.4.1.4.1"), _numbers(1, 3, 4, (2, 7, 5)) | {8: Order.CANCEL}, idle=6),
        loads={_at("26.6.3.1.4"): LOW_FIRST},
        amperes=_at("26.6.3.1.5"),
    ),
    "cpdu": Family(
        "APDU9953",
        Control(_at("32.5.5.1.4"), _numbers(2, 1, 5, (4, 3, 6)), never=frozenset({7})),
        names=_at("32.5.5.1.3"),
        object_id=APC,
    ),
    "epdu": Family(
        "EPDU1016S",
        Control(_at("30.6.2.1.4"), {1: Order.ON, 2: Order.OFF}, never=frozenset({3})),
        names=_at("30.6.2.1.2"),
        object_id=(*APC, 1, 3, 4, 9),
    ),
}
