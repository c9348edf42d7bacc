"""What stands before every request: whose name it used, which page it came from, how much it carries.

A browser on this network sends what any web page tells it to. So commands and sockets are taken from
our own pages only, names that are not ours are not answered to (DNS rebinding), and bodies are JSON.
"""

import asyncio
import ipaddress
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.problems import ApiError, problem
from service.settings import Settings
from service.uploads import Upload, upload_at

SAFE = {"GET", "HEAD", "OPTIONS"}
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """ASGI middleware. Refusals are problem+json; a WebSocket is refused with 403 before it opens."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        send = _with_headers(send, ALWAYS)
        try:
            receive = await self._checked(scope, receive)
        except ApiError as error:
            await refuse(error, scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        headers = Headers(scope=scope)
        self._check_host(headers.getlist("host"))
        if scope["type"] == "websocket":
            self._check_origin(headers)
        elif scope["method"] not in SAFE:
            self._check_origin(headers)
            return await self._body(headers, receive, upload_at(scope["path"]))
        return receive

    def _check_host(self, given: Sequence[str]) -> None:
        if not given:
            return  # HTTP/1.0: a button box, no browser
        host = _hostname(given[0])
        if len(given) > 1 or not (_is_ours(host) or host in self._settings.hosts):
            detail = f"this service is not called {host!r}; add it to AVCTL_HOSTS if it is"
            raise ApiError("foreign-host", detail)

    def _check_origin(self, headers: Headers) -> None:
        origin = headers.get("origin")
        if origin is None:
            if headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none"):
                return
        elif origin.lower() in self._settings.origins or _is_same(origin, headers.get("host")):
            return
        raise ApiError("foreign-origin", "commands are taken from the pages of this service only")

    async def _body(self, headers: Headers, receive: Receive, upload: Upload | None) -> Receive:
        length = headers.get("content-length", "0")
        carries = "transfer-encoding" in headers or length != "0"
        kind = headers.get("content-type")
        fitting = upload.kinds if upload else ("application/json",)
        if (carries or kind is not None) and _media(kind or "") not in fitting:
            shown = " or ".join(fitting)
            raise ApiError("not-json", f"send Content-Type: {shown}, or no body at all")
        most = upload.most if upload else self._settings.body_bytes
        seconds = upload.seconds if upload else self._settings.body_seconds
        if length.isdecimal() and int(length[:20]) > most:
            raise _too_large(most)
        try:
            async with asyncio.timeout(seconds):
                body = await _read(receive, most)
        except TimeoutError:
            raise ApiError(
                "too-slow",
                f"the body was not here within {seconds:g} s",
                headers={"Connection": "close"},
            ) from None
        return _replay(body, receive)


async def refuse(error: ApiError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with ``error`` in place of the app."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    answer = problem(error.code, error.detail, error.detail_zh, error.headers)
    await answer(scope, receive, _with_headers(send, ALWAYS))


async def _read(receive: Receive, most: int) -> Message:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return message
        body += message.get("body", b"")
        if len(body) > most:
            raise _too_large(most)
        if not message.get("more_body", False):
            return {"type": "http.request", "body": bytes(body), "more_body": False}


def _replay(first: Message, receive: Receive) -> Receive:
    waiting = [first]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def _too_large(most: int) -> ApiError:
    return ApiError(
        "too-large",
        f"a body may have {most} bytes",
        f"请求内容不得超过 {most} 字节",
        {"Connection": "close"},
    )


def _media(kind: str) -> str:
    return kind.partition(";")[0].strip().lower()


def _hostname(host: str) -> str:
    """Without its port; an IPv6 address without its brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host


def _is_ours(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True  # a bare address was not looked up, so nobody can have rebound it


def _is_same(origin: str, host: str | None) -> bool:
    try:
        return host is not None and urlsplit(origin).netloc == host.strip().lower()
    except ValueError:
        return False


def _with_headers(send: Send, more: Mapping[str, str]) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in more.items():
                headers.setdefault(name, value)
        await send(message)

    return sent
