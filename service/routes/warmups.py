"""Warm-ups: beginning one, following it, its proof with every sample, and its picture."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from avctl.room import Room
from avctl.warmup import Asked
from service.openapi import COMMAND, problems
from service.operations.warmups import InUseError
from service.parts import By, Here, Parts, RoomHere, Who
from service.problems import ApiError, unfit, unknown
from service.store.kept import KeptError
from service.views.values import path
from service.views.warmup import WarmUpBody, WarmUps, WarmUpSamples, WarmUpView

router = APIRouter(tags=["warm-ups"])
of_room = "/rooms/{room}/warm-ups"


@router.get("/warm-ups", responses=problems("not-found"))
async def list_latest_warm_ups(here: Here, who: Who) -> WarmUps:
    """The one under way, or else the last, of every room that has one."""
    found = [
        view
        for room in (here.site.rooms[name] for name in who.rooms(here.site.rooms))
        if (view := here.warmups.under_way(room) or here.warmups.latest(room.name))
    ]
    return WarmUps(warm_ups=found)


@router.get(of_room, responses=problems("not-found", "not-recorded"))
async def list_warm_ups(
    room: RoomHere,
    here: Here,
    limit: Annotated[int, Query(ge=1, le=100)] = 12,
    before: Annotated[str | None, Query(description="Only those begun before this time")] = None,
) -> WarmUps:
    """Newest first; the one under way before all."""
    found = await here.warmups.page(room, limit + 1, before)
    return WarmUps(warm_ups=list(found[:limit]), more=len(found) > limit)


@router.post(
    of_room,
    status_code=202,
    responses={
        202: {"description": "Under way; Location leads to it"},
        **problems(*COMMAND, "not-recorded"),
    },
)
async def start_warm_up(
    room: RoomHere, here: Here, by: By, response: Response, body: WarmUpBody | None = None
) -> WarmUpView:
    """Bring the room up in order, hold it, look at every device, and shut it down again."""
    body = body or WarmUpBody()
    for name in body.skip:
        _check_device(room, name)
    ready = room.mains.ready
    if ready is None:
        raise unfit(f"{room.name} says nothing of how it is made ready")
    asked = Asked(by, body.hold or ready.hold, body.stay_on, body.skip)
    try:
        made = await here.warmups.start(room, asked, during_meeting=body.during_meeting)
    except InUseError as error:
        raise ApiError("held-back", str(error), error.zh) from error
    response.headers["Location"] = path("rooms", room.name, "warm-ups", made.identity)
    return here.warmups.view(made)


@router.get(of_room + "/{run}", responses=problems("not-found", "not-recorded"))
async def get_warm_up(room: RoomHere, run: str, here: Here) -> WarmUpView:
    return await _found(here, room, run)


@router.get(of_room + "/{run}/samples", responses=problems("not-found", "not-recorded"))
async def get_warm_up_samples(room: RoomHere, run: str, here: Here) -> WarmUpSamples:
    """Everything that was read, in the order in which it was."""
    view = await _found(here, room, run)
    return WarmUpSamples(samples=list(await here.warmups.samples(view)))


@router.get(
    of_room + "/{run}/picture.svg",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {}}}, **problems("not-found", "not-recorded")},
)
async def get_warm_up_picture(room: RoomHere, run: str, here: Here) -> Response:
    """Every device over time, the hold, and the verdicts, in both languages."""
    view = await _found(here, room, run)
    try:
        picture = await here.warmups.picture(view)
    except KeptError as error:
        raise ApiError("not-found", str(error)) from error
    # It is shown as an image; should somebody open it, nothing in it runs.
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(picture, media_type="image/svg+xml", headers=headers)


@router.post(of_room + "/{run}/break-off", responses=problems(*COMMAND))
async def break_off_warm_up(room: RoomHere, run: str, here: Here, by: By) -> WarmUpView:
    """End it, incomplete. The room is left as it is."""
    try:
        made = here.warmups.break_off(room, run, by)
    except KeyError:
        raise _no_warm_up(run) from None
    return here.warmups.view(made)


@router.post(
    of_room + "/identities/{device}/accept",
    status_code=204,
    responses=problems(*COMMAND, "not-recorded"),
)
async def accept_identity(room: RoomHere, device: str, here: Here, by: By) -> Response:
    """The device that is there now is the right one: it is not told as another one any more."""
    _check_device(room, device)
    if not room.devices[device].identity:
        raise unfit(f"{device} has not said who it is")
    await here.warmups.accept(room, device, by)
    return Response(status_code=204)


async def _found(here: Parts, room: Room, run: str) -> WarmUpView:
    try:
        return await here.warmups.find(room, run)
    except KeyError:
        raise _no_warm_up(run) from None


def _no_warm_up(run: str) -> ApiError:
    return ApiError("not-found", f"no warm-up {run} here", f"没有预热记录 {run}")


def _check_device(room: Room, name: str) -> None:
    if name not in room.devices:
        raise unknown("device", "设备", name, room.devices)
