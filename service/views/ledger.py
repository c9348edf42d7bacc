"""The ledger as the API tells it, and what people say of their equipment."""

from typing import Annotated, Any, Literal

from pydantic import Field

from service.operations.ledger import Card, Figures
from service.operations.ledger.card import FACTS, READ, Fact, Standing
from service.operations.ledger.differences import Differences
from service.views.bodies import Said
from service.views.models import Title, View
from service.views.moments import Day

Short = Annotated[str, Field(max_length=500)]
RoomName = Annotated[str, Field(max_length=64)]


class ItemFigures(View):
    """From the journal. Hours; an item that nothing is connected to has none."""

    hours_in_use: float = Field(description="Powered on; connected where it does not tell")
    hours_seen: float = Field(description="Watched, and not without mains")
    availability: float | None = Field(description="0 to 1: connected, of the time watched")
    failures: int = Field(description="Times it was away for a minute or more")
    mean_outage: float | None = Field(description="Hours that such a time lasted")
    incidents: int
    mean_repair: float | None = Field(description="Hours from report to repair")


class DoubtView(View):
    """What was seen of it, and no person has confirmed."""

    kind: Literal["replaced", "moved", "duplicate"]
    at: str
    text: Title
    seq: int


class LoanView(View):
    to: str
    until: str


class ItemView(View):
    item: str
    room: str | None
    name: str
    title: Title
    driver: str
    address: str
    standing: Standing
    facts: dict[str, str] = Field(description="maker, model, serial, firmware, asset …")
    read: list[str] = Field(description="Which of the facts the device says itself")
    identity: dict[str, str] = Field(description="All that it says of itself")
    connected: bool | None
    first_seen: str
    installed: str = Field(description="Since when it is where it is")
    doubt: DoubtView | None
    loan: LoanView | None
    figures: ItemFigures | None


class HistoryLine(View):
    seq: int = Field(description="Of the journal's entry")
    at: str
    by: str
    event: str
    text: Title


class ItemDetail(ItemView):
    history: list[HistoryLine] = Field(description="Oldest first")


class Items(View):
    items: list[ItemView]
    total: int
    offset: int


class FactsBody(Said):
    facts: dict[Fact, Short] = Field(max_length=20, description="An empty one is taken off")


class ThingBody(Said):
    """Something that nothing is connected to: an amplifier, a screen."""

    room: RoomName | None = None
    name: str = Field(min_length=1, max_length=64)
    title: Title
    facts: dict[Fact, Short] = Field(default={}, max_length=20)


class EventBody(Said):
    event: Literal[
        "lent", "returned", "sent-for-repair", "repaired", "moved", "retired", "confirmed", "note"
    ]
    to: str | None = Field(default=None, max_length=200)
    until: Day | None = None
    room: RoomName | None = Field(default=None, description="Where it is moved; none: no room")
    remark: str | None = Field(default=None, max_length=2000)


class ChangeView(View):
    row: int
    item: str
    title: Title
    key: str
    before: str
    after: str


class AdditionView(View):
    row: int
    room: str | None
    name: str
    facts: dict[str, str]


class SheetProblem(View):
    row: int
    text: Title


class ImportDraft(View):
    """What a workbook says other than the ledger. Nothing of it is taken yet."""

    draft: str = Field(description="SHA-256 of the workbook, which is kept")
    mark: str = Field(description="To be said when it is taken: another one if it is not the same")
    rows: int
    changes: list[ChangeView]
    additions: list[AdditionView]
    problems: list[SheetProblem] = Field(description="What is not taken, and why")


class TakeImportBody(Said):
    mark: str = Field(max_length=64, description="Of the draft that was shown")


class ImportTaken(View):
    changes: int
    additions: int


def item_view(card: Card, figures: Figures | None) -> ItemView:
    return ItemView(**_item(card, figures))


def detail_view(card: Card, figures: Figures | None) -> ItemDetail:
    lines = [
        HistoryLine(seq=e.seq, at=e.at, by=e.by, event=e.event, text=Title(**e.text))
        for e in card.history
    ]
    return ItemDetail(**_item(card, figures), history=lines)


def _item(card: Card, figures: Figures | None) -> dict[str, Any]:
    doubt = card.doubt
    return {
        "item": card.item,
        "room": card.room,
        "name": card.name,
        "title": Title(**card.title),
        "driver": card.driver,
        "address": card.address,
        "standing": card.standing,
        "facts": {key: value for key in FACTS if (value := card.says(key))},
        "read": [key for key in READ if card.told(key)],
        "identity": dict(card.read),
        "connected": card.usage.link == "up" if card.usage.link else None,
        "first_seen": card.first_seen,
        "installed": card.installed,
        "doubt": doubt
        and DoubtView(kind=doubt.kind, at=doubt.at, text=Title(**doubt.text), seq=doubt.seq),
        "loan": card.loan and LoanView(to=card.loan.to, until=card.loan.until),
        "figures": figures_view(figures) if figures and card.driver else None,
    }


def figures_view(figures: Figures) -> ItemFigures:
    return ItemFigures(
        hours_in_use=round(figures.in_use / 3600, 3),
        hours_seen=round(figures.seen / 3600, 3),
        availability=None if figures.availability is None else round(figures.availability, 6),
        failures=figures.failures,
        mean_outage=_hours(figures.mean_outage),
        incidents=figures.incidents,
        mean_repair=_hours(figures.mean_repair),
    )


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 3600, 4)


def draft_view(draft: str, found: Differences, titles: dict[str, Title]) -> ImportDraft:
    return ImportDraft(
        draft=draft,
        mark=found.mark,
        rows=found.rows,
        changes=[
            ChangeView(
                row=each.row, item=each.item, title=titles[each.item],
                key=each.key, before=each.before, after=each.after,
            )
            for each in found.changes
        ],
        additions=[
            AdditionView(row=each.row, room=each.room, name=each.name, facts=dict(each.facts))
            for each in found.additions
        ],
        problems=[SheetProblem(row=row, text=Title(**said)) for row, said in found.problems],
    )  # fmt: skip
