"""Connections: a TCP client with its greeting, its digest and its patience; a UDP peer who searches."""

from asyncio import TimerHandle
from hashlib import md5
from typing import TYPE_CHECKING

from hw_sim.pjlink import commands
from hw_sim.pjlink.wire import DIGEST, Command, Lines, read
from hw_sim.simulator import Conversation, Port

if TYPE_CHECKING:
    from hw_sim.pjlink.device import Projector

SEARCH = b"%2SRCH\r"
WRONG = b"PJLINK ERRA"


class Session(Conversation):
    """A controller, over TCP."""

    def __init__(self, device: "Projector", port: Port) -> None:
        self.device, self.port = device, port
        self._lines = Lines()
        self._here = True
        self._deaf = False  # said ERRA and waits for the client to go; or a client too many
        self._proven = not device.knobs.password
        self._spoilt = False  # another client came since
        self._owes = False  # a reply is under way
        self._random = ""
        self._idle: TimerHandle | None = None
        self._timer: TimerHandle | None = None

    def opened(self) -> None:
        if not self._welcome():
            return
        self.device.sessions.append(self)
        self._stay()
        if self.device.knobs.greeting_seconds:
            self._timer = self.device.clock.later(self.device.knobs.greeting_seconds, self._greet)
        else:
            self._greet()

    def closed(self) -> None:
        self._here = False
        if self in self.device.sessions:
            self.device.sessions.remove(self)
        for timer in (self._idle, self._timer):
            if timer is not None:
                timer.cancel()

    def hang_up(self) -> None:
        if self._here:
            self.closed()
            self.port.close()

    def forget_digest(self) -> None:
        """Another client was there: what this one has proven is worth nothing any more."""
        self._spoilt = bool(self.device.knobs.password)

    def receive(self, data: bytes) -> None:
        for line in self._lines.feed(data):
            if self._here and not self._deaf and not self._owes and not self.device.silent:
                self._hear(line)

    def _welcome(self) -> bool:
        """Whether a client may come in beside those who are there."""
        others, manner = list(self.device.sessions), self.device.knobs.single_client
        if self.device.knobs.auth_reset:
            for other in others:
                other.forget_digest()
        if others and manner == "refuse":
            self.hang_up()
        if others and manner == "drop_first":
            for other in others:
                other.hang_up()
        self._deaf = bool(others) and manner == "mute"
        return self._here and not self._deaf

    def _greet(self) -> None:
        if self.device.silent:
            return
        if self.device.knobs.password:
            self._random = f"{self.device.rng.getrandbits(32):08x}"
            self._say(f"PJLINK 1 {self._random}".encode(), greets=True)
        else:
            self._say(b"PJLINK 0", greets=True)

    def _hear(self, line: bytes) -> None:
        if self.device.knobs.password and not line.startswith(b"%"):
            if line[:DIGEST] not in self._digests():
                self._complain()
                return
            self._proven, line = True, line[DIGEST:]
        if not self._proven or self._spoilt:
            self._complain()
            return
        command = read(line)
        if command is not None and command.klass <= self.device.knobs.klass:
            self._reply(command)

    def _digests(self) -> tuple[bytes, ...]:
        """What proves the password on this connection."""
        wanted = md5((self._random + self.device.knobs.password).encode()).hexdigest().encode()
        return (wanted,) if self.device.knobs.strict_digest else (wanted, wanted.upper())

    def _complain(self) -> None:
        self._deaf = True
        self._say(WRONG)
        self._stay()

    def _reply(self, command: Command) -> None:
        knobs = self.device.knobs
        text = commands.answer(self.device, command)
        name = command.body == "NAME" and knobs.latin1_name
        data = f"%{command.klass}{command.body}=".encode() + text.encode(
            "latin-1" if name else "utf-8", "replace"
        )
        data = data.lower() if knobs.reply_lowercase else data
        if knobs.reply_seconds:
            self._owes = True
            self._timer = self.device.clock.later(knobs.reply_seconds, lambda: self._pay(data))
        else:
            self._pay(data)

    def _pay(self, data: bytes) -> None:
        self._owes = False
        self._stay()
        if self.device.knobs.lkup_before_reply:
            self._say(self.device.link_up)
        self._say(data)
        if self.device.knobs.close_after_reply:
            self.hang_up()

    def _say(self, line: bytes, *, greets: bool = False) -> None:
        data = line + (b"\r\n" if self.device.knobs.crlf else b"\r")
        if self.device.knobs.nul_padding:
            data = data + bytes(4) if greets else bytes(2) + data
        self.port.send(data)

    def _stay(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        if self.device.knobs.idle_seconds and self.port.kind == "tcp":
            self._idle = self.device.clock.later(self.device.knobs.idle_seconds, self.hang_up)


class Search(Conversation):
    """A controller that looks for projectors, over UDP. From then on it is told of changes."""

    def __init__(self, device: "Projector", port: Port) -> None:
        self.device, self.port = device, port
        self._timer: TimerHandle | None = None

    def receive(self, data: bytes) -> None:
        if data.upper() != SEARCH or self.device.knobs.klass < 2 or self.device.silent:
            return
        self.device.listen(self.port)
        wait = self.device.rng.uniform(0, self.device.knobs.search_seconds)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.device.clock.later(wait, self._found)

    def closed(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _found(self) -> None:
        if not self.device.silent:
            self.port.send(f"%2ACKN={self.device.knobs.mac}\r".encode())
