"""The JSON of the API. Ages and durations are seconds; ``at`` and ``tapped`` are ISO 8601 in UTC."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["confirmed", "failed", "unknown", "superseded", "sent"]
StepVerdict = Literal["confirmed", "failed", "unknown", "superseded", "skipped", "sent"]


class View(BaseModel):
    model_config = ConfigDict(frozen=True)


class Title(View):
    zh: str
    en: str


class PointView(View):
    key: str
    word: str
    value: Any = Field(description="As the device last reported it; null when it did not")
    unit: str
    settable: bool
    age: float | None


class DeviceView(View):
    device: str
    title: Title
    driver: str
    up: bool
    reason: str = Field(description="Why it is not reachable; empty when it is")
    since: float | None = Field(description="Seconds since it came or went; null before the first")
    identity: dict[str, str]
    capabilities: list[str]
    words: list[str] = Field(description="What can be set of it")
    presets: dict[str, int]
    layouts: dict[str, int]
    points: list[PointView]
    picture: str | None


class ChoiceView(View):
    choice: str
    title: Title


class ParameterView(View):
    parameter: str
    title: Title
    choices: list[ChoiceView]


class SceneView(View):
    scene: str
    title: Title
    colour: str
    order: int
    deadline: float
    devices: list[str]
    steps: int
    expected: float | None = Field(description="Median of its last confirmed runs")
    hold: float = Field(description="Seconds beyond the deadline that all of it must stay so")
    confirm: bool = Field(description="Whether a take must say that it is meant")
    emergency: bool
    parameters: list[ParameterView] = Field(description="A take chooses one of each")


class SourceView(View):
    source: str
    title: Title
    device: str
    input: int


class DestinationView(View):
    destination: str
    title: Title
    device: str
    output: int
    layers: list[str]
    source: str | None = Field(description='As the device reported; "none"; null when unknown')
    blank: bool | None
    age: float | None
    picture: str | None


class MicrophoneView(View):
    microphone: str
    title: Title
    device: str
    channel: str
    nominal: float
    fader: float | None
    muted: bool | None
    meter: float | None
    age: float | None


class StepView(View):
    target: str
    word: str
    said: Any
    device: str
    point: str
    kind: Literal["set", "check", "act"]
    wanted: Any
    before: Any = Field(description="As read before it was driven")
    verdict: StepVerdict | None
    why: str
    read: Any
    planned: float | None
    sent: float | None
    answered: float | None
    confirmed: float | None
    ended: float | None


class RunView(View):
    run: str
    room: str
    scene: str
    title: Title
    by: str
    tapped: str
    deadline: float
    verdict: Verdict | None
    duration: float | None
    elapsed: float
    waited: float = Field(description="Seconds from the tap until older takes let it begin")
    then: str | None = Field(description="The run that followed because this one failed")
    culprits: list[str]
    steps: list[StepView]


class PlannedView(View):
    target: str
    word: str
    said: Any
    device: str
    point: str
    kind: Literal["set", "check", "act"]
    wanted: Any
    now: Any
    prospect: Literal["right", "drive", "unknown", "unreachable"]
    expected: float | None


class PlanView(View):
    """What a take would do if it began now. A take sends what its plan shows."""

    scene: str
    steps: list[PlannedView]


class RoomView(View):
    room: str
    title: Title
    devices: list[DeviceView]
    scenes: list[SceneView]
    sources: list[SourceView]
    destinations: list[DestinationView]
    microphones: list[MicrophoneView]
    runs: list[RunView]


class RoomBrief(View):
    room: str
    title: Title
    up: bool = Field(description="Whether all its devices are reachable")
    running: int = Field(description="Takes under way")


class SiteView(View):
    site: str
    title: Title
    version: str
    language: str
    rooms: list[RoomBrief]


class Rooms(View):
    rooms: list[RoomView]


class Devices(View):
    devices: list[DeviceView]


class Scenes(View):
    scenes: list[SceneView]


class Runs(View):
    runs: list[RunView]


class EntryView(View):
    seq: int
    at: str
    kind: str
    room: str | None
    by: str | None
    data: dict[str, Any]
    hash: str


class JournalPage(View):
    entries: list[EntryView]
    last: int = Field(description="Give it as ``after`` for the next page")


class Problem(View):
    """RFC 9457, with a code for programs and the detail in both languages for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    detail_zh: str


# What callers send.


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TakeBody(Said):
    arguments: dict[str, str] = Field(default={}, description="Parameter → choice", max_length=16)
    confirmed: bool = False


class SetBody(Said):
    target: str = Field(max_length=64)
    word: str = Field(max_length=64)
    value: Any


Speed = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]


class DriveBody(Said):
    """Speeds, positive right, up and tele. All 0 stops."""

    pan: Speed = 0.0
    tilt: Speed = 0.0
    zoom: Speed = 0.0
