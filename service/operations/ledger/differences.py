"""What a sheet says other than the ledger: shown before it is taken. Pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.operations.ledger.book import Book
from service.operations.ledger.card import DATES, FACTS, READ, Card, Text, plain_serial, text
from service.operations.ledger.ledger import LedgerError, check_date


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet: what its cells say, by column; without those that the sheet has no column for."""

    number: int  # as the program shows it
    cells: Mapping[str, str]


@dataclass(slots=True)
class Sheet:
    rows: list[Row] = field(default_factory=list)
    problems: list[tuple[int, Text]] = field(default_factory=list)  # row, what is wrong


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
    index, met = _Index(book), dict[str, int]()
    for row in sheet.rows:
        card = index.card_of(row)
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


class _Index:
    """Which card a row is about: by its number, its asset number, its serial number, or its place."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._by: dict[tuple[str, ...], list[Card]] = {}
        for card in book.cards.values():
            for key in (
                ("asset", card.facts.get("asset", "")), ("serial", card.serial),
                ("place", card.room or "", card.name),
            ):  # fmt: skip
                self._by.setdefault(key, []).append(card)

    def card_of(self, row: Row) -> Card | None:
        said = row.cells
        if item := said.get("item"):
            return self._book.cards.get(item)
        keys = (
            ("asset", said.get("asset", "")), ("serial", plain_serial(said.get("serial", ""))),
            ("place", said.get("room", ""), said.get("name", "")),
        )  # fmt: skip
        for key in keys:
            found = self._by.get(key, []) if all(key) else []
            if len(found) == 1:
                return found[0]
        return None


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
                    f"{key} 以设备读出的 {read} 为准，不采用 {after}",
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
            f"会议室为 {where}，移动请另行登记", f"its room is {where}: a move is entered by itself"
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
