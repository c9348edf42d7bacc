"""A journal whose rows somebody changes by hand: what is done, and which entry must be named for it."""

import json
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from avctl.clock import Clock
from service.journal import Journal, verify
from service.store.chain import canonical

ROWS = 60
TEXTS = ("at", "kind", "room", "by", "data", "hash")
KINDS = ("edit", "bit", "remove", "swap", "shift", "insert", "cut", "text")


@dataclass
class Tampered:
    kinds: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)  # not found, or another entry named


async def tampered(path: Path, times: int, seed: int = 0) -> Tampered:
    """Change a copy of the journal at ``path``, which `written` made, ``times`` times, each time otherwise."""
    found, rng = Tampered(), Random(seed)
    for trial in range(times):
        copy = path.with_name("copy.db")
        shutil.copyfile(path, copy)
        database = sqlite3.connect(copy)
        what, named = mutate(database, rng)
        database.commit()
        database.close()
        told = await verify(copy)
        if told.broken != named:
            found.missed.append(f"{trial}: {what}: {told}")
        found.kinds[what.split()[0]] += 1
    return found


async def written(path: Path) -> None:
    """A journal at ``path`` that lets its rows be changed."""
    journal = Journal(Clock(), path)
    await journal.open()
    for i in range(ROWS - 1):
        by = "panel" if i % 3 else None
        noted = journal.note(
            "tap", {"run": f"{i}", "level": -i / 7, "ok": True}, room="hall", by=by
        )
    await journal.stored(noted)
    await journal.close()
    with sqlite3.connect(path) as database:
        for name in ("no_update", "no_delete", "at_end"):
            database.execute(f"DROP TRIGGER journal_{name}")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")
    database.close()


def mutate(database: sqlite3.Connection, rng: Random) -> tuple[str, int]:
    """Change something. What it was, and the number that must be named."""
    at = rng.randint(1, ROWS)
    column = rng.choice(TEXTS)
    kind = rng.choice(KINDS)
    if kind == "edit":
        value = database.execute(f"SELECT {column} FROM journal WHERE seq = ?", [at]).fetchone()[0]
        database.execute(
            f"UPDATE journal SET {column} = ? WHERE seq = ?", [edited(column, value), at]
        )
    elif kind == "bit":
        data = database.execute("SELECT data FROM journal WHERE seq = ?", [at]).fetchone()[0]
        bad = bytearray(data.encode())
        bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        database.execute(
            "UPDATE journal SET data = CAST(? AS TEXT) WHERE seq = ?", [bytes(bad), at]
        )
    elif kind == "remove":
        database.execute("DELETE FROM journal WHERE seq = ?", [at])
    elif kind == "swap":
        other = rng.choice([n for n in range(1, ROWS + 1) if n != at])
        for old, new in ((at, -1), (other, at), (-1, other)):
            database.execute("UPDATE journal SET seq = ? WHERE seq = ?", [new, old])
        return f"swap {at} {other}", min(at, other)
    elif kind == "shift":
        database.execute("UPDATE journal SET seq = seq + 1000 WHERE seq >= ?", [at])
    elif kind == "insert":
        database.execute(
            "INSERT INTO journal SELECT ?, at, kind, room, by, data, hash FROM journal WHERE seq = ?",
            [ROWS + 1, at],
        )
        return f"insert after {ROWS}", ROWS + 1
    elif kind == "cut":
        database.execute("DELETE FROM journal WHERE seq >= ?", [at])
    elif kind == "text":
        # The same value to this reader, another to one that takes the first of two keys.
        database.execute(
            'UPDATE journal SET data = \'{"run":"x",\' || substr(data, 2) WHERE seq = ?', [at]
        )
    return f"{kind} {column} of {at}", at


def edited(column: str, value: Any) -> Any:
    if column == "data":
        return canonical({**json.loads(value), "level": 99})
    return None if column in ("room", "by") and value else f"{value or ''}x"
