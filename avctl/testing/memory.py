"""Virtual time, and lines that end in memory."""

import asyncio
import contextlib
import math
import selectors
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

from avctl.transport import Address, Receiver, Resync, Stream

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class _Leaper(selectors.DefaultSelector):
    """A selector that does not wait: where the loop would sleep, time leaps to the next timer."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.busy = 0  # how much real work is under way
        self.leapt: Callable[[], object] = lambda: None

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        waits = timeout is None or (timeout > 0 and self.busy > 0)
        # The loop's own wakening is all that it listens to, unless somebody has brought a real file or socket: the
        # system need not be asked each turn.
        ready = super().select(None if waits else 0) if waits or len(self.get_map()) > 1 else []
        if not ready and timeout is not None and timeout > 0:
            # On a grid: the same moment is the same number, by whichever timers it was reached; but after months
            # of seconds, where floats are coarser than the grid, time must not stand still.
            later = self.now + timeout
            self.now = max(round(later, 9), math.nextafter(self.now, math.inf))
            self.leapt()
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only by sleeping: a month takes a moment.

    It stands still while threads of its executor work, and while anything else is `busy`.
    """

    def __init__(self) -> None:
        self._leaper = _Leaper()
        super().__init__(self._leaper)
        self._leaper.leapt = self._resolve
        self._resolve()

    def _resolve(self) -> None:
        # A timer that is due within the clock's resolution must not be waited for again and again.
        self._clock_resolution = max(1e-9, 2 * math.ulp(self._leaper.now))

    def time(self) -> float:
        return self._leaper.now

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """Inside, time stands still: what another thread does takes none of it."""
        self._leaper.busy += 1
        try:
            yield
        finally:
            self._leaper.busy -= 1

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self._leaper.busy += 1
        future.add_done_callback(lambda _: self._rest())
        return future

    def _rest(self) -> None:
        self._leaper.busy -= 1


class MemoryStream:
    """Our end of a line in memory: what is written goes to ``hear``, at the loop's next turn."""

    def __init__(
        self,
        receiver: Receiver,
        hear: Callable[[bytes], object],
        resync: Resync = Resync.CLOSE,
        hang_up: Callable[[], object] = lambda: None,
    ) -> None:
        self.resync = resync
        self.closed = False
        self._receiver, self._hear, self._hang_up = receiver, hear, hang_up
        self._soon = asyncio.get_running_loop().call_soon

    def write(self, data: bytes) -> None:
        if self.closed:
            raise OSError("the connection is closed")
        self._soon(self._hear, data)

    def deliver(self, data: bytes) -> None:
        """What the far end sends arrives."""
        if not self.closed:
            self._soon(self._receiver.received, data)

    def end(self, reason: str = "closed by the other end") -> None:
        """The far end hangs up."""
        if not self.closed:
            self.closed = True
            self._soon(self._receiver.lost, reason)

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._hang_up()
            self._soon(self._receiver.lost, "closed")


Answer = bytes | Iterable[bytes] | Callable[[], bytes] | None


class Script:
    """A device that knows its lines: to each command the answers it gives, in turn, the last one for ever.

    Its `dial` is handed to a link. None is silence. What it has no line for is silence too, and stays in ``sent``.
    """

    def __init__(
        self,
        lines: Mapping[bytes, Answer] | None = None,
        greeting: bytes = b"",
        resync: Resync = Resync.CLOSE,
    ) -> None:
        self.lines: dict[bytes, Any] = dict(lines or {})
        self.greeting, self.resync = greeting, resync
        self.sent: list[bytes] = []
        self.dials = 0
        self.refuses = False  # whether dialling fails
        self._stream: MemoryStream | None = None

    async def dial(self, address: Address, receiver: Receiver) -> Stream:
        self.dials += 1
        if self.refuses:
            raise OSError("refused")
        self._stream = MemoryStream(receiver, self._hear, self.resync)
        if self.greeting:
            self._stream.deliver(self.greeting)
        return self._stream

    def say(self, data: bytes) -> None:
        """Speak unasked."""
        if self._stream:
            self._stream.deliver(data)

    def hang_up(self) -> None:
        if self._stream:
            self._stream.end()

    def _hear(self, data: bytes) -> None:
        self.sent.append(data)
        answer = self.lines.get(data)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer = answer()
        if answer:
            self.say(bytes(answer))
