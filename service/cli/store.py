"""Storing how a room stands now: as a scene of its file, or as a camera's preset."""

import asyncio
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any

import typer

from avctl.capabilities.camera import Camera
from avctl.commission import (
    Standing,
    as_it_stands,
    chosen,
    in_order,
    room_file,
    store_preset,
    write_preset,
    write_scene,
)
from avctl.errors import ConfigError, DeviceError, TakeError
from avctl.room import Room
from service.cli.addresses import AddressFile, SitePath
from service.cli.reach import opened_room, until_greeted

GREETING = 15.0  # seconds that the devices get to answer

store = typer.Typer(no_args_is_help=True, help="Store how a room stands now.")


@store.callback()
def where(
    context: typer.Context,
    site: SitePath,
    room: Annotated[str, typer.Argument(metavar="ROOM")],
    addresses: AddressFile = None,
) -> None:
    context.obj = (site, room, addresses)


@store.command()
def scene(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the scene in the room file")],
    title: Annotated[str, typer.Option(help="What the button says; ZH|EN for both languages")],
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="TARGET or TARGET.WORD that belongs to it; several times", metavar="TARGET"
        ),
    ] = None,
    deadline: Annotated[float | None, typer.Option(help="Seconds a take may last")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="A scene of that name")] = False,
    dry: Annotated[bool, typer.Option("--dry", help="Only say what would be stored")] = False,
) -> None:
    """Read the room back, and write it into its file as a scene."""
    site, room_name, addresses = context.obj
    path = room_file(site, room_name)
    room = opened_room(site, room_name, addresses)
    standing = asyncio.run(_look(room, only or []))
    for untold in standing.untold:
        print(f"cannot be told: {untold.target} {untold.word}: {untold.why}", file=sys.stderr)
    try:
        want = in_order(chosen(standing.words, only or []))
    except ValueError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    for target, said in want.items():
        print(f"{target}: {', '.join(f'{word} {value}' for word, value in said.items())}")
    if not dry:
        write_scene(path, name, _title(title), want, deadline=deadline, replace=replace)
        print(f"written as {name} into {path}")


@store.command()
def preset(
    context: typer.Context,
    camera: Annotated[str, typer.Argument(metavar="CAMERA")],
    word: Annotated[str, typer.Argument(metavar="WORD", help="What people call it")],
    number: Annotated[int | None, typer.Option(help="Of the preset in the camera")] = None,
) -> None:
    """Store where a camera looks: in the camera, then with its framing in the room file."""
    site, room_name, addresses = context.obj
    path = room_file(site, room_name)
    room = opened_room(site, room_name, addresses)
    _check_camera(room, camera)
    try:
        asyncio.run(_store(room, path, camera, word, number))
    except (DeviceError, TakeError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error


async def _look(room: Room, only: list[str]) -> Standing:
    targets = list(dict.fromkeys(choice.partition(".")[0] for choice in only))
    async with room:
        await until_greeted(room, room.devices, GREETING)
        await _at_rest(room, [name for name in room.devices if _is_camera(room, name)])
        try:
            return await as_it_stands(room, targets)
        except ValueError as error:
            raise ConfigError(str(error)) from error


async def _store(room: Room, path: Path, camera: str, word: str, number: int | None) -> None:
    async with room:
        await until_greeted(room, [camera], GREETING)
        await _at_rest(room, [camera])
        stored = await store_preset(room, camera, word, number, by="command line")
    write_preset(path, camera, word, stored.number, stored.framing)
    at = stored.framing
    looks = f"pan {at.pan:.1f}, tilt {at.tilt:.1f}, zoom {at.zoom:.3f}"
    print(f"{camera} preset {stored.number} {word}: {looks}; written into {path}")


async def _at_rest(room: Room, cameras: Collection[str]) -> None:
    """A camera just greeted needs two looks until it is known to stand still."""
    looks = (2 * room.devices[name].refresh_every for name in cameras)
    await room.clock.sleep(max(looks, default=0.0))


def _is_camera(room: Room, name: str) -> bool:
    return isinstance(room.devices[name], Camera)


def _check_camera(room: Room, name: str) -> None:
    cameras = [each for each in room.devices if _is_camera(room, each)]
    if name not in cameras:
        raise ConfigError(f"no camera {name!r} in {room.name}; there are {', '.join(cameras)}")


def _title(text: str) -> dict[str, Any]:
    zh, bar, en = text.partition("|")
    return {"zh": zh.strip(), "en": en.strip() if bar else zh.strip()}
