"""Engines, and bringing a database up to this version's tables."""

from pathlib import Path

from sqlalchemy import URL, Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from avctl.errors import AvctlError
from service.store import dialect
from service.store.chain import canonical

FOLDER = Path(__file__).parent
JOURNAL, RECORDS = FOLDER / "migrations", FOLDER / "records_migrations"


def connect(url: URL, *, read_only: bool = False) -> AsyncEngine:
    """An engine for ``url``. Nothing is opened yet; it must be disposed of."""
    engine = create_async_engine(url, json_serializer=canonical)
    dialect.tune(engine.sync_engine, read_only=read_only)
    return engine


class NewerError(AvctlError):
    """The database is of a newer version of avctl."""


def migrate(connection: Connection, steps: Path = JOURNAL) -> None:
    """Bring the tables to this version. Raises NewerError for a database of a newer one."""
    if _version(connection) == max(path.name[1:5] for path in (steps / "versions").glob("r*.py")):
        return
    # A start finds nothing to do but after an update, and what does it takes long to load.
    from service.store.upgrade import upgrade

    upgrade(connection, steps)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.exec_driver_sql(
        "SELECT version_num FROM alembic_version"
    ).scalar()
    return version
