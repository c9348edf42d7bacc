"""The register of people, panels and tokens: what an administrator does, each act in the journal."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from avctl.clock import Clock
from service.journal import Journal
from service.people import passwords as rules
from service.people.credentials import PANEL, TOKEN, drawn, hashed
from service.people.passwords import Passwords
from service.people.roles import GIVEN, MACHINES, Grant, Grants, Role
from service.people.roll import Held, Known, Roll
from service.problems import ApiError, unfit, unknown

# None that a table calculates or a header breaks: letters of any language, digits and . _ -
NAME = re.compile(r"\w[\w.-]{0,63}")


class Register:
    def __init__(
        self,
        roll: Roll,
        passwords: Passwords,
        journal: Journal,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._roll, self._passwords = roll, passwords
        self._journal, self._clock, self._changed = journal, clock, changed

    # People.

    async def add(
        self,
        name: str,
        title: str,
        password: str,
        grants: Grants,
        *,
        by: str,
        must_change: bool = True,
    ) -> Known:
        """Raises ApiError."""
        name = spelled(name)
        if not NAME.fullmatch(name):
            raise unfit("a name has letters, digits, '.', '_' and '-' only")
        check_grants(grants, GIVEN)
        rules.check(password, name)
        try:
            made = await self._roll.add_person(
                name=name, title=title.strip() or name, grants=grants, active=True,
                password=await self._passwords.hashed(password), must_change=must_change,
                pin=None, factor=None, factor_used=0, created=self._clock.wall(),
            )  # fmt: skip
        except IntegrityError:
            raise ApiError("conflict", f"{name} is taken", f"用户名 {name} 已被使用") from None
        await self._note("added", made, by, grants=told(grants))
        return made

    async def change(
        self, person: Known, *, title: str, grants: Grants, active: bool, by: str
    ) -> Known:
        """Raises ApiError."""
        check_grants(grants, GIVEN)
        self._check_last(person, grants, active)
        await self._roll.change_person(person.id, title=title, grants=grants, active=active)
        if not active:
            await self._end_logins(person)
        before = {"title": person.title, "grants": told(person.grants), "active": person.active}
        after = {"title": title, "grants": told(grants), "active": active}
        await self._note("changed", person, by, before=before, after=after)
        return self._roll.people[person.id]

    async def set_password(self, person: Known, password: str, *, by: str, own: bool) -> None:
        """Set by another, it must be changed at the next login. Raises ApiError."""
        rules.check(password, person.name)
        if own and await self._passwords.fits(person.password, password):
            raise ApiError("weak-password", "take another one than before", "请使用新的密码")
        made = await self._passwords.hashed(password)
        await self._roll.change_person(person.id, password=made, must_change=not own)
        if not own:
            await self._end_logins(person)
        await self._note("password", person, by)

    async def set_pin(self, person: Known, pin: str | None, *, by: str) -> None:
        """Raises ApiError."""
        if pin is not None:
            rules.check_pin(pin)
        made = await self._passwords.hashed(pin) if pin else None
        await self._roll.change_person(person.id, pin=made)
        await self._note("pin" if pin else "pin-dropped", person, by)

    async def set_factor(self, person: Known, secret: str | None, *, by: str) -> None:
        await self._roll.change_person(person.id, factor=secret, factor_used=0)
        await self._note("factor" if secret else "factor-dropped", person, by)

    def _check_last(self, person: Known, grants: Grants, active: bool) -> None:
        administers = Grant(Role.ADMINISTRATOR)
        others = [
            other
            for other in self._roll.people.values()
            if other.active and administers in other.grants and other.id != person.id
        ]
        was = person.active and administers in person.grants
        if was and not others and not (active and administers in grants):
            raise ApiError("conflict", "somebody has to be administrator", "至少须保留一名管理员")

    async def _end_logins(self, person: Known) -> None:
        ended = [key for key, login in self._roll.logins.items() if login.person == person.id]
        await self._roll.end_logins(*ended)

    # Panels and tokens.

    async def bind_panel(self, name: str, rooms: list[str], *, by: str) -> tuple[str, Held]:
        """The panel's key, told this once. Raises ApiError."""
        grants = tuple(Grant(Role.PANEL, room) for room in rooms) or (Grant(Role.PANEL),)
        return await self._add_key("panel", PANEL, name, grants, None, by)

    async def add_token(
        self, name: str, grants: Grants, until: datetime | None, *, by: str
    ) -> tuple[str, Held]:
        """The token, told this once. Raises ApiError."""
        check_grants(grants, MACHINES)
        return await self._add_key("token", TOKEN, name, grants, until, by)

    async def revoke(self, kind: str, name: str, *, by: str) -> None:
        """Raises ApiError."""
        held = next((key for key in self.held(kind) if key.name == name), None)
        if held is None:
            raise unknown(kind, {"panel": "面板", "token": "令牌"}[kind], name, ())
        await self._roll.change_key(held.id, revoked=self._clock.wall())
        await self._note(f"{kind}-revoked", held, by)

    def held(self, kind: str) -> list[Held]:
        """Those that were not revoked."""
        keys = self._roll.keys.values()
        return [key for key in keys if key.kind == kind and key.revoked is None]

    async def _add_key(
        self, kind: str, prefix: str, name: str, grants: Grants, until: datetime | None, by: str
    ) -> tuple[str, Held]:
        name = spelled(name)
        if not NAME.fullmatch(name):
            raise unfit("a name has letters, digits, '.', '_' and '-' only")
        if any(key.name == name for key in self.held(kind)):
            raise ApiError("conflict", f"{name} is taken", f"名称 {name} 已被使用")
        secret = drawn(prefix)
        made = await self._roll.add_key(
            kind=kind, name=name, hash=hashed(secret), grants=grants,
            made=self._clock.wall(), by=by, until=until, revoked=None,
        )  # fmt: skip
        await self._note(f"{kind}-added", made, by, grants=told(grants))
        return secret, made

    async def _note(self, event: str, of: Known | Held, by: str, **more: Any) -> None:
        """Waits until it is kept. Raises JournalError."""
        self._changed()
        data = {"event": event, "name": of.name, **more}
        await self._journal.stored(self._journal.note("people", data, by=by))


def spelled(name: str) -> str:
    """Names that look alike are the same."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def told(grants: Grants) -> list[dict[str, str]]:
    return [{"role": grant.role.value, "room": grant.room} for grant in sorted(grants)]


def check_grants(grants: Grants, roles: tuple[Role, ...]) -> None:
    """Raises ApiError."""
    for grant in grants:
        if grant.role not in roles:
            raise unfit(f"the role {grant.role.value} cannot be given here")
        if grant.role is Role.ADMINISTRATOR and grant.room:
            raise unfit("an administrator is one of the whole site")
