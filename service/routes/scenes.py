"""Scenes: what they are, taking them, and setting one thing by hand."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from avctl.errors import TakeError
from avctl.room import Room
from avctl.scenes.take import Take
from service.openapi import COMMAND, problems
from service.parts import By, Here, RoomHere
from service.problems import unfit, unknown
from service.routes.runs import answer
from service.taps import Tap
from service.views import (
    PlanBody,
    PlanView,
    RunView,
    Scenes,
    SetBody,
    TakeBody,
    plan_view,
    scene_view,
)

router = APIRouter(prefix="/rooms/{room}", tags=["scenes"])

TAKEN: dict[int | str, dict[str, Any]] = {
    200: {"description": "The run with its verdict"},
    202: {"model": RunView, "description": "Under way; Location leads to the run"},
    **problems(*COMMAND, "key-reused", "not-recorded"),
}

Wait = Annotated[
    float, Query(ge=0, le=60, allow_inf_nan=False, description="Seconds to wait for the verdict")
]
Key = Annotated[str | None, Header(min_length=1, max_length=255)]


@router.get("/scenes", responses=problems("not-found"))
async def list_scenes(room: RoomHere) -> Scenes:
    return Scenes(scenes=[scene_view(room, scene) for scene in room.scenes.values()])


@router.get("/scenes/{scene}/plan", responses=problems("not-found", "held-back"))
async def plan_scene(room: RoomHere, scene: str, request: Request) -> PlanView:
    """What a take would do now, by fresh readings. The query holds the choice of each parameter."""
    arguments = dict(request.query_params)
    return await _plan(room, scene, arguments)


@router.post("/scenes/{scene}/plan", responses=problems(*COMMAND))
async def plan_scene_with(room: RoomHere, scene: str, body: PlanBody | None = None) -> PlanView:
    """The same, with the choices in the body."""
    return await _plan(room, scene, (body or PlanBody()).arguments)


async def _plan(room: Room, scene: str, arguments: Mapping[str, str]) -> PlanView:
    _check_scene(room, scene, arguments)
    return plan_view(room, room.make(scene, arguments), await room.plan(scene, arguments))


@router.post("/scenes/{scene}/take", responses=TAKEN)
async def take_scene(
    room: RoomHere,
    scene: str,
    here: Here,
    by: By,
    response: Response,
    body: TakeBody | None = None,
    confirm: bool = False,
    wait: Wait = 0.0,
    idempotency_key: Key = None,
) -> RunView:
    body = body or TakeBody()
    _check_scene(room, scene, body.arguments)
    chosen = json.dumps(body.arguments, sort_keys=True)
    tap = Tap(room, (room.name, "take", scene, chosen), by, idempotency_key)

    def begin() -> Take:
        return room.take(scene, by, body.arguments, confirmed=body.confirm or confirm)

    take, again = here.taps.start(tap, begin)
    return await answer(here, room, take, response, wait, again)


@router.post("/set", responses=TAKEN)
async def set_point(
    room: RoomHere,
    body: SetBody,
    here: Here,
    by: By,
    response: Response,
    wait: Wait = 0.0,
    idempotency_key: Key = None,
) -> RunView:
    _check(room, body)
    said = json.dumps(body.value, sort_keys=True)
    tap = Tap(room, (room.name, "set", body.target, body.word, said), by, idempotency_key)

    def begin() -> Take:
        return room.set(body.target, body.word, body.value, by)

    take, again = here.taps.start(tap, begin)
    return await answer(here, room, take, response, wait, again)


def _check_scene(room: Room, scene: str, arguments: Mapping[str, str]) -> None:
    if scene not in room.scenes:
        raise unknown("scene", "场景", scene, room.scenes)
    try:
        room.make(scene, arguments)
    except TakeError as error:
        raise unfit(str(error)) from error


def _check(room: Room, body: SetBody) -> None:
    if body.target not in room.names.targets():
        raise unknown("target", "对象", body.target, room.names.targets())
    try:
        tuple(room.names.resolve(body.target, body.word, body.value))
    except ValueError as error:
        raise unfit(f"{body.word}: {error}") from error
