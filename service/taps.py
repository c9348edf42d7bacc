"""Taps: which of them are the same tap again, by their key or by their haste."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from avctl.clock import Clock
from avctl.room import Room
from avctl.scenes.take import Take, Verdict
from service.problems import ApiError

HASTE = 0.5  # seconds within which a second tap is the first one's echo
KEPT = 24 * 3600.0  # seconds that a key is remembered
KEYS = 4000  # remembered at once; the oldest go first
CLIENTS = 1000

Target = tuple[str, ...]  # room, and what was tapped in it


@dataclass(frozen=True, slots=True)
class Tap:
    room: Room
    target: Target
    client: str
    key: str | None = None  # Idempotency-Key


@dataclass(frozen=True, slots=True)
class _Kept:
    target: Target
    take: Take
    at: float


class Taps:
    """Bounded memory of taps. A take that was begun for one answers for its echoes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_key: OrderedDict[str, _Kept] = OrderedDict()
        self._latest: OrderedDict[tuple[str, Target], Take] = OrderedDict()

    def start(self, tap: Tap, begin: Callable[[], Take]) -> tuple[Take, bool]:
        """The take for ``tap``, begun unless it is an echo, and whether it is one.

        Raises ApiError for a key that was used for something else, and what ``begin`` raises.
        """
        if take := self._same(tap):
            self._remember(tap, take)
            return take, True
        take = begin()
        self._remember(tap, take)
        return take, False

    def _same(self, tap: Tap) -> Take | None:
        if tap.key is None:
            take = self._latest.get((tap.client, tap.target))
            return take if take and _is_echo(tap.room, take) else None
        self._forget()
        kept = self._by_key.get(tap.key)
        if kept and kept.target != tap.target:
            raise ApiError(
                "key-reused",
                "this Idempotency-Key was used for another target: take a new one",
                "此 Idempotency-Key 已用于其他操作，请换用新的",
            )
        return kept.take if kept else None

    def _remember(self, tap: Tap, take: Take) -> None:
        if tap.key is not None:
            self._by_key.setdefault(tap.key, _Kept(tap.target, take, self._clock.now()))
        self._latest[tap.client, tap.target] = take
        self._latest.move_to_end((tap.client, tap.target))
        if len(self._latest) > CLIENTS:
            self._latest.popitem(last=False)
        self._forget()

    def _forget(self) -> None:
        now = self._clock.now()
        while self._by_key:
            oldest = next(iter(self._by_key.values()))
            at = oldest.at if len(self._by_key) <= KEYS else -math.inf
            if now - at <= KEPT:
                return
            self._by_key.popitem(last=False)


def _is_echo(room: Room, take: Take) -> bool:
    """Whether a tap like the one that began ``take`` adds nothing to it."""
    if take.verdict is not None and take.elapsed > HASTE:
        return False
    if any(step.verdict is Verdict.SUPERSEDED for step in take.steps):
        return False
    for newer in reversed(room.takes):
        if newer is take:
            return True
        if any(newer.scene.beats(want) for want in take.scene.wants):
            return False  # the same again, after something else, is wanted anew
    return False
