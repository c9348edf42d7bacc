"""What is said of incidents."""

from collections.abc import Iterable, Sequence
from statistics import mean

from service.operations.reports.facts.fact import Frame
from service.operations.reports.facts.incidents import Handled, IncidentFacts
from service.operations.reports.papers import words
from service.operations.reports.papers.parts import Column, cell, figure, table, text
from service.operations.reports.papers.words import said
from service.views.document import (
    DocumentChart,
    DocumentFigure,
    DocumentSection,
    DocumentTable,
)

HANDLED: tuple[Column, ...] = (
    ("responded", "响应", "responded", "moment"),
    ("repaired", "修复", "repaired", "moment"),
    ("closed", "确认", "confirmed", "moment"),
    ("respond", "响应用时", "to respond", "minutes"),
    ("repair", "修复用时", "to repair", "hours"),
    ("done", "处理措施", "what was done", "text"),
    ("parts", "更换部件", "parts", "text"),
    ("vendor", "维修单位", "vendor", "text"),
)


def figures(facts: IncidentFacts) -> list[DocumentFigure]:
    received, repaired, left = facts.received(), facts.repaired(), facts.left_open()
    responses = [each.respond for each in received if each.respond is not None]
    repairs = [each.repair for each in repaired if each.repair is not None]
    return [
        figure("incidents", text("受理故障", "incidents"), len(received), _first(received)),
        figure("incidents-repaired", text("修复故障", "repaired"), len(repaired), _all(repaired)),
        figure("incidents-open", text("期末未修复", "left open"), len(left), _all(left)),
        figure(
            "mean-response", text("平均响应用时", "mean time to respond"),
            mean(responses) / 60 if responses else None, _all(received), "minutes",
        ),
        figure(
            "mean-repair", text("平均修复用时", "mean time to repair"),
            mean(repairs) / 3600 if repairs else None, _all(repaired), "hours",
        ),
    ]  # fmt: skip


def section(facts: IncidentFacts, frame: Frame, *, daily: bool) -> DocumentSection:
    """``daily``: with the register of problems received and handled day by day."""
    tables = [listing(facts.received(), frame), handling(facts.received(), frame)]
    carried = _carried(facts, frame)
    if carried:
        tables.append(listing(carried, frame, "carried"))
    charts = []
    if daily:
        tables.append(register(facts))
        charts.append(
            DocumentChart(
                chart="register",
                title=text("每日受理与处理", "Received and handled by day"),
                shape="columns",
                table="register",
                label=["day"],
                series=["received", "repaired"],
            )
        )
    return DocumentSection(
        section="incidents",
        title=text("故障与处理", "Incidents"),
        figures=figures(facts),
        tables=tables,
        charts=charts,
    )


def _carried(facts: IncidentFacts, frame: Frame) -> list[Handled]:
    """Older ones that were still open in the period."""
    mine = {each.incident.identity for each in facts.received()}
    others = [*facts.repaired(), *facts.left_open()]
    return [each for each in others if each.incident.identity not in mine]


def listing(handled: Iterable[Handled], frame: Frame, name: str = "incidents") -> DocumentTable:
    rows = []
    for each in handled:
        one, seqs = each.incident, each.seqs
        device = frame.names.device(one.room or "", one.device) if one.device else ""
        rows.append(
            (
                str(one.identity),
                [
                    cell(one.identity, seqs),
                    cell(one.reported, (one.identity,)),
                    cell(frame.names.room(one.room) if one.room else text("全部", "all")),
                    cell(device),
                    cell(one.signs),
                    cell(said(words.SEVERITIES, one.severity)),
                    cell(said(words.NATURES, one.nature)),
                    cell(said(words.SOURCES, one.source)),
                    cell(said(words.STATES, one.state), seqs),
                ],
            )
        )
    return table(
        name,
        text("故障清单", "Incidents")
        if name == "incidents"
        else text("上期结转的故障", "Carried over from before"),
        (
            ("incident", "编号", "no.", "count"),
            ("reported", "报告时间", "reported", "moment"),
            ("room", "会议室", "room", "text"),
            ("device", "设备", "device", "text"),
            ("signs", "故障现象", "signs", "text"),
            ("severity", "等级", "severity", "text"),
            ("nature", "性质", "nature", "text"),
            ("source", "来源", "told by", "text"),
            ("state", "状态", "state", "text"),
        ),
        rows,
    )


def handling(handled: Iterable[Handled], frame: Frame) -> DocumentTable:
    rows = []
    for each in handled:
        one, events = each.incident, {event.event: event.seq for event in each.incident.history}
        rows.append(
            (
                str(one.identity),
                [
                    cell(one.identity, each.seqs),
                    cell(one.responded or None, _event(events, "responded", "repaired")),
                    cell(one.repaired or None, _event(events, "repaired")),
                    cell(one.closed or None, _event(events, "closed")),
                    cell(each.respond if each.respond is None else each.respond / 60, each.seqs),
                    cell(each.repair if each.repair is None else each.repair / 3600, each.seqs),
                    cell(one.done),
                    cell(one.parts),
                    cell(one.vendor),
                ],
            )
        )
    return table(
        "handling",
        text("处理经过", "What was done"),
        (("incident", "编号", "no.", "count"), *HANDLED),
        rows,
    )


def register(facts: IncidentFacts) -> DocumentTable:
    rows = []
    for day in facts.daily():
        rows.append(
            (
                day.day.isoformat(),
                [
                    cell(day.day.isoformat()),
                    cell(len(day.received), day.received),
                    cell(len(day.repaired), day.repaired),
                    cell(len(day.closed), day.closed),
                    cell(day.left_open, facts.open_on(day.day)),
                ],
            )
        )
    return table(
        "register",
        text("每日登记", "Daily register"),
        (
            ("day", "日期", "day", "day"),
            ("received", "受理", "received", "count"),
            ("repaired", "修复", "repaired", "count"),
            ("closed", "确认", "confirmed", "count"),
            ("open", "未修复", "left open", "count"),
        ),
        rows,
    )


def _event(events: dict[str, int], *names: str) -> list[int] | None:
    return next(([events[name]] for name in names if name in events), None)


def _first(handled: Sequence[Handled]) -> list[int]:
    return [each.incident.identity for each in handled]


def _all(handled: Sequence[Handled]) -> list[int]:
    return [seq for each in handled for seq in each.seqs]


EVENTS = {
    "opened": text("报告", "reported"), "responded": text("响应", "responded"),
    "repaired": text("修复", "repaired"), "closed": text("确认", "confirmed"),
    "reopened": text("重新打开", "opened again"), "linked": text("关联日志", "entries linked"),
}  # fmt: skip


def history(handled: Handled) -> DocumentTable:
    return table(
        "history",
        text("经过", "From report to confirmation"),
        (
            ("seq", "日志号", "entry", "count"),
            ("at", "时间", "time", "instant"),
            ("event", "事项", "what", "text"),
            ("by", "经办人", "by", "text"),
        ),
        [
            (
                str(event.seq),
                [
                    cell(event.seq, (event.seq,)),
                    cell(event.at),
                    cell(said(EVENTS, event.event)),
                    cell(event.by),
                ],
            )
            for event in handled.incident.history
        ],
    )
