"""The journal when its process is killed and when its disk is full."""

import sqlite3
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any

from avctl.clock import Clock
from service.journal import Journal, verify
from tests.service.journal_child import BOUND, Starved, processes, starve, write_for_ever

KILLS = 30


def start(target: Callable[[Path, Connection], None], path: Path) -> tuple[BaseProcess, Connection]:
    ours, theirs = processes.Pipe(duplex=False)
    child = processes.Process(target=target, args=(path, theirs), daemon=True)
    child.start()
    theirs.close()
    return child, ours


def kept(path: Path) -> dict[int, str]:
    with sqlite3.connect(path) as database:
        found = dict(database.execute("SELECT seq, hash FROM journal").fetchall())
    database.close()
    return found


def killed_after(child: BaseProcess, pipe: Connection, count: int) -> list[Any]:
    """What the child acknowledged until it was killed, at least ``count`` times."""
    heard = [pipe.recv() for _ in range(count)]
    child.kill()
    try:
        while True:
            heard.append(pipe.recv())
    except (EOFError, OSError):
        child.join()
        return heard


async def test_no_acknowledged_entry_is_lost_by_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    rng = Random(7)
    acknowledged: dict[int, str] = {}
    for _ in range(KILLS):
        child, pipe = start(write_for_ever, path)
        acknowledged.update(killed_after(child, pipe, rng.randint(1, 60)))
        found = await verify(path)
        assert found.is_whole, found.reason
    assert len(acknowledged) > KILLS
    assert acknowledged.items() <= kept(path).items()


async def test_runs_cut_off_by_kill_9_are_called_interrupted(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    child, pipe = start(write_for_ever, path)
    acknowledged = killed_after(child, pipe, 20)
    journal = Journal(Clock(), path)
    await journal.open()
    await journal.stored(journal.note("look"))
    entries = await journal.page(after=0, limit=500)
    await journal.close()
    taps = {entry.data["run"] for entry in entries if entry.kind == "tap"}
    cut = [entry.data["run"] for entry in entries if entry.kind == "interrupted"]
    assert len(taps) >= len(acknowledged)
    assert sorted(cut) == sorted(taps)


async def test_a_full_disk_raises_the_alarm_and_costs_only_what_memory_cannot_hold(
    tmp_path: Path,
) -> None:
    path = tmp_path / "journal.db"
    child, pipe = start(starve, path)
    starved = pipe.recv()
    child.join()
    assert isinstance(starved, Starved)
    assert starved.reason
    assert "not kept: " in starved.refused  # and not only when all patience is at an end
    assert starved.waiting == BOUND
    assert starved.readable >= BOUND
    assert starved.slower < 10
    assert starved.healthy
    assert dict(starved.accepted).items() <= kept(path).items()
    assert (await verify(path)).is_whole
    with sqlite3.connect(path) as database:
        query = "SELECT data ->> 'count', seq FROM journal WHERE kind = 'lost'"
        counts = [count for count, _ in database.execute(query)]
    database.close()
    assert sum(counts) == starved.lost
    assert starved.lost > 0
