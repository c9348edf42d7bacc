"""Breaking simulated things by hand or from a test, over HTTP. JSON in and out; errors are ``{"detail": text}``.

A device is ``/devices/DEVICE``, in a site of several rooms ``/rooms/ROOM/devices/DEVICE``. Below that:

- ``GET    /truth`` what it really does now
- ``PUT    /faults/FAULT`` ``{"value": number, "times": count, "seconds": number}``, all optional
- ``DELETE /faults/FAULT`` and ``DELETE /faults`` for all
- ``POST   /press/ACTION`` with the arguments as JSON object
- ``POST   /reboot``

``GET /devices`` lists all devices of all rooms with the ``path`` of each, its options, the faults that are on and its
``actions`` with their arguments; ``GET /faults`` says what each fault does. ``GET /`` is a page with buttons. Of a
room: ``GET /rooms/ROOM`` (who is there, microphones), and below that

- ``GET /cameras/CAMERA/snapshot.jpg``, ``GET /far-end.jpg``, ``GET /walls/WALL.jpg``, ``GET /sinks/SINK.jpg``
- ``GET /far-end`` what it sees and hears, ``GET /walls/WALL`` its windows
- ``PUT /microphones/MICROPHONE`` ``{"alive": bool, "level": dBFS}``, either may be left out
- ``PUT /speaker`` ``{"present": bool}``

It has no password: bind it to the loopback only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from hw_sim.faults import DEVICE, FAULTS
from hw_sim.room.kinds import Showing
from hw_sim.room.room import Room
from hw_sim.room.sights import Sights
from hw_sim.room.site import Rooms
from hw_sim.simulator import Simulator

PAGE = Path(__file__).with_name("control.html")


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FaultAsked(Asked):
    value: float | None = None
    times: int | None = Field(default=None, ge=1)
    seconds: float | None = Field(default=None, gt=0)


class MicrophoneAsked(Asked):
    alive: bool | None = None
    level: float | None = Field(default=None, le=0)


class SpeakerAsked(Asked):
    present: bool


def create_control(
    devices: Mapping[str, Simulator],
    room: Rooms | None = None,
    *,
    urls: Mapping[str, Sequence[str]] | None = None,
) -> FastAPI:
    """The control of ``devices``, named ROOM/DEVICE when there are rooms; ``urls`` is where each can be reached."""
    app = FastAPI(title="Simulated devices", openapi_url="/openapi.json")
    app.state.devices = devices
    app.state.urls = urls or {}
    app.state.rooms = room or {}
    app.state.sights = {}
    app.add_exception_handler(ValueError, _refused)
    app.include_router(general)
    app.include_router(of_device, prefix="/devices/{name}")
    if room is not None:
        app.include_router(of_device, prefix="/rooms/{room}/devices/{name}")
        app.include_router(of_room, prefix="/rooms/{room}")
    return app


async def _refused(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=422)


def _device(request: Request) -> Simulator:
    parts = request.path_params
    name = f"{parts['room']}/{parts['name']}" if "room" in parts else parts["name"]
    if name not in request.app.state.devices:
        raise HTTPException(404, f"no device {name!r}")
    device: Simulator = request.app.state.devices[name]
    return device


def _room(request: Request, room: str) -> Room:
    if room not in request.app.state.rooms:
        raise HTTPException(404, f"no room {room!r}")
    found: Room = request.app.state.rooms[room]
    return found


def _sights(request: Request, room: str) -> Sights:
    sights: dict[str, Sights] = request.app.state.sights
    if room not in sights:
        sights[room] = Sights(_room(request, room))
    return sights[room]


TheDevice = Annotated[Simulator, Depends(_device)]
TheRoom = Annotated[Room, Depends(_room)]
TheSights = Annotated[Sights, Depends(_sights)]

general = APIRouter()


@general.get("/", include_in_schema=False)
async def page() -> FileResponse:
    return FileResponse(PAGE, media_type="text/html")


@general.get("/devices")
async def list_devices(request: Request) -> list[dict[str, Any]]:
    state = request.app.state
    return [_listed(name, device, state) for name, device in state.devices.items()]


@general.get("/faults")
async def list_faults() -> dict[str, Any]:
    """What each fault does, and which are of the line, which of the device."""
    return {
        name: {"help": text, "of": "device" if name in DEVICE else "line"}
        for name, text in FAULTS.items()
    }


@general.get("/rooms")
async def list_rooms(request: Request) -> list[dict[str, Any]]:
    return [_described(room) for room in request.app.state.rooms.values()]


def _listed(name: str, device: Simulator, state: Any) -> dict[str, Any]:
    room, slash, own = name.rpartition("/")
    return {
        "name": name,
        "path": f"/rooms/{room}/devices/{own}" if slash else f"/devices/{name}",
        "driver": device.driver,
        "model": device.model,
        "urls": list(state.urls.get(name, ())),
        "faults": dict(device.faults.active()),
        "options": dict(device.options),
        "settings": {option: repr(value) for option, value in device.settings.items()},
        "actions": {action: list(device.arguments(action)) for action in device.actions()},
    }


def _described(room: Room) -> dict[str, Any]:
    plan = room.plan
    return {
        "name": room.name,
        "title": plan.title.model_dump(),
        "speaker": {"present": room.speaker_present},
        "cameras": [name for name, device in plan.devices.items() if device.driver == "visca"],
        "walls": [name for name, device in room.devices.items() if isinstance(device, Showing)],
        "sinks": plan.sinks,
        "far_end": plan.far_end,
        "microphones": {
            name: {"alive": held.alive, "level": held.level, "gives": room.sound_level(name)}
            for name, held in room.microphones.items()
        },
    }


of_device = APIRouter()


@of_device.get("/truth")
async def truth(device: TheDevice) -> dict[str, object]:
    return device.truth()


@of_device.put("/faults/{fault}")
async def set_fault(
    device: TheDevice, fault: str, asked: Annotated[FaultAsked | None, Body()] = None
) -> dict[str, float | None]:
    asked = asked or FaultAsked()
    device.faults.set(fault, asked.value, times=asked.times, seconds=asked.seconds)
    return dict(device.faults.active())


@of_device.delete("/faults/{fault}")
async def clear_fault(device: TheDevice, fault: str) -> dict[str, float | None]:
    device.faults.clear(fault)
    return dict(device.faults.active())


@of_device.delete("/faults")
async def clear_faults(device: TheDevice) -> dict[str, float | None]:
    device.faults.clear()
    return {}


@of_device.post("/press/{action}")
async def press(
    device: TheDevice, action: str, arguments: Annotated[dict[str, Any] | None, Body()] = None
) -> dict[str, object]:
    device.press(action, **(arguments or {}))
    return device.truth()


@of_device.post("/reboot", status_code=204)
async def reboot(device: TheDevice) -> None:
    device.reboot()


of_room = APIRouter()


@of_room.get("")
async def describe_room(room: TheRoom) -> dict[str, Any]:
    return _described(room)


@of_room.get("/far-end")
async def far_end(room: TheRoom) -> dict[str, Any]:
    return {
        "sees": asdict(room.far_end_sees()),
        "hears": [asdict(each) for each in room.far_end_hears()],
    }


@of_room.get("/far-end.jpg")
async def far_end_jpeg(sights: TheSights) -> Response:
    return _jpeg(await sights.far_end())


@of_room.get("/cameras/{camera}/snapshot.jpg")
async def snapshot(room: TheRoom, sights: TheSights, camera: str) -> Response:
    if camera not in _described(room)["cameras"]:
        raise HTTPException(404, f"no camera {camera!r}")
    return _jpeg(await sights.camera(camera))


@of_room.get("/sinks/{sink}.jpg")
async def sink_jpeg(room: TheRoom, sights: TheSights, sink: str) -> Response:
    if sink not in room.plan.sinks:
        raise HTTPException(404, f"nothing called {sink!r} shows a picture")
    return _jpeg(await sights.at(sink))


@of_room.get("/walls/{wall}.jpg")
async def wall_jpeg(room: TheRoom, sights: TheSights, wall: str) -> Response:
    _known_wall(room, wall)
    return _jpeg(await sights.wall(wall))


@of_room.get("/walls/{wall}")
async def wall_windows(room: TheRoom, wall: str) -> list[dict[str, Any]]:
    _known_wall(room, wall)
    return [asdict(window) for window in room.wall_shows(wall)]


@of_room.put("/microphones/{microphone}")
async def set_microphone(room: TheRoom, microphone: str, asked: MicrophoneAsked) -> dict[str, Any]:
    if microphone not in room.microphones:
        raise HTTPException(404, f"no microphone {microphone!r}")
    room.set_microphone(microphone, alive=asked.alive, level=asked.level)
    held: dict[str, Any] = _described(room)["microphones"][microphone]
    return held


@of_room.put("/speaker")
async def set_speaker(room: TheRoom, asked: SpeakerAsked) -> dict[str, Any]:
    room.set_speaker(asked.present)
    return {"present": room.speaker_present}


def _known_wall(room: Room, wall: str) -> None:
    if wall not in _described(room)["walls"]:
        raise HTTPException(404, f"no wall {wall!r}")


def _jpeg(picture: bytes) -> Response:
    return Response(picture, media_type="image/jpeg", headers={"Cache-Control": "no-store"})
