"""What a ledger's workbook can be made to hold, by names of devices and by hands of others."""

import io
from datetime import datetime
from itertools import product

from openpyxl import Workbook, load_workbook

from service.operations.ledger import Book, Card
from service.operations.ledger.differences import compare
from service.operations.ledger.sheet import read_sheet, write_ledger

NOW = datetime(2026, 3, 2)
STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "'=", '"=', "{=", "＝", "%3D", "\x00=")
BODIES = (
    "1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://x.example\")", "SUM(A1:A9)", "A1", "IMPORTXML(1)",
    "WEBSERVICE(1)", "DDE(\"a\";\"b\")", "2+5+cmd|' /C calc'!A0", "10+20", "<script>", "]]>", "&lt;",
    "_x000D_", "_x0041_", "\u202e=", "\ud800", "名称", "", "A" * 400,
)  # fmt: skip
PAYLOADS = tuple(
    start + body for start, body in product(STARTS, BODIES)
) + tuple(body + start + body for start, body in product(STARTS, BODIES))  # fmt: skip


def test_five_hundred_names_meant_as_formulas_stay_text() -> None:
    assert len(PAYLOADS) >= 500
    cards = [
        Card(f"1-{n}", None, name, {"zh": name, "en": name}, facts={"remark": name, "asset": name})
        for n, name in enumerate(PAYLOADS)
    ]
    book = load_workbook(io.BytesIO(write_ledger(cards, {}, "en", NOW)))
    for sheet in book.worksheets:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not [cell for cell in cells if cell.hyperlink]
    assert book["Ledger"].max_row == 1 + len(PAYLOADS)
    assert not book.defined_names


def test_sheet_of_another_program_finds_its_cards_by_asset_serial_or_place() -> None:
    book = Book()
    for card in (
        Card("1-1", "19", "camera", {"zh": "", "en": ""}, "visca", read={"serial": "A-1"}),
        Card("1-2", "19", "beamer", {"zh": "", "en": ""}, "pjlink", facts={"asset": "ZC-2"}),
        Card("1-3", "19", "matrix", {"zh": "", "en": ""}, "extron_sis"),
    ):
        book.cards[card.item] = card
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append(["负责人", "序列号", "资产编号", "会议室", "名称"])
    sheet.append(["甲", "a1", None, None, None])
    sheet.append(["乙", None, "ZC-2", None, None])
    sheet.append(["丙", None, None, "19", "matrix"])
    sheet.append(["丁", None, None, "19", "lectern"])
    data = io.BytesIO()
    made.save(data)
    found = compare(read_sheet(data.getvalue()), book, ["19"])
    said = {(each.item, each.after) for each in found.changes if each.key == "responsible"}
    assert said == {("1-1", "甲"), ("1-2", "乙"), ("1-3", "丙")}
    assert [each.name for each in found.additions] == ["lectern"]


def test_two_rows_of_one_item_are_told_and_the_second_is_not_taken() -> None:
    book = Book()
    book.cards["1-1"] = Card("1-1", "19", "camera", {"zh": "", "en": ""}, "visca")
    made = Workbook()
    for row in (["ID", "Remark"], ["1-1", "one"], ["1-1", "two"], ["9-9", "none"]):
        made.worksheets[0].append(row)
    data = io.BytesIO()
    made.save(data)
    found = compare(read_sheet(data.getvalue()), book, ["19"])
    assert [(each.item, each.after) for each in found.changes] == [("1-1", "one")]
    assert [(row, said["en"]) for row, said in found.problems] == [
        (3, "the same item as in row 2"),
        (4, "no item 9-9"),
    ]


def test_mark_is_another_where_anything_else_would_be_taken() -> None:
    card = Card("1-1", "19", "camera", {"zh": "", "en": ""}, "visca")
    book = Book()
    book.cards["1-1"] = card
    marks = set()
    for remark in ("one", "two"):
        written = load_workbook(io.BytesIO(write_ledger([card], {}, "en", NOW)))
        column = next(c.column for c in written["Ledger"][1] if c.value == "Remark")
        written["Ledger"].cell(2, column).value = remark
        data = io.BytesIO()
        written.save(data)
        marks.add(compare(read_sheet(data.getvalue()), book, ["19"]).mark)
    assert len(marks) == 2
