"""Getting into the shell: its welcome, and a login where the line itself asks for one."""

import contextlib

from avctl.drivers.cisco_roomos import commands
from avctl.drivers.cisco_roomos.settings import CiscoSettings
from avctl.drivers.cisco_roomos.wire import Prompt, Ready
from avctl.errors import LinkDownError, RefusedError
from avctl.link import Ask
from avctl.transport.trust import WRONG_PASSWORD


class Door:
    def __init__(self, device: str, settings: CiscoSettings) -> None:
        self._device, self._user = device, settings.user
        self.begin()

    def begin(self) -> None:
        """On every connection."""
        self._welcome: Ready | Prompt | None = None  # the last that was heard

    def hear(self, message: Ready | Prompt) -> None:
        self._welcome = message

    async def enter(self, ask: Ask, scheme: str) -> None:
        """Raises LinkDownError where the password is not taken."""
        if scheme in ("serial", "rfc2217"):
            await self._wake(ask)
            return
        if isinstance(await self._await_welcome(ask), Prompt):
            await self._log_in(ask)
        await ask(commands.echo_off())

    async def _wake(self, ask: Ask) -> None:
        """A wire has no beginning, and a session on it may be open still: saying something shows how it stands."""
        said = await ask(commands.echo_off())
        if isinstance(said, Ready):
            return
        if said.wants == "password":  # it has taken that for a user
            await ask(commands.say_nothing())
        await self._log_in(ask)
        await ask(commands.echo_off())

    async def _await_welcome(self, ask: Ask) -> Ready | Prompt | None:
        with contextlib.suppress(RefusedError):  # it came before it was our turn
            await ask(commands.await_welcome(lambda: self._welcome is None))
        return self._welcome

    async def _log_in(self, ask: Ask) -> None:
        await ask(commands.say_user(self._user))
        if isinstance(await ask(commands.say_password()), Prompt):
            raise LinkDownError(self._device, f"{WRONG_PASSWORD} {self._user}")
