"""What a transport gives and what it gives to."""

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Protocol

from avctl.transport.address import Address

MOST_UNSENT = 64 * 1024  # bytes; a peer that takes no more is lost


class Resync(Enum):
    """How a line is made safe again after an answer did not come."""

    CLOSE = "close"  # dial again: a late answer dies with the connection
    DRAIN = "drain"  # wait until it is quiet: closing changes nothing on a wire
    NONE = "none"  # answers are told apart by their tags


class Stream(Protocol):
    """One open connection."""

    resync: Resync

    def write(self, data: bytes) -> None:
        """Send without waiting. Raises OSError when the connection is gone or takes no more."""

    def pause(self) -> None:
        """Ask for no more bytes until `resume`; some may still come."""

    def resume(self) -> None: ...

    def close(self) -> None:
        """Drop the connection at once, with what is unsent."""


class Receiver(Protocol):
    def received(self, data: bytes) -> None: ...

    def lost(self, reason: str) -> None:
        """Called once, when the connection ends by itself or by `Stream.close`."""


Dial = Callable[[Address, Receiver], Awaitable[Stream]]
