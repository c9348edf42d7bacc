"""Getting in and staying in: the greeting, the password, and devices that end every connection themselves.

Source: "PJLink Specifications" version 2.00, chapters 5 and 6.
"""

from avctl.clock import Clock
from avctl.drivers.pjlink import commands
from avctl.drivers.pjlink.settings import PJLinkSettings
from avctl.drivers.pjlink.wire import Greeting, Rejected
from avctl.errors import LinkDownError, NoAnswerError, RefusedError
from avctl.link import Ask
from avctl.wire import Message

SURE_AFTER = 3  # rejections in a row, after which the password is taken to be wrong
AGAIN_AFTER = 1.0  # seconds; another controller's session may have made it forget ours
SHUT_OUT = 60.0  # seconds; attempts to log in lock some devices up
REDIALLED_WITHIN = 5.0  # seconds in which a line that ended as expected is back


class ShutOutError(LinkDownError):
    """Trying again soon would change nothing."""


class Session:
    """What is known of the present connection, and of the ways of the device."""

    def __init__(self, device: str, settings: PJLinkSettings, clock: Clock) -> None:
        self._device, self._settings, self._clock = device, settings, clock
        self.hangs_up = False  # whether it ends the connection after every answer
        self.rejections = 0  # in a row
        self.wants_password = False  # and none is set
        self._forgiven_until = 0.0
        self.begin()

    @property
    def password(self) -> str:
        secret = self._settings.password
        return secret.get_secret_value() if secret else ""

    def begin(self) -> None:
        """On every connection."""
        self._greeting: Greeting | None = None
        self._answers = 0

    def hear(self, message: Message) -> None:
        match message:
            case Greeting():
                self._greeting = message
            case Rejected():
                self.rejections += 1
            case _:
                self.rejections = 0
                self._answers += 1
                if self._answers > 1:
                    self.hangs_up = False

    def ended(self, reason: str) -> None:
        """The connection is over."""
        if self._answers == 1 and _is_by_device(reason):
            self.hangs_up = True

    @property
    def is_shut_out(self) -> bool:
        """Whether the password is taken to be wrong."""
        return self.rejections >= SURE_AFTER

    @property
    def hold_off(self) -> float:
        """Seconds after a rejection before the next attempt."""
        return SHUT_OUT if self.is_shut_out else AGAIN_AFTER

    def forgive(self, seconds: float) -> None:
        """For so long a lost line does not count: it is expected back."""
        self._forgiven_until = max(self._forgiven_until, self._clock.now() + seconds)

    def patience(self, reason: str) -> float:
        """Seconds in which a line that was lost for ``reason`` is expected back."""
        if self.is_shut_out:
            return 0.0
        brief = REDIALLED_WITHIN if self.hangs_up or self.rejections else 0.0
        is_its_own = _is_by_device(reason) or "no answer" in reason
        return max(brief, self._forgiven_until - self._clock.now() if is_its_own else 0.0)

    def why_down(self, reason: str) -> str:
        """The reason for a line that is down, in the words of what it means here."""
        if self.is_shut_out:
            return f"it does not take the `password` set ({self.rejections} times in a row)"
        if self.rejections:
            return f"it does not take our password just now: another controller? ({reason})"
        return reason

    async def open(self, ask: Ask) -> None:
        """Raises ShutOutError or NoAnswerError, which name what to look at."""
        if self._greeting is None:
            await self._await_greeting(ask)
        self.wants_password = bool(self._greeting and self._greeting.random and not self.password)
        if self.wants_password:
            raise ShutOutError(self._device, "it wants a password: set `password`")

    async def _await_greeting(self, ask: Ask) -> None:
        try:
            await ask(commands.await_greeting(lambda: self._greeting is None))
        except RefusedError:
            return  # it came before it was our turn
        except NoAnswerError as error:
            text = "connected, but it does not greet"
            why = "another controller is connected, or it is no PJLink device"
            raise NoAnswerError(self._device, f"{text}: {why}") from error


def _is_by_device(reason: str) -> bool:
    """Whether the other end has closed the connection."""
    return "closed by" in reason or "reset" in reason.casefold()
