"""Logging in and out: by password and one-time code, or at a bound panel by PIN."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp

from avctl.clock import Clock
from service.journal import Journal
from service.people.attempts import Attempts
from service.people.caller import Caller
from service.people.credentials import drawn, hashed
from service.people.passwords import Passwords
from service.people.register import spelled
from service.people.roll import Known, Login, Roll
from service.problems import ApiError
from service.settings import Settings

PIN_SECONDS = 120.0  # that one PIN is good for
STEP = 30  # seconds that a one-time code stands for


class Logins:
    def __init__(
        self,
        roll: Roll,
        passwords: Passwords,
        attempts: Attempts,
        journal: Journal,
        clock: Clock,
        settings: Settings,
        changed: Callable[[], None],
        is_live: Callable[[Login, datetime], bool],
    ) -> None:
        self._roll, self._passwords, self._attempts = roll, passwords, attempts
        self._journal, self._clock, self._settings = journal, clock, settings
        self._changed, self._is_live = changed, is_live
        self._begun: dict[int, str] = {}  # second factors that nobody confirmed yet

    async def log_in(
        self, name: str, password: str, code: str, address: str, panel: str = ""
    ) -> tuple[str, Known]:
        """A new session's secret, and whose it is. Raises ApiError."""
        name = spelled(name)
        self._attempts.count(name, address, panel)
        person = self._roll.find(name)
        try:
            fits = await self._passwords.fits(
                person.password if person else None, password, stranger=not panel
            )
        except ApiError:
            self._attempts.give_back(name, address, panel)
            raise
        if not (person and fits and person.active):
            raise wrong("the name or the password is wrong", "用户名或密码不正确")
        if person.factor:
            await self._check_code(person, code)
        self._attempts.succeeded(name, panel)
        return await self._begin(person, address, "", timedelta(hours=self._settings.login_hours))

    async def enter_pin(self, name: str, pin: str, address: str, panel: str) -> tuple[str, Known]:
        """The same for two minutes, at ``panel`` only. Raises ApiError."""
        name = spelled(name)
        self._attempts.count(f"{name} by PIN", address, panel)
        person = self._roll.find(name)
        fits = await self._passwords.fits(person.pin if person else None, pin)
        if not (person and fits and person.active):
            raise wrong("the PIN is wrong", "PIN 不正确")
        self._attempts.succeeded(f"{name} by PIN", panel)
        return await self._begin(person, address, panel, timedelta(seconds=PIN_SECONDS))

    async def log_out(self, caller: Caller) -> None:
        await self._roll.end_logins(caller.session)
        self._changed()

    async def log_out_everywhere(self, person: int, but: str = "") -> int:
        """How many logins it ended; all, or all ``but`` one."""
        ended = [
            login.key
            for login in self._roll.logins.values()
            if login.person == person and login.key != but
        ]
        await self._roll.end_logins(*ended)
        self._changed()
        return len(ended)

    async def check_password(self, person: Known, password: str, address: str) -> None:
        """That it is really they who ask. Raises ApiError."""
        self._attempts.count(person.name, address)
        if not await self._passwords.fits(person.password, password):
            raise wrong("the password is wrong", "密码不正确")
        self._attempts.succeeded(person.name)

    def begin_factor(self, person: Known, site: str) -> tuple[str, str]:
        """A secret for the person's authenticator, and its address. It counts once it is confirmed."""
        secret = self._begun[person.id] = pyotp.random_base32()
        return secret, pyotp.TOTP(secret).provisioning_uri(
            name=person.name, issuer_name=f"avctl {site}"
        )

    def confirm_factor(self, person: Known, code: str, address: str) -> str:
        """The secret that ``code`` is one of. Raises ApiError."""
        self._attempts.count(person.name, address)
        secret = self._begun.get(person.id)
        if secret is None or self._step_of(secret, code, 0) is None:
            raise wrong("the one-time code is wrong", "动态验证码不正确")
        del self._begun[person.id]
        return secret

    async def _check_code(self, person: Known, code: str) -> None:
        assert person.factor is not None
        if not code:
            raise ApiError("code-needed", "a one-time code is needed too", "还需要动态验证码")
        step = self._step_of(person.factor, code, person.factor_used)
        if step is None:
            raise wrong("the one-time code is wrong", "动态验证码不正确")
        await self._roll.change_person(person.id, factor_used=step)

    def _step_of(self, secret: str, code: str, after: int) -> int | None:
        """Which step's code it is, the last or the next one included; none up to ``after``."""
        now = int(self._clock.wall().timestamp()) // STEP
        totp = pyotp.TOTP(secret)
        for step in (now, now - 1, now + 1):
            if step > after and pyotp.utils.strings_equal(totp.generate_otp(step), code):
                return step
        return None

    async def _begin(
        self, person: Known, address: str, panel: str, lasts: timedelta
    ) -> tuple[str, Known]:
        now, secret = self._clock.wall(), drawn()
        await self._make_room(person, now, bool(panel))
        await self._roll.add_login(
            key=hashed(secret), person=person.id, panel=panel, address=address,
            by_pin=bool(panel), begun=now, seen=now, until=now + lasts,
        )  # fmt: skip
        self._changed()
        return secret, person

    async def _make_room(self, person: Known, now: datetime, by_pin: bool) -> None:
        """End what is over, and the person's oldest logins beyond those they may have at once."""
        logins = sorted(self._roll.logins.values(), key=lambda login: login.begun)
        over = [login.key for login in logins if not self._is_live(login, now)]
        theirs = [
            login.key
            for login in logins
            if login.person == person.id and login.by_pin is by_pin and login.key not in over
        ]
        spare = self._settings.logins_per_person - 1
        await self._roll.end_logins(*over, *theirs[: max(0, len(theirs) - spare)])


def wrong(detail: str, detail_zh: str) -> ApiError:
    return ApiError("wrong-login", detail, detail_zh)
