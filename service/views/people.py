"""People, panels and tokens as the API tells them, and what is asked of them. Secrets go in, never out again."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from service.people.roles import TITLES, Grant, Grants, Right, Role
from service.people.roll import Held, Known, Login
from service.views.bodies import Said
from service.views.models import EntryView, Title, View
from service.views.moments import Moment
from service.views.values import iso

Secret = Annotated[SecretStr, Field(max_length=256)]
Name = Annotated[str, Field(min_length=1, max_length=64)]
TitleText = Annotated[str, Field(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]


class SetUpBody(Said):
    code: Secret = Field(description="As the service wrote it on its terminal and into its file")
    name: Name
    title: TitleText = ""
    password: Secret


class LogInBody(Said):
    name: Name
    password: Secret
    code: Secret = Field(default=SecretStr(""), description="The one-time code, where one is used")


class PinBody(Said):
    name: Name
    pin: Secret


class PasswordBody(Said):
    old: Secret
    new: Secret


class OwnPinBody(Said):
    password: Secret
    pin: Secret | None = Field(description="null: none any more")


class OwnPasswordBody(Said):
    password: Secret


class CodeBody(Said):
    code: Secret


class GrantSaid(Said):
    role: Role
    room: str = Field(default="", max_length=64, description="Empty: the whole site")


def grants_of(said: Iterable[GrantSaid]) -> Grants:
    return tuple(sorted({Grant(each.role, each.room) for each in said}))


class AddPersonBody(Said):
    name: Name
    title: TitleText = ""
    password: Secret = Field(description="To be changed at the first login")
    grants: list[GrantSaid] = Field(max_length=64)


class ChangePersonBody(Said):
    title: TitleText
    grants: list[GrantSaid] = Field(max_length=64)
    active: bool


class NewPasswordBody(Said):
    password: Secret = Field(description="To be changed at the next login")


class BindPanelBody(Said):
    name: Name
    rooms: list[str] = Field(default=[], max_length=64, description="All of the site, if empty")
    here: bool = Field(default=False, description="Whether it is the browser that asks")


class AddTokenBody(Said):
    name: Name
    grants: list[GrantSaid] = Field(min_length=1, max_length=64)
    until: Moment | None = None


class GrantView(View):
    role: Role
    room: str


class PersonView(View):
    name: str
    title: str
    grants: list[GrantView]
    active: bool
    must_change: bool
    has_pin: bool
    has_factor: bool
    created: str
    logins: int
    seen: str | None = Field(description="When the newest of its logins was last used")


class PeoplePage(View):
    people: list[PersonView]


class RoleView(View):
    role: Role
    title: Title
    rights: list[Right]
    of_site_only: bool


class RolesView(View):
    roles: list[RoleView]


class PanelView(View):
    name: str
    rooms: list[str] = Field(description="All of the site, if empty")
    made: str
    by: str


class PanelsView(View):
    panels: list[PanelView]


class BoundPanel(PanelView):
    key: str | None = Field(description="Told this once; null where the browser has it now")


class TokenView(View):
    name: str
    grants: list[GrantView]
    made: str
    by: str
    until: str | None


class TokensView(View):
    tokens: list[TokenView]


class MadeToken(TokenView):
    token: str = Field(description="Told this once")


class PinHolder(View):
    name: str
    title: str


class PinHolders(View):
    people: list[PinHolder]


class FactorView(View):
    secret: str
    uri: str = Field(description="For an authenticator's camera")


class Ended(View):
    logins: int


class SessionView(View):
    """Who is logged in, and what may be done."""

    access: Literal["open", "people"]
    set_up: bool = Field(description="Whether the first person is still to be made")
    kind: Literal["person", "panel", "machine", "open"] | None
    name: str
    title: str
    panel: str = Field(description="The bound panel's name; empty where it is none")
    by_pin: bool
    must_change: bool
    has_pin: bool
    has_factor: bool
    until: str | None
    rights: list[Right] = Field(description="In the whole site")
    rooms: dict[str, list[Right]] = Field(description="In each room")


class AccessPage(View):
    entries: list[EntryView]
    last: int


class ChainView(View):
    """Whether the journal is as it was written."""

    good: bool
    entries: int
    reason: str
    seq: int
    hash: str


def grant_views(grants: Grants) -> list[GrantView]:
    return [GrantView(role=grant.role, room=grant.room) for grant in sorted(grants)]


def person_view(person: Known, logins: Iterable[Login]) -> PersonView:
    theirs = [login for login in logins if login.person == person.id]
    return PersonView(
        name=person.name,
        title=person.title,
        grants=grant_views(person.grants),
        active=person.active,
        must_change=person.must_change,
        has_pin=person.pin is not None,
        has_factor=person.factor is not None,
        created=iso(person.created),
        logins=len(theirs),
        seen=iso(max(login.seen for login in theirs)) if theirs else None,
    )


def role_view(role: Role, rights: Iterable[Right]) -> RoleView:
    zh, en = TITLES[role]
    ordered = [right for right in Right if right in set(rights)]
    only = role is Role.ADMINISTRATOR
    return RoleView(role=role, title=Title(zh=zh, en=en), rights=ordered, of_site_only=only)


def panel_view(panel: Held) -> PanelView:
    return PanelView(
        name=panel.name,
        rooms=[grant.room for grant in panel.grants if grant.room],
        made=iso(panel.made),
        by=panel.by,
    )


def token_view(token: Held) -> TokenView:
    return TokenView(
        name=token.name,
        grants=grant_views(token.grants),
        made=iso(token.made),
        by=token.by,
        until=iso(token.until) if token.until else None,
    )
