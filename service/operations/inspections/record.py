"""Inspections as the journal tells them."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from service.journal import Entry, Journal
from service.operations.inspections.checks import Check, Result, worst
from service.operations.ledger.card import Text
from service.operations.projection import Projection

KIND = "inspection"
KEPT = 26  # of each room with all that was read: half a year's; of older ones it is read from the journal

State = Literal["reading", "open", "closed"]  # open: a person has still to look at something


@dataclass(eq=False, slots=True)
class Look:
    """Something that a person looks at."""

    name: str
    title: Text
    photo: bool  # whether one is asked for
    result: Result | None = None
    remark: str = ""
    by: str = ""
    at: str = ""
    photos: list[str] = field(default_factory=list)  # SHA-256


@dataclass(eq=False, slots=True)
class Inspection:
    identity: str
    seq: int  # of the entry that began it
    room: str
    by: str
    began: str
    devices: list[str]
    looks: dict[str, Look]
    state: State = "reading"
    checks: list[Check] | None = field(default_factory=list)  # None: not at hand any more
    read: list[str] = field(default_factory=list)  # devices
    counts: dict[Result, int] = field(default_factory=dict)  # of the checks
    incidents: dict[str, int] = field(default_factory=dict)  # by item
    ended: str = ""
    ended_by: str = ""
    unanswered: list[str] = field(default_factory=list)  # looks that nobody has answered at its end

    @property
    def result(self) -> Result:
        """The worst of all that was found until now."""
        seen = [result for result, count in self.counts.items() if count]
        return worst([*seen, *(look.result for look in self.looks.values() if look.result)])

    @property
    def open_looks(self) -> list[str]:
        return [name for name, look in self.looks.items() if look.result is None]

    @property
    def progress(self) -> float:
        done = len(self.read) + len(self.looks) - len(self.open_looks)
        return done / max(1, len(self.devices) + len(self.looks))


class Record(Projection):
    """All inspections; at most one of a room is not closed."""

    kinds: ClassVar[frozenset[str]] = frozenset({KIND})

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.by_identity: dict[str, Inspection] = {}
        self._whole: dict[str, deque[Inspection]] = {}  # by room: those with their checks

    def newest(self, room: str | None = None) -> Iterator[Inspection]:
        for inspection in reversed(self.by_identity.values()):
            if room in (None, inspection.room):
                yield inspection

    def under_way(self, room: str) -> Inspection | None:
        """The one that is not closed."""
        last = next(self.newest(room), None)
        return last if last and last.state != "closed" else None

    def last_closed(self, room: str) -> Inspection | None:
        return next((each for each in self.newest(room) if each.state == "closed"), None)

    async def checks(self, inspection: Inspection) -> list[Check]:
        """All that was read, also of an old one. Raises JournalError."""
        if inspection.checks is not None:
            return inspection.checks
        found: list[Check] = []
        async for entry in self._journal.read(self.kinds, room=inspection.room):
            if entry.seq > inspection.seq and entry.data.get("inspection") == inspection.identity:
                if entry.data.get("event") == "closed":
                    break
                found += _checks(entry.data)
        return found

    def apply(self, entry: Entry) -> None:
        data = entry.data
        if data["event"] == "begun":
            self._begun(entry)
        elif inspection := self.by_identity.get(data["inspection"]):
            _went_on(inspection, entry)

    def _begun(self, entry: Entry) -> None:
        data = entry.data
        looks = {
            each["look"]: Look(each["look"], each["title"], each["photo"]) for each in data["looks"]
        }
        made = Inspection(
            data["inspection"], entry.seq, entry.room or "", entry.by or "", entry.at,
            list(data["devices"]), looks,
        )  # fmt: skip
        self.by_identity[made.identity] = made
        whole = self._whole.setdefault(made.room, deque())
        whole.append(made)
        if len(whole) > KEPT:
            whole.popleft().checks = None


def _went_on(inspection: Inspection, entry: Entry) -> None:
    data = entry.data
    match data["event"]:
        case "checked":
            found = _checks(data)
            if inspection.checks is not None:
                inspection.checks += found
            for check in found:
                inspection.counts[check.result] = inspection.counts.get(check.result, 0) + 1
            inspection.read.append(data["device"])
        case "read":
            inspection.state = "open"
        case "answered":
            look = inspection.looks[data["look"]]
            look.result, look.remark = Result(data["result"]), data.get("remark", "")
            look.by, look.at = entry.by or "", entry.at
        case "photo":
            inspection.looks[data["look"]].photos.append(data["photo"])
        case "incident":
            inspection.incidents[data["item"]] = data["incident"]
        case "closed":
            inspection.state = "closed"
            inspection.ended, inspection.ended_by = entry.at, entry.by or ""
            inspection.unanswered = inspection.open_looks


def _checks(data: Mapping[str, Any]) -> list[Check]:
    return [
        Check(each["device"], each["about"], Result(each["result"]), each["text"])
        for each in data.get("checks", ())
    ]
