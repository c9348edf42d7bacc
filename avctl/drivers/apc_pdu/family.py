"""The families of APC outlet strips, whose objects and numbers differ: what is on in one is off in another.

Source: PowerNet-MIB (rPDU, rPDU2, ePDU), APC-CPDU-MIB. Where the names of outlets stand: Network UPS Tools apc-mib,
Checkmk apc_netshelter; rPDUStatusPhaseState: a walk of an AP7900 in Network UPS Tools.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Oid = tuple[int, ...]


def oid(text: str) -> Oid:
    return tuple(map(int, text.split(".")))


APC = oid("1.3.6.1.4.1.318.1.1")


@dataclass(frozen=True)
class Family:
    """Where its outlets are switched, and the numbers that do it. None: it has no number for that."""

    title: str
    control: Oid  # the column that is written to switch, and read for how it stands
    on: int
    off: int
    reboot: int | None = None
    delayed_on: int | None = None
    delayed_off: int | None = None
    cancel: int | None = None
    names: Oid | None = None
    loads: tuple[
        Oid, ...
    ] = ()  # columns that may tell how loaded parts of it are; the first that does

    def switched(self, number: int) -> bool | None:
        """What a value of the column says of an outlet. None: nothing that can be told now."""
        return {self.on: True, self.off: False}.get(number)


# In the order they are looked for: an rPDU2 may answer some objects of an rPDU as well.
FAMILIES: Mapping[str, Family] = {
    "rpdu2": Family(
        "rPDU2 (AP8xxx)",
        (*APC, *oid("26.9.2.4.1.5")),
        on=1, off=2, reboot=3, delayed_on=5, delayed_off=6, cancel=8,
        names=(*APC, *oid("26.9.2.3.1.3")),
    ),
    "rpdu": Family(
        "rPDU (AP79xx)",
        (*APC, *oid("12.3.3.1.1.4")),
        on=1, off=2, reboot=3, delayed_on=4, delayed_off=5, cancel=7,
        names=(*APC, *oid("12.3.3.1.1.2")),
        loads=((*APC, *oid("12.5.6.1.3")), (*APC, *oid("12.5.4.1.3"))),
    ),
    "cpdu": Family(
        "CPDU",
        (*APC, *oid("32.5.5.1.4")),
        on=2, off=1, reboot=5, delayed_on=4, delayed_off=3,
        names=(*APC, *oid("32.5.5.1.3")),
    ),
    "epdu": Family("ePDU", (*APC, *oid("30.6.2.1.4")), on=1, off=2),
}  # fmt: skip
