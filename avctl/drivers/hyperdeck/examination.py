"""What keeps a HyperDeck from recording when it is asked to, in plain words."""

from collections.abc import Iterator

from avctl.capabilities.recorder import Medium
from avctl.drivers.hyperdeck.media import Media
from avctl.findings import Finding, Level


def remote_off(device: str) -> Finding:
    return Finding(
        device, Level.FAULT, "login",
        "remote control is switched off at its front panel",
        "前面板的远程控制(REM)已关闭",
        "press REM at the deck, or set `override` in the room file",
        "按下录像机上的 REM 键，或在房间文件中设置 `override`",
    )  # fmt: skip


def no_signal(device: str) -> Finding:
    return Finding(
        device, Level.WATCH, "signal",
        "there is no signal at its input",
        "录像机输入端没有信号",
        "look at what feeds it, and which input is chosen",
        "检查信号源和所选输入",
    )  # fmt: skip


def media(device: str, told: Media, least: int) -> Iterator[Finding]:
    """``least``: seconds that must still fit onto all media together."""
    for slot in told.slots:
        if told.medium(slot) is Medium.FAULT:
            yield Finding(
                device, Level.FAULT, "medium",
                f"the medium in slot {slot} is faulty",
                f"插槽 {slot} 中的介质有故障",
                "put another one in", "更换介质",
            )  # fmt: skip
    minutes = sum(map(told.left, told.slots)) // 60
    if minutes * 60 < least:
        yield Finding(
            device, Level.FAULT if not minutes else Level.WATCH, "medium",
            f"{minutes} minutes still fit onto its media" if minutes else "nothing more can be recorded",
            f"介质只能再录 {minutes} 分钟" if minutes else "介质已无法再录制",
            "put an empty medium in", "插入空白介质",
        )  # fmt: skip
