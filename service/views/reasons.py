"""Why something did not happen, as links and jobs say it in English, for people who read Chinese."""

import re

from service.views.models import Title

SENT = re.compile(r"(: | to )b(['\"]).*?\2")  # bytes, which nobody who is warned can read
REASONS = (
    ("no answer", "没有应答"), ("refused", "连接被拒绝"), ("reset", "连接被重置"),
    ("closed", "连接已关闭"), ("timed out", "连接超时"), ("unreachable", "网络不通"),
    ("the service was stopped", "服务已停止"), ("the service was gone", "服务已退出"),
    ("it passed while nobody was there", "到时服务未运行"), ("nobody was there", "到时服务未运行"),
    ("a later one runs in its place", "由其后一次代替"),
)  # fmt: skip


def reason(said: str, device: str = "") -> Title:
    """``device``: whose name need not be said again."""
    plain = SENT.sub("", said.removeprefix(f"{device}: "))
    zh = next((words for part, words in REASONS if part in plain.lower()), plain)
    return Title(zh=zh, en=plain)
