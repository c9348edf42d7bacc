"""The chain: what an entry of the journal is, and how each one seals those before it.

An entry's hash is the SHA-256, in hexadecimal, of the previous entry's hash followed by the entry as
canonical JSON: the keys at, by, data, kind, room, seq, sorted, ASCII, no spaces. Sixty-four zeros come
before the first entry. Numbers run from 1 without a gap, save before an entry of kind ``lost``, which
names the first and the last number that could not be kept.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from avctl.errors import AvctlError

GENESIS = "0" * 64
LOST = "lost"
LONGEST = 256 * 1024  # characters of an entry's data
SHORT = 1000  # characters of a value that stays when the whole is too long


class JournalError(AvctlError):
    """The journal could not keep, or cannot show, what was asked; the text says why."""


class BrokenChainError(JournalError):
    """An entry is not what was written: edited, removed, moved or damaged."""

    def __init__(self, seq: int, text: str) -> None:
        super().__init__(f"entry {seq}: {text}")
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened once. An entry without a hash was dropped for want of space."""

    seq: int
    at: str  # ISO 8601, UTC, microseconds
    kind: str
    room: str | None
    by: str | None
    data: dict[str, Any]
    hash: str
    text: str = field(default="", repr=False, compare=False)  # ``data`` as it is kept

    def as_json(self) -> dict[str, Any]:
        """The entry as the API shows it."""
        shown = asdict(self)
        del shown["text"]
        return shown


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a chain."""

    seq: int = 0
    hash: str = GENESIS


def canonical(value: Any) -> str:
    """``value`` as JSON: sorted, ASCII, no spaces. Raises ValueError for what JSON cannot hold."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def plain(value: Any) -> Any:
    """``value`` as JSON holds it, on every database; what it cannot hold becomes text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        # Lone surrogates have no UTF-8, and PostgreSQL keeps no NUL.
        return (
            str(value)
            .encode("utf-8", "replace")
            .decode()
            .replace("\0", "\N{REPLACEMENT CHARACTER}")
        )
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (Sequence, set, frozenset)) and not isinstance(value, (bytes, bytearray)):
        return [plain(item) for item in value]
    return plain(str(value))


def written(data: Mapping[str, Any]) -> str:
    """``data`` as it is kept. When it is too long, its short values stay and the others leave their length."""
    try:
        whole = plain(data)
        text = canonical(whole)
        if len(text) > LONGEST:
            text = canonical({key: _cut(value) for key, value in whole.items()})
    except (RecursionError, ValueError) as error:
        return canonical({"unwritable": str(error)})
    return text if len(text) <= LONGEST else canonical({"cut": len(text)})


def _cut(value: Any) -> Any:
    length = len(canonical(value))
    return value if length <= SHORT else {"cut": length}


def seal(previous: str, entry: Entry) -> str:
    """The hash ``entry`` must have after ``previous``. Raises ValueError or TypeError for no entry at all."""
    at, by, kind, room, seq = map(
        canonical, (entry.at, entry.by, entry.kind, entry.room, entry.seq)
    )
    whole = f'{{"at":{at},"by":{by},"data":{entry.text},"kind":{kind},"room":{room},"seq":{seq}}}'
    return hashlib.sha256((previous + whole).encode()).hexdigest()


def walk(entries: Iterable[Entry], tail: Tail) -> Tail:
    """The tail after ``entries``, which follow ``tail``. Raises BrokenChainError at the first that does not."""
    for entry in entries:
        expected = tail.seq + 1
        if entry.seq != expected and not _excuses(entry, expected):
            raise BrokenChainError(expected, f"is missing; {entry.seq} comes next")
        try:
            right = seal(tail.hash, entry)
        except (TypeError, ValueError) as error:
            raise BrokenChainError(entry.seq, f"cannot be read: {error}") from error
        if entry.hash != right:
            raise BrokenChainError(entry.seq, "is not as it was written")
        tail = Tail(entry.seq, entry.hash)
    return tail


def _excuses(entry: Entry, expected: int) -> bool:
    return (
        entry.kind == LOST
        and entry.data.get("first") == expected
        and entry.data.get("last") == entry.seq - 1
        and entry.seq > expected
    )
