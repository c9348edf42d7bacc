"""What is said of warm-ups and inspections."""

from collections.abc import Mapping, Sequence
from statistics import mean

from service.operations.reports.facts.fact import Frame
from service.operations.reports.facts.upkeep import (
    Inspected,
    InspectionFacts,
    Item,
    WarmedUp,
    WarmUpFacts,
)
from service.operations.reports.papers import words
from service.operations.reports.papers.parts import Column, cell, figure, table, text
from service.operations.reports.papers.words import said
from service.operations.warmups.picture import picture_of
from service.views.document import (
    DocumentCell,
    DocumentFigure,
    DocumentPicture,
    DocumentSection,
    DocumentTable,
)
from service.views.models import Title

PICTURED = 12  # warm-ups whose pictures are shown


# Warm-ups.


def warm_up_figures(ended: Sequence[WarmedUp], frame: Frame) -> list[DocumentFigure]:
    seqs = [seq for each in ended for seq in each.seqs]
    good = [each for each in ended if each.proof.state == "good"]
    held = [each.proof.held for each in ended if not each.proof.incomplete]
    rooms = {each.proof.room for each in ended if not each.proof.incomplete}
    return [
        figure("warm-ups", text("预热次数", "warm-ups"), len(ended), seqs),
        figure("warm-ups-good", text("合格次数", "good"), len(good), _ends(good)),
        figure("warmed-up-rooms", text("已预热会议室", "rooms warmed up"), len(rooms), seqs),
        figure(
            "rooms-without", text("未预热会议室", "rooms without"),
            len([room for room in frame.rooms if room not in rooms]), seqs,
        ),
        figure(
            "shortest-hold", text("最短保持", "shortest hold"),
            min(held) / 60 if held else None, seqs, "minutes",
        ),
        figure(
            "mean-hold", text("平均保持", "mean hold"), mean(held) / 60 if held else None, seqs,
            "minutes",
        ),
    ]  # fmt: skip


def warm_up_listing(ended: Sequence[WarmedUp], frame: Frame) -> DocumentTable:
    rows = []
    for each in ended:
        proof = each.proof
        rows.append(
            (
                proof.run,
                [
                    cell(frame.names.room(proof.room)),
                    cell(proof.began, each.seqs),
                    cell(proof.ended, each.seqs),
                    cell(proof.held / 60, each.seqs),
                    cell(len(proof.devices), each.seqs),
                    cell(each.bad, each.seqs),
                    cell(said(words.WARM_UPS, proof.state), each.seqs),
                    cell(said(words.BY, proof.by)),
                ],
            )
        )
    return table(
        "warm-ups",
        text("预热清单", "Warm-ups"),
        (
            ("room", "会议室", "room", "text"),
            ("began", "开始", "began", "moment"),
            ("ended", "结束", "ended", "moment"),
            ("held", "保持", "held", "minutes"),
            ("devices", "设备", "devices", "count"),
            ("bad", "异常", "failed", "count"),
            ("state", "结论", "verdict", "text"),
            ("by", "执行人", "by", "text"),
        ),
        rows,
    )


def warm_up_devices(ended: Sequence[WarmedUp], frame: Frame, *, bad_only: bool) -> DocumentTable:
    rows = []
    for each in ended:
        for device in each.proof.devices:
            if bad_only and device.good is not False:
                continue
            remarks = Title(
                zh="；".join(remark.zh for remark in device.remarks),
                en="; ".join(remark.en for remark in device.remarks),
            )
            rows.append(
                (
                    f"{each.proof.run}/{device.device}",
                    [
                        cell(frame.names.room(each.proof.room)),
                        cell(device.title),
                        cell(None if device.ready is None else device.ready, each.seqs),
                        cell(device.minutes_on, each.seqs),
                        cell(device.samples, each.seqs),
                        cell(device.words or text("未判定", "not judged"), each.seqs),
                        cell(remarks),
                    ],
                )
            )
    return table(
        "warm-up-devices",
        text("异常设备", "Devices that failed") if bad_only else text("各设备结论", "Devices"),
        (
            ("room", "会议室", "room", "text"),
            ("device", "设备", "device", "text"),
            ("ready", "就绪用时", "ready after", "seconds"),
            ("minutes", "通电时长", "on", "minutes"),
            ("samples", "采样", "samples", "count"),
            ("verdict", "结论", "verdict", "text"),
            ("remarks", "说明", "remarks", "text"),
        ),
        rows,
    )


def warm_ups(facts: WarmUpFacts, frame: Frame, *, whole: bool) -> DocumentSection:
    """``whole``: with every device and the pictures of the proofs."""
    pictures = [
        DocumentPicture(
            picture=each.proof.run,
            title=each.proof.title,
            svg=picture_of(each.proof, frame.names.zone),
        )
        for each in facts.ended[:PICTURED]
        if whole
    ]
    return DocumentSection(
        section="warm-ups",
        title=text("预热", "Warm-ups"),
        figures=warm_up_figures(facts.ended, frame),
        tables=[
            warm_up_listing(facts.ended, frame),
            warm_up_devices(facts.ended, frame, bad_only=not whole),
        ],
        pictures=pictures,
    )


def _ends(ended: Sequence[WarmedUp]) -> list[int]:
    return [each.seqs[-1] for each in ended]


# Inspections.


def inspection_figures(found: Sequence[Inspected]) -> list[DocumentFigure]:
    seqs = [seq for each in found for seq in each.seqs]
    items = [item for each in found for item in each.items.values()]

    def of(name: str, title: Title, *results: str) -> DocumentFigure:
        fitting = [item for item in items if item.result in results]
        return figure(name, title, len(fitting), [item.seq for item in fitting])

    return [
        figure("inspections", text("巡检次数", "inspections"), len(found), seqs),
        of("items-good", text("正常项", "items good"), "good"),
        of("items-watch", text("关注项", "items to be watched"), "watch"),
        of("items-fault", text("故障项", "items at fault"), "fault"),
        of("items-untold", text("未填项", "items not told"), "", "skipped"),
    ]


def inspection_listing(found: Sequence[Inspected], frame: Frame) -> DocumentTable:
    rows = []
    for each in found:
        rows.append(
            (
                each.identity,
                [
                    cell(frame.names.room(each.room)),
                    cell(each.began, each.seqs),
                    cell(len(each.items), each.seqs),
                    cell(each.count("good"), each.seqs),
                    cell(each.count("watch"), each.seqs),
                    cell(each.count("fault"), each.seqs),
                    cell(said(words.BY, each.by)),
                ],
            )
        )
    return table(
        "inspections",
        text("巡检清单", "Inspections"),
        (
            ("room", "会议室", "room", "text"),
            ("began", "时间", "when", "moment"),
            ("items", "检查项", "items", "count"),
            ("good", "正常", "good", "count"),
            ("watch", "关注", "watch", "count"),
            ("fault", "故障", "fault", "count"),
            ("by", "巡检人", "by", "text"),
        ),
        rows,
    )


def inspection_items(found: Sequence[Inspected], frame: Frame) -> DocumentTable:
    """Every item of every inspection."""
    rows = [
        (
            f"{each.identity}/{item.name}",
            [
                *_about(each, item, frame),
                cell(said(words.RESULTS, item.result), (item.seq,)),
                cell(_title(item.remark)),
                cell(item.photos or None),
            ],
        )
        for each in found
        for item in each.items.values()
    ]
    return table("inspection-items", text("检查项", "Items"), (*ITEM, PHOTOS), rows)


def inspection_troubles(found: Sequence[Inspected], frame: Frame) -> DocumentTable:
    """The items that were not good; what was found again and again is one row."""
    same: dict[tuple[str, ...], list[tuple[Inspected, Item]]] = {}
    for each in found:
        for item in each.items.values():
            if item.result in ("watch", "fault"):
                key = (each.room, item.name, item.result, item.remark.get("zh", ""))
                same.setdefault(key, []).append((each, item))
    rows = []
    for times in same.values():
        last, item = times[-1]
        seqs = [one.seq for _, one in times]
        rows.append(
            (
                f"{last.identity}/{item.name}",
                [
                    *_about(last, item, frame),
                    cell(said(words.RESULTS, item.result), seqs),
                    cell(_title(item.remark)),
                    cell(len(times), seqs),
                    cell(last.began, (item.seq,)),
                    cell(sum(one.photos for _, one in times) or None),
                ],
            )
        )
    return table(
        "inspection-items",
        text("关注与故障项", "Items not good"),
        (
            *ITEM,
            ("times", "次数", "times", "count"),
            ("last", "最近一次", "last", "moment"),
            PHOTOS,
        ),
        rows,
    )


ITEM: tuple[Column, ...] = (
    ("room", "会议室", "room", "text"),
    ("device", "设备", "device", "text"),
    ("item", "检查项", "item", "text"),
    ("result", "结果", "result", "text"),
    ("remark", "说明", "remarks", "text"),
)
PHOTOS: Column = ("photos", "照片", "photos", "count")


def _about(of: Inspected, item: Item, frame: Frame) -> list[DocumentCell]:
    device = frame.names.device(of.room, item.device) if item.device else ""
    title = _title(item.title) if item.title else words.about(item.about)
    return [cell(frame.names.room(of.room)), cell(device), cell(title)]


def _title(of: Mapping[str, str]) -> Title:
    return Title(zh=of.get("zh", ""), en=of.get("en", ""))


def inspections(facts: InspectionFacts, frame: Frame, *, whole: bool) -> DocumentSection:
    """``whole``: with all items, good ones too."""
    found = list(facts.by_identity.values())
    return DocumentSection(
        section="inspections",
        title=text("巡检", "Inspections"),
        figures=inspection_figures(found),
        tables=[
            inspection_listing(found, frame),
            (inspection_items if whole else inspection_troubles)(found, frame),
        ],
    )
