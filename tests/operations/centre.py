"""The service of the demo site in virtual time: its devices live on while the service is stopped and started."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from avctl.clock import Clock
from avctl.site import open_site
from hw_sim import room as simulated
from tests.rooms import DEMO, Lines
from tests.served import Served, served_from

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


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
    async def service(self, *, up: bool = True) -> AsyncIterator[Served]:
        """Started. ``up``: with all its devices greeted."""
        loop = asyncio.get_running_loop()
        self.seeds += 1
        clock = Clock(lambda: MONDAY + timedelta(seconds=loop.time()), Random(self.seeds))
        site = open_site(
            self._site(), clock, addresses=self.lines.addresses, dialler=self.lines.dial
        )
        async with served_from(self.folder / "data", site, clock) as made:
            if up:
                await made.until_up()
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
