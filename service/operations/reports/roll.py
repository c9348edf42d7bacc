"""All reports on record, as the journal tells them."""

from collections.abc import Iterator
from typing import Any, ClassVar

from service.journal import Entry, Journal
from service.operations.projection import Projection
from service.operations.reports.kinds import KINDS, Asked
from service.operations.reports.report import Frozen, Report, State, Step
from service.views.document import KindName
from service.views.models import Title

KIND = "report"


class Roll(Projection):
    kinds: ClassVar[frozenset[str]] = frozenset({KIND})

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.by_identity: dict[int, Report] = {}

    def newest(
        self,
        kind: KindName | None = None,
        state: State | None = None,
        before: int | None = None,
    ) -> Iterator[Report]:
        for identity in sorted(self.by_identity, reverse=True):
            report = self.by_identity[identity]
            if before is not None and identity >= before:
                continue
            if kind in (None, report.asked.kind) and state in (None, report.state):
                yield report

    def unapproved(self, asked: Asked) -> Report | None:
        """The one about the same that nobody has approved yet."""
        return next(
            (each for each in self.newest() if each.asked == asked and not each.digest), None
        )

    def apply(self, entry: Entry) -> None:
        data = entry.data
        event = str(data.get("event"))
        if event == "made":
            if data["kind"] not in KINDS:
                return
            asked = Asked(data["kind"], str(data["period"]), data.get("room"))
            report = Report(entry.seq, asked, entry.by or "", entry.at)
            self.by_identity[entry.seq] = report
        elif found := self.by_identity.get(data.get("report", 0)):
            report = found
            _went_on(report, event, entry)
        else:
            return
        step = Step(entry.seq, event, entry.at, entry.by or "", str(data.get("remarks", "")))
        report.history.append(step)


def _went_on(report: Report, event: str, entry: Entry) -> None:
    data, by = entry.data, entry.by or ""
    match event:
        case "edited":
            report.texts |= {name: Title(**said) for name, said in data["texts"].items()}
        case "submitted":
            report.state, report.frozen = "submitted", _frozen(data)
            report.submitted_by, report.submitted = by, entry.at
            report.remarks = ""
        case "returned":
            report.state, report.frozen = "returned", None
            report.reviewed_by, report.reviewed = by, entry.at
            report.remarks = str(data.get("remarks", ""))
        case "approved":
            report.state, report.frozen = "approved", _frozen(data)
            report.reviewed_by, report.reviewed = by, str(data["signed"])
            report.remarks, report.digest = str(data.get("remarks", "")), str(data["digest"])


def _frozen(data: dict[str, Any]) -> Frozen:
    return Frozen(str(data["facts"]), str(data["at"]), int(data["through"]), dict(data["files"]))
