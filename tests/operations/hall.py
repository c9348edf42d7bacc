"""The service of the hall in virtual time: its simulators live on while the service is stopped and started."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
from fastapi import FastAPI

from avctl.clock import Clock
from avctl.room import Room
from avctl.site import Site, open_site
from hw_sim.room import Rooms
from service.app import create_app
from service.journal import Entry, Journal, open_journal
from service.parts import Parts
from service.settings import Settings
from service.store.kept import Kept
from service.store.records import open_records
from tests.rooms import Lines
from tests.warmup.stage import MORNING, ROOM, plan

BASE = "http://127.0.0.1:8080"
HALL = "/api/v1/rooms/hall/warm-ups"
SITE = """\
site: hall
title: {zh: 大厅站点, en: Hall site}
rooms: [hall.yaml]
timezone: Asia/Shanghai
"""


@dataclass(eq=False)
class Service:
    """The service while it runs."""

    app: FastAPI
    client: httpx.AsyncClient
    site: Site
    journal: Journal
    entries: list[Entry]  # since it was started

    @property
    def parts(self) -> Parts:
        parts: Parts = self.app.state.parts
        return parts

    @property
    def room(self) -> Room:
        return self.site.rooms["hall"]

    def noted(self, kind: str, event: str | None = None) -> list[Entry]:
        return [
            entry
            for entry in self.entries
            if entry.kind == kind and event in (None, entry.data.get("event"))
        ]

    async def until(self, holds: Callable[[], object], seconds: float = 3600.0) -> None:
        async with asyncio.timeout(seconds):
            while not holds():
                await self.parts.clock.sleep(0.5)

    async def get(self, path: str) -> Any:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        return await self.client.post(path, json=body or {}, headers={"X-Panel": "test"})

    async def warmed_up(self, **body: Any) -> Any:
        """A warm-up from its beginning to its proof."""
        # Until a strip that was cut off is known to be away.
        await self.parts.clock.sleep(60)
        answer = await self.post(HALL, body)
        assert answer.status_code == 202, answer.text
        run = answer.json()["run"]
        await self.until(lambda: self.noted("warm-up", "ended"))
        return await self.get(f"{HALL}/{run}")


@dataclass(eq=False)
class World:
    """What is there while no service runs, too."""

    folder: Path
    rooms: Rooms
    lines: Lines
    site_text: str = SITE
    seeds: int = 0
    clocks: list[Clock] = field(default_factory=list)

    def device(self, name: str) -> Any:
        return self.rooms["hall"].devices[name]

    @contextlib.asynccontextmanager
    async def service(
        self, *, there: tuple[str, ...] = ("sequencer", "mixer")
    ) -> AsyncIterator[Service]:
        """Started, with the devices that have mains greeted."""
        loop = asyncio.get_running_loop()
        self.seeds += 1
        clock = Clock(lambda: MORNING + timedelta(seconds=loop.time()), Random(self.seeds))
        site = self.folder / "site"
        site.mkdir(exist_ok=True)
        (site / "site.yaml").write_text(self.site_text, "utf-8")
        (site / "hall.yaml").write_text(ROOM.read_text("utf-8"), "utf-8")
        opened = open_site(site, clock, addresses=self.lines.addresses, dialler=self.lines.dial)
        data = self.folder / "data"
        async with open_journal(data, clock) as journal, open_records(data) as records:
            entries: list[Entry] = []
            journal.subscribe(entries.append)
            files = Kept(data / "files")
            app = create_app(
                opened, Settings(data=data), journal=journal, records=records, files=files
            )
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(transport=transport, base_url=BASE) as client,
            ):
                made = Service(app, client, opened, journal, entries)
                await made.until(lambda: all(made.room.devices[name].up for name in there), 60)
                yield made


def world(
    folder: Path, options: Mapping[str, Mapping[str, Any]] | None = None, site: str = SITE
) -> World:
    rooms = Rooms(plan(options or {}))
    return World(folder, rooms, Lines(rooms), site)
