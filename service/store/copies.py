"""Copies of a data folder: made while a service writes it, proved whole, and put back.

A copy holds both databases and the files that entries of the journal speak of. What stood in the folder that a copy is
put back to is set aside in it, never deleted.
"""

import asyncio
import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from avctl.errors import AvctlError
from service import journal
from service.store import records
from service.store.chain import JournalError
from service.store.entries import Verified, verify
from service.store.files import BESIDE, Lock

DATABASES = (journal.FILE, records.FILE)
FILES = "files"
PRIVATE = 0o750


class CopyError(AvctlError):
    """No copy was made, or none put back; the text says why. The data folder is as it was."""


async def copy(data: Path, to: Path) -> Verified:
    """Copy the folder ``data``, which may be in use, to the new folder ``to``. Gives how far the copied chain goes.

    Raises CopyError; then there is no ``to``.
    """
    if await asyncio.to_thread(to.exists):
        raise CopyError(f"{to}: is there already")
    half = to.with_name(f"{to.name}.half")
    try:
        await asyncio.to_thread(_copy_all, data, half)
        found = await _proved(half)
        await asyncio.to_thread(_put, half, to)
    except OSError as error:
        raise CopyError(f"{to}: {error}") from error
    finally:
        await asyncio.to_thread(shutil.rmtree, half, ignore_errors=True)
    return found


async def put_back(made: Path, data: Path, at: datetime) -> Verified:
    """Put what `copy` made back into the folder ``data``. What is there is set aside in it, under the time ``at``.

    Raises CopyError, also while a process writes there.
    """
    found = await _proved(made)
    half = data / "restored.half"
    try:
        await asyncio.to_thread(_put_back, made, half, data, f"before-{at:%Y%m%dT%H%M%SZ}")
    except (OSError, JournalError) as error:
        raise CopyError(f"{data}: {error}") from error
    finally:
        await asyncio.to_thread(shutil.rmtree, half, ignore_errors=True)
    return found


async def _proved(folder: Path) -> Verified:
    """Raises CopyError unless all in a copy is whole."""
    try:
        found = await verify(folder / journal.FILE)
    except JournalError as error:
        raise CopyError(str(error)) from error
    if not found.is_whole:
        raise CopyError(f"{folder / journal.FILE}: {found.reason}")
    for name in DATABASES:
        if wrong := await asyncio.to_thread(_damage, folder / name):
            raise CopyError(f"{folder / name}: {wrong}")
    return found


def _damage(path: Path) -> str:
    if not path.exists():
        return ""
    try:
        with _database(path) as database:
            told = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)
    return "" if told == "ok" else told


def _copy_all(data: Path, to: Path) -> None:
    if not (data / journal.FILE).is_file():
        raise CopyError(f"{data / journal.FILE}: no such file")
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(PRIVATE, parents=True)
    for name in DATABASES:
        if (data / name).exists():
            _copy_database(data / name, to / name)
    # After the journal: a file is kept before the entry that speaks of it.
    if (data / FILES).is_dir():
        shutil.copytree(data / FILES, to / FILES, ignore=shutil.ignore_patterns(".half-*"))


def _copy_database(path: Path, to: Path) -> None:
    """As it stands at one moment, however much is written meanwhile."""
    to.touch(0o640)
    try:
        with _database(path) as source, contextlib.closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    except sqlite3.Error as error:
        raise CopyError(f"{path}: {error}") from error
    _sync(to)


def _put_back(made: Path, half: Path, data: Path, aside: str) -> None:
    data.mkdir(PRIVATE, parents=True, exist_ok=True)
    lock = Lock(data / journal.FILE)
    try:
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(made, half)
        for path in half.rglob("*"):
            _sync(path)
        for name in _names():
            if (data / name).exists():
                (data / aside).mkdir(PRIVATE, exist_ok=True)
                (data / name).rename(data / aside / name)
        for path in half.iterdir():
            path.rename(data / path.name)
        _sync(data)
    finally:
        lock.release()


def _names() -> Iterator[str]:
    """All that may stand in a data folder, but for locks and reserves."""
    yield from (f"{name}{beside}" for name in DATABASES for beside in BESIDE)
    yield FILES


@contextlib.contextmanager
def _database(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as at:
        yield at


def _put(half: Path, to: Path) -> None:
    for path in half.rglob("*"):
        _sync(path)
    half.rename(to)
    _sync(to.parent)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
