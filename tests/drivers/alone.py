"""A driver alone with a scripted line, in virtual time."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from avctl.clock import Clock
from avctl.device import Device, link
from avctl.testing import Script
from avctl.transport import parse_address
from avctl.wire import Decoder

D = TypeVar("D", bound=Device)


def transcript(name: str) -> dict[str, dict[str, Any]]:
    """The lines of a transcript, by name."""
    path = Path(__file__).parents[1] / "transcripts" / f"{name}.json"
    return {line["name"]: line for line in json.loads(path.read_text())}


def decoded(decoder: Decoder, *chunks: bytes) -> list[Any]:
    return [message for chunk in chunks for message in decoder.feed(chunk)]


def cut(data: bytes, at: Sequence[int]) -> list[bytes]:
    """``data`` in pieces, cut at places that are taken modulo its length."""
    places = sorted({place % (len(data) + 1) for place in at} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(places)]


@asynccontextmanager
async def alone(
    driver: type[D], script: Script, url: str, greets: bool = True, **settings: Any
) -> AsyncIterator[D]:
    """The device, greeted where ``greets``."""
    clock = Clock()
    device = driver("it", driver.Settings(**settings), clock)
    line = link([device], parse_address(url), clock, script.dial)
    task = asyncio.create_task(line.run())
    up = asyncio.Event()
    device.subscribe(lambda device, point: up.set() if device.up else None)
    try:
        if greets:
            async with asyncio.timeout(60):
                await up.wait()
        yield device
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def reported(device: Device) -> dict[str, Any]:
    return {point.key: reading.value for point, reading in device.state.items()}
