"""The rooms that worlds are parts of, as the product and as the simulators know them."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from avctl.blueprint import Blueprint, read_room
from avctl.config import RoomFile, read_document
from avctl.device import DriverSettings
from avctl.names import Names
from avctl.playbook import Playbook
from avctl.registry import driver
from hw_sim.room.file import RoomPlan, SitePlan, read
from tests.campaign import scenery

DEMO = Path(__file__).parents[2] / "examples" / "demo"
OWN = Path(__file__).parent / "rooms"
DEMO_ROOMS = {
    "19": DEMO / "room-19.yaml",
    "17": DEMO / "room-17.yaml",
    "annex-6": DEMO / "annex-6.yaml",
}
HALL = "hall"
ROOMS = {**DEMO_ROOMS, HALL: OWN / "hall.yaml"}
PASSWORD = "AVCTL_HALL_WALL_PASSWORD"  # the variable that the demo's walls have it in

CHAIN = ("left-camera", "middle-camera", "right-camera")  # of the hall, in the order of their line


@cache
def the_room(room: str) -> tuple[Blueprint, RoomPlan]:
    """A room as the product and as the simulators know it."""
    before = os.environ.get(PASSWORD)
    os.environ[PASSWORD] = "adminpw"
    try:
        return read_room(ROOMS[room]), _plans()[room]
    finally:
        if before is None:
            del os.environ[PASSWORD]
        else:
            os.environ[PASSWORD] = before


@cache
def _plans() -> Mapping[str, RoomPlan]:
    return {
        **read(DEMO / "simulators.yaml").rooms,
        **read(OWN / "simulators.yaml").rooms,
    }


@cache
def _document(room: str) -> Any:
    return read_document(ROOMS[room])


def part_of(file: RoomFile, devices: tuple[str, ...], pairs: tuple[str, ...] = ()) -> RoomFile:
    """The room with some of its devices, and what is called after them."""

    def there(things: Mapping[str, Any]) -> dict[str, Any]:
        return {name: thing for name, thing in things.items() if thing.device in devices}

    return file.model_copy(
        update={
            "devices": {name: file.devices[name] for name in devices},
            "sources": there(file.sources),
            "destinations": there(file.destinations),
            "microphones": {
                name: held
                for name, held in there(file.microphones).items()
                if held.wireless is None or held.wireless.device in devices
            },
            "outlets": there(file.outlets),
            "ready": None,
            "pairs": {name: file.pairs[name] for name in pairs},
            "safe": None,
            "roles": {},
            "library": False,
            "scenes": {},
        }
    )


def product(
    room: str,
    devices: tuple[str, ...],
    scenes: Mapping[str, Any],
    options: Mapping[str, Mapping[str, Any]],
    pairs: Mapping[str, Mapping[str, Any]],
) -> Blueprint:
    """The room file of a world, as the product reads it. ``pairs``: how they are armed."""
    plan, _ = the_room(room)
    file = part_of(plan.file, devices, tuple(pairs))
    armed = {name: pair.model_copy(update=pairs[name]) for name, pair in file.pairs.items()}
    file = file.model_copy(update={"scenes": scenery.files(scenes), "pairs": armed})
    names = Names(file, {name: driver(part.driver) for name, part in file.devices.items()})
    settings = {name: _measured(plan.settings[name], options[name]) for name in devices}
    return Blueprint(file, settings, names, Playbook(_document(room), file, names))


def _measured(settings: DriverSettings, options: Mapping[str, Any]) -> DriverSettings:
    """What is to be measured on site, as somebody has measured it here."""
    if "settle_seconds" not in options:
        return settings
    return settings.model_copy(update={"settle_time": options["settle_seconds"] + 0.1})


def reality(
    room: str, devices: tuple[str, ...], options: Mapping[str, Mapping[str, Any]]
) -> SitePlan:
    """The same room as the simulators are told of it."""
    _, plan = the_room(room)
    gone = plan.devices.keys() - set(devices)

    def stays(end: str) -> bool:
        return end.split()[0] not in gone

    made = {
        name: plan.devices[name].model_copy(
            update={"options": {**plan.devices[name].options, **options[name]}}
        )
        for name in devices
    }
    part = plan.model_copy(
        update={
            "devices": made,
            "cables": [cable for cable in plan.cables if stays(cable.source) and stays(cable.to)],
            "microphones": {
                name: held for name, held in plan.microphones.items() if stays(held.plugged)
            },
        }
    )
    return SitePlan.model_construct(rooms={room: part})
