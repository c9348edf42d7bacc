"""The records' database, and state read from the journal."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from avctl.clock import Clock
from service.journal import Entry, open_journal
from service.operations.projection import Projection
from service.store.record_models import JobRun
from service.store.records import RecordsError, open_records


def run(due: str, by: str) -> dict[str, str | int]:
    return {"job": "warm-up", "due": due, "claimed": due, "by": by, "why": "", "beat": 0}


async def test_of_two_processes_that_claim_a_due_time_one_gets_it(tmp_path: Path) -> None:
    async with open_records(tmp_path) as one, open_records(tmp_path) as other:

        async def claim(records: Any, by: str, due: str) -> bool:
            try:
                async with records.change() as connection:
                    await connection.execute(insert(JobRun).values(run(due, by)))
            except IntegrityError:
                return False
            return True

        for number in range(20):
            won = await asyncio.gather(
                claim(one, "one", f"{number}"), claim(other, "other", f"{number}")
            )
            assert sorted(won) == [False, True]
        async with one.look() as connection:
            assert await connection.scalar(select(func.count()).select_from(JobRun)) == 20


async def test_those_who_open_new_records_at_once_all_get_them(tmp_path: Path) -> None:
    async def opened() -> int | None:
        async with open_records(tmp_path) as records, records.look() as connection:
            found: int | None = await connection.scalar(select(func.count()).select_from(JobRun))
            return found

    assert await asyncio.gather(*(opened() for _ in range(8))) == [0] * 8


async def test_records_that_are_no_database_are_refused_with_their_reason(tmp_path: Path) -> None:
    (tmp_path / "records.db").write_bytes(b"not a database, and long enough to be looked at " * 50)
    with pytest.raises(RecordsError, match="not a database"):
        async with open_records(tmp_path):
            pass


class Tallied(Projection):
    kinds = frozenset({"one", "two"})

    def __init__(self, journal: Any) -> None:
        super().__init__(journal)
        self.seen: list[int] = []

    def apply(self, entry: Entry) -> None:
        if entry.data.get("bad"):
            raise ValueError("of another version")
        self.seen.append(entry.data["n"])


async def test_a_projection_takes_old_and_new_entries_once_and_in_order(tmp_path: Path) -> None:
    async with open_journal(tmp_path, Clock()) as journal:
        for n in range(3):
            journal.note("one", {"n": n})
        journal.note("other", {"n": 99})
        tallied = Tallied(journal)
        opening = asyncio.create_task(tallied.open())
        await asyncio.sleep(0)
        journal.note("two", {"n": 3})
        await opening
        await tallied.write("one", {"n": 4})
        journal.note("one", {"bad": True})
        assert tallied.seen == [0, 1, 2, 3, 4]
        tallied.close()
        journal.note("one", {"n": 5})
        assert tallied.seen == [0, 1, 2, 3, 4]
    async with open_journal(tmp_path, Clock()) as journal:
        again = Tallied(journal)
        await again.open()
        assert again.seen == [0, 1, 2, 3, 4, 5]


async def test_the_journal_gives_a_stretch_of_time_a_room_and_kinds(tmp_path: Path) -> None:
    clock = Clock()
    async with open_journal(tmp_path, clock) as journal:
        journal.note("one", {"n": 1}, room="19")
        middle = clock.wall()
        journal.note("one", {"n": 2}, room="19")
        journal.note("two", {"n": 3}, room="17")
        kept = await journal.page(limit=10)
        await journal.stored(kept[-1])
        assert [each.data["n"] async for each in journal.read({"one", "two"}, middle)] == [2, 3]
        assert [each.data["n"] async for each in journal.read({"one"}, until=middle)] == [1]
        assert [each.data["n"] async for each in journal.read({"one", "two"}, room="17")] == [3]
