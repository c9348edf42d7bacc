"""One connection to the matrix: its login, its verbose mode, its half-typed command, its time limits."""

import re
from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING, Protocol

from hw_sim.extron_sis import routing, settings  # noqa: F401 - fills the rules
from hw_sim.extron_sis.grammar import Turn, find
from hw_sim.extron_sis.keys import NEGOTIATION, NOISE, Telnet, Typing
from hw_sim.extron_sis.matrix import (
    BUSY,
    NOT_ALLOWED,
    NOT_NOW,
    TIMED_OUT,
    TOO_MANY,
    UNKNOWN_COMMAND,
    Matrix,
    Refused,
)
from hw_sim.simulator import Conversation, Port

if TYPE_CHECKING:
    from hw_sim.extron_sis.device import ExtronMatrix

HALF_COMMAND = 10.0  # seconds after which it is forgotten
IDLE_UNIT = 10.0  # seconds
LONGEST_PASSWORD = 128
CLEAR = re.compile(r"0+\*!")


class Handle(Protocol):
    def cancel(self) -> None: ...


class Session(Conversation):
    def __init__(self, device: "ExtronMatrix", port: Port) -> None:
        self.device, self.port = device, port
        self.lan = port.kind != "serial"
        self._typing, self._telnet = Typing(), Telnet()
        self._timers: dict[str, Handle] = {}
        self._here = True
        self.restart()

    def restart(self) -> None:
        """Be as after power-up."""
        self.verbose = 0 if self.lan else 1
        self.idle_seconds = self.device.idle_seconds
        self.level = "" if self.lan and self.device.knobs.asks_password else "Administrator"
        self._password = bytearray()
        self._typing.drop()

    def opened(self) -> None:
        if self.lan and self.device.is_down():
            self.hang_up()
        elif self.lan and self.device.is_full():
            if self.device.matrix.model.says_too_many:
                self._say(f"E{TOO_MANY}")
            self.hang_up()
        else:
            self.device.sessions.append(self)
            self._stay()
            if self.lan:
                self._after("greeting", self.device.knobs.banner_late, self._greet)

    def _greet(self) -> None:
        if self.device.knobs.telnet:
            self.port.send(NEGOTIATION)
        if self.device.knobs.banner:
            self.port.send(self.device.knobs.banner + self.device.date_line())
        self._prompt()

    def _prompt(self) -> None:
        if not self.level:
            self.port.send(b"\r\nPassword:")

    def closed(self) -> None:
        self._here = False
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        if self in self.device.sessions:
            self.device.sessions.remove(self)

    def hang_up(self) -> None:
        self.port.close()
        self._typing.drop()
        if self.lan:
            self.closed()

    # Time.

    @property
    def idle_units(self) -> int:
        return round(self.idle_seconds / IDLE_UNIT)

    def set_idle(self, units: int, everywhere: bool) -> None:
        sessions = [self]
        if everywhere:
            self.device.idle_seconds = units * IDLE_UNIT
            sessions = self.device.sessions
        for session in sessions:
            session.idle_seconds = units * IDLE_UNIT
            session._stay()

    def _stay(self) -> None:
        if self.lan and self._here and self.idle_seconds > 0:
            self._after("idle", self.idle_seconds, self.hang_up)

    def _after(self, name: str, delay: float, call: Callable[[], None]) -> None:
        self._forget(name)
        if delay > 0:
            self._timers[name] = self.device.clock.later(delay, call)
        else:
            call()

    def _forget(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()

    def _give_up_half(self) -> None:
        pending = self._typing.pending
        writing_preset = pending.startswith("\x1b+") and "P" in pending.upper()
        self._typing.drop()
        if writing_preset:
            self._say(f"E{TIMED_OUT}")

    # Listening.

    def receive(self, data: bytes) -> None:
        if not self._here:
            return
        if self.device.is_down():
            self.hang_up()
            return
        self._stay()
        self._forget("half")
        if self.device.knobs.echo:
            self.port.send(data)
        if self.lan:
            data = self._telnet.feed(data)
        if not self.level:
            data = self._log_in(data)
        for command in self._typing.feed(data):
            self._obey(command)
            if not self._here:
                return
        if self._typing.pending:
            self._after("half", HALF_COMMAND, self._give_up_half)

    def _log_in(self, data: bytes) -> bytes:
        """Take a line of the password prompt, and give what came after the right one."""
        for place, byte in enumerate(data, 1):
            if byte == 0x0D:
                tried, self._password = bytes(self._password), bytearray()
                self.level = self.device.knobs.level_of(tried.decode("latin-1"))
                if self.level:
                    self.port.send(f"\r\nLogin {self.level}\r\n".encode())
                    return data[place:]
                self._prompt()
            elif byte != 0x0A and len(self._password) < LONGEST_PASSWORD:
                self._password.append(byte)
        return b""

    def _obey(self, command: str) -> None:
        self.device.clears += CLEAR.fullmatch(command) is not None
        if self.device.knobs.foreign_line:
            self._say(self.device.knobs.foreign_line)
        try:
            self._say(self._answer(command))
        except Refused as refusal:
            self._say(str(refusal))

    def _answer(self, command: str) -> str:
        faults = self.device.faults
        if faults.strikes("busy") or faults.strikes("buffer_full"):
            raise Refused(BUSY)
        found = None if command == NOISE else find(command)
        if found is None:
            raise Refused(UNKNOWN_COMMAND)
        rule, groups = found
        if rule.administrator and self.level != "Administrator":
            raise Refused(NOT_ALLOWED)
        if rule.changes and faults.strikes("refuses"):
            raise Refused(NOT_NOW)
        if rule.changes and faults.strikes("ignores"):
            return rule.answer(self._turn(deepcopy(self.device.matrix)), *groups)
        line = rule.answer(self._turn(self.device.matrix), *groups)
        if rule.changes:
            self.device.announce(line, but=self)
        return line

    def _turn(self, matrix: Matrix) -> Turn:
        knobs = self.device.knobs
        return Turn(matrix, self, knobs.firmware, knobs.mute_mark, knobs.size_letters)

    # Speaking.

    def notice(self, line: str) -> None:
        """Say that something changed elsewhere, if this session wants to know."""
        if self.level and self.verbose in (1, 3):
            self._say(line)

    def _say(self, line: str) -> None:
        self.port.send(line.encode("latin-1") + b"\r\n")
