"""Whether those who sit at the panel see what is lost."""

import asyncio
import contextlib
import json

from tests.pains.table import pain
from tests.service.house import house


@pain(
    "A lost connection is not shown on the panel itself.",
    "bitfocus/companion-module-behringer-wing#100",
    "bitfocus/companion#4124",
    "bitfocus/companion#35",
    "museumsvictoria/nodel#71",
)
async def test_every_panel_is_told_of_a_lost_device_within_two_seconds_with_the_reason():
    async with house() as here:
        panels = [here.parts.hub.join() for _ in range(3)]
        here.real["19"].devices["mixer"].faults.set("cut")
        for panel in panels:
            async with asyncio.timeout(2):
                while not _is_loss(await panel.next() or "{}"):
                    pass
        for panel in panels:
            with contextlib.suppress(Exception):
                panel.close()


def _is_loss(text: str) -> bool:
    device = json.loads(text).get("device")
    return isinstance(device, dict) and device["device"] == "mixer" and bool(device["reason"])
