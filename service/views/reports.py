"""Reports as the API tells them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from service.journal import Entry
from service.operations.reports.kinds import TITLES
from service.operations.reports.names import Names
from service.operations.reports.report import Report
from service.operations.reports.reports import ALWAYS_WRITTEN
from service.views import entry_view
from service.views.bodies import Said
from service.views.document import Document, KindName
from service.views.models import EntryView, Title, View

ReportState = Literal["draft", "submitted", "returned", "approved"]
Text = Annotated[str, StringConstraints(max_length=20_000)]
Remarks = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class ReportKind(View):
    kind: KindName
    title: Title


class ReportKinds(View):
    kinds: list[ReportKind]
    periods: str = Field(description="How a period is written")


class ReportStep(View):
    seq: int = Field(description="The entry of the journal")
    event: str
    at: str
    by: str
    remarks: str


class ReportBrief(View):
    report: int
    number: str
    kind: KindName
    title: Title
    period: str
    room: str | None
    room_title: Title | None
    state: ReportState
    by: str
    made: str
    submitted: str | None
    submitted_by: str
    reviewed: str | None = Field(description="When it was approved, or returned last")
    reviewed_by: str
    remarks: str = Field(description="Why it was returned, or what was said with the approval")
    digest: str = Field(description="SHA-256 over facts and files of an approved one")
    files: dict[str, str] = Field(description="Of what is frozen: zh.pdf → SHA-256")


class ReportView(ReportBrief):
    texts: dict[str, Title] = Field(description="Written by people: summary, remarks, or a section")
    texts_of: list[str] = Field(description="What may be written to")
    history: list[ReportStep]
    document: Document


class ReportPage(View):
    reports: list[ReportBrief] = Field(description="Newest first")
    more: bool


class EntriesOfFigure(View):
    """Lines of the journal that a figure was made from."""

    count: int
    digest: str
    seqs: list[int] = Field(description="All numbers of this page")
    entries: list[EntryView]
    next: int | None = Field(description="``offset`` of the next page; null on the last")


class ReportCheck(View):
    """What was frozen, against the journal and the files as they are today."""

    same: bool
    differences: list[str]


class ReportChanged(View):
    """A report has gone on, or its files are being made."""

    type: Literal["report"] = "report"
    report: int
    kind: KindName
    period: str
    room: str | None
    state: ReportState
    progress: float | None = Field(description="From 0 to 1 while its files are made")


class MakeReportBody(Said):
    kind: KindName
    period: str = Field(min_length=1, max_length=64)
    room: str | None = None


class WrittenText(Said):
    zh: Text = ""
    en: Text = ""


class ReportTextsBody(Said):
    texts: dict[str, WrittenText] = Field(max_length=32)


class ReturnReportBody(Said):
    remarks: Remarks = Field(min_length=1)


class ApproveReportBody(Said):
    remarks: Remarks = ""


def kind_views() -> list[ReportKind]:
    return [ReportKind(kind=kind, title=title) for kind, title in TITLES.items()]


def brief_view(report: Report, names: Names) -> ReportBrief:
    asked = report.asked
    return ReportBrief(
        report=report.identity,
        number=report.number,
        kind=asked.kind,
        title=TITLES[asked.kind],
        period=asked.period,
        room=asked.room,
        room_title=names.room(asked.room) if asked.room else None,
        state=report.state,
        by=report.by,
        made=report.made,
        submitted=report.submitted or None,
        submitted_by=report.submitted_by,
        reviewed=report.reviewed or None,
        reviewed_by=report.reviewed_by,
        remarks=report.remarks,
        digest=report.digest,
        files=dict(report.frozen.files) if report.frozen else {},
    )


def report_view(report: Report, names: Names, document: Document) -> ReportView:
    return ReportView(
        **brief_view(report, names).model_dump(),
        texts=dict(report.texts),
        texts_of=texts_of(document),
        history=[
            ReportStep(seq=each.seq, event=each.event, at=each.at, by=each.by, remarks=each.remarks)
            for each in report.history
        ],
        document=document,
    )


def texts_of(document: Document) -> list[str]:
    return [*ALWAYS_WRITTEN, *(section.section for section in document.sections)]


def changed_view(report: Report, progress: float | None) -> ReportChanged:
    return ReportChanged(
        report=report.identity,
        kind=report.asked.kind,
        period=report.asked.period,
        room=report.asked.room,
        state=report.state,
        progress=progress,
    )


def entries_view(
    count: int, digest: str, seqs: list[int], entries: list[Entry], more: int | None
) -> EntriesOfFigure:
    views = [entry_view(entry) for entry in entries]
    return EntriesOfFigure(count=count, digest=digest, seqs=seqs, entries=views, next=more)
