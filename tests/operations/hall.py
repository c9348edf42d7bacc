"""The service of the hall in virtual time: its simulators live on while the service is stopped and started."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from avctl.clock import Clock
from avctl.site import open_site
from hw_sim.room import Rooms
from tests.rooms import Lines
from tests.served import Served, served_from
from tests.warmup.stage import MORNING, ROOM, plan

HALL = "/rooms/hall/warm-ups"
SITE = """\
site: hall
title: {zh: 大厅站点, en: Hall site}
rooms: [hall.yaml]
timezone: Asia/Shanghai
"""


async def warmed_up(service: Served, **body: Any) -> Any:
    """A warm-up from its beginning to its proof."""
    # Until a strip that was cut off is known to be away.
    await service.parts.clock.sleep(60)
    run = (await service.done(HALL, body))["run"]
    await service.until(lambda: service.noted("warm-up", "ended"))
    return await service.get(f"{HALL}/{run}")


@dataclass(eq=False)
class World:
    """What is there while no service runs, too."""

    folder: Path
    rooms: Rooms
    lines: Lines
    site_text: str = SITE
    seeds: int = 0

    def device(self, name: str) -> Any:
        return self.rooms["hall"].devices[name]

    @contextlib.asynccontextmanager
    async def service(
        self, *, there: tuple[str, ...] = ("sequencer", "mixer")
    ) -> AsyncIterator[Served]:
        """Started, with the devices that have mains greeted."""
        loop = asyncio.get_running_loop()
        self.seeds += 1
        clock = Clock(lambda: MORNING + timedelta(seconds=loop.time()), Random(self.seeds))
        site = self.folder / "site"
        site.mkdir(exist_ok=True)
        (site / "site.yaml").write_text(self.site_text, "utf-8")
        (site / "hall.yaml").write_text(ROOM.read_text("utf-8"), "utf-8")
        opened = open_site(site, clock, addresses=self.lines.addresses, dialler=self.lines.dial)
        async with served_from(self.folder / "data", opened, clock) as made:
            devices = made.room.devices
            await made.until(lambda: all(devices[name].up for name in there), 60)
            yield made


def world(
    folder: Path, options: Mapping[str, Mapping[str, Any]] | None = None, site: str = SITE
) -> World:
    rooms = Rooms(plan(options or {}))
    return World(folder, rooms, Lines(rooms), site)
