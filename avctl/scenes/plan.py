"""From wanted and reported state to the steps between, without doing anything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Any

from avctl.points import Point, Reading
from avctl.scenes.scene import Kind, Order, Want

State = Mapping[Point, Reading]


@dataclass(frozen=True, slots=True)
class Strand:
    """Wants of one device that wait for the same targets, in groups that follow one another by rank."""

    device: str
    order: Order
    groups: tuple[tuple[Want, ...], ...]


class Prospect(StrEnum):
    """What will become of a want if the take begins now."""

    RIGHT = "right"  # is so already
    DRIVE = "drive"
    UNKNOWN = "unknown"  # cannot be read: will be driven
    UNREACHABLE = "unreachable"  # will fail


@dataclass(frozen=True, slots=True)
class Planned:
    """A want, how it stands now, and how long it will take by what was learnt."""

    want: Want
    now: Any
    prospect: Prospect
    expected: float | None  # seconds


def is_right(want: Want, state: State, since: float) -> bool:
    """Whether the device has said, at or after ``since``, that the point is as wanted."""
    reading = state.get(want.point.evidence)
    return (
        reading is not None
        and reading.at >= since
        and want.point.is_right(reading.value, want.value)
    )


def changes_before(first: Want, then: Want) -> bool:
    """Whether ``first`` is carried out before ``then`` of the same scene, and changes its point: a layout its windows."""
    if first.device != then.device or first.point == then.point or first.kind is Kind.CHECK:
        return False
    if not first.point.touches(then.point) or then.target in first.order.waits_for:
        return False
    return first.target in then.order.waits_for or first.point.rank < then.point.rank


def strands(wants: Iterable[Want]) -> tuple[Strand, ...]:
    """The order of ``wants``: strands run side by side, the groups of a strand one after the other."""

    def place(want: Want) -> tuple[str, Order]:
        return want.device, want.order

    def rank(want: Want) -> int:
        return want.point.rank

    ordered = sorted(wants, key=lambda want: (want.device, astuple(want.order), rank(want)))
    return tuple(
        Strand(device, order, tuple(tuple(group) for _, group in groupby(strand, key=rank)))
        for (device, order), strand in groupby(ordered, key=place)
    )


def as_driven(plan: Sequence[Planned]) -> tuple[Planned, ...]:
    """What is right now and is changed on the way is driven all the same."""
    changing = [each.want for each in plan if each.prospect is not Prospect.RIGHT]

    def stays(each: Planned) -> bool:
        changed = any(changes_before(want, each.want) for want in changing)
        return each.prospect is not Prospect.RIGHT or not changed

    return tuple(each if stays(each) else replace(each, prospect=Prospect.DRIVE) for each in plan)


def circle(wants: Sequence[Want]) -> tuple[str, ...]:
    """Targets that wait for one another and would wait for ever; empty where the order is sound."""
    waits: dict[str, set[str]] = {}
    for want in wants:
        waits.setdefault(want.target, set()).update(want.order.waits_for)
    while ready := {target for target, after in waits.items() if not after & waits.keys()}:
        for target in ready:
            del waits[target]
    return tuple(sorted(waits))
