"""What a command costs: one of two sockets, from its ACK to its Completion."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

SOCKETS = (1, 2)

Leg = Callable[[], float]  # starts a part of a move, gives the seconds it takes


class Handle(Protocol):
    def cancel(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a message, and how to answer it."""

    kind: str  # "serial", "tcp" or "udp"
    say: Callable[[bytes], None]  # one frame
    hang_up: Callable[[], None]
    address: int | None = None  # to answer from, whatever the camera's own is


@dataclass(frozen=True, slots=True)
class Move:
    """What a command sets going. Parts of the camera that it claims are taken from older moves."""

    claims: frozenset[str]  # of "pan_tilt", "zoom", "focus", "white"
    legs: tuple[Leg, ...]
    recall: bool = False
    initialises: bool = False


NOTHING = Move(frozenset(), ())
PAN_TILT = frozenset({"pan_tilt"})
ZOOM = frozenset({"zoom"})
FOCUS = frozenset({"focus"})
WHITE = frozenset({"white"})
ALL = PAN_TILT | ZOOM | FOCUS


@dataclass(eq=False, slots=True)
class Job:
    """A command that runs. Without a caller, one that nobody sent."""

    move: Move
    caller: Caller | None
    socket: int
    acknowledged: bool = False
    timer: Handle | None = field(default=None, repr=False)


class Sockets:
    def __init__(self, shared: bool) -> None:
        self._shared = shared
        self._jobs: list[Job] = []

    def __iter__(self) -> Iterator[Job]:
        return iter(tuple(self._jobs))

    def free(self) -> int | None:
        """The socket that the next command gets, or None when both are taken."""
        used = [job.socket for job in self._jobs if job.socket]
        if self._shared:
            return None if len(used) == len(SOCKETS) else SOCKETS[0]
        return next((number for number in SOCKETS if number not in used), None)

    def add(self, job: Job) -> None:
        self._jobs.append(job)

    def at(self, socket: int) -> Job | None:
        return next((job for job in self._jobs if socket and job.socket == socket), None)

    def drop(self, job: Job) -> bool:
        """Forget a job and its timer; False when it was gone already."""
        if job.timer:
            job.timer.cancel()
        if job not in self._jobs:
            return False
        self._jobs.remove(job)
        return True

    def clear(self) -> None:
        for job in self:
            self.drop(job)

    def in_use(self) -> list[int]:
        return sorted(job.socket for job in self._jobs if job.socket)


def at_once(claims: frozenset[str], start: Callable[[], None]) -> Move:
    """A move whose Completion does not wait for its end, such as a drive."""

    def leg() -> float:
        start()
        return 0.0

    return Move(claims, (leg,))
