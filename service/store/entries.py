"""The journal's table: added to in transactions, read in pages, walked from end to end."""

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, ColumnElement, Row, Select, Text, cast, func, insert, select, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store import dialect
from service.store.chain import GENESIS, BrokenChainError, Entry, JournalError, Tail, seal, walk
from service.store.engine import connect, migrate
from service.store.models import JournalRow, JournalTail

CHECKED = 2000  # entries at the end that are verified on opening
STRIDE = 1000  # entries read at a time by a walk
QUICK = 64 * 1024 * 1024  # bytes of a file that is checked whole on opening


@dataclass(frozen=True, slots=True)
class Verified:
    """What a walk along the whole chain found. ``seq`` and ``hash`` are of the last good entry."""

    entries: int
    seq: int
    hash: str
    broken: int | None = None  # the first entry that is not as it was written
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        return self.broken is None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of some kinds, of a stretch of time (ISO 8601 UTC, ``until`` excluded), of a room."""

    kinds: frozenset[str]
    since: str = ""
    until: str = ""
    room: str | None = None

    def __contains__(self, entry: Entry) -> bool:
        return (
            entry.kind in self.kinds
            and entry.at >= self.since
            and (not self.until or entry.at < self.until)
            and self.room in (None, entry.room)
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [JournalRow.kind.in_(self.kinds)]
        if self.since:
            conditions.append(JournalRow.at >= self.since)
        if self.until:
            conditions.append(JournalRow.at < self.until)
        if self.room is not None:
            conditions.append(JournalRow.room == self.room)
        return conditions


class Entries:
    """The table in one database. `open` first, `close` last."""

    def __init__(self, url: URL, *, read_only: bool = False) -> None:
        self._engine = connect(url, read_only=read_only)
        self._path = url.database

    async def open(self) -> Tail:
        """Make or bring up the table, check its end, and tell it.

        Raises BrokenChainError when the chain or the file is damaged, SQLAlchemyError when the
        database cannot be reached, NewerError when it is of a newer version.
        """
        try:
            async with self._engine.begin() as connection:
                await connection.run_sync(migrate)
            async with self._engine.connect() as connection:
                if self._is_small and (found := await connection.run_sync(dialect.damage)):
                    raise BrokenChainError(0, found)
                return await _check_end(connection)
        except DBAPIError as error:
            if dialect.blames_file(error):
                raise BrokenChainError(0, str(error.orig)) from error
            raise

    @property
    def _is_small(self) -> bool:
        return bool(self._path and Path(self._path).stat().st_size <= QUICK)

    async def append(self, entries: Sequence[Entry]) -> None:
        """Keep ``entries`` in one transaction; those already kept are passed over.

        Raises BrokenChainError when the end is not the one they were made for, SQLAlchemyError when
        the database does not take them: then all or none of them are kept.
        """
        async with self._engine.begin() as connection:
            tail = await _tail(connection)
            if not (fresh := [entry for entry in entries if entry.seq > tail.seq]):
                return
            if seal(tail.hash, fresh[0]) != fresh[0].hash:
                raise BrokenChainError(tail.seq, "is not the end this process left")
            await connection.execute(insert(JournalRow), [_row(entry) for entry in fresh])
            end = {"seq": fresh[-1].seq, "hash": fresh[-1].hash}
            await connection.execute(update(JournalTail).values(end))

    async def page(self, after: int | None, limit: int, room: str | None) -> list[Entry]:
        """At most ``limit`` entries in order: the next ones after ``after``, the newest when that is None."""
        query = _entries()
        if room is not None:
            query = query.where(JournalRow.room == room)
        if after is None:
            query = query.order_by(JournalRow.seq.desc())
        else:
            query = query.where(JournalRow.seq > after).order_by(JournalRow.seq)
        async with self._engine.connect() as connection:
            found = await _read(connection, query.limit(limit))
        return found[::-1] if after is None else found

    async def latest(self, kinds: Collection[str], limit: int, room: str | None) -> list[Entry]:
        """The newest entries of ``kinds``, at most ``limit``, in order."""
        query = _entries().where(JournalRow.kind.in_(kinds)).order_by(JournalRow.seq.desc())
        if room is not None:
            query = query.where(JournalRow.room == room)
        async with self._engine.connect() as connection:
            found = await _read(connection, query.limit(limit))
        return found[::-1]

    async def stretch(self, after: int, limit: int, wanted: "Wanted") -> list[Entry]:
        """At most ``limit`` entries that are ``wanted``, in order: the next after ``after``."""
        query = _entries().where(JournalRow.seq > after, *wanted.conditions())
        async with self._engine.connect() as connection:
            return await _read(connection, query.order_by(JournalRow.seq).limit(limit))

    async def unfinished(self, begun: str, ended: Sequence[str], since: str) -> list[Entry]:
        """Entries of kind ``begun`` whose ``data["run"]`` no later entry of kinds ``ended`` names.

        Only those after the newest entry of kind ``since`` are looked at. In order.
        """
        start = select(func.max(JournalRow.seq)).where(JournalRow.kind == since)
        runs: dict[str, Entry] = {}
        async with self._engine.connect() as connection:
            after = await connection.scalar(start) or 0
            query = _entries().where(JournalRow.seq > after, JournalRow.kind.in_((begun, *ended)))
            for entry in await _read(connection, query.order_by(JournalRow.seq)):
                run = str(entry.data.get("run"))
                if entry.kind == begun:
                    runs[run] = entry
                else:
                    runs.pop(run, None)
        return list(runs.values())

    async def verify(self) -> Verified:
        """Walk the whole chain, as it stands when the walk begins."""
        count, tail = 0, Tail()
        try:
            async with self._engine.connect() as connection:
                # One transaction sees one state, though another process goes on writing.
                end = await _tail(connection)
                while found := await _stride(connection, tail.seq):
                    for entry in found:
                        tail, count = walk((entry,), tail), count + 1
                if tail != end:
                    raise BrokenChainError(min(tail.seq, end.seq) + 1, f"the last was {end.seq}")
        except BrokenChainError as error:
            return Verified(count, tail.seq, tail.hash, error.seq, str(error))
        except SQLAlchemyError as error:
            reason = f"entry {tail.seq + 1}: cannot be read: {getattr(error, 'orig', error)}"
            return Verified(count, tail.seq, tail.hash, tail.seq + 1, reason)
        return Verified(count, tail.seq, tail.hash)

    async def close(self) -> None:
        """Close all connections. The next use opens new ones."""
        await self._engine.dispose()


async def verify(path: Path) -> Verified:
    """Walk the whole chain in the file at ``path``, which may be in use, and name the first broken entry.

    Raises JournalError when there is no such file.
    """
    if not os.path.isfile(path):  # noqa: ASYNC240 - a command line waits for nothing else
        raise JournalError(f"{path}: no such file")
    entries = Entries(dialect.file_url(path, read_only=True), read_only=True)
    try:
        return await entries.verify()
    finally:
        await entries.close()


def _entries() -> Select[Any]:
    row = JournalRow
    # The text as it is kept, not the value: two texts can say one value to one reader and two to another.
    text = cast(row.data, Text).label("text")
    columns: Sequence[Any] = (row.seq, row.at, row.kind, row.room, row.by, row.hash, text)
    return select(*columns)


async def _read(connection: AsyncConnection, query: Select[Any]) -> list[Entry]:
    return [_entry(row) for row in await connection.execute(query)]


async def _stride(connection: AsyncConnection, after: int) -> list[Entry]:
    query = _entries().where(JournalRow.seq > after).order_by(JournalRow.seq)
    try:
        return await _read(connection, query.limit(STRIDE))
    except SQLAlchemyError:
        # One unreadable row spoils the whole answer: it is found by going on one by one.
        return await _read(connection, query.limit(1))


async def _tail(connection: AsyncConnection) -> Tail:
    row = (await connection.execute(select(JournalTail.seq, JournalTail.hash))).one_or_none()
    if row is None:
        raise BrokenChainError(0, "the end is not on record")
    return Tail(row.seq, row.hash)


async def _check_end(connection: AsyncConnection) -> Tail:
    end = await _tail(connection)
    # One more than is checked: the check needs the hash before its first entry.
    query = _entries().order_by(JournalRow.seq.desc()).limit(CHECKED + 1)
    found = (await _read(connection, query))[::-1]
    if len(found) > CHECKED:
        tail = walk(found[1:], Tail(found[0].seq, found[0].hash))
    else:
        tail = walk(found, Tail(0, GENESIS))
    if tail != end:
        raise BrokenChainError(min(tail.seq, end.seq) + 1, f"the record ends at {end.seq}")
    return end


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "room": entry.room,
        "by": entry.by,
        "data": entry.data,
        "hash": entry.hash,
    }


def _entry(row: Row[Any]) -> Entry:
    try:
        data = json.loads(row.text)
    except (TypeError, ValueError):
        data = None
    if not isinstance(data, dict):
        data = {"unreadable": str(row.text)}  # the chain says that it is broken
    return Entry(row.seq, row.at, row.kind, row.room, row.by, data, row.hash, row.text)
