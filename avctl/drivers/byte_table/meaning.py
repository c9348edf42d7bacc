"""What the fields of answers tell of points."""

from collections.abc import Iterable, Iterator, Mapping

from avctl.capabilities.display import Input
from avctl.capabilities.outlets import Outlet
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.router import Layer, Output
from avctl.capabilities.wall import Layout, WindowSource
from avctl.drivers.byte_table.frames import Value
from avctl.points import Point

LAYERS: Mapping[Value, tuple[Layer, ...]] = {
    "video": (Layer.VIDEO,),
    "audio": (Layer.AUDIO,),
    "both": (Layer.VIDEO, Layer.AUDIO),
}
SWITCHED: Mapping[Value, bool] = {"on": True, "off": False, 1: True, 0: False}
POWERS: Mapping[Value, Power] = {state.value: state for state in Power} | {
    1: Power.ON,
    0: Power.OFF,
}

# The fields that an answer must have to tell a kind of point.
TELLS: Mapping[type[Point], frozenset[str]] = {
    Output: frozenset({"output", "input"}),
    Outlet: frozenset({"outlet", "on"}),
    PowerState: frozenset({"power"}),
    Layout: frozenset({"layout"}),
    WindowSource: frozenset({"window", "source"}),
    Input: frozenset({"source"}),
}
NUMBERED: Mapping[type[Point], str] = {Output: "output", Outlet: "outlet", WindowSource: "window"}


def kinds(fields: Iterable[str]) -> tuple[type[Point], ...]:
    """The kinds of points that an answer with ``fields`` tells."""
    found = [kind for kind, needed in TELLS.items() if needed <= set(fields)]
    return tuple(kind for kind in found if not (kind is Input and WindowSource in found))


def number_of(point: Point) -> int | None:
    """The number that a question about ``point`` names; None where there is one only."""
    match point:
        case Output(number) | Outlet(number) | WindowSource(number):
            return number
    return None


def layers_of(fields: Mapping[str, Value]) -> tuple[Layer, ...]:
    """The layers that an answer about an output tells of."""
    return LAYERS.get(fields.get("layer", "video"), ())


def told(fields: Mapping[str, Value]) -> Iterator[tuple[Point, object]]:
    """Points and values; nothing for a value that cannot be one."""
    for kind in kinds(fields):
        match kind, fields:
            case _, {"output": int(output), "input": int(source)} if kind is Output:
                for layer in layers_of(fields):
                    yield Output(output, layer), source
            case _, {"outlet": int(outlet), "on": on} if kind is Outlet and on in SWITCHED:
                yield Outlet(outlet), SWITCHED[on]
            case _, {"power": power} if kind is PowerState and power in POWERS:
                yield PowerState(), POWERS[power]
            case _, {"layout": int(layout)} if kind is Layout:
                yield Layout(), layout
            case _, {"window": int(window), "source": source} if kind is WindowSource:
                yield WindowSource(window), str(source)
            case _, {"source": source} if kind is Input:
                yield Input(), str(source)
