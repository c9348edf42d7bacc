"""VISCA frames: what a camera says, as messages, bare or behind Sony's UDP header.

Source: Sony EVI-H100S/V Technical Manual A-E4U-100-11; BRC-X400 Command List E-042-100-11; SRG-300H Technical
Manual, pages 23 to 33 (the header); PTZOptics G2 command list 2023-10-27.
Transcript: tests/transcripts/visca.json
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from avctl.wire import Command, Decoder, LineDecoder, Message, Refusal, Tagged, Unknown

END = b"\xff"
LONGEST = 32  # bytes; documented frames have at most 17
ANY = 0  # the address of messages on links with one camera, whose nibble says nothing

SYNTAX, BUFFER_FULL, CANCELLED, NO_SOCKET, NOT_EXECUTABLE = 0x02, 0x03, 0x04, 0x05, 0x41
MEANINGS = {
    0x01: "message length wrong",
    SYNTAX: "syntax error or not supported",
    BUFFER_FULL: "command buffer full",
    NOT_EXECUTABLE: "not executable in its present state",
}

RESET = b"\x01"  # the payload of the control command that restarts the sequence numbers
COMMAND, INQUIRY, REPLY, CONTROL, CONTROL_REPLY = 0x0100, 0x0110, 0x0111, 0x0200, 0x0201
RESET_TAG = -1  # its reply carries a number of the camera's choice


def nibbles(value: int, digits: int) -> bytes:
    """``value`` as ``digits`` bytes of four bits each, negative ones in two's complement."""
    return bytes((value >> 4 * place) & 0x0F for place in reversed(range(digits)))


def number(data: bytes, signed: bool = False) -> int:
    """The value of nibbles."""
    value = 0
    for nibble in data:
        value = value << 4 | nibble & 0x0F
    if signed and value >> (4 * len(data) - 1):
        value -= 1 << 4 * len(data)
    return value


# What a camera says. ``address`` is 1 to 7 on a line of several cameras, else ANY.


@dataclass(frozen=True, slots=True)
class Ack(Message):
    """A command was accepted into a socket."""

    address: int
    socket: int


@dataclass(frozen=True, slots=True)
class Completion(Message):
    """A command is through."""

    address: int
    socket: int
    announced: bool  # whether an Ack of that socket came before


@dataclass(frozen=True, slots=True)
class Data(Message):
    """The answer to an inquiry, without a word of which."""

    address: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Cancelled(Message):
    address: int
    socket: int


@dataclass(frozen=True, slots=True)
class NoSocket(Message):
    """A socket to be cancelled was empty."""

    address: int
    socket: int


@dataclass(frozen=True, slots=True)
class Error(Refusal):
    address: int
    socket: int
    code: int
    running: bool = False  # whether a command accepted earlier holds the socket

    def refuses(self, command: Command[Any]) -> bool:
        if len(command.wire) < 3 or self.address not in (ANY, command.wire[0] & 0x07):
            return False
        # A move may be given up after its Ack; that says nothing against an inquiry under way.
        return not (self.running and is_inquiry(command))

    @property
    def wait(self) -> float | None:
        return 0.3 if self.code == BUFFER_FULL else None

    def __str__(self) -> str:
        return MEANINGS.get(self.code, f"error {self.code:02X}")


@dataclass(frozen=True, slots=True)
class OutOfSequence(Refusal):
    """The number was seen before: what carries it was received, though its answer was lost."""

    address: int = ANY

    @property
    def wait(self) -> float | None:
        return 0.0

    def __str__(self) -> str:
        return "sequence number out of order"


@dataclass(frozen=True, slots=True)
class WrongType(Refusal):
    address: int = ANY

    def __str__(self) -> str:
        return "payload type not accepted"


@dataclass(frozen=True, slots=True)
class ResetDone(Message):
    address: int = ANY


@dataclass(frozen=True, slots=True)
class NetworkChange(Message):
    """A camera of the line was powered up, or the chain was altered."""

    address: int


@dataclass(frozen=True, slots=True)
class RemoteUsed(Message):
    address: int
    key: bytes


@dataclass(frozen=True, slots=True)
class AddressSet(Message):
    """The number left after every camera of the line has taken one."""

    following: int


@dataclass(frozen=True, slots=True)
class ChainCleared(Message):
    """IF_Clear to all has been round the line."""


def is_inquiry(command: Command[Any]) -> bool:
    return command.wire[1:2] == b"\x09"


class Frames(LineDecoder):
    """Bare frames.

    byte 0      1sss0rrr      sender and receiver; the controller is 0
    byte 1      4y 5y 6y      Ack, Completion or answer, error; y is the socket
                07 30 38      remote control used, address set, network change
    then        up to 15 bytes below FF
    """

    terminator = END
    longest = LONGEST

    def __init__(self, chained: bool = False, datagrams: bool = False) -> None:
        super().__init__()
        self._chained, self._datagrams = chained, datagrams
        self._accepted: Counter[tuple[int, int]] = Counter()  # by socket, not completed yet

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        yield from super().feed(data)
        if self._datagrams and self._held:  # the rest of it will not come
            torn, self._held = self._held, b""
            yield Unknown(torn)

    def decode(self, line: bytes) -> Message:
        if line[:1] == b"\x88":
            return _decode_broadcast(line)
        if len(line) < 2 or line[0] < 0x80 or line[0] & 0x0F:
            return Unknown(line)
        address = (line[0] >> 4) - 8 if self._chained else ANY
        kind, socket, rest = line[1] >> 4, line[1] & 0x0F, line[2:]
        if kind == 4 and not rest:
            self._accepted[address, socket] = min(self._accepted[address, socket] + 1, 4)
            return Ack(address, socket)
        if kind == 5:
            return Data(address, rest) if rest else self._completion(address, socket)
        if kind == 6 and len(rest) == 1:
            return self._error(address, socket, rest[0])
        if line[1] == 0x38 and not rest:
            return NetworkChange(address)
        if line[1] == 0x07 and rest:
            return RemoteUsed(address, rest)
        return Unknown(line)

    def _completion(self, address: int, socket: int) -> Completion:
        return Completion(address, socket, self._free(address, socket))

    def _error(self, address: int, socket: int, code: int) -> Message:
        if code == CANCELLED:
            self._free(address, socket)
            return Cancelled(address, socket)
        if code == NO_SOCKET:
            return NoSocket(address, socket)
        running = code == NOT_EXECUTABLE and self._accepted[address, socket] > 0
        return Error(address, socket, code, running)

    def _free(self, address: int, socket: int) -> bool:
        taken = self._accepted[address, socket] > 0
        if taken:
            self._accepted[address, socket] -= 1
        return taken


def _decode_broadcast(line: bytes) -> Message:
    if len(line) == 3 and line[1] == 0x30:
        return AddressSet(line[2])
    if line == b"\x88\x01\x00\x01":
        return ChainCleared()
    return Unknown(line)


class Envelope(Decoder):
    """Frames behind Sony's header, one datagram each; answers are told apart by their number.

    0       2        4                8
    | type  | length | sequence       | one frame, or 01 (reset), 0F 01, 0F 02
    """

    def __init__(self) -> None:
        self._sequence = 0

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        if command.wire == RESET:
            self._sequence = 0
            return _header(CONTROL, RESET, 0), RESET_TAG
        self._sequence = (self._sequence + 1) & 0xFFFFFFFF
        kind = INQUIRY if is_inquiry(command) else COMMAND
        return _header(kind, command.wire, self._sequence), self._sequence

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        kind, sequence = int.from_bytes(data[:2]), int.from_bytes(data[4:8])
        payload = data[8:]  # the length field of some cameras is wrong: the datagram tells
        if len(data) > 8 + LONGEST or not payload:
            yield Unknown(data[: 8 + LONGEST])
        elif kind in (CONTROL, CONTROL_REPLY):
            yield _decode_control(sequence, payload)
        elif kind == REPLY:
            for message in Frames(datagrams=True).feed(payload):
                yield (
                    message if isinstance(message, Unknown | Tagged) else Tagged(sequence, message)
                )
        else:
            yield Unknown(data)


def _header(kind: int, payload: bytes, sequence: int) -> bytes:
    return kind.to_bytes(2) + len(payload).to_bytes(2) + sequence.to_bytes(4) + payload


def _decode_control(sequence: int, payload: bytes) -> Message | Tagged:
    match payload:
        case b"\x01":
            return ResetDone()
        case b"\x0f\x01":
            return Tagged(sequence, OutOfSequence())
        case b"\x0f\x02":
            return Tagged(sequence, WrongType())
        case _:
            return Unknown(payload)
