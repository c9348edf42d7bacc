"""What we say to a sequencer. No number reaches the wire that was not checked: the channel bytes 00, 10, 11 and 12
(hexadecimal) mean the whole rack.
"""

from avctl.drivers.hs_sequencer.wire import (
    ADDRESS,
    CONTROL,
    HEADER,
    OUTPUTS,
    READ,
    WRITE,
    AddressTold,
    Delay,
    Done,
    Outputs,
)
from avctl.wire import Command, Message

MOST_CHANNELS = 12  # beyond them channel numbers would meet the bytes of whole racks
BROADCAST = 0
LONGEST_DELAY = 3_600_000  # ms
SEQUENCE_ON, SEQUENCE_OFF = (1, 0x11), (0, 0x00)
REPLY = 3.0  # seconds a sequencer may take for a control

# Where delays stand: the first channel of a block, its register of the delay on, and off.
BLOCKS = ((9, 0x4050, 0x4060), (1, 0x4010, 0x4020))


def check_channel(channel: int, channels: int = MOST_CHANNELS) -> int:
    """Raises ValueError."""
    if not 1 <= channel <= min(channels, MOST_CHANNELS):
        raise ValueError(f"channel {channel}: give 1 to {min(channels, MOST_CHANNELS)}")
    return channel


def switch(address: int, channel: int, on: bool) -> Command[Done]:
    return _control(address, int(on), check_channel(channel))


def start_sequence(address: int, on: bool) -> Command[Done]:
    """Switch the whole rack channel by channel, with the delays it was given."""
    return _control(address, *(SEQUENCE_ON if on else SEQUENCE_OFF))


def read_outputs(address: int) -> Command[Outputs]:
    return Command(
        _frame(address, READ, OUTPUTS.to_bytes(2, "big")),
        Outputs,
        lambda said: said.address == address,
    )


def read_address() -> Command[AddressTold]:
    """Whoever is on the line answers: ask where there is one sequencer only."""
    return Command(_frame(BROADCAST, READ, ADDRESS.to_bytes(2, "big") + b"\xaa"), AddressTold)


def read_delay(address: int, channel: int, on: bool) -> Command[Delay]:
    register = delay_register(channel, on)
    return Command(
        _frame(address, READ, register.to_bytes(2, "big")),
        Delay,
        lambda said: (said.address, said.register, said.written) == (address, register, False),
    )


def write_delay(address: int, channel: int, on: bool, milliseconds: int) -> Command[Message]:
    """Two kinds of answer are in use: done, and the register itself."""
    if not 0 <= milliseconds <= LONGEST_DELAY:
        raise ValueError(f"{milliseconds} ms: give 0 to {LONGEST_DELAY}")
    register = delay_register(channel, on)

    def is_it(said: Done | Delay) -> bool:
        if isinstance(said, Delay) and not (said.written and said.register == register):
            return False
        return said.address == address

    wire = _frame(address, WRITE, register.to_bytes(2, "big") + milliseconds.to_bytes(4, "big"))
    return Command(wire, (Done, Delay), is_it, timeout=REPLY)


def delay_register(channel: int, on: bool) -> int:
    check_channel(channel)
    first, on_at, off_at = next(block for block in BLOCKS if channel >= block[0])
    return (on_at if on else off_at) + 2 * (channel - first)


def _control(address: int, on: int, channel: int) -> Command[Done]:
    return Command(
        _frame(address, CONTROL, bytes((0, 0, 0, on, channel, 0xAA))),
        Done,
        lambda said: said.address == address,
        timeout=REPLY,
    )


def _frame(address: int, function: int, data: bytes) -> bytes:
    return HEADER + bytes((address, function)) + data.ljust(6, b"\0")
