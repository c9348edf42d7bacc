"""Devices on real lines, and what they must not leave behind or hold up."""

import asyncio
import contextlib
import os
import threading
import time
from collections.abc import AsyncIterator, Callable
from random import Random
from typing import Any

from avctl.clock import Clock
from avctl.device import Device, link
from avctl.registry import driver
from avctl.transport import parse_address
from tests.processes import AT_ALL

STALL = 0.1  # seconds the loop may be held up


@contextlib.asynccontextmanager
async def kept_up(name: str, url: str, *, seed: int = 1, **settings: Any) -> AsyncIterator[Device]:
    """A device of driver ``name`` whose line is kept up; it may not have been greeted yet."""
    kind = driver(name)
    made = kind(name, kind.Settings.model_validate(settings), Clock(rng=Random(seed)))
    async with linked(made, url):
        yield made


@contextlib.asynccontextmanager
async def linked(device: Device, url: str) -> AsyncIterator[None]:
    line = link([device], parse_address(url), device.clock)
    running = asyncio.create_task(line.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(is_so: Callable[[], object], seconds: float = AT_ALL) -> float:
    """How long it took to become so. Raises AssertionError when it does not."""
    began = time.perf_counter()
    while not is_so():
        assert time.perf_counter() - began < seconds, f"not so within {seconds} s"
        await asyncio.sleep(0.002)
    return time.perf_counter() - began


def losses(device: Device) -> list[str]:
    """Why its line was lost, each time from now on."""
    told: list[str] = []
    device.subscribe(
        lambda device, point: (
            told.append(device.reason) if point is None and not device.up else None
        )
    )
    return told


def held() -> tuple[list[str], list[str], list[str]]:
    """What this process has open, its tasks and its threads (the loop's own pool aside)."""
    files = []
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the folder's own
            files.append(os.readlink(f"/proc/self/fd/{number}").split(":")[0])
    tasks = [task.get_coro().__qualname__ for task in asyncio.all_tasks()]  # type: ignore[union-attr]
    threads = [each.name for each in threading.enumerate() if not each.name.startswith("asyncio_")]
    return sorted(files), sorted(tasks), sorted(threads)
