"""People, bound panels and tokens: what an administrator does; and what an auditor reads."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.journal import Entry, JournalError
from service.openapi import COMMAND, problems
from service.parts import By, Here, Parts
from service.people.caller import AUDITED
from service.people.credentials import PANEL_COOKIE, YEARS, set_cookie
from service.people.register import spelled
from service.people.roles import GIVEN, MATRIX, Grants
from service.people.roll import Known
from service.problems import ApiError, unfit, unknown
from service.views import entry_view
from service.views.moments import Moment
from service.views.people import (
    AccessPage,
    AddPersonBody,
    AddTokenBody,
    BindPanelBody,
    BoundPanel,
    ChainView,
    ChangePersonBody,
    Ended,
    MadeToken,
    NewPasswordBody,
    PanelsView,
    PeoplePage,
    PersonView,
    RolesView,
    TokensView,
    grants_of,
    panel_view,
    person_view,
    role_view,
    token_view,
)

router = APIRouter(tags=["people"])

DONE = problems(*COMMAND, "conflict", "weak-password", "busy", "not-recorded")
LARGEST = 2**63 - 1


@router.get("/people", responses=problems())
async def list_people(here: Here) -> PeoplePage:
    people = sorted(here.people.roll.people.values(), key=lambda person: person.name)
    return PeoplePage(people=[_view(here, person) for person in people])


@router.get("/people/roles", responses=problems())
async def list_roles(here: Here) -> RolesView:
    """The roles a person may have, and their rights."""
    return RolesView(roles=[role_view(role, MATRIX[role]) for role in GIVEN])


@router.post("/people", status_code=201, responses=DONE)
async def add_person(here: Here, body: AddPersonBody, by: By) -> PersonView:
    grants = _grants(here, grants_of(body.grants))
    password = body.password.get_secret_value()
    return _view(
        here, await here.people.register.add(body.name, body.title, password, grants, by=by)
    )


@router.put("/people/{person}", responses=DONE)
async def change_person(here: Here, person: str, body: ChangePersonBody, by: By) -> PersonView:
    """It counts at once, also for those who are logged in. Nobody is deleted: the journal speaks of them."""
    found = _find(here, person)
    grants = _grants(here, grants_of(body.grants))
    return _view(
        here,
        await here.people.register.change(
            found, title=body.title, grants=grants, active=body.active, by=by
        ),
    )


@router.post("/people/{person}/password", status_code=204, responses=DONE)
async def set_password(here: Here, person: str, body: NewPasswordBody, by: By) -> Response:
    """Their logins end, and they have to change it at the next."""
    password = body.password.get_secret_value()
    await here.people.register.set_password(_find(here, person), password, by=by, own=False)
    return Response(status_code=204)


@router.post("/people/{person}/log-out", responses=DONE)
async def log_person_out(here: Here, person: str) -> Ended:
    return Ended(logins=await here.people.logins.log_out_everywhere(_find(here, person).id))


@router.post("/people/{person}/factor/drop", status_code=204, responses=DONE)
async def drop_persons_factor(here: Here, person: str, by: By) -> Response:
    """For somebody who lost it."""
    await here.people.register.set_factor(_find(here, person), None, by=by)
    return Response(status_code=204)


@router.get("/panels", responses=problems())
async def list_panels(here: Here) -> PanelsView:
    return PanelsView(panels=[panel_view(each) for each in here.people.register.held("panel")])


@router.post("/panels", status_code=201, responses=DONE)
async def bind_panel(here: Here, body: BindPanelBody, by: By, response: Response) -> BoundPanel:
    """Bind a panel to rooms: the browser that asks, or one that is given the key."""
    _check_rooms(here, body.rooms)
    key, panel = await here.people.register.bind_panel(body.name, body.rooms, by=by)
    if body.here:
        set_cookie(response, PANEL_COOKIE, key, here.settings, YEARS)
    return BoundPanel(**panel_view(panel).model_dump(), key=None if body.here else key)


@router.delete("/panels/{panel}", status_code=204, responses=DONE)
async def revoke_panel(here: Here, panel: str, by: By) -> Response:
    await here.people.register.revoke("panel", panel, by=by)
    return Response(status_code=204)


@router.get("/tokens", responses=problems())
async def list_tokens(here: Here) -> TokensView:
    return TokensView(tokens=[token_view(each) for each in here.people.register.held("token")])


@router.post("/tokens", status_code=201, responses=DONE)
async def add_token(here: Here, body: AddTokenBody, by: By) -> MadeToken:
    """For a machine, which sends it as ``Authorization: Bearer …``."""
    grants = _grants(here, grants_of(body.grants))
    if body.until and body.until <= here.clock.wall():
        raise unfit("give a time to come")
    token, made = await here.people.register.add_token(body.name, grants, body.until, by=by)
    return MadeToken(**token_view(made).model_dump(), token=token)


@router.delete("/tokens/{token}", status_code=204, responses=DONE)
async def revoke_token(here: Here, token: str, by: By) -> Response:
    await here.people.register.revoke("token", token, by=by)
    return Response(status_code=204)


@router.get("/access", responses=problems("not-recorded"))
async def list_access(
    here: Here,
    since: Moment | None = None,
    until: Moment | None = None,
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> AccessPage:
    """Who did what and who was refused: the newest, or in order those after a number or a time."""
    if since is None and until is None and not after:
        found = await here.journal.latest(AUDITED, limit)
    else:
        found = list[Entry]()
        async for entry in here.journal.read(AUDITED, since, until):
            if entry.seq > after:
                found.append(entry)
            if len(found) >= limit:
                break
    last = found[-1].seq if found else after
    return AccessPage(entries=[entry_view(entry) for entry in found], last=last)


@router.get("/access/chain", responses=problems("not-recorded"))
async def verify_chain(here: Here) -> ChainView:
    """Walk the whole journal. The last number and hash, written down elsewhere, prove it against one made anew."""
    tail = here.journal.tail
    try:
        found = await here.journal.verify()
    except JournalError as error:
        return ChainView(good=False, entries=0, reason=str(error), seq=tail.seq, hash=tail.hash)
    return ChainView(
        good=found.is_whole, entries=found.entries, reason=found.reason, seq=tail.seq,
        hash=tail.hash,
    )  # fmt: skip


def _view(here: Parts, person: Known) -> PersonView:
    return person_view(person, here.people.roll.logins.values())


def _find(here: Parts, name: str) -> Known:
    if found := here.people.roll.find(spelled(name)):
        return found
    raise unknown("person", "人员", name, ())


def _grants(here: Parts, grants: Grants) -> Grants:
    _check_rooms(here, [grant.room for grant in grants if grant.room])
    return grants


def _check_rooms(here: Parts, rooms: list[str]) -> None:
    if strange := [room for room in rooms if room not in here.site.rooms]:
        raise unknown("room", "房间", strange[0], here.site.rooms)
    if len(set(rooms)) != len(rooms):
        raise ApiError("unfit", "a room is given twice", "房间重复")
