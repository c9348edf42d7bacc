"""Pairs of main and backup: how they stand, changing over, arming, and rehearsing it."""

from fastapi import APIRouter, Response

from avctl.pair import Arm, Side
from avctl.pairs import Pair
from avctl.room import Room
from avctl.scenes.take import Take
from service.drills import drill_view
from service.openapi import COMMAND, problems
from service.parts import By, Here, RoomHere
from service.problems import unknown
from service.routes.runs import answer
from service.routes.scenes import TAKEN, Key, Wait
from service.taps import Tap
from service.views import (
    ArmBody,
    ChangeOverBody,
    DrillBody,
    Drills,
    DrillView,
    Pairs,
    PairView,
    RunView,
    pair_view,
)
from service.views.values import path

router = APIRouter(prefix="/rooms/{room}", tags=["pairs"])


@router.get("/pairs", responses=problems("not-found"))
async def list_pairs(room: RoomHere) -> Pairs:
    return Pairs(pairs=[pair_view(room, name) for name in room.pairs.by_name])


@router.post("/pairs/{pair}/change-over", responses=TAKEN)
async def change_over(
    room: RoomHere,
    pair: str,
    body: ChangeOverBody,
    here: Here,
    by: By,
    response: Response,
    wait: Wait = 0.0,
    idempotency_key: Key = None,
) -> RunView:
    """Take a pair to a side; on failure it returns if the side that was left still lives."""
    _find(room, pair)
    tap = Tap(room, (room.name, "change-over", pair, body.to), by, idempotency_key)

    def begin() -> Take:
        return room.pairs.change_over(pair, Side(body.to), by)

    take, again = here.taps.start(tap, begin)
    return await answer(here, room, take, response, wait, again)


@router.put("/pairs/{pair}/arm", responses=problems(*COMMAND))
async def arm_pair(room: RoomHere, pair: str, body: ArmBody, here: Here, by: By) -> PairView:
    """Whether a dead main is changed over by itself, by one tap, or not at all. Until the room file says otherwise."""
    before = _find(room, pair).watch.arm
    room.pairs.arm(pair, Arm(body.arm))
    here.chronicle.pair(room, pair, "armed", by, arm=body.arm, before=before.value)
    return pair_view(room, pair)


@router.post("/pairs/{pair}/reset", responses=problems(*COMMAND))
async def reset_pair(room: RoomHere, pair: str, here: Here, by: By) -> PairView:
    """Let a latched pair fire again: a person has looked."""
    _find(room, pair)
    room.pairs.reset(pair)
    here.chronicle.pair(room, pair, "reset", by)
    return pair_view(room, pair)


@router.post(
    "/drill",
    status_code=202,
    responses={
        202: {"description": "Under way; Location leads to the records"},
        **problems(*COMMAND),
    },
)
async def start_drill(
    room: RoomHere, here: Here, by: By, response: Response, body: DrillBody | None = None
) -> DrillView:
    """Take each pair to its backup and back, one after the other."""
    body = body or DrillBody()
    for name in body.pairs:
        _find(room, name)
    made = here.drills.start(room, body.pairs, by, during_meeting=body.during_meeting)
    response.headers["Location"] = path("rooms", room.name, "drills")
    return drill_view(made)


@router.get("/drills", responses=problems("not-found", "not-recorded"))
async def list_drills(room: RoomHere, here: Here) -> Drills:
    return Drills(drills=await here.drills.records(room))


def _find(room: Room, name: str) -> Pair:
    if name not in room.pairs.by_name:
        raise unknown("pair", "主备组", name, room.pairs.by_name)
    return room.pairs.by_name[name]
