"""A warm-up's proof as a picture: how every device stood over time, the hold, what happened, and the verdicts."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from html import escape

from service.views.models import Title
from service.views.warmup import WarmUpDeviceView, WarmUpView

WIDTH, MARGIN = 1200, 32
LEFT, RIGHT = 250, 860  # of the bars
TOP, ROW, BAR = 150, 52, 20
FONT = "'Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
INK, PALE, LINE, PAPER = "#1c2733", "#6b7785", "#d9dfe6", "#ffffff"

COLOURS = {
    "dark": "url(#dark)", "unseen": "url(#unseen)", "off": "#b9c2cc", "warming": "#f2a93b",
    "on": "#2e9e62", "up": "#2f8f9d", "cooling": "#4a90d9", "unknown": "#8f7fb0",
}  # fmt: skip
STATES = {
    "dark": Title(zh="无连接", en="no link"), "off": Title(zh="待机", en="standby"),
    "warming": Title(zh="预热", en="warming"), "on": Title(zh="开机", en="on"),
    "up": Title(zh="在线", en="connected"), "cooling": Title(zh="冷却", en="cooling"),
    "unseen": Title(zh="未观察", en="not seen"),
}  # fmt: skip
GOOD, LOOK, BAD, NONE = "#2e9e62", "#b9770e", "#c0392b", "#8a94a0"
STEPS = (60, 120, 300, 600, 900, 1800, 3600)  # seconds between two marks


def picture_of(proof: WarmUpView, zone: tzinfo) -> str:
    """An SVG of 1200 pixels width, in both languages. It needs nothing from outside but a font with Chinese."""
    return "\n".join(_Picture(proof, zone).lines()) + "\n"


class _Picture:
    def __init__(self, proof: WarmUpView, zone: tzinfo) -> None:
        self._proof, self._zone = proof, zone
        self._length = max(proof.elapsed, 1.0)
        self._bottom = TOP + ROW * len(proof.devices)

    def lines(self) -> Iterator[str]:
        height = self._bottom + 118 + 18 * len(self._news())
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" font-family="{FONT}" fill="{INK}">'
        )
        yield PATTERNS
        yield f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>'
        yield from self._head()
        yield from self._hold()
        yield from self._axis()
        for place, device in enumerate(self._proof.devices):
            yield from self._row(TOP + ROW * place, device)
        yield from self._foot()
        yield "</svg>"

    def _x(self, at: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, at / self._length)), 1)

    # Around.

    def _head(self) -> Iterator[str]:
        proof = self._proof
        yield _text(MARGIN, 46, f"{proof.title.zh} 预热记录", 24, weight=700)
        yield _text(MARGIN, 72, f"{proof.title.en} · warm-up", 15, PALE)
        when = self._local(0).strftime("%Y-%m-%d %H:%M")
        until = self._local(proof.elapsed).strftime("%H:%M %Z")
        yield _text(WIDTH - MARGIN, 46, f"{when} – {until}", 16, anchor="end")
        yield _text(WIDTH - MARGIN, 72, f"{proof.by} · {proof.run[:8]}", 13, PALE, anchor="end")
        colour, said = self._result()
        yield f'<rect x="{MARGIN}" y="88" width="6" height="30" rx="3" fill="{colour}"/>'
        yield _text(MARGIN + 18, 102, said.zh, 15, weight=600)
        yield _text(MARGIN + 18, 118, said.en, 12, PALE)

    def _result(self) -> tuple[str, Title]:
        proof, minutes = self._proof, f"{self._proof.held / 60:.1f}"
        if proof.incomplete:
            why = proof.incomplete
            return BAD, Title(zh=f"未完成：{why.zh}", en=f"incomplete: {why.en}")
        bad = [device for device in proof.devices if device.good is False]
        zh = f"自最后一台就绪起保持 {minutes} 分钟"
        en = f"held for {minutes} min from the last device ready"
        if bad:
            return BAD, Title(
                zh=f"{len(bad)} 台设备异常 · {zh}", en=f"{len(bad)} devices failed · {en}"
            )
        return GOOD, Title(zh=f"全部可用 · {zh}", en=f"all usable · {en}")

    def _hold(self) -> Iterator[str]:
        proof = self._proof
        if proof.held_from is None or proof.held <= 0:
            return
        since, until = self._x(proof.held_from), self._x(proof.held_from + proof.held)
        yield (
            f'<rect x="{since}" y="{TOP - 14}" width="{round(until - since, 1)}" '
            f'height="{self._bottom - TOP + 14}" fill="#2e9e62" opacity="0.08"/>'
        )
        for at in (since, until):
            yield (
                f'<line x1="{at}" x2="{at}" y1="{TOP - 14}" y2="{self._bottom}" '
                f'stroke="#2e9e62" stroke-dasharray="4 3"/>'
            )
        seconds = f"{proof.held:.0f}"
        yield _text(
            (since + until) / 2, TOP - 20, f"保持 held {seconds} s", 12, GOOD, "middle", 600
        )

    def _axis(self) -> Iterator[str]:
        step = next((each for each in STEPS if self._length / each <= 8), STEPS[-1])
        yield f'<line x1="{LEFT}" x2="{RIGHT}" y1="{self._bottom}" y2="{self._bottom}" stroke="{LINE}"/>'
        at = 0.0
        while at <= self._length:
            x = self._x(at)
            yield f'<line x1="{x}" x2="{x}" y1="{TOP - 6}" y2="{self._bottom + 5}" stroke="{LINE}"/>'
            local = self._local(at).strftime("%H:%M")
            yield _text(x, self._bottom + 20, local, 12, PALE, "middle")
            at += step

    # One device.

    def _row(self, y: int, device: WarmUpDeviceView) -> Iterator[str]:
        middle = y + ROW // 2
        yield _text(MARGIN, middle - 3, _cut(device.title.zh, 13), 15, weight=600)
        yield _text(MARGIN, middle + 14, _cut(device.title.en, 28), 12, PALE)
        for span in device.spans:
            left, right = self._x(span.since), self._x(span.until)
            if right - left >= 0.2:
                yield (
                    f'<rect x="{left}" y="{middle - BAR // 2}" width="{round(right - left, 1)}" '
                    f'height="{BAR}" fill="{COLOURS.get(span.state, NONE)}"/>'
                )
        if device.ready is not None and device.ready > 1:
            x = self._x(device.ready)
            top = middle - BAR // 2 - 2
            yield f'<path d="M{x} {top} l-5 -7 h10 z" fill="{INK}"/>'
        yield from self._verdict(middle, device)

    def _verdict(self, middle: int, device: WarmUpDeviceView) -> Iterator[str]:
        words = device.words or Title(zh="未判定", en="not judged")
        colour = _colour(device)
        x = RIGHT + 22
        yield f'<circle cx="{x}" cy="{middle - 8}" r="5" fill="{colour}"/>'
        yield _text(x + 12, middle - 3, f"{words.zh} {words.en}", 13, colour, weight=600)
        remark = device.remarks[0] if device.remarks else None
        said = _cut(remark.en, 42) if remark else f"{device.minutes_on:.1f} min"
        yield _text(x + 12, middle + 14, said, 11, PALE)
        if remark:
            yield _text(WIDTH - MARGIN, middle - 3, f"{device.minutes_on:.1f} min", 11, PALE, "end")

    # Below.

    def _news(self) -> list[str]:
        """What happened, but for devices that were ready: those are marked."""
        events = [event for event in self._proof.events if "就绪" not in event.text.zh]
        told = [
            f"{self._local(event.at):%H:%M:%S}  {event.text.zh}  {event.text.en}"
            for event in events
        ]
        if left := self._proof.left_on:
            told.append(f"未关机：{left.zh}  left on: {left.en}")
        return [*told, *self._remarks()]

    def _remarks(self) -> Iterator[str]:
        for device in self._proof.devices:
            for remark in device.remarks:
                yield f"{device.title.zh}:{remark.zh}  {device.title.en}: {remark.en}"

    def _foot(self) -> Iterator[str]:
        y, x = self._bottom + 52, float(MARGIN)
        for state, title in STATES.items():
            yield f'<rect x="{x}" y="{y - 11}" width="14" height="14" rx="2" fill="{COLOURS[state]}"/>'
            yield _text(x + 20, y, f"{title.zh} {title.en}", 12, PALE)
            x += 40 + 13 * len(title.zh) + 7 * len(title.en)
        yield f'<path d="M{x + 6} {y} l-5 -8 h10 z" fill="{INK}"/>'
        yield _text(x + 18, y, "就绪 ready", 12, PALE)
        for place, news in enumerate(self._news()):
            yield _text(MARGIN, y + 28 + 18 * place, _cut(news, 150), 12)

    def _local(self, after: float) -> datetime:
        began = datetime.fromisoformat(self._proof.began)
        return (began + timedelta(seconds=after)).astimezone(self._zone)


def _colour(device: WarmUpDeviceView) -> str:
    if device.finding in (None, "skipped"):
        return NONE
    if device.finding == "ok":
        return GOOD
    return LOOK if device.good else BAD


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _text(
    x: float,
    y: float,
    said: str,
    size: int,
    colour: str = INK,
    anchor: str = "start",
    weight: int = 400,
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{colour}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(said)}</text>'
    )


PATTERNS = """<defs>
<pattern id="dark" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="6" height="6" fill="#eef1f4"/><line y2="6" stroke="#c5ccd4" stroke-width="3"/></pattern>
<pattern id="unseen" width="5" height="5" patternUnits="userSpaceOnUse">
<rect width="5" height="5" fill="#ffffff"/><circle cx="2" cy="2" r="1" fill="#8a94a0"/></pattern>
</defs>"""
