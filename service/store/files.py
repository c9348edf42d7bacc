"""The files around a database file: its lock, its reserve, and setting it aside."""

import contextlib
import fcntl
import os
from datetime import datetime
from pathlib import Path

from service.store.chain import JournalError

RESERVE = 1024 * 1024  # bytes
BESIDE = ("", "-wal", "-shm")
PRIVATE = 0o600


class Lock:
    """One process to a file: taken when made, given back by `release` or by the end of the process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, PRIVATE)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 32, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise JournalError(f"{path}: process {holder or '?'} is writing it") from None
        # Who holds it is a courtesy, which a full disk may refuse.
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, b"%d\n" % os.getpid(), 0)

    def release(self) -> None:
        os.close(self._file)


class Reserve:
    """Space set by beside a database, given up when the disk is full so that the alarm itself is kept."""

    def __init__(self, path: Path, size: int = RESERVE) -> None:
        self._path = path.with_name(path.name + ".reserve")
        self._size = size

    @property
    def is_whole(self) -> bool:
        try:
            return self._path.stat().st_size >= self._size
        except OSError:
            return False

    def fill(self) -> None:
        """Set the space by. Raises OSError when there is none; nothing is taken then."""
        if self.is_whole:
            return
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT, PRIVATE)
        try:
            os.posix_fallocate(file, 0, self._size)
        except OSError:
            self.give_up()
            raise
        finally:
            os.close(file)

    def give_up(self) -> bool:
        """Free the space. Tells whether there was any."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True


def make_private(path: Path) -> None:
    """Make an empty file that others cannot read, unless there is one."""
    path.touch(PRIVATE)


def set_aside(path: Path, at: datetime) -> Path:
    """Rename the database at ``path`` and what belongs to it; the new path."""
    stem = f"{path.name}.corrupt-{at:%Y%m%dT%H%M%S%fZ}"
    for suffix in BESIDE:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(path.with_name(stem + suffix))
    return path.with_name(stem)
