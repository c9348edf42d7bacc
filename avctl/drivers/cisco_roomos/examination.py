"""A codec's self-test: what it tells of itself, and what that means to a person."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from avctl.capabilities.health import Condition, Fault, Registered, Temperature, Uptime
from avctl.drivers.cisco_roomos.tree import Leaf
from avctl.findings import Finding, Level
from avctl.points import Point

SHORT = 600  # seconds since the start that are worth a word
LEVELS: Mapping[str, Level] = {
    "Critical": Level.FAULT, "Error": Level.FAULT, "Warning": Level.WATCH,
}  # fmt: skip
LONGEST = 200  # characters of a message

Value = Callable[[Point], Any]


def about_health(device: str, value: Value) -> Iterator[Finding]:
    heat, condition = value(Temperature("inside")), value(Fault("temperature"))
    if condition in (Condition.WARNING, Condition.FAULT):
        level = Level.FAULT if condition is Condition.FAULT else Level.WATCH
        yield Finding(
            device, level, "signal",
            f"it is hot: {heat:g} °C; at its limit it shuts down",
            f"温度过高：{heat:g} °C,达到上限会自动关机",
            "see to its air and its fans",
            "检查通风和风扇",
        )  # fmt: skip
    if value(Fault("fan")) is Condition.FAULT:
        yield Finding(
            device, Level.FAULT, "signal", "a fan stands still", "有风扇停转",
            "clean or replace it", "清洁或更换风扇",
        )  # fmt: skip
    uptime = value(Uptime())
    if uptime is not None and uptime < SHORT:
        yield Finding(
            device, Level.WATCH, "line",
            f"it started {uptime // 60} minutes ago",
            f"设备在 {uptime // 60} 分钟前启动",
            "if nobody restarted it, look at its mains and its log",
            "如非人为重启，请检查供电和日志",
        )  # fmt: skip


def about_registration(device: str, value: Value) -> Iterator[Finding]:
    states = [value(Registered(by)) for by in ("sip", "h323")]
    if True not in states and False in states:
        yield Finding(
            device, Level.FAULT, "signal",
            "no server knows it: nobody can call it by its number",
            "未在任何服务器注册，无法通过号码呼叫",
            "look at its registration and its network",
            "检查注册信息和网络",
        )  # fmt: skip


def about_line(device: str, scheme: str, verify: str) -> Iterator[Finding]:
    if scheme == "tcp":
        yield Finding(
            device, Level.WATCH, "line",
            "everybody on the network can read along",
            "通信未加密，网络上任何人均可读取",
            "write its address as ssh://host:22?verify=FINGERPRINT",
            "将地址写为 ssh://host:22?verify=指纹",
        )  # fmt: skip
    elif scheme == "ssh" and verify == "no":
        yield Finding(
            device, Level.WATCH, "line",
            "whoever has its address gets its password: its host key is not looked at",
            "未校验主机密钥，冒用该地址者可获得密码",
            "write the fingerprint of its key into its address: ?verify=…",
            "将其主机密钥指纹写入地址:?verify=…",
        )  # fmt: skip


def about_messages(device: str, leaves: Iterable[Leaf]) -> Iterator[Finding]:
    for fields in messages(leaves).values():
        if level := LEVELS.get(fields.get("Level", "")):
            text = spelled(fields)
            yield Finding(
                device, level, "signal",
                f"it says of itself: {text}", f"设备自检提示：{text}",
                "look at its own diagnostics", "查看设备自身的诊断页面",
            )  # fmt: skip


def messages(leaves: Iterable[Leaf]) -> Mapping[str, Mapping[str, str]]:
    """The messages of its diagnostics by number, and the fields of each."""
    found: dict[str, dict[str, str]] = {}
    for leaf in leaves:
        match leaf.path:
            case ("Diagnostics", "Message", number, *name) if name and leaf.value:
                found.setdefault(number, {})["/".join(name)] = leaf.value
    return found


def spelled(fields: Mapping[str, str]) -> str:
    texts = [fields.get(name, "") for name in ("Type", "Description")]
    return ": ".join(filter(None, texts))[:LONGEST] or ", ".join(fields.values())[:LONGEST]
