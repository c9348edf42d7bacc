"""Charts as SVG. They draw columns of a table, and need nothing but a font with Chinese."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from service.operations.reports.cover import Language
from service.operations.reports.paper import UNITS, headed, said, width
from service.views.document import Document, DocumentChart, Form

FONT = "'Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei',sans-serif"
COLOURS = ("#1f5f99", "#e0a030", "#4c9f70", "#b5533c")
INK, PALE, LINE = "#22303c", "#5c6b78", "#dde3e9"
WIDE, HIGH = 1000, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 46, 44  # around the columns
ROW, BAR = 34, 20  # of bars


@dataclass(frozen=True, slots=True)
class Series:
    title: str
    form: Form
    values: Sequence[float]


def chart_of(
    document: Document, chart: DocumentChart, language: Language, zone: ZoneInfo
) -> str | None:
    """None where there is nothing to draw."""
    table = document.table(chart.table)
    rows = table.rows[: chart.most]
    places = [table.place(name) for name in chart.label]
    labels = [
        " ".join(
            said(row.cells[place].value, table.columns[place].form, zone, language)
            for place in places
        )
        for row in rows
    ]
    series = []
    for name in chart.series:
        column = table.columns[table.place(name)]
        values = [_number(row.cells[table.place(name)].value) for row in rows]
        series.append(Series(headed(column.title, column.form, language), column.form, values))
    if not rows or not any(any(each.values) for each in series):
        return None
    if chart.shape == "columns":
        return columns(_short(labels), series, stacked=chart.stacked)
    return bars(labels, series)


def columns(labels: Sequence[str], series: Sequence[Series], *, stacked: bool) -> str:
    """Columns above each label: one on top of the other, or side by side."""
    return "\n".join(_columns(labels, series, stacked=stacked))


def bars(labels: Sequence[str], series: Sequence[Series]) -> str:
    """Lying bars, those of one label below each other."""
    return "\n".join(_bars(labels, series))


def _columns(labels: Sequence[str], series: Sequence[Series], *, stacked: bool) -> Iterator[str]:
    whole = sum if stacked else max
    top = _top([whole(each.values[n] for each in series) for n in range(len(labels))], series)
    across, along = WIDE - LEFT - RIGHT, HIGH - TOP - BOTTOM

    def y(value: float) -> float:
        return round(TOP + along * (1 - value / top), 1)

    yield _head(HIGH)
    yield from _legend(series)
    for step in range(5):
        value = top * step / 4
        yield f'<line x1="{LEFT}" x2="{WIDE - RIGHT}" y1="{y(value)}" y2="{y(value)}" stroke="{LINE}"/>'
        yield _text(LEFT - 8, y(value) + 5, f"{value:g}", 14, PALE, "end")
    slot = across / len(labels)
    thick = min(46.0, slot * 0.68 / (1 if stacked else len(series)))
    every = math.ceil(max(width(label) for label in labels) * 8 / slot)
    for n, label in enumerate(labels):
        middle, base = LEFT + slot * (n + 0.5), 0.0
        left = middle - thick * (1 if stacked else len(series)) / 2
        for place, each in enumerate(series):
            value = each.values[n]
            if value:
                high = round(y(base) - y(base + value), 1)
                yield (
                    f'<rect x="{left:.1f}" y="{y(base + value)}" width="{thick:.1f}" '
                    f'height="{high}" fill="{COLOURS[place]}"/>'
                )
            if stacked:
                base += value
            else:
                left += thick
        if n % every == 0:
            yield _text(middle, HIGH - BOTTOM + 20, label, 14, PALE, "middle")
    yield "</svg>"


def _bars(labels: Sequence[str], series: Sequence[Series]) -> Iterator[str]:
    room = min(300, 16 + 8 * max(width(label) for label in labels))
    thick = BAR if len(series) == 1 else BAR // 2 + 1
    step = max(ROW, thick * len(series) + 12)
    high = TOP + step * len(labels) + 34
    top = _top([max(each.values) for each in series], series)
    across = WIDE - room - 96

    yield _head(high)
    yield from _legend(series)
    for mark in range(5):
        x = round(room + across * mark / 4, 1)
        yield f'<line x1="{x}" x2="{x}" y1="{TOP - 6}" y2="{high - 28}" stroke="{LINE}"/>'
        yield _text(x, high - 8, f"{top * mark / 4:g}", 14, PALE, "middle")
    for n, label in enumerate(labels):
        y = TOP + step * n
        yield _text(room - 10, y + step / 2 + 1, _cut(label, 34), 15, INK, "end")
        for place, each in enumerate(series):
            long = round(across * each.values[n] / top, 1)
            upper = y + (step - thick * len(series)) / 2 - 4 + thick * place
            yield (
                f'<rect x="{room}" y="{upper:g}" width="{long}" height="{thick - 1}" '
                f'fill="{COLOURS[place]}"/>'
            )
            yield _text(
                room + long + 6, upper + thick / 2 + 4, _told(each.values[n], each.form), 13, PALE
            )
    yield "</svg>"


def _head(high: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high:g}" width="{WIDE}" '
        f'height="{high:g}" font-family="{FONT}">'
    )


def _legend(series: Sequence[Series]) -> Iterator[str]:
    x = float(LEFT)
    for place, each in enumerate(series):
        yield f'<rect x="{x:g}" y="10" width="14" height="14" rx="2" fill="{COLOURS[place]}"/>'
        yield _text(x + 21, 23, each.title, 15, INK)
        x += 50 + 8.2 * width(each.title)


def _top(values: Sequence[float], series: Sequence[Series]) -> float:
    """Of an axis; whole things are marked at whole numbers."""
    top = ceiling(max(values))
    return max(4.0, top) if all(each.form == "count" for each in series) else top


def ceiling(value: float) -> float:
    """A round number that is not less, whose quarters are round too."""
    if value <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    return next(size * step for step in (1, 2, 4, 8, 10, 20) if size * step >= value)


def _short(labels: Sequence[str]) -> list[str]:
    """Days of one month by their numbers alone."""
    if len(labels) > 1 and len({label[:8] for label in labels}) == 1 and labels[0][7:8] == "-":
        return [label[8:].lstrip("0") for label in labels]
    return [_cut(label, 16) for label in labels]


def _told(value: float, form: Form) -> str:
    if form == "percent":
        return f"{100 * value:.1f}%"
    return (
        f"{value:.3f}" if form == "seconds" else f"{value:.1f}" if form in UNITS else f"{value:g}"
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _cut(label: str, most: int) -> str:
    """To ``most`` columns of a typewriter."""
    if width(label) <= most:
        return label
    while width(label) > most - 1:
        label = label[:-1]
    return label + "…"


def _text(
    x: float, y: float, said: str, size: int, colour: str = INK, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">'
        f"{escape(said)}</text>"
    )
