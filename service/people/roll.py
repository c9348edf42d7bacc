"""Who is known: people, logins and keys, as the database has them, kept at hand."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from avctl.clock import Clock
from service.people.roles import Grants, read, written
from service.store.record_models import Base, Key, PeopleChanged, Person, Session
from service.store.records import Records

OFTEN = 0.5  # seconds after which another process's changes are looked for
SEEN = 60.0  # seconds by which the time of a login's last use may be wrong on the disk


@dataclass(frozen=True, slots=True)
class Known:
    """A person."""

    id: int
    name: str
    title: str
    grants: Grants
    active: bool
    password: str
    must_change: bool
    pin: str | None
    factor: str | None
    factor_used: int
    created: datetime


@dataclass(slots=True)
class Login:
    key: str
    person: int
    panel: str
    address: str
    by_pin: bool
    begun: datetime
    seen: datetime
    until: datetime
    kept: datetime  # what the disk has of ``seen``


@dataclass(frozen=True, slots=True)
class Held:
    """A panel's key, or a machine's token."""

    id: int
    kind: str
    name: str
    hash: str
    grants: Grants
    made: datetime
    by: str
    until: datetime | None
    revoked: datetime | None

    def is_good(self, now: datetime) -> bool:
        return self.revoked is None and (self.until is None or now < self.until)


class Roll:
    """`open` first. What other processes change is here within `OFTEN`; what this one does, at once."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self.people: dict[int, Known] = {}
        self.logins: dict[str, Login] = {}
        self.keys: dict[int, Held] = {}
        self._by_hash: dict[str, Held] = {}
        self._records, self._clock = records, clock
        self._count = -1
        self._looked = 0.0

    async def open(self) -> None:
        """Raises RecordsError."""
        async with self._records.look() as connection:
            await self._read(connection, await _count(connection))

    async def refresh(self) -> bool:
        """Take over what another process changed. Tells whether one did. Raises RecordsError."""
        if self._clock.now() - self._looked < OFTEN:
            return False
        self._looked = self._clock.now()
        async with self._records.look() as connection:
            count = await _count(connection)
            if count == self._count:
                return False
            await self._read(connection, count)
        return True

    def find(self, name: str) -> Known | None:
        return next((each for each in self.people.values() if each.name == name), None)

    def key(self, hashed: str) -> Held | None:
        return self._by_hash.get(hashed)

    # Changes. Each is on the disk when it returns, or raises RecordsError.

    async def add_person(self, **values: Any) -> Known:
        """Raises IntegrityError where the name is taken."""
        async with self._change() as connection:
            made = await connection.execute(insert(Person).values(_columns(values)))
        key = made.inserted_primary_key
        return self.people[int(key[0]) if key else 0]

    async def change_person(self, person: int, **values: Any) -> None:
        async with self._change() as connection:
            await connection.execute(
                update(Person).where(Person.id == person).values(_columns(values))
            )

    async def add_key(self, **values: Any) -> Held:
        async with self._change() as connection:
            made = await connection.execute(insert(Key).values(_columns(values)))
        key = made.inserted_primary_key
        return self.keys[int(key[0]) if key else 0]

    async def change_key(self, key: int, **values: Any) -> None:
        async with self._change() as connection:
            await connection.execute(update(Key).where(Key.id == key).values(_columns(values)))

    async def add_login(self, **values: Any) -> None:
        async with self._change() as connection:
            await connection.execute(insert(Session).values(_columns(values)))

    async def end_logins(self, *keys: str) -> None:
        if keys:
            async with self._change() as connection:
                await connection.execute(delete(Session).where(Session.key.in_(keys)))

    async def use(self, login: Login, now: datetime) -> None:
        """Say that a login was used. The disk is told now and then."""
        login.seen = max(login.seen, now)
        if (now - login.kept).total_seconds() < SEEN:
            return
        login.kept = now
        async with self._records.change() as connection:
            await connection.execute(
                update(Session).where(Session.key == login.key).values(seen=_text(now))
            )

    @asynccontextmanager
    async def _change(self) -> AsyncIterator[AsyncConnection]:
        async with self._records.change() as connection:
            yield connection
            await connection.execute(update(PeopleChanged).values(count=PeopleChanged.count + 1))
            # Within the transaction: nobody sees the change before it is certain, but for this process.
            await self._read(connection, await _count(connection))

    async def _read(self, connection: AsyncConnection, count: int) -> None:
        seen = {login.key: login.seen for login in self.logins.values()}
        people = [_known(row) for row in await _rows(connection, Person)]
        keys = [_held(row) for row in await _rows(connection, Key)]
        logins = [_login(row) for row in await _rows(connection, Session)]
        for login in logins:
            login.seen = max(login.seen, seen.get(login.key, login.seen))
        self.people = {person.id: person for person in people}
        self.keys = {key.id: key for key in keys}
        self._by_hash = {key.hash: key for key in keys}
        self.logins = {login.key: login for login in logins}
        self._count, self._looked = count, self._clock.now()


async def _count(connection: AsyncConnection) -> int:
    return await connection.scalar(select(PeopleChanged.count)) or 0


async def _rows(connection: AsyncConnection, table: type[Base]) -> list[Row[Any]]:
    return list(await connection.execute(select(*table.__table__.columns)))


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the tables have them."""
    told = dict(values)
    for name, value in values.items():
        if isinstance(value, datetime):
            told[name] = _text(value)
        elif name == "grants":
            told[name] = written(value)
    return told


def _known(row: Row[Any]) -> Known:
    return Known(
        row.id, row.name, row.title, read(row.grants), row.active, row.password, row.must_change,
        row.pin, row.factor, row.factor_used, _moment(row.created),
    )  # fmt: skip


def _held(row: Row[Any]) -> Held:
    until = _moment(row.until) if row.until else None
    revoked = _moment(row.revoked) if row.revoked else None
    grants = read(row.grants)
    made = _moment(row.made)
    return Held(row.id, row.kind, row.name, row.hash, grants, made, row.by, until, revoked)


def _login(row: Row[Any]) -> Login:
    begun, seen, until = (_moment(text) for text in (row.begun, row.seen, row.until))
    return Login(row.key, row.person, row.panel, row.address, row.by_pin, begun, seen, until, seen)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
