"""What is wanted, by when, in which order, and what a failure means."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, IntEnum, StrEnum
from typing import Any

from avctl.errors import DeviceError
from avctl.points import Point

Title = Mapping[str, str]  # language code ("zh", "en") → text


class Kind(StrEnum):
    SET = "set"  # drive the point where it is not right already
    CHECK = "check"  # read and judge, change nothing
    ACT = "act"  # do it once, whatever was before; never again by itself


class Reaction(StrEnum):
    """What a failure means."""

    GO_ON = "go-on"  # the other steps go on
    STOP = "stop"  # what is not sent yet is not sent
    RETURN = "return"  # stop, and go back to what was read before the take
    TAKE = "take"  # stop, and take another scene


@dataclass(frozen=True, slots=True)
class OnFailure:
    reaction: Reaction = Reaction.GO_ON
    scene: str = ""  # for TAKE


class Mode(StrEnum):
    """What a take does when an older one holds devices that it wants."""

    SUPERSEDE = "supersede"
    WAIT = "wait"
    REFUSE = "refuse"


class Priority(IntEnum):
    SCHEDULE = 0
    OPERATOR = 1
    CHANGEOVER = 2
    EMERGENCY = 3


class Scope(Enum):
    """What a take supersedes."""

    DEVICES = "devices"  # whatever wants a device that it wants
    POINTS = "points"  # only what wants a point that it touches: a fader moved by hand


@dataclass(frozen=True, slots=True)
class Order:
    """What a want waits for before anything of it is sent."""

    after: tuple[str, ...] = ()  # targets that must be right before
    behind: tuple[str, ...] = ()  # targets that must be through before, well or not
    delay: float = 0.0  # seconds then: inrush, a relay's rest
    patience: float = (
        0.0  # seconds then that its device may take to be reachable: it has just got its mains
    )
    within: float = 0.0  # seconds from sending in which it must be right; 0: all that there are

    def among(self, targets: Collection[str]) -> "Order":
        """The same without the targets that are not there."""
        after = tuple(target for target in self.after if target in targets)
        behind = tuple(target for target in self.behind if target in targets)
        return replace(self, after=after, behind=behind)

    @property
    def waits_for(self) -> tuple[str, ...]:
        return (*self.after, *self.behind)


@dataclass(frozen=True, slots=True)
class Want:
    """One point of one device, and the value it shall have."""

    target: str  # the room's name for it: "podium-mic"
    word: str  # what the scene said: "fader"
    said: Any  # the value as the scene said it: "podium", "-6 dB"
    device: str
    point: Point
    value: Any
    order: Order = Order()
    kind: Kind = Kind.SET
    on_failure: OnFailure | None = None  # None: as the scene says


@dataclass(frozen=True, slots=True)
class Retreat:
    """What undoes a part of a scene from wherever that got stuck."""

    of: frozenset[str]  # the targets of that part
    wants: tuple[Want, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A state wanted of a room. Its wants name every point once."""

    name: str
    title: Title
    deadline: float  # seconds from the tap to the verdict, without ``hold``
    wants: tuple[Want, ...]
    budget: float | None = (
        None  # seconds it may take; a longer one is told, and has its verdict all the same
    )
    hold: float = 0.0  # seconds that all of it must stay so
    on_failure: OnFailure = OnFailure()
    mode: Mode = Mode.SUPERSEDE
    priority: Priority = Priority.OPERATOR
    scope: Scope = Scope.DEVICES
    looks_first: bool = True  # False: drives unread, or a fast hand on a fader would never be heard
    again_after: tuple[
        type[DeviceError], ...
    ] = ()  # what a step is tried again after, till the deadline
    retreats: tuple[
        Retreat, ...
    ] = ()  # taken for the parts that failed, where nothing else is said
    unless: tuple[Want, ...] = ()  # states in which it may not be taken
    confirm: bool = False  # a person must say twice that it is meant
    colour: str = ""  # of its button: a word the panel knows
    order: int = field(default=0)  # among the buttons
    arguments: Mapping[str, str] = field(default_factory=dict)  # parameter → what was chosen

    @property
    def devices(self) -> frozenset[str]:
        return frozenset(want.device for want in self.wants)

    @property
    def points(self) -> frozenset[tuple[str, Point]]:
        return frozenset((want.device, want.point) for want in self.wants)

    def without(self, taken: Callable[[Want], bool]) -> "Scene | None":
        """What is left of it when what is ``taken`` is left alone; None where that is nothing."""
        wants = tuple(want for want in self.wants if not taken(want))
        left = {want.target for want in wants}
        ordered = (replace(want, order=want.order.among(left)) for want in wants)
        return replace(self, wants=tuple(ordered)) if wants else None

    def beats(self, want: Want) -> bool:
        """Whether a take of this scene supersedes an older take's ``want``."""
        if self.scope is Scope.POINTS:
            return any(
                device == want.device and point.touches(want.point) for device, point in self.points
            )
        return want.device in self.devices
