"""What the answers of a PJLink device tell of its points, and which question each point is asked by."""

from collections.abc import Collection, Iterator
from typing import Any

from avctl.capabilities.display import Frozen, Input, InputSignal, Resolution, Shutter
from avctl.capabilities.health import Fault, Hours, Lit
from avctl.capabilities.power import PowerState
from avctl.drivers.pjlink.wire import (
    Arrives,
    Errors,
    FilterHours,
    FrozenIs,
    InputIs,
    Lamps,
    Muted,
    PowerIs,
    Said,
)
from avctl.points import Point

PARTS = ("fan", "lamp", "temperature", "cover", "filter", "other")
FILTER = "filter"

# Texts that tell what the device is.
IDENTITY = {
    "INF1": "manufacturer", "INF2": "model", "INFO": "information", "NAME": "name", "SNUM": "serial",
    "SVER": "firmware", "RLMP": "replacement lamp", "RFIL": "replacement filter",
}  # fmt: skip
SECOND_CLASS = {"SNUM", "SVER", "RLMP", "RFIL", "FILT", "IRES", "FREZ"}
EITHER_CLASS = {"INPT", "INST"}  # asked as class 2 where the device is

_QUESTIONS: dict[type[Point], str] = {
    PowerState: "POWR", Input: "INPT", Shutter: "AVMT", Frozen: "FREZ", Fault: "ERST", Lit: "LAMP",
    InputSignal: "IRES", Resolution: "IRES",
}  # fmt: skip


def questions(points: Collection[Point]) -> list[str]:
    """What to ask to read ``points``, each question once, power first."""
    bodies = {_question(point) for point in points}
    return [body for body in (*dict.fromkeys(_QUESTIONS.values()), "FILT") if body in bodies]


def _question(point: Point) -> str | None:
    if isinstance(point, Hours):
        return "FILT" if point.of == FILTER else "LAMP"
    return _QUESTIONS.get(type(point))


def told(said: Said) -> Iterator[tuple[Point, Any]]:
    """The points that ``said`` is about, and their values."""
    match said:
        case PowerIs(_, state):
            yield PowerState(), state
        case InputIs(_, source):
            yield Input(), source
        case Muted(_, picture, _):
            yield Shutter(), picture
        case FrozenIs(_, on):
            yield Frozen(), on
        case Errors(_, conditions):
            for part, condition in zip(PARTS, conditions or (None,) * len(PARTS), strict=True):
                yield Fault(part), condition
        case Lamps(_, lamps):
            for number, (hours, is_lit) in enumerate(lamps, 1):
                name = "lamp" if number == 1 else f"lamp {number}"
                yield Hours(name), _counted(hours)
                yield Lit(name), is_lit
        case FilterHours(_, hours):
            yield Hours(FILTER), _counted(hours)
        case Arrives(_, size, signal):
            yield InputSignal(), signal
            yield Resolution(), size


def _counted(hours: int) -> int | None:
    """A model that does not count says 0."""
    return hours or None
