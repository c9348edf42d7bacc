"""The ledger as the journal tells it: which equipment there is, where it is, and what became of it. Pure.

A device is known again by its serial number, wherever it answers. One without is known by its place, its model
and its address. What a room's file says is a place; what stands there has a card. When another serial number
answers at a place, the card that was there is away, and another one takes its place: the card of the device
that has this number, which then has moved, or a new one, and then the device was replaced.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.journal import Entry
from service.operations.ledger.card import (
    FACTS,
    Card,
    Doubt,
    Event,
    Place,
    Text,
    text,
)
from service.operations.ledger.said import SAID
from service.operations.ledger.telling_apart import is_another, name_of, only_at, place_of
from service.operations.ledger.usage import ALWAYS, Link, Usage, Window

# What a device said it is may be what another one said before it, until it was asked itself.
SURE = 120.0  # seconds

KIND = "ledger"
INCIDENT = "incident-log"
KINDS = frozenset({KIND, INCIDENT, "device", "identity", "power", "service", "opened"})


class Book:
    """Takes the journal's entries by `take`, in order."""

    def __init__(self, window: Window = ALWAYS, ends: Mapping[int, str] | None = None) -> None:
        """``ends``: when the entry before a start of the journal was noted, by the number of that start."""
        self.cards: dict[str, Card] = {}
        self.at: dict[Place, Card] = {}
        self.addresses: dict[Place, tuple[str, str]] = {}  # of the room files: driver, address
        self.titles: dict[Place, Text] = {}
        self.vacated: dict[Place, Card] = {}  # places whose device has moved, until one answers
        self._window, self._ends = window, ends if ends is not None else {}
        self._running = False
        self._last = ""
        self._incidents: dict[int, tuple[Card, datetime]] = {}
        self._made = 0  # cards made by the entry that is being taken

    # What it tells.

    def in_order(self) -> list[Card]:
        """By room and name; what is in no room last."""
        return sorted(
            self.cards.values(), key=lambda card: (card.room is None, card.room or "", card.name)
        )

    def holder(self, serial: str, driver: str, but: Card | None = None) -> Card | None:
        """Whose serial number it is."""
        if not serial:
            return None
        return next(
            (
                card
                for card in self.cards.values()
                if card is not but
                and card.driver == driver
                and card.serial == serial
                and not card.retired
            ),
            None,
        )

    # From the journal.

    def take(self, entry: Entry) -> None:
        """What it does not understand it passes over. Raises what a damaged entry leads to."""
        self._made = 0
        match entry.kind:
            case "opened":
                if self._running:
                    self._suspend(self._ends.get(entry.seq, self._last) or entry.at)
            case "service":
                self._running = entry.data.get("event") == "start"
                if not self._running:
                    self._suspend(entry.at)
            case "device" | "identity":
                self._device(entry)
            case "power":
                if card := self.at.get(_place(entry)):
                    is_on = entry.data.get("state") in ("on", "warming")
                    card.usage.switch(is_on, _moment(entry))
            case "incident-log":
                self._incident(entry)
            case "ledger":
                self._said(entry)
        self._last = entry.at

    def _suspend(self, at: str) -> None:
        moment = datetime.fromisoformat(at)
        for card in self.cards.values():
            card.usage.suspend(moment)
        self._running = False

    # What devices do.

    def _device(self, entry: Entry) -> None:
        place = _place(entry)
        if entry.kind == "device" and not entry.data.get("up"):
            if card := self.at.get(place):
                link = Link.DARK if entry.data.get("dark") else Link.AWAY
                card.usage.turn(link, _moment(entry))
            return
        identity = {str(k): str(v) for k, v in (entry.data.get("identity") or {}).items()}
        card = self._who_answers(entry, place, identity)
        card.usage.turn(Link.UP, _moment(entry))
        self._note_identity(entry, card, identity)
        if card.loan or card.in_repair:
            card.loan, card.in_repair = None, False
            self._line(entry, card, "returned", text("重新连接，已归还", "answers again: returned"))

    def _who_answers(self, entry: Entry, place: Place, identity: Mapping[str, str]) -> Card:
        """The card of the device that answers at ``place``, put there if it was not."""
        here = self.at.get(place)
        if here and here.read == identity:
            return here
        heard = Card("", None, place[1], {}, self._driver(place), read=dict(identity))
        other = self.holder(heard.serial, heard.driver, but=here)
        is_known = not heard.serial or bool(here and here.told("serial")) or other is None
        if here and is_known and not is_another(here, heard):
            return here
        if other and other.usage.link is Link.UP:
            return self._duplicate(entry, place, here, heard, other)
        if here:
            self._displace(entry, here, heard)
        if other:
            return self._move(entry, other, place)
        before = here or self.vacated.get(place)
        card = self._new(entry, place)
        if before and before.first_seen:
            now, was = name_of(heard), name_of(before)
            said = text(
                f"此处更换为另一台设备：{now}，原 {was}",
                f"another device answers here: {now}, was {was}",
            )
            self._doubt(entry, card, "replaced", said)
        return card

    def _duplicate(
        self, entry: Entry, place: Place, here: Card | None, heard: Card, other: Card
    ) -> Card:
        """Two devices that say the same number cannot be told apart by it: each keeps its place."""
        card = here or self._new(entry, place)
        if card.doubt is None or card.doubt.kind != "duplicate":
            number = heard.told("serial")
            said = text(
                f"序列号 {number} 与 {place_of(other)['zh']} 的设备相同",
                f"its serial {number} is that of the device at {place_of(other)['en']} too",
            )
            self._doubt(entry, card, "duplicate", said)
        return card

    def _displace(self, entry: Entry, card: Card, heard: Card) -> None:
        place = card.place
        card.usage.suspend(_moment(entry))
        if place and self.at.get(place) is card:
            del self.at[place]
        seen = datetime.fromisoformat(card.first_seen) if card.first_seen else _moment(entry)
        if (_moment(entry) - seen).total_seconds() < SURE and not card.facts:
            del self.cards[card.item]  # it was only awaited, or taken for another one
            return
        was, card.room = place_of(card), None
        said = text(
            f"已不在{was['zh']}：该处现为 {name_of(heard)}",
            f"is not at {was['en']} any more: there is {name_of(heard)} now",
        )
        self._line(entry, card, "removed", said)

    def _move(self, entry: Entry, card: Card, place: Place) -> Card:
        before = place_of(card)
        if card.place and self.at.get(card.place) is card:
            del self.at[card.place]
            self.vacated[card.place] = card
        card.usage.suspend(_moment(entry))
        card.room, card.name = place
        card.title = self.titles.get(place, card.title)
        card.address = self.addresses.get(place, ("", card.address))[1]
        card.installed = entry.at
        self.at[place] = card
        self.vacated.pop(place, None)
        after = place_of(card)
        said = text(
            f"由{before['zh']}移至{after['zh']}", f"moved from {before['en']} to {after['en']}"
        )
        self._doubt(entry, card, "moved", said)
        return card

    def _note_identity(self, entry: Entry, card: Card, identity: Mapping[str, str]) -> None:
        if not card.first_seen:
            card.first_seen = card.installed = entry.at
            where = place_of(card)
            said = text(f"安装于{where['zh']}", f"installed at {where['en']}")
            self._line(entry, card, "installed", said)
        before = card.told("firmware")
        card.read |= identity
        now = card.told("firmware")
        if before and now and before != now:
            said = text(f"固件由 {before} 变为 {now}", f"firmware {before} became {now}")
            self._line(entry, card, "firmware", said)

    # What people say, and the room files.

    def _said(self, entry: Entry) -> None:
        data = entry.data
        event = str(data.get("event"))
        if event == "roster":
            self._roster(entry)
        elif event == "facts":
            for change in data.get("changes", ()):
                self._facts(entry, change)
        elif event == "added":
            for thing in data.get("things", ()):
                self._added(entry, thing)
        elif (card := self.cards.get(str(data.get("item")))) and event in SAID:
            self._line(entry, card, event, SAID[event](card, data))
            if event == "retired" and card.place and self.at.get(card.place) is card:
                del self.at[card.place]
                card.usage.suspend(_moment(entry))

    def _facts(self, entry: Entry, change: Mapping[str, Any]) -> None:
        card = self.cards.get(str(change.get("item")))
        if card is None:
            return
        facts = {str(k): str(v) for k, v in change.get("facts", {}).items() if k in FACTS}
        for key, value in facts.items():
            if value:
                card.facts[key] = value
            else:
                card.facts.pop(key, None)
        keys = ", ".join(facts)
        self._line(entry, card, "facts", text(f"登记：{keys}", f"on the card: {keys}"))

    def _added(self, entry: Entry, thing: Mapping[str, Any]) -> None:
        title = text(str(thing["title"]["zh"]), str(thing["title"]["en"]))
        card = Card(self._number(entry), thing.get("room"), str(thing["name"]), title)
        card.facts = {str(k): str(v) for k, v in thing.get("facts", {}).items() if k in FACTS}
        card.usage = Usage(self._window)
        self.cards[card.item] = card
        self._line(entry, card, "added", text("登记入账", "entered into the ledger"))

    def _roster(self, entry: Entry) -> None:
        """What the room files say, where that is not what they said before."""
        data = entry.data
        gone = [(str(each["room"]), str(each["device"])) for each in data.get("removed", ())]
        for place in gone:
            self.addresses.pop(place, None)
            self.vacated.pop(place, None)
        left = {place: self.at.pop(place) for place in gone if place in self.at}
        for each in (*data.get("added", ()), *data.get("changed", ())):
            place = (str(each["room"]), str(each["device"]))
            self.addresses[place] = (str(each["driver"]), str(each["address"]))
            self.titles[place] = text(str(each["title"]["zh"]), str(each["title"]["en"]))
            if card := self.at.get(place):
                card.title = self.titles[place]
                self._readdress(entry, card, self.addresses[place])
            elif card := only_at(left.values(), self.addresses[place]):
                left = {where: other for where, other in left.items() if other is not card}
                self._move(entry, card, place)
                card.doubt = None  # a person has written it into the file
            else:
                self._new(entry, place)
        for card in left.values():
            was, card.room = place_of(card), None
            card.usage.suspend(_moment(entry))
            if not card.first_seen and not card.facts:
                del self.cards[card.item]
                continue
            said = text(f"{was['zh']}的配置中已无此设备", f"the file of {was['en']} has it no more")
            self._line(entry, card, "removed", said)

    def _readdress(self, entry: Entry, card: Card, now: tuple[str, str]) -> None:
        if now[1] != card.address:
            said = text(
                f"地址由 {card.address} 改为 {now[1]}", f"address {card.address} became {now[1]}"
            )
            self._line(entry, card, "address", said)
        card.driver, card.address = now

    # Incidents.

    def _incident(self, entry: Entry) -> None:
        data = entry.data
        at = datetime.fromisoformat(str(data.get("at") or entry.at))
        if data.get("event") == "opened":
            if card := self.at.get(_place(entry)):
                self._incidents[entry.seq] = card, at
                card.usage.reported(at)
        elif data.get("event") == "repaired" and data.get("incident") in self._incidents:
            card, reported = self._incidents[data["incident"]]
            card.usage.repaired(reported, at)
            done = "; ".join(str(data[k]) for k in ("done", "parts", "vendor") if data.get(k))
            self._line(entry, card, "repaired", text(f"修复：{done}", f"repaired: {done}"))

    # Small parts.

    def _driver(self, place: Place) -> str:
        return self.addresses.get(place, ("?", ""))[0]

    def _number(self, entry: Entry) -> str:
        self._made += 1
        return f"{entry.seq}-{self._made}"

    def _new(self, entry: Entry, place: Place) -> Card:
        driver, address = self.addresses.get(place, ("?", ""))
        title = self.titles.get(place, text(place[1], place[1]))
        card = Card(self._number(entry), *place, title, driver, address, usage=Usage(self._window))
        self.cards[card.item] = self.at[place] = card
        self.vacated.pop(place, None)
        return card

    def _doubt(self, entry: Entry, card: Card, kind: Any, said: Text) -> None:
        card.doubt = Doubt(kind, entry.seq, entry.at, said)
        self._line(entry, card, kind, said)

    def _line(self, entry: Entry, card: Card, event: str, said: Text) -> None:
        card.history.append(Event(entry.seq, entry.at, entry.by or "", event, said))


def _place(entry: Entry) -> Place:
    return entry.room or "", str(entry.data.get("device") or "")


def _moment(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.at)
