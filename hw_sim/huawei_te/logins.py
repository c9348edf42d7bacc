"""Who is logged in: sessions, their tokens and their mail, and how they end."""

from collections import deque
from dataclasses import dataclass, field
from random import Random

from hw_sim.clock import Clock

MAIL = 64  # messages that wait for a session; the oldest go first


@dataclass(slots=True)
class Login:
    session: str
    heard_at: float
    token: str = ""  # empty until user and password were right
    mail: deque[dict[str, object]] = field(default_factory=lambda: deque(maxlen=MAIL))

    def read_mail(self) -> list[dict[str, object]]:
        """What has come since the last time, which then is gone."""
        mail = list(self.mail)
        self.mail.clear()
        return mail


class Logins:
    """The sessions of a terminal; a silent one is forgotten after ``seconds``."""

    def __init__(self, clock: Clock, rng: Random, limit: int, seconds: float) -> None:
        self._clock, self._rng = clock, rng
        self._limit, self._seconds = limit, seconds
        self._all: dict[str, Login] = {}

    def __len__(self) -> int:
        self._forget()
        return len(self._all)

    def begin(self) -> Login | None:
        """A new session, or None when all are taken."""
        self._forget()
        if len(self._all) >= self._limit:
            return None
        return self._added(Login(self._new(), self._clock.now()))

    def find(self, session: str) -> Login | None:
        """The session of this name, which has been heard of now."""
        self._forget()
        login = self._all.get(session)
        if login is not None:
            login.heard_at = self._clock.now()
        return login

    def admit(self, login: Login) -> str:
        """Give a session whose password was right its token."""
        login.token = self._new()
        return login.token

    def rename(self, login: Login) -> None:
        """Let a session go on under a new name."""
        self.end(login)
        login.session = self._new()
        self._added(login)

    def end(self, login: Login) -> None:
        self._all.pop(login.session, None)

    def clear(self) -> None:
        self._all.clear()

    def post(self, message: dict[str, object]) -> None:
        """Leave a message for every session."""
        for login in self._all.values():
            login.mail.append(message)

    def _forget(self) -> None:
        if not self._all:
            return
        now = self._clock.now()
        for login in tuple(self._all.values()):
            if now - login.heard_at > self._seconds:
                self.end(login)

    def _new(self) -> str:
        return f"{self._rng.getrandbits(128):032x}"

    def _added(self, login: Login) -> Login:
        self._all[login.session] = login
        return login
