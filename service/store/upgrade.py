"""Bringing a database up to this version's tables, by alembic: loaded when one is not there yet."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from service.store.engine import NewerError


def upgrade(connection: Connection, steps: Path) -> None:
    """Raises NewerError."""
    config = Config()
    config.set_main_option("script_location", str(steps).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise NewerError(str(error)) from error
