"""A service on the demo site: real drivers, simulators on lines in memory, the API called in this process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx
from fastapi import FastAPI

from avctl.clock import Clock
from avctl.config import AlertsFile
from avctl.room import Room
from avctl.site import Site, open_site
from hw_sim import room as simulated
from service.app import create_app
from service.journal import Entry, Journal
from service.parts import Parts
from service.settings import Settings
from service.store.records import Records
from tests.rooms import DEMO, Lines

BASE = "http://127.0.0.1:8080"
API = "/api/v1"
PASSWORD = {"AVCTL_HALL_WALL_PASSWORD": "adminpw"}


@dataclass(eq=False)
class House:
    app: FastAPI
    client: httpx.AsyncClient
    site: Site
    real: simulated.Rooms
    journal: Journal
    entries: list[Entry]  # of the journal, since the beginning

    @property
    def parts(self) -> Parts:
        parts: Parts = self.app.state.parts
        return parts

    @property
    def room(self) -> Room:
        return next(iter(self.site.rooms.values()))

    def simulator(self, device: str) -> Any:
        """The device of room 19 as it really is."""
        return self.real["19"].devices[device]

    async def until(self, holds: Callable[[], object], seconds: float = 30.0) -> None:
        """Until ``holds``, looked at after each change of a room or entry of the journal."""
        changed = asyncio.Event()
        leave = [room.subscribe(lambda *_: changed.set()) for room in self.site.rooms.values()]
        leave.append(self.journal.subscribe(lambda _: changed.set()))
        async with asyncio.timeout(seconds):
            while not holds():
                changed.clear()
                await changed.wait()
        for way_out in leave:
            way_out()

    async def until_up(self) -> None:
        devices = [device for room in self.site.rooms.values() for device in room.devices.values()]
        await self.until(lambda: all(device.up for device in devices))

    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.entries]


@contextlib.asynccontextmanager
async def house(
    *,
    only: str | None = "19",
    journal: Journal | None = None,
    records: Records | None = None,
    cameras: httpx.AsyncBaseTransport | None = None,
    webhooks: httpx.AsyncBaseTransport | None = None,
    alerts: Mapping[str, Any] | None = None,
    up: bool = True,
    seed: int = 0,
    **settings: object,
) -> AsyncIterator[House]:
    """The service at work. ``only``: one of the rooms; ``up``: with its devices greeted;
    ``alerts``: what the site's file says of them."""
    real = simulated.Rooms.load(DEMO / "simulators.yaml", seed=seed)
    lines = Lines(real)
    clock = Clock(rng=Random(seed))
    site = open_site(DEMO, clock, addresses=lines.addresses, dialler=lines.dial)
    if only:
        site.rooms = {only: site.rooms[only]}
    if alerts and site.file:
        rules = AlertsFile.model_validate(alerts)
        site.file = site.file.model_copy(update={"alerts": rules})
    kept = journal or Journal(clock)
    entries: list[Entry] = []
    kept.subscribe(entries.append)
    app = create_app(
        site,
        Settings(**settings),  # type: ignore[arg-type]
        journal=kept,
        records=records,
        cameras=cameras,
        webhooks=webhooks,
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=BASE) as client,
    ):
        made = House(app, client, site, real, kept, entries)
        if up:
            await made.until_up()
        yield made
