"""Main and backup behind one name: which side is in use, how well each is, and when to change over. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Text = Mapping[str, str]  # language code → text


class Side(StrEnum):
    MAIN = "main"
    BACKUP = "backup"

    @property
    def other(self) -> "Side":
        return Side.BACKUP if self is Side.MAIN else Side.MAIN


class Fitness(StrEnum):
    WELL = "well"
    UNKNOWN = "unknown"
    DEAD = "dead"


class Arm(StrEnum):
    OFF = "off"
    ADVISE = "advise"  # a person is asked: one tap
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that tells how well a side is: True good, False bad, None cannot tell."""

    good: bool | None
    why: Text  # in words, for when it is bad


@dataclass(frozen=True, slots=True)
class Health:
    fitness: Fitness
    why: Text = field(default_factory=dict)  # why it is thought dead
    since: float = 0.0  # monotonic seconds


class Judge:
    """Turns the signs of one side into its health.

    A side is dead when a sign has been bad for the whole ``window``: a shorter wiggle is none. It is well when none
    is bad and one at least is good.
    """

    def __init__(self, window: float) -> None:
        self.window = window  # seconds
        self.health = Health(Fitness.UNKNOWN)
        self._bad_since: float | None = None

    @property
    def doubts(self) -> bool:
        """Whether a sign is bad now, be it for a wiggle only."""
        return self._bad_since is not None

    def look(self, now: float, signs: list[Sign]) -> Health:
        bad = [sign for sign in signs if sign.good is False]
        if not bad:
            self._bad_since = None
            good = any(sign.good for sign in signs)
            self._become(now, Fitness.WELL if good else Fitness.UNKNOWN, {})
            return self.health
        if self._bad_since is None:
            self._bad_since = now
        if now - self._bad_since >= self.window:
            self._become(now, Fitness.DEAD, bad[0].why)
        return self.health

    def _become(self, now: float, fitness: Fitness, why: Text) -> None:
        if fitness is not self.health.fitness:
            self.health = Health(fitness, why, now)


class Wish(StrEnum):
    """What a pair asks for."""

    ADVISE = "advise"
    CHANGE_OVER = "change-over"


class Watch:
    """When to change over. It fires at most once: then it is latched until a person resets it.

    Only after the side in use was seen well once, only when it is dead, and only to a side of which nothing is bad.
    """

    def __init__(self, arm: Arm = Arm.OFF) -> None:
        self.arm = arm
        self.active = Side.MAIN
        self.latched = False
        self.advised = False
        self._was_well = False

    def look(self, health: Mapping[Side, Health], doubted: Collection[Side] = ()) -> Wish | None:
        """``doubted``: sides that may be dying at this moment."""
        here, there = health[self.active], health[self.active.other]
        if here.fitness is Fitness.WELL:
            self._was_well = True
            self.advised = False
        if self.latched or self.arm is Arm.OFF or not self._was_well:
            return None
        if here.fitness is not Fitness.DEAD or there.fitness is not Fitness.WELL:
            return None
        if self.active.other in doubted:
            return None
        if self.arm is Arm.ADVISE:
            first, self.advised = not self.advised, True
            return Wish.ADVISE if first else None
        self.latched = True
        return Wish.CHANGE_OVER

    def changed_to(self, side: Side) -> None:
        """The room is seen to use ``side``, however that came."""
        if side is not self.active:
            self.active = side
            self.advised = False
            self._was_well = False

    def reset(self) -> None:
        """A person has looked: it may fire again."""
        self.latched = False
        self.advised = False
