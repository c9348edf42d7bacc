"""Makes the templates of reports in Word's format anew: `python tools/report_templates.py`.

They can as well be edited in Word or WPS; what stands in double braces is filled in. A site's own templates go before
these: see docs/reports.md.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FOLDER = Path(__file__).parents[1] / "service" / "operations" / "reports" / "templates"
BODY, HEAD, KAI, LATIN = "仿宋_GB2312", "黑体", "楷体_GB2312", "Times New Roman"
ACCENT = RGBColor(0x1F, 0x4E, 0x79)
CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def make() -> Any:
    """The template of all kinds of reports, in both languages."""
    made = Document()
    _styles(made)
    _cover(made)
    _page(made)
    _body(made)
    core = made.core_properties
    core.author, core.title, core.comments = "avctl", "{{ title }} {{ period }}", ""
    core.created = core.modified = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    return made


def _styles(made: Any) -> None:
    _font(made.styles["Normal"], BODY, 12)
    made.styles["Normal"].paragraph_format.line_spacing = 1.5
    for level, font, size in ((1, HEAD, 16), (2, KAI, 14)):
        style = made.styles[f"Heading {level}"]
        _font(style, font, size, bold=level == 2)
        style.font.color.rgb = ACCENT if level == 1 else RGBColor(0, 0, 0)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(14), Pt(6)


def _font(of: Any, east_asian: str, size: float, *, bold: bool = False) -> None:
    of.font.name, of.font.size, of.font.bold = LATIN, Pt(size), bold
    fonts = of.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), east_asian)
    fonts.set(qn("w:hAnsi"), LATIN)


def _cover(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin, section.bottom_margin = Mm(30), Mm(25)
    _line(made, "{{ labels.number }} {{ number }}", BODY, 11, WD_ALIGN_PARAGRAPH.RIGHT)
    for _ in range(4):
        _line(made, "", BODY, 16)
    _line(made, "{{ site }}", KAI, 18)
    _line(made, "{{ title }}", HEAD, 32, colour=ACCENT)
    _line(made, "{{ period }}", KAI, 20)
    _line(made, "{{ room }}", KAI, 16)
    _line(made, "【{{ state }}】", HEAD, 14)
    for _ in range(3):
        _line(made, "", BODY, 16)
    _line(made, "{%p if client %}", BODY, 10)
    _line(made, "{{ labels.client }}：{{ client }}", BODY, 14)
    _line(made, "{%p endif %}", BODY, 10)
    _line(made, "{%p if organisation %}", BODY, 10)
    _line(made, "{{ labels.organisation }}：{{ organisation }}", BODY, 14)
    _line(made, "{%p endif %}", BODY, 10)
    rows = [
        [f"{{{{ labels.{who} }}}}", f"{{{{ {who}.name }}}}", "{{ labels.date }}", f"{{{{ {who}.date }}}}"]
        for who in ("prepared", "reviewed", "approved")
    ]  # fmt: skip
    _table(made, rows, size=12, widths=(28, 60, 24, 42), around=8)


def _page(made: Any) -> None:
    """What follows has a head line and page numbers; the cover, which is the first page, has none."""
    section = made.add_section(WD_SECTION.NEW_PAGE)
    section.left_margin = section.right_margin = Mm(22)
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.alignment = foot.alignment = CENTRE
    _run(head, "{{ site }} {{ title }} · {{ period }}", BODY, 9)
    _run(foot, "{{ state }}  {{ page_before }}", BODY, 9)
    _field(foot, "PAGE")
    _run(foot, "{{ page_between }}", BODY, 9)
    _field(foot, "NUMPAGES")
    _run(foot, "{{ page_after }}", BODY, 9)


def _body(made: Any) -> None:
    _written(made, "labels.summary", "summary")
    made.add_paragraph("{%p for s in sections %}")
    made.add_paragraph("{{ s.title }}", style="Heading 1")
    _if(made, "s.lead")
    _if(made, "s.text")
    made.add_paragraph("{%p if s.figure_rows %}")
    row = [
        part
        for place in (0, 1)
        for part in (
            f"{{{{ row[{place}].title }}}}",
            f"{{{{ row[{place}].value }}}} {{{{ row[{place}].unit }}}}",
        )
    ]
    _table(
        made,
        [["{%tr for row in s.figure_rows %}"], row, ["{%tr endfor %}"]],
        widths=(48, 35, 48, 35),
    )
    made.add_paragraph("{%p endif %}")
    made.add_paragraph("{%p for c in s.charts %}")
    made.add_paragraph("{{ c.title }}", style="Heading 2")
    made.add_paragraph("{{ c.image }}").alignment = CENTRE
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p for t in s.tables %}")
    made.add_paragraph("{{ t.title }}", style="Heading 2")
    made.add_paragraph("{%p if t.rows %}")
    _table(
        made,
        [
            ["{%tc for c in t.columns %}", "{{ c.title }}", "{%tc endfor %}"],
            ["{%tr for row in t.rows %}"],
            ["{%tc for said in row %}", "{{ said }}", "{%tc endfor %}"],
            ["{%tr endfor %}"],
        ],
        head=True,
        size=9,
    )
    made.add_paragraph("{%p endif %}")
    _if(made, "t.note", size=9)
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p for p in s.pictures %}")
    made.add_paragraph("{{ p.image }}").alignment = CENTRE
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p endfor %}")
    _written(made, "labels.remarks", "remarks")
    _evidence(made)


def _evidence(made: Any) -> None:
    made.add_paragraph("{%p if evidence %}")
    made.add_paragraph("{{ labels.evidence }}", style="Heading 1")
    _run(made.add_paragraph(), "{{ labels.source }} {{ labels.through }} {{ through }}", BODY, 10)
    names = ("figure", "value", "entries", "range", "digest")
    _table(
        made,
        [
            [f"{{{{ labels.{name} }}}}" for name in names],
            ["{%tr for e in evidence %}"],
            [f"{{{{ e.{key} }}}}" for key in ("title", "value", "count", "range", "digest")],
            ["{%tr endfor %}"],
        ],
        head=True,
        size=9,
        widths=(46, 30, 18, 42, 30),
    )
    made.add_paragraph("{%p endif %}")


def _written(made: Any, title: str, name: str) -> None:
    made.add_paragraph(f"{{%p if {name} %}}")
    made.add_paragraph(f"{{{{ {title} }}}}", style="Heading 1")
    _paragraphs(made, name)
    made.add_paragraph("{%p endif %}")


def _if(made: Any, name: str, size: float = 12) -> None:
    made.add_paragraph(f"{{%p if {name} %}}")
    if size == 12:
        _paragraphs(made, name)
    else:
        _run(made.add_paragraph(), f"{{{{ {name} }}}}", BODY, size)
    made.add_paragraph("{%p endif %}")


def _paragraphs(made: Any, name: str) -> None:
    made.add_paragraph(f"{{%p for line in {name}.split('\\n') %}}")
    paragraph = made.add_paragraph("{{ line }}")
    paragraph.paragraph_format.first_line_indent = Pt(24)
    made.add_paragraph("{%p endfor %}")


def _line(
    made: Any, text: str, font: str, size: float, align: Any = CENTRE, colour: Any = None
) -> None:
    paragraph = made.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.line_spacing = 1.2
    run = _run(paragraph, text, font, size)
    if colour is not None:
        run.font.color.rgb = colour


def _run(paragraph: Any, text: str, font: str, size: float) -> Any:
    run = paragraph.add_run(text)
    _font(run, font, size, bold=False)
    return run


def _field(paragraph: Any, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        _font(run, BODY, 9)
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._element.append(part)


def _table(
    made: Any,
    rows: list[list[str]],
    *,
    head: bool = False,
    size: float = 10.5,
    widths: tuple[float, ...] = (),
    around: float = 2,
) -> None:
    count = max(len(row) for row in rows)
    table = made.add_table(rows=len(rows), cols=count, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = not widths
    for place, texts in enumerate(rows):
        for number, cell in enumerate(table.rows[place].cells):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = CENTRE
            form = paragraph.paragraph_format
            form.line_spacing, form.space_before, form.space_after = 1.0, Pt(around), Pt(around)
            said = texts[number] if number < len(texts) else ""
            is_head = head and place == 0
            run = _run(paragraph, said, HEAD if is_head else BODY, size)
            run.font.bold = False
            if widths:
                cell.width = Mm(widths[number])
            if is_head:
                shade = OxmlElement("w:shd")
                for key, value in (("val", "clear"), ("color", "auto"), ("fill", "E8EEF4")):
                    shade.set(qn(f"w:{key}"), value)
                cell._element.get_or_add_tcPr().append(shade)
    if head:
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    make().save(str(folder / "report.docx"))
    print(folder / "report.docx")
