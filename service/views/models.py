"""The JSON of the API. Ages and durations are seconds; ``at`` and ``tapped`` are ISO 8601 in UTC."""

from typing import Any, Literal

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
    poll: float = Field(description="Seconds between two polls: what is older is not fresh")


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
    expected: float | None = Field(description="Seconds, by what its steps took so far")
    hold: float = Field(description="Seconds beyond the deadline that all of it must stay so")
    mode: Literal["supersede", "wait", "refuse"]
    confirm: bool = Field(description="Whether a take must say that it is meant")
    emergency: bool
    parameters: list[ParameterView] = Field(description="A take chooses one of each")


class SourceView(View):
    source: str
    title: Title
    device: str
    input: int


class OutletView(View):
    """A mains outlet that the room's scenes can switch; how it stands is among its device's points."""

    outlet: str
    title: Title
    device: str
    number: int


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


class AlarmView(View):
    alarm: int
    key: str = Field(description="What it is about: device/19/matrix")
    room: str | None
    device: str
    severity: Literal["info", "warning", "critical"]
    text: Title
    active: bool
    lasts: bool = Field(description="Else it tells of what happened once: seen is over")
    since: str = Field(description="When what it tells of began")
    raised: str
    times: int = Field(description="How often it was said")
    acknowledged: str | None
    acknowledged_by: str
    remark: str
    cleared: str | None
    incident: int | None = Field(description="The one that it opened, or that was open already")
    seqs: list[int] = Field(description="The entries of the journal that it is made of")


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
    arguments: dict[str, str] = Field(default={}, description="Parameter → what was chosen")
    by: str
    tapped: str
    deadline: float
    hold: float
    verdict: Verdict | None
    duration: float | None
    elapsed: float
    over_budget: bool = Field(description="It ended well, and took longer than its scene allows")
    waited: float = Field(description="Seconds from the tap until older takes let it begin")
    wish: str | None = Field(description="What its failure asks for: stop, return, or take SCENE")
    then: str | None = Field(description="The run that followed because this one failed")
    unreturned: list[str] = Field(description="Targets that a return could not restore")
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
    after: list[str] = Field(description="Targets that must be right before")
    prospect: Literal["right", "drive", "unknown", "unreachable"]
    expected: float | None


class RiskView(Title):
    """Something to think of before the tap, in words."""

    risk: Literal["on-air", "opens", "unreachable", "slow", "once", "deadline"]
    target: str


class SpreadView(View):
    """A distribution of seconds."""

    count: int
    p50: float
    p95: float
    p99: float
    longest: float


class PlanView(View):
    """What a take would do if it began now, in order. A take sends what its plan shows."""

    scene: str
    title: Title
    expected: float | None = Field(
        description="Seconds until the last step that is driven is confirmed"
    )
    deadline: float
    budget: float | None = Field(description="What it may take, where its author says so")
    spread: SpreadView | None = Field(
        description="How long takes of it lasted from the tap to the verdict, since the start"
    )
    hold: float
    steps: list[PlannedView]
    risks: list[RiskView]


class SideView(View):
    name: str
    title: Title
    fitness: Literal["well", "unknown", "dead"]
    why: Title | None = Field(description="Why it is thought dead")
    since: float | None = Field(description="Seconds that it has been so")


class PairView(View):
    """Main and backup behind one name, and how they stand."""

    pair: str
    title: Title
    made: Literal["microphones", "sources", "devices"]
    active: Literal["main", "backup"] = Field(description="The side that the room is seen to use")
    main: SideView
    backup: SideView
    arm: Literal["off", "advise", "automatic"]
    latched: bool = Field(description="It has changed over by itself, and will not until reset")
    advised: bool = Field(description="The side in use is dead and the other is well: change over?")
    run: RunView | None = Field(description="Its last changeover")


class RehearsalView(View):
    pair: str
    good: bool
    there: RunView
    back: RunView


class DrillView(View):
    drill: str
    room: str
    by: str
    began: str
    ended: str | None
    pairs: list[str]
    state: Literal["running", "good", "bad", "broken-off"]
    why: str
    rehearsals: list[RehearsalView]
    record: str = Field(description="Markdown, to be kept")


class MeetingBrief(View):
    """The meeting that is on."""

    meeting: int
    title: str
    source: Literal["tap", "calendar", "call"]
    by: str
    began: str
    planned: str | None = Field(description="When it should end; null where nobody planned it")


class RoomView(View):
    room: str
    title: Title
    devices: list[DeviceView]
    scenes: list[SceneView]
    sources: list[SourceView]
    destinations: list[DestinationView]
    microphones: list[MicrophoneView]
    outlets: list[OutletView]
    pairs: list[PairView]
    runs: list[RunView] = Field(description="The latest 20, and the last of each scene")
    meeting: MeetingBrief | None = Field(
        default=None, description="The room is in meeting mode while there is one"
    )


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
    timezone: str
    rooms: list[RoomBrief]


class Rooms(View):
    rooms: list[RoomView]


class Devices(View):
    devices: list[DeviceView]


class Scenes(View):
    scenes: list[SceneView]


class Runs(View):
    runs: list[RunView]


class Pairs(View):
    pairs: list[PairView]


class Drills(View):
    drills: list[DrillView] = Field(description="Newest first")


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
