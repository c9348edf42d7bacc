"""The power goes while the journal is written, and while one of the first version is brought up to this one."""

import asyncio
import logging
import sqlite3
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from avctl.clock import Clock
from service.journal import Journal, JournalError, verify
from service.store.chain import Entry, Tail, canonical, seal
from service.store.engine import JOURNAL
from tests.resilience.disk import Act, Disk, lay_out, recorded

NAME = "journal.db"
SESSIONS, ENTRIES = 3, 40
LONG = 30_000  # characters of an entry; some, so that the write-ahead log is taken over in between
OLD = 25  # entries of a journal of the first version
FIRST = "0001"


@dataclass
class Cuts:
    """What was found after so many of them."""

    cuts: int = 0
    lost: int = 0  # acknowledged entries that are gone
    broken: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)  # why a journal does not go on

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.broken or self.stuck)


def written() -> Disk:
    """A journal written, acknowledged, closed and opened again, a few times."""
    with TemporaryDirectory() as folder, recorded() as disk:
        asyncio.run(_write(Path(folder) / NAME, disk))
    return disk


async def _write(path: Path, disk: Disk) -> None:
    for _ in range(SESSIONS):
        journal = Journal(Clock(), path)
        await journal.open()
        assert journal.healthy, journal.reason
        for number in range(ENTRIES):
            text = "x" * (LONG if number % 8 == 7 else number)
            entry = journal.note("tap", {"run": f"{number}", "text": text})
            await journal.stored(entry)
            disk.note((entry.seq, entry.hash))
        await journal.close()


def upgraded() -> Disk:
    """A journal of the first version, opened by this one."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        kept = of_the_first_version(path)
        before = path.read_bytes()
        with recorded() as disk:
            # What was there before is on the disk for good.
            with sqlite3.connect(path) as database:
                whole = str(path.resolve())
            database.close()
            disk.acts.clear()
            disk.acts += _made(whole, before)
            for entry in kept:
                disk.note((entry.seq, entry.hash))
            asyncio.run(_reopened(path))
    return disk


def _made(path: str, content: bytes) -> list[Act]:
    return [Act("write", path, 0, content), Act("sync", path)]


def of_the_first_version(path: Path) -> list[Entry]:
    """Make the file as the first version made it, with entries in it."""
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(JOURNAL))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
    engine.dispose()
    entries, tail = [], Tail()
    for number in range(1, OLD + 1):
        data = {"run": f"{number}"}
        entry = Entry(
            number, "2026-08-02T10:11:12.000000Z", "look", "hall", None, data, "", canonical(data)
        )
        entry = seal_of(entry, tail)
        entries.append(entry)
        tail = Tail(entry.seq, entry.hash)
    with sqlite3.connect(path) as database:
        for e in entries:
            row = (e.seq, e.at, e.kind, e.room, e.by, e.text, e.hash)
            database.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        database.execute("UPDATE journal_tail SET seq = ?, hash = ?", (tail.seq, tail.hash))
    database.close()
    return entries


def seal_of(entry: Entry, tail: Tail) -> Entry:
    return Entry(
        entry.seq, entry.at, entry.kind, entry.room, entry.by, entry.data,
        seal(tail.hash, entry), entry.text,
    )  # fmt: skip


async def _reopened(path: Path) -> None:
    journal = Journal(Clock(), path)
    await journal.open()
    assert journal.healthy, journal.reason
    await journal.close()


def cut(disk: Disk, cuts: int, seed: int = 0, *, lies: bool = False, opened: int = 8) -> Cuts:
    """Look at what is left after ``cuts`` cuts at random moments; every ``opened``-th is opened and written to too."""
    return run(_cut(disk, cuts, Random(seed), lies=lies, opened=opened))


def run(work: Coroutine[Any, Any, Cuts]) -> Cuts:
    logging.disable(logging.CRITICAL)
    try:
        return asyncio.run(work)
    finally:
        logging.disable(logging.NOTSET)


async def _cut(disk: Disk, cuts: int, rng: Random, *, lies: bool, opened: int) -> Cuts:
    found = Cuts()
    for number in range(cuts):
        at = rng.randrange(1, len(disk.acts) + 1)
        with TemporaryDirectory() as folder:
            lay_out(disk.image(at, rng, lies=lies), Path(folder))
            await _judge(Path(folder) / NAME, disk.noted(at), found, goes_on=number % opened == 0)
        found.cuts += 1
    return found


async def _judge(path: Path, noted: list[Any], found: Cuts, *, goes_on: bool) -> None:
    # What is half done only who may write takes back, and before the first entry there may be no table yet.
    if goes_on or not noted or _is_half_done(path):
        journal = Journal(Clock(), path)
        await journal.open()
        await journal.stored(journal.note("look"))
        if not journal.healthy or list(path.parent.glob("*corrupt*")):
            found.stuck.append(journal.reason or "set aside")
        await journal.close()
    try:
        told = await verify(path)
    except JournalError:  # no such file
        found.lost += len(noted)
        return
    if told.is_whole:
        found.lost += len(set(noted) - _kept(path))
    else:
        found.broken.append(told.reason)


def _is_half_done(path: Path) -> bool:
    return path.with_name(f"{path.name}-journal").exists()


def _kept(path: Path) -> set[Any]:
    with sqlite3.connect(path) as database:
        kept = set(database.execute("SELECT seq, hash FROM journal").fetchall())
        whole = database.execute("PRAGMA integrity_check").fetchone()[0]
    database.close()
    return kept if whole == "ok" else set()
