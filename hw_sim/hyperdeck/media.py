"""Slots, what is in them, and what is recorded there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

EMPTY, MOUNTING, ERROR, MOUNTED = "empty", "mounting", "error", "mounted"


@dataclass(slots=True)
class Clip:
    name: str
    seconds: float
    video: str  # format
    codec: str
    sources: list[tuple[float, str | None]] = field(default_factory=list)  # from which second on

    def truth(self) -> dict[str, object]:
        return {
            "name": self.name,
            "seconds": self.seconds,
            "sources": [[at, source] for at, source in self.sources],
        }


@dataclass(slots=True)
class Slot:
    """A slot for a medium. ``left`` is what can still be recorded, without what is being recorded now."""

    number: int
    status: str = EMPTY
    volume: str = ""
    left: float = 0.0  # seconds
    capacity: float = 0.0  # seconds, of the empty medium
    clips: list[Clip] = field(default_factory=list)

    @classmethod
    def given(cls, number: int, wanted: object, video: str, codec: str) -> "Slot":
        """A slot as the option says: None is empty. Raises ValueError."""
        if wanted is None:
            return cls(number)
        if not isinstance(wanted, Mapping):
            raise ValueError(f"slot {number} is a mapping or null, not {wanted!r}")
        given = dict(wanted)
        left = float(given.pop("seconds", 7200))
        slot = cls(
            number,
            str(given.pop("status", MOUNTED)),
            str(given.pop("volume", f"MEDIA{number}")),
            left,
        )
        for name, seconds in cast("Mapping[str, float]", given.pop("clips", {})).items():
            slot.clips.append(Clip(str(name), float(seconds), video, codec))
        slot.capacity = left + slot.recorded
        if given or slot.status not in (EMPTY, MOUNTING, ERROR, MOUNTED) or left < 0:
            raise ValueError(f"slot {number} has status, volume, seconds and clips, not {wanted!r}")
        return slot

    @property
    def takes(self) -> bool:
        """Whether something can be recorded here."""
        return self.status == MOUNTED and self.left > 0

    @property
    def readable(self) -> list[Clip]:
        """The clips that can be had."""
        return self.clips if self.status == MOUNTED else []

    @property
    def recorded(self) -> float:
        return sum(clip.seconds for clip in self.clips)

    def start_of(self, index: int) -> float:
        """Where on the timeline a clip begins, counted from 0."""
        return sum(clip.seconds for clip in self.clips[:index])

    def clip_at(self, position: float) -> int | None:
        """The clip at a place of the timeline, counted from 1; at the very end it is the last."""
        if not self.clips:
            return None
        return (
            max((n for n in range(len(self.clips)) if self.start_of(n) <= position), default=0) + 1
        )

    def new_name(self, prefix: str) -> str:
        """The first free name, numbered."""
        taken, number = {clip.name for clip in self.clips}, 1
        while (name := f"{prefix} {number:04d}") in taken:
            number += 1
        return name

    def pull(self) -> None:
        self.status, self.volume, self.left, self.capacity = EMPTY, "", 0.0, 0.0
        self.clips = []

    def wipe(self) -> None:
        self.clips, self.left = [], self.capacity


@dataclass(slots=True)
class Recording:
    """What is being recorded; its clip is on the slot when it has ended."""

    slot: Slot
    clip: Clip
    prefix: str  # of its name
    began: float
