"""VISCA bytes: frames, nibbles, replies, and the header that UDP port 52381 puts before a frame.

Source: protocol digest "VISCA", sections 1 and 3; Sony SRG-300H Technical Manual, pp. 23-33.
"""

from collections.abc import Iterator
from dataclasses import dataclass

END = 0xFF
BROADCAST = 0x88
LONGEST = 17  # bytes, with the terminator: two 20-bit positions

LENGTH_ERROR = 0x01
SYNTAX_ERROR = 0x02
BUFFER_FULL = 0x03
CANCELLED = 0x04
NO_SOCKET = 0x05
NOT_EXECUTABLE = 0x41


class Frames:
    """Cuts a stream of bytes into frames, terminator included. Holds no more than one frame."""

    def __init__(self) -> None:
        self._part = bytearray()
        self._excess = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes, cut anywhere, and give the frames that they complete.

        What comes before an address byte is skipped. A frame that is too long is given cut short, without
        its terminator.
        """
        for byte in data:
            if byte == END:
                frame = bytes(self._part) + (b"" if self._excess else b"\xff")
                self._part.clear()
                self._excess = False
                if len(frame) > 1:
                    yield frame
            elif len(self._part) == LONGEST:
                self._excess = True
            elif self._part or byte & 0x80:
                self._part.append(byte)


def nibbles(value: int, count: int) -> bytes:
    """``value`` as ``count`` bytes of four bits, negative as two's complement."""
    return bytes(value >> 4 * place & 0x0F for place in reversed(range(count)))


def unsigned(data: bytes) -> int:
    """Raises ValueError for a byte above 0F."""
    value = 0
    for byte in data:
        if byte > 0x0F:
            raise ValueError(f"{byte:02x} is not a nibble")
        value = value << 4 | byte
    return value


def signed(data: bytes) -> int:
    """Raises ValueError for a byte above 0F."""
    value = unsigned(data)
    top = 1 << 4 * len(data)
    return value - top if value >= top // 2 else value


def reply(address: int, *content: int) -> bytes:
    """A frame from the camera with this address."""
    return bytes(((address + 8) << 4 & 0xFF, *content, END))


# The header: type (2 bytes), length of the payload (2), sequence number (4), all big-endian.

COMMAND = 0x0100
INQUIRY = 0x0110
REPLY = 0x0111
SETTING = 0x0120
CONTROL = 0x0200
CONTROL_REPLY = 0x0201
HEADER = 8

RESET = b"\x01"
SEQUENCE_ERROR = b"\x0f\x01"
TYPE_ERROR = b"\x0f\x02"


@dataclass(frozen=True, slots=True)
class Packet:
    """One datagram of port 52381."""

    type: int
    sequence: int
    payload: bytes
    length: int | None = None  # what the header says, when that is not the truth

    @classmethod
    def parse(cls, datagram: bytes) -> "Packet | None":
        if len(datagram) < HEADER:
            return None
        payload = datagram[HEADER:]
        said = int.from_bytes(datagram[2:4], "big")
        return cls(
            int.from_bytes(datagram[:2], "big"),
            int.from_bytes(datagram[4:8], "big"),
            payload,
            None if said == len(payload) else said,
        )

    def __bytes__(self) -> bytes:
        length = len(self.payload) if self.length is None else self.length
        return (
            self.type.to_bytes(2, "big")
            + length.to_bytes(2, "big")
            + self.sequence.to_bytes(4, "big")
            + self.payload
        )
