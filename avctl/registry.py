"""Driver names and the classes behind them, through entry points: in-tree drivers use the same door as others'."""

from functools import cache
from importlib.metadata import entry_points

from avctl.device import Device

GROUP = "avctl.drivers"


def names() -> tuple[str, ...]:
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


@cache
def driver(name: str) -> type[Device]:
    """Raises KeyError for a name nobody registered."""
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            found: type[Device] = entry.load()
            return found
    raise KeyError(name)
