"""One connection to a CORIOmaster: greeting, login, and commands answered one after the other."""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from hw_sim.coriomaster.language import Lines, answer, reads_windows
from hw_sim.coriomaster.wall import Cancellable
from hw_sim.simulator import Conversation, Port

if TYPE_CHECKING:
    from hw_sim.coriomaster.device import CorioMaster

LONGEST = 1024  # bytes of a line; what is longer is thrown away
MOST_WAITING = 32  # lines; what comes on top is lost
READY = b"Interface Ready"
SECOND_THOUGHT = 0.5  # seconds until the device hangs up on a second client that it had accepted


class Session(Conversation):
    def __init__(self, device: "CorioMaster", port: Port) -> None:
        self.device, self.port = device, port
        self.user: str | None = None
        self.batch: list[Callable[[], object]] | None = None  # CALICO: changes put off
        self._serial = port.kind == "serial"
        self._line = bytearray()
        self._waiting: deque[str] = deque()
        self._saying = not self._serial  # a greeting or a reply is on its way
        self._said = b""
        self._deaf = not self._serial  # until the device is ready for commands
        self._life = 0  # counts restarts: what an earlier life had planned is void
        self._idle: Cancellable | None = None

    def opened(self) -> None:
        if self._serial:
            self.device.sessions.append(self)
            self._log_in_unasked()
            return
        if self.device.starting():
            self.port.close()
        elif self.device.taken():
            self._turn_away()
        else:
            self.device.sessions.append(self)
            self._stay_awake()
            self._greet()

    def closed(self) -> None:
        self._stop()
        if self in self.device.sessions:
            self.device.sessions.remove(self)

    def restart(self) -> None:
        """Lose everything that the device knew of this connection; over TCP, the connection."""
        self._stop()
        self.user = self.batch = None
        self._line.clear()
        if not self._serial:
            self.closed()
            self.port.close()
        else:
            self._saying = False
            self._log_in_unasked()

    def _log_in_unasked(self) -> None:
        if not self.device.serial_login:
            self.user = next(iter(self.device.users))

    def _turn_away(self) -> None:
        match self.device.second_client:
            case "refuse":
                self.port.close()
            case "close":
                self._later(SECOND_THOUGHT, self.port.close)

    def _greet(self) -> None:
        pieces = self.device.greeting()
        for number, piece in enumerate(pieces):
            delay = self.device.banner_delay + number * self.device.banner_gap
            self._later(delay, lambda piece=piece: self._greet_on(piece))  # type: ignore[misc]
        last = self.device.banner_delay + (len(pieces) - 1) * self.device.banner_gap
        self._later(last, self._next)

    def _greet_on(self, piece: bytes) -> None:
        self._said += piece
        self._deaf = READY not in self._said
        self.port.send(piece)

    def receive(self, data: bytes) -> None:
        if self.device.starting():
            self.restart()
            return
        if self not in self.device.sessions:
            return
        self._stay_awake()
        if self._deaf:
            return
        *lines, rest = (self._line + data).split(b"\n")
        self._line = bytearray() if len(rest) > LONGEST else bytearray(rest)
        for line in lines:
            text = line.decode(errors="replace").strip()
            if text and len(line) <= LONGEST and len(self._waiting) < MOST_WAITING:
                self._waiting.append(text)
        if not self._saying:
            self._next()

    def event(self, text: str) -> None:
        """Tell whoever is logged in what happened, between any two lines."""
        if self.user is not None:
            self._send(f"!Event : {text}")

    # One command after the other: each waits for the reply to the one before.

    def _next(self) -> None:
        self._saying = False
        while self._waiting and not self._saying:
            line = self._waiting.popleft()
            self._saying = True
            wait = self.device.thinks(slow=reads_windows(line))
            if wait:
                self._later(wait, lambda line=line: self._answer(line))  # type: ignore[misc]
                return
            if not self._say(answer(self.device, self, line)):
                return
            self._saying = False

    def _answer(self, line: str) -> None:
        if self._say(answer(self.device, self, line)):
            self._next()

    def _say(self, lines: Lines) -> bool:
        """Send a reply, a long one as slowly as the device is told to. Gives whether all of it is sent."""
        *body, status = lines
        if body[1:] and self.device.event_inside:
            body.insert(1, f"!Event : {self.device.event_inside}")
        if not (body[1:] and self.device.tree_delay):
            self._send(*body, status)
            return True
        pause = self.device.tree_delay / len(body)
        for number, line in enumerate(body):
            self._later(number * pause, lambda line=line: self._send(line))  # type: ignore[misc]
        self._later(self.device.tree_delay, lambda: self._finish(status))
        return False

    def _finish(self, status: str) -> None:
        self._send(status)
        self._next()

    def _send(self, *lines: str) -> None:
        self.port.send("".join(f"{line}\r\n" for line in lines).encode())

    # Time.

    def _stay_awake(self) -> None:
        if self._idle:
            self._idle.cancel()
        if self.device.idle_seconds and not self._serial:
            self._idle = self.device.clock.later(self.device.idle_seconds, self.restart)

    def _later(self, delay: float, call: Callable[[], object]) -> None:
        """Call ``call`` in ``delay`` seconds, unless the connection has ended by then."""
        life = self._life

        def due() -> None:
            if life == self._life:
                call()

        self.device.clock.later(delay, due)

    def _stop(self) -> None:
        self._life += 1
        self._waiting.clear()
        if self._idle:
            self._idle.cancel()
        self._idle = None
