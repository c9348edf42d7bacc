"""What a sheet says other than the ledger: shown before it is taken. Pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.operations.ledger.book import Book
from service.operations.ledger.card import DATES, FACTS, READ, Card, Text, plain_serial, text
from service.operations.ledger.ledger import LedgerError, check_date
from service.operations.ledger.sheet import Row, Sheet


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of one item."""

    row: int
    item: str
    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Addition:
    """Something that the ledger does not have yet, and that nothing is connected to."""

    row: int
    room: str | None
    name: str
    title: Text
    facts: Mapping[str, str]

    def as_thing(self) -> dict[str, Any]:
        return {
            "room": self.room, "name": self.name, "title": dict(self.title),
            "facts": dict(self.facts),
        }  # fmt: skip


@dataclass(slots=True)
class Differences:
    changes: list[Change] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)
    problems: list[tuple[int, Text]] = field(default_factory=list)  # what is not taken, and why
    rows: int = 0

    @property
    def mark(self) -> str:
        """Another one where anything else would be taken."""
        said = [
            [[each.item, each.key, each.before, each.after] for each in self.changes],
            [each.as_thing() for each in self.additions],
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    def facts(self) -> dict[str, dict[str, str]]:
        """What is to be put on cards, by item."""
        found: dict[str, dict[str, str]] = {}
        for change in self.changes:
            found.setdefault(change.item, {})[change.key] = change.after
        return found


def compare(sheet: Sheet, book: Book, rooms: Sequence[str]) -> Differences:
    """An empty cell takes a fact off; a column that the sheet does not have leaves its facts alone."""
    made = Differences(problems=list(sheet.problems), rows=len(sheet.rows))
    met: dict[str, int] = {}
    for row in sheet.rows:
        card = _card_of(row, book)
        if row.cells.get("item") and card is None:
            number = row.cells["item"]
            made.problems.append((row.number, text(f"无此编号 {number}", f"no item {number}")))
        elif card is None:
            _add(made, row, rooms)
        elif card.item in met:
            first = met[card.item]
            said = text(f"与第 {first} 行为同一设备", f"the same item as in row {first}")
            made.problems.append((row.number, said))
        else:
            met[card.item] = row.number
            _change(made, row, card)
    return made


def _card_of(row: Row, book: Book) -> Card | None:
    """Which card a row is about: by its number, its asset number, its serial number, or its place."""
    said = row.cells
    if item := said.get("item"):
        return book.cards.get(item)
    for key in ("asset", "serial"):
        value = said.get(key, "")
        found = [card for card in book.cards.values() if value and _same(card, key, value)]
        if len(found) == 1:
            return found[0]
    place = (said.get("room", ""), said.get("name", ""))
    if all(place):
        return next((c for c in book.cards.values() if (c.room, c.name) == place), None)
    return None


def _same(card: Card, key: str, value: str) -> bool:
    if key == "serial":
        return bool(card.serial) and card.serial == plain_serial(value)
    return card.facts.get(key) == value


def _change(made: Differences, row: Row, card: Card) -> None:
    for key, after in row.cells.items():
        if key not in FACTS:
            continue
        before = card.says(key)
        if before == after or (key == "serial" and card.serial == plain_serial(after) != ""):
            continue
        if key in READ and (read := card.told(key)):
            if after:
                said = text(
                    f"{key} 以设备读出的 {read} 为准,不采用 {after}",
                    f"{key} is {read}, as the device says: {after} is not taken",
                )
                made.problems.append((row.number, said))
            continue
        if problem := next(_wrong(key, after), None):
            made.problems.append((row.number, problem))
            continue
        made.changes.append(Change(row.number, card.item, key, before, after))
    _tell_moved(made, row, card)


def _tell_moved(made: Differences, row: Row, card: Card) -> None:
    room = row.cells.get("room")
    if room and room != (card.room or ""):
        where = card.room or "-"
        said = text(
            f"会议室为 {where},移动请另行登记", f"its room is {where}: a move is entered by itself"
        )
        made.problems.append((row.number, said))


def _add(made: Differences, row: Row, rooms: Sequence[str]) -> None:
    name, title = row.cells.get("name", ""), row.cells.get("title", "")
    room = row.cells.get("room") or None
    if not (name or title):
        made.problems.append((row.number, text("缺少名称", "it has no name")))
        return
    if room is not None and room not in rooms:
        made.problems.append((row.number, text(f"无此会议室 {room}", f"no room {room}")))
        return
    facts = {key: value for key, value in row.cells.items() if key in FACTS and value}
    for key in list(facts):
        if problem := next(_wrong(key, facts[key]), None):
            made.problems.append((row.number, problem))
            del facts[key]
    shown = title or name
    made.additions.append(Addition(row.number, room, name or title, text(shown, shown), facts))


def _wrong(key: str, value: str) -> Iterator[Text]:
    if key in DATES and value:
        try:
            check_date(key, value)
        except LedgerError as error:
            yield text(f"{key}:{value} 不是日期(如 2026-12-31)", str(error))
