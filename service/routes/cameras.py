"""Cameras driven by hand."""

from fastapi import APIRouter

from avctl.capabilities.camera import Camera
from avctl.room import Room
from service.openapi import COMMAND, DEVICE, problems
from service.parts import By, Here, RoomHere
from service.problems import unknown
from service.views import DriveBody

router = APIRouter(
    prefix="/rooms/{room}/cameras/{camera}", tags=["cameras"], responses=problems(*COMMAND, *DEVICE)
)


@router.post("/drive", status_code=204)
async def drive_camera(room: RoomHere, camera: str, body: DriveBody, here: Here, by: By) -> None:
    """Move for a second, unless told again, or until the panel's WebSocket is lost. All 0 stops."""
    _check(room, camera)
    here.recorder.hand(room, camera, by, body.model_dump())
    await room.drive(camera, body.pan, body.tilt, body.zoom, by)


@router.post("/stop", status_code=204)
async def stop_camera(room: RoomHere, camera: str, here: Here, by: By) -> None:
    """Stop all motion, before everything that waits."""
    _check(room, camera)
    here.recorder.hand(room, camera, by, {})
    await room.stop(camera)


def _check(room: Room, camera: str) -> None:
    cameras = [name for name, device in room.devices.items() if isinstance(device, Camera)]
    if camera not in cameras:
        raise unknown("camera", "摄像机", camera, cameras)
