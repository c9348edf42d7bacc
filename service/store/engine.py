"""Engines, and bringing a database up to this version's tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from service.store import dialect
from service.store.chain import canonical

FOLDER = Path(__file__).parent
JOURNAL, RECORDS = FOLDER / "migrations", FOLDER / "records_migrations"


def connect(url: URL, *, read_only: bool = False) -> AsyncEngine:
    """An engine for ``url``. Nothing is opened yet; it must be disposed of."""
    engine = create_async_engine(url, json_serializer=canonical)
    dialect.tune(engine.sync_engine, read_only=read_only)
    return engine


def migrate(connection: Connection, steps: Path = JOURNAL) -> None:
    """Bring the tables to this version. Raises alembic's CommandError for a database of a newer one."""
    config = Config()
    config.set_main_option("script_location", str(steps).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
