"""Incidents as they stood at the end of the period: by when things were, not by when they were written down."""

from dataclasses import dataclass
from datetime import date

from service.journal import Entry, Journal
from service.operations.incidents import Day, Incident, Incidents
from service.operations.reports.facts.fact import Fact, Frame, moment


@dataclass(frozen=True, slots=True)
class Handled:
    incident: Incident
    respond: float | None  # seconds from the report to the response
    repair: float | None  # to the repair

    @property
    def seqs(self) -> list[int]:
        return [event.seq for event in self.incident.history]


class IncidentFacts(Fact):
    kinds = frozenset({"incident-log"})
    before = kinds
    after = kinds

    def __init__(self, frame: Frame, journal: Journal) -> None:
        super().__init__(frame)
        self._incidents = Incidents(journal)  # never opened: it gets what is read here

    def take(self, entry: Entry) -> None:
        if moment(str(entry.data.get("at") or entry.at)) < self.frame.period.until:
            self._incidents.apply(entry)

    def received(self) -> list[Handled]:
        """Reported in the period, in order."""
        return [
            _handled(each)
            for each in self._incidents.by_identity.values()
            if moment(each.reported) in self.frame.period
        ]

    def repaired(self) -> list[Handled]:
        """Repaired in the period, whenever they were reported."""
        return [
            _handled(each)
            for each in self._incidents.by_identity.values()
            if each.repaired and moment(each.repaired) in self.frame.period
        ]

    def left_open(self) -> list[Handled]:
        """Not repaired at the end of the period."""
        return [
            _handled(each) for each in self._incidents.by_identity.values() if not each.repaired
        ]

    def find(self, identity: int) -> Handled | None:
        incident = self._incidents.by_identity.get(identity)
        return _handled(incident) if incident else None

    def daily(self) -> list[Day]:
        """The register of the period's days, as far as they have come."""
        zone = self.frame.names.zone
        days = self.frame.period.days(zone)
        last = min(days[-1], self.frame.end.astimezone(zone).date())
        return self._incidents.register(days[0], last, zone) if last >= days[0] else []

    def open_on(self, day: date) -> list[int]:
        """The entries by which incidents were open at the end of a day."""
        zone, found = self.frame.names.zone, []
        for incident in self._incidents.by_identity.values():
            events = [
                event
                for event in incident.history
                if moment(event.at).astimezone(zone).date() <= day
                and event.event in ("opened", "reopened", "repaired")
            ]
            if events and events[-1].event != "repaired":
                found.append(events[-1].seq)
        return found


def _handled(incident: Incident) -> Handled:
    reported = moment(incident.reported)

    def since(at: str) -> float | None:
        return max(0.0, (moment(at) - reported).total_seconds()) if at else None

    return Handled(incident, since(incident.responded), since(incident.repaired))
