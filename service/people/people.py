"""Who may come in: people, bound panels and machines, and everybody where the site is open."""

import asyncio
import contextlib
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from starlette.requests import HTTPConnection

from avctl.clock import Clock
from service.journal import Journal
from service.people.attempts import Attempts
from service.people.caller import EVERYBODY, Caller, Kind
from service.people.credentials import Credentials, hashed, shown
from service.people.logins import Logins
from service.people.passwords import Passwords
from service.people.register import Register, spelled, told
from service.people.roles import Grant, Role
from service.people.roll import OFTEN, Known, Login, Roll
from service.people.setup import SetUp
from service.settings import Settings
from service.store.records import Records, RecordsError

log = logging.getLogger("avctl.people")

# Pictures are fetched by themselves: somebody who went away is not kept in by them.
IDLY = frozenset({"get_picture", "stream_events", "socket"})


class People:
    """`open` it when the records are."""

    def __init__(
        self,
        records: Records,
        journal: Journal,
        clock: Clock,
        settings: Settings,
    ) -> None:
        self.settings = settings
        self.roll = Roll(records, clock)
        self._clock, self._journal = clock, journal
        self._idle = timedelta(minutes=settings.idle_minutes)
        self._changed = asyncio.Event()
        passwords, attempts = Passwords(), Attempts(clock)
        self.register = Register(self.roll, passwords, journal, clock, self._tell)
        self.logins = Logins(
            self.roll, passwords, attempts, journal, clock, settings, self._tell, self.is_live
        )
        self.set_up = SetUp(self.roll, self.register, attempts)

    @property
    def is_open(self) -> bool:
        return self.settings.access == "open"

    async def open(self) -> None:
        """Raises RecordsError."""
        if self.is_open:
            return
        await self.roll.open()
        self.set_up.open()

    async def enter(self, connection: HTTPConnection) -> Caller | None:
        """Who asks; None when nobody known."""
        if self.is_open:
            return EVERYBODY
        try:
            await self._refresh()
        except RecordsError as error:
            log.error("%s; those who were known stay so", error)
        return self.caller(self.shown(connection))

    def shown(self, connection: HTTPConnection) -> Credentials:
        return shown(connection, self.settings)

    def caller(self, given: Credentials) -> Caller | None:
        now = self._clock.wall()
        if given.token:
            return self._holder(given.token, now)
        panel = self._holder(given.panel, now) if given.panel else None
        login = self.roll.logins.get(given.session)
        if login and self.is_live(login, now):
            return self._person(login, panel)
        return panel

    def with_session(self, connection: HTTPConnection, secret: str) -> Caller | None:
        """Who asks from now on, by the session just begun."""
        return self.caller(replace(self.shown(connection), session=hashed(secret)))

    def named(self, name: str) -> str:
        """A name that somebody typed, for the journal: what nobody is called may be a password."""
        known = self.roll.find(spelled(name))
        return known.name if known else "(unknown)"

    def pin_holders(self, rooms: list[str]) -> list[Known]:
        """Who may do something by PIN at a panel of ``rooms``."""
        people = sorted(self.roll.people.values(), key=lambda person: person.title)
        return [each for each in people if each.active and each.pin and _within(each.grants, rooms)]

    async def use(self, caller: Caller, operation: str) -> None:
        """Note that a login was used by a person, not by a page that keeps itself fresh."""
        login = self.roll.logins.get(caller.session)
        if login and operation not in IDLY:
            with contextlib.suppress(RecordsError):
                await self.roll.use(login, self._clock.wall())

    def is_live(self, login: Login, now: datetime) -> bool:
        person = self.roll.people.get(login.person)
        idle = not login.by_pin and now - login.seen >= self._idle
        return bool(person and person.active and now < login.until and not idle)

    async def until_gone(self, given: Credentials, caller: Caller) -> None:
        """Until ``caller`` is no more, or has other rights than it came in with."""
        if self.is_open:
            await asyncio.Event().wait()
        while self.caller(given) == caller:
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(OFTEN):
                    await self._changed.wait()
            with contextlib.suppress(RecordsError):
                await self._refresh()

    async def _refresh(self) -> None:
        """Take over what was changed on the machine itself, and write down who was."""
        before = self.roll.people
        if not await self.roll.refresh():
            return
        for person in self.roll.people.values():
            if before.get(person.id) != person:
                data = {"event": "changed-on-machine", "name": person.name}
                self._journal.note("people", {**data, "grants": told(person.grants)}, by="machine")
        self._tell()

    def _tell(self) -> None:
        self._changed.set()

    def _holder(self, key: str, now: datetime) -> Caller | None:
        held = self.roll.key(key)
        if held is None or not held.is_good(now):
            return None
        if held.kind == "panel":
            return Caller(Kind.PANEL, held.name, held.grants, panel=held.name)
        return Caller(Kind.MACHINE, held.name, held.grants)

    def _person(self, login: Login, panel: Caller | None) -> Caller | None:
        person = self.roll.people[login.person]
        at = panel.panel if panel else ""
        if login.panel and login.panel != at:
            return panel  # a PIN is good at the panel where it was entered only
        must_change = person.must_change and not login.by_pin
        grants = () if must_change else person.grants
        if login.by_pin and panel:
            rooms = [grant.room for grant in panel.grants]
            grants = _within(grants, rooms)
        if panel:
            grants = (*grants, *panel.grants)  # who logs in at a panel can do no less than before
        return Caller(
            Kind.PERSON, person.name, grants, person.id, login.key, at,
            must_change,
        )  # fmt: skip


def _within(grants: tuple[Grant, ...], rooms: list[str]) -> tuple[Grant, ...]:
    """What of ``grants`` commands the panel's rooms: a PIN is too short for anything else."""
    commands = [grant for grant in grants if grant.role in (Role.OPERATOR, Role.ENGINEER)]
    if "" in rooms:
        return tuple(commands)
    return tuple(
        Grant(grant.role, room) for grant in commands for room in rooms if grant.room in ("", room)
    )
