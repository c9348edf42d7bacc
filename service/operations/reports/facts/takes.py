"""Takes of scenes: how many, what became of them, and how long they took. A take belongs to when it ended."""

from collections.abc import Iterator

from service.journal import Entry
from service.operations.reports.evidence import Distribution, Evidence
from service.operations.reports.facts.fact import Fact, Frame

FOLLOWS = "follows "  # how those begin that are set as another was: nobody tapped them

VERDICTS = ("confirmed", "sent", "failed", "unknown", "superseded", "interrupted")
ENDED = frozenset({"confirmed", "sent"})  # whose time tells how long the scene takes


class Tally:
    """Of some takes."""

    def __init__(self, frame: Frame) -> None:
        self.all: Evidence = frame.evidence()
        self.by_verdict = {name: frame.evidence() for name in VERDICTS}
        self.timed: Evidence = frame.evidence()
        self.seconds = Distribution()

    def add(self, entry: Entry, verdict: str) -> None:
        self.all.add(entry.seq)
        if verdict in self.by_verdict:
            self.by_verdict[verdict].add(entry.seq)
        took = entry.data.get("took", entry.data.get("duration"))  # older ones have the latter only
        if verdict in ENDED and isinstance(took, int | float):
            self.timed.add(entry.seq)
            self.seconds.add(took)

    @property
    def good(self) -> int:
        return self.by_verdict["confirmed"].count

    @property
    def bad(self) -> int:
        return sum(self.by_verdict[name].count for name in ("failed", "unknown", "interrupted"))

    @property
    def rate(self) -> float | None:
        """The part that was confirmed of those that nothing superseded."""
        whole = self.all.count - self.by_verdict["superseded"].count
        return self.good / whole if whole else None


class Takes(Fact):
    kinds = frozenset({"verdict", "interrupted"})

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame)
        self.all = Tally(frame)
        self.by_scene: dict[str, Tally] = {}
        self.by_room: dict[str, Tally] = {room: Tally(frame) for room in frame.rooms}
        self.by_day: dict[str, Tally] = {}
        self.by_month: dict[str, Tally] = {}

    def take(self, entry: Entry) -> None:
        if (entry.by or "").startswith(FOLLOWS):
            return
        verdict = (
            "interrupted"
            if entry.kind == "interrupted"
            else str(entry.data.get("verdict", "unknown"))
        )
        for tally in self._tallies(entry):
            tally.add(entry, verdict)

    def _tallies(self, entry: Entry) -> Iterator[Tally]:
        yield self.all
        room, day = entry.room or "", self.frame.local(entry.at).isoformat()
        scene = self.frame.names.scene_of(room, str(entry.data.get("scene", "")))
        yield self._tally(self.by_scene, scene)
        yield self._tally(self.by_room, room)
        yield self._tally(self.by_day, day)
        yield self._tally(self.by_month, day[:7])

    def _tally(self, tallies: dict[str, Tally], key: str) -> Tally:
        if key not in tallies:
            tallies[key] = Tally(self.frame)
        return tallies[key]
