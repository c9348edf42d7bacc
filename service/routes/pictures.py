"""Pictures of what cameras see and destinations show."""

from fastapi import APIRouter, Response

from service.openapi import problems
from service.parts import Here, RoomHere
from service.views.values import rounded

router = APIRouter(
    prefix="/rooms/{room}/pictures", tags=["pictures"], responses=problems("not-found", "picture")
)


@router.get(
    "/{name}.jpg",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "X-Picture-Age is in seconds"}},
)
async def get_picture(room: RoomHere, name: str, here: Here) -> Response:
    picture = await here.pictures.of(room, name)
    age = rounded(here.clock.now() - picture.at)
    headers = {"X-Picture-Age": str(age), "Cache-Control": "no-store"}
    return Response(picture.jpeg, media_type="image/jpeg", headers=headers)
