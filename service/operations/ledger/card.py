"""The card of one piece of equipment: what was read of it, what people said of it, and its history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from service.operations.ledger.usage import Usage

Text = Mapping[str, str]  # language code ("zh", "en") → text

Standing = Literal["expected", "installed", "away", "lent", "in-repair", "retired"]

# What people say of it. The first four only where the device itself does not.
Fact = Literal[
    "maker", "model", "serial", "firmware", "asset", "category", "position", "supplier",
    "purchased", "warranty", "responsible", "remark",
]  # fmt: skip
FACTS: tuple[str, ...] = get_args(Fact)
READ = ("maker", "model", "serial", "firmware")
DATES = ("purchased", "warranty")

MAKERS = {
    "apc_pdu": "APC", "biamp_ttp": "Biamp", "cisco_roomos": "Cisco", "coriomaster": "tvONE",
    "extron_sis": "Extron", "huawei_te": "Huawei", "hyperdeck": "Blackmagic Design",
    "samsung_mdc": "Samsung", "shure": "Shure",
}  # fmt: skip

# Where a driver knows them under other names.
UNDER: Mapping[str, tuple[str, ...]] = {
    "maker": ("manufacturer",),
    "model": ("model", "part", "information"),
    "serial": ("serial",),
    "firmware": ("firmware", "version", "protocol"),
}
NO_SERIAL = {"", "0", "none", "n/a", "na", "unknown", "-", "null"}

Place = tuple[str, str]  # room, device


@dataclass(frozen=True, slots=True)
class Event:
    """A line of its history."""

    seq: int  # of the journal's entry
    at: str
    by: str
    event: str
    text: Text


@dataclass(frozen=True, slots=True)
class Doubt:
    """What was seen of it that no person has confirmed yet."""

    kind: Literal["replaced", "moved", "duplicate"]
    seq: int
    at: str
    text: Text


@dataclass(frozen=True, slots=True)
class Loan:
    to: str
    until: str  # a date, or empty


@dataclass(eq=False, slots=True)
class Card:
    item: str  # never given twice
    room: str | None  # None: in none of the site's rooms
    name: str  # of the device in its room; of a thing what it is called
    title: Text
    driver: str = ""  # empty: a thing that nothing is connected to
    address: str = ""
    read: dict[str, str] = field(default_factory=dict)  # as the device says who it is
    facts: dict[str, str] = field(default_factory=dict)
    installed: str = ""  # when it was first seen where it is
    first_seen: str = ""
    retired: bool = False
    in_repair: bool = False
    loan: Loan | None = None
    doubt: Doubt | None = None
    usage: Usage = field(default_factory=Usage)
    history: list[Event] = field(default_factory=list)

    @property
    def place(self) -> Place | None:
        return (self.room, self.name) if self.room is not None and self.driver else None

    @property
    def standing(self) -> Standing:
        if self.retired:
            return "retired"
        if self.in_repair:
            return "in-repair"
        if self.loan:
            return "lent"
        if self.room is None:
            return "away"
        return "installed" if self.first_seen or not self.driver else "expected"

    def told(self, what: str) -> str:
        """As it was read; empty where the device does not say."""
        for key in UNDER[what]:
            if found := self.read.get(key, "").strip():
                return "" if what == "serial" and found.lower() in NO_SERIAL else found
        return MAKERS.get(self.driver, "") if what == "maker" else ""

    def says(self, what: str) -> str:
        """What was read, or else what people say."""
        return (self.told(what) if what in READ else "") or self.facts.get(what, "")

    @property
    def serial(self) -> str:
        """Letters and digits alone: what is printed and what is sent often differ in the rest."""
        return plain_serial(self.says("serial"))


def plain_serial(text: str) -> str:
    kept = "".join(char for char in text.upper() if char.isalnum())
    return "" if kept.strip("0") == "" else kept


def text(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}
