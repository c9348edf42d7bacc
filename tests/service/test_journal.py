"""The journal: what it keeps, how it is read, and what it does when a file is not fit."""

import asyncio
import math
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from avctl.clock import Clock
from service.journal import Entry, Journal, JournalError, open_journal, verify
from service.store.dialect import file_url
from service.store.engine import connect
from service.store.files import Reserve
from service.store.models import Base

AT = datetime(2026, 8, 2, 10, 11, 12, 345678, UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
async def journal(path: Path) -> AsyncIterator[Journal]:
    journal = Journal(Clock(lambda: AT), path)
    await journal.open()
    yield journal
    await journal.close()


async def reopened(path: Path) -> Journal:
    journal = Journal(Clock(), path)
    await journal.open()
    return journal


def numbers(entries: list[Entry]) -> list[int]:
    return [entry.seq for entry in entries]


async def test_an_entry_comes_back_as_it_was_noted(path: Path, journal: Journal) -> None:
    data = {"scene": "发言特写", "steps": [1, 2.5, None, True], "within": {"b": 1, "a": 2}}
    noted = journal.note("tap", data, room="大会议室", by="panel 1")
    await journal.stored(noted)
    await journal.close()
    again = await reopened(path)
    (found,) = await again.page(after=noted.seq - 1, limit=1)
    await again.close()
    assert found == noted
    assert found.as_json() == {
        "seq": 2,
        "at": "2026-08-02T10:11:12.345678Z",
        "kind": "tap",
        "room": "大会议室",
        "by": "panel 1",
        "data": data,
        "hash": noted.hash,
    }


async def test_what_json_cannot_hold_becomes_text(path: Path, journal: Journal) -> None:
    circle: dict[str, Any] = {}
    circle["again"] = circle
    odd: dict[Any, Any] = {
        "nan": math.nan,
        "bytes": b"\xff",
        "at": AT,
        3: {"of": (1, 2)},
        "half": "a\ud800b",
        "nul": "a\0b",
    }
    entries = [
        journal.note("odd", odd, room="\ud800"),
        journal.note("long", {"run": "a", "text": "x" * 300_000}),
        journal.note("circle", circle),
        journal.note("huge", {"number": 10**5000}),
    ]
    await journal.stored(entries[-1])
    assert entries[0].data["3"] == {"of": [1, 2]}
    assert entries[0].data["nan"] == "nan"
    assert entries[0].data["nul"] == "a\N{REPLACEMENT CHARACTER}b"
    assert entries[1].data == {"run": "a", "text": {"cut": 300_002}}
    assert "unwritable" in entries[2].data
    assert (await verify(path)).is_whole


async def test_pages_are_in_order_and_hold_what_still_waits(journal: Journal) -> None:
    await journal.stored([journal.note("n", {"i": i}, room=f"r{i % 2}") for i in range(20)][-1])
    waiting = [journal.note("n", {"i": i}, room=f"r{i % 2}") for i in range(20, 25)]
    assert journal.waiting == 5
    assert numbers(await journal.page(limit=8)) == list(range(19, 27))[-8:]
    assert numbers(await journal.page(after=3, limit=4)) == [4, 5, 6, 7]
    assert numbers(await journal.page(after=18, limit=100)) == list(range(19, 27))
    assert {entry.room for entry in await journal.page(limit=10, room="r1")} == {"r1"}
    assert len(await journal.page(limit=100, room="r1")) == 12
    assert await journal.page(after=waiting[-1].seq) == []


async def test_a_page_read_during_a_commit_shows_no_entry_twice(journal: Journal) -> None:
    for _ in range(20):
        first = journal.note("n")
        last = [journal.note("n") for _ in range(9)][-1]
        newest, following, _ = await asyncio.gather(
            journal.page(limit=500), journal.page(after=last.seq - 1), journal.stored(first)
        )
        assert numbers(newest) == list(range(1, last.seq + 1))
        assert following == [last]


async def test_listeners_hear_every_entry_and_a_failing_one_harms_nobody(journal: Journal) -> None:
    heard: list[Entry] = []

    def fail(entry: Entry) -> None:
        raise RuntimeError("listener")

    journal.subscribe(fail)
    unsubscribe = journal.subscribe(heard.append)
    noted = journal.note("tap")
    unsubscribe()
    journal.note("tap")
    assert heard == [noted]


async def test_a_thousand_notes_take_few_commits_and_do_not_wait(journal: Journal) -> None:
    before = journal.commits
    entries = [journal.note("tap", {"i": i}) for i in range(1000)]
    assert journal.waiting >= 1000, "note gave way to the writer"
    await asyncio.gather(*(journal.stored(entry) for entry in entries))
    assert journal.commits - before <= 6


async def test_note_needs_no_turn_of_the_loop(journal: Journal) -> None:
    turned: list[bool] = []
    asyncio.get_running_loop().call_soon(turned.append, True)
    for _ in range(100):
        journal.note("tap")
    assert not turned


async def test_a_second_writer_is_refused(path: Path, journal: Journal) -> None:
    with pytest.raises(JournalError, match="is writing it"):
        await Journal(Clock(), path).open()
    assert journal.healthy


async def test_rows_cannot_be_changed_removed_or_replaced(path: Path, journal: Journal) -> None:
    await journal.stored(journal.note("tap"))
    with sqlite3.connect(path) as other:
        for statement in (
            "UPDATE journal SET kind = 'x'",
            "DELETE FROM journal",
            "INSERT OR REPLACE INTO journal SELECT seq, at, 'x', room, by, data, hash FROM journal",
            "INSERT INTO journal VALUES (0, '', '', '', '', '{}', '')",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                other.execute(statement)
    other.close()


async def test_data_can_be_asked_for_in_sql(path: Path, journal: Journal) -> None:
    await journal.stored(journal.note("verdict", {"scene": "发言", "duration": 1.5}))
    with sqlite3.connect(path) as other:
        query = "SELECT data ->> 'duration' FROM journal WHERE data ->> 'scene' = '发言'"
        assert other.execute(query).fetchall() == [(1.5,)]
    other.close()


async def test_a_cut_off_run_is_called_interrupted_once(path: Path, journal: Journal) -> None:
    journal.note("tap", {"run": "done"}, room="hall")
    journal.note("verdict", {"run": "done"}, room="hall")
    cut = journal.note("tap", {"run": "cut", "scene": "close-up"}, room="hall", by="panel 1")
    await journal.stored(cut)
    assert await journal.unfinished() == [cut]
    await journal.close()
    for _ in range(2):
        journal = await reopened(path)
        await journal.close()
    entries = await reopened(path)
    (found,) = [e for e in await entries.page(limit=100) if e.kind == "interrupted"]
    await entries.close()
    assert found.data == {"run": "cut", "scene": "close-up", "tap": cut.seq}
    assert (found.room, found.by) == ("hall", "panel 1")


async def test_a_run_already_called_interrupted_is_finished(journal: Journal) -> None:
    journal.note("tap", {"run": "cut"})
    await journal.stored(journal.note("interrupted", {"run": "cut"}))
    assert await journal.unfinished() == []


async def test_a_damaged_file_is_set_aside_and_the_next_one_says_so(tmp_path: Path) -> None:
    rng = Random(1)
    whole = tmp_path / "whole.db"
    journal = await reopened(whole)
    await journal.stored([journal.note("tap", {"run": i, "x": "y" * 90}) for i in range(800)][-1])
    await journal.close()
    image = whole.read_bytes()
    for trial in range(25):
        path = tmp_path / str(trial) / "journal.db"
        path.parent.mkdir()
        damaged = bytearray(image)
        at = rng.randrange(len(image) // 4096) * 4096
        damaged[at : at + 4096] = rng.randbytes(4096)
        path.write_bytes(damaged)
        journal = await reopened(path)
        first = (await journal.page(after=0, limit=1))[0]
        assert first.kind == "set-aside", f"page at {at}"
        assert (path.parent / first.data["file"]).read_bytes() == damaged
        await journal.stored(journal.note("tap"))
        await journal.close()
        assert (await verify(path)).is_whole


async def test_a_tampered_end_is_found_on_opening(path: Path, journal: Journal) -> None:
    noted = journal.note("tap", {"scene": "one"})
    await journal.stored(noted)
    await journal.close()
    with sqlite3.connect(path) as other:
        other.execute("DROP TRIGGER journal_no_update")
        other.execute('UPDATE journal SET data = \'{"scene":"two"}\' WHERE seq = ?', [noted.seq])
    other.close()
    journal = await reopened(path)
    first = (await journal.page(after=0, limit=1))[0]
    await journal.close()
    assert first.kind == "set-aside"
    assert first.data["reason"] == f"entry {noted.seq}: is not as it was written"


async def test_rows_taken_off_the_end_are_missed_on_opening(path: Path, journal: Journal) -> None:
    await journal.stored([journal.note("tap", {"i": i}) for i in range(5)][-1])
    await journal.close()
    with sqlite3.connect(path) as other:
        other.execute("DROP TRIGGER journal_no_delete")
        other.execute("DELETE FROM journal WHERE seq > 3")
    other.close()
    journal = await reopened(path)
    first = (await journal.page(after=0, limit=1))[0]
    await journal.close()
    assert first.data["reason"] == "entry 4: the record ends at 6"


async def test_a_page_that_was_tampered_with_raises_the_alarm(path: Path, journal: Journal) -> None:
    entries = [journal.note("tap", {"i": i}) for i in range(5)]
    await journal.stored(entries[-1])
    with sqlite3.connect(path) as other:
        other.execute("DROP TRIGGER journal_no_update")
        other.execute("UPDATE journal SET by = 'nobody' WHERE seq = ?", [entries[2].seq])
    other.close()
    await journal.page()
    assert journal.reason == f"entry {entries[2].seq}: is not as it was written"


async def test_another_hand_on_the_file_stops_the_writer_and_raises_the_alarm(
    path: Path, journal: Journal
) -> None:
    await journal.stored(journal.note("tap"))
    with sqlite3.connect(path) as other:
        other.execute("UPDATE journal_tail SET hash = 'f'")
    other.close()
    with pytest.raises(JournalError, match="not the end this process left"):
        await journal.stored(journal.note("tap"), timeout=0.2)
    assert not journal.healthy


async def test_a_file_that_cannot_be_reached_leaves_the_journal_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with open_journal(tmp_path / "file", waiting=10) as journal:
        entries = [journal.note("tap", {"i": i}) for i in range(30)]
        assert "in memory only" in journal.reason
        assert await journal.page(limit=100) == entries[-10:]
        with pytest.raises(JournalError, match="in memory only"):
            await journal.stored(entries[-1])


async def test_the_folder_is_made(tmp_path: Path) -> None:
    async with open_journal(tmp_path / "new" / "folder") as journal:
        await journal.stored(journal.note("tap"))
    assert (await verify(tmp_path / "new" / "folder" / "journal.db")).entries == 2


async def test_the_migrations_make_the_tables_the_models_say(path: Path, journal: Journal) -> None:
    await journal.stored(journal.note("tap"))
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


async def test_a_file_of_a_newer_version_is_left_alone(path: Path, journal: Journal) -> None:
    await journal.close()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    again = await reopened(path)
    assert "9999" in again.reason
    assert not list(path.parent.glob("*.corrupt*"))


async def test_without_a_path_nothing_is_waited_for() -> None:
    journal = Journal(Clock())
    await journal.open()
    await journal.stored(journal.note("tap"))
    assert journal.healthy
    assert numbers(await journal.page()) == [1]
    await journal.close()


async def test_commits_reach_the_disk_before_they_are_acknowledged(path: Path) -> None:
    engine = connect(file_url(path))
    async with engine.connect() as connection:
        for pragma, value in (("synchronous", 2), ("journal_mode", "wal"), ("foreign_keys", 1)):
            assert await connection.scalar(text(f"PRAGMA {pragma}")) == value
    await engine.dispose()


def test_a_reserve_is_taken_whole_and_given_up_once(path: Path) -> None:
    reserve = Reserve(path, 8192)
    assert not reserve.is_whole
    reserve.fill()
    assert reserve.is_whole
    assert reserve.give_up()
    assert not reserve.give_up()
    assert not reserve.is_whole
