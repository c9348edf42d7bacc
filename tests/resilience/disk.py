"""A disk that loses its power: what SQLite writes is recorded, and what a cut may leave of it is put together.

SQLite asks its operating system through a table of functions (a VFS); here one stands before it that notes every
write, truncation, removal and sync. What was not synced when the power went may be there or not, and the last write
may be there in part.
"""

import contextlib
import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, cast
from ctypes.util import find_library
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

SECTOR = 512  # bytes that a disk writes whole
TORN = 0.3  # how many of the writes that were not synced are there in part
SAFE = ("sync", "settle")


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a file. ``kind``: write, truncate, remove, sync; settle, of a folder: what was removed in it is
    gone for good; note, of the test's own.
    """

    kind: str
    path: str = ""
    at: int = 0
    data: bytes = b""
    note: Any = None


@dataclass
class Disk:
    """All that was done, in order."""

    acts: list[Act] = field(default_factory=list)

    def note(self, what: Any) -> None:
        """Remember that ``what`` was so at this moment."""
        self.acts.append(Act("note", note=what))

    def noted(self, cut: int) -> list[Any]:
        """What was noted before a cut."""
        return [act.note for act in self.acts[:cut] if act.kind == "note"]

    def image(self, cut: int, rng: Random, *, lies: bool = False) -> dict[str, bytes]:
        """The files as a power cut after ``cut`` acts may leave them. ``lies``: the disk has not heeded a sync."""
        done = [act for act in self.acts[:cut] if act.kind != "note"]
        synced: dict[str, int] = {}
        by_path: dict[str, list[tuple[int, Act]]] = defaultdict(list)
        for number, act in enumerate(done):
            if act.kind in SAFE and not lies:
                synced[act.path] = number
            elif act.kind not in SAFE:
                by_path[act.path].append((number, act))
        files = {
            path: _left(acts, synced.get(path, -1), synced.get("", -1), rng)
            for path, acts in by_path.items()
        }
        return {path: content for path, content in files.items() if content is not None}


def _left(acts: Sequence[tuple[int, Act]], synced: int, settled: int, rng: Random) -> bytes | None:
    """What is left of one file whose writes before ``synced``, and removals before ``settled``, are safe."""
    keeps = rng.random()  # from nearly nothing to nearly all of what is not
    content: bytearray | None = None
    for number, act in acts:
        is_safe = number < (settled if act.kind == "remove" else synced)
        data = act.data
        if not is_safe and rng.random() >= keeps:
            if (
                act.kind == "remove"
            ):  # the folder has the old file: what was made anew is not to be found
                break
            continue
        if not is_safe and len(data) > SECTOR and rng.random() < TORN:
            data = data[: rng.randrange(len(data) // SECTOR) * SECTOR]
        content = _done(content, act, data)
    return None if content is None else bytes(content)


def _done(content: bytearray | None, act: Act, data: bytes) -> bytearray | None:
    if act.kind == "remove":
        return None
    content = bytearray() if content is None else content
    if act.kind == "truncate":
        del content[act.at :]
        return content
    content.extend(bytes(max(0, act.at - len(content))))
    content[act.at : act.at + len(data)] = data
    return content


def lay_out(image: dict[str, bytes], folder: Path) -> None:
    """The image's files, in another folder."""
    for path, content in image.items():
        (folder / Path(path).name).write_bytes(content)


# SQLite's tables, as its header has them: https://www.sqlite.org/c3ref/vfs.html and io_methods.html.

WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)


class Methods(Structure):
    """Of an open file."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", WRITE),
        ("truncate", TRUNCATE),
        ("sync", SYNC),
        *((f"other{number}", c_void_p) for number in range(13)),
    )


class File(Structure):
    _fields_ = (("methods", POINTER(Methods)),)


class System(Structure):
    _fields_ = (
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("own", c_void_p),
        ("open", OPEN),
        ("delete", DELETE),
        *((f"other{number}", c_void_p) for number in range(14)),
    )


LOGS = 0x000800 | 0x004000 | 0x080000  # what `open` is asked for: journals and write-ahead logs
MAPS_FILES = (
    3  # the version of `Methods` from which a file may be mapped, and written to past `write`
)


@contextlib.contextmanager
def recorded() -> Iterator[Disk]:
    """Inside, all that this process's SQLite does to files is recorded."""
    library = ctypes.CDLL(find_library("sqlite3"))
    library.sqlite3_vfs_find.restype = POINTER(System)
    usual = library.sqlite3_vfs_find(None)
    disk = Disk()
    before = _Before(usual, disk)
    library.sqlite3_vfs_register(ctypes.byref(before.system), 1)
    try:
        yield disk
    finally:
        library.sqlite3_vfs_unregister(ctypes.byref(before.system))
        library.sqlite3_vfs_register(usual, 1)


class _Before:
    """Stands before the usual system: does what it does, and notes it."""

    def __init__(self, usual: Any, disk: Disk) -> None:
        self._usual, self._disk = usual, disk
        self._paths: dict[int, str] = {}  # of open files
        self._fresh: set[int] = set()  # logs not synced since they were opened
        self._methods: dict[int, tuple[Methods, Any]] = {}  # ours and the usual ones, by the latter
        self.system = System.from_buffer_copy(usual.contents)
        self.system.name = b"recorded"
        self.system.open = OPEN(self._open)
        self.system.delete = DELETE(self._delete)
        self._write, self._truncate = WRITE(self._on_write), TRUNCATE(self._on_truncate)
        self._sync = SYNC(self._on_sync)

    def _open(self, _: int, name: int, file: int, flags: int, told: int) -> int:
        failed: int = self._usual.contents.open(
            cast(self._usual, c_void_p), name, file, flags, told
        )
        methods = cast(file, POINTER(File)).contents.methods
        if methods and (path := ctypes.string_at(name).decode() if name else ""):
            self._paths[file] = path
            self._fresh.discard(file)
            if flags & LOGS:
                self._fresh.add(file)
            cast(file, POINTER(File)).contents.methods = ctypes.pointer(self._ours(methods))
        return failed

    def _ours(self, usual: Any) -> Methods:
        at = ctypes.addressof(usual.contents)
        if at not in self._methods:
            ours = Methods.from_buffer_copy(usual.contents)
            ours.version = min(ours.version, MAPS_FILES - 1)
            ours.write, ours.truncate, ours.sync = self._write, self._truncate, self._sync
            self._methods[at] = ours, usual.contents
        return self._methods[at][0]

    def _usual_of(self, file: int) -> Any:
        ours = ctypes.addressof(cast(file, POINTER(File)).contents.methods.contents)
        return next(u for o, u in self._methods.values() if ctypes.addressof(o) == ours)

    def _on_write(self, file: int, data: int, size: int, at: int) -> int:
        written = ctypes.string_at(data, size)
        return self._noted(
            Act("write", self._paths[file], at, written),
            lambda: self._usual_of(file).write(file, data, size, at),
        )  # fmt: skip

    def _on_truncate(self, file: int, size: int) -> int:
        act = Act("truncate", self._paths[file], size)
        return self._noted(act, lambda: self._usual_of(file).truncate(file, size))

    def _on_sync(self, file: int, flags: int) -> int:
        failed = self._noted(
            Act("sync", self._paths[file]), lambda: self._usual_of(file).sync(file, flags)
        )
        if file in self._fresh and not failed:  # with its first sync goes one of its folder
            self._fresh.discard(file)
            self._disk.acts.append(Act("settle"))
        return failed

    def _delete(self, _: int, name: bytes, synced: int) -> int:
        act = Act("remove", name.decode())
        usual = cast(self._usual, c_void_p)
        failed = self._noted(act, lambda: self._usual.contents.delete(usual, name, synced))
        if synced and not failed:
            self._disk.acts.append(Act("settle"))
        return failed

    def _noted(self, act: Act, does: Callable[[], int]) -> int:
        failed = does()
        if not failed:
            self._disk.acts.append(act)
        return failed
