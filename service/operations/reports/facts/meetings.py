"""Meetings. One belongs to the period in which it began; its length is the part that lies in the period."""

from dataclasses import dataclass

from service.journal import Entry, Journal
from service.operations.meetings import Meeting, Meetings
from service.operations.reports.facts.fact import Fact, Frame, moment


@dataclass(frozen=True, slots=True)
class Held:
    meeting: Meeting
    seconds: float
    seqs: tuple[int, ...]


class MeetingFacts(Fact):
    kinds = frozenset({"meeting"})
    before = kinds
    after = kinds  # who was there is often told later

    def __init__(self, frame: Frame, journal: Journal) -> None:
        super().__init__(frame)
        self._meetings = Meetings(journal)  # never opened: it gets what is read here
        self._seqs: dict[int, list[int]] = {}

    def take(self, entry: Entry) -> None:
        self._meetings.apply(entry)
        meeting = entry.data.get("meeting", entry.seq)
        if meeting in self._meetings.by_identity:
            self._seqs.setdefault(meeting, []).append(entry.seq)

    def held(self) -> list[Held]:
        """Those that began in the period, in order."""
        return [
            Held(each, self._seconds(each), tuple(self._seqs[each.identity]))
            for each in self._meetings.by_identity.values()
            if moment(each.began) in self.frame.period
        ]

    def find(self, identity: int) -> Held | None:
        meeting = self._meetings.by_identity.get(identity)
        if meeting is None:
            return None
        return Held(meeting, self._seconds(meeting), tuple(self._seqs[identity]))

    def _seconds(self, meeting: Meeting) -> float:
        end = moment(meeting.ended) if meeting.ended else self.frame.end
        return self.frame.period.overlap(moment(meeting.began), end)
