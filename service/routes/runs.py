"""Runs: takes under way and ended, and the answer that a tap gets."""

import asyncio
import contextlib

from fastapi import APIRouter, Response

from avctl.errors import TakeError
from avctl.room import Room
from avctl.scenes.take import Take
from service.openapi import problems
from service.parts import Parts, RoomHere
from service.problems import unknown
from service.views import Runs, RunView, run_view
from service.views.values import path

router = APIRouter(prefix="/rooms/{room}/runs", tags=["runs"], responses=problems("not-found"))


@router.get("")
async def list_runs(room: RoomHere) -> Runs:
    return Runs(runs=[run_view(room, take) for take in reversed(room.takes)])


@router.get("/{run}")
async def get_run(room: RoomHere, run: str) -> RunView:
    try:
        return run_view(room, room.find(run))
    except TakeError:
        latest = (take.identity for take in list(room.takes)[-3:])
        raise unknown("run", "执行记录", run, latest) from None


async def answer(
    here: Parts, room: Room, take: Take, response: Response, wait: float, again: bool
) -> RunView:
    """What a tap is told: its take, once it is recorded, with the verdict if that comes within ``wait``.

    Raises JournalError when it could not be recorded; the take goes on all the same.
    """
    await here.journal.stored(here.recorder.tap(room, take))
    if wait:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await take.ended.wait()
    if again:
        response.headers["Idempotent-Replay"] = "true"
    if take.verdict is None:
        response.status_code = 202
        response.headers["Location"] = path("rooms", room.name, "runs", take.identity)
    return run_view(room, take)
