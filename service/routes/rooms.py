"""Rooms with all that stands in them."""

from fastapi import APIRouter

from service.openapi import problems
from service.parts import Here, RoomHere
from service.views import Rooms, RoomView, room_view
from service.views.latency import LatenciesView, latencies_view

router = APIRouter(prefix="/rooms", tags=["rooms"], responses=problems("not-found"))


@router.get("")
async def list_rooms(here: Here) -> Rooms:
    return Rooms(rooms=[room_view(room) for room in here.site.rooms.values()])


@router.get("/{room}")
async def get_room(room: RoomHere) -> RoomView:
    return room_view(room)


@router.get("/{room}/latency")
async def get_latency(room: RoomHere) -> LatenciesView:
    """How long takes and the parts of their steps last, from the newest of each kind since the start."""
    return latencies_view(room)
