"""Devices and their points, as last reported."""

from fastapi import APIRouter

from service.openapi import problems
from service.parts import RoomHere
from service.problems import unknown
from service.views import Devices, DeviceView, device_view

router = APIRouter(
    prefix="/rooms/{room}/devices", tags=["devices"], responses=problems("not-found")
)


@router.get("")
async def list_devices(room: RoomHere) -> Devices:
    return Devices(devices=[device_view(room, name) for name in room.devices])


@router.get("/{device}")
async def get_device(room: RoomHere, device: str) -> DeviceView:
    if device not in room.devices:
        raise unknown("device", "设备", device, room.devices)
    return device_view(room, device)
