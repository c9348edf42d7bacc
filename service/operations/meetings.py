"""Meetings: which runs in a room, and which there were."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, get_args

from service.journal import Entry, Journal
from service.operations.errors import ConflictError
from service.operations.projection import Projection
from service.views.values import iso

Source = Literal["tap", "calendar", "call"]

Changed = Callable[[str], object]  # gets the room


@dataclass(eq=False, slots=True)
class Meeting:
    """One meeting; its identity is the number of the journal's entry that began it."""

    identity: int
    room: str
    title: str
    source: Source
    by: str
    began: str
    planned: str  # when it should end; empty where nobody planned it
    key: str  # of the calendar's event
    ended: str = ""
    ended_by: str = ""
    end: int = 0  # number of the entry that ended it
    present: int | None = None
    attendance: str = ""
    remarks: str = ""

    @property
    def is_live(self) -> bool:
        return not self.end


class Meetings(Projection):
    """All meetings on record. At most one is live in a room."""

    kinds: ClassVar[frozenset[str]] = frozenset({"meeting"})

    def __init__(self, journal: Journal, changed: Changed = lambda room: None) -> None:
        super().__init__(journal)
        self.by_identity: dict[int, Meeting] = {}
        self._live: dict[str, Meeting] = {}
        self._keys: set[tuple[str, str]] = set()
        self.changed = changed  # called when a room's meeting is not as it was

    def live(self, room: str) -> Meeting | None:
        return self._live.get(room)

    def has_begun(self, room: str, key: str) -> bool:
        """Whether the calendar's event has had its meeting, however that ended."""
        return (room, key) in self._keys

    def newest(self, room: str | None = None, before: int | None = None) -> Iterator[Meeting]:
        for identity in sorted(self.by_identity, reverse=True):
            meeting = self.by_identity[identity]
            if (before is None or identity < before) and room in (None, meeting.room):
                yield meeting

    # Commands. All raise JournalError when what they say could not be kept.

    async def begin(
        self,
        room: str,
        by: str,
        *,
        title: str = "",
        source: Source = "tap",
        planned: datetime | None = None,
        key: str = "",
    ) -> Meeting:
        """Raises ConflictError while another is live in the room."""
        if other := self.live(room):
            raise ConflictError(f"meeting {other.identity} is on in {room}: end it first")
        data = {
            "event": "begun",
            "title": title,
            "source": source,
            "planned": iso(planned) if planned else "",
            "key": key,
        }
        entry = await self.write("meeting", data, room=room, by=by)
        return self.by_identity[entry.seq]

    async def end(self, meeting: Meeting, by: str, why: str = "") -> None:
        """Raises ConflictError when it is over."""
        self._must_be_live(meeting)
        await self._write(meeting, by, {"event": "ended", "why": why})

    async def note(self, meeting: Meeting, by: str, text: str) -> Entry:
        """Put a line into its log. Raises ConflictError when it is over."""
        self._must_be_live(meeting)
        return await self._write(meeting, by, {"event": "note", "text": text})

    async def attend(
        self, meeting: Meeting, by: str, present: int | None, attendance: str, remarks: str
    ) -> None:
        """Who was there, and what is to be said of it: also when it is over."""
        data = {"present": present, "attendance": attendance, "remarks": remarks}
        await self._write(meeting, by, {"event": "attendance", **data})

    async def _write(self, meeting: Meeting, by: str, data: dict[str, Any]) -> Entry:
        return await self.write(
            "meeting", {"meeting": meeting.identity, **data}, room=meeting.room, by=by
        )

    def _must_be_live(self, meeting: Meeting) -> None:
        if not meeting.is_live:
            raise ConflictError(f"meeting {meeting.identity} is over")

    # From the journal.

    def apply(self, entry: Entry) -> None:
        if entry.room is None:
            return
        if entry.data.get("event") == "begun":
            self._begun(entry, entry.room)
        elif meeting := self.by_identity.get(entry.data.get("meeting", 0)):
            self._went_on(meeting, entry)
        self.changed(entry.room)

    def _begun(self, entry: Entry, room: str) -> None:
        data = entry.data
        meeting = Meeting(
            identity=entry.seq,
            room=room,
            title=str(data.get("title", "")),
            source=data["source"] if data.get("source") in get_args(Source) else "tap",
            by=entry.by or "",
            began=entry.at,
            planned=str(data.get("planned", "")),
            key=str(data.get("key", "")),
        )
        self.by_identity[entry.seq] = self._live[room] = meeting
        if meeting.key:
            self._keys.add((room, meeting.key))

    def _went_on(self, meeting: Meeting, entry: Entry) -> None:
        match entry.data.get("event"):
            case "ended" if meeting.is_live:
                meeting.ended, meeting.end = entry.at, entry.seq
                meeting.ended_by = entry.by or ""
                if self._live.get(meeting.room) is meeting:
                    del self._live[meeting.room]
            case "attendance":
                meeting.present = entry.data.get("present")
                meeting.attendance = str(entry.data.get("attendance", ""))
                meeting.remarks = str(entry.data.get("remarks", ""))
