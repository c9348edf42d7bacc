"""The service of the demo site in virtual time: its devices live on while the service is stopped and started."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI

from avctl.clock import Clock
from avctl.room import Room
from avctl.site import Site, open_site
from hw_sim import room as simulated
from service.app import create_app
from service.journal import Entry, Journal, open_journal
from service.parts import Parts
from service.settings import Settings
from service.store.kept import Kept
from service.store.records import open_records
from tests.rooms import DEMO, Lines

BASE = "http://127.0.0.1:8080"
API = "/api/v1"
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass(eq=False)
class Centre:
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

    def room(self, name: str) -> Room:
        return self.site.rooms[name]

    def noted(self, kind: str, event: str | None = None) -> list[Entry]:
        return [
            entry
            for entry in self.entries
            if entry.kind == kind and event in (None, entry.data.get("event"))
        ]

    async def until(self, holds: Callable[[], object], seconds: float = 600.0) -> None:
        async with asyncio.timeout(seconds):
            while not holds():
                await self.parts.clock.sleep(0.25)

    async def get(self, path: str) -> Any:
        answer = await self.client.get(API + path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, by: str = "test") -> httpx.Response:
        return await self.client.post(API + path, json=body or {}, headers={"X-Panel": quote(by)})

    async def done(self, path: str, body: Any = None, by: str = "test") -> Any:
        answer = await self.post(path, body, by)
        assert answer.status_code < 300, answer.text
        return answer.json()


@dataclass(eq=False)
class World:
    """What is there while no service runs, too."""

    folder: Path
    real: simulated.Rooms
    lines: Lines
    rooms: Collection[str]
    more: str = ""  # of the site's file
    seeds: int = 0

    def device(self, room: str, name: str) -> Any:
        return self.real[room].devices[name]

    @contextlib.asynccontextmanager
    async def service(self, *, up: bool = True) -> AsyncIterator[Centre]:
        """Started. ``up``: with all its devices greeted."""
        loop = asyncio.get_running_loop()
        self.seeds += 1
        clock = Clock(lambda: MONDAY + timedelta(seconds=loop.time()), Random(self.seeds))
        site = open_site(
            self._site(), clock, addresses=self.lines.addresses, dialler=self.lines.dial
        )
        data = self.folder / "data"
        async with open_journal(data, clock) as journal, open_records(data) as records:
            entries: list[Entry] = []
            journal.subscribe(entries.append)
            files = Kept(data / "files")
            settings = Settings(data=data)
            app = create_app(site, settings, journal=journal, records=records, files=files)
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(transport=transport, base_url=BASE) as client,
            ):
                made = Centre(app, client, site, journal, entries)
                if up:
                    rooms = site.rooms.values()
                    await made.until(lambda: all(d.up for r in rooms for d in r.devices.values()))
                yield made

    def _site(self) -> Path:
        site = self.folder / "site"
        site.mkdir(exist_ok=True)
        files = {"19": "room-19.yaml", "17": "room-17.yaml", "annex-6": "annex-6.yaml"}
        chosen = [files[name] for name in self.rooms]
        for name in chosen:
            (site / name).write_text((DEMO / name).read_text("utf-8"), "utf-8")
        said = f"site: demo\ntitle: 演示\nrooms: [{', '.join(chosen)}]\n{self.more}"
        (site / "site.yaml").write_text(said, "utf-8")
        return site


def world(folder: Path, *rooms: str, more: str = "") -> World:
    """The demo site, or some of its rooms. ``more``: lines of its file."""
    real = simulated.Rooms.load(DEMO / "simulators.yaml")
    return World(folder, real, Lines(real), rooms or ("19", "17", "annex-6"), more)
