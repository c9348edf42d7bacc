"""What a sequencer says: frames of ten bytes, without a checksum.

    5B B5 | address | function | six bytes

Source: the protocol of HS-08R and HS-16R, as wenchangshou/dm-rust speaks it.
Transcript: tests/transcripts/hs_sequencer_driver.json
"""

from collections.abc import Iterator
from dataclasses import dataclass

from avctl.wire import Command, Decoder, Message, Refusal, Tagged, Unknown

HEADER = b"\x5b\xb5"
LENGTH = 10  # bytes
READ, WRITE, CONTROL = 0x02, 0x10, 0x16
OUTPUTS, ADDRESS = 0x2016, 0x2017  # registers
DELAYS = range(0x4010, 0x4070)  # registers
TOLD = 4  # channels that a read-out tells; where a larger model puts the others is not known
SWITCH = {0: False, 1: True}


@dataclass(frozen=True, slots=True)
class Done(Message):
    """A control or a parameter was taken. It does not say which."""

    address: int


@dataclass(frozen=True, slots=True)
class Failed(Refusal):
    """A control or a parameter was not taken. It does not say which."""

    address: int

    def __str__(self) -> str:
        return "FF: not done"

    def refuses(self, command: Command[object]) -> bool:
        return command.wire[2:3] == bytes((self.address,)) and command.wire[3] != READ


@dataclass(frozen=True, slots=True)
class Outputs(Message):
    """Whether channels are on, from the first."""

    address: int
    channels: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class AddressTold(Message):
    address: int


@dataclass(frozen=True, slots=True)
class Delay(Message):
    """How a delay stands, or that it was written."""

    address: int
    register: int
    milliseconds: int
    written: bool


class FrameDecoder(Decoder):
    """A frame that cannot be one is given up byte by byte, so that half a frame costs no whole one after it."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        self._held += data
        noise = b""
        while self._held:
            skipped = self._held.find(HEADER)
            if skipped < 0:
                skipped = len(self._held) - self._held.endswith(HEADER[:1])
            noise += self._held[:skipped]
            self._held = self._held[skipped:]
            if len(self._held) < LENGTH:
                break
            if message := decode(self._held[:LENGTH]):
                if noise:
                    yield Unknown(noise)
                    noise = b""
                yield message
                self._held = self._held[LENGTH:]
            else:
                noise += self._held[: len(HEADER)]
                self._held = self._held[len(HEADER) :]
        if noise:
            yield Unknown(noise)


def decode(frame: bytes) -> Message | None:
    """None for what is no frame of a sequencer: half of one, with the next behind it."""
    address, function = frame[2], frame[3]
    register, value = int.from_bytes(frame[4:6], "big"), frame[6:]
    if function in (READ, WRITE) and register in DELAYS:
        return Delay(address, register, int.from_bytes(value, "big"), function == WRITE)
    if HEADER in frame[len(HEADER) :]:
        return None
    match function:
        case 0xAA:
            return Done(address)
        case 0xFF:
            return Failed(address)
        case 0x02 if register == OUTPUTS and set(value) <= SWITCH.keys():
            return Outputs(address, tuple(SWITCH[each] for each in value))
        case 0x02 if register == ADDRESS and value[-1]:
            return AddressTold(value[-1])
    return None
