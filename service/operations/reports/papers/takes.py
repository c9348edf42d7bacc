"""What is said of takes."""

from service.operations.reports.facts.fact import Frame
from service.operations.reports.facts.takes import VERDICTS, Takes, Tally
from service.operations.reports.papers import words
from service.operations.reports.papers.parts import (
    Column,
    cell,
    count,
    counted,
    figure,
    table,
    text,
)
from service.operations.reports.papers.words import said
from service.views.document import (
    DocumentCell,
    DocumentChart,
    DocumentFigure,
    DocumentSection,
    DocumentTable,
)
from service.views.models import Title

COLUMNS: tuple[Column, ...] = (
    ("takes", "次数", "takes", "count"),
    ("confirmed", "已确认", "confirmed", "count"),
    ("sent", "已发送", "sent", "count"),
    ("failed", "失败", "failed", "count"),
    ("unknown", "未知", "unknown", "count"),
    ("superseded", "被取代", "superseded", "count"),
    ("interrupted", "中断", "interrupted", "count"),
    ("rate", "确认率", "confirmed of all", "percent"),
    ("median", "中位耗时", "median", "seconds"),
    ("p95", "95%耗时", "95 %", "seconds"),
)


def section(takes: Takes, frame: Frame, *, by_month: bool) -> DocumentSection:
    names = frame.names
    scenes = sorted(
        takes.by_scene.items(), key=lambda item: (item[0] == "", -item[1].all.count, item[0])
    )
    by_scene = table(
        "takes-by-scene",
        text("各场景执行情况", "Takes by scene"),
        (("scene", "场景", "scene", "text"), *COLUMNS),
        [(name, [cell(names.scene(name)), *cells(tally)]) for name, tally in scenes],
        text(
            "确认率不计被取代者；耗时只计已确认与已发送者。",
            "Superseded takes are left out of the rate; times are of those confirmed or sent.",
        ),
    )
    over_time = _by_month(takes, frame) if by_month else _by_day(takes, frame)
    return DocumentSection(
        section="takes",
        title=text("场景操作", "Scenes"),
        figures=figures(takes.all),
        tables=[by_scene, over_time],
        charts=[
            DocumentChart(
                chart="takes-over-time",
                title=over_time.title,
                shape="columns",
                table=over_time.table,
                label=["when"],
                series=["confirmed", "other"],
                stacked=True,
                most=31,
            ),
            DocumentChart(
                chart="takes-by-scene",
                title=text("各场景95%耗时", "95 % of takes are done within, by scene"),
                shape="bars",
                table="takes-by-scene",
                label=["scene"],
                series=["median", "p95"],
                most=12,
            ),
        ],
    )


def figures(tally: Tally) -> list[DocumentFigure]:
    return [
        counted("takes", text("场景执行次数", "takes"), tally.all),
        *(
            counted(
                f"takes-{name}", said(words.VERDICTS, name), tally.by_verdict[name]
            )
            for name in VERDICTS
        ),
        figure("takes-rate", text("确认率", "confirmed of all"), tally.rate, tally.all, "percent"),
        figure(
            "takes-median", text("中位耗时", "median"), tally.seconds.quantile(0.5), tally.timed,
            "seconds",
        ),
        figure(
            "takes-p95", text("95%耗时", "95 %"), tally.seconds.quantile(0.95), tally.timed,
            "seconds",
        ),
    ]  # fmt: skip


def cells(tally: Tally) -> list[DocumentCell]:
    return [
        count(tally.all),
        *(count(tally.by_verdict[name]) for name in VERDICTS),
        cell(tally.rate, tally.all),
        cell(tally.seconds.quantile(0.5), tally.timed),
        cell(tally.seconds.quantile(0.95), tally.timed),
    ]


def _by_day(takes: Takes, frame: Frame) -> DocumentTable:
    days = [day.isoformat() for day in frame.period.days(frame.names.zone)]
    return _over_time("day", text("每日执行次数", "Takes by day"), days, takes.by_day, frame)


def _by_month(takes: Takes, frame: Frame) -> DocumentTable:
    months = frame.period.months(frame.names.zone)
    title = text("每月执行次数", "Takes by month")
    return _over_time("month", title, months, takes.by_month, frame)


def _over_time(
    name: str, title: Title, whens: list[str], tallies: dict[str, Tally], frame: Frame
) -> DocumentTable:
    none = Tally(frame)
    rows = []
    for when in whens:
        tally = tallies.get(when, none)
        other = tally.all.count - tally.good
        rows.append((when, [cell(when), count(tally.all), cell(tally.good, tally.by_verdict["confirmed"]),
                            cell(other, tally.all)]))  # fmt: skip
    return table(
        f"takes-by-{name}",
        title,
        (
            ("when", "日期" if name == "day" else "月份", name, "text"),
            ("takes", "次数", "takes", "count"),
            ("confirmed", "已确认", "confirmed", "count"),
            ("other", "其他", "others", "count"),
        ),
        rows,
    )
