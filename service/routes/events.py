"""What happens, as it happens: over a WebSocket, and as Server-Sent Events."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, WebSocket
from fastapi.responses import StreamingResponse
from starlette.websockets import WebSocketDisconnect

from service.hub import Client
from service.openapi import problems
from service.parts import Here, Parts, Who, who
from service.people.caller import Caller
from service.people.credentials import Credentials
from service.views import Pong
from service.views.values import iso

router = APIRouter(tags=["events"])

TOO_SLOW, RESTARTS, UNWELCOME = 1013, 1012, 1008  # close codes
FAREWELL = 1.0  # seconds that a slow client gets to take its close
CHATTER = 50  # messages from a client within a second that are too many


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}, **problems()},
)
async def stream_events(request: Request, here: Here, who: Who) -> StreamingResponse:
    """The messages of the WebSocket as Server-Sent Events; the event is the message's type."""
    return StreamingResponse(
        _events(here, here.people.shown(request), who),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(here: Parts, given: Credentials, caller: Caller) -> AsyncIterator[str]:
    client = here.hub.join(caller)
    watching = asyncio.create_task(_watch(here, given, client))
    try:
        while (text := await client.next()) is not None:
            yield f"event: {json.loads(text)['type']}\ndata: {text}\n\n"
    finally:
        watching.cancel()
        here.hub.leave(client)


async def _watch(here: Parts, given: Credentials, client: Client) -> None:
    """Let the client go when its caller is no more, or may do other things than when it came."""
    await here.people.until_gone(given, client.caller)
    client.close()


@router.websocket("/ws")
async def socket(socket: WebSocket, here: Here, caller: Who, panel: str = "") -> None:
    """``panel``: the name that the panel gives itself elsewhere as X-Panel, where nobody logs in."""
    await socket.accept()
    by = await who(socket, panel)
    client = here.hub.join(caller)
    watching = asyncio.create_task(_watch(here, here.people.shown(socket), client))
    # Reading is how the closing of the other side is noticed.
    reading = asyncio.create_task(_read(socket, client, here))
    writing = asyncio.create_task(_write(socket, client))
    try:
        await _either(reading, writing, client)
    finally:
        here.hub.leave(client)
        for room in here.site.rooms.values():
            room.lost(by)
        gone = watching.done()
        for task in (reading, writing, watching):
            task.cancel()
        await asyncio.gather(reading, writing, watching, return_exceptions=True)
    if not reading.cancelled() and not reading.exception() and (code := reading.result()):
        await _close(socket, code)
    elif client.closed:
        why = UNWELCOME if gone else RESTARTS
        await _close(socket, TOO_SLOW if client.dropped else why)


async def _either(reading: asyncio.Task[int], writing: asyncio.Task[None], client: Client) -> None:
    """Until one side has ended, or the client is given up though a message to it is stuck."""
    given_up = asyncio.create_task(client.until_closed())
    try:
        await asyncio.wait((reading, writing, given_up), return_when=asyncio.FIRST_COMPLETED)
    finally:
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)


async def _write(socket: WebSocket, client: Client) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while (text := await client.next()) is not None:
            await socket.send_text(text)


async def _read(socket: WebSocket, client: Client, here: Parts) -> int:
    """Until the other side closes (0), or misbehaves (the code to close with)."""
    since, messages = here.clock.now(), 0
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return 0
        if here.clock.now() - since >= 1.0:
            since, messages = here.clock.now(), 0
        messages += 1
        if messages > CHATTER:
            return UNWELCOME
        if _is_ping(message.get("text")):
            client.put(Pong(at=iso(here.clock.wall())).model_dump_json())


def _is_ping(text: str | None) -> bool:
    try:
        said = json.loads(text or "null")
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("type") == "ping"


async def _close(socket: WebSocket, code: int) -> None:
    with contextlib.suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
        async with asyncio.timeout(FAREWELL):
            await socket.close(code)
