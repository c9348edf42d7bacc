"""The file a journal is kept in: locked, brought up to date, checked, with space set by."""

import contextlib
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from avctl.clock import Clock
from service.store import dialect
from service.store.chain import BrokenChainError, Entry, JournalError, Tail
from service.store.engine import NewerError
from service.store.entries import Entries
from service.store.files import Lock, Reserve, make_private, set_aside

log = logging.getLogger("avctl.journal")

T = TypeVar("T")


class UnreachableError(JournalError):
    """The file cannot be opened or written now; it may be later."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A damaged file that made room for a new one."""

    name: str
    reason: str


class JournalFile:
    """The journal at ``path``. `open` first, `close` last."""

    def __init__(self, path: Path, clock: Clock, *, read_only: bool = False) -> None:
        url = dialect.file_url(path, read_only=read_only)
        self.entries = Entries(url, read_only=read_only)
        self.tail = Tail()
        self.set_aside: SetAside | None = None
        self.lacks_reserve = True
        self._path, self._clock = path, clock
        self._reserve = Reserve(path)
        self._lock: Lock | None = None

    async def open(self) -> None:
        """Lock the file, make it if need be, and read its tail; a damaged one is set aside.

        Raises JournalError when another process writes it, UnreachableError for anything else.
        """
        try:
            os.makedirs(self._path.parent, exist_ok=True)
            self._lock = Lock(self._path)
            self.tail = await self._open_or_set_aside()
        except (OSError, SQLAlchemyError, NewerError) as error:
            await self.close()
            raise UnreachableError(f"{self._path}: {_why(error)}") from error

    async def append(self, entries: Sequence[Entry]) -> None:
        """Keep ``entries`` in one transaction, giving up the reserve if it must be.

        Raises UnreachableError when the disk does not take them, BrokenChainError when the file ends
        otherwise than this process left it.
        """
        try:
            await self._with_reserve(lambda: self.entries.append(entries))
        except (OSError, SQLAlchemyError) as error:
            raise UnreachableError(_why(error)) from error

    def set_reserve_by(self) -> None:
        """Set space by, unless it is. Raises OSError when there is none."""
        self._reserve.fill()
        self.lacks_reserve = False

    async def close(self) -> None:
        with contextlib.suppress(SQLAlchemyError):
            await self.entries.close()
        if self._lock:
            self._lock.release()
            self._lock = None

    async def _open_or_set_aside(self) -> Tail:
        try:
            return await self._with_reserve(self._open)
        except BrokenChainError as error:
            await self.entries.close()
            aside = set_aside(self._path, self._clock.wall())
            self.set_aside = SetAside(aside.name, str(error))
            log.error("the journal is damaged (%s) and set aside as %s", error, aside.name)
            return await self._open()

    async def _with_reserve(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            return await work()
        except (OSError, SQLAlchemyError) as error:
            if not self._reserve.give_up():
                raise
            log.warning("the journal's reserve is given up: %s", _why(error))
            self.lacks_reserve = True
            return await work()

    async def _open(self) -> Tail:
        make_private(self._path)
        return await self.entries.open()


def _why(error: BaseException) -> str:
    return str(getattr(error, "orig", None) or error)
