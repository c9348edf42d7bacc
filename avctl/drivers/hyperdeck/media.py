"""The media in the slots of a HyperDeck, as far as told: events carry only what has changed."""

from collections.abc import Iterator, Mapping
from typing import Any

from avctl.capabilities.health import Condition, Fault
from avctl.capabilities.recorder import Medium, Slot, TimeLeft
from avctl.drivers.hyperdeck.told import MEDIUM, number
from avctl.points import Point

COUNTED_EVERY = 10.0  # seconds between two reports of the time left while events count it down


class Media:
    def __init__(self) -> None:
        self._told: dict[int, dict[str, str]] = {}
        self._counted: dict[int, float] = {}  # when its time left was last reported

    def hear(self, slot: int, told: Mapping[str, str], now: float) -> Iterator[tuple[Point, Any]]:
        """All that there is to tell of a slot."""
        self._told[slot] = dict(told)
        yield from self._points(slot, now)

    def hear_change(
        self, slot: int, told: Mapping[str, str], now: float
    ) -> Iterator[tuple[Point, Any]]:
        known = self._told.setdefault(slot, {})
        is_new = told.get("status", known.get("status")) != known.get("status")
        known.update(told)
        if is_new or now - self._counted.get(slot, float("-inf")) >= COUNTED_EVERY:
            yield from self._points(slot, now)

    def medium(self, slot: int) -> Medium | None:
        return MEDIUM.get(self._told.get(slot, {}).get("status", ""))

    def left(self, slot: int) -> int:
        """Seconds that still fit onto it."""
        if self.medium(slot) is not Medium.MOUNTED:
            return 0
        return number(self._told[slot].get("recording time", "")) or 0

    @property
    def slots(self) -> tuple[int, ...]:
        return tuple(sorted(self._told))

    def _points(self, slot: int, now: float) -> Iterator[tuple[Point, Any]]:
        if (medium := self.medium(slot)) is None:
            return
        self._counted[slot] = now
        yield Slot(slot), medium
        yield TimeLeft(slot), self.left(slot)
        is_bad = any(self.medium(each) is Medium.FAULT for each in self._told)
        yield Fault("medium"), Condition.FAULT if is_bad else Condition.GOOD
