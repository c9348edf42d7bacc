"""How a room stands now, and storing that: as a scene of its file, or as a camera's preset."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter

from avctl.blueprint import Blueprint
from avctl.capabilities.camera import Camera
from avctl.commission import (
    ReadOnlyError,
    StoredPreset,
    adopt,
    as_it_stands,
    chosen,
    in_order,
    room_file,
    store_preset,
    write_preset,
    write_scene,
)
from avctl.errors import ConfigError
from avctl.room import Room
from service.openapi import COMMAND, DEVICE, problems
from service.parts import By, Here, Parts, RoomHere
from service.problems import ApiError, unfit, unknown
from service.views import SceneView, scene_view
from service.views.commission import (
    FramingView,
    StateView,
    StoredPresetView,
    StorePresetBody,
    StoreSceneBody,
    UntoldView,
)
from service.views.values import iso, plain

router = APIRouter(prefix="/rooms/{room}", tags=["commission"])

WRITTEN = problems(*COMMAND, *DEVICE, "read-only")


@router.get("/state", responses=problems("not-found"))
async def get_state(room: RoomHere, here: Here) -> StateView:
    """How the room stands, read back now, in the words that a scene would use."""
    standing = await as_it_stands(room)
    return StateView(
        room=room.name,
        at=iso(here.clock.wall()),
        words=plain(standing.words),
        untold=[
            UntoldView(target=each.target, word=each.word, why=each.why) for each in standing.untold
        ],
    )


@router.post("/scenes/{scene}/store", status_code=201, responses=WRITTEN)
async def store_scene(
    room: RoomHere, scene: str, body: StoreSceneBody, here: Here, by: By
) -> SceneView:
    """Store what of the room is chosen, as it stands now, as a scene that can be taken at once."""
    path = _file(here.site.path, room)
    try:
        standing = await as_it_stands(room, {choice.partition(".")[0] for choice in body.only})
        want = in_order(chosen(standing.words, body.only))
    except ValueError as error:
        raise unfit(str(error)) from error
    await _write(
        here,
        room,
        path,
        lambda: write_scene(
            path,
            scene,
            body.title.model_dump(),
            want,
            deadline=body.deadline,
            replace=body.replace,
        ),
    )
    data = {"what": "scene", "scene": scene, "want": plain(want)}
    here.journal.note("stored", data, room=room.name, by=by)
    return scene_view(room, room.scenes[scene])


@router.post("/cameras/{camera}/presets/{preset}/store", status_code=201, responses=WRITTEN)
async def store_camera_preset(
    room: RoomHere,
    camera: str,
    preset: str,
    here: Here,
    by: By,
    body: StorePresetBody | None = None,
) -> StoredPresetView:
    """Store where a camera looks, read it back, and write its word and framing into the room file."""
    cameras = [name for name, device in room.devices.items() if isinstance(device, Camera)]
    if camera not in cameras:
        raise unknown("camera", "摄像机", camera, cameras)
    path = _file(here.site.path, room)
    _check_writable(path)
    number = body.number if body else None
    stored = await store_preset(room, camera, preset, number, by=by)
    await _write(
        here, room, path, lambda: write_preset(path, camera, preset, stored.number, stored.framing)
    )
    view = _stored_view(stored)
    here.journal.note("stored", {"what": "preset", **view.model_dump()}, room=room.name, by=by)
    return view


def _stored_view(stored: StoredPreset) -> StoredPresetView:
    at = stored.framing
    return StoredPresetView(
        camera=stored.camera,
        preset=stored.word,
        number=stored.number,
        framing=FramingView(pan=at.pan, tilt=at.tilt, zoom=at.zoom),
    )


def _file(site: Path | None, room: Room) -> Path:
    if site is None:
        raise ApiError("read-only", "this site was not read from files", "本站点不是从文件读取的")
    try:
        return room_file(site, room.name)
    except ConfigError as error:
        raise unfit(str(error)) from error


def _check_writable(path: Path) -> None:
    """Told before a camera's memory is worn for nothing."""
    if not path.stat().st_mode & 0o222:
        raise ApiError("read-only", f"{path.name}: the file is read-only")


async def _write(here: Parts, room: Room, path: Path, write: Callable[[], Blueprint]) -> None:
    """Write, take over what was written, and tell every panel."""
    try:
        adopt(room, await asyncio.to_thread(write))
    except ReadOnlyError as error:
        raise ApiError("read-only", _without_folder(error, path)) from error
    except ConfigError as error:
        raise unfit(_without_folder(error, path)) from error
    here.hub.tell_room(room)


def _without_folder(error: ConfigError, path: Path) -> str:
    """Where the files lie is nobody's business on the network."""
    text = str(error)
    for folder in {path.parent, path.resolve().parent}:
        text = text.replace(f"{folder}{os.sep}", "").replace(str(folder), "its folder")
    return text
