"""The one call that a terminal can have, from the first ring until it is over."""

from asyncio import TimerHandle
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hw_sim.clock import Clock
from hw_sim.huawei_te.knobs import Knobs

PATIENCE = 60.0  # seconds until an unanswered call is given up
ENDED = 3.0  # seconds for which an ended call is still told of


class Phase(StrEnum):
    IDLE = "idle"
    DIALLING = "dialling"
    RINGING = "ringing"
    CONNECTED = "connected"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Party:
    number: str
    incoming: bool


class Call:
    """Every change of phase that something else depends on goes to ``changed``."""

    def __init__(self, clock: Clock, knobs: Knobs, changed: Callable[[], object]) -> None:
        self._clock, self._knobs, self._changed = clock, knobs, changed
        self.phase = Phase.IDLE
        self.party: Party | None = None
        self.far_muted = False
        self.connected_at = 0.0
        self._timer: TimerHandle | None = None

    @property
    def is_free(self) -> bool:
        return self.phase in (Phase.IDLE, Phase.ENDED)

    @property
    def seconds(self) -> float:
        return self._clock.now() - self.connected_at if self.phase is Phase.CONNECTED else 0.0

    def dial(self, number: str) -> None:
        self.party = Party(number, incoming=False)
        match self._knobs.far_end:
            case "answers":
                self._enter(Phase.DIALLING, self._knobs.answer_seconds, self.connect)
            case "busy":
                self._enter(Phase.DIALLING, self._knobs.answer_seconds, self.end)
            case _:
                self._enter(Phase.DIALLING, PATIENCE, self.end)

    def ring(self, number: str) -> None:
        self.party = Party(number, incoming=True)
        self._enter(Phase.RINGING, PATIENCE, self.end)
        if self._knobs.auto_answer:
            self.connect()

    def connect(self) -> None:
        self.far_muted = False
        self.connected_at = self._clock.now()
        self._enter(Phase.CONNECTED)

    def end(self) -> None:
        self._enter(Phase.ENDED, ENDED, self.forget)

    def forget(self) -> None:
        """Be without a call at once, as after a start."""
        self.party, self.far_muted = None, False
        self._enter(Phase.IDLE)

    def _enter(
        self, phase: Phase, seconds: float = 0.0, then: Callable[[], object] | None = None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.phase = phase
        if then is not None:
            self._timer = self._clock.later(seconds, then)
        self._changed()

    def fields(self) -> dict[str, object]:
        """As the mailbox has them. What confstate says of a call is from public control modules."""
        calling = self.phase in (Phase.DIALLING, Phase.RINGING)
        callstate = {
            Phase.IDLE: 0,
            Phase.CONNECTED: self._knobs.callstate_in_call,
            Phase.ENDED: 2,
        }.get(self.phase, 1)
        return {
            "callstate": callstate,
            "calltype": 0 if self.is_free else self._knobs.call_type,
            "confstate": (2 if self.phase is Phase.RINGING else 1) if calling else 0,
            "conftype": int(self.phase is Phase.CONNECTED),
            "RemoteMicStates": int(self.far_muted),
        }
