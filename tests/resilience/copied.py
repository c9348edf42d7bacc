"""Copies of a journal that is written meanwhile, each put back."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from avctl.clock import Clock
from service.journal import FILE, Journal, JournalError, verify
from service.store.copies import copy, put_back

BATCH = 500  # entries
BETWEEN = 0.02  # seconds between two entries
WHEN = datetime(2026, 8, 2, tzinfo=UTC)


@dataclass
class Copies:
    made: int = 0
    lacking: int = 0  # entries that were acknowledged before a copy was begun, and are not in it
    wrong: list[str] = field(default_factory=list)
    grown: int = 0  # entries that came while copies were made
    seconds: list[float] = field(default_factory=list)  # that it took to put one back


async def copied(folder: Path, times: int, before: int = 500) -> Copies:
    """Copies made one after the other of a journal that is written all the time, each put back elsewhere."""
    found = Copies()
    journal = Journal(Clock(), folder / "data" / FILE)
    await journal.open()
    for number in range(before):
        entry = journal.note("look", {"run": f"{number}", "text": "x" * (number % 500)})
        if number % BATCH == BATCH - 1:  # memory holds so many, not all
            await journal.stored(entry)
    writing = asyncio.create_task(_write(journal))
    try:
        for number in range(times):
            await _one(folder, number, journal, found)
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        await journal.close()
    return found


async def _write(journal: Journal) -> None:
    while True:
        journal.note("look", {"text": "x" * 300})
        await asyncio.sleep(BETWEEN)


async def _one(folder: Path, number: int, journal: Journal, found: Copies) -> None:
    noted = journal.note("look", {"copy": number})
    await journal.stored(noted)
    to, back = folder / f"copy-{number}", folder / f"back-{number}"
    told = await copy(folder / "data", to)
    found.lacking += max(0, noted.seq - told.seq)
    found.grown += journal.last - noted.seq
    began = time.monotonic()
    await put_back(to, back, WHEN)
    found.seconds.append(time.monotonic() - began)
    again = Journal(Clock(), back / FILE)
    await again.open()
    try:
        await again.stored(again.note("look"))
    except JournalError as error:
        found.wrong.append(str(error))
    await again.close()
    walked = await verify(back / FILE)
    if not walked.is_whole:
        found.wrong.append(walked.reason)
    found.made += 1
