"""The ledger: what equipment there is, its history and figures; facts, loans and repairs; xlsx in and out."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from service.openapi import COMMAND, problems
from service.operations.ledger import Book, Card, LedgerError, Window
from service.operations.ledger.card import Standing
from service.operations.ledger.differences import Differences, compare
from service.parts import By, Here, Parts
from service.problems import ApiError, unfit
from service.store.kept import KeptError
from service.uploads import XLSX, binary
from service.views.ledger import (
    EventBody,
    FactsBody,
    ImportDraft,
    ImportTaken,
    ItemDetail,
    Items,
    TakeImportBody,
    ThingBody,
    detail_view,
    draft_view,
    item_view,
)
from service.views.models import Title
from service.views.moments import Moment

router = APIRouter(prefix="/ledger", tags=["ledger"])

Since = Annotated[Moment | None, Query(description="Figures from then on; all, if not given")]
Until = Annotated[Moment | None, Query(description="Figures up to then")]


@router.get("", responses=problems("not-recorded"))
async def list_ledger(
    here: Here,
    room: Annotated[str | None, Query(max_length=64)] = None,
    standing: Standing | None = None,
    doubtful: Annotated[bool, Query(description="Only what no person has confirmed yet")] = False,
    q: Annotated[str, Query(max_length=100, description="Words in any of its facts")] = "",
    offset: Annotated[int, Query(ge=0, le=10**6)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    since: Since = None,
    until: Until = None,
) -> Items:
    """By room and name; what is in no room last."""
    book = await _book(here, since, until)
    found = [
        card
        for card in book.in_order()
        if room in (None, card.room)
        and standing in (None, card.standing)
        and (card.doubt or not doubtful)
        and _has(card, q)
    ]
    now = _now(here, until)
    page = [item_view(card, card.usage.figures(now)) for card in found[offset : offset + limit]]
    return Items(items=page, total=len(found), offset=offset)


@router.post("", status_code=201, responses=problems(*COMMAND, "not-recorded"))
async def add_ledger_item(here: Here, body: ThingBody, by: By) -> ItemDetail:
    """Enter something that nothing is connected to."""
    known = set(here.ledger.book.cards)
    try:
        await here.ledger.add([body.model_dump()], by)
    except LedgerError as error:
        raise unfit(str(error)) from error
    new = next(card for item, card in here.ledger.book.cards.items() if item not in known)
    return detail_view(new, None)


@router.get(
    "/export.xlsx",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}}, **problems("not-recorded")},
)
async def export_ledger(
    here: Here,
    language: Literal["zh", "en"] = "zh",
    since: Since = None,
    until: Until = None,
) -> Response:
    """The ledger and its history as a workbook."""
    from service.operations.ledger.sheet import write_ledger  # long to load, and seldom needed

    book, now = await _book(here, since, until), _now(here, until)
    cards = book.in_order()
    figures = {card.item: card.usage.figures(now) for card in cards}
    zone = ZoneInfo(here.site.file.timezone if here.site.file else "UTC")
    at = here.clock.wall().astimezone(zone)
    made = await asyncio.to_thread(write_ledger, cards, figures, language, at)
    headers = {"Content-Disposition": 'attachment; filename="ledger.xlsx"'}
    return Response(made, media_type=XLSX, headers=headers)


@router.post(
    "/imports",
    status_code=201,
    responses=problems(*COMMAND, "not-recorded"),
    openapi_extra=binary(XLSX),
)
async def draft_ledger_import(here: Here, request: Request) -> ImportDraft:
    """Tell what a workbook says other than the ledger, and take nothing of it yet."""
    data = await request.body()
    found = await _compared(here, data)
    try:
        draft = await here.files.put(data)
    except KeptError as error:
        raise ApiError("not-recorded", str(error)) from error
    return draft_view(draft, found, _titles(here))


@router.get("/imports/{draft}", responses=problems("not-found"))
async def get_ledger_import(here: Here, draft: str) -> ImportDraft:
    """The same against the ledger as it stands now."""
    found = await _compared(here, await _kept(here, draft))
    return draft_view(draft, found, _titles(here))


@router.post("/imports/{draft}/take", responses=problems(*COMMAND, "not-recorded"))
async def take_ledger_import(here: Here, draft: str, body: TakeImportBody, by: By) -> ImportTaken:
    """Take what was shown. Where the ledger has changed since, look again."""
    found = await _compared(here, await _kept(here, draft))
    if found.mark != body.mark:
        raise ApiError(
            "held-back",
            "the ledger has changed since these differences were shown",
            "台账在显示差异之后已有变化，请重新核对",
        )
    await here.ledger.note_facts(found.facts(), by, draft)
    await here.ledger.add([each.as_thing() for each in found.additions], by, draft)
    return ImportTaken(changes=len(found.changes), additions=len(found.additions))


@router.get("/{item}", responses=problems("not-found", "not-recorded"))
async def get_ledger_item(
    here: Here, item: str, since: Since = None, until: Until = None
) -> ItemDetail:
    """With its history and its figures, of all time or of a stretch of it."""
    book = await _book(here, since, until)
    if item not in book.cards:
        raise _no_item(item)
    card = book.cards[item]
    return detail_view(card, card.usage.figures(_now(here, until)))


@router.post("/{item}/facts", responses=problems(*COMMAND, "not-recorded"))
async def note_ledger_facts(here: Here, item: str, body: FactsBody, by: By) -> ItemDetail:
    """Put facts on its card. What the device says itself cannot be typed."""
    card = _find(here, item)
    try:
        await here.ledger.note_facts({item: {str(k): v for k, v in body.facts.items()}}, by)
    except LedgerError as error:
        raise unfit(str(error)) from error
    return _detail(here, card)


@router.post("/{item}/events", responses=problems(*COMMAND, "not-recorded"))
async def note_ledger_event(here: Here, item: str, body: EventBody, by: By) -> ItemDetail:
    """Say that it was lent, returned, repaired, moved, retired, or that it is right as it stands."""
    card = _find(here, item)
    said: dict[str, Any] = body.model_dump(mode="json", exclude={"event"}, exclude_none=True)
    try:
        await here.ledger.say(card, body.event, by, **said)
    except LedgerError as error:
        raise unfit(str(error)) from error
    return _detail(here, card)


async def _book(here: Parts, since: datetime | None, until: datetime | None) -> Book:
    if since is None and until is None:
        return here.ledger.book
    return await here.ledger.over(Window(since, until))


def _now(here: Parts, until: datetime | None) -> datetime:
    now = here.clock.wall()
    return min(now, until) if until else now


def _detail(here: Parts, card: Card) -> ItemDetail:
    return detail_view(card, card.usage.figures(here.clock.wall()))


def _find(here: Parts, item: str) -> Card:
    try:
        return here.ledger.find(item)
    except KeyError:
        raise _no_item(item) from None


def _no_item(item: str) -> ApiError:
    return ApiError("not-found", f"no item {item} in the ledger", f"台账中没有 {item}")


def _has(card: Card, words: str) -> bool:
    told = " ".join(
        (card.item, card.room or "", card.name, *card.title.values(), *card.facts.values(),
         *card.read.values(), card.address)
    ).casefold()  # fmt: skip
    return all(word in told for word in words.casefold().split())


async def _compared(here: Parts, data: bytes) -> Differences:
    from service.operations.ledger.sheet import read_sheet

    try:
        sheet = await asyncio.to_thread(read_sheet, data)
        return compare(sheet, here.ledger.book, list(here.site.rooms))
    except LedgerError as error:
        raise unfit(str(error)) from error


async def _kept(here: Parts, draft: str) -> bytes:
    try:
        return await here.files.get(draft)
    except KeptError as error:
        raise ApiError("not-found", str(error)) from error


def _titles(here: Parts) -> dict[str, Title]:
    return {item: Title(**card.title) for item, card in here.ledger.book.cards.items()}
