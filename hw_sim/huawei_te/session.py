"""One client's connection: requests in, replies out, and the log-in around the actions."""

import json
from asyncio import TimerHandle
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs, urlsplit

from hw_sim.huawei_te.actions import RefusedError, Wish
from hw_sim.huawei_te.http import MalformedError, Reply, Request, Requests
from hw_sim.huawei_te.logins import Login
from hw_sim.simulator import Conversation, Port

if TYPE_CHECKING:
    from hw_sim.huawei_te.device import Terminal

PATH = "/action.cgi"
REQUEST, CERTIFY = "WEB_RequestSessionIDAPI", "WEB_RequestCertificateAPI"
CHANGE, LOGOUT = "WEB_ChangeSessionIDAPI", "WEB_LogoutAPI"
MAILBOX = "WEB_GetMailboxDataAPI"
TOKEN = "acCSRFToken"
TOKEN_HEADERS = ("accsrftoken", "x-csrf-token", "x-access-token")  # placement is not documented
# The documentation prints these two numbers at every action; what they are in each case it does not say.
ERROR = {"id": 100666995, "code": 33558532, "params": []}


class Session(Conversation):
    def __init__(self, terminal: "Terminal", port: Port) -> None:
        self._terminal, self._port = terminal, port
        self._requests = Requests()
        self._closing = False
        self._silence: TimerHandle | None = None

    def opened(self) -> None:
        self._wait()

    def closed(self) -> None:
        self._closing = True
        if self._silence is not None:
            self._silence.cancel()

    def receive(self, data: bytes) -> None:
        if self._closing:
            return
        self._wait()
        try:
            for request in self._requests.feed(data):
                self._port.send(self._replied(request).wire(keeps=request.keeps))
                if not request.keeps:
                    self._hang_up()
                if self._closing:
                    return
        except MalformedError as error:
            self._port.send(Reply(error.status).wire(keeps=False))
            self._hang_up()

    def _wait(self) -> None:
        """Hang up after a silence, where the terminal does."""
        if self._silence is not None:
            self._silence.cancel()
        if seconds := self._terminal.knobs.keep_alive_seconds:
            self._silence = self._terminal.clock.later(seconds, self._hang_up)

    def _hang_up(self) -> None:
        self._closing = True
        self._port.close()

    def _replied(self, request: Request) -> Reply:
        try:
            at = urlsplit(request.target)
        except ValueError:
            return Reply(400)
        if at.path != PATH:
            return Reply(404)
        if request.method != "POST":
            return Reply(405, headers={"Allow": "POST"})
        action = parse_qs(at.query).get("ActionID", [""])[0]
        headers: dict[str, str] = {}
        try:
            data = self._act(action, request, Wish(_read(request.body)), headers)
        except RefusedError:
            return self._reply(self._terminal.knobs.failure_status, {"success": 0, "error": ERROR})
        if data is None:
            data = ""
        elif self._terminal.knobs.data == "string":
            data = _json(data)
        return self._reply(200, {"success": 1, "data": data}, headers)

    def _reply(
        self, status: int, body: Mapping[str, object], more: Mapping[str, str] | None = None
    ) -> Reply:
        headers = {
            "Content-Type": self._terminal.knobs.content_type,
            "Response-Result": str(body["success"]),
        }
        return Reply(status, _json(body).encode(errors="replace"), headers | dict(more or {}))

    # Logging in.

    def _act(self, action: str, request: Request, wish: Wish, headers: dict[str, str]) -> object:
        terminal = self._terminal
        if terminal.faults.strikes("busy"):
            raise RefusedError("busy")
        if action == REQUEST:
            login = None if terminal.upgrading else terminal.logins.begin()
            if login is None:
                raise RefusedError("no session left")
            return self._named(login, headers) | {"szTermType": terminal.kind.name}
        login = terminal.logins.find(self._session_of(request))
        if login is None:
            raise RefusedError("no session")
        if action == CERTIFY:
            if not terminal.admits(wish.text("user"), str(wish.body.get("password", ""))):
                raise RefusedError("wrong password")
            return {TOKEN: terminal.logins.admit(login)}
        if not login.token or not self._carries(login.token, request, wish):
            raise RefusedError("not logged in")
        if action == CHANGE:
            terminal.logins.rename(login)
            return self._named(login, headers)
        if action == LOGOUT:
            terminal.logins.end(login)
            return None
        if action == MAILBOX:
            return {"state": terminal.call.fields(), "mailbox": login.read_mail()}
        return terminal.act(action, wish)

    def _named(self, login: Login, headers: dict[str, str]) -> dict[str, object]:
        """Tell a client how its session is called."""
        if self._terminal.knobs.session_in == "header":
            return {"acSessionId": login.session}
        headers["Set-Cookie"] = f"SessionID={login.session}; Path=/; Secure; HttpOnly"
        return {"acSessionId": ""}

    def _session_of(self, request: Request) -> str:
        if self._terminal.knobs.session_in == "header":
            return request.headers.get("sessionid", "")
        try:
            cookie = SimpleCookie(request.headers.get("cookie", "")).get("SessionID")
        except CookieError:
            return ""
        return "" if cookie is None else cookie.value

    def _carries(self, token: str, request: Request, wish: Wish) -> bool:
        """Whether a request has the token where this terminal wants it."""
        in_header = any(request.headers.get(name) == token for name in TOKEN_HEADERS)
        in_body = wish.body.get(TOKEN) == token
        return {
            "either": in_header or in_body, "header": in_header, "body": in_body, "none": True,
        }[self._terminal.knobs.csrf]  # fmt: skip


def _read(body: bytes) -> Mapping[str, object]:
    if not body.strip():
        return {}
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError("no JSON") from None
    if not isinstance(read, dict):
        raise RefusedError("no object")
    return cast("Mapping[str, object]", read)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
