"""The xAPI's trees as leaves: a path from the top, and the text that stands there.

Arrays carry the ``id`` of their items, which becomes part of the path. What is gone comes as a ghost.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[str, ...]

DEEPEST = 16  # levels
MOST = 4096  # leaves of a tree
LONGEST = 1024  # characters of a value


@dataclass(frozen=True, slots=True)
class Leaf:
    path: Path
    value: str | None  # None: it is gone, with all below it


def leaves(tree: Any) -> tuple[Leaf, ...]:
    """The leaves of a tree, its top not part of their paths; as many as are taken."""
    found = []
    for leaf in _walk(tree, (), 0):
        found.append(leaf)
        if len(found) == MOST:
            break
    return tuple(found)


def _walk(node: Any, path: Path, depth: int) -> Iterator[Leaf]:
    if depth > DEEPEST:
        return
    if isinstance(node, list):
        for number, item in enumerate(node, 1):
            yield from _walk(item, (*path, _id(item, number)), depth + 1)
    elif isinstance(node, Mapping):
        if str(node.get("ghost", "")).lower() == "true":
            yield Leaf(path, None)
        elif "Value" in node:
            yield Leaf(path, _text(node["Value"]))
        else:
            for key, value in node.items():
                # Names are capitalised, attributes are not.
                if key[:1].isupper():
                    yield from _walk(value, (*path, key), depth + 1)


def _id(item: Any, number: int) -> str:
    return _text(item.get("id", number)) if isinstance(item, Mapping) else str(number)


def _text(value: Any) -> str:
    return str(value)[:LONGEST]
