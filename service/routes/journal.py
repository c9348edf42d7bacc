"""The journal in pages."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.openapi import problems
from service.parts import Here, Who
from service.problems import unknown
from service.views import JournalPage, entry_view

router = APIRouter(tags=["journal"], responses=problems("not-found", "not-recorded"))

LARGEST = 2**63 - 1  # what a database can count to


@router.get("/journal")
async def list_journal(
    here: Here,
    who: Who,
    after: Annotated[int | None, Query(ge=0, le=LARGEST)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    room: str | None = None,
) -> JournalPage:
    """The entries after ``after`` in order; the newest without it. Those that the caller may not read are left out."""
    if room is not None and room not in here.site.rooms:
        raise unknown("room", "房间", room, here.site.rooms)
    entries = await here.journal.page(after, limit, room)
    last = entries[-1].seq if entries else after or 0
    told = [entry_view(entry) for entry in entries if who.reads(entry.kind, entry.room)]
    return JournalPage(entries=told, last=last)
