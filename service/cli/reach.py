"""Rooms for commands that run without a service: opened, and waited for."""

import asyncio
from collections.abc import Collection
from pathlib import Path

from avctl.clock import Clock
from avctl.errors import ConfigError
from avctl.room import Room
from avctl.site import open_site
from service.cli.addresses import read_addresses


def opened_room(site: Path, room: str, addresses: Path | None) -> Room:
    """Raises ConfigError."""
    opened = open_site(site, Clock(), addresses=read_addresses(addresses))
    if room not in opened.rooms:
        raise ConfigError(f"no room {room!r} in {opened.name}; there are {', '.join(opened.rooms)}")
    return opened.rooms[room]


async def until_greeted(room: Room, devices: Collection[str], seconds: float) -> None:
    """Until ``devices`` are there, or the time is over."""
    changed = asyncio.Event()
    leave = room.subscribe(lambda room, change: changed.set())
    try:
        async with asyncio.timeout(seconds):
            while not all(room.devices[name].up for name in devices):
                changed.clear()
                await changed.wait()
    except TimeoutError:
        return
    finally:
        leave()
