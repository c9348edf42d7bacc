"""Warm-ups as the API tells them, and as the journal keeps their proofs."""

from typing import Any, Literal

from pydantic import Field

from service.views.bodies import Said
from service.views.models import Title, View

PhaseName = Literal["getting-ready", "waiting", "trying-again", "holding", "shutting-down", "ended"]
FindingName = Literal[
    "skipped", "no-outlet", "no-link", "auth", "wrong-identity", "stuck-warming", "stuck-cooling",
    "fault", "no-picture", "degraded", "sent", "ok",
]  # fmt: skip


class SpanView(View):
    """How a device stood from one moment to another, in seconds since the warm-up began."""

    since: float
    until: float
    state: str = Field(description="dark, off, warming, on, cooling, unknown, up, unseen")


class WarmUpDeviceView(View):
    device: str
    title: Title
    state: str = Field(description="Now, or at its end: as in the spans")
    ready: float | None = Field(description="Seconds from the beginning until it first was on")
    finding: FindingName | None = Field(description="None while it is not judged, or not proven")
    words: Title | None
    good: bool | None
    remarks: list[Title]
    minutes_on: float
    retried: bool
    samples: int
    missed: int = Field(description="Samples without an answer")
    identity: dict[str, str]
    readings: dict[str, Any] = Field(description="The last of each point")
    spans: list[SpanView]


class WarmUpEventView(View):
    at: float  # seconds since it began
    text: Title


class WarmUpView(View):
    run: str
    room: str
    title: Title
    by: str
    began: str
    ended: str | None
    state: Literal["running", "good", "bad", "incomplete"]
    phase: PhaseName
    doing: Title
    progress: float  # 0 to 1
    elapsed: float
    hold: float  # seconds that were asked for
    held: float
    held_from: float | None  # when the last device was ready
    held_until: float | None
    stay_on: bool
    incomplete: Title | None
    left_on: Title | None = Field(description="Why the room was not shut down")
    devices: list[WarmUpDeviceView]
    events: list[WarmUpEventView]
    picture: str | None = Field(default=None, description="SHA-256 of the picture of its proof")


class WarmUps(View):
    """Newest first. ``more``: whether there are older ones."""

    warm_ups: list[WarmUpView]
    more: bool = False


class WarmUpSampleView(View):
    device: str
    at: float
    readings: dict[str, Any]
    missed: str


class WarmUpSamples(View):
    samples: list[WarmUpSampleView]


class WarmUpBody(Said):
    hold: float | None = Field(default=None, gt=0, le=3600, description="Seconds; as the room says")
    stay_on: bool = False
    skip: tuple[str, ...] = ()
    during_meeting: bool = Field(default=False, description="Though the room seems to be in use")


class WarmUpChanged(View):
    """How a warm-up goes on."""

    type: Literal["warm-up"] = "warm-up"
    room: str
    warm_up: WarmUpView
