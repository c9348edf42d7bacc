"""What has changed since it was told, and to whom it is told when."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hw_sim.cisco_roomos.status import status
from hw_sim.cisco_roomos.tree import Path

if TYPE_CHECKING:
    from hw_sim.cisco_roomos.device import Codec
    from hw_sim.cisco_roomos.shell import Shell

TICK = 1.0  # seconds between two Durations


class News:
    def __init__(self, codec: "Codec") -> None:
        self._codec = codec
        self._told = status(codec)
        self._answering: Shell | None = None  # writes all that it says in one go
        self._waits = False
        self._ticking = False

    def note(self) -> None:
        """Take everything as told."""
        self._told = status(self._codec)

    def spread(self) -> None:
        """Tell every session what is not as it was told before; later, while a command is being answered."""
        if self._waits:
            return
        before, now = self._told, status(self._codec)
        self._told = now
        news = {path: value for path, value in now.items() if before.get(path) != value}
        gone = tuple({item: None for path in before if path not in now for item in _items(path)})
        for shell in tuple(self._codec.shells) if news or gone else ():
            shell.tell(news, gone)
            if shell is not self._answering:
                shell.flush()
        self._tick_on()

    @contextmanager
    def after_answer(self, shell: "Shell") -> Iterator[None]:
        """A command's result goes before what it changes, unless the system is told otherwise."""
        self._answering = shell
        self._waits = not self._codec.knobs.feedback_first
        try:
            yield
        finally:
            self._waits = False
            self.spread()
            self._answering = None

    def _tick_on(self) -> None:
        codec = self._codec
        if codec.knobs.duration_feedback and codec.calls.is_connected and not self._ticking:
            self._ticking = True
            codec.clock.later(TICK, self._tick)

    def _tick(self) -> None:
        self._ticking = False
        self.spread()


def _items(path: Path) -> Iterator[Path]:
    """The numbered branches on the way to a value."""
    return (path[: at + 1] for at, part in enumerate(path) if isinstance(part, int))
