"""Words of entries, in both languages."""

from avctl.warmup.words import part
from service.operations.reports.papers.parts import text
from service.views.models import Title

VERDICTS = {
    "confirmed": text("已确认", "confirmed"), "sent": text("已发送", "sent"),
    "failed": text("失败", "failed"), "unknown": text("结果未知", "unknown"),
    "superseded": text("被取代", "superseded"), "interrupted": text("中断", "interrupted"),
}  # fmt: skip
SEVERITIES = {
    "info": text("提示", "info"), "warning": text("警告", "warning"),
    "critical": text("严重", "critical"),
}  # fmt: skip
NATURES = {
    "unknown": text("未定", "unknown"), "soft": text("软故障", "soft"),
    "hardware": text("硬件故障", "hardware"),
}  # fmt: skip
STATES = {
    "open": text("待响应", "open"), "responded": text("处理中", "being repaired"),
    "repaired": text("已修复，待确认", "repaired"), "closed": text("已关闭", "closed"),
}  # fmt: skip
SOURCES = {
    "tap": text("手动", "tap"), "calendar": text("日程", "calendar"), "call": text("呼叫", "call"),
    "alarm": text("告警", "alarm"), "inspection": text("巡检", "inspection"),
    "person": text("人工", "person"),
}  # fmt: skip
RESULTS = {
    "good": text("正常", "good"), "watch": text("关注", "watch"), "fault": text("故障", "fault"),
    "skipped": text("未检", "skipped"), "": text("未填", "not told"),
}  # fmt: skip
WARM_UPS = {
    "good": text("合格", "good"), "bad": text("有异常", "failed devices"),
    "incomplete": text("未完成", "incomplete"),
}  # fmt: skip
GRADES = {
    "good": text("良好", "good"), "watch": text("关注", "watch"), "poor": text("较差", "poor"),
    "unseen": text("无记录", "not seen"),
}  # fmt: skip


BY = {
    "schedule": text("日程", "schedule"), "automatic": text("自动", "by itself"),
    "inspection": text("巡检", "inspection"),
}  # fmt: skip
ABOUT = {  # what an inspection looks at
    "link": text("连接", "connection"), "power": text("电源", "power"),
    "identity": text("身份", "identity"), "firmware": text("固件", "firmware"),
    "signal": text("信号", "signal"), "signals": text("信号", "signals"),
    "space": text("存储空间", "space"), "presets": text("预置位", "presets"),
    "fault": text("状况", "condition"), "hours": text("使用时间", "hours of use"),
    "temperature": text("温度", "temperature"), "registered": text("注册", "registration"),
    "clock": text("时钟", "clock"), "slot": text("存储卡", "medium"),
    "load": text("负载", "load"), "examined": text("自检", "self-test"),
}  # fmt: skip


def about(said_of: str) -> Title:
    """ "fault/lamp" as people say it."""
    what, _, rest = said_of.partition("/")
    known = ABOUT.get(what)
    if known is None:
        return Title(zh=said_of, en=said_of)
    if not rest or what == "examined":
        return known
    return Title(zh=f"{known.zh}：{part(rest)}", en=f"{known.en}: {rest}")


def said(words: dict[str, Title], word: str) -> Title:
    return words.get(word) or Title(zh=word, en=word)
