"""A report for Word and WPS: filled into a template that people can edit there."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from service.operations.reports.charts import chart_of
from service.operations.reports.cover import Cover, Language
from service.operations.reports.errors import TypesettingError
from service.operations.reports.paper import paper
from service.operations.reports.templates import template
from service.operations.reports.typesetting import picture
from service.views.document import Document

WIDTH = 164  # millimetres of a picture
MANY = 7  # columns, beyond which the letters are small
SMALL = 15  # half points
CELL_MARGIN = 57  # twentieths of a point: a millimetre
NOTHING = {"title": "", "value": "", "unit": ""}


def as_docx(
    document: Document, cover: Cover, language: Language, templates: Path | None = None
) -> bytes:
    """Raises FontsMissingError, TypesettingError."""
    source = template(f"{document.kind}.docx", "report.docx", folder=templates)
    filled = DocxTemplate(BytesIO(source))
    context = paper(document, cover, language)
    _complete(context)
    _draw(context, document, language, filled)
    try:
        # Texts of people and devices are filled in, never run: only the template itself is a template.
        filled.render(context, SandboxedEnvironment(autoescape=True))
    except TemplateError as error:
        raise TypesettingError(f"the template of {document.kind}: {error}") from error
    _widen(filled, context)
    made = BytesIO()
    filled.save(made)
    return made.getvalue()


def _complete(context: dict[str, Any]) -> None:
    """What a template cannot work out by itself."""
    before, between, after = context["labels"]["page"].split("{}")
    if not context["number"]:  # a copy that was never drafted has none
        context["labels"] = {**context["labels"], "number": ""}
    context |= {"page_before": before, "page_between": between, "page_after": after}
    for section in context["sections"]:
        figures = section["figures"]
        section["figure_rows"] = [
            [*figures[n : n + 2], NOTHING][:2] for n in range(0, len(figures), 2)
        ]


def _draw(
    context: dict[str, Any], document: Document, language: Language, filled: DocxTemplate
) -> None:
    zone = ZoneInfo(document.timezone)

    def image(svg: str) -> InlineImage:
        return InlineImage(filled, BytesIO(picture(svg, WIDTH / 10)), width=Mm(WIDTH))

    for section, written in zip(document.sections, context["sections"], strict=True):
        shown = []
        for chart, brief in zip(section.charts, written["charts"], strict=True):
            if svg := chart_of(document, chart, language, zone):
                shown.append({**brief, "image": image(svg)})
        written["charts"] = shown
        for one, brief in zip(section.pictures, written["pictures"], strict=True):
            brief["image"] = image(one.svg)


def _narrow_margins() -> BaseOxmlElement:
    """Of a table's cells: Word's own cut numbers through in a table of many columns."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(CELL_MARGIN))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    return margins


def _make_small(cell: BaseOxmlElement) -> None:
    for said in cell.iter(qn("w:rPr")):
        for size in said.findall(qn("w:sz")):
            size.set(qn("w:val"), str(SMALL))


def _widen(filled: DocxTemplate, context: dict[str, Any]) -> None:
    """Give the columns of every table what their texts need; a template cannot know it."""
    weights = {
        tuple(column["title"] for column in table["columns"]): [
            column["weight"] for column in table["columns"]
        ]
        for section in context["sections"]
        for table in section["tables"]
    }
    for table in filled.docx.tables:
        titles = tuple(cell.text for cell in table.rows[0].cells)
        if found := weights.get(titles):
            table.autofit = False
            table._tbl.tblPr.tblLayout.addnext(_narrow_margins())
            whole = sum(found)
            for column, weight in zip(table._tbl.tblGrid.gridCol_lst, found, strict=True):
                column.w = Mm(WIDTH * weight / whole)
            for row in table._tbl.tr_lst:
                row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
                for cell, weight in zip(row.tc_lst, found, strict=False):
                    cell.width = Mm(WIDTH * weight / whole)
                    if len(found) > MANY:
                        _make_small(cell)
