"""Reports: made, looked at down to the journal's lines, written around, submitted, returned, approved, fetched."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Response

from service.openapi import COMMAND, Responses, problems
from service.operations.reports.cover import Language
from service.operations.reports.errors import FontsMissingError, TypesettingError
from service.operations.reports.kinds import FORMS, Asked, PeriodError
from service.operations.reports.render import MEDIA, Format
from service.operations.reports.report import Report
from service.operations.reports.trace import evidence_at
from service.parts import By, Here, Parts
from service.problems import ApiError, unfit, unknown
from service.store.kept import KeptError
from service.views.document import Document, KindName
from service.views.models import Title
from service.views.reports import (
    ApproveReportBody,
    EntriesOfFigure,
    MakeReportBody,
    ReportBrief,
    ReportCheck,
    ReportKinds,
    ReportPage,
    ReportState,
    ReportTextsBody,
    ReportView,
    ReturnReportBody,
    brief_view,
    entries_view,
    kind_views,
    report_view,
    texts_of,
)

router = APIRouter(prefix="/reports", tags=["reports"])

Number = Annotated[int, Path(ge=1, le=2**62)]
DONE = problems(*COMMAND, "conflict", "not-recorded", "no-file")
FILE: Responses = {200: {"content": {media: {} for media in MEDIA.values()}}}
PAGE = 50  # entries told at a time


def asked_of(
    here: Here,
    kind: KindName,
    period: Annotated[str, Query(min_length=1, max_length=64, description=FORMS)],
    room: str | None = None,
) -> Asked:
    if room is not None and room not in here.site.rooms:
        raise unknown("room", "房间", room, here.site.rooms)
    return Asked(kind, period, room)


AskedHere = Annotated[Asked, Depends(asked_of)]


@router.get("", responses=problems())
async def list_reports(
    here: Here,
    kind: KindName | None = None,
    state: ReportState | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ReportPage:
    """Newest first; the next page with the last one's number as ``before``."""
    found = here.reports.newest(kind, state, before)
    page = [brief_view(each, here.reports.names) for each, _ in zip(found, range(limit))]  # noqa: B905 - the shorter counts
    return ReportPage(reports=page, more=next(found, None) is not None)


@router.get("/kinds", responses=problems())
async def list_report_kinds() -> ReportKinds:
    return ReportKinds(kinds=kind_views(), periods=FORMS)


@router.get("/preview", responses=problems("not-found", "not-recorded"))
async def preview_report(here: Here, asked: AskedHere) -> Document:
    """What a report would say now: every figure with the entries it is made from."""
    try:
        return await here.reports.preview(asked)
    except PeriodError as error:
        raise unfit(str(error)) from error


@router.get(
    "/preview/file",
    response_class=Response,
    responses={**FILE, **problems("not-found", "not-recorded", "no-file")},
)
async def get_preview_file(
    here: Here, asked: AskedHere, format: Format = "pdf", language: Language = "zh"
) -> Response:
    """The same as a file, marked as not reviewed."""
    try:
        data = await here.reports.preview_file(asked, format, language)
    except PeriodError as error:
        raise unfit(str(error)) from error
    except (FontsMissingError, TypesettingError) as error:
        raise _no_file(error) from error
    return _answer(data, f"{asked.kind}-{asked.period}", format, language)


@router.post("", status_code=201, responses=DONE)
async def make_report(here: Here, body: MakeReportBody, by: By) -> ReportView:
    """Begin a draft."""
    asked = asked_of(here, body.kind, body.period, body.room)
    try:
        made = await here.reports.make(asked, by)
    except PeriodError as error:
        raise unfit(str(error)) from error
    return await _view(here, made)


@router.get("/{report}", responses=problems("not-found", "not-recorded", "no-file"))
async def get_report(here: Here, report: Number) -> ReportView:
    return await _view(here, _find(here, report))


@router.get("/{report}/entries", responses=problems("not-found", "not-recorded", "no-file"))
async def list_report_entries(
    here: Here,
    report: Number,
    figure: Annotated[str | None, Query(max_length=64)] = None,
    table: Annotated[str | None, Query(max_length=64)] = None,
    row: Annotated[str, Query(max_length=300)] = "",
    column: Annotated[str, Query(max_length=64)] = "",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> EntriesOfFigure:
    """The lines of the journal that a figure was made from; of a table's cell, given by table, row and column."""
    document = await _document(here, found := _find(here, report))
    cell = (table, row, column) if table else None
    try:
        evidence = evidence_at(document, figure, cell)
        seqs = await here.reports.entries(found, document, figure, cell)
    except KeyError as error:
        raise ApiError(
            "not-found", f"there is no figure {error.args[0]}", "没有这个数值"
        ) from error
    page = seqs[offset : offset + PAGE]
    entries = [entry for seq in page for entry in await here.journal.page(seq - 1, 1)]
    more = offset + PAGE if offset + PAGE < len(seqs) else None
    return entries_view(evidence.count, evidence.digest, page, entries, more)


@router.get(
    "/{report}/file",
    response_class=Response,
    responses={**FILE, **problems("not-found", "not-recorded", "no-file")},
)
async def get_report_file(
    here: Here, report: Number, format: Format = "pdf", language: Language = "zh"
) -> Response:
    """As it was submitted or approved; a draft as it is now."""
    found = _find(here, report)
    try:
        data = await here.reports.file(found, format, language)
    except (KeptError, FontsMissingError, TypesettingError) as error:
        raise _no_file(error) from error
    return _answer(data, found.number, format, language)


@router.get("/{report}/check", responses=problems("not-found", "conflict", "not-recorded"))
async def check_report(here: Here, report: Number) -> ReportCheck:
    """Count all of it again, and compare the files with their hashes."""
    differences = await here.reports.differences(_find(here, report))
    return ReportCheck(same=not differences, differences=differences)


@router.put("/{report}/texts", responses=DONE)
async def write_report_texts(
    here: Here, report: Number, body: ReportTextsBody, by: By
) -> ReportBrief:
    """Texts around the figures: only those that are given change."""
    found = _find(here, report)
    fitting = texts_of(await _document(here, found))
    if strange := [name for name in body.texts if name not in fitting]:
        raise unfit(f"{strange[0]} is no text of this report; there are {', '.join(fitting)}")
    texts = {name: Title(zh=text.zh, en=text.en) for name, text in body.texts.items()}
    return _brief(here, await here.reports.edit(found, texts, by))


@router.post("/{report}/submit", responses=DONE)
async def submit_report(here: Here, report: Number, by: By) -> ReportBrief:
    """Freeze its figures, make its files, and hand it over for approval."""
    try:
        return _brief(here, await here.reports.submit(_find(here, report), by))
    except (KeptError, FontsMissingError, TypesettingError) as error:
        raise _no_file(error) from error


@router.post("/{report}/return", responses=DONE)
async def return_report(here: Here, report: Number, body: ReturnReportBody, by: By) -> ReportBrief:
    """With remarks; it may be edited and submitted again, with the figures as they are then."""
    return _brief(here, await here.reports.give_back(_find(here, report), body.remarks, by))


@router.post("/{report}/approve", responses=DONE)
async def approve_report(
    here: Here, report: Number, by: By, body: ApproveReportBody | None = None
) -> ReportBrief:
    """Freeze it for good. Another person than who submitted it."""
    found = _find(here, report)
    try:
        done = await here.reports.approve(found, by, body.remarks if body else "")
    except (KeptError, FontsMissingError, TypesettingError) as error:
        raise _no_file(error) from error
    return _brief(here, done)


async def _view(here: Parts, report: Report) -> ReportView:
    return report_view(report, here.reports.names, await _document(here, report))


def _brief(here: Parts, report: Report) -> ReportBrief:
    return brief_view(report, here.reports.names)


async def _document(here: Parts, report: Report) -> Document:
    try:
        return await here.reports.document(report)
    except KeptError as error:
        raise _no_file(error) from error


def _find(here: Parts, number: int) -> Report:
    if found := here.reports.by_identity.get(number):
        return found
    raise ApiError("not-found", f"there is no report {number}", f"没有编号为 {number} 的报告")


def _no_file(error: Exception) -> ApiError:
    return ApiError("no-file", str(error))


def _answer(data: bytes, name: str, form: Format, language: Language) -> Response:
    called = quote(f"{name}.{language}.{form}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{called}"}
    return Response(data, media_type=MEDIA[form], headers=headers)
