"""Logging in, noticing that a session is over, and logging in again once."""

import contextlib
from typing import TypeVar

from avctl.clock import Clock
from avctl.drivers.huawei_te import commands
from avctl.drivers.huawei_te.session import PLACES, Session
from avctl.drivers.huawei_te.settings import HuaweiSettings
from avctl.errors import BusyError, DeviceError, LinkDownError, RefusedError
from avctl.link import Ask
from avctl.turn import Turn
from avctl.wire import Command

A = TypeVar("A")

AGAIN = 10.0  # seconds between two logins: a terminal has few sessions, and locks who errs often
TRIES = 10  # logins with one session: it may be another that the terminal has forgotten


class ShutOutError(LinkDownError):
    """Trying again soon would change nothing."""


class Door:
    def __init__(
        self, device: str, settings: HuaweiSettings, session: Session, clock: Clock
    ) -> None:
        self._device, self._settings, self._clock = device, settings, clock
        self._session = session
        self._turn = Turn()
        self._logins = 0
        self._tries = 0  # left for a login with the session there is
        self._last = float("-inf")  # when a login was last tried

    async def enter(self, ask: Ask) -> None:
        """On every connection: with the session there was, where the terminal still knows it. Raises ShutOutError."""
        if self._session.is_logged_in:
            with contextlib.suppress(RefusedError):
                await ask(commands.read_sleep())
                return
        await self._log_in(ask)

    async def ask(self, ask: Ask, command: Command[A]) -> A:
        """Raises RefusedError; BusyError where logging in again was needed for what may not be repeated."""
        logins = self._logins
        try:
            return await self._once(ask, command)
        except RefusedError:
            if not await self._was_forgotten(ask, logins):
                raise
        if not commands.is_harmless_twice(command):
            raise BusyError(self._device, "its session was over: logged in again", 0.5)
        return await self._once(ask, command)

    async def _once(self, ask: Ask, command: Command[A]) -> A:
        answer: A = await ask(command)
        return answer

    async def _was_forgotten(self, ask: Ask, logins: int) -> bool:
        """Whether the session was over, and there is a new one."""
        await self._turn.take()
        try:
            if self._logins != logins:
                return True
            try:
                await ask(commands.read_sleep())
            except RefusedError:
                if self._clock.now() - self._last < AGAIN:
                    return False
                await self._log_in(ask)
                return True
            return False
        finally:
            self._turn.give()

    async def _log_in(self, ask: Ask) -> None:
        self._last = self._clock.now()
        if self._session.is_logged_in or not self._tries:
            self._session.forget()
        if not self._session.is_there:
            await self._open(ask)
        self._tries -= 1
        try:
            await self._prove(ask)
        except DeviceError:
            await self._leave(ask)
            raise
        self._logins += 1

    async def _open(self, ask: Ask) -> None:
        try:
            await ask(commands.open_session())
        except RefusedError as error:
            text = f"it gives no session: all may be taken, or it upgrades ({error.text})"
            raise ShutOutError(self._device, text) from error
        self._tries = TRIES

    async def _prove(self, ask: Ask) -> None:
        user = self._settings.user
        try:
            await ask(commands.log_in())
        except RefusedError as error:
            text = f"it does not take the password of {user} ({error.text})"
            raise ShutOutError(self._device, text) from error
        if self._settings.change_session:
            await ask(commands.change_session())
        if self._settings.csrf == "auto":
            await self._find_place(ask)

    async def _find_place(self, ask: Ask) -> None:
        """Where the token has to be: where a question is answered with it."""
        places = sorted(PLACES, key=lambda place: place != self._session.place)
        for place in places:
            self._session.place = place
            with contextlib.suppress(RefusedError):
                await ask(commands.read_sleep())
                return
        text = "it takes the login, but no question after it: set `csrf`"
        raise ShutOutError(self._device, text)

    async def _leave(self, ask: Ask) -> None:
        """A session that cannot be given back is kept for the next login, not left behind."""
        with contextlib.suppress(DeviceError):
            await ask(commands.log_out())
            self._session.forget()
