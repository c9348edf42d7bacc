"""What a run leaves behind for its judges: taps, steps, bytes, faults, and what was really so at each of them."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from avctl.points import Point
from avctl.room import Change, Room
from avctl.scenes.take import Step, Take, Verdict
from service.journal import Journal
from tests.campaign.world import World

UNNOTICED = 10.0  # seconds that a device may be away without being missed


@dataclass(eq=False)
class StepSeen:
    """A step beside the truth. Times are seconds of the run."""

    step: Step
    tap: float  # of which tap it is; of what the room does by itself: the tap before, and a little
    before: Any  # `truth.actual` when its take began
    true_before: bool
    began: float
    sent: float | None = None
    first_sent: float | None = None
    moved: bool = False  # it was changing already when it was first sent
    held: bool = (
        False  # was really so at some moment since it began, since it was sent where it was
    )
    since: float | None = None  # since when it has been so
    verdict: Verdict | None = None  # the first
    verdicts: int = 0  # how often one was given
    at: float = 0.0  # when the verdict came
    true_then: bool = False  # whether it was so at that moment
    disturbed: bool = (
        False  # somebody else changed the device between its beginning and its verdict
    )
    disturbed_after: bool = False  # or before the verdict and after it was sent
    overtaken: bool = False  # something newer wants it: nothing more of it may be sent
    corrupted: bool = False  # bytes from the device were spoilt in that time
    answered: bool = False  # the device has said something since it was sent

    @property
    def device(self) -> str:
        return self.step.want.device

    @property
    def point(self) -> Point:
        return self.step.want.point

    def __str__(self) -> str:
        want = self.step.want
        return f"tap {self.tap}: {want.target} {want.word} {want.said}"


@dataclass(eq=False)
class TakeSeen:
    take: Take
    tap: float
    steps: list[StepSeen]
    began: float = 0.0  # without the time that it waited
    tapped: float = 0.0  # with it
    ended: float | None = None
    looked: bool = False  # at what was before, once it had waited
    follows: "TakeSeen | None" = None
    returns: bool = False  # the way back of ``follows``
    after: list[Any] = field(default_factory=list)  # of a return: `truth.actual` when it ended


@dataclass(frozen=True)
class Sent:
    """Bytes that would change a device, when they were written."""

    at: float
    device: str
    points: tuple[Point, ...]
    tap: float | None  # whose they were; None: nobody's
    wanted: bool  # whether the owner still wanted one of the points
    wire: bytes


@dataclass(frozen=True)
class Cause:
    """Something that may have changed a device: a tap's bytes, a press, a loss of power."""

    at: float
    device: str
    tap: float | None  # None: from outside
    points: tuple[Point, ...] | None = None  # None: any


@dataclass(frozen=True)
class Air:
    """What the two sides of a pair of microphones give from a moment on: dB of their faders, None when closed."""

    at: float
    main: float | None
    backup: float | None
    main_lives: bool
    backup_lives: bool


@dataclass(frozen=True)
class Told:
    """What somebody was told of how the room stands, and whether it was so while it was read."""

    at: float
    target: str
    word: str
    said: Any
    so: bool


@dataclass(eq=False)
class Record:
    world: World
    lines: list[tuple[float, str, str, Any]] = field(default_factory=list)  # time, kind, who, what
    takes: list[TakeSeen] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # taps that the room did not take
    faults: Counter[str] = field(default_factory=Counter)  # that came on, by "name, moment"
    complaints: list[str] = field(default_factory=list)  # exceptions, in the product or the loop
    unmet: list[str] = field(default_factory=list)  # what did not come back in time
    untrue: list[str] = field(default_factory=list)  # states shown that are not so, at the end
    beaten: list[str] = field(default_factory=list)  # superseded by what is older
    undone: list[str] = field(default_factory=list)  # confirmed, and undone by nobody
    restless: list[str] = field(default_factory=list)  # cameras that move on though let go
    air: dict[str, list[Air]] = field(default_factory=dict)  # by pair
    unwell: dict[str, list[tuple[float, bool]]] = field(default_factory=dict)  # faults, by device
    links: dict[str, list[tuple[float, bool]]] = field(default_factory=dict)  # up or not
    mixers: dict[str, str] = field(default_factory=dict)  # by pair of microphones
    followers: set[float] = field(default_factory=set)  # taps of what the room does after others
    switched: list[str] = field(
        default_factory=list
    )  # changeovers by the room itself that are wrong
    told: list[Told] = field(default_factory=list)  # by reading the room back
    left: list[str] = field(default_factory=list)  # tasks, streams, bytes, timers
    journal: list[Any] = field(default_factory=list)
    seconds: float = 0.0  # of virtual time
    recovery: float = 0.0  # from the end of the faults until all was well

    @property
    def steps(self) -> list[StepSeen]:
        return [step for take in self.takes for step in take.steps]

    def ails(self, device: str, since: float, until: float) -> bool:
        """Whether a fault was on at ``device`` at any moment from ``since`` to ``until``."""
        on = False
        for at, became in self.unwell.get(device, ()):
            if on and at >= since:
                return True
            if at > until:
                return False
            on = became
        return on

    def was_up(self, device: str, at: float) -> bool:
        """Whether the product had ``device`` then."""
        up = False
        for since, became in self.links.get(device, ()):
            if since > at:
                break
            up = became
        return up

    def last_heard(self, device: str, at: float) -> float:
        """Since when it may be that nothing of ``device`` was heard: since ``at``, where it was there then."""
        changes = [change for change in self.links.get(device, ()) if change[0] <= at]
        return changes[-1][0] - UNNOTICED if changes and not changes[-1][1] else at

    def note(self, at: float, kind: str, who: str, what: Any) -> None:
        self.lines.append((at, kind, who, what))

    def digest(self) -> str:
        """The same for every run of the same world."""
        text = "\n".join(f"{at:.9f} {kind} {who} {what!s}" for at, kind, who, what in self.lines)
        return hashlib.sha256(text.encode()).hexdigest()


def write_down(journal: Journal, room: Room, change: Change) -> None:
    """Note a change of a take in a journal, as the service does."""
    take, step = change.take, change.step
    if take is None:
        return
    data: dict[str, Any] = {"run": take.identity}
    if step is None:
        kind = "tap" if take.verdict is None else "verdict"
        data |= {"scene": take.scene.name, "verdict": take.verdict}
    elif step.verdict is None:
        kind = "sent"
        data |= {"step": take.steps.index(step)}
    else:
        kind = "step"
        data |= {"step": take.steps.index(step), "verdict": step.verdict, "why": step.why}
    journal.note(kind, data, room=room.name, by=take.by)
