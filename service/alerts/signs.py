"""What is wrong now with devices and pairs, as far as they can tell. Pure: reads rooms, changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from avctl.capabilities.health import Condition, Fault, Registered
from avctl.capabilities.microphone import Battery, BatteryBars
from avctl.capabilities.outlets import Outlet
from avctl.capabilities.power import is_off
from avctl.capabilities.recorder import Medium, Slot
from avctl.config import Severity
from avctl.device import Device
from avctl.pair import Fitness, Side
from avctl.points import Point
from avctl.room import Room
from service.views.reasons import reason
from service.views.values import named, titled

# A change of these may begin or end an alarm; of others none.
TELLING = (Fault, Registered, Slot, Battery, BatteryBars, Outlet)

OUT_OF_SERVICE = "out of service"  # how the reason of a link begins whose driver failed
LAST_MINUTES, LAST_BARS = 30, 1  # of a battery

PARTS = {
    "lamp": "灯泡", "fan": "风扇", "temperature": "温度", "cover": "机盖", "filter": "滤网",
    "medium": "存储介质", "other": "其他", "overall": "设备",
}  # fmt: skip
SIDES = {Side.MAIN: "主用", Side.BACKUP: "备用"}


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that is wrong. Whether it is an alarm, its duration tells."""

    zh: str
    en: str
    severity: Severity
    device: str = ""
    at_least: float = 0.0  # seconds it must last, whatever the rules say

    @property
    def text(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


@dataclass(slots=True)
class Signs:
    """By key: what is wrong, and of what it cannot be told now."""

    found: dict[str, Sign] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    all_unknown: bool = False  # of everything that is not found


def signs_of_device(room: Room, name: str, booting: float = 0.0) -> Signs:
    """``booting``: seconds that it may still take since it has its mains again."""
    device = room.devices[name]
    at, title = f"{room.name}/{name}", titled(room.file.devices[name].title, name)
    if not device.up:
        if room.mains.is_cut(name):
            return Signs(all_unknown=True)
        return Signs({_key_of_absent(device, at): _absent(device, title, booting)}, set(), True)
    signs = Signs()
    for point, reading in device.state.items():
        if not isinstance(point, TELLING):
            continue
        for key, sign in _of_point(point, reading.value, at, title):
            if reading.value is None:
                signs.unknown.add(key)
            elif sign:
                signs.found[key] = sign
    return signs


def signs_of_pair(room: Room, name: str) -> Signs:
    pair, title = room.pairs.find(name), named(room, name)
    dead = [side for side in Side if pair.health[side].fitness is Fitness.DEAD]
    signs = Signs()
    at_rest = all(_is_off(room, _carrier(room, pair.side(side))) for side in Side)
    for side in dead:
        why = pair.health[side].why
        by, key = _carrier(room, pair.side(side)), f"pair/{room.name}/{name}/{side.value}"
        if at_rest or (by and room.mains.is_cut(by)):
            signs.unknown.add(key)
            continue
        is_cause = by is None or room.devices[by].up  # else the device's own alarm is the grave one
        is_grave = is_cause and (side is pair.watch.active or len(dead) == len(Side))
        signs.found[key] = Sign(
            f"{title.zh}{SIDES[side]}故障：{why.get('zh', '')}",
            f"{title.en}: {side.value} is dead: {why.get('en', '')}",
            "critical" if is_grave else "warning",
            by or "",
        )
    if pair.watch.latched:
        signs.found[f"latch/{room.name}/{name}"] = Sign(
            f"{title.zh}自动切换已锁定，需人工复位",
            f"{title.en} is latched: it does not change over by itself until it is reset",
            "warning",
        )
    return signs


def _is_off(room: Room, device: str | None) -> bool:
    """Whether it says that it is in standby, or has no mains."""
    if device is None:
        return False
    return room.mains.is_cut(device) or is_off(room.devices[device].state)


def _carrier(room: Room, name: str) -> str | None:
    """The device behind one side of a pair."""
    if name in room.devices:
        return name
    kinds = (room.file.microphones, room.file.destinations)
    return next((kind[name].device for kind in kinds if name in kind), None)


def _key_of_absent(device: Device, at: str) -> str:
    return f"{'driver' if device.reason.startswith(OUT_OF_SERVICE) else 'device'}/{at}"


def _absent(device: Device, title: Any, booting: float) -> Sign:
    if device.reason.startswith(OUT_OF_SERVICE):
        zh, en = "驱动程序已停用", "is out of service"
    elif device.is_shut_out:
        zh, en = "拒绝登录", "does not let us in"
    else:
        zh, en = "无响应", "does not answer"
    why = reason(device.reason, device.name)
    return Sign(
        f"{title.zh}{zh}（{why.zh}）", f"{title.en} {en} ({why.en})",
        "critical", device.name, booting,
    )  # fmt: skip


def _of_point(point: Point, value: Any, at: str, title: Any) -> Iterator[tuple[str, Sign | None]]:
    """The keys that a point speaks of; with a sign where it is a bad one."""
    device = at.partition("/")[2]
    match point:
        case Fault(part):
            sign = None
            if value in (Condition.WARNING, Condition.FAULT):
                zh = "故障" if value is Condition.FAULT else "告警"
                sign = Sign(
                    f"{title.zh}{PARTS.get(part, part)}{zh}", f"{title.en}: {part} {value.value}",
                    "critical" if value is Condition.FAULT else "warning", device,
                )  # fmt: skip
            yield f"fault/{at}/{part}", sign
        case Registered(by):
            yield f"registration/{at}/{by}", None if value is not False else Sign(
                f"{title.zh}未注册到{by.upper()}服务器",
                f"{title.en} is not registered with its {by.upper()} server", "warning", device,
            )  # fmt: skip
        case Slot(number):
            yield f"medium/{at}/{number}", None if value is not Medium.FAULT else Sign(
                f"{title.zh}卡槽{number}存储介质故障", f"{title.en}: the medium in slot {number} is bad",
                "critical", device,
            )  # fmt: skip
        case Battery(channel) if value is not None:
            yield f"battery/{at}/{channel}", None if value >= LAST_MINUTES else Sign(
                f"{title.zh} {channel} 电池仅余{value}分钟",
                f"{title.en} {channel}: the battery will last {value} min", "warning", device,
            )  # fmt: skip
        case BatteryBars(channel) if value is not None:
            yield f"bars/{at}/{channel}", None if value > LAST_BARS else Sign(
                f"{title.zh} {channel} 电池电量低", f"{title.en} {channel}: the battery is low",
                "warning", device,
            )  # fmt: skip
