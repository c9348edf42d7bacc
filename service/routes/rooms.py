"""Rooms with all that stands in them."""

from fastapi import APIRouter

from avctl.room import Room
from service.openapi import problems
from service.parts import Here, Parts, RoomHere, Who
from service.views import Rooms, RoomView, room_view
from service.views.latency import LatenciesView, latencies_view
from service.views.meetings import meeting_brief

router = APIRouter(prefix="/rooms", tags=["rooms"], responses=problems("not-found"))


@router.get("")
async def list_rooms(here: Here, who: Who) -> Rooms:
    return Rooms(rooms=[_told(here, here.site.rooms[room]) for room in who.rooms(here.site.rooms)])


@router.get("/{room}")
async def get_room(room: RoomHere, here: Here) -> RoomView:
    return _told(here, room)


@router.get("/{room}/latency")
async def get_latency(room: RoomHere) -> LatenciesView:
    """How long takes and the parts of their steps last, from the newest of each kind since the start."""
    return latencies_view(room)


def _told(here: Parts, room: Room) -> RoomView:
    return room_view(room, meeting_brief(here.meetings.live(room.name)))
