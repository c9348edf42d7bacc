"""What happens in a seed's world, each at its time or moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from avctl.pair import Side


class Moment(StrEnum):
    """When something happens to a device: at a time, or at a moment of a step of its."""

    TIME = "at a time"
    BEFORE_SEND = "before send"
    SENT = "between sending and ACK"
    ANSWERED = "between ACK and effect"
    EFFECT = "after the effect"
    READ_BACK = "during the read-back"
    RETURN = "during the return"


# The moments of a step that a return has, too.
OF_A_RETURN = (Moment.RETURN, Moment.SENT, Moment.ANSWERED, Moment.EFFECT, Moment.READ_BACK)


@dataclass(frozen=True)
class Tap:
    at: float
    scene: str
    confirmed: bool = False


@dataclass(frozen=True)
class Hand:
    """A single point set by hand."""

    at: float
    target: str
    word: str
    said: Any


class Letting(StrEnum):
    """How a hand lets go of a camera."""

    STOP = "stop"
    LOST = "lost"  # its panel is gone
    SILENCE = "silence"  # it is not heard of any more


@dataclass(frozen=True)
class Drive:
    """A camera driven by hand, and let go after ``seconds``."""

    at: float
    camera: str
    pan: float
    seconds: float
    lets: Letting = Letting.STOP


@dataclass(frozen=True)
class Store:
    """Somebody has the room read back, to store it as it stands."""

    at: float


@dataclass(frozen=True)
class ChangeOver:
    """A pair taken to a side by hand."""

    at: float
    pair: str
    side: Side


@dataclass(frozen=True)
class Reset:
    """Somebody has looked: a pair may change over by itself again."""

    at: float
    pair: str


@dataclass(frozen=True)
class Sound:
    """A microphone dies or lives, or somebody speaks up or falls silent at it."""

    at: float
    microphone: str
    alive: bool = True
    level: float | None = None  # dBFS


@dataclass(frozen=True)
class Break:
    """A fault of a device or its line; ``times`` strikes, or ``seconds``."""

    at: float  # from then on, where there is a moment to wait for
    device: str
    name: str  # of the fault, or "reboot"
    moment: Moment
    value: float | None = None
    times: int | None = None
    seconds: float | None = None
    within: Moment = Moment.RETURN  # at which moment of a step of the return


@dataclass(frozen=True)
class Press:
    """Somebody at the device itself."""

    at: float
    device: str
    action: str
    moment: Moment
    arguments: Mapping[str, Any] = field(default_factory=dict)


Event = Tap | Hand | Drive | Store | ChangeOver | Reset | Sound | Break | Press
