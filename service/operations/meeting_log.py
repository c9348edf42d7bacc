"""The log of a meeting: what happened in its room meanwhile, by the numbers of the journal's entries."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from service.journal import Entry, Journal
from service.operations.meetings import Meeting

LOGGED = frozenset(
    {
        "tap", "verdict", "interrupted", "device", "pair", "outside", "incident", "alarm",
        "incident-log", "meeting",
    }
)  # fmt: skip
LATE = timedelta(hours=1)  # after its end, in which a take of it may still end
FOLLOWS = "follows "  # how those begin that are set as another was
WENT_ON = ("begun", "note", "ended")
CHANGED = ("change-over", "active", "latched", "armed", "reset")  # of a pair


@dataclass(slots=True)
class Figure:
    """A number, and the entries it was counted from."""

    value: float | None = 0
    seqs: list[int] = field(default_factory=list)

    def count(self, entry: Entry) -> None:
        self.value = (self.value or 0) + 1
        self.seqs.append(entry.seq)


FIGURES = (
    "takes", "confirmed", "unconfirmed", "median", "worst", "faults", "changeovers", "outside",
    "notes", "incidents",
)  # fmt: skip


@dataclass(slots=True)
class MeetingLog:
    timeline: list[Entry]
    figures: dict[str, Figure]


async def read_log(journal: Journal, meeting: Meeting) -> MeetingLog:
    """Of a meeting that is live, as far as it has come. Raises JournalError."""
    began = datetime.fromisoformat(meeting.began)
    until = datetime.fromisoformat(meeting.ended) + LATE if meeting.ended else None
    if until and until < began + LATE:
        until = began + LATE  # the clock was set back meanwhile
    timeline = []
    taps: set[int] = set()
    async for entry in journal.read(LOGGED, _earlier(began, meeting.ended), until, meeting.room):
        if _is_of(meeting, entry, taps):
            timeline.append(entry)
    return MeetingLog(timeline, _figures(timeline))


def _earlier(began: datetime, ended: str) -> datetime:
    return min(began, datetime.fromisoformat(ended)) if ended else began


def _is_of(meeting: Meeting, entry: Entry, taps: set[int]) -> bool:
    within = entry.seq >= meeting.identity and (meeting.is_live or entry.seq <= meeting.end)
    match entry.kind:
        case "verdict" | "interrupted":
            # A take belongs to the meeting it was tapped in, whenever it ends.
            return entry.data.get("tap") in taps
        case "tap":
            if within:
                taps.add(entry.seq)
            return within
        case "meeting":
            return within and entry.data.get("event") in WENT_ON
        case "pair":
            return within and entry.data.get("event") in CHANGED
    return within


def _figures(timeline: list[Entry]) -> dict[str, Figure]:
    found = {name: Figure() for name in FIGURES}
    timed: list[tuple[float, int]] = []
    for entry in timeline:
        for name in _counted(entry):
            found[name].count(entry)
        took = entry.data.get("duration") if _is_timed(entry) else None
        if isinstance(took, int | float):
            timed.append((float(took), entry.seq))
    seqs = [seq for _, seq in timed]
    found["median"] = Figure(median(took for took, _ in timed) if timed else None, seqs)
    found["worst"] = Figure(max(timed)[0] if timed else None, [max(timed)[1]] if timed else [])
    return found


def _counted(entry: Entry) -> tuple[str, ...]:
    if _is_follower(entry):
        return ()
    data: dict[str, Any] = entry.data
    event = data.get("event")
    match entry.kind:
        case "tap":
            return ("takes",)
        case "verdict":
            return ("confirmed",) if data.get("verdict") == "confirmed" else ("unconfirmed",)
        case "interrupted":
            return ("unconfirmed",)
        case "device":
            return () if data.get("up") else ("faults",)
        case "alarm":
            return ("faults",) if event == "raised" and not _is_of_link(data) else ()
        case "pair":
            return ("changeovers",) if event == "change-over" else ()
        case "outside":
            return ("outside",)
        case "incident-log":
            return ("incidents",) if event == "opened" else ()
        case "meeting":
            return ("notes",) if event == "note" else ()
    return ()


def _is_timed(entry: Entry) -> bool:
    return entry.kind == "verdict" and not _is_follower(entry)


def _is_follower(entry: Entry) -> bool:
    """A take that nobody tapped: the backup is set as its main was."""
    return entry.kind in ("tap", "verdict") and (entry.by or "").startswith(FOLLOWS)


def _is_of_link(data: dict[str, Any]) -> bool:
    """The device's going is counted already."""
    return str(data.get("alarm", "")).startswith("device/")
