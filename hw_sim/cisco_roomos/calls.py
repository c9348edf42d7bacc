"""The calls of a room system, each from Dialling or Ringing until it is gone."""

from asyncio import TimerHandle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from hw_sim.cisco_roomos.knobs import Knobs
from hw_sim.clock import Clock

MOST = 5
PATIENCE = 60.0  # seconds until an unanswered call is given up
STEP = 0.5  # seconds of Dialling, Connecting and Disconnecting


class Status(StrEnum):
    DIALLING = "Dialling"
    RINGING = "Ringing"
    CONNECTING = "Connecting"
    CONNECTED = "Connected"
    ON_HOLD = "OnHold"
    DISCONNECTING = "Disconnecting"


@dataclass(slots=True)
class Call:
    id: int
    number: str
    name: str
    incoming: bool
    status: Status
    answered: str = "Unanswered"
    connected_at: float | None = None
    timer: TimerHandle | None = None

    def fields(self, now: Callable[[], float]) -> dict[str, str]:
        seconds = 0 if self.connected_at is None else int(now() - self.connected_at)
        return {
            "AnswerState": self.answered,
            "CallType": "Video",
            "Direction": "Incoming" if self.incoming else "Outgoing",
            "DisplayName": self.name,
            "Duration": str(seconds),
            "Protocol": "sip",
            "RemoteNumber": self.number,
            "Status": self.status,
        }


class Calls:
    """Every change goes to ``changed``."""

    def __init__(self, clock: Clock, knobs: Knobs, changed: Callable[[], object]) -> None:
        self._clock, self._knobs, self._changed = clock, knobs, changed
        self._all: dict[int, Call] = {}
        self._last = knobs.first_call - 1

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._all.values()))

    def __len__(self) -> int:
        return len(self._all)

    def find(self, id: int | None, *wanted: Status) -> Call | None:
        """The call of this number, or the latest, that is in one of these states."""
        for call in reversed(tuple(self._all.values())):
            if call.status in wanted and id in (None, call.id):
                return call
        return None

    def count(self, *wanted: Status) -> int:
        return sum(call.status in wanted for call in self)

    @property
    def is_connected(self) -> bool:
        return self.count(Status.CONNECTED) > 0

    def dial(self, number: str) -> Call:
        call = self._begun(number, "", Status.DIALLING)
        self._later(call, STEP, lambda: self._ring_there(call))
        return call

    def ring(self, number: str, name: str) -> Call:
        """Somebody calls."""
        call = self._begun(number, name, Status.RINGING, incoming=True)
        self._later(call, PATIENCE, lambda: self.end(call))
        if self._knobs.auto_answer:
            self.accept(call)
        return call

    def accept(self, call: Call) -> None:
        """Take a call; another one that stands is put on hold."""
        call.answered = "Answered"
        self._enter(call, Status.CONNECTING, STEP, lambda: self._connect(call))

    def reject(self, call: Call) -> None:
        call.answered = "Ignored"
        self.end(call)

    def hold(self, call: Call) -> None:
        self._enter(call, Status.ON_HOLD)

    def resume(self, call: Call) -> None:
        self._hold_others(call)
        self._enter(call, Status.CONNECTED)

    def end(self, call: Call) -> None:
        self._enter(call, Status.DISCONNECTING, STEP, lambda: self._forget(call))

    def end_all(self) -> None:
        for call in self:
            if call.status is not Status.DISCONNECTING:
                self.end(call)

    def lose_all(self) -> None:
        """Be without calls at once, as after a start."""
        for call in self:
            self._stop(call)
        self._all.clear()

    def _begun(self, number: str, name: str, status: Status, *, incoming: bool = False) -> Call:
        self._last += 1
        call = self._all[self._last] = Call(self._last, number, name or number, incoming, status)
        self._changed()
        return call

    def _ring_there(self, call: Call) -> None:
        silent, answers = self._knobs.far_end == "silent", self._knobs.far_end == "answers"
        seconds = PATIENCE if silent else self._knobs.ring_seconds
        then = self.accept if answers else self.end
        self._enter(call, Status.RINGING, seconds, lambda: then(call))

    def _connect(self, call: Call) -> None:
        self._hold_others(call)
        call.connected_at = self._clock.now()
        self._enter(call, Status.CONNECTED)

    def _hold_others(self, call: Call) -> None:
        for each in self:
            if each is not call and each.status is Status.CONNECTED:
                self.hold(each)

    def _enter(
        self,
        call: Call,
        status: Status,
        seconds: float = 0.0,
        then: Callable[[], object] | None = None,
    ) -> None:
        self._stop(call)
        call.status = status
        if then is not None:
            self._later(call, seconds, then)
        self._changed()

    def _later(self, call: Call, seconds: float, then: Callable[[], object]) -> None:
        call.timer = self._clock.later(seconds, then)

    def _stop(self, call: Call) -> None:
        if call.timer is not None:
            call.timer.cancel()
            call.timer = None

    def _forget(self, call: Call) -> None:
        del self._all[call.id]
        self._changed()
