"""Getting in: the banner, the login, and why a controller does not let us.

Source: CORIOmaster C3-540 manual, p. 17; CORIOmaster2 CM2-547 manual, p. 52 (one connection at a time).
"""

import errno

from avctl.clock import Clock
from avctl.drivers.coriomaster import commands
from avctl.drivers.coriomaster.settings import CorioMasterSettings
from avctl.drivers.coriomaster.wire import Foreign, Greeting, LoginAnswered, Ready
from avctl.errors import LinkDownError, NoAnswerError, RefusedError
from avctl.link import Ask, Figures

MOST_GREETING = 8  # lines
# What the line says of a connection that the controller did not want.
NOT_WANTED = (f"[Errno {errno.ECONNREFUSED}]", f"[Errno {errno.ECONNRESET}]", "closed")


class ShutOutError(LinkDownError):
    """Trying again soon would change nothing."""


class Session:
    """What is known of the present connection."""

    def __init__(self, device: str, settings: CorioMasterSettings, clock: Clock) -> None:
        self._device, self._settings, self._clock = device, settings, clock
        self.begin("")

    def begin(self, scheme: str) -> bool:
        """On every connection. Gives whether it begins with a banner."""
        self._is_greeted = scheme == "tcp" and self._settings.banner
        self._began = self._clock.now() if scheme else 0.0
        self._is_ready = False
        self._foreign = ""
        self._greeting: list[str] = []
        return self._is_greeted

    @property
    def model(self) -> str:
        """As the banner says it."""
        return self._greeting[0] if self._greeting else "CORIOmaster"

    def hear(self, message: Greeting | Ready | Foreign) -> None:
        match message:
            case Greeting(text):
                self._greeting = [*self._greeting, text][:MOST_GREETING]
            case Ready():
                self._is_ready = True
            case Foreign(text):
                self._foreign = text

    def why_down(self, reason: str) -> str:
        """The reason for a line that is down, in the words of what it means here."""
        is_not_wanted = any(sign in reason for sign in NOT_WANTED)
        if self._is_greeted and not self._greeting and is_not_wanted:
            return f"another controller is connected, or it restarts ({reason})"
        return reason

    async def open(self, ask: Ask, figures: Figures) -> None:
        """Raises LinkDownError or NoAnswerError, which name what to look at."""
        if self._is_greeted:
            await self._await_ready(ask, figures)
        if self._settings.password is not None:
            await self._log_in(ask, self._settings.password.get_secret_value())
            return
        try:
            await ask(commands.read_taken())
        except RefusedError as error:
            text = f"it may want a login: set `password` ({error.text})"
            raise ShutOutError(self._device, text) from error

    async def _await_ready(self, ask: Ask, figures: Figures) -> None:
        if self._settings.password is None:
            raise ShutOutError(self._device, "a login is needed over TCP: set `password`")
        try:
            await ask(commands.await_ready(lambda: not (self._is_ready or self._foreign)))
        except RefusedError:
            pass  # it came before it was our turn
        except NoAnswerError as error:
            raise NoAnswerError(self._device, self._why_not_ready(figures)) from error
        if self._foreign:
            text = f"no CORIOmaster: it greets with {self._foreign!r}"
            raise ShutOutError(self._device, text)

    def _why_not_ready(self, figures: Figures) -> str:
        if self._greeting:
            return f"it greets with {self._greeting!r}, but does not say Interface Ready"
        if figures.last_heard is not None and figures.last_heard >= self._began:
            return "no CORIOmaster: it sends something that is no greeting"
        return "connected, but it stays mute: another controller is connected"

    async def _log_in(self, ask: Ask, password: str) -> None:
        user = self._settings.user
        try:
            said: LoginAnswered = await ask(commands.log_in(user, password))
        except RefusedError as error:
            # Without its cause: nothing that was said in the login is to be shown.
            raise self._refused(error.text) from None
        if not said.is_welcome:
            raise self._refused(said.text)

    def _refused(self, text: str) -> ShutOutError:
        return ShutOutError(
            self._device,
            f"it does not take `user` {self._settings.user} with the `password` set: {text}",
        )
