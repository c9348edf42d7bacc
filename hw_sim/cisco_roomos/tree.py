"""Trees of status and configuration: a path for each value, and what becomes of them on the wire."""

import re
from collections.abc import Iterable, Mapping

Path = tuple[str | int, ...]  # ("Call", 2, "Status")
Flat = Mapping[Path, str]

_PART = re.compile(r"\[?([0-9]{1,9})\]?|([A-Za-z_][\w-]*)")


def parsed(text: str) -> Path:
    """``Call 2 Status``, ``Call[2]/Status`` or ``/Call/2/Status``."""
    return tuple(int(number) if number else name for number, name in _PART.findall(text))


def written(path: Path) -> str:
    """``Video/Output/Connector[99]/MonitorRole``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f"/{part}"
    return text.removeprefix("/")


def named(path: Path) -> tuple[str, ...]:
    """The names alone, in lower case."""
    return tuple(part.lower() for part in path if isinstance(part, str))


def holds(wanted: Path, path: Path) -> bool:
    """Whether ``path`` is at or below ``wanted``, where a number left out means each."""
    left = list(path)
    for part in wanted:
        if isinstance(part, str):
            while left and isinstance(left[0], int):
                left.pop(0)
        if not left or not _same(left.pop(0), part):
            return False
    return True


def touches(wanted: Path, path: Path) -> bool:
    """Whether one of the two is at or below the other."""
    return holds(wanted, path) or holds(path, wanted)


def _same(one: str | int, other: str | int) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    return one == other


def nested(flat: Flat, gone: Iterable[Path] = (), *, numeric: bool = False) -> dict[str, object]:
    """As JSON has it: values as ``{"Value": …}``, numbered branches as lists, removed ones as ghosts."""
    root: dict[str, object] = {}
    for path, value in flat.items():
        _branch(root, path, numeric)["Value"] = value
    for path in gone:
        _branch(root, path, numeric)["ghost"] = "True"
    return root


def _branch(root: dict[str, object], path: Path, numeric: bool) -> dict[str, object]:
    at = root
    for part, follows in zip(path, (*path[1:], ""), strict=True):
        if isinstance(part, int):
            continue  # taken with its name
        if isinstance(follows, int):
            several = at.setdefault(part, [])
            assert isinstance(several, list)
            name = follows if numeric else str(follows)
            found = next((each for each in several if each["id"] == name), None)
            if found is None:
                found = {"id": name}
                several.append(found)
            at = found
        else:
            one = at.setdefault(part, {})
            assert isinstance(one, dict)
            at = one
    return at
