"""Health, for those who restart services and balance between them."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from service.journal import JournalError
from service.openapi import problems
from service.parts import Here, Parts

router = APIRouter(tags=["health"], default_response_class=PlainTextResponse, responses=problems())

PATIENCE = 2.0  # seconds
UNREADY: dict[int | str, dict[str, Any]] = {503: {"description": "Not ready; the text says why"}}


@router.get("/livez")
async def is_alive() -> str:
    """The event loop turns."""
    return "ok\n"


@router.get("/readyz", responses=UNREADY)
async def is_ready(here: Here, response: Response) -> str:
    """The journal takes entries."""
    return await _told(here, response)


@router.get("/healthz", responses=UNREADY)
async def is_healthy(here: Here, response: Response) -> str:
    return await _told(here, response)


async def _told(here: Parts, response: Response) -> str:
    if reason := await _missing(here):
        response.status_code = 503
        return f"{reason}\n"
    return "ok\n"


async def _missing(here: Parts) -> str:
    if not here.journal.healthy:
        return f"journal: {here.journal.reason}"
    try:
        async with asyncio.timeout(PATIENCE):
            await here.journal.page(None, 1)
    except (JournalError, TimeoutError) as error:
        return f"journal: {error or 'no answer'}"
    return ""
