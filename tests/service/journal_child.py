"""What the tests of crashes and full disks run in processes of their own."""

import asyncio
import itertools
import multiprocessing
import os
import resource
import statistics
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from avctl.clock import Clock
from service.journal import Entry, Journal, JournalError
from tests.processes import AT_ALL

WRITERS = 8
BOUND = 100
TOO_SMALL = 4096  # bytes: not one page of the write-ahead log

# A server that has imported everything forks a child in a moment; a fork of the test itself would
# carry its threads' locks along.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])


def write_for_ever(path: Path, acknowledged: Connection) -> None:
    """Send the number and the hash of every entry that is said to be stored."""

    runs = itertools.count()

    async def write(journal: Journal) -> None:
        for run in runs:
            entry = journal.note("tap", {"run": f"{os.getpid()}-{run}", "text": "x" * (run % 3000)})
            await journal.stored(entry)
            acknowledged.send((entry.seq, entry.hash))

    async def main() -> None:
        journal = Journal(Clock(), path)
        await journal.open()
        assert journal.healthy, journal.reason
        await asyncio.gather(*(write(journal) for _ in range(WRITERS)))

    asyncio.run(main())


@dataclass
class Starved:
    """What a journal did while its file could not grow, and afterwards."""

    reason: str  # once it is refused
    refused: str  # what who waited for an entry was told
    waiting: int
    lost: int
    readable: int  # entries a page showed meanwhile
    slower: float  # times that a note takes when the file cannot grow, at the median
    healthy: bool  # afterwards
    accepted: list[tuple[int, str]]  # those that were not dropped


def starve(path: Path, report: Connection) -> None:
    """Let the file grow no further, note on, let it grow again; send a `Starved`."""
    report.send(asyncio.run(_starve(path)))


async def _starve(path: Path) -> Starved:
    clock = Clock()
    journal = Journal(clock, path, waiting=BOUND)
    await journal.open()
    entries = [journal.note("tap", {"i": 0})]
    await journal.stored(entries[0])
    recovered = asyncio.Event()
    journal.subscribe(lambda entry: recovered.set() if entry.kind == "recovered" else None)

    before = _seconds_a_note(journal, entries, BOUND // 2)
    await journal.stored(entries[-1])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (TOO_SMALL, hard))
    entries.append(journal.note("tap", {"i": 1}))
    try:
        await journal.stored(entries[-1], timeout=AT_ALL)
        refused = ""
    except JournalError as error:
        refused = str(error)
    reason = journal.reason
    meanwhile = _seconds_a_note(journal, entries, 3 * BOUND)
    waiting, lost = journal.waiting, journal.lost
    readable = len(await journal.page(limit=500))

    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    async with asyncio.timeout(AT_ALL):
        await recovered.wait()
    entries.append(journal.note("tap", {"i": -1}))
    await journal.stored(entries[-1])
    healthy = journal.healthy
    await journal.close()
    return Starved(
        reason,
        refused,
        waiting,
        lost,
        readable,
        meanwhile / before,
        healthy,
        [named(entry) for entry in entries if entry.hash],
    )


def _seconds_a_note(journal: Journal, entries: list[Entry], count: int) -> float:
    took = []
    for i in range(count):
        at = time.perf_counter()
        entries.append(journal.note("tap", {"i": i}))
        took.append(time.perf_counter() - at)
    return statistics.median(took)


def named(entry: Entry) -> tuple[int, str]:
    return entry.seq, entry.hash
