"""A Huawei terminal's self-test: what is asked of it, and what it means to a person."""

from collections.abc import Iterator

from avctl.capabilities.power import Power
from avctl.findings import Finding, Level

H323, SIP = 3, 8  # call types


def about_calls(device: str, types: tuple[int, ...]) -> Iterator[Finding]:
    if not {H323, SIP} & set(types):
        yield Finding(
            device, Level.FAULT, "signal",
            "it can call neither by SIP nor by H.323",
            "SIP 和 H.323 呼叫均不可用",
            "look at its registration and its licence, at the terminal itself",
            "在终端上检查注册状态和许可",
        )  # fmt: skip


def about_state(device: str, power: Power | None, volume: int | None) -> Iterator[Finding]:
    if power is Power.OFF:
        yield Finding(
            device, Level.WATCH, "signal",
            "it sleeps: nobody sees or hears anything by it",
            "终端处于休眠状态，无画面无声音",
            "wake it",
            "唤醒终端",
        )  # fmt: skip
    if volume == 0:
        yield Finding(
            device, Level.WATCH, "signal",
            "its volume is 0: nobody hears the far end",
            "音量为 0,听不到远端",
            "set its volume",
            "调高音量",
        )  # fmt: skip


def about_line(device: str, scheme: str, verify: str) -> Iterator[Finding]:
    if scheme != "tls":
        yield Finding(
            device, Level.WATCH, "line",
            "its password crosses the network in the clear",
            "密码以明文在网络上传输",
            "write its address as tls://host:443?verify=FINGERPRINT",
            "将地址写为 tls://host:443?verify=指纹",
        )  # fmt: skip
    elif verify == "no":
        yield Finding(
            device, Level.WATCH, "line",
            "whoever has its address gets its password: its certificate is not looked at",
            "未校验证书，冒用该地址者可获得密码",
            "write the fingerprint of its certificate into its address: ?verify=…",
            "将其证书指纹写入地址:?verify=…",
        )  # fmt: skip


def about_question(device: str, what: str, why: str) -> Finding:
    return Finding(
        device, Level.WATCH, "model",
        f"it does not tell its {what} ({why})",
        f"无法读取 {what}({why})",
        "its software may be another than this driver was written for",
        "其软件版本可能与驱动所依据的不同",
    )  # fmt: skip
