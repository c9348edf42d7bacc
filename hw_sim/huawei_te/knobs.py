"""What a terminal is and which bad manners it has, read from its options."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from hw_sim import mains
from hw_sim.eye import Range
from hw_sim.settings import Settings

AXES = {
    "pan": Range(-170.0, 170.0, 60.0),  # degrees
    "tilt": Range(-30.0, 90.0, 40.0),
    "zoom": Range(1.0, 12.0, 3.0, home=1.0),
}
PRESETS = range(1, 31)


@dataclass(frozen=True, slots=True)
class Model:
    name: str  # szTermType
    session_in: str = "cookie"
    data: str = "string"
    old_tls: bool = False


MODELS = {
    "box300": Model("HUAWEI Box 300"),
    "te20": Model("Huawei TE20", old_tls=True),
    "te40": Model("Huawei TE40", session_in="header", old_tls=True),
    "ideahub": Model("HUAWEI IdeaHub", data="object"),
}

OPTIONS: Mapping[str, str] = {
    "user": "who may log in (api)",
    "password": "and by what (empty)",
    "session_limit": "how many sessions there may be at once (4; the real number is not known)",
    "session_seconds": "after how long a silence a session is forgotten (600)",
    "session_in": "where the session is: cookie, or header with acSessionId in the data (by model)",
    "csrf": "where the token has to be: either, header, body or none",
    "data": "string with JSON in it, or a plain object (by model)",
    "content_type": "of every reply (text/plain)",
    "failure_status": "HTTP status of success:0 (200; the real one is not known)",
    "old_tls": "TLS up to 1.2 with old suites only (true for TE)",
    "keep_alive_seconds": "after how long a silence a connection is closed (0 is never)",
    "far_end": "what a called site does: answers, busy or silent",
    "answer_seconds": "how long it takes to do so (4)",
    "auto_answer": "take every incoming call",
    "line": "which calls are made on: sip or h323",
    "callstate_in_call": "callstate while a call stands, 0 to 2 (2: the calling has ended)",
    "registered": "whether the SIP line is registered (true)",
    "sleep_minutes": "without a call until it sleeps by itself (0 is never)",
    "cameras": "how many there are (1)",
    "presets": "what is stored: {number: [pan, tilt, zoom]}, of the first camera",
    "version": "of its software",
    **mains.OPTIONS,
}


class Knobs:
    """The options of one terminal. Raises ValueError for a value without a meaning."""

    def __init__(self, model: Model, options: Mapping[str, object]) -> None:
        read = Settings(options)
        self.user, self.password = read.text("user", "api"), read.text("password")
        self.session_limit = read.whole("session_limit", 4, 1, 1000)
        self.session_seconds = read.number("session_seconds", 600)
        self.session_in = read.choice("session_in", ("cookie", "header"), model.session_in)
        self.csrf = read.choice("csrf", ("either", "header", "body", "none"))
        self.data = read.choice("data", ("string", "object"), model.data)
        self.content_type = read.text("content_type", "text/plain")
        self.failure_status = read.whole("failure_status", 200, 200, 599)
        self.old_tls = read.flag("old_tls", model.old_tls)
        self.keep_alive_seconds = read.number("keep_alive_seconds", 0)
        self.far_end = read.choice("far_end", ("answers", "busy", "silent"))
        self.answer_seconds = read.number("answer_seconds", 4)
        self.auto_answer = read.flag("auto_answer")
        self.call_type = {"sip": 8, "h323": 3}[read.choice("line", ("sip", "h323"))]
        self.callstate_in_call = read.whole("callstate_in_call", 2, 0, 2)
        self.registered = read.flag("registered", True)
        self.sleep_minutes = read.number("sleep_minutes", 0)
        self.cameras = read.whole("cameras", 1, 1, 8)
        self.presets = {
            number: _pose(number, given) for number, given in read.numbered("presets").items()
        }
        self.version = read.text("version", "TE20 V600R019C00SPC200")


def _pose(number: int, given: object) -> dict[str, float]:
    if number not in PRESETS:
        raise ValueError(f"presets are 1 to {PRESETS[-1]}, not {number}")
    values = [float(each) for each in cast("Iterable[float]", given)]
    if len(values) != len(AXES):
        raise ValueError(f"preset {number} is [pan, tilt, zoom], not {given}")
    return dict(zip(AXES, values, strict=True))
