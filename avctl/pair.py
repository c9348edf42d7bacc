"""Main and backup behind one name: which side is in use, how well each is, and when to change over. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from avctl.points import Point

Text = Mapping[str, str]  # language code → text

INSTANT = 1e-6  # seconds; less than a clock of floats can be trusted with


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
    read_at: float | None = (
        None  # monotonic seconds; None: what was told once stands until told anew
    )
    asked: tuple[str, Point] | None = None  # the device and the point to ask for a newer reading


@dataclass(frozen=True, slots=True)
class Health:
    fitness: Fitness
    why: Text = field(default_factory=dict)  # why it is thought dead
    since: float = 0.0  # monotonic seconds


class Judge:
    """Turns the signs of one side into its health.

    A side is dead when a sign has been bad for the whole ``window``: a shorter wiggle is none. What is asked for every
    so often must read bad after the window too. A side is well when no sign is bad and one at least is good.
    """

    def __init__(self, window: float) -> None:
        self.window = window  # seconds
        self.health = Health(Fitness.UNKNOWN)
        self.unproved: tuple[Sign, ...] = ()  # bad for the whole window, but for a newer reading
        self._bad_since: float | None = None

    @property
    def doubts(self) -> bool:
        """Whether a sign is bad now, be it for a wiggle only."""
        return self._bad_since is not None

    @property
    def ends_at(self) -> float | None:
        """When the window of what is bad ends; None while nothing is, and once it is dead."""
        if self._bad_since is None or self.health.fitness is Fitness.DEAD:
            return None
        return self._bad_since + self.window

    @property
    def steady_at(self) -> float:
        """When it has been as it is for a whole window."""
        return self.health.since + self.window - INSTANT

    def look(self, now: float, signs: list[Sign]) -> Health:
        bad = [sign for sign in signs if sign.good is False]
        self.unproved = ()
        if not bad:
            self._bad_since = None
            good = any(sign.good for sign in signs)
            self._become(now, Fitness.WELL if good else Fitness.UNKNOWN, {})
            return self.health
        if self._bad_since is None:
            self._bad_since = now
        ends = self._bad_since + self.window - INSTANT
        if now < ends or self.health.fitness is Fitness.DEAD:
            return self.health
        proved = [sign for sign in bad if sign.read_at is None or sign.read_at >= ends]
        if proved:
            self._become(now, Fitness.DEAD, proved[0].why)
        else:
            self.unproved = tuple(bad)
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
