"""A room at work takes over what its file says anew, as far as that needs no new line."""

from avctl.blueprint import Blueprint
from avctl.errors import ConfigError
from avctl.room import Room


def adopt(room: Room, plan: Blueprint) -> None:
    """Give ``room`` the names and scenes of ``plan``. Takes under way go on as they were planned.

    Raises ConfigError where devices have come, gone or moved: that needs a new start.
    """
    was = {name: (part.driver, part.url) for name, part in room.file.devices.items()}
    now = {name: (part.driver, part.url) for name, part in plan.file.devices.items()}
    if was != now:
        raise ConfigError(f"the devices of {room.name} have changed: start anew to use them")
    plan.names.active = room.names.active
    room.file, room.names, room.playbook = plan.file, plan.names, plan.playbook
