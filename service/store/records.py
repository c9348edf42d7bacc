"""The records' database: what is secret, changes, or must be unique, and so cannot be the journal's.

Every process of a site may have it open. What happened is noted in the journal too.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from avctl.clock import Clock
from avctl.errors import AvctlError
from service.store import dialect
from service.store.engine import RECORDS, NewerError, connect, migrate
from service.store.files import make_private

# Its lines of debugging tell every value that is written, and some of these are secret.
logging.getLogger("aiosqlite").setLevel(logging.INFO)

FILE = "records.db"
TRIES, AGAIN = 50, 0.1  # s between two, while another process has the file
MEMORY = URL.create("sqlite+aiosqlite", database=":memory:")


class RecordsError(AvctlError):
    """The records cannot be read or written; the text says why."""


class Records:
    """One database. `open` first, `close` last."""

    def __init__(self, url: URL) -> None:
        self._engine = connect(url)
        self._writer = self._engine.execution_options(**{dialect.WRITES: True})
        # Memory has one connection for all; a file's writers would else wait for one another by polling.
        self._writing = asyncio.Lock()
        self._reading = self._writing if url == MEMORY else contextlib.nullcontext()

    async def open(self) -> None:
        """Make the tables or bring them up to this version. Harmless twice.

        Raises RecordsError, also for a database of a newer version."""
        try:
            await self._migrate()
        except (SQLAlchemyError, NewerError) as error:
            await self.close()
            raise RecordsError(f"the records cannot be opened: {error}") from error

    async def _migrate(self) -> None:
        # Two who open a new file at once: SQLite refuses one of them its WAL at once instead of making it wait.
        for left in reversed(range(TRIES)):
            try:
                async with self._writer.begin() as connection:
                    return await connection.run_sync(migrate, RECORDS)
            except SQLAlchemyError as error:
                if not left or not dialect.is_busy(error):
                    raise
            await Clock().sleep(AGAIN)

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def change(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction, kept when the block ends well.

        Raises RecordsError, but leaves IntegrityError alone: that a row is there already is an answer.
        """
        try:
            async with self._writing, self._writer.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            raise RecordsError(f"the records cannot be written: {error}") from error

    @asynccontextmanager
    async def look(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read by. Raises RecordsError."""
        try:
            async with self._reading, self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise RecordsError(f"the records cannot be read: {error}") from error


@asynccontextmanager
async def open_records(folder: Path | None) -> AsyncIterator[Records]:
    """The records in ``folder``, which is made if need be; in memory only without one. Raises RecordsError."""
    if folder is None:
        url = MEMORY
    else:
        path = folder / FILE
        try:
            os.makedirs(folder, exist_ok=True)
            make_private(path)
        except OSError as error:
            raise RecordsError(f"{path}: {error.strerror}") from error
        url = dialect.file_url(path)
    records = Records(url)
    await records.open()
    try:
        yield records
    finally:
        await records.close()
