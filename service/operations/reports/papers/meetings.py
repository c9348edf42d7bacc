"""What is said of meetings."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from service.journal import Journal
from service.operations.meeting_log import read_log
from service.operations.reports.facts.fact import Frame
from service.operations.reports.facts.meetings import Held
from service.operations.reports.papers import words
from service.operations.reports.papers.parts import cell, figure, plain, table, text
from service.operations.reports.papers.words import said
from service.views.document import DocumentFigure, DocumentSection, DocumentTable, Form
from service.views.meetings import log_view
from service.views.models import Title


def figures(held: Sequence[Held]) -> list[DocumentFigure]:
    seqs = [seq for each in held for seq in each.seqs]
    hours = sum(each.seconds for each in held) / 3600
    return [
        figure("meetings", text("会议场次", "meetings"), len(held), _begins(held)),
        figure("meeting-hours", text("会议时长", "hours of meetings"), hours, seqs, "hours"),
        figure(
            "longest-meeting", text("最长会议", "longest"),
            max((each.seconds for each in held), default=0.0) / 60,
            max(held, key=lambda each: each.seconds).seqs if held else (), "minutes",
        ),
        figure(
            "attendance", text("参会人次", "people present"),
            sum(each.meeting.present or 0 for each in held), seqs,
        ),
    ]  # fmt: skip


def listing(held: Iterable[Held], frame: Frame) -> DocumentTable:
    rows = []
    for each in held:
        meeting = each.meeting
        rows.append(
            (
                str(meeting.identity),
                [
                    cell(meeting.identity, each.seqs),
                    cell(frame.names.room(meeting.room)),
                    cell(meeting.title),
                    cell(meeting.began, (meeting.identity,)),
                    cell(meeting.ended or None, (meeting.end,) if meeting.end else None),
                    cell(each.seconds / 60, each.seqs),
                    cell(meeting.present, each.seqs),
                    cell(said(words.SOURCES, meeting.source)),
                    cell(meeting.remarks),
                ],
            )
        )
    return table(
        "meetings",
        text("会议清单", "Meetings"),
        (
            ("meeting", "编号", "no.", "count"),
            ("room", "会议室", "room", "text"),
            ("title", "会议名称", "title", "text"),
            ("began", "开始", "began", "moment"),
            ("ended", "结束", "ended", "moment"),
            ("minutes", "时长", "length", "minutes"),
            ("present", "人数", "present", "count"),
            ("source", "来源", "begun by", "text"),
            ("remarks", "备注", "remarks", "text"),
        ),
        rows,
    )


def _begins(held: Iterable[Held]) -> list[int]:
    return [each.meeting.identity for each in held]


# The log of one.

TIMED: dict[str, tuple[Title, Form]] = {
    "takes": (text("场景执行次数", "takes"), "count"),
    "confirmed": (text("已确认", "confirmed"), "count"),
    "unconfirmed": (text("未确认", "not confirmed"), "count"),
    "median": (text("中位耗时", "median"), "seconds"),
    "worst": (text("最长耗时", "longest"), "seconds"),
    "faults": (text("故障", "faults"), "count"),
    "changeovers": (text("主备切换", "changeovers"), "count"),
    "outside": (text("外部改动", "changed from outside"), "count"),
    "notes": (text("记事", "notes"), "count"),
    "incidents": (text("故障单", "incidents"), "count"),
}


async def log(journal: Journal, held: Held, frame: Frame) -> list[DocumentSection]:
    """Raises JournalError."""
    meeting = held.meeting
    told = log_view(meeting, await read_log(journal, meeting))
    found = [
        figure(
            name,
            TIMED[name][0] if name in TIMED else plain(name),
            _counted(name, value.value),
            value.seqs,
            TIMED[name][1] if name in TIMED else "number",
        )
        for name, value in told.figures.items()
    ]
    timeline = table(
        "timeline",
        text("会议记录", "What happened"),
        (
            ("seq", "日志号", "entry", "count"),
            ("at", "时间", "time", "instant"),
            ("what", "事项", "what", "text"),
            ("by", "操作人", "by", "text"),
        ),
        [
            (
                str(each.seq),
                [
                    cell(each.seq, (each.seq,)),
                    cell(each.at),
                    cell(each.text),
                    cell(each.by or ""),
                ],
            )
            for each in told.timeline
        ],
    )
    return [
        DocumentSection(
            section="meeting",
            title=text("会议概况", "The meeting"),
            lead=_lead(meeting.title, held, frame),
            figures=figures([held])[1:2] + figures([held])[3:],
            tables=[listing([held], frame)],
        ),
        DocumentSection(
            section="log",
            title=text("会议日志", "Its log"),
            figures=found,
            tables=[timeline],
        ),
    ]


def _lead(title: str, held: Held, frame: Frame) -> Title:
    room = frame.names.room(held.meeting.room)
    at = datetime.fromisoformat(held.meeting.began).astimezone(frame.names.zone)
    minutes = f"{held.seconds / 60:.0f}"
    called_zh = f"“{title}”" if title else "会议"
    called_en = f"“{title}”" if title else "The meeting"
    return text(
        f"{called_zh}于{at:%Y年%-m月%-d日 %H:%M}在{room.zh}开始，历时{minutes}分钟。",
        f"{called_en} began in {room.en} at {at:%H:%M on %-d %B %Y} and lasted {minutes} minutes.",
    )


def _counted(name: str, value: float | None) -> float | None:
    """Counts are whole numbers."""
    is_count = name not in TIMED or TIMED[name][1] == "count"
    return int(value) if value is not None and is_count else value
