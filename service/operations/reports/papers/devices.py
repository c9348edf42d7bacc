"""What is said of devices."""

from collections.abc import Iterable

from service.operations.reports.facts.devices import Devices, Place, Used
from service.operations.reports.facts.fact import Frame
from service.operations.reports.facts.upkeep import WarmUpFacts
from service.operations.reports.papers import words
from service.operations.reports.papers.parts import (
    Column,
    Seqs,
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

GOOD, WATCH = 0.999, 0.99  # availability from which a device is good, or to be watched
WORST = 15  # devices in the table of the weakest

COLUMNS: tuple[Column, ...] = (
    ("seen", "监测时长", "watched", "hours"),
    ("up", "在线时长", "there", "hours"),
    ("in-use", "使用时长", "in use", "hours"),
    ("away", "离线时长", "away", "minutes"),
    ("availability", "可用率", "availability", "percent"),
    ("faults", "故障次数", "faults", "count"),
    ("longest", "最长中断", "longest", "minutes"),
    ("mean", "平均中断", "mean", "minutes"),
)
NOTE = text(
    "可用率＝在线时长÷监测时长；断电期间与服务停机期间不计。离线不足1分钟不算故障。",
    "Availability is the time there of the time watched, without times off mains or without the service; "
    "less than a minute away is no fault.",
)


def grade(used: Used) -> str:
    availability = used.figures.availability
    if availability is None:
        return "unseen"
    if availability >= GOOD and used.faults.count <= 1:
        return "good"
    return "watch" if availability >= WATCH else "poor"


def figures(devices: Devices) -> list[DocumentFigure]:
    """Of all together."""
    devices.end()
    every = [used.figures for used in devices.by_place.values()]
    seen, up = sum(each.seen for each in every), sum(each.up for each in every)
    restored = sum(each.restored for each in every)
    mean = sum(each.outage for each in every) / restored if restored else None
    return [
        figure("devices", text("设备数", "devices"), len(every), devices.all),
        figure(
            "availability", text("设备可用率", "availability"), up / seen if seen else None,
            devices.all, "percent",
        ),
        counted("faults", text("设备故障次数", "device faults"), devices.faults),
        figure(
            "mean-outage", text("平均中断时长", "mean outage"), mean and mean / 60, devices.faults,
            "minutes",
        ),
    ]  # fmt: skip


def worst(devices: Devices, frame: Frame) -> DocumentTable:
    """Those that were away or failed, the weakest first."""
    devices.end()
    weak = [
        (used.figures.availability, place, used)
        for place, used in devices.by_place.items()
        if used.figures.availability is not None
        and (used.faults.count or used.figures.availability < GOOD)
    ]
    weak.sort(key=lambda item: item[:2])
    return table(
        "weakest-devices",
        text("需关注的设备", "Devices to be watched"),
        _columns(),
        _rows([item[1:] for item in weak[:WORST]], frame),
        NOTE,
    )


def assessment(
    devices: Devices, warm_ups: WarmUpFacts, frame: Frame
) -> tuple[DocumentTable, DocumentTable]:
    """All devices, and what the last warm-up found of them."""
    devices.end()
    whole = table(
        "devices",
        text("设备运行评估", "Devices"),
        (*_columns(), ("grade", "评价", "grade", "text")),
        _rows(sorted(devices.by_place.items()), frame, graded=True),
        NOTE,
    )
    return whole, _identities(devices, warm_ups, frame)


def section(devices: Devices, warm_ups: WarmUpFacts, frame: Frame) -> DocumentSection:
    whole, identities = assessment(devices, warm_ups, frame)
    return DocumentSection(
        section="devices",
        title=text("设备运行", "Devices"),
        figures=figures(devices),
        tables=[worst(devices, frame), whole, identities],
        charts=[chart()],
    )


def chart() -> DocumentChart:
    return DocumentChart(
        chart="away",
        title=text("设备离线时长", "Time away"),
        shape="bars",
        table="weakest-devices",
        label=["room", "device"],
        series=["away"],
        most=WORST,
    )


def _columns() -> tuple[Column, ...]:
    return (
        ("room", "会议室", "room", "text"),
        ("device", "设备", "device", "text"),
        *COLUMNS,
    )


def _rows(
    usages: Iterable[tuple[Place, Used]], frame: Frame, *, graded: bool = False
) -> Iterable[tuple[str, list[DocumentCell]]]:
    for (room, device), used in usages:
        figures, mean = used.figures, used.figures.mean_outage
        row = [
            cell(frame.names.room(room)),
            cell(frame.names.device(room, device)),
            cell(figures.seen / 3600, used.evidence),
            cell(figures.up / 3600, used.evidence),
            cell(figures.in_use / 3600, used.evidence),
            cell(used.away / 60, used.evidence),
            cell(figures.availability, used.evidence),
            count(used.faults),
            cell(used.longest / 60, used.faults),
            cell(mean and mean / 60, used.faults),
        ]
        if graded:
            row.append(cell(said(words.GRADES, grade(used)), used.evidence))
        yield f"{room}/{device}", row


def _identities(devices: Devices, warm_ups: WarmUpFacts, frame: Frame) -> DocumentTable:
    found: dict[Place, tuple[str, str, Seqs]] = {}
    for each in warm_ups.ended:
        for device in each.proof.devices:
            if device.words:
                verdict = device.words
                found[each.proof.room, device.device] = verdict.zh, verdict.en, each.seqs
    rows = []
    for place, used in sorted(devices.by_place.items()):
        identity = {str(key): str(value) for key, value in used.identity.items()}
        zh, en, seqs = found.get(place, ("未预热", "none", None))
        rows.append(
            (
                "/".join(place),
                [
                    cell(frame.names.room(place[0])),
                    cell(frame.names.device(*place)),
                    cell(identity.get("model", identity.get("name", ""))),
                    cell(identity.get("serial", "")),
                    cell(identity.get("firmware", identity.get("version", ""))),
                    cell(text(zh, en), seqs),
                ],
            )
        )
    return table(
        "identities",
        text("设备身份与最近一次预热结论", "Who devices are, and their last warm-up"),
        (
            ("room", "会议室", "room", "text"),
            ("device", "设备", "device", "text"),
            ("model", "型号", "model", "text"),
            ("serial", "序列号", "serial number", "text"),
            ("firmware", "固件", "firmware", "text"),
            ("warm-up", "预热结论", "warm-up", "text"),
        ),
        rows,
    )
