"""A service on the demo site: real drivers, simulators on lines in memory, the API called in this process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx

from avctl.clock import Clock
from avctl.config import AlertsFile
from avctl.site import open_site
from hw_sim import room as simulated
from service.journal import Journal
from service.settings import Settings
from service.store.records import Records
from tests.rooms import DEMO, Lines
from tests.served import Served, served

PASSWORD = {"AVCTL_HALL_WALL_PASSWORD": "adminpw"}


@dataclass(eq=False)
class House(Served):
    real: simulated.Rooms

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
    demo: Path = DEMO,
    seed: int = 0,
    **settings: object,
) -> AsyncIterator[House]:
    """The service at work. ``only``: one of the rooms; ``up``: with its devices greeted;
    ``alerts``: what the site's file says of them; ``demo``: where its files are, if they may be written."""
    real = simulated.Rooms.load(DEMO / "simulators.yaml", seed=seed)
    lines = Lines(real)
    clock = Clock(rng=Random(seed))
    site = open_site(demo, clock, addresses=lines.addresses, dialler=lines.dial)
    if only:
        site.rooms = {only: site.rooms[only]}
    if alerts and site.file:
        rules = AlertsFile.model_validate(alerts)
        site.file = site.file.model_copy(update={"alerts": rules})
    ways = {"records": records, "cameras": cameras, "webhooks": webhooks}
    kept = journal or Journal(clock)
    async with served(site, Settings(**settings), kept, **ways) as here:  # type: ignore[arg-type]
        made = House(**vars(here), real=real)
        if up:
            await made.until_up()
        yield made
