"""What the replies of a HyperDeck mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from avctl.capabilities.recorder import Medium, Motion
from avctl.drivers.hyperdeck.wire import Reply, fields
from avctl.wire import Message

MOTION = {
    "preview": Motion.PREVIEW,
    "stopped": Motion.STOPPED,
    "play": Motion.PLAYING,
    "record": Motion.RECORDING,
    "forward": Motion.WINDING,
    "rewind": Motion.WINDING,
    "jog": Motion.WINDING,
    "shuttle": Motion.WINDING,
}
MEDIUM = {
    "empty": Medium.EMPTY,
    "mounting": Medium.MOUNTING,
    "mounted": Medium.MOUNTED,
    "error": Medium.FAULT,
}
# From the right: a name may hold blanks. The first field after it came with protocol 1.1.
_CLIP = re.compile(r"(\d+): (.*?)((?: \d\d:\d\d:\d\d[:;]\d\d){1,2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Done(Message):
    """Accepted, and no more than that."""


@dataclass(frozen=True, slots=True)
class Rebooting(Done):
    """Accepted, and it restarts for it."""


@dataclass(frozen=True, slots=True)
class DeviceIs(Message):
    model: str
    protocol: str
    unique_id: str
    slots: int | None


@dataclass(frozen=True, slots=True)
class TransportIs(Message):
    """All that the deck tells of what it does, by its own keys."""

    told: Mapping[str, str]

    @property
    def is_recording(self) -> bool:
        return self.told.get("status") == "record"


@dataclass(frozen=True, slots=True)
class SlotIs(Message):
    number: int
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RemoteIs(Message):
    told: Mapping[str, str]

    @property
    def is_off(self) -> bool:
        """Whether REM is off, and that was not overridden on this connection."""
        return self.told.get("enabled") == "false" and self.told.get("override") != "true"


@dataclass(frozen=True, slots=True)
class ConfigurationIs(Message):
    video_input: str


@dataclass(frozen=True, slots=True)
class Clip:
    number: int
    name: str
    start: str  # empty before protocol 1.1
    duration: str


@dataclass(frozen=True, slots=True)
class ClipsAre(Message):
    clips: tuple[Clip, ...]


@dataclass(frozen=True, slots=True)
class ClipCount(Message):
    count: int


def device(said: Reply) -> DeviceIs:
    told = fields(said.lines)
    slots = told.get("slot count", "")
    return DeviceIs(
        told.get("model", ""),
        told.get("protocol version", ""),
        told.get("unique id", ""),
        int(slots) if re.fullmatch(r"[1-9]", slots) else None,
    )


def clips(said: Reply) -> ClipsAre:
    found = (_CLIP.fullmatch(line.rstrip()) for line in said.lines)
    return ClipsAre(tuple(_clip(match) for match in found if match))


def _clip(match: re.Match[str]) -> Clip:
    *start, duration = match[3].split()
    return Clip(int(match[1]), match[2], "".join(start), duration)


def number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None
