"""The ledger at work: it notes what the room files say, and what people say of their equipment."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from avctl.clock import Clock
from avctl.errors import AvctlError
from avctl.site import Site
from service.journal import Entry, Journal
from service.operations.ledger.book import KIND, KINDS, Book
from service.operations.ledger.card import DATES, READ, Card, Place
from service.operations.ledger.said import SAID
from service.operations.ledger.usage import Window
from service.operations.projection import Projection

TOGETHER = 200  # changes of one entry of the journal


class LedgerError(AvctlError):
    """It is not so as was said, or may not be said; the text says why."""


class Ledger(Projection):
    """`open` it before the rooms are entered, so that no device's coming is missed."""

    kinds: ClassVar[frozenset[str]] = KINDS

    def __init__(self, site: Site, journal: Journal, clock: Clock) -> None:
        super().__init__(journal)
        self._site, self.clock = site, clock
        self._ends: dict[int, str] = {}
        self.book = Book(ends=self._ends)

    async def open(self) -> None:
        """Raises JournalError."""
        self._ends |= await _ends(self._journal)
        await super().open()
        self._note_roster()

    def apply(self, entry: Entry) -> None:
        self.book.take(entry)

    def find(self, item: str) -> Card:
        """Raises KeyError."""
        return self.book.cards[item]

    async def over(self, window: Window) -> Book:
        """The ledger with the figures of one stretch of time alone. Raises JournalError."""
        return await read_book(self._journal, window)

    # What people say. All raise LedgerError, and JournalError when it could not be kept.

    async def note_facts(
        self, changes: Mapping[str, Mapping[str, str]], by: str, source: str = ""
    ) -> None:
        """Put facts on cards, by item; an empty one is taken off."""
        for item, facts in changes.items():
            self._check_facts(self.book.cards.get(item), facts)
        said = [{"item": item, "facts": dict(facts)} for item, facts in changes.items() if facts]
        await self._in_batches("facts", "changes", said, by, source)

    async def add(self, things: Sequence[Mapping[str, Any]], by: str, source: str = "") -> None:
        """Enter what nothing is connected to: each with ``room`` (or None), ``name``, ``title`` and ``facts``."""
        for thing in things:
            self._check_room(thing.get("room"))
            self._check_facts(None, thing.get("facts", {}))
        await self._in_batches("added", "things", [dict(thing) for thing in things], by, source)

    async def say(self, card: Card, event: str, by: str, **more: Any) -> None:
        """``event``: lent, returned, sent-for-repair, repaired, moved, retired, confirmed, note."""
        if event not in SAID:
            raise LedgerError(f"nothing is known of {event!r}; give one of {', '.join(SAID)}")
        if event == "moved":
            if card.driver:
                raise LedgerError("where a device is says its room's file, and where it answers")
            self._check_room(more.get("room"))
        if card.retired and event != "note":
            raise LedgerError(f"{card.item} is retired")
        data = {"event": event, "item": card.item, **more}
        await self.write(KIND, data, room=card.room, by=by)

    async def _in_batches(
        self, event: str, key: str, said: Sequence[Mapping[str, Any]], by: str, source: str
    ) -> None:
        entry = None
        for start in range(0, len(said), TOGETHER):
            some = list(said[start : start + TOGETHER])
            data = {"event": event, key: some, **({"import": source} if source else {})}
            entry = self._journal.note(KIND, data, by=by)
        if entry:
            await self._journal.stored(entry)  # those before it were written before

    def _check_room(self, room: str | None) -> None:
        if room is not None and room not in self._site.rooms:
            raise LedgerError(f"no room {room!r}; there are {', '.join(self._site.rooms)}")

    def _check_facts(self, card: Card | None, facts: Mapping[str, str]) -> None:
        for key, value in facts.items():
            if key in DATES and value:
                check_date(key, value)
            if card and key in READ and card.told(key) and value != card.told(key):
                raise LedgerError(f"{key} is {card.told(key)}, as the device says itself")

    # What the room files say.

    def _note_roster(self) -> None:
        said = {
            (room.name, name): (part.driver, plain_address(part.url), part.title)
            for room in self._site.rooms.values()
            for name, part in room.file.devices.items()
        }
        known = self.book.addresses
        removed = [
            {"room": room, "device": name} for room, name in known if (room, name) not in said
        ]
        added, changed = [], []
        for place, (driver, address, title) in said.items():
            told = (
                {"zh": title.zh, "en": title.en} if title else dict.fromkeys(("zh", "en"), place[1])
            )
            line = _roster_line(place, driver, address, told)
            if place not in known:
                added.append(line)
            elif (known[place], self.book.titles[place]) != ((driver, address), told):
                changed.append(line)
        for part in range(0, max(len(added), len(changed), bool(removed)), TOGETHER):
            data = {
                "event": "roster",
                "removed": [] if part else removed,
                "added": added[part : part + TOGETHER],
                "changed": changed[part : part + TOGETHER],
            }
            self._journal.note(KIND, data, by="service")


def _roster_line(
    place: Place, driver: str, address: str, title: Mapping[str, str]
) -> dict[str, Any]:
    room, device = place
    return {
        "room": room, "device": device, "driver": driver, "address": address, "title": dict(title),
    }  # fmt: skip


def plain_address(url: str) -> str:
    """Without what is said after it, and without a name or a password."""
    scheme, _, rest = url.partition("?")[0].partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def check_date(key: str, text: str) -> None:
    """Raises LedgerError."""
    try:
        date.fromisoformat(text)
    except ValueError:
        raise LedgerError(f"{key}: {text!r} is no date like 2026-12-31") from None


async def read_book(journal: Journal, window: Window) -> Book:
    """The ledger by the journal, in memory that does not grow with it. Raises JournalError."""
    book = Book(window, await _ends(journal))
    async for entry in journal.read(KINDS, until=window.until):
        book.take(entry)
    return book


async def _ends(journal: Journal) -> dict[int, str]:
    """When the entry before each start of the journal was noted: until then, at least, somebody looked."""
    ends: dict[int, str] = {}
    async for entry in journal.read({"opened"}):
        after = entry.data.get("after")
        if isinstance(after, int) and after > 0:
            before = await journal.page(after=after - 1, limit=1)
            if before and before[0].seq == after:
                ends[entry.seq] = before[0].at
    return ends
