"""What is wanted, by when, in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from avctl.points import Point

Title = Mapping[str, str]  # language code ("zh", "en") → text


@dataclass(frozen=True, slots=True)
class Want:
    """One point of one device, and the value it shall have."""

    target: str  # the room's name for it: "podium-mic"
    word: str  # what the scene said: "fader"
    said: Any  # the value as the scene said it: "podium", "-6 dB"
    device: str
    point: Point
    value: Any
    after: tuple[str, ...] = ()  # targets that must be right before


@dataclass(frozen=True, slots=True)
class Scene:
    """A state wanted of a room. Its wants name every point once."""

    name: str
    title: Title
    deadline: float  # seconds from the tap to the verdict
    wants: tuple[Want, ...]
    settles_one_point: bool = (
        False  # a fader moved by hand: supersedes only what wants the same point
    )
    colour: str = ""  # of its button: a word the panel knows
    order: int = field(default=0)  # among the buttons

    @property
    def devices(self) -> frozenset[str]:
        return frozenset(want.device for want in self.wants)
