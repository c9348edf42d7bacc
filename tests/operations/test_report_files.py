"""Reports as files: they open without repair, say what the facts say, and show Chinese as Chinese."""

import io
import shutil
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from PIL import Image

from avctl.clock import Clock
from avctl.site import open_site
from service.journal import open_journal
from service.operations.reports import typesetting
from service.operations.reports.charts import Series, bars, ceiling, columns
from service.operations.reports.cover import Cover, Language, Signature
from service.operations.reports.errors import FontsMissingError, TypesettingError
from service.operations.reports.kinds import KINDS, Asked, make
from service.operations.reports.names import Names
from service.operations.reports.paper import paper, said
from service.operations.reports.render import render
from service.operations.reports.templates import HERE
from service.views.document import Document, KindName
from service.views.models import Title
from tests.operations.month import SHANGHAI, HandClock, Life
from tests.rooms import DEMO
from tools.report_templates import make as make_template

ROOMS = ("19", "17", "annex-6")
EVIL = '=HYPERLINK("http://x","x") <b>&amp; {{ 7*7 }} #strong[x] \x07'
COVER = Cover(
    state="approved",
    number="monthly-2026-11-7",
    organisation=Title(zh="会议中心运维组", en="Operators"),
    client=Title(zh="办公厅", en="The office"),
    prepared=Signature("张三", "2026-12-01T01:00:00Z"),
    reviewed=Signature("李四", "2026-12-01T02:00:00Z"),
    approved=Signature("王五", "2026-12-02T01:00:00Z"),
    texts={
        "summary": Title(zh="本月运行平稳。\n第二段", en="A quiet month."),
        "remarks": Title(zh=EVIL, en=EVIL),
    },
)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[KindName, Document]:
    """One of each kind, of the same month."""
    import asyncio
    import os

    async def lived() -> dict[KindName, Document]:
        clock = HandClock()
        names = Names(open_site(DEMO, Clock()))
        async with open_journal(tmp_path_factory.mktemp("data"), clock) as journal:
            first = datetime(2026, 11, 1, tzinfo=SHANGHAI)
            await Life(clock, journal).month(ROOMS, first, 30, 2)
            return {
                kind: await make(journal, names, Asked(kind, "2026-11"), clock.wall())
                for kind in KINDS
            }

    before = os.environ.get("AVCTL_HALL_WALL_PASSWORD")
    os.environ["AVCTL_HALL_WALL_PASSWORD"] = "adminpw"
    try:
        return asyncio.run(lived())
    finally:
        if before is None:
            del os.environ["AVCTL_HALL_WALL_PASSWORD"]


def shown(document: Document, language: Language) -> list[list[str]]:
    """Rows of all tables, written out."""
    zone = ZoneInfo(document.timezone)
    return [
        [
            said(cell.value, column.form, zone, language)
            for cell, column in zip(row.cells, table.columns, strict=True)
        ]
        for section in document.sections
        for table in section.tables
        for row in table.rows
    ]


def text_of(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def page_of(pdf: bytes, page: int, resolution: int = 60) -> Image.Image:
    command = ["pdftoppm", "-r", str(resolution), "-f", str(page), "-l", str(page), "-png"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("L")


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_docx_opens_and_its_tables_say_what_the_facts_say(
    kind: KindName, language: Language, documents: dict[KindName, Document]
) -> None:
    document = documents[kind]
    made = render(document, COVER, "docx", language)
    opened = docx.Document(io.BytesIO(made))
    rows = [[cell.text for cell in row.cells] for table in opened.tables for row in table.rows]
    for row in shown(document, language):
        assert row in rows
    words = "\n".join(paragraph.text for paragraph in opened.paragraphs)
    assert "{{" not in words.replace("{{ 7*7 }}", "")
    assert "{%" not in words
    assert (document.title.zh if language == "zh" else document.title.en) in words
    assert "<b>&amp; {{ 7*7 }} #strong[x]" in words  # as it was written, and run by nobody


def test_a_docx_names_the_fonts_that_chinese_papers_are_written_in() -> None:
    opened = docx.Document(str(HERE / "report.docx"))
    fonts = {
        name: opened.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Normal", "Heading 1", "Heading 2")
    }
    assert fonts == {"Normal": "仿宋_GB2312", "Heading 1": "黑体", "Heading 2": "楷体_GB2312"}
    cover = [paragraph.text for paragraph in opened.paragraphs[:20]]
    assert "{{ title }}" in cover


def test_the_shipped_template_is_what_its_script_makes(tmp_path: Path) -> None:
    made = tmp_path / "report.docx"
    make_template().save(str(made))
    for part in ("word/document.xml", "word/styles.xml", "word/footer1.xml"):
        with zipfile.ZipFile(made) as new, zipfile.ZipFile(HERE / "report.docx") as shipped:
            assert new.read(part) == shipped.read(part), part


def test_a_sites_own_templates_go_before_the_shipped_ones(
    tmp_path: Path, documents: dict[KindName, Document]
) -> None:
    own = docx.Document()
    own.add_paragraph("本局月报 {{ figures['takes'] }} 次;{{ texts.summary }}")
    own.save(str(tmp_path / "monthly.docx"))
    (tmp_path / "report.typ").write_text(
        '#let r = json("report.json")\n本局 #r.figures.takes', "utf-8"
    )
    made = render(documents["monthly"], COVER, "docx", "zh", tmp_path)
    words = [each.text for each in docx.Document(io.BytesIO(made)).paragraphs]
    assert words == ["本局月报 180 次;本月运行平稳。\n第二段"]
    assert text_of(render(documents["monthly"], COVER, "pdf", "zh", tmp_path)).split() == [
        "本局", "180",
    ]  # fmt: skip
    own.add_paragraph("{{ nobody.knows.this }}")
    own.save(str(tmp_path / "monthly.docx"))
    with pytest.raises(TypesettingError, match="monthly"):
        render(documents["monthly"], COVER, "docx", "zh", tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_holds_every_value_as_a_number_and_where_it_comes_from(
    kind: KindName, documents: dict[KindName, Document]
) -> None:
    document = documents[kind]
    book = openpyxl.load_workbook(io.BytesIO(render(document, COVER, "xlsx", "en")))
    told = []
    for row in book["Evidence"].iter_rows(min_row=2, values_only=True):
        told.append((row[4], row[5], row[9]))
    wanted = []
    for section in document.sections:
        for figure in section.figures:
            wanted.append((figure.value, figure.evidence))
        for table in section.tables:
            for line in table.rows:
                wanted += [(cell.value, cell.evidence) for cell in line.cells if cell.evidence]
    assert len(told) == len(wanted)
    for (value, count, digest), (meant, evidence) in zip(told, wanted, strict=True):
        assert (count, digest) == (evidence.count, evidence.digest)
        if isinstance(meant, int | float):
            assert value == pytest.approx(meant)
    assert not [
        cell.coordinate
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" or cell.hyperlink
    ]
    charts = sum(len(sheet._charts) for sheet in book)
    assert charts == sum(
        bool(document.table(chart.table).rows)
        for section in document.sections
        for chart in section.charts
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pdf_says_what_the_facts_say(
    language: Language, documents: dict[KindName, Document]
) -> None:
    document = documents["monthly"]
    made = render(document, COVER, "pdf", language)
    words = squeezed(text_of(made))
    for section in document.sections:
        for figure in section.figures:
            form = said(figure.value, figure.form, ZoneInfo(document.timezone), language)
            assert squeezed(form) in words
    whole = paper(document, COVER, language)
    for section in whole["sections"]:
        for table in section["tables"]:
            if len(table["columns"]) <= 5:  # wider ones break texts into lines
                for row in table["rows"]:
                    assert squeezed(row[0]) in words
    for name in ("张三", "李四", "王五", "2026-12-02"):
        assert name in words
    pages = words.count("第1页共") if language == "zh" else words.count("page1of")
    assert pages == 1
    fonts = subprocess.run(
        ["pdffonts", "-"], input=made, capture_output=True, check=True
    ).stdout.decode()
    assert "NotoSerifCJK" in fonts.replace("-", "")
    assert all(" yes yes " in line for line in fonts.splitlines()[2:])  # embedded, and in part
    assert made == render(document, COVER, "pdf", language)


def test_pages_have_ink_where_chinese_is_and_no_boxes_in_place_of_glyphs(
    documents: dict[KindName, Document],
) -> None:
    made = render(documents["monthly"], COVER, "pdf", "zh")
    cover = page_of(made, 1)
    dark = sum(cover.histogram()[:128]) / (cover.width * cover.height)
    assert 0.002 < dark < 0.2
    # A glyph that a font does not have is a box: the same picture whatever the character.
    pictures = [typesetting.picture(glyph(char), 2) for char in "会议运维预\U000f0000\U000f0001"]
    assert len(set(pictures[:5])) == 5
    assert pictures[5] == pictures[6]
    assert not set(pictures[:5]) & set(pictures[5:])


def glyph(char: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60">'
        f'<text y="45" font-size="40" font-family="\'Noto Sans CJK SC\'">{char}</text></svg>'
    )


def test_a_machine_without_chinese_fonts_is_told_which_package_has_them(
    documents: dict[KindName, Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting, "NEEDED", ("Noto Nothing",))
    with pytest.raises(FontsMissingError, match="fonts-noto-cjk"):
        render(documents["monthly"], COVER, "pdf", "zh")


def test_charts_draw_what_their_table_says() -> None:
    stacked = columns(
        ["1", "2"], [Series("a", "count", [3, 0]), Series("b", "count", [1, 8])], stacked=True
    )
    heights = [
        float(line.split('height="')[1].split('"')[0])
        for line in stacked.splitlines()
        if line.startswith("<rect") and 'fill="#' in line and 'rx="2"' not in line
    ]
    assert [round(high / heights[0] * 3) for high in heights] == [3, 1, 8]
    lying = bars(["<&>", "长标签"], [Series("x", "minutes", [1.0, 4.0])])
    assert "&lt;&amp;&gt;" in lying
    assert "4.0" in lying
    assert [ceiling(value) for value in (0, 0.9, 1, 3, 41, 90, 101)] == [1, 1, 1, 4, 80, 100, 200]


def test_poppler_is_there_to_look_at_pages() -> None:
    assert shutil.which("pdftoppm"), "install the Debian package poppler-utils"
