"""What is said of rooms beside each other, of pairs and of alarms."""

from service.operations.reports.facts.devices import Devices
from service.operations.reports.facts.events import EventFacts
from service.operations.reports.facts.fact import Frame
from service.operations.reports.facts.incidents import IncidentFacts
from service.operations.reports.facts.meetings import Held
from service.operations.reports.facts.takes import Takes, Tally
from service.operations.reports.facts.upkeep import WarmUpFacts
from service.operations.reports.papers import words
from service.operations.reports.papers.parts import (
    cell,
    count,
    counted,
    table,
    text,
)
from service.operations.reports.papers.words import said
from service.views.document import DocumentChart, DocumentFigure, DocumentSection, DocumentTable
from service.views.models import Title


def by_room(
    frame: Frame,
    takes: Takes,
    held: list[Held],
    incidents: IncidentFacts,
    devices: Devices,
    warm_ups: WarmUpFacts,
    events: EventFacts,
) -> DocumentSection:
    devices.end()
    received = incidents.received()
    rows = []
    # A room that has left the site since is told of too.
    told = [*frame.rooms, *takes.by_room, *(each.meeting.room for each in held)]
    for room in dict.fromkeys(name for name in told if name):
        mine = [each for each in held if each.meeting.room == room]
        tally = takes.by_room.get(room) or Tally(frame)
        usages = devices.of_room(room)
        seen = sum(used.figures.seen for used in usages)
        up = sum(used.figures.up for used in usages)
        reported = [each.incident.identity for each in received if each.incident.room == room]
        warmed = [each for each in warm_ups.ended if each.proof.room == room]
        seqs = [seq for each in mine for seq in each.seqs]
        rows.append(
            (
                room,
                [
                    cell(frame.names.room(room)),
                    cell(len(mine), [each.meeting.identity for each in mine]),
                    cell(sum(each.seconds for each in mine) / 3600, seqs),
                    count(tally.all),
                    cell(tally.rate, tally.all),
                    cell(tally.seconds.quantile(0.95), tally.timed),
                    cell(
                        up / seen if seen else None,
                        [seq for used in usages for seq in used.evidence.seqs],
                    ),
                    cell(
                        sum(used.faults.count for used in usages),
                        [seq for used in usages for seq in used.faults.seqs],
                    ),
                    cell(len(reported), reported),
                    count(events.of_room(room, "changeovers")),
                    cell(len(warmed), [seq for each in warmed for seq in each.seqs]),
                ],
            )
        )
    return DocumentSection(
        section="rooms",
        title=text("各会议室", "Rooms"),
        tables=[
            table(
                "rooms",
                text("各会议室汇总", "Rooms"),
                (
                    ("room", "会议室", "room", "text"),
                    ("meetings", "会议", "meetings", "count"),
                    ("hours", "时长", "hours", "hours"),
                    ("takes", "操作", "takes", "count"),
                    ("rate", "确认率", "confirmed", "percent"),
                    ("p95", "95%耗时", "95 %", "seconds"),
                    ("availability", "可用率", "availability", "percent"),
                    ("faults", "故障", "faults", "count"),
                    ("incidents", "故障单", "incidents", "count"),
                    ("changeovers", "切换", "changeovers", "count"),
                    ("warm-ups", "预热", "warm-ups", "count"),
                ),
                rows,
            )
        ],
        charts=[
            DocumentChart(
                chart="meetings-by-room",
                title=text("各会议室会议场次", "Meetings by room"),
                shape="bars" if len(rows) > 8 else "columns",
                table="rooms",
                label=["room"],
                series=["meetings"],
                most=20,
            )
        ],
    )


def event_figures(events: EventFacts) -> list[DocumentFigure]:
    return [
        counted("changeovers", text("主备切换", "changeovers"), events.changeovers),
        counted("dead", text("判定失效", "sides thought dead"), events.dead),
        counted("drills", text("切换演练", "drills"), events.drills),
        counted("drills-good", text("演练合格", "drills good"), events.good_drills),
        counted("emergencies", text("应急处置", "emergencies"), events.emergencies),
        counted("alarms", text("告警", "alarms"), events.alarms),
        counted("outside", text("外部改动", "changed from outside"), events.outside),
    ]


def safety(events: EventFacts, frame: Frame) -> DocumentSection:
    return DocumentSection(
        section="events",
        title=text("主备切换与告警", "Changeovers and alarms"),
        figures=event_figures(events),
        tables=[_pairs(events, frame), _alarms(events, frame)],
    )


def _pairs(events: EventFacts, frame: Frame) -> DocumentTable:
    rows = []
    for (room, pair), (overs, to_backup, dead) in sorted(events.by_pair.items()):
        rows.append(
            (
                f"{room}/{pair}",
                [
                    cell(frame.names.room(room)),
                    cell(frame.names.device(room, pair)),
                    count(dead),
                    count(overs),
                    count(to_backup),
                ],
            )
        )
    return table(
        "pairs",
        text("主备切换", "Changeovers"),
        (
            ("room", "会议室", "room", "text"),
            ("pair", "主备", "pair", "text"),
            ("dead", "判定失效", "thought dead", "count"),
            ("changeovers", "切换", "changeovers", "count"),
            ("to-backup", "切至备用", "to backup", "count"),
        ),
        rows,
    )


def _alarms(events: EventFacts, frame: Frame) -> DocumentTable:
    rows = []
    for severity in ("critical", "warning", "info"):
        for (room, key), evidence in sorted(events.by_alarm.get(severity, {}).items()):
            told = events.alarm_texts.get((room, key), {})
            rows.append(
                (
                    f"{severity}/{room}/{key}",
                    [
                        cell(said(words.SEVERITIES, severity)),
                        cell(frame.names.room(room) if room else text("全部", "all")),
                        cell(Title(zh=told.get("zh") or key, en=told.get("en") or key)),
                        count(evidence),
                    ],
                )
            )
    return table(
        "alarms",
        text("告警", "Alarms"),
        (
            ("severity", "等级", "severity", "text"),
            ("room", "会议室", "room", "text"),
            ("alarm", "告警", "alarm", "text"),
            ("times", "次数", "times", "count"),
        ),
        rows,
    )
