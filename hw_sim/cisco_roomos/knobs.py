"""What a room system is and which bad manners it has, read from its options."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from hw_sim import mains
from hw_sim.eye import Range
from hw_sim.settings import Settings

AXES = {  # in the units of PositionSet
    "Pan": Range(-10000.0, 10000.0, 4000.0),
    "Tilt": Range(-2500.0, 2500.0, 2000.0),
    "Zoom": Range(0.0, 11800.0, 4000.0),
}
PRESETS, ROOM_PRESETS = range(1, 36), range(1, 16)


@dataclass(frozen=True, slots=True)
class Model:
    product: str
    cameras: int
    inputs: int


MODELS = {
    "room_kit": Model("Cisco Webex Room Kit", 1, 2),
    "sx20": Model("Cisco TelePresence SX20", 1, 2),
    "mx700": Model("Cisco TelePresence MX700", 2, 3),
}

OPTIONS: Mapping[str, str] = {
    "user": "who may log in over SSH (admin)",
    "password": "and by what (empty)",
    "host": "name in the welcome (somehost)",
    "software": "version in welcome and status",
    "wrapped_errors": "wrong paths are answered inside CommandResponse, as older software does",
    "dotted_errors": "the text of such an answer ends with a dot",
    "numeric_ids": "ids of lists are numbers, not texts",
    "glued": "objects come without white space, none between them either",
    "split_at": "every answer is written in pieces of so many bytes (0 is whole)",
    "feedback_first": "what a command changes is told before its result",
    "escape": "the answer to echo off begins with ESC[?1034h",
    "far_end": "what a called site does: answers, busy or silent",
    "first_call": "id of the first call (1)",
    "ring_seconds": "how long it rings (3)",
    "auto_answer": "take every incoming call",
    "duration_feedback": "tell the growing Duration every second (true)",
    "standby_minutes": "without use until it stands by by itself (10; 0 is never)",
    "tc_standby": "standby is told as Active, On or Off, as older software does",
    "feedback_limit": "how many expressions a session may register (38)",
    "feedback_seconds": "after how long registrations are silently lost (0 is never)",
    "idle_seconds": "after how long a silence a session is dropped (0 is never)",
    "input_limit": "bytes of one line or body; the session is dropped at more (65536)",
    "registered": "whether SIP is registered (true)",
    "temperature": "in degrees (64)",
    "presets": "camera presets: {number: [pan, tilt, zoom]}, of the first camera",
    **mains.OPTIONS,
}


class Knobs:
    """The options of one room system. Raises ValueError for a value without a meaning."""

    def __init__(self, options: Mapping[str, object]) -> None:
        read = Settings(options)
        self.user, self.password = read.text("user", "admin"), read.text("password")
        self.host = read.text("host", "somehost")
        self.software = read.text("software", "ce 9.2.2 3a892a1 2017-11-30")
        self.wrapped_errors = read.flag("wrapped_errors")
        self.dotted_errors = read.flag("dotted_errors")
        self.numeric_ids = read.flag("numeric_ids")
        self.glued = read.flag("glued")
        self.split_at = read.whole("split_at", 0, 0, 65536)
        self.feedback_first = read.flag("feedback_first")
        self.escape = read.flag("escape")
        self.far_end = read.choice("far_end", ("answers", "busy", "silent"))
        self.first_call = read.whole("first_call", 1, 0, 1_000_000)
        self.ring_seconds = read.number("ring_seconds", 3)
        self.auto_answer = read.flag("auto_answer")
        self.duration_feedback = read.flag("duration_feedback", True)
        self.standby_minutes = read.whole("standby_minutes", 10, 0, 480)
        self.tc_standby = read.flag("tc_standby")
        self.feedback_limit = read.whole("feedback_limit", 38, 0, 1000)
        self.feedback_seconds = read.number("feedback_seconds", 0)
        self.idle_seconds = read.number("idle_seconds", 0)
        self.input_limit = read.whole("input_limit", 65536, 256, 1 << 24)
        self.registered = read.flag("registered", True)
        self.temperature = read.number("temperature", 64)
        self.presets = {
            number: _pose(number, given) for number, given in read.numbered("presets").items()
        }


def _pose(number: int, given: object) -> dict[str, float]:
    if number not in PRESETS:
        raise ValueError(f"presets are 1 to {PRESETS[-1]}, not {number}")
    values = [float(each) for each in cast("Iterable[float]", given)]
    if len(values) != len(AXES):
        raise ValueError(f"preset {number} is [pan, tilt, zoom], not {given}")
    return dict(zip(AXES, values, strict=True))
