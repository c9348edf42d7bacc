"""One's own login: in, out, password, PIN and second factor; and the first person of all."""

from fastapi import APIRouter, Request, Response

from service.openapi import COMMAND, problems
from service.parts import Here, Parts, Who
from service.people.accesses import TRIED, WHO, tell
from service.people.caller import CALLER, Caller
from service.people.credentials import (
    SESSION_COOKIE,
    address_of,
    drop_cookie,
    set_cookie,
)
from service.people.roll import Known
from service.problems import ApiError
from service.views.people import (
    CodeBody,
    Ended,
    FactorView,
    LogInBody,
    OwnPasswordBody,
    OwnPinBody,
    PasswordBody,
    PinBody,
    PinHolder,
    PinHolders,
    SessionView,
    SetUpBody,
)
from service.views.values import iso

router = APIRouter(tags=["session"])

GUESSED = problems(*COMMAND, "wrong-login", "too-many", "busy", "conflict", "not-recorded")
NEW = problems(*COMMAND, "wrong-login", "weak-password", "too-many", "busy", "not-recorded")


@router.get("/session", responses=problems())
async def get_session(request: Request, here: Here) -> SessionView:
    """Who is logged in, and what may be done: also for those who are not."""
    return _told(here, request.scope.get(CALLER))


@router.post("/set-up", status_code=201, responses=GUESSED)
async def set_up(request: Request, here: Here, body: SetUpBody, response: Response) -> SessionView:
    """Make the first person, an administrator, and log them in. Once only."""
    _check_people(here)
    address = address_of(request.scope, here.settings)
    code, password = body.code.get_secret_value(), body.password.get_secret_value()
    await here.people.set_up.make(code, body.name, body.title, password, address)
    return await _logged_in(request, here, response, body.name, password, "")


@router.post("/session", responses=GUESSED)
async def log_in(request: Request, here: Here, body: LogInBody, response: Response) -> SessionView:
    """The answer sets a cookie. Each login has an id of its own."""
    _check_people(here)
    tell(request.scope, TRIED, here.people.named(body.name))
    password, code = body.password.get_secret_value(), body.code.get_secret_value()
    return await _logged_in(request, here, response, body.name, password, code)


@router.delete("/session", status_code=204, responses=problems(*COMMAND))
async def log_out(here: Here, who: Who) -> Response:
    await here.people.logins.log_out(who)
    response = Response(status_code=204)
    drop_cookie(response, SESSION_COOKIE, here.settings)
    return response


@router.post("/session/everywhere", responses=problems(*COMMAND))
async def log_out_everywhere(here: Here, who: Who, response: Response) -> Ended:
    """End all of one's logins, this one too."""
    ended = await here.people.logins.log_out_everywhere(_self(here, who).id)
    drop_cookie(response, SESSION_COOKIE, here.settings)
    return Ended(logins=ended)


@router.get("/session/pin", responses=problems())
async def list_pin_holders(request: Request, here: Here) -> PinHolders:
    """Who may enter a PIN at the bound panel that asks."""
    panel = _panel(request)
    rooms = [grant.room for grant in panel.grants]
    people = here.people.pin_holders(rooms)
    return PinHolders(people=[PinHolder(name=each.name, title=each.title) for each in people])


@router.post("/session/pin", responses=GUESSED)
async def enter_pin(request: Request, here: Here, body: PinBody, response: Response) -> SessionView:
    """A login of two minutes, at a bound panel."""
    tell(request.scope, TRIED, here.people.named(body.name))
    panel = _panel(request)
    address = address_of(request.scope, here.settings)
    secret, person = await here.people.logins.enter_pin(
        body.name, body.pin.get_secret_value(), address, panel.panel
    )
    tell(request.scope, WHO, person.name)
    set_cookie(response, SESSION_COOKIE, secret, here.settings)
    return _told(here, here.people.with_session(request, secret))


@router.put("/session/pin", status_code=204, responses=NEW)
async def set_own_pin(request: Request, here: Here, who: Who, body: OwnPinBody) -> Response:
    person = await _proved(request, here, who, body.password.get_secret_value())
    pin = body.pin.get_secret_value() if body.pin else None
    await here.people.register.set_pin(person, pin, by=who.name)
    return Response(status_code=204)


@router.post("/session/password", status_code=204, responses=NEW)
async def change_password(request: Request, here: Here, who: Who, body: PasswordBody) -> Response:
    """All one's other logins end."""
    person = await _proved(request, here, who, body.old.get_secret_value())
    new = body.new.get_secret_value()
    await here.people.register.set_password(person, new, by=who.name, own=True)
    await here.people.logins.log_out_everywhere(person.id, but=who.session)
    return Response(status_code=204)


@router.post("/session/factor", responses=GUESSED)
async def begin_factor(request: Request, here: Here, who: Who, body: OwnPasswordBody) -> FactorView:
    """A secret for an authenticator. It counts once a code of it was confirmed."""
    person = await _proved(request, here, who, body.password.get_secret_value())
    secret, uri = here.people.logins.begin_factor(person, here.site.name)
    return FactorView(secret=secret, uri=uri)


@router.post("/session/factor/confirm", status_code=204, responses=GUESSED)
async def confirm_factor(request: Request, here: Here, who: Who, body: CodeBody) -> Response:
    person = _self(here, who)
    address = address_of(request.scope, here.settings)
    secret = here.people.logins.confirm_factor(person, body.code.get_secret_value(), address)
    await here.people.register.set_factor(person, secret, by=who.name)
    return Response(status_code=204)


@router.post("/session/factor/drop", status_code=204, responses=GUESSED)
async def drop_factor(request: Request, here: Here, who: Who, body: OwnPasswordBody) -> Response:
    person = await _proved(request, here, who, body.password.get_secret_value())
    await here.people.register.set_factor(person, None, by=who.name)
    return Response(status_code=204)


async def _logged_in(
    request: Request, here: Parts, response: Response, name: str, password: str, code: str
) -> SessionView:
    caller: Caller | None = request.scope.get(CALLER)
    panel = caller.panel if caller else ""
    address = address_of(request.scope, here.settings)
    secret, person = await here.people.logins.log_in(name, password, code, address, panel)
    tell(request.scope, WHO, person.name)
    if caller and caller.session:
        await here.people.logins.log_out(caller)
    set_cookie(response, SESSION_COOKIE, secret, here.settings)
    return _told(here, here.people.with_session(request, secret))


async def _proved(request: Request, here: Parts, who: Caller, password: str) -> Known:
    """Who asks, once they have said their password again."""
    person = _self(here, who)
    address = address_of(request.scope, here.settings)
    await here.people.logins.check_password(person, password, address)
    return person


def _self(here: Parts, who: Caller) -> Known:
    return here.people.roll.people[who.person or 0]


def _panel(request: Request) -> Caller:
    caller: Caller | None = request.scope.get(CALLER)
    if caller is None or not caller.panel:
        raise ApiError("forbidden", "a PIN is for bound panels", "PIN 仅可在已绑定的面板上使用")
    return caller


def _check_people(here: Parts) -> None:
    if here.people.is_open:
        raise ApiError("conflict", "nobody logs in here", "本系统当前无需登录")


def _told(here: Parts, caller: Caller | None) -> SessionView:
    person = here.people.roll.people.get(caller.person) if caller and caller.person else None
    login = here.people.roll.logins.get(caller.session) if caller else None
    return SessionView(
        access=here.settings.access,
        set_up=here.people.set_up.is_due,
        kind=caller.kind.value if caller else None,
        name=caller.name if caller else "",
        title=person.title if person else "",
        panel=caller.panel if caller else "",
        by_pin=login.by_pin if login else False,
        must_change=caller.must_change if caller else False,
        has_pin=bool(person and person.pin),
        has_factor=bool(person and person.factor),
        until=iso(login.until) if login else None,
        rights=caller.rights() if caller else [],
        rooms={room: caller.rights(room) for room in here.site.rooms} if caller else {},
    )
