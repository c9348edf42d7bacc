"""The verdict on a device after a warm-up, from what was seen of it. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from avctl.capabilities.health import Condition
from avctl.capabilities.outlets import Burden
from avctl.capabilities.power import Power
from avctl.capabilities.recorder import Medium
from avctl.config import LimitsFile
from avctl.warmup.record import DARK, Record
from avctl.warmup.words import GAPS, Finding, Text, part, span, text

PEOPLE = ("serial", "model", "manufacturer", "part")  # what tells one device from another
TOO_HOT = "temperature"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How things stood at the end of the hold."""

    record: Record
    held_from: float  # seconds since the warm-up began
    held_until: float
    limits: LimitsFile
    up: bool = True
    reason: str = ""  # why it is not reachable
    since: str = ""  # when it was last reachable, in words
    shut_out: bool = False  # it answers, and does not let us in
    outlets_off: Sequence[Text] = ()  # the outlets before it that are not on, and why
    outlets_failed: Sequence[Text] = ()  # its own outlets, where it switches some
    load: str = ""  # what its outlet tells of the load
    can_be_asked: bool = True
    unanswered: float = 0.0  # of the questions in the hold, as a part of one
    known: Mapping[str, str] | None = None  # who it said it was before this warm-up


@dataclass(frozen=True, slots=True)
class Judgement:
    finding: Finding
    remarks: tuple[Text, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {"finding": self.finding.value, "remarks": [dict(each) for each in self.remarks]}

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "Judgement":
        return cls(Finding(said["finding"]), tuple(said["remarks"]))


def judge(seen: Evidence) -> Judgement:
    """The first finding that there is evidence for counts; what else there is to say stands in the remarks."""
    if seen.record.skipped:
        return Judgement(Finding.SKIPPED)
    told = [(finding, remark) for finding, test in TESTS for remark in test(seen)]
    if not told:
        return Judgement(Finding.OK)
    first = min((finding for finding, _ in told), key=list(Finding).index)
    of_others = () if first in ENOUGH else tuple(r for f, r in told if f is not first)
    return Judgement(first, (*(r for f, r in told if f is first), *of_others))


def _no_outlet(seen: Evidence) -> Iterator[Text]:
    if not seen.up:
        yield from seen.outlets_off


def _no_link(seen: Evidence) -> Iterator[Text]:
    if not seen.up and not seen.shut_out:
        yield text(
            f"{seen.since}起无法连接：{seen.reason}",
            f"not reachable since {seen.since}: {seen.reason}",
        )
        if seen.load:
            yield text(f"其插座负载：{seen.load}", f"load of its outlet: {seen.load}")


def _auth(seen: Evidence) -> Iterator[Text]:
    if not seen.up and seen.shut_out:
        yield text(f"已连接，登录未成功：{seen.reason}", f"connected, but {seen.reason}")


def _wrong_identity(seen: Evidence) -> Iterator[Text]:
    if not seen.known:
        return
    for key in PEOPLE:
        before, now = seen.known.get(key), seen.record.identity.get(key)
        if before and now and before != now:
            yield text(f"{key} 为 {now}，此前为 {before}", f"its {key} is {now}, and was {before}")
            return


def _stuck(state: Power, zh: str) -> "Callable[[Evidence], Iterator[Text]]":
    def test(seen: Evidence) -> Iterator[Text]:
        if seen.up and seen.record.switched and seen.record.state == state.value:
            since = seen.record.states[-1][0]
            lasted = span(max(0.0, seen.held_until - since))
            yield text(f"{zh}已持续 {lasted['zh']}", f"{state.value} for {lasted['en']}")

    return test


def _fault(seen: Evidence) -> Iterator[Text]:
    record = seen.record
    yield from _faults(record, Condition.FAULT, "故障", "fault")
    if seen.up:
        yield from seen.outlets_failed
    for key in record.keys("slot"):
        if Medium.FAULT.value in record.told(key, 0.0):
            yield text(f"{key} 介质故障", f"{key}: medium at fault")
    if limit := seen.limits.temperature:
        for key in record.keys(TOO_HOT):
            if (hottest := max(record.told(key, 0.0), default=0.0)) > limit:
                yield text(
                    f"{key} {hottest:g} °C,超过 {limit:g} °C",
                    f"{key} {hottest:g} °C, over {limit:g} °C",
                )
    if not (seen.up and record.switched) or record.is_ready:
        return
    if record.state in (Power.OFF.value, Power.UNKNOWN.value):
        why = f": {record.why}" if record.why else ""
        if record.ready is None:
            yield text(f"未能开机{why}", f"did not come on{why}")
        else:
            yield text("保持期间自行关机", "went off while it was held")


def _faults(record: Record, condition: Condition, zh: str, en: str) -> Iterator[Text]:
    for key in record.keys("fault"):
        name = key.partition("/")[2]
        if condition.value in record.told(key, 0.0):
            yield text(f"{part(name)}{zh}", f"{name}: {en}")


def _no_picture(seen: Evidence) -> Iterator[Text]:
    """Of what it told last, while it is on."""
    record = seen.record
    if not record.is_ready:
        return
    if _last(seen, "input_signal") is False:
        source = _last(seen, "input") or "?"
        yield text(f"输入 {source} 无信号", f"no signal at input {source}")
    lamps = [_last(seen, key) for key in record.keys("lit")]
    if lamps and not any(lamp is not False for lamp in lamps):
        yield text("已开机，灯泡未点亮", "on, and no lamp burns")


def _degraded(seen: Evidence) -> Iterator[Text]:
    record = seen.record
    if record.retried and record.ready is not None:
        yield text("重试后才开机", "came up at the second attempt")
    for at, until, state in record.gaps(seen.held_from, seen.held_until):
        if record.is_ready:
            lasted, was = span(until - at), GAPS.get(state, text(state, f"was {state}"))
            yield text(
                f"保持期间{was['zh']} {lasted['zh']}",
                f"{was['en']} for {lasted['en']} while it was held",
            )
    yield from _faults(record, Condition.WARNING, "警告", "warning")
    yield from _worn(seen)
    yield from _weak(seen)
    if seen.unanswered > seen.limits.unanswered:
        yield text(
            f"{seen.unanswered:.0%} 的询问无应答",
            f"no answer to {seen.unanswered:.0%} of what it was asked",
        )


def _worn(seen: Evidence) -> Iterator[Text]:
    """Hours over their limits."""
    record = seen.record
    for key in record.keys("hours"):
        of = key.partition("/")[2]
        limit = seen.limits.filter_hours if of == "filter" else seen.limits.lamp_hours
        hours = max(record.told(key, 0.0), default=0)
        if limit is not None and hours > limit:
            yield text(
                f"{part(of)}已用 {hours} 小时，超过 {limit}", f"{of}: {hours} h, over {limit}"
            )


def _weak(seen: Evidence) -> Iterator[Text]:
    """What works, and was not well all the time."""
    record, since = seen.record, seen.held_from
    lamps = {key: _last(seen, key) for key in record.keys("lit")}
    if record.is_ready and any(lit is not False for lit in lamps.values()):
        for key in (key for key, lit in lamps.items() if lit is False):
            name = key.partition("/")[2]
            yield text(f"{part(name)}未点亮", f"{name} does not burn")
    signals = record.told("input_signal", since)
    if False in signals and signals[-1]:
        yield text("画面曾中断", "the picture was missing for a time")
    for key in record.keys("registered"):
        if _last(seen, key) is False:
            by = key.partition("/")[2]
            yield text(f"未在 {by} 服务器注册", f"not registered by {by}")
    for key in record.keys("load"):
        for load in dict.fromkeys(record.told(key, since)):
            if load != Burden.NORMAL.value:
                yield text(f"{key} 负载：{load}", f"{key}: {load}")
    lefts = [left for key in record.keys("time_left") if (left := _last(seen, key)) is not None]
    if lefts and max(lefts) < seen.limits.recorder:
        left = span(max(lefts))
        yield text(f"录像空间仅余 {left['zh']}", f"only {left['en']} of recording left")
    starts = record.told("uptime", 0.0)
    if not record.cuttable and any(after < before for before, after in pairwise(starts)):
        yield text("曾自行重启", "restarted by itself")
    for key, (before, now) in record.changed.items():
        yield text(f"{key} 变为 {now}(原 {before})", f"its {key} became {now} (was {before})")


def _sent(seen: Evidence) -> Iterator[Text]:
    if not seen.can_be_asked:
        yield text("指令已发出，设备无法应答状态", "it was told, and cannot tell how it stands")


def _last(seen: Evidence, key: str) -> Any:
    told = seen.record.told(key, seen.held_from)
    return told[-1] if told else None


Test = Callable[[Evidence], Iterator[Text]]

TESTS: Sequence[tuple[Finding, Test]] = (
    (Finding.NO_OUTLET, _no_outlet),
    (Finding.NO_LINK, _no_link),
    (Finding.AUTH, _auth),
    (Finding.WRONG_IDENTITY, _wrong_identity),
    (Finding.STUCK_WARMING, _stuck(Power.WARMING, "预热")),
    (Finding.STUCK_COOLING, _stuck(Power.COOLING, "冷却")),
    (Finding.FAULT, _fault),
    (Finding.NO_PICTURE, _no_picture),
    (Finding.DEGRADED, _degraded),
    (Finding.SENT, _sent),
)
# Findings beside which nothing else of the device is known.
ENOUGH = (Finding.NO_OUTLET, Finding.NO_LINK, Finding.AUTH)


def after_shutting_down(before: Judgement, record: Record, why: str) -> Judgement:
    """What its going off adds to the verdict. ``why``: what kept it from standby; empty where nothing did."""
    if not why or record.state == DARK:
        return before
    stuck = record.state == Power.COOLING.value
    finding = Finding.STUCK_COOLING if stuck else Finding.FAULT
    worst = min(before.finding, finding, key=list(Finding).index)
    remark = text(f"未能关机：{why}", f"did not go to standby: {why}")
    return Judgement(worst, (*before.remarks, remark))
