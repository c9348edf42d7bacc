"""The service at work: its API called in this process, its journal heard, its devices on lines in memory."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import FastAPI

from avctl.clock import Clock
from avctl.room import Room
from avctl.site import Site
from service.app import create_app
from service.journal import Entry, Journal, open_journal
from service.parts import Parts
from service.settings import Settings
from service.store.kept import Kept
from service.store.records import open_records

BASE = "http://127.0.0.1:8080"
API = "/api/v1"


@dataclass(eq=False)
class Served:
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
        """The only room, or the first."""
        return next(iter(self.site.rooms.values()))

    def noted(self, kind: str, event: str | None = None) -> list[Entry]:
        return [
            entry
            for entry in self.entries
            if entry.kind == kind and event in (None, entry.data.get("event"))
        ]

    async def until(self, holds: Callable[[], object], seconds: float = 3600.0) -> None:
        async with asyncio.timeout(seconds):
            while not holds():
                await self.parts.clock.sleep(0.25)

    async def until_up(self) -> None:
        rooms = self.site.rooms.values()
        await self.until(lambda: all(d.up for r in rooms for d in r.devices.values()))

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


@contextlib.asynccontextmanager
async def served(
    site: Site, settings: Settings, journal: Journal, **how: Any
) -> AsyncIterator[Served]:
    """``how``: as `create_app` takes it."""
    entries: list[Entry] = []
    leave = journal.subscribe(entries.append)
    app = create_app(site, settings, journal=journal, **how)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=BASE) as client,
    ):
        yield Served(app, client, site, journal, entries)
    leave()


@contextlib.asynccontextmanager
async def served_from(data: Path, site: Site, clock: Clock) -> AsyncIterator[Served]:
    """What it keeps stays in ``data``, for the next start."""
    async with (
        open_journal(data, clock) as journal,
        open_records(data) as records,
        served(
            site, Settings(data=data), journal, records=records, files=Kept(data / "files")
        ) as here,
    ):
        yield here
