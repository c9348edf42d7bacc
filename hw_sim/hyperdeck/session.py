"""One client: its half-read request, what it wants to be told, and the watchdog over it."""

from asyncio import TimerHandle
from typing import TYPE_CHECKING

from hw_sim.hyperdeck.commands import answer
from hw_sim.hyperdeck.wire import Request, Requests, long, short
from hw_sim.simulator import Conversation, Port

if TYPE_CHECKING:
    from hw_sim.hyperdeck.device import HyperDeck


class Session(Conversation):
    def __init__(self, deck: "HyperDeck", port: Port) -> None:
        self.deck, self.port = deck, port
        self.wants = dict.fromkeys(("transport", "slot", "remote", "configuration"), False)
        self.override = False
        self._requests = Requests()
        self._here = True
        self._held: list[str] | None = None  # 5xx that a request brings about, while it is obeyed
        self._period = 0
        self._watchdog: TimerHandle | None = None

    def opened(self) -> None:
        if self.deck.is_taken() or self.deck.faults.strikes("busy"):
            self.hang_up(short(120))
            return
        self.deck.sessions.append(self)
        kind = self.deck.kind
        self._say(long(500, {"protocol version": kind.protocol, "model": kind.title}))

    def closed(self) -> None:
        self._here = False
        if self in self.deck.sessions:
            self.deck.sessions.remove(self)
        if self._watchdog is not None:
            self._watchdog.cancel()

    def hang_up(self, last: str = "") -> None:
        """Close the connection, after ``last`` was said."""
        if self._here:
            self._say(last)
            self.closed()
            self.port.close()

    def receive(self, data: bytes) -> None:
        for request in self._requests.feed(data):
            if self._here:
                self._obey(request)

    def notice(self, kind: str, text: str) -> None:
        """Tell of a change, if that is wanted."""
        if not self.wants[kind]:
            return
        if self._held is None:
            self._say(text)
        else:
            self._held.append(text)

    def watch(self, period: int) -> None:
        """Hang up when nothing was asked for ``period`` seconds; 0 or less never."""
        self._period = period
        self._stay()

    def _obey(self, request: Request) -> None:
        self._stay()
        self._held = []
        reply = answer(self, request)
        held, self._held = self._held, None
        if self._here:
            news = "".join(held)
            self._say(news + reply if self.deck.knobs.async_first else reply + news)

    def _stay(self) -> None:
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
        if self._period > 0:
            self._watchdog = self.deck.clock.later(self._period, self.hang_up)

    def _say(self, text: str) -> None:
        if text:
            self.port.send(text.encode())
