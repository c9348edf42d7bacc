"""What goes over a wire: commands we send, messages a device says, decoders between. No I/O."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

LONGEST_MESSAGE = 8192  # bytes; what is longer without an end is noise


@dataclass(frozen=True, slots=True)
class Message:
    """Something a device said."""


@dataclass(frozen=True, slots=True)
class Unknown(Message):
    """Bytes that are no message of the protocol. Logged and counted, never fatal."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Refusal(Message):
    """The device says no to a command."""

    def refuses(self, command: "Command[Any]") -> bool:
        """Whether it can be meant for ``command``."""
        return True

    @property
    def wait(self) -> float | None:
        """Seconds after which to try again where the device is merely busy, else None."""
        return None


@dataclass(frozen=True, slots=True)
class Tagged:
    """A message together with the tag of the command it answers, in protocols that number them."""

    tag: int
    message: Message


A = TypeVar("A")


def _itself(message: Any) -> Any:
    return message


def _always(message: Any) -> bool:
    return True


def _yes() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Command(Generic[A]):
    """Bytes to send, and how to know the answer: an ``expects`` for which ``where`` holds.

    Many protocols answer ``2`` or ``+OK``, which says nothing without the question: ``means`` turns what was said
    into what it means, and it is this that `heard` and the caller get.
    """

    wire: bytes
    expects: type[Message] | tuple[type[Message], ...]
    where: Callable[[Any], bool] = _always
    means: Callable[[Any], A] = _itself
    timeout: float = 2.0  # seconds
    urgent: bool = False  # overtakes the commands that wait; a stop does
    holds: bool = True  # whether the next command waits for this one's answer
    presumed: float | None = None  # seconds of silence taken for a yes (the caller gets None)
    still: Callable[[], bool] = _yes  # asked at every sending; False: overtaken, do not send it
    asks: bool = False  # changes nothing: once it is answered the device needs no rest after it

    def is_answered_by(self, message: Message) -> bool:
        return isinstance(message, self.expects) and self.where(message)


class Decoder(ABC):
    """The bytes of one connection. Each connection gets a new one."""

    @abstractmethod
    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        """Take bytes, cut anywhere (over UDP, one datagram), and give the messages that they complete."""

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        """The bytes that carry ``command``, and the tag its answer will have, if the protocol has tags."""
        return command.wire, None

    def reply(self) -> bytes:
        """What the protocol itself wants sent back at once (Telnet options). Taken after every feed."""
        return b""


class LineDecoder(Decoder):
    """Messages that end in a terminator."""

    terminator: bytes = b"\r\n"
    longest: int = LONGEST_MESSAGE

    def __init__(self) -> None:
        self._held = b""

    @abstractmethod
    def decode(self, line: bytes) -> Message | None:
        """One line without its terminator. None for a line that says nothing."""

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        *lines, self._held = (self._held + data).split(self.terminator)
        for line in lines:
            if len(line) > self.longest:
                yield Unknown(line[: self.longest])
            elif (message := self.decode(line)) is not None:
                yield message
        if len(self._held) > self.longest:
            noise, self._held = self._held, b""
            yield Unknown(noise[: self.longest])
