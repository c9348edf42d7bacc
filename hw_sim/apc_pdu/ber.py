"""The part of BER that SNMP uses: definite lengths, low tag numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
TIME_TICKS = 0x43
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_VIEW = 0x80, 0x81, 0x82  # of v2c, in place of a value
DEEPEST = 128  # parts of an object identifier

ObjectId = tuple[int, ...]


class Malformed(ValueError):
    """The bytes are no BER."""


@dataclass(frozen=True, slots=True)
class Item:
    """A tag and its content, undecoded."""

    tag: int
    content: bytes

    @property
    def wire(self) -> bytes:
        return bytes((self.tag,)) + _length(len(self.content)) + self.content

    def number(self) -> int:
        if not self.content:
            raise Malformed("an integer without bytes")
        return int.from_bytes(self.content, "big", signed=True)

    def oid(self) -> ObjectId:
        if self.tag != OID or not self.content or self.content[-1] & 0x80:
            raise Malformed("no object identifier")
        parts = list(_parts(self.content))
        if len(parts) >= DEEPEST:
            raise Malformed("an object identifier without end")
        first = min(parts[0] // 40, 2)
        return (first, parts[0] - 40 * first, *parts[1:])

    def items(self) -> list["Item"]:
        return list(read(self.content))


def read(data: bytes) -> Iterator[Item]:
    """The items that ``data`` consists of. Raises Malformed."""
    while data:
        if len(data) < 2:
            raise Malformed("a tag without length")
        size, start = data[1], 2
        if size & 0x80:
            start += size & 0x7F
            if not 2 < start <= 6 or len(data) < start:
                raise Malformed("no length")
            size = int.from_bytes(data[2:start], "big")
        if len(data) < start + size:
            raise Malformed("more length than bytes")
        yield Item(data[0], data[start : start + size])
        data = data[start + size :]


def integer(number: int, tag: int = INTEGER) -> Item:
    size = max(1, (number if number >= 0 else ~number).bit_length() // 8 + 1)
    return Item(tag, number.to_bytes(size, "big", signed=True))


def octets(text: str | bytes) -> Item:
    return Item(OCTETS, text.encode() if isinstance(text, str) else text)


def object_id(parts: ObjectId) -> Item:
    return Item(OID, b"".join(_base_128(part) for part in (40 * parts[0] + parts[1], *parts[2:])))


def sequence(items: Iterable[Item], tag: int = SEQUENCE) -> Item:
    return Item(tag, b"".join(item.wire for item in items))


def _length(size: int) -> bytes:
    if size < 0x80:
        return bytes((size,))
    told = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(told),)) + told


def _base_128(part: int) -> bytes:
    told = [part & 0x7F]
    while part := part >> 7:
        told.append(0x80 | part & 0x7F)
    return bytes(reversed(told))


def _parts(content: bytes) -> Iterator[int]:
    part = 0
    for byte in content:
        part = part << 7 | byte & 0x7F
        if part > 0xFFFFFFFF:
            raise Malformed("a part of more than 32 bits")
        if not byte & 0x80:
            yield part
            part = 0
