"""The site through the year: rooms that are always there, and a service that comes and goes."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

from avctl.clock import Clock
from avctl.site import build_site, read_site
from hw_sim import room as simulated
from tests.rooms import DEMO, Lines
from tests.served import Served, served_from
from tests.year.plan import BREAKABLE, Plan, calendar_of

ENVIRONMENT = {"AVCTL_HALL_WALL_PASSWORD": "adminpw"}
POLL = 30.0  # seconds, of what may break: nothing here depends on quicker looks
LOOKS = 3.0  # seconds between two looks at what is plugged into what
SLOWEST_METER = 60_000  # milliseconds
LAMP_POLL = 20.0  # seconds; projectors drop who is silent for longer


def write_site(folder: Path, plan: Plan) -> None:
    """The demo site with looks so rare that a year of them can be afforded, and a calendar."""
    shutil.copytree(DEMO, folder)
    yaml = YAML()
    for path in folder.glob("*.yaml"):
        said = yaml.load(path)
        if path.name == "site.yaml":
            said["calendar"] = "meetings.ics"
        elif path.name == "simulators.yaml":
            # On its serial line it would talk to nobody through every night.
            said["rooms"]["17"]["devices"]["mixer"]["ends"] = {"tcp": "127.0.0.1:0"}
        elif "room" in said:
            for name, device in said["devices"].items():
                settings = device.setdefault("settings", {})
                settings.update(_rare(device["driver"], name in BREAKABLE.values()))
        yaml.dump(said, path)
    (folder / "meetings.ics").write_text(calendar_of(plan), encoding="utf-8")


def _rare(driver: str, breaks: bool) -> Mapping[str, Any]:
    poll = LAMP_POLL if driver == "pjlink" else POLL if breaks else 3 * POLL
    settings: dict[str, Any] = {"poll": poll}
    if driver == "hyperdeck":
        settings["watchdog"] = 60
    if driver in ("biamp_ttp", "shure"):
        settings["meter_rate"] = SLOWEST_METER
    return settings


@dataclass(eq=False)
class World:
    folder: Path
    plan: Plan
    seed: int
    starts: int = 0

    def __post_init__(self) -> None:
        self.site = self.folder / "site"
        self.data = self.folder / "data"
        write_site(self.site, self.plan)
        self.data.mkdir()
        self.real = simulated.Rooms.load(self.site / "simulators.yaml", seed=self.seed)
        self.read = read_site(self.site)
        self.ahead = timedelta(0)  # of the wall clock
        self.clock = Clock(self.wall, Random(self.seed))

    def wall(self) -> datetime:
        return (self.true_time() + self.ahead).astimezone(UTC)

    def true_time(self) -> datetime:
        return self.plan.begins + timedelta(seconds=asyncio.get_running_loop().time())

    async def until(self, moment: datetime) -> None:
        await asyncio.sleep(max(0.0, (moment - self.true_time()).total_seconds()))

    @contextlib.asynccontextmanager
    async def service(self) -> AsyncIterator[Served]:
        """The service at work on what the ones before it left."""
        self.starts += 1
        lines = Lines(self.real)
        site = build_site(
            self.site, *self.read, self.clock, addresses=lines.addresses, dialler=lines.dial
        )
        async with served_from(self.data, site, self.clock) as here:
            ticking = asyncio.create_task(self._tick())
            try:
                yield here
            finally:
                ticking.cancel()
                await asyncio.gather(ticking, return_exceptions=True)

    async def _tick(self) -> None:
        while True:
            for room in self.real.values():
                room.refresh()
            await asyncio.sleep(LOOKS)
