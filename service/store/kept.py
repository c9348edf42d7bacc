"""Files that entries of the journal speak of: kept once, never changed, named by the SHA-256 of what is in them."""

import asyncio
import contextlib
import hashlib
import os
import re
import tempfile
from pathlib import Path

PRIVATE = 0o750


class KeptError(Exception):
    """A file could not be kept, or is not what its name says."""


class Kept:
    """Without a folder they are kept in memory only."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._memory: dict[str, bytes] = {}

    async def put(self, data: bytes) -> str:
        """Keep it, safely on the disk; the name to get it by. Raises KeptError."""
        name = hashlib.sha256(data).hexdigest()
        if self._folder is None:
            self._memory[name] = data
            return name
        try:
            await asyncio.to_thread(self._write, self._path(name), data)
        except OSError as error:
            raise KeptError(f"not kept: {error}") from error
        return name

    async def get(self, name: str) -> bytes:
        """Raises KeptError where there is none, or it was changed."""
        if not re.fullmatch("[0-9a-f]{64}", name):
            raise KeptError("no name of a file that is kept")
        if self._folder is None:
            data = self._memory.get(name)
        else:
            data = await asyncio.to_thread(_read, self._path(name))
        if data is None:
            raise KeptError(f"no file {name} is kept")
        if hashlib.sha256(data).hexdigest() != name:
            raise KeptError(f"file {name} was changed")
        return data

    def _path(self, name: str) -> Path:
        assert self._folder is not None
        return self._folder / name[:2] / name

    @staticmethod
    def _write(path: Path, data: bytes) -> None:
        if path.exists():
            return
        path.parent.mkdir(PRIVATE, parents=True, exist_ok=True)
        file, half = tempfile.mkstemp(dir=path.parent, prefix=".half-")
        try:
            with os.fdopen(file, "wb") as opened:
                opened.write(data)
                opened.flush()
                os.fsync(opened.fileno())
            Path(half).rename(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(half).unlink()
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
