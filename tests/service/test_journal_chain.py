"""The chain: every edited, removed or moved row is found, and the first one is named."""

import json
import os
import shutil
import sqlite3
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.clock import Clock
from service.journal import Journal, JournalError, verify
from service.store.backlog import Backlog
from service.store.chain import GENESIS, BrokenChainError, Entry, Tail, canonical, plain, walk

ROWS = 60
MUTATIONS = 300
TEXTS = ("at", "kind", "room", "by", "data", "hash")


@pytest.fixture
async def kept(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    journal = Journal(Clock(), path)
    await journal.open()
    for i in range(ROWS - 1):
        by = "panel" if i % 3 else None
        noted = journal.note(
            "tap", {"run": f"{i}", "level": -i / 7, "ok": True}, room="hall", by=by
        )
    await journal.stored(noted)
    await journal.close()
    with sqlite3.connect(path) as database:
        for name in ("no_update", "no_delete", "at_end"):
            database.execute(f"DROP TRIGGER journal_{name}")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")
    database.close()
    return path


async def test_a_chain_nobody_touched_is_whole(kept: Path) -> None:
    found = await verify(kept)
    assert found.is_whole
    assert found.entries == found.seq == ROWS


async def test_no_file_is_no_chain(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no such file"):
        await verify(tmp_path / "absent.db")
    assert not os.listdir(tmp_path)


async def test_every_mutation_is_found_and_named(kept: Path) -> None:
    rng = Random(20260802)
    seen: dict[str, int] = {}
    for trial in range(MUTATIONS):
        copy = kept.with_name("copy.db")
        shutil.copyfile(kept, copy)
        database = sqlite3.connect(copy)
        what, named = mutate(database, rng)
        database.commit()
        database.close()
        found = await verify(copy)
        assert found.broken == named, f"{trial}: {what}: {found}"
        seen[what.split()[0]] = seen.get(what.split()[0], 0) + 1
    assert set(seen) == {"edit", "bit", "remove", "swap", "shift", "insert", "cut", "text"}


def mutate(database: sqlite3.Connection, rng: Random) -> tuple[str, int]:
    """Change something. What it was, and the number that must be named."""
    at = rng.randint(1, ROWS)
    column = rng.choice(TEXTS)
    kind = rng.choice(("edit", "bit", "remove", "swap", "shift", "insert", "cut", "text"))
    if kind == "edit":
        value = database.execute(f"SELECT {column} FROM journal WHERE seq = ?", [at]).fetchone()[0]
        database.execute(
            f"UPDATE journal SET {column} = ? WHERE seq = ?", [edited(column, value), at]
        )
    elif kind == "bit":
        data = database.execute("SELECT data FROM journal WHERE seq = ?", [at]).fetchone()[0]
        bad = bytearray(data.encode())
        bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        database.execute(
            "UPDATE journal SET data = CAST(? AS TEXT) WHERE seq = ?", [bytes(bad), at]
        )
    elif kind == "remove":
        database.execute("DELETE FROM journal WHERE seq = ?", [at])
    elif kind == "swap":
        other = rng.choice([n for n in range(1, ROWS + 1) if n != at])
        for old, new in ((at, -1), (other, at), (-1, other)):
            database.execute("UPDATE journal SET seq = ? WHERE seq = ?", [new, old])
        return f"swap {at} {other}", min(at, other)
    elif kind == "shift":
        database.execute("UPDATE journal SET seq = seq + 1000 WHERE seq >= ?", [at])
    elif kind == "insert":
        database.execute(
            "INSERT INTO journal SELECT ?, at, kind, room, by, data, hash FROM journal WHERE seq = ?",
            [ROWS + 1, at],
        )
        return f"insert after {ROWS}", ROWS + 1
    elif kind == "cut":
        database.execute("DELETE FROM journal WHERE seq >= ?", [at])
    elif kind == "text":
        # The same value to this reader, another to one that takes the first of two keys.
        database.execute(
            'UPDATE journal SET data = \'{"run":"x",\' || substr(data, 2) WHERE seq = ?', [at]
        )
    return f"{kind} {column} of {at}", at


def edited(column: str, value: Any) -> Any:
    if column == "data":
        return canonical({**json.loads(value), "level": 99})
    return None if column in ("room", "by") and value else f"{value or ''}x"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_plain_values_survive_being_written_and_read(value: Any) -> None:
    text = canonical(plain(value))
    assert canonical(json.loads(text)) == text
    assert text.isascii()


def make(seq: int, kind: str, data: dict[str, int]) -> Entry:
    return Entry(seq, "2026-08-02T10:11:12.000000Z", kind, None, None, data, "", canonical(data))


@given(st.lists(st.sampled_from(["add", "tell", "keep"]), max_size=60), st.integers(1, 5))
def test_a_backlog_is_bounded_and_what_it_kept_is_always_a_whole_chain(
    steps: list[str], bound: int
) -> None:
    backlog = Backlog(Tail(), bound, 10_000, make)
    kept: list[Entry] = []
    for step in steps:
        if step == "add":
            backlog.add(make(backlog.next, "tap", {}))
        elif step == "tell":
            backlog.own_up()
        else:
            kept += backlog.first(2)
            backlog.release(len(backlog.first(2)))
        assert len(backlog) <= bound
    kept += list(backlog)
    backlog.release(len(backlog))
    if told := backlog.own_up():
        kept.append(told)
    tail = walk(kept, Tail())
    assert tail == backlog.tail
    assert tail.seq == backlog.next - 1
    excused = sum(entry.data["count"] for entry in kept if entry.kind == "lost")
    assert excused == backlog.lost
    assert len(kept) + backlog.lost == tail.seq


def test_a_gap_is_excused_only_by_the_entry_that_names_it() -> None:
    backlog = Backlog(Tail(0, GENESIS), 1, 10_000, make)
    for _ in range(4):
        backlog.add(make(backlog.next, "tap", {}))
    kept = list(backlog)
    backlog.release(1)
    lost = backlog.own_up()
    assert lost is not None
    assert lost.data == {"first": 2, "last": 4, "count": 3}
    assert walk([*kept, lost], Tail()) == Tail(5, lost.hash)
    with pytest.raises(BrokenChainError, match="entry 1: is missing"):
        walk([lost], Tail())
