"""The chain: every edited, removed or moved row is found, and the first one is named.

``python -m tests.resilience`` does it more often.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.journal import JournalError, verify
from service.store.backlog import Backlog
from service.store.chain import GENESIS, BrokenChainError, Entry, Tail, canonical, plain, walk
from tests.resilience.tampered import KINDS, ROWS, tampered, written

MUTATIONS = 200


@pytest.fixture
async def kept(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    await written(path)
    return path


async def test_a_chain_nobody_touched_is_whole(kept: Path) -> None:
    found = await verify(kept)
    assert found.is_whole
    assert found.entries == found.seq == ROWS


async def test_no_file_is_no_chain(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="no such file"):
        await verify(tmp_path / "absent.db")
    assert not os.listdir(tmp_path)


async def test_r49_every_mutation_is_found_and_named(kept: Path) -> None:
    found = await tampered(kept, MUTATIONS, seed=20260802)
    assert found.missed == []
    assert set(found.kinds) == set(KINDS)


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
