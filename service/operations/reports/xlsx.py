"""A report as a workbook: its tables as numbers, its charts as Excel's own, and where every number comes from.

Nothing that people or devices said becomes a formula or a link.
"""

from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from service.operations.reports.charts import COLOURS
from service.operations.reports.cover import STATES, Cover, Language
from service.operations.reports.paper import LABELS, UNITS, headed, of, printable, said, width
from service.views.document import (
    Document,
    DocumentChart,
    DocumentSection,
    DocumentTable,
    EvidenceView,
    Form,
    Value,
)
from service.views.models import Title

FORMATS: dict[Form, str] = {
    "percent": "0.00%", "hours": "0.0", "minutes": "0.0", "seconds": "0.000", "count": "0",
    "moment": "yyyy-mm-dd hh:mm", "instant": "mm-dd hh:mm:ss",
}  # fmt: skip
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}
LONGEST = 32_000  # characters of a cell; Excel takes 767 more
CHART_ROWS = 19
EVIDENCE = Title(zh="数据来源", en="Evidence")
HEADS = (
    ("部分", "section"), ("表", "table"), ("行", "row"), ("列", "column"), ("数值", "value"),
    ("条数", "entries"), ("首条", "first"), ("末条", "last"), ("日志号", "journal entries"),
    ("摘要", "SHA-256"),
)  # fmt: skip


def as_xlsx(document: Document, cover: Cover, language: Language) -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        _Book(book, document, cover, language).write()
    return made.getvalue()


class _Book:
    def __init__(
        self, book: Workbook, document: Document, cover: Cover, language: Language
    ) -> None:
        self.book, self.document, self.cover, self.language = book, document, cover, language
        self.zone = ZoneInfo(document.timezone)
        self.heading = book.add_format({"bold": True, "font_size": 16, "font_color": COLOURS[0]})
        self.title = book.add_format({"bold": True, "font_size": 12})
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E8EEF4", "bottom": 2, "text_wrap": True, "valign": "top"}
        )
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.forms: dict[Form, Format] = {
            form: book.add_format({"num_format": code, "valign": "top"})
            for form, code in FORMATS.items()
        }
        self.places: dict[str, tuple[str, int]] = {}  # of tables: sheet, row of the head

    def write(self) -> None:
        document = self.document
        created = datetime.fromisoformat(document.until).replace(tzinfo=None)
        title = f"{of(document.title, self.language)} {of(document.period_title, self.language)}"
        self.book.set_properties({"title": title, "author": "avctl", "created": created})
        self._cover()
        for section in document.sections:
            self._section(section)
        self._evidence()

    def _cover(self) -> None:
        sheet, document, language = self._sheet(self.document.title), self.document, self.language
        cover, labels = self.cover, LABELS
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 60)
        sheet.write_string(0, 0, of(document.title, language), self.heading)
        lines: list[tuple[Title, str]] = [
            (labels["period"], of(document.period_title, language)),
            (labels["organisation"], of(cover.organisation, language)),
            (labels["client"], of(cover.client, language)),
            (labels["number"], printable(cover.number)),
            (labels["state"], of(STATES[cover.state], language)),
            (labels["through"], str(document.through)),
        ]
        if document.room_title:
            lines.insert(1, (labels["room"], of(document.room_title, language)))
        for name in ("prepared", "reviewed", "approved"):
            signature = getattr(cover, name)
            at = signature.at and said(signature.at, "moment", self.zone, language)
            lines.append((labels[name], f"{printable(signature.name)} {at}".strip()))
        for name in ("summary", "remarks"):
            lines.append((labels[name], printable(cover.text(name, language))))
        sheet.write_string(1, 0, of(document.site, language), self.title)
        for row, (label, line) in enumerate(lines, 3):
            sheet.write_string(row, 0, of(label, language), self.head)
            sheet.write_string(row, 1, line[:LONGEST], self.text)

    def _section(self, section: DocumentSection) -> None:
        sheet = self._sheet(section.title)
        widths: dict[int, int] = {0: 16, 1: 12, 2: 8}
        sheet.write_string(0, 0, of(section.title, self.language), self.heading)
        row = 2
        for lead in (
            of(section.lead, self.language) if section.lead else "",
            printable(self.cover.text(section.section, self.language)),
        ):
            if lead:
                sheet.write_string(row, 0, lead[:LONGEST])
                row += 2
        for figure in section.figures:
            sheet.write_string(row, 0, of(figure.title, self.language), self.head)
            self._value(sheet, row, 1, figure.value, figure.form)
            if unit := UNITS.get(figure.form):
                sheet.write_string(row, 2, of(unit, self.language))
            row += 1
        row += bool(section.figures)
        for table in section.tables:
            row = self._table(sheet, row, table, widths) + 1
        for column, wide in widths.items():
            sheet.set_column(column, column, min(46, wide))
        for chart in section.charts:
            row = self._chart(sheet, row, chart)

    def _table(
        self, sheet: Worksheet, row: int, table: DocumentTable, widths: dict[int, int]
    ) -> int:
        sheet.write_string(row, 0, of(table.title, self.language), self.title)
        row += 1
        self.places[table.table] = (sheet.get_name(), row)
        for place, column in enumerate(table.columns):
            title = headed(column.title, column.form, self.language)
            sheet.write_string(row, place, title, self.head)
            widths[place] = max(widths.get(place, 8), width(title) + 2)
        for line in table.rows:
            row += 1
            for place, (cell, column) in enumerate(zip(line.cells, table.columns, strict=True)):
                self._value(sheet, row, place, cell.value, column.form)
                told = said(cell.value, column.form, self.zone, self.language)
                widths[place] = max(widths[place], width(told) + 2)
        if table.note:
            row += 1
            sheet.write_string(row, 0, of(table.note, self.language))
        return row + 1

    def _chart(self, sheet: Worksheet, row: int, chart: DocumentChart) -> int:
        table = self.document.table(chart.table)
        if not table.rows:
            return row
        name, head = self.places[chart.table]
        last = head + min(len(table.rows), chart.most)
        labels = [table.place(name) for name in chart.label]
        kind: dict[str, Any] = {"type": "column" if chart.shape == "columns" else "bar"}
        if chart.stacked:
            kind["subtype"] = "stacked"
        made = self.book.add_chart(kind)
        for colour, series in zip(COLOURS, chart.series, strict=False):
            place = table.place(series)
            made.add_series(
                {
                    "name": [name, head, place],
                    "categories": [name, head + 1, labels[0], last, labels[-1]],
                    "values": [name, head + 1, place, last, place],
                    "fill": {"color": colour},
                    "gap": 60,
                }
            )
        made.set_title({"name": of(chart.title, self.language), "name_font": {"size": 12}})
        made.set_legend({"position": "top"})
        if chart.shape == "bars":
            made.set_y_axis({"reverse": True})
        made.set_size({"width": 900, "height": 360})
        sheet.insert_chart(row, 0, made)
        return row + CHART_ROWS

    def _evidence(self) -> None:
        sheet, language = self._sheet(EVIDENCE), self.language
        for place, (zh, en) in enumerate(HEADS):
            sheet.write_string(0, place, of(Title(zh=zh, en=en), language), self.head)
        for place, wide in enumerate((14, 20, 30, 16, 14, 9, 10, 10, 50, 66)):
            sheet.set_column(place, place, wide)
        sheet.freeze_panes(1, 0)
        row = 1
        for section in self.document.sections:
            title = of(section.title, language)
            for figure in section.figures:
                names = (title, "", "", of(figure.title, language))
                self._told(sheet, row, names, figure.value, figure.form, figure.evidence)
                row += 1
            for table in section.tables:
                for line in table.rows:
                    for cell, column in zip(line.cells, table.columns, strict=True):
                        if cell.evidence is None:
                            continue
                        names = (title, of(table.title, language), printable(line.row),
                                 of(column.title, language))  # fmt: skip
                        self._told(sheet, row, names, cell.value, column.form, cell.evidence)
                        row += 1

    def _told(
        self,
        sheet: Worksheet,
        row: int,
        names: tuple[str, ...],
        value: Value,
        form: Form,
        evidence: EvidenceView,
    ) -> None:
        for place, name in enumerate(names):
            sheet.write_string(row, place, name)
        self._value(sheet, row, 4, value, form)
        sheet.write_number(row, 5, evidence.count)
        for place, end in ((6, evidence.first), (7, evidence.last)):
            if end is not None:
                sheet.write_number(row, place, end)
        seqs = ", ".join(map(str, evidence.seqs)) + ("" if evidence.is_whole else ", …")
        sheet.write_string(row, 8, seqs)
        sheet.write_string(row, 9, evidence.digest)

    def _value(self, sheet: Worksheet, row: int, place: int, value: Value, form: Form) -> None:
        if value is None:
            return
        if isinstance(value, int | float):
            sheet.write_number(row, place, value, self.forms.get(form))
        elif isinstance(value, str) and form in ("moment", "instant"):
            local = datetime.fromisoformat(value).astimezone(self.zone).replace(tzinfo=None)
            sheet.write_datetime(row, place, local, self.forms[form])
        else:
            told = said(value, form, self.zone, self.language)
            sheet.write_string(row, place, told[:LONGEST], self.text)

    def _sheet(self, title: Title) -> Worksheet:
        """Excel takes 31 characters, each name once, and not all of them."""
        name = "".join(char for char in of(title, self.language) if char not in "[]:*?/\\'")[:28]
        taken = {sheet.get_name().lower() for sheet in self.book.worksheets()}
        number = 2
        wanted = name
        while wanted.lower() in taken:
            wanted, number = f"{name} {number}", number + 1
        sheet = self.book.add_worksheet(wanted)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet
