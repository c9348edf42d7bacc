"""What alarms say: to people as text, to group robots and programs as JSON.

Source: WeCom "群机器人配置说明" (message types, 2048 and 4096 bytes); DingTalk "自定义机器人接入" (message types, signing).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Literal

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from avctl.config import EmailFile, Severity, WebhookFile
from avctl.errors import AvctlError
from service.alerts.alarms import Alarm

What = Literal["raised", "again", "cleared", "test"]

TEXT_BYTES, MARKDOWN_BYTES = 2048, 4096  # that WeCom takes
LONGEST = 16_000  # bytes of any other message; DingTalk takes 20000

SEVERITIES: Mapping[Severity, Mapping[str, str]] = {
    "info": {"zh": "提示", "en": "info"},
    "warning": {"zh": "警告", "en": "warning"},
    "critical": {"zh": "严重", "en": "critical"},
}
OVER = {"zh": "已恢复", "en": "over"}
TRIED = {"zh": "测试", "en": "test"}
COLOURS = {"info": "comment", "warning": "warning", "critical": "warning"}  # WeCom's
OTHERS = {"zh": "另有{} 条，见面板", "en": "and {} more: see the panel"}
SUBJECT = {"zh": "{} {} 条告警", "en": "{}: {} alarms"}


class TemplateRefusedError(AvctlError):
    """A template cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be told of an alarm."""

    what: What
    number: int
    key: str
    severity: Severity
    room: str | None
    room_title: Mapping[str, str]
    device: str
    text: Mapping[str, str]
    since: str
    at: datetime  # local time of the site

    def line(self, language: str) -> str:
        """Without markup, whatever the device has said of itself."""
        place = self.room_title.get(language, "")
        return _plain(f"{place} {self.text.get(language, '')}".strip())

    def word(self, language: str) -> str:
        if self.what == "cleared":
            return OVER[language]
        return TRIED[language] if self.what == "test" else SEVERITIES[self.severity][language]

    def data(self) -> dict[str, Any]:
        return {
            "event": self.what,
            "alarm": self.number,
            "key": self.key,
            "severity": self.severity,
            "room": self.room,
            "device": self.device,
            "text": dict(self.text),
            "since": self.since,
            "at": self.at.isoformat(timespec="seconds"),
        }


@dataclass(frozen=True, slots=True)
class Message:
    """Several notices as one channel is sent them."""

    subject: str
    text: str  # of an e-mail
    body: bytes  # JSON, of a webhook


def notice_of(
    alarm: Alarm, what: What, titles: Mapping[str, Mapping[str, str]], at: datetime, zone: tzinfo
) -> Notice:
    """``titles``: of the rooms."""
    return Notice(
        what=what,
        number=alarm.identity,
        key=alarm.key,
        severity=alarm.severity,
        room=alarm.room,
        room_title=titles.get(alarm.room or "", {}),
        device=alarm.device,
        text=alarm.text,
        since=alarm.since,
        at=at.astimezone(zone),
    )


class Writer:
    """How one channel words what it is given. Raises TemplateRefusedError for a template that is none."""

    def __init__(self, file: WebhookFile | EmailFile, site: Mapping[str, str]) -> None:
        """``site``: its title."""
        self._file, self._site = file, site
        self._template = None
        if file.template is not None:
            environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
            environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
            try:
                self._template = environment.from_string(file.template)
            except TemplateError as error:
                raise TemplateRefusedError(f"the template: {error}") from error

    def write(self, notices: Sequence[Notice]) -> Message:
        """Raises TemplateRefusedError."""
        language, first = self._file.language, notices[0]
        subject = f"[{first.word(language)}] {first.line(language)}"
        if len(notices) > 1:
            subject = SUBJECT[language].format(self._site[language], len(notices))
        kind = self._file.kind
        text = self._text(notices, subject)
        if kind == "email":
            return Message(subject, _cut(text, LONGEST), b"")
        if kind == "webhook":
            return Message(subject, "", self._json(notices, text))
        body = _wecom(self._file, text) if kind == "wecom" else _dingtalk(self._file, subject, text)
        return Message(subject, "", json.dumps(body, ensure_ascii=False).encode())

    def _text(self, notices: Sequence[Notice], subject: str) -> str:
        if self._template:
            return self._filled(notices)
        language = self._file.language
        if self._file.kind == "wecom" and self._file.format == "markdown":
            room = MARKDOWN_BYTES - 200
            lines = [f"**{_plain(subject)}**"] if len(notices) > 1 else []
            parts = (_wecom_lines(each, language) for each in notices)
        elif self._file.kind == "dingtalk" and self._file.format == "markdown":
            room = LONGEST - 200
            lines = [f"#### {_plain(subject)}", ""]
            parts = (f"- **{each.word(language)}** {_tail(each, language)}" for each in notices)
        else:
            room = (TEXT_BYTES if self._file.kind == "wecom" else LONGEST) - 200
            lines = [_plain(subject)] if len(notices) > 1 else []
            parts = (f"[{each.word(language)}] {_tail(each, language)}" for each in notices)
        return _fitting(lines, list(parts), room, language)

    def _json(self, notices: Sequence[Notice], text: str) -> bytes:
        if self._template is None:
            data = {"site": self._site, "alarms": [each.data() for each in notices]}
            return json.dumps(data, ensure_ascii=False).encode()
        try:
            json.loads(text)
        except ValueError as error:
            raise TemplateRefusedError(f"the template makes no JSON: {error}") from error
        return text.encode()

    def _filled(self, notices: Sequence[Notice]) -> str:
        assert self._template
        language = self._file.language
        alarms = [
            {
                **each.data(),
                "word": each.word(language),
                "line": each.line(language),
                "room_title": each.room_title.get(language, ""),
            }
            for each in notices
        ]
        try:
            return self._template.render(
                alarms=alarms, alarm=alarms[0], site=self._site[language], language=language
            )
        except Exception as error:  # a template may fail like any program
            raise TemplateRefusedError(f"the template: {error}") from error


def signed(url: str, secret: str, at: datetime) -> str:
    """The address with DingTalk's signature: HMAC-SHA256 of time and secret, by the secret."""
    stamp = str(round(at.timestamp() * 1000))
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    sign = base64.b64encode(made).decode().translate({43: "%2B", 47: "%2F", 61: "%3D"})
    return f"{url}{'&' if '?' in url else '?'}timestamp={stamp}&sign={sign}"


def signature(body: bytes, secret: str, stamp: str) -> str:
    """Of our own webhooks: who knows the secret can tell that it is ours, and not an old one."""
    made = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={made.hexdigest()}"


def _wecom(file: WebhookFile | EmailFile, text: str) -> dict[str, Any]:
    if isinstance(file, WebhookFile) and file.format == "text":
        return {"msgtype": "text", "text": {"content": _cut(text, TEXT_BYTES)}}
    return {"msgtype": "markdown", "markdown": {"content": _cut(text, MARKDOWN_BYTES)}}


def _dingtalk(file: WebhookFile | EmailFile, subject: str, text: str) -> dict[str, Any]:
    said = _cut(text, LONGEST)
    if isinstance(file, WebhookFile) and file.format == "text":
        return {"msgtype": "text", "text": {"content": said}}
    title = _cut(_plain(subject), 200)
    return {"msgtype": "markdown", "markdown": {"title": title, "text": said}}


def _wecom_lines(notice: Notice, language: str) -> str:
    colour = "info" if notice.what == "cleared" else COLOURS[notice.severity]
    word = f'<font color="{colour}">{notice.word(language)}</font>'
    return f"> {word} {notice.line(language)}\n> {_when(notice)}"


def _tail(notice: Notice, language: str) -> str:
    return f"{notice.line(language)} ({_when(notice)})"


def _when(notice: Notice) -> str:
    return f"{notice.at:%m-%d %H:%M:%S} #{notice.number}"


def _fitting(lines: list[str], parts: list[str], room: int, language: str) -> str:
    """As many as there is room for, and how many more there are."""
    spent = sum(len(line.encode()) + 1 for line in lines)
    for count, part in enumerate(parts):
        spent += len(part.encode()) + 1
        if spent > room and count:
            return "\n".join([*lines, OTHERS[language].format(len(parts) - count)])
        lines = [*lines, part]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """No markup, no mention and no line of its own: a device may call itself anything."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return kept.translate({60: "‹", 62: "›", 42: "∗", 96: "'", 91: "(", 93: ")"})


def _cut(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, whole characters."""
    data = text.encode()
    return text if len(data) <= most else data[: most - 3].decode(errors="ignore") + "…"
