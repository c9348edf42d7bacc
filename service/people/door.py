"""The door: who asks is found before anything else is done, and each operation has to be allowed."""

from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from service.guard import refuse
from service.parts import Parts, caller_of, parts_of
from service.people.accesses import OPERATION, ROOM, TOLD, Answer, tell
from service.people.caller import CALLER
from service.people.credentials import address_of
from service.people.rights import ASKED_BY_ROOM, FILTERED, needed
from service.people.roles import Right
from service.problems import ApiError, no_login
from service.views.values import BASE

UNWELCOME = 1008  # close code
LONGEST = 20  # digits of a number that is looked up

# Where one goes to become known.
OUTSIDE = (f"{BASE}/session", f"{BASE}/set-up")


class Accesses:
    """ASGI middleware around all others. Where nobody logs in there is no who, and nothing is noted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        here = await parts_of(HTTPConnection(scope)) if scope["type"] != "lifespan" else None
        if here is None or here.people.is_open:
            await self._app(scope, receive, send)
            return
        answer = Answer(send)
        scope[TOLD] = {}
        try:
            await self._app(scope, receive, answer.send)
        finally:
            here.accesses.note(scope, answer, address_of(scope, here.settings))


class Door:
    """ASGI middleware. Who is not known gets no further than the addresses where that can be mended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        here = await parts_of(connection)
        scope[CALLER] = caller = await here.people.enter(connection)
        path: str = scope["path"]
        if caller is None and path.startswith(BASE) and not path.startswith(OUTSIDE):
            await refuse(no_login(), scope, receive, send)
            return
        await self._app(scope, receive, send)


async def admit(connection: HTTPConnection) -> None:
    """Every operation comes by here. Raises ApiError, for a WebSocket WebSocketException."""
    try:
        await _admit(connection)
    except ApiError:
        if connection.scope["type"] == "websocket":
            raise WebSocketException(UNWELCOME) from None
        raise


async def _admit(connection: HTTPConnection) -> None:
    here = await parts_of(connection)
    operation: str = connection.scope["route"].name
    params = connection.path_params
    room = _place(here, operation, connection)
    tell(connection.scope, OPERATION, operation)
    tell(connection.scope, ROOM, room if room in here.site.rooms else None)
    right = needed(operation, params, here.site)
    if right is None:
        detail = f"{operation} has no right in service/people/rights.py"
        raise ApiError("forbidden", detail, f"操作 {operation} 未声明所需权限")
    if right is Right.PUBLIC:
        return
    caller = await caller_of(connection)
    await here.people.use(caller, operation)
    if not (room is None and operation in FILTERED and caller.may_somewhere(right)):
        caller.demand(right, room)


def _place(here: Parts, operation: str, connection: HTTPConnection) -> str | None:
    """The room that a request is about; None when it is about the site."""
    params = connection.path_params
    if "room" in params:
        return str(params["room"])
    if operation in ASKED_BY_ROOM:
        return connection.query_params.get("room")
    if card := here.ledger.book.cards.get(str(params.get("item", ""))):
        return card.room
    if made := here.inspections.by_identity.get(str(params.get("inspection", ""))):
        return made.room
    for kind, records in (("meeting", here.meetings), ("incident", here.incidents)):
        number = str(params.get(kind, ""))
        if number.isdecimal() and len(number) < LONGEST:
            found = records.by_identity.get(int(number))
            return found.room if found else None
    return None
