"""All rooms of a site."""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from avctl.blueprint import Blueprint, read_room
from avctl.clock import Clock
from avctl.config import (
    SiteFile,
    read_document,
    validate,
)
from avctl.room import Room
from avctl.transport import Dial, dial


class Site:
    """All rooms of a site. Use it as an async context manager."""

    def __init__(self, name: str, title: Mapping[str, str], rooms: Mapping[str, Room]) -> None:
        self.name, self.title, self.rooms = name, title, rooms
        self.path: Path | None = None  # where it was read from
        self.file: SiteFile | None = None  # what was read

    async def __aenter__(self) -> "Site":
        self._stack = contextlib.AsyncExitStack()
        for room in self.rooms.values():
            await self._stack.enter_async_context(room)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stack.aclose()


def read_site(path: Path) -> tuple[SiteFile, tuple[Blueprint, ...]]:
    """Read a site: its folder, its ``site.yaml``, or a single room's file. Raises ConfigError."""
    if path.is_dir():
        path = path / "site.yaml"
    document = read_document(path)
    if "room" in document.data:
        plan = read_room(path)
        return SiteFile(site=plan.file.room, title=plan.file.title, rooms=(path.name,)), (plan,)
    file = validate(document, SiteFile, document.data)
    plans = tuple(read_room(path.parent / room) for room in file.rooms)
    names = [plan.file.room for plan in plans]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise document.error(("rooms", index), f"a second room {name!r}")
    return file, plans


def open_site(
    path: Path,
    clock: Clock,
    *,
    addresses: Mapping[str, Mapping[str, str]] | None = None,
    dialler: Dial = dial,
) -> Site:
    """A site ready to be entered. ``addresses``: URLs that go before the files', by room and device."""
    return build_site(path, *read_site(path), clock, addresses=addresses, dialler=dialler)


def build_site(
    path: Path,
    file: SiteFile,
    plans: Sequence[Blueprint],
    clock: Clock,
    *,
    addresses: Mapping[str, Mapping[str, str]] | None = None,
    dialler: Dial = dial,
) -> Site:
    """A site of files that were read. As `open_site`."""
    rooms = {
        plan.file.room: Room(
            plan, clock, addresses=(addresses or {}).get(plan.file.room), dialler=dialler
        )
        for plan in plans
    }
    site = Site(file.site, file.title.model_dump(), rooms)
    site.path, site.file = path, file
    return site
