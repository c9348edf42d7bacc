"""WebSockets spoken to the app in this process, so that time is the test's own."""

import asyncio
import json
from urllib.parse import urlencode

import httpx

from tests.served import API

HEADERS = [(b"host", b"127.0.0.1:8080"), (b"origin", b"http://127.0.0.1:8080")]


class Socket:
    def __init__(self, app, headers, query: str) -> None:
        self.code: int | None = None  # with which it was closed
        self._in: asyncio.Queue[dict] = asyncio.Queue()
        self._out: asyncio.Queue[dict] = asyncio.Queue()
        scope = {
            "type": "websocket", "path": f"{API}/ws", "raw_path": f"{API}/ws".encode(), "scheme": "ws",
            "query_string": query.encode(), "headers": headers, "client": ("127.0.0.1", 4000),
            "server": ("127.0.0.1", 8080), "subprotocols": [], "root_path": "",
        }  # fmt: skip
        self._in.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.ensure_future(app(scope, self._in.get, self._out.put))

    async def accepted(self) -> bool:
        message = await self._out.get()
        self.code = message.get("code")
        return message["type"] == "websocket.accept"

    def say(self, text: str) -> None:
        self._in.put_nowait({"type": "websocket.receive", "text": text})

    async def hear(self):
        """The next message; None when it is closed."""
        message = await self._out.get()
        if message["type"] == "websocket.close":
            self.code = message["code"]
            return None
        return json.loads(message["text"])

    async def until_closed(self) -> None:
        while await self.hear():
            pass

    async def close(self) -> None:
        self._in.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait([self._task])


async def dialled(here, browser: httpx.AsyncClient, headers=HEADERS, **query) -> Socket | None:
    """A socket with a browser's cookies; None when it was refused."""
    sent = list(headers)
    if browser.cookies:
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        sent.append((b"cookie", cookies.encode()))
    if authorization := browser.headers.get("authorization"):
        sent.append((b"authorization", authorization.encode()))
    made = Socket(here.house.app, sent, urlencode(query))
    return made if await made.accepted() else None


async def open_socket(here, browser: httpx.AsyncClient):
    """What the first message is; None when the socket was refused."""
    socket = await dialled(here, browser)
    if socket is None:
        return None
    hello = await socket.hear()
    await socket.close()
    return hello
