"""Copies of the data folder, made while it is written; ``python -m tests.resilience`` makes more of them."""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from avctl.clock import Clock
from service.journal import FILE, Journal, verify
from service.store.copies import CopyError, copy, put_back
from service.store.kept import Kept
from service.store.records import open_records
from tests.resilience.copied import copied
from tests.system.command import avctl

WHEN = datetime(2026, 8, 2, 10, 11, 12, tzinfo=UTC)


async def kept(data: Path, entries: int = 5) -> str:
    """A data folder with all that there may be in one. The name of a file in it."""
    journal = Journal(Clock(), data / FILE)
    await journal.open()
    for number in range(entries):
        noted = journal.note("tap", {"run": f"{number}"})
    await journal.stored(noted)
    await journal.close()
    async with open_records(data):
        pass
    return await Kept(data / "files").put(b"a picture")


async def test_r23_a_copy_made_while_entries_come_is_whole_and_lacks_none(tmp_path: Path) -> None:
    found = await copied(tmp_path, 5)
    assert (found.made, found.lacking, found.wrong) == (5, 0, [])
    assert found.grown


async def test_r23_a_copy_is_put_back_with_all_that_was_in_it_and_what_was_there_is_set_aside(
    tmp_path: Path,
) -> None:
    data, to = tmp_path / "data", tmp_path / "copy"
    picture = await kept(data)
    told = await copy(data, to)
    with open(data / FILE, "r+b") as file:  # noqa: ASYNC230 - nothing else waits
        file.write(os.urandom(4096))
    back = await put_back(to, data, WHEN)
    assert back == told
    assert (await verify(data / FILE)).is_whole
    assert await Kept(data / "files").get(picture) == b"a picture"
    aside = data / "before-20260802T101112Z"
    assert {FILE, "records.db", "files"} <= {path.name for path in aside.iterdir()}
    assert [path for path in data.iterdir() if "half" in path.name] == []


async def test_r23_a_copy_that_was_touched_is_not_put_back(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "copy"
    await kept(data)
    await copy(data, to)
    before = (data / FILE).read_bytes()
    with sqlite3.connect(to / FILE) as database:
        database.execute("DROP TRIGGER journal_no_update")
        database.execute("UPDATE journal SET kind = 'look' WHERE seq = 3")
    database.close()
    with pytest.raises(CopyError, match="entry 3"):
        await put_back(to, data, WHEN)
    assert (data / FILE).read_bytes() == before


async def test_r23_nothing_is_put_back_under_a_service_at_work(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "copy"
    await kept(data)
    await copy(data, to)
    journal = Journal(Clock(), data / FILE)
    await journal.open()
    with pytest.raises(CopyError, match=f"process {os.getpid()}"):
        await put_back(to, data, WHEN)
    await journal.stored(journal.note("look"))
    await journal.close()
    assert (await verify(data / FILE)).is_whole


async def test_r23_no_copy_is_made_over_another(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "copy"
    await kept(data)
    first = await copy(data, to)
    with pytest.raises(CopyError, match="there already"):
        await copy(data, to)
    assert await verify(to / FILE) == first


async def test_r23_a_damaged_journal_gives_no_copy(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "copy"
    await kept(data)
    with sqlite3.connect(data / FILE) as database:
        database.execute("DROP TRIGGER journal_no_delete")
        database.execute("DELETE FROM journal WHERE seq = 2")
    database.close()
    with pytest.raises(CopyError, match="entry 2"):
        await copy(data, to)
    assert os.listdir(tmp_path) == ["data"]


async def test_the_commands_tell_how_far_the_chain_goes(tmp_path: Path) -> None:
    data, to = tmp_path / "data", tmp_path / "copy"
    await kept(data)
    end = await verify(data / FILE)
    said = avctl("copy", to, "--data", data)
    assert said.stdout.strip().endswith(f"{end.entries} entries, the last is {end.seq} {end.hash}")
    said = avctl("restore", to, "--data", tmp_path / "elsewhere")
    assert said.returncode == 0
    assert await verify(tmp_path / "elsewhere" / FILE) == end
