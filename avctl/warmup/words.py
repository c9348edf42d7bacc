"""What a warm-up says of a room and its devices, in both languages."""

from collections.abc import Mapping
from enum import StrEnum

Text = Mapping[str, str]  # language code ("zh", "en") → text


def text(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


class Phase(StrEnum):
    GETTING_READY = "getting-ready"
    WAITING = "waiting"  # before those that did not come up are tried once more
    TRYING_AGAIN = "trying-again"
    HOLDING = "holding"
    SHUTTING_DOWN = "shutting-down"
    ENDED = "ended"


class Finding(StrEnum):
    """The verdict on one device. What comes first counts first: a device without mains is told as that alone."""

    SKIPPED = "skipped"  # left out by a person
    NO_OUTLET = "no-outlet"
    NO_LINK = "no-link"
    AUTH = "auth"  # it answers, and does not let us in
    WRONG_IDENTITY = "wrong-identity"  # it is not the device that was here before
    STUCK_WARMING = "stuck-warming"
    STUCK_COOLING = "stuck-cooling"
    FAULT = "fault"
    NO_PICTURE = "no-picture"
    DEGRADED = "degraded"  # works, with something to look at
    SENT = "sent"  # switched, and cannot be asked
    OK = "ok"

    @property
    def is_good(self) -> bool:
        """Whether the room can be used with it."""
        return self in (Finding.DEGRADED, Finding.SENT, Finding.OK, Finding.SKIPPED)

    @property
    def words(self) -> Text:
        return FINDINGS[self]


PHASES: Mapping[Phase, Text] = {
    Phase.GETTING_READY: text("正在开机", "getting ready"),
    Phase.WAITING: text("等待重试", "waiting to try again"),
    Phase.TRYING_AGAIN: text("正在重试", "trying again"),
    Phase.HOLDING: text("保持开机", "holding"),
    Phase.SHUTTING_DOWN: text("正在关机", "shutting down"),
    Phase.ENDED: text("已结束", "ended"),
}

FINDINGS: Mapping[Finding, Text] = {
    Finding.SKIPPED: text("未参加", "left out"),
    Finding.NO_OUTLET: text("未通电", "no outlet"),
    Finding.NO_LINK: text("无应答", "no network, or no answer"),
    Finding.AUTH: text("登录被拒", "login refused"),
    Finding.WRONG_IDENTITY: text("设备不符", "wrong identity"),
    Finding.STUCK_WARMING: text("停在预热", "stuck warming"),
    Finding.STUCK_COOLING: text("停在冷却", "stuck cooling"),
    Finding.FAULT: text("故障", "fault"),
    Finding.NO_PICTURE: text("无画面", "no picture"),
    Finding.DEGRADED: text("可用，有异常", "degraded"),
    Finding.SENT: text("已发出，无法核实", "sent, cannot be asked"),
    Finding.OK: text("正常", "OK"),
}

PARTS: Mapping[str, str] = {  # of devices that tell faults, in Chinese
    "fan": "风扇",
    "lamp": "灯泡",
    "temperature": "温度",
    "cover": "盖板",
    "filter": "滤网",
    "medium": "存储介质",
    "other": "其他部件",
    "overall": "整机",
}


GAPS: Mapping[str, Text] = {  # what a device was while it should have been on
    "dark": text("无连接", "had no link"),
    "off": text("待机", "was in standby"),
    "warming": text("重新预热", "was warming up"),
    "cooling": text("冷却", "was cooling down"),
    "unknown": text("状态不明", "did not tell how it was"),
}


def part(name: str) -> str:
    return PARTS.get(name, name)


def span(seconds: float) -> Text:
    """``95`` → 1 min 35 s."""
    if 0 < seconds < 0.5:
        return text("不到 1 秒", "less than 1 s")
    minutes, left = divmod(round(seconds), 60)
    if not minutes:
        return text(f"{left} 秒", f"{left} s")
    if not left:
        return text(f"{minutes} 分钟", f"{minutes} min")
    return text(f"{minutes} 分 {left} 秒", f"{minutes} min {left} s")
