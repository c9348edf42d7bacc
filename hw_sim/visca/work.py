"""Commands while they run: ACK, the legs of a move, Completion; what interrupts and what cancels."""

from collections.abc import Callable
from functools import partial
from random import Random

from hw_sim.clock import Clock
from hw_sim.visca.body import Body
from hw_sim.visca.quirks import AnswerQuirks
from hw_sim.visca.sockets import NOTHING, Caller, Job, Move, Sockets
from hw_sim.visca.table import Refused, not_executable
from hw_sim.visca.wire import NO_SOCKET

EXECUTION = 0.011  # seconds from ACK to Completion of what is done at once (BRC-300, measured)
SHUFFLE = 0.25  # seconds that a quick Completion may be late when they are shuffled


class Work:
    def __init__(
        self,
        body: Body,
        clock: Clock,
        rng: Random,
        quirks: AnswerQuirks,
        say: Callable[..., None],
    ) -> None:
        self._body = body
        self._clock = clock
        self._rng = rng
        self._quirks = quirks
        self._say = say
        self.sockets = Sockets(quirks.reuses_socket)
        self.outcome = 0  # of the last turn, as in the status word: 0 none, 2 done, 3 failed

    def start(self, move: Move | None, caller: Caller | None = None, socket: int = 0) -> None:
        """Begin a move, in a socket if somebody sent it. None is a command that was done already."""
        job = Job(move or NOTHING, caller, socket)
        older = [other for other in self.sockets if other.move.claims & job.move.claims]
        self.sockets.add(job)
        if self._quirks.ack == "early" or (self._quirks.ack == "late" and not job.move.recall):
            self._acknowledge(job)
        for other in older:
            self._supersede(other)
        if "pan_tilt" in job.move.claims:
            self.outcome = 2
        self._go_on(job, list(job.move.legs))

    def _go_on(self, job: Job, legs: list[Callable[[], float]]) -> None:
        pause = legs.pop(0)() if legs else 0.0
        if pause == 0.0 and not legs:
            pause = EXECUTION + (self._rng.random() * SHUFFLE if self._quirks.shuffles else 0.0)
        after = partial(self._go_on, job, legs) if legs else partial(self._complete, job)
        job.timer = self._clock.later(pause, after)

    def _acknowledge(self, job: Job) -> None:
        if job.caller and not job.acknowledged:
            job.acknowledged = True
            self._say(job.caller, 0x40 | self._digit(job))

    def _complete(self, job: Job) -> None:
        if not self.sockets.drop(job) or job.caller is None:
            return
        if self._quirks.ack != "never":
            self._acknowledge(job)
        if not self._quirks.no_completions:
            digit = self._digit(job)
            self._say(job.caller, 0x50 | (3 - digit if self._quirks.digits == "fresh" else digit))

    def _supersede(self, job: Job) -> None:
        if self._quirks.completes_superseded:
            self._complete(job)
        else:
            self.sockets.drop(job)

    def _digit(self, job: Job) -> int:
        return {"zero": 0, "one": 1}.get(self._quirks.digits, job.socket)

    def cancel(self, socket: int) -> None:
        """Stop what runs in a socket, which then answers nothing more. Raises `Refused`."""
        job = self.sockets.at(socket)
        if job is None:
            raise Refused(NO_SOCKET)
        if job.move.initialises:
            raise not_executable()
        self._body.halt(job.move.claims)
        self.sockets.drop(job)
        self.outcome = 3

    def forget_callers(self) -> None:
        """Empty both sockets. What runs goes on, and nobody is told of its end."""
        for job in self.sockets:
            job.caller, job.socket = None, 0

    def lose_all(self) -> None:
        self.sockets.clear()
        self.outcome = 0

    def recalls(self) -> bool:
        return any(job.move.recall for job in self.sockets)

    def initialises(self) -> bool:
        return any(job.move.initialises for job in self.sockets)

    def is_on(self, part: str) -> bool:
        return any(part in job.move.claims for job in self.sockets)
