"""What a Huawei terminal says: the answers to our actions, by what they are about.

Source: Huawei "TE10, TE20 HTTP API" V600R019C00 (EDOC1100044503), TE40 to TE60 (EDOC1100074790), IdeaHub API.
Transcript: tests/transcripts/huawei_te.json, tests/transcripts/huawei_te_driver.json
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from avctl.wire import Message, Refusal

DEEPEST = 8  # levels looked into
MOST = 2000  # values looked at
LONGEST_NAME = 128  # characters


@dataclass(frozen=True, slots=True)
class Reply(Message):
    """``success: 1`` to ``action``."""

    action: str


@dataclass(frozen=True, slots=True)
class SessionOpened(Reply):
    model: str
    cookie: str = field(repr=False)
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LoggedIn(Reply):
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Audio(Reply):
    """None: not told."""

    is_live: bool | None  # the microphone
    volume: int | None  # 0 to 21


@dataclass(frozen=True, slots=True)
class Sleeping(Reply):
    on: bool


@dataclass(frozen=True, slots=True)
class CallTypes(Reply):
    values: tuple[int, ...]  # 3 H.323, 8 SIP


@dataclass(frozen=True, slots=True)
class Mail(Reply):
    """What the mailbox held. None: it says nothing of that."""

    call: int | None  # callstate: 0 none, 1 calling, 2 ended
    conference: int | None  # conftype: 0 none, 1 point to point, 2 and 3 multipoint, 4 cascaded
    site: int | None  # handle of the far end
    far_end: str | None
    events: tuple[str, ...]  # MSG_…


@dataclass(frozen=True, slots=True)
class Failed(Refusal):
    """``success: 0`` to ``action``."""

    action: str
    id: int
    code: int

    def refuses(self, command: Any) -> bool:
        return bool(command.wire.split(b" ")[0] == self.action.encode())

    def __str__(self) -> str:
        return f"success 0 (error {self.id}, code {self.code})"


class NoReplyError(ValueError):
    """It is no answer of this API."""


def said(action: str, body: bytes, cookie: str) -> Reply | Failed:
    """The meaning of the answer to ``action``. Raises NoReplyError."""
    reply = _json(body)
    if not isinstance(reply, Mapping) or reply.get("success") not in (0, 1):
        raise NoReplyError
    if not reply["success"]:
        error = reply.get("error")
        error = error if isinstance(error, Mapping) else {}
        return Failed(action, _whole(error.get("id")) or 0, _whole(error.get("code")) or 0)
    data = reply.get("data")
    # TE and Box write JSON into a string, IdeaHub does not.
    data = _json(data.encode()) if isinstance(data, str) else data
    if action == "WEB_RequestSessionIDAPI" or (action == "WEB_ChangeSessionIDAPI"):
        fields = data if isinstance(data, Mapping) else {}
        number = _text(fields.get("acSessionId"))
        return SessionOpened(action, _text(fields.get("szTermType")), cookie, number)
    reader = _READERS.get(action)
    return reader(action, data) if reader else Reply(action)


def _logged_in(action: str, data: Any) -> Reply:
    return LoggedIn(action, _text(_fields(data).get("acCSRFToken")))


def _audio(action: str, data: Any) -> Reply:
    fields = _fields(data)
    switch, volume = _whole(fields.get("MicSwitch")), _whole(fields.get("speakerValue"))
    is_volume = volume is not None and 0 <= volume <= LOUDEST
    return Audio(
        action,
        {0: False, 1: True}.get(-1 if switch is None else switch),
        volume if is_volume else None,
    )


def _sleeping(action: str, data: Any) -> Reply:
    state = _fields(data).get("isSystemSleep")
    if state not in ("sleep", "unsleep"):
        raise NoReplyError
    return Sleeping(action, state == "sleep")


def _call_types(action: str, data: Any) -> Reply:
    values = _fields(data).get("value")
    if not isinstance(values, list):
        raise NoReplyError
    return CallTypes(action, tuple(each for each in values[:64] if type(each) is int))


def _mail(action: str, data: Any) -> Reply:
    """Where its values stand in it is not documented, so they are looked for by name."""
    found: dict[str, Any] = {}
    events = []
    for name, value in _walk(data):
        if isinstance(value, str) and value.startswith("MSG_"):
            events.append(value[:LONGEST_NAME])
        elif name and name not in found:
            found[name] = value
    return Mail(
        action,
        _whole(found.get("callstate")),
        _whole(found.get("conftype")),
        _whole(found.get("ucsitehandle")),
        next((_text(found[key]) for key in FAR_END if found.get(key)), None),
        tuple(events),
    )


LOUDEST = 21
FAR_END = ("sznumber", "sitename", "szsitename")

_READERS: Mapping[str, Callable[[str, Any], Reply]] = {
    "WEB_RequestCertificateAPI": _logged_in,
    "WEB_InitAudioCtrlParamsAPI": _audio,
    "WEB_IsSystemSleepAPI": _sleeping,
    "WEB_RequestCallTypeDataAPI": _call_types,
    "WEB_GetMailboxDataAPI": _mail,
}


def _walk(data: Any) -> Iterator[tuple[str, Any]]:
    """Names in small letters and the values under them, the outermost first; bounded."""
    level: list[tuple[str, Any]] = [("", data)]
    left = MOST
    for _ in range(DEEPEST):
        below: list[tuple[str, Any]] = []
        for name, value in level[:left]:
            left -= 1
            if isinstance(value, str) and value[:1] in ("{", "["):
                value = _json(value.encode())
            if isinstance(value, Mapping):
                below += [(str(key).lower(), each) for key, each in value.items()]
            elif isinstance(value, list):
                below += [("", each) for each in value]
            else:
                yield name, value
        level = below


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _fields(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise NoReplyError
    return data


def _whole(value: Any) -> int | None:
    """Numbers come as such or as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        return int(value)
    return value if type(value) is int else None


def _text(value: Any) -> str:
    return value[:LONGEST_NAME] if isinstance(value, str) else ""
