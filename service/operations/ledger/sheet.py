"""The ledger as a workbook: written for Excel and WPS, and read back as plain text.

What is written is text, numbers and dates, never a formula: a device called ``=cmd`` stays a name. What is read
is bounded before it is unpacked, and a formula in it is told and not taken.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import xlsxwriter
from openpyxl import load_workbook

from service.operations.ledger.card import DATES, Card, Text, text
from service.operations.ledger.differences import Row, Sheet
from service.operations.ledger.ledger import LedgerError
from service.operations.ledger.usage import Figures

MOST_BYTES = 4 * 1024 * 1024  # of a file
MOST_UNPACKED = 32 * 1024 * 1024
MOST_PARTS = 200  # files in a workbook
MOST_ROWS, MOST_COLUMNS = 5_000, 60
LONGEST = 500  # characters of a cell
MOST_OF_CELL = 32_000  # characters, as it is written
LIVE = ("=", "+", "-", "@", "\t", "\r")  # what a program may take for a formula when it is typed in

Language = Literal["zh", "en"]

COLUMNS: Mapping[str, tuple[str, str, int]] = {  # key: Chinese, English, width
    "item": ("编号", "ID", 10),
    "asset": ("资产编号", "Asset no.", 14),
    "room": ("会议室", "Room", 10),
    "name": ("名称", "Name", 20),
    "title": ("设备", "Equipment", 24),
    "category": ("类别", "Category", 12),
    "maker": ("厂商", "Maker", 16),
    "model": ("型号", "Model", 20),
    "serial": ("序列号", "Serial no.", 20),
    "firmware": ("固件", "Firmware", 16),
    "address": ("地址", "Address", 28),
    "position": ("位置", "Position", 16),
    "supplier": ("供应商", "Supplier", 18),
    "purchased": ("购置日期", "Purchased", 12),
    "warranty": ("保修至", "Warranty until", 12),
    "responsible": ("负责人", "Responsible", 14),
    "standing": ("状态", "Standing", 12),
    "hours": ("使用小时", "Hours in use", 12),
    "availability": ("可用率", "Availability", 12),
    "failures": ("故障次数", "Failures", 10),
    "repair": ("平均修复时间（小时）", "Mean time to repair (h)", 14),
    "remark": ("备注", "Remark", 30),
}

STANDINGS: Mapping[str, Text] = {
    "expected": text("未见", "not seen yet"),
    "installed": text("在用", "installed"),
    "away": text("不在位", "away"),
    "lent": text("借出", "lent"),
    "in-repair": text("送修", "in repair"),
    "retired": text("报废", "retired"),
}


def write_ledger(
    cards: Sequence[Card], figures: Mapping[str, Figures], language: Language, now: datetime
) -> bytes:
    """A workbook with the ledger and its history. ``figures``: by item; ``now`` in the site's zone."""
    made = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    book = xlsxwriter.Workbook(made, options)
    book.set_properties({"title": "台账" if language == "zh" else "Ledger", "created": now})
    _Writer(book, language).write(cards, figures)
    book.close()
    return made.getvalue()


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook, language: Language) -> None:
        font = {"font_name": "宋体" if language == "zh" else "Arial", "font_size": 10}
        self._book, self._language = book, language
        self._head = book.add_format({**font, "bold": True, "bg_color": "#DDE5EE", "border": 1})
        self._plain = book.add_format({**font, "text_wrap": True, "valign": "top"})
        # A leading apostrophe, unseen: the text stays one though somebody edits the cell.
        self._quoted = book.add_format({**font, "quote_prefix": True, "valign": "top"})
        self._date = book.add_format({**font, "num_format": "yyyy-mm-dd", "valign": "top"})
        self._number = book.add_format({**font, "num_format": "0.0", "valign": "top"})
        self._part = book.add_format({**font, "num_format": "0.00%", "valign": "top"})

    def write(self, cards: Sequence[Card], figures: Mapping[str, Figures]) -> None:
        zh = self._language == "zh"
        sheet = self._book.add_worksheet("台账" if zh else "Ledger")
        for place, (name_zh, name_en, width) in enumerate(COLUMNS.values()):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, name_zh if zh else name_en, self._head)
        for row, card in enumerate(cards, 1):
            for place, key in enumerate(COLUMNS):
                self._cell(sheet, row, place, key, _value(card, figures, key, self._language))
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(1, len(cards)), len(COLUMNS) - 1)
        self._history(cards)

    def _history(self, cards: Sequence[Card]) -> None:
        zh = self._language == "zh"
        sheet = self._book.add_worksheet("履历" if zh else "History")
        heads = (
            ("编号", "时间", "事项", "经办", "日志序号") if zh
            else ("ID", "Time", "What", "By", "Journal no.")
        )  # fmt: skip
        for place, (head, width) in enumerate(zip(heads, (10, 22, 60, 18, 12), strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, head, self._head)
        lines = ((card, event) for card in cards for event in card.history)
        for row, (card, event) in enumerate(lines, 1):
            said = (card.item, event.at, event.text[self._language], event.by)
            for place, each in enumerate(said):
                self._text(sheet, row, place, each)
            sheet.write_number(row, 4, event.seq, self._plain)
        sheet.freeze_panes(1, 0)

    def _cell(self, sheet: Any, row: int, column: int, key: str, value: Any) -> None:
        if value is None or value == "":
            return
        if key in DATES:
            sheet.write_datetime(row, column, datetime.fromisoformat(value), self._date)
        elif isinstance(value, str):
            self._text(sheet, row, column, value)
        else:
            sheet.write_number(
                row, column, value, self._part if key == "availability" else self._number
            )

    def _text(self, sheet: Any, row: int, column: int, value: str) -> None:
        is_live = value.lstrip().startswith(LIVE)
        # Half a surrogate pair has no encoding, and a cell has an end.
        shown = value.encode("utf-8", "replace").decode()[:MOST_OF_CELL]
        sheet.write_string(row, column, shown, self._quoted if is_live else self._plain)


def _value(card: Card, figures: Mapping[str, Figures], key: str, language: Language) -> Any:
    seen = figures.get(card.item, Figures())
    match key:
        case "item" | "room" | "name" | "address":
            return getattr(card, key)
        case "title":
            return card.title[language]
        case "standing":
            return STANDINGS[card.standing][language]
        case "hours":
            return round(seen.in_use / 3600, 1) if card.driver else None
        case "availability":
            return seen.availability
        case "failures":
            return seen.failures if card.driver else None
        case "repair":
            mean = seen.mean_repair if seen.mean_repair is not None else seen.mean_outage
            return None if mean is None else round(mean / 3600, 2)
        case _:
            return card.says(key)


# Reading.


def read_sheet(data: bytes) -> Sheet:
    """The first worksheet that has our columns. Raises LedgerError for what is no workbook, or too large."""
    _check(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            for sheet in book.worksheets:
                rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
                head = [_said(cell.value) for cell in next(rows, ())]
                columns = _columns(head)
                if "item" in columns.values() or "name" in columns.values():
                    return _read_rows(rows, columns)
        finally:
            book.close()
    except LedgerError:
        raise
    except Exception as error:  # whatever a damaged workbook makes of a parser
        raise LedgerError(f"no workbook that can be read: {type(error).__name__}") from error
    raise LedgerError("no sheet has a column called ID (编号) or Name (名称)")


def _check(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise LedgerError(f"a workbook may have {MOST_BYTES} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise LedgerError("the workbook is larger than it seems")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    head = packed.open(part).read(4096).replace(b"\0", b"").upper()
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        raise LedgerError("the workbook declares entities")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise LedgerError("no workbook: give a file as .xlsx") from error


def _columns(head: Sequence[str]) -> dict[int, str]:
    """Which of our columns stand where, in either language."""
    known = {name.casefold(): key for key, (zh, en, _) in COLUMNS.items() for name in (key, zh, en)}
    found: dict[int, str] = {}
    for place, name in enumerate(head):
        key = known.get(name.strip().casefold())
        if key and key not in found.values():
            found[place] = key
    return found


def _read_rows(rows: Iterator[Any], columns: Mapping[int, str]) -> Sheet:
    made = Sheet()
    for number, cells in enumerate(rows, 2):
        if number > MOST_ROWS:
            raise LedgerError(f"a sheet may have {MOST_ROWS} rows")
        said: dict[str, str] = {}
        for place, key in columns.items():
            cell = cells[place] if place < len(cells) else None
            value = getattr(cell, "value", None)
            if getattr(cell, "data_type", "") == "f":
                made.problems.append(
                    (number, text(f"{key}：公式不予采用", f"{key}: a formula is not taken"))
                )
                continue
            said[key] = _said(value)
            if len(said[key]) > LONGEST:
                made.problems.append(
                    (number, text(f"{key}：超过 {LONGEST} 字", f"{key}: over {LONGEST} characters"))
                )
                del said[key]
        if any(said.values()):
            made.rows.append(Row(number, said))
    return made


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    shown = "".join(char if char.isprintable() else " " for char in str(value))
    return shown.strip()
