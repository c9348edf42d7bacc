"""The kinds of reports: what each is called, and of what it is made."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from service.journal import Journal
from service.operations.reports.evidence import SHOWN, shortened
from service.operations.reports.facts.devices import Devices
from service.operations.reports.facts.events import EventFacts
from service.operations.reports.facts.fact import Fact, Frame
from service.operations.reports.facts.gather import gather
from service.operations.reports.facts.incidents import IncidentFacts
from service.operations.reports.facts.meetings import MeetingFacts
from service.operations.reports.facts.takes import Takes
from service.operations.reports.facts.upkeep import InspectionFacts, WarmUpFacts
from service.operations.reports.names import Names
from service.operations.reports.papers import devices as of_devices
from service.operations.reports.papers import incidents as of_incidents
from service.operations.reports.papers import meetings as of_meetings
from service.operations.reports.papers import overview, rooms, upkeep
from service.operations.reports.papers import takes as of_takes
from service.operations.reports.papers.parts import text
from service.operations.reports.period import FORMS, Period, PeriodError, read_period
from service.operations.reports.subject import Subject, find_subject
from service.views.document import (
    Document,
    DocumentCell,
    DocumentRow,
    DocumentSection,
    KindName,
)
from service.views.models import Title
from service.views.values import iso

TITLES: dict[KindName, Title] = {
    "meeting-log": text("会议保障记录", "Meeting log"),
    "warm-up-record": text("设备预热记录", "Warm-up record"),
    "inspection-record": text("设备巡检记录", "Inspection record"),
    "device-assessment": text("设备运行评估报告", "Device assessment"),
    "monthly": text("会议系统运维月报", "Monthly report"),
    "half-yearly": text("会议系统运维半年总结", "Half-yearly report"),
    "incident-register": text("故障登记表", "Incident register"),
}
KINDS: tuple[KindName, ...] = get_args(KindName)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked to be about. ``period`` may be the number of a meeting or incident, or a warm-up's run."""

    kind: KindName
    period: str
    room: str | None = None


async def make(
    journal: Journal,
    names: Names,
    asked: Asked,
    now: datetime,
    *,
    through: int | None = None,
    shown: int = SHOWN,
) -> Document:
    """The content of a report, from the journal as far as entry ``through``; the same of the same.

    Raises PeriodError, JournalError.
    """
    subject = await find_subject(journal, names, asked.kind, asked.period)
    room = subject.room if subject.identity else asked.room
    frame = Frame(subject.period, names, now, room, shown)
    facts = _Facts(journal, frame, asked.kind, subject)
    last = await gather(journal, frame, facts.wanted, through)
    return Document(
        kind=asked.kind,
        title=TITLES[asked.kind],
        site=names.site,
        room=room,
        room_title=names.room(room) if room else None,
        period=asked.period,
        period_title=subject.period.title,
        since=iso(subject.period.since),
        until=iso(subject.period.until),
        timezone=names.zone.key,
        through=last,
        sections=await facts.sections(shown),
    )


def _shortened(section: DocumentSection, shown: int) -> DocumentSection:
    """With at most ``shown`` numbers of entries told one by one for each figure and cell."""

    def cell(of: DocumentCell) -> DocumentCell:
        if of.evidence is None or len(of.evidence.seqs) <= shown:
            return of
        return of.model_copy(update={"evidence": shortened(of.evidence, shown)})

    def row(of: DocumentRow) -> DocumentRow:
        return of.model_copy(update={"cells": [cell(each) for each in of.cells]})

    figures = [
        each.model_copy(update={"evidence": shortened(each.evidence, shown)})
        for each in section.figures
    ]
    tables = [
        each.model_copy(update={"rows": [row(line) for line in each.rows]})
        for each in section.tables
    ]
    return section.model_copy(update={"figures": figures, "tables": tables})


class _Facts:
    """What one kind of report is made of."""

    def __init__(self, journal: Journal, frame: Frame, kind: KindName, subject: Subject) -> None:
        self.journal, self.frame, self.kind, self.subject = journal, frame, kind, subject
        identity = subject.identity or None
        self.takes = Takes(frame)
        self.meetings = MeetingFacts(frame, journal)
        self.incidents = IncidentFacts(frame, journal)
        self.devices = Devices(frame)
        self.warm_ups = WarmUpFacts(frame, identity if kind == "warm-up-record" else None)
        self.inspections = InspectionFacts(frame, identity if kind == "inspection-record" else None)
        self.events = EventFacts(frame)

    @property
    def wanted(self) -> list[Fact]:
        match self.kind:
            case "meeting-log":
                return [self.meetings] if self.subject.identity else [self.meetings, self.takes]
            case "warm-up-record":
                return [self.warm_ups]
            case "inspection-record":
                return [self.inspections]
            case "incident-register":
                return [self.incidents]
            case "device-assessment":
                return [self.devices, self.warm_ups, self.incidents, self.events]
        return [
            self.takes, self.meetings, self.incidents, self.devices, self.warm_ups,
            self.inspections, self.events,
        ]  # fmt: skip

    async def sections(self, shown: int) -> list[DocumentSection]:
        if self.kind == "meeting-log" and self.subject.identity:
            found = await self._meeting(self.subject.identity)
        else:
            # Thousands of cells: taps do not wait for them.
            found = await asyncio.to_thread(self._sections)
        return [_shortened(section, shown) for section in found]

    def _sections(self) -> list[DocumentSection]:
        frame = self.frame
        match self.kind:
            case "meeting-log":
                return self._meetings()
            case "warm-up-record":
                return [upkeep.warm_ups(self.warm_ups, frame, whole=True)]
            case "inspection-record":
                return [upkeep.inspections(self.inspections, frame, whole=True)]
            case "incident-register":
                return [self._incidents()]
            case "device-assessment":
                return [
                    of_devices.section(self.devices, self.warm_ups, frame),
                    rooms.safety(self.events, frame),
                    of_incidents.section(self.incidents, frame, daily=False),
                ]
        return self._whole(by_month=self.kind == "half-yearly")

    def _whole(self, *, by_month: bool) -> list[DocumentSection]:
        frame, held = self.frame, self.meetings.held()
        weakest = of_devices.worst(self.devices, frame)
        return [
            overview.section(
                frame, self.takes, held, self.incidents, self.devices, self.warm_ups,
                self.inspections, self.events,
            ),
            rooms.by_room(
                frame, self.takes, held, self.incidents, self.devices, self.warm_ups, self.events
            ),
            of_takes.section(self.takes, frame, by_month=by_month),
            DocumentSection(
                section="devices",
                title=text("设备运行", "Devices"),
                figures=of_devices.figures(self.devices),
                tables=[weakest],
                charts=[of_devices.chart()],
            ),
            of_incidents.section(self.incidents, frame, daily=not by_month),
            rooms.safety(self.events, frame),
            upkeep.warm_ups(self.warm_ups, frame, whole=False),
            upkeep.inspections(self.inspections, frame, whole=False),
        ]  # fmt: skip

    async def _meeting(self, identity: str) -> list[DocumentSection]:
        held = self.meetings.find(int(identity))
        if held is None:
            raise PeriodError(f"there is no meeting {identity}")
        return await of_meetings.log(self.journal, held, self.frame)

    def _meetings(self) -> list[DocumentSection]:
        held = self.meetings.held()
        return [
            DocumentSection(
                section="meetings",
                title=text("会议", "Meetings"),
                figures=of_meetings.figures(held),
                tables=[of_meetings.listing(held, self.frame)],
            ),
            of_takes.section(self.takes, self.frame, by_month=False),
        ]

    def _incidents(self) -> DocumentSection:
        if not self.subject.identity:
            return of_incidents.section(self.incidents, self.frame, daily=True)
        found = self.incidents.find(int(self.subject.identity))
        if found is None:
            raise PeriodError(f"there is no incident {self.subject.identity}")
        return DocumentSection(
            section="incidents",
            title=text("故障与处理", "The incident"),
            tables=[
                of_incidents.listing([found], self.frame),
                of_incidents.handling([found], self.frame),
                of_incidents.history(found),
            ],
        )


__all__ = ["FORMS", "KINDS", "TITLES", "Asked", "Period", "PeriodError", "make", "read_period"]
