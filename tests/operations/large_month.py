"""``python -m tests.operations.large_month [--rooms 50] [--takes 40]``: a month of a large site, and what its report costs."""

import argparse
import asyncio
import contextlib
import resource
import tempfile
import time
from datetime import datetime
from pathlib import Path

from avctl.config import SiteFile
from avctl.site import Site
from service.journal import open_journal, open_reader
from service.operations.reports.cover import Cover
from service.operations.reports.kinds import Asked, make
from service.operations.reports.names import Names
from service.operations.reports.render import render
from service.views.document import Document
from tests.operations.month import SHANGHAI, HandClock, Life

FIRST = datetime(2026, 11, 1, tzinfo=SHANGHAI)
LOOK = 0.005  # seconds between two looks at how long everything else had to wait


async def lived(folder: Path, rooms: list[str], takes: int) -> None:
    clock = HandClock(FIRST)
    async with open_journal(folder, clock) as journal:
        begun = time.perf_counter()
        truth = await Life(clock, journal).month(rooms, FIRST, 30, takes)
        told = f"{journal.last} entries, {truth.takes.total()} takes, {truth.meetings.total()} meetings"
        print(f"journal: {told}; written in {time.perf_counter() - begun:.1f} s")


async def made(folder: Path, names: Names) -> Document:
    """Facts, and how long the loop was held up meanwhile."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(LOOK)
            longest = max(longest, time.perf_counter() - before - LOOK)

    watching = asyncio.create_task(watch())
    async with open_reader(folder) as journal:
        begun, cpu = time.perf_counter(), time.process_time()
        now = datetime(2026, 12, 1, tzinfo=SHANGHAI)
        document = await make(journal, names, Asked("monthly", "2026-11"), now)
        took = time.perf_counter() - begun
    print(f"facts: {took:.2f} s, {time.process_time() - cpu:.2f} s of the processor")
    print(f"longest time that nothing else could run: {1000 * longest:.0f} ms")
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    return document


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--rooms", type=int, default=50)
    words.add_argument("--takes", type=int, default=40, help="in each day's meeting of each room")
    said = words.parse_args()
    rooms = [str(100 + number) for number in range(said.rooms)]
    site = Site("large", {"zh": "大型会议中心", "en": "Large centre"}, {})
    site.file = SiteFile.model_validate({"site": "large", "title": "大型会议中心", "rooms": ["x"]})
    names = Names(site)
    names.rooms = rooms
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(lived(Path(folder), rooms, said.takes))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.perf_counter()
        document = asyncio.run(made(Path(folder), names))
        for form in ("pdf", "docx", "xlsx"):
            start = time.perf_counter()
            size = len(render(document, Cover(), form, "zh"))
            print(f"{form}: {time.perf_counter() - start:.2f} s, {size // 1024} KiB")
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"all: {time.perf_counter() - begun:.2f} s; {(after - before) // 1024} MiB more")


if __name__ == "__main__":
    main()
