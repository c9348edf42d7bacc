"""Who did what, who was refused, when, from where, with what result: in the journal, kind ``access``."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from starlette.types import Message, Scope, Send

from avctl.clock import Clock
from service.guard import SAFE
from service.journal import Journal
from service.people.caller import CALLER, Caller
from service.people.rights import READING

KIND = "access"
REFUSED = {401, 403, 408, 413, 415, 429}
STROKE = 2.0  # seconds within which driving a camera on is the same act
STROKES = frozenset({"drive_camera"})
WINDOW, PER_WINDOW = 60.0, 60  # refusals of an address that are noted one by one
ADDRESSES = 1000
LONGEST = 200  # characters of an address or a name that are kept
TOLD = "avctl.access"  # in a scope: what is said of the request on its way
OPERATION, ROOM, WHO, TRIED = "operation", "room", "who", "tried"


def tell(scope: Scope, what: str, value: str | None) -> None:
    """Say something of a request for its entry."""
    scope.get(TOLD, {})[what] = value


class Answer:
    """What was answered, as it goes by."""

    def __init__(self, send: Send) -> None:
        self.status = 0
        self.code = ""  # of the problem, if it is one
        self._send = send
        self._is_problem = False

    async def send(self, message: Message) -> None:
        match message["type"]:
            case "http.response.start":
                self.status = message["status"]
                headers = dict(message.get("headers", ()))
                self._is_problem = headers.get(b"content-type", b"").startswith(
                    b"application/problem"
                )
            case "http.response.body" if self._is_problem and not self.code:
                self.code = _code(message.get("body", b""))
            case "websocket.accept":
                self.status = 101
            case "websocket.close" if not self.status:
                self.status, self.code = 403, "refused"
        await self._send(message)


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body)["code"])
    except (ValueError, KeyError, TypeError):
        return ""


@dataclass(slots=True)
class _Window:
    since: float
    count: int = 0


class AccessLog:
    """Writes the entries. An address that is refused again and again is told in sums."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal, self._clock = journal, clock
        self._windows: OrderedDict[str, _Window] = OrderedDict()
        self._strokes: OrderedDict[tuple[str, str], float] = OrderedDict()

    def note(self, scope: Scope, answer: Answer, address: str) -> None:
        told: dict[str, str | None] = scope.get(TOLD, {})
        operation = told.get(OPERATION) or ""
        refused = answer.status in REFUSED
        changes = scope.get("method", "GET") not in SAFE and operation not in READING
        if not (refused or changes) or (refused and self._is_too_much(address)):
            return
        caller: Caller | None = scope.get(CALLER)
        by = told.get(WHO) or (caller.name if caller else None)
        if operation in STROKES and not refused and self._is_stroke(by or "", scope["path"]):
            return
        data: dict[str, Any] = {
            "who": by,
            "as": caller.kind if caller else None,
            "address": address,
            "panel": caller.panel if caller else "",
            "operation": operation,
            "method": scope.get("method", "WEBSOCKET"),
            "path": scope["path"][:LONGEST],
            "status": answer.status,
            "result": _result(answer.status),
            "why": answer.code,
        }
        if tried := told.get(TRIED):
            data["tried"] = tried
        room = told.get(ROOM)
        self._journal.note(KIND, data, room=room and room[:LONGEST], by=by)

    def _is_too_much(self, address: str) -> bool:
        now = self._clock.now()
        window = self._windows.setdefault(address, _Window(now))
        if now - window.since >= WINDOW:
            self._sum_up(address, window)
            window.since, window.count = now, 0
        window.count += 1
        self._windows.move_to_end(address)
        while len(self._windows) > ADDRESSES:
            self._sum_up(*self._windows.popitem(last=False))
        return window.count > PER_WINDOW

    def _sum_up(self, address: str, window: _Window) -> None:
        more = window.count - PER_WINDOW
        if more > 0:
            self._journal.note(KIND, {"address": address, "result": "refused", "more": more})

    def _is_stroke(self, by: str, path: str) -> bool:
        now, key = self._clock.now(), (by, path)
        again = now - self._strokes.get(key, -STROKE) < STROKE
        self._strokes[key] = now
        self._strokes.move_to_end(key)
        while len(self._strokes) > ADDRESSES:
            self._strokes.popitem(last=False)
        return again


def _result(status: int) -> str:
    if 100 <= status < 400:
        return "done"
    return "refused" if 400 <= status < 500 else "failed"
