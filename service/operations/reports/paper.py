"""A document in one language, every value written out: what docx and pdf are filled with."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from service.operations.reports.cover import STATES, Cover, Language, Signature
from service.views.document import (
    Document,
    DocumentFigure,
    DocumentSection,
    DocumentTable,
    EvidenceView,
    Form,
    Value,
)
from service.views.models import Title

UNITS: Mapping[Form, Title] = {
    "hours": Title(zh="小时", en="h"),
    "minutes": Title(zh="分钟", en="min"),
    "seconds": Title(zh="秒", en="s"),
}
NUMBERS = frozenset({"count", "number", "percent", "hours", "minutes", "seconds"})
LABELS: Mapping[str, Title] = {
    "period": Title(zh="报告期", en="Period"),
    "room": Title(zh="会议室", en="Room"),
    "number": Title(zh="编号", en="No."),
    "state": Title(zh="状态", en="State"),
    "client": Title(zh="委托单位", en="Client"),
    "organisation": Title(zh="运维单位", en="Operator"),
    "prepared": Title(zh="编制", en="Prepared"),
    "reviewed": Title(zh="审核", en="Reviewed"),
    "approved": Title(zh="批准", en="Approved"),
    "date": Title(zh="日期", en="Date"),
    "summary": Title(zh="综述", en="Summary"),
    "remarks": Title(zh="说明与建议", en="Remarks"),
    "evidence": Title(zh="数据来源", en="Where the figures come from"),
    "figure": Title(zh="指标", en="figure"),
    "value": Title(zh="数值", en="value"),
    "entries": Title(zh="条数", en="entries"),
    "range": Title(zh="日志号", en="journal"),
    "digest": Title(zh="摘要", en="digest"),
    "source": Title(
        zh="全部数值由系统日志自动统计，未经人工修改。日志号为所依据的日志条目；表中各数值的依据见电子表格的“数据来源”。",
        en="All figures were counted from the journal by program and changed by nobody. The numbers are those of "
        "the journal's entries; those of every value in the tables are in the workbook.",
    ),
    "through": Title(zh="统计截至日志", en="Counted as far as entry"),
    "page": Title(zh="第 {} 页 共 {} 页", en="page {} of {}"),
    "contents": Title(zh="目录", en="Contents"),
}
# What XML cannot hold.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")
NONE = "—"
AROUND = 4  # what a cell has beside its text, in columns of a typewriter


def paper(document: Document, cover: Cover, language: Language) -> dict[str, Any]:
    """Texts, lists and tables of texts only; the charts are left to who draws them."""
    zone = ZoneInfo(document.timezone)
    return {
        "language": language,
        "kind": document.kind,
        "title": of(document.title, language),
        "site": of(document.site, language),
        "room": of(document.room_title, language) if document.room_title else "",
        "period": of(document.period_title, language),
        "state": of(STATES[cover.state], language),
        "is_final": cover.state == "approved",
        "number": printable(cover.number),
        "organisation": of(cover.organisation, language),
        "client": of(cover.client, language),
        "prepared": _signature(cover.prepared, zone, language),
        "reviewed": _signature(cover.reviewed, zone, language),
        "approved": _signature(cover.approved, zone, language),
        "summary": printable(cover.text("summary", language)),
        "remarks": printable(cover.text("remarks", language)),
        "labels": {name: of(title, language) for name, title in LABELS.items()},
        "through": document.through,
        "sections": [
            _section(number, section, cover, zone, language)
            for number, section in enumerate(document.sections, 1)
        ],
        # By name, for templates that want one of them at a place of its own.
        "figures": {
            each.figure: said(each.value, each.form, zone, language)
            for section in document.sections
            for each in section.figures
        },
        "texts": {name: printable(cover.text(name, language)) for name in cover.texts},
        "evidence": _evidence(document, zone, language),
    }


def of(title: Title, language: Language) -> str:
    return printable(title.zh if language == "zh" else title.en)


def printable(text: str) -> str:
    return CONTROL.sub("�", text)


def said(value: Value, form: Form, zone: ZoneInfo, language: Language) -> str:
    """A value as people read it, without its unit."""
    if value is None or value == "":
        return NONE if form != "text" else ""
    if isinstance(value, Title):
        return of(value, language)
    if isinstance(value, str):
        if form in ("moment", "instant"):
            local = datetime.fromisoformat(value).astimezone(zone)
            return local.strftime("%Y-%m-%d %H:%M" if form == "moment" else "%m-%d %H:%M:%S")
        return printable(value)
    match form:
        case "percent":
            return f"{100 * value:.2f}%"
        case "hours" | "minutes":
            return f"{value:.1f}"
        case "seconds":
            return f"{value:.3f}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def headed(title: Title, form: Form, language: Language) -> str:
    """A column's title with its unit."""
    unit = UNITS.get(form)
    return of(title, language) + (f" ({of(unit, language)})" if unit else "")


def seqs_of(evidence: EvidenceView) -> str:
    """The numbers of a figure's entries: all of few, else the ends of the range they lie in."""
    if not evidence.count:
        return NONE
    if evidence.is_whole and evidence.count <= 4:
        return ", ".join(map(str, evidence.seqs))
    return f"{evidence.first}–{evidence.last}"


def _section(
    number: int, section: DocumentSection, cover: Cover, zone: ZoneInfo, language: Language
) -> dict[str, Any]:
    return {
        "name": section.section,
        "number": number,
        "title": of(section.title, language),
        "lead": of(section.lead, language) if section.lead else "",
        "text": printable(cover.text(section.section, language)),
        "figures": [_figure(each, zone, language) for each in section.figures],
        "tables": [_table(each, zone, language) for each in section.tables],
        "charts": [
            {"name": each.chart, "title": of(each.title, language)} for each in section.charts
        ],
        "pictures": [
            {"name": each.picture, "title": of(each.title, language)} for each in section.pictures
        ],
    }


def _figure(figure: DocumentFigure, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    unit = UNITS.get(figure.form) if figure.value is not None else None
    return {
        "name": figure.figure,
        "title": of(figure.title, language),
        "value": said(figure.value, figure.form, zone, language),
        "unit": of(unit, language) if unit else "",
    }


def _table(table: DocumentTable, zone: ZoneInfo, language: Language) -> dict[str, Any]:
    columns = [
        {
            "name": each.column,
            "title": headed(each.title, each.form, language),
            "is_number": each.form in NUMBERS,
        }
        for each in table.columns
    ]
    rows = [
        [
            said(cell.value, column.form, zone, language)
            for cell, column in zip(row.cells, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    for place, column in enumerate(columns):
        column["weight"] = _weight(str(column["title"]), [row[place] for row in rows])
    return {
        "name": table.table,
        "title": of(table.title, language),
        "note": of(table.note, language) if table.note else "",
        "columns": columns,
        "rows": rows,
    }


def _weight(title: str, values: list[str]) -> int:
    """How much of a table's width a column wants: by its widest texts, within bounds."""
    widths = sorted(width(value) for value in values) or [0]
    widest, usual = widths[-1], widths[int(0.9 * (len(widths) - 1))]
    return AROUND + max(
        4, min(34, max(usual, widest // 2, _longest_word(title), (width(title) + 1) // 2))
    )


def _longest_word(title: str) -> int:
    """Chinese breaks anywhere."""
    return max(len(word) for word in re.split(r"[^!-~]+", title)) + 1


def width(text: str) -> int:
    """In columns of a typewriter: Chinese takes two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _signature(signature: Signature, zone: ZoneInfo, language: Language) -> dict[str, str]:
    at = signature.at and said(signature.at, "moment", zone, language)[:10]
    return {"name": printable(signature.name), "date": at}


def _evidence(document: Document, zone: ZoneInfo, language: Language) -> list[dict[str, str]]:
    """Where the figures come from; the cells of tables have theirs in the workbook."""
    found: dict[str, dict[str, str]] = {}
    for section in document.sections:
        for each in section.figures:
            unit = UNITS.get(each.form) if each.value is not None else None
            value = said(each.value, each.form, zone, language)
            found[each.figure] = {
                "title": of(each.title, language),
                "value": f"{value} {of(unit, language)}" if unit else value,
                "count": str(each.evidence.count),
                "range": seqs_of(each.evidence),
                "digest": each.evidence.digest[:12],
            }
    return list(found.values())
