"""Values of points, times and addresses as JSON has them."""

import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import quote

from avctl.room import Room
from service.views.models import Title

BASE = "/api/v1"


def plain(value: Any) -> Any:
    """``value`` as JSON can hold it. Numbers that are not finite become null."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    return str(value)


def level(value: Any) -> float | None:
    """A level in dB, or None for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)


def path(*parts: str) -> str:
    """An address of the API, its names quoted."""
    return "/".join((BASE, *(quote(part, safe="") for part in parts)))


def titled(title: Any, name: str) -> Title:
    """The title of a part of a room's file; its name where it has none."""
    return Title(zh=title.zh, en=title.en) if title else Title(zh=name, en=name)


def named(room: Room, name: str) -> Title:
    """What people call a thing of the room, whatever kind of thing it is."""
    file = room.file
    kinds: tuple[Mapping[str, Any], ...] = (
        file.microphones, file.destinations, file.pairs, file.devices, file.sources, file.outlets,
    )  # fmt: skip
    part = next((kind[name] for kind in kinds if name in kind), None)
    return titled(part and part.title, name)
