"""Inspections: begun, answered with what people saw, and told."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from service.openapi import COMMAND, problems
from service.operations.errors import ConflictError
from service.operations.inspections import Inspection, NotFoundError, PhotoError, Result
from service.parts import By, Here, Parts, RoomHere
from service.problems import ApiError, unfit, unknown
from service.store.kept import KeptError
from service.uploads import PHOTOS, binary
from service.views.inspection import (
    AnswerLookBody,
    InspectBody,
    InspectionPage,
    InspectionsBegun,
    InspectionView,
    PhotoKept,
    brief_view,
    inspection_view,
)
from service.views.values import path

router = APIRouter(tags=["inspections"])
of_one = "/inspections/{inspection}"

CHANGE = (*COMMAND, "conflict", "not-recorded")


@router.get("/inspections", responses=problems("not-recorded"))
async def list_inspections(
    here: Here,
    room: Annotated[str | None, Query(max_length=64)] = None,
    before: Annotated[int | None, Query(ge=1, le=2**62, description="Only older than seq")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> InspectionPage:
    """Newest first; those that are not closed are among them."""
    found = []
    for each in here.inspections.newest(room):
        if before is None or each.seq < before:
            found.append(each)
        if len(found) > limit:
            break
    page = [brief_view(each) for each in found[:limit]]
    return InspectionPage(inspections=page, more=len(found) > limit)


@router.post("/inspections", status_code=202, responses=problems(*CHANGE))
async def start_inspections(
    here: Here, by: By, body: InspectBody | None = None
) -> InspectionsBegun:
    """Begin to inspect some rooms, or all."""
    rooms = body.rooms if body and body.rooms else list(here.site.rooms)
    if strange := [room for room in rooms if room not in here.site.rooms]:
        raise unknown("room", "房间", strange[0], here.site.rooms)
    begun, refused = [], {}
    for room in dict.fromkeys(rooms):
        try:
            begun.append(brief_view(await here.inspections.start(here.site.rooms[room], by)))
        except ConflictError as error:
            refused[room] = str(error)
    return InspectionsBegun(inspections=begun, refused=refused)


@router.post(
    "/rooms/{room}/inspections",
    status_code=202,
    responses={
        202: {"description": "Under way; Location leads to it"},
        **problems(*CHANGE),
    },
)
async def start_inspection(
    room: RoomHere, here: Here, by: By, response: Response
) -> InspectionView:
    """Begin to inspect a room. One that people have not finished is closed as it stands."""
    made = await here.inspections.start(room, by)
    response.headers["Location"] = path("inspections", made.identity)
    return await _view(here, made)


@router.get(of_one, responses=problems("not-found", "not-recorded"))
async def get_inspection(inspection: str, here: Here) -> InspectionView:
    """With all that was read and seen."""
    return await _view(here, _find(here, inspection))


@router.post(of_one + "/looks/{look}", responses=problems(*CHANGE))
async def answer_look(
    inspection: str, look: str, here: Here, by: By, body: AnswerLookBody
) -> InspectionView:
    """Say what was seen; again, where it was wrong. The last answer closes the inspection."""
    made = _find(here, inspection)
    try:
        await here.inspections.answer(made, look, Result(body.result), body.remark.strip(), by)
    except NotFoundError:
        raise unknown("item", "检查项", look, made.looks) from None
    return await _view(here, made)


@router.post(
    of_one + "/looks/{look}/photo",
    status_code=201,
    responses=problems(*CHANGE),
    openapi_extra=binary(*PHOTOS),
)
async def add_photo(inspection: str, look: str, here: Here, by: By, request: Request) -> PhotoKept:
    """Keep a photo: JPEG, PNG or WebP. What is in the file beside the picture (place, time, camera) is left out."""
    made = _find(here, inspection)
    try:
        return PhotoKept(
            photo=await here.inspections.add_photo(made, look, await request.body(), by)
        )
    except NotFoundError:
        raise unknown("item", "检查项", look, made.looks) from None
    except PhotoError as error:
        raise unfit(str(error)) from error
    except KeptError as error:
        raise ApiError("not-recorded", str(error)) from error


@router.get(
    of_one + "/photos/{photo}",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, **problems("not-found")},
)
async def get_inspection_photo(inspection: str, photo: str, here: Here) -> Response:
    made = _find(here, inspection)
    if not any(photo in look.photos for look in made.looks.values()):
        raise ApiError("not-found", "no such photo is of this inspection", "该巡检没有此照片")
    try:
        data = await here.files.get(photo)
    except KeptError as error:
        raise ApiError("not-found", str(error)) from error
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, immutable"})


@router.post(of_one + "/close", responses=problems(*CHANGE))
async def close_inspection(inspection: str, here: Here, by: By) -> InspectionView:
    """Close it as it stands, whatever nobody has answered."""
    made = _find(here, inspection)
    await here.inspections.finish(made, by)
    return await _view(here, made)


async def _view(here: Parts, made: Inspection) -> InspectionView:
    return inspection_view(made, await here.inspections.checks(made))


def _find(here: Parts, inspection: str) -> Inspection:
    try:
        return here.inspections.find(inspection)
    except NotFoundError:
        raise ApiError(
            "not-found", f"no inspection {inspection}", f"没有巡检 {inspection}"
        ) from None
