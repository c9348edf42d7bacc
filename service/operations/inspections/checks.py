"""The verdict of an inspection on one device, from what it told and what the ledger says of it. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from avctl.capabilities.display import Input, InputSignal
from avctl.capabilities.health import (
    ClockOffset,
    Condition,
    Fault,
    Hours,
    Registered,
    Temperature,
)
from avctl.capabilities.outlets import Burden, Load
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.recorder import Medium, Slot, TimeLeft
from avctl.capabilities.router import Signal
from avctl.config import LimitsFile
from avctl.findings import Finding, Level
from avctl.points import Point
from avctl.warmup.words import Text, part, span, text
from service.operations.ledger import Card


class Result(StrEnum):
    """In the order of their gravity."""

    SKIPPED = "skipped"  # could not be looked at, which is no fault of it
    GOOD = "good"
    WATCH = "watch"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Check:
    """One item of the checklist."""

    device: str
    about: str  # link, identity, firmware, fault/lamp, hours/lamp, signal, clock, space …
    result: Result
    text: Text

    @property
    def item(self) -> str:
        return f"{self.device}:{self.about}"

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "device": self.device, "about": self.about, "result": self.result.value,
            "text": dict(self.text),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one device at its inspection."""

    device: str
    up: bool = True
    reason: str = ""
    shut_out: bool = False  # it answers, and does not let us in
    dark: bool = False  # its outlet is off
    answered: bool = True  # all that it was asked
    readings: Mapping[Point, Any] = field(default_factory=dict)  # of this inspection
    limits: LimitsFile = field(default_factory=LimitsFile)
    clock: float = 5.0  # seconds that its clock may be off
    expected: Collection[int] = ()  # inputs that have to have a signal: a camera is plugged in
    findings: Sequence[Finding] = ()  # of its own examination
    card: Card | None = None  # of the ledger
    gone_to: Card | None = None  # the device of this place, which answers elsewhere
    firmware_changed: Text | None = None  # since the last inspection
    today: str = ""  # local date


def judge(seen: Seen) -> list[Check]:
    """All items of one device, those that are well too."""
    found = list(_link(seen))
    if seen.up:
        for test in TESTS:
            found += test(seen)
    found += _identity(seen)
    return found


def worst(results: Collection[Result]) -> Result:
    return max(results, key=list(Result).index, default=Result.GOOD)


def _link(seen: Seen) -> Iterator[Check]:
    loan = seen.card.loan if seen.card else None
    if seen.up and not seen.answered:
        yield _check(seen, "link", Result.WATCH, "已连接，部分询问无应答", "connected, and left questions unanswered")  # fmt: skip
    elif seen.up:
        yield _check(seen, "link", Result.GOOD, "已连接", "connected")
    elif loan:
        is_late = bool(loan.until and seen.today > loan.until)
        until = f",应于 {loan.until} 归还" if loan.until else ""
        en = f", due back on {loan.until}" if loan.until else ""
        result = Result.WATCH if is_late else Result.SKIPPED
        yield _check(seen, "link", result, f"借给 {loan.to}{until}", f"lent to {loan.to}{en}")
    elif seen.card and seen.card.in_repair:
        yield _check(seen, "link", Result.SKIPPED, "送修中", "in repair")
    elif seen.dark:
        yield _check(seen, "link", Result.WATCH, "插座未通电，未能检查", "its outlet is off: not inspected")  # fmt: skip
    elif seen.shut_out:
        yield _check(seen, "link", Result.FAULT, f"登录未成功：{seen.reason}", f"does not let us in: {seen.reason}")  # fmt: skip
    else:
        yield _check(seen, "link", Result.FAULT, f"无法连接：{seen.reason}", f"not reachable: {seen.reason}")  # fmt: skip


def _power(seen: Seen) -> Iterator[Check]:
    state = seen.readings.get(PowerState())
    if state is Power.UNKNOWN:
        yield _check(seen, "power", Result.WATCH, "电源状态不明", "does not tell whether it is on")
    elif state is not None:
        yield _check(seen, "power", Result.GOOD, POWER[state], state.value)


def _faults(seen: Seen) -> Iterator[Check]:
    for point, value in _of(seen, Fault):
        name = part(point.part)
        if value is Condition.FAULT:
            yield _check(seen, point.key, Result.FAULT, f"{name}故障", f"{point.part}: fault")
        elif value is Condition.WARNING:
            yield _check(seen, point.key, Result.WATCH, f"{name}警告", f"{point.part}: warning")
        elif value is Condition.GOOD:
            yield _check(seen, point.key, Result.GOOD, f"{name}正常", f"{point.part} is well")


def _worn(seen: Seen) -> Iterator[Check]:
    for point, hours in _of(seen, Hours):
        limits = seen.limits
        limit = limits.filter_hours if point.of == "filter" else limits.lamp_hours
        result = Result.WATCH if limit is not None and hours > limit else Result.GOOD
        zh, en = f"{part(point.of)}已用 {hours} 小时", f"{point.of}: {hours} h"
        if limit is not None:
            zh, en = f"{zh}(限 {limit})", f"{en} (limit {limit})"
        yield _check(seen, point.key, result, zh, en)


def _heat(seen: Seen) -> Iterator[Check]:
    for point, degrees in _of(seen, Temperature):
        limit = seen.limits.temperature
        result = Result.FAULT if limit and degrees > limit else Result.GOOD
        yield _check(seen, point.key, result, f"温度 {degrees:g} °C", f"{degrees:g} °C")


def _signal(seen: Seen) -> Iterator[Check]:
    shown = seen.readings.get(InputSignal())
    is_on = seen.readings.get(PowerState(), Power.ON) is Power.ON
    source = seen.readings.get(Input()) or "?"
    if shown is True:
        yield _check(seen, "signal", Result.GOOD, f"输入 {source} 有信号", f"signal at {source}")
    elif shown is False and is_on:
        yield _check(seen, "signal", Result.WATCH, f"输入 {source} 无信号", f"no signal at {source}")  # fmt: skip
    inputs = dict(_of(seen, Signal))
    missing = [p.input for p, value in inputs.items() if not value and p.input in seen.expected]
    for number in missing:
        yield _check(seen, f"signal/{number}", Result.FAULT, f"输入 {number} 无信号", f"no signal at input {number}")  # fmt: skip
    there = [p.input for p, value in inputs.items() if value]
    if inputs and not missing:
        listed = ", ".join(map(str, sorted(there))) or "-"
        yield _check(seen, "signals", Result.GOOD, f"有信号的输入：{listed}", f"inputs with signal: {listed}")  # fmt: skip


def _clock(seen: Seen) -> Iterator[Check]:
    for point, offset in _of(seen, ClockOffset):
        result = Result.WATCH if abs(offset) > seen.clock else Result.GOOD
        zh, en = f"时钟偏差 {offset:+.1f} 秒", f"clock {offset:+.1f} s"
        yield _check(seen, point.key, result, zh, en)


def _space(seen: Seen) -> Iterator[Check]:
    slots = dict(_of(seen, Slot))
    for point, medium in slots.items():
        if medium is Medium.FAULT:
            zh, en = f"卡槽 {point.number} 介质故障", f"medium in slot {point.number} at fault"
            yield _check(seen, point.key, Result.FAULT, zh, en)
    if slots and all(medium is Medium.EMPTY for medium in slots.values()):
        yield _check(seen, "space", Result.FAULT, "无存储介质", "no medium in any slot")
        return
    lefts = [left for _, left in _of(seen, TimeLeft)]
    if not lefts:
        return
    left = span(max(lefts))
    short = max(lefts) < seen.limits.recorder
    result = Result.FAULT if max(lefts) == 0 else Result.WATCH if short else Result.GOOD
    yield _check(seen, "space", result, f"可录 {left['zh']}", f"{left['en']} of recording left")


def _registration(seen: Seen) -> Iterator[Check]:
    told = dict(_of(seen, Registered))
    for point, known in told.items():
        if known:
            yield _check(seen, point.key, Result.GOOD, f"{point.by} 已注册", f"registered by {point.by}")  # fmt: skip
        else:
            yield _check(seen, point.key, Result.FAULT, f"{point.by} 未注册", f"not registered by {point.by}")  # fmt: skip


def _load(seen: Seen) -> Iterator[Check]:
    for point, load in _of(seen, Load):
        result = Result.GOOD if load is Burden.NORMAL else Result.WATCH
        result = Result.FAULT if load is Burden.OVERLOAD else result
        yield _check(seen, point.key, result, f"负载：{load.value}", f"load: {load.value}")


def _examined(seen: Seen) -> Iterator[Check]:
    for number, finding in enumerate(seen.findings, 1):
        if finding.level is not Level.GOOD:
            about = f"examined/{number}/{finding.about}"
            yield Check(seen.device, about, Result(finding.level.value), text(finding.zh, finding.en))  # fmt: skip


def _firmware(seen: Seen) -> Iterator[Check]:
    now = seen.card.told("firmware") if seen.card else ""
    if seen.firmware_changed:
        yield Check(seen.device, "firmware", Result.WATCH, seen.firmware_changed)
    elif now:
        yield _check(seen, "firmware", Result.GOOD, f"固件 {now}", f"firmware {now}")


def _identity(seen: Seen) -> Iterator[Check]:
    """Whether what stands here is what the ledger has here."""
    card = seen.card
    if seen.gone_to and not seen.up:
        where = f"{seen.gone_to.room}/{seen.gone_to.name}"
        yield _check(seen, "identity", Result.FAULT, f"设备已在 {where}", f"the device of this place is at {where}")  # fmt: skip
        return
    if card is None or not seen.up:
        return
    for what in ("serial", "model"):
        told, said = card.told(what), card.facts.get(what, "")
        if told and said and told != said and not (what == "serial" and card.doubt):
            yield _check(seen, f"identity/{what}", Result.FAULT, f"{what} 为 {told}，台账为 {said}", f"its {what} is {told}, and {said} in the ledger")  # fmt: skip
    if card.doubt:
        result = Result.FAULT if card.doubt.kind == "replaced" else Result.WATCH
        yield Check(seen.device, "identity", result, card.doubt.text)
    else:
        number = card.says("serial")
        by = f"序列号 {number}" if number else "型号及地址相符"
        en = f"serial {number}" if number else "by model and address"
        yield _check(seen, "identity", Result.GOOD, f"与台账一致：{by}", f"as in the ledger: {en}")


POWER: Mapping[Power, str] = {
    Power.ON: "开机", Power.OFF: "待机", Power.WARMING: "预热", Power.COOLING: "冷却",
}  # fmt: skip

TESTS: Sequence[Callable[[Seen], Iterator[Check]]] = (
    _power, _faults, _worn, _heat, _signal, _clock, _space, _registration, _load, _examined,
    _firmware,
)  # fmt: skip


def _of(seen: Seen, kind: type[Any]) -> Iterator[tuple[Any, Any]]:
    """Its points of a kind with what they say; those that say nothing are left out."""
    for point, value in seen.readings.items():
        if isinstance(point, kind) and value is not None:
            yield point, value


def _check(seen: Seen, about: str, result: Result, zh: str, en: str) -> Check:
    return Check(seen.device, about, result, text(zh, en))
