"""Where the databases differ: the only SQL that is not everyone's."""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

WRITES = "avctl_writes"  # an execution option: the transaction is going to write
BUSY = 5.0  # seconds to wait for another process's lock

# What SQLite says of the disk, a lock or the memory, not of the file: PERM BUSY LOCKED NOMEM READONLY
# INTERRUPT IOERR FULL CANTOPEN.
NOT_THE_FILE = {3, 5, 6, 7, 8, 9, 10, 13, 14}

PRAGMAS = (
    f"PRAGMA busy_timeout={int(BUSY * 1000)}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # less loses acknowledged rows in a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_size_limit=16777216",
)


def file_url(path: Path, *, read_only: bool = False) -> URL:
    query = {"uri": "true", "mode": "ro"} if read_only else {}
    name = path.absolute().as_uri() if read_only else str(path)
    return URL.create("sqlite+aiosqlite", database=name, query=query)


def tune(engine: Engine, *, read_only: bool = False) -> None:
    """Make every connection of ``engine`` durable, and its transactions cover DDL too."""
    if engine.dialect.name != "sqlite":
        return

    def connected(connection: Any, record: object) -> None:
        # The driver opens no transaction before DDL, so we open them all ourselves.
        connection.isolation_level = None
        if not read_only:
            cursor = connection.cursor()
            for pragma in PRAGMAS:
                cursor.execute(pragma)
            cursor.close()

    def begun(connection: Connection) -> None:
        # One who reads first and writes then would be refused, not made to wait, when another wrote between.
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


def append_only(dialect: str, table: str, key: str) -> list[str]:
    """The statements that make ``table`` refuse UPDATE and DELETE, and rows whose ``key`` is not the greatest."""
    says = f"the {table} is append-only"
    if dialect == "sqlite":
        # INSERT OR REPLACE deletes without a delete trigger: hence the one on insert.
        refuse = f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"""CREATE TRIGGER {table}_at_end BEFORE INSERT ON {table}
                WHEN NEW.{key} <= (SELECT max({key}) FROM {table}) {refuse}""",
        ]
    return [
        f"""CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{says}'; END $$""",
        f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
    ]


def damage(connection: Connection) -> str:
    """What the database finds wrong with its own file, or nothing."""
    if connection.dialect.name != "sqlite":
        return ""
    found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    return "" if found == "ok" else found


def blames_file(error: DBAPIError) -> bool:
    """Whether ``error`` says that the database file is damaged, rather than that it cannot be reached now."""
    code = _code(error)
    return code is not None and code not in NOT_THE_FILE


def is_busy(error: SQLAlchemyError) -> bool:
    """Whether ``error`` says that another process has the file at this moment."""
    return isinstance(error, DBAPIError) and _code(error) == 5


def _code(error: DBAPIError) -> int | None:
    """SQLite's primary result code; None from any other database."""
    if not type(error.orig).__module__.startswith("sqlite3"):
        return None
    code: int = getattr(error.orig, "sqlite_errorcode", 1)
    return code & 0xFF
