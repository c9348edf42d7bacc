"""A small SNMP agent on a scripted line, for tests: its own encoder and decoder, by the tags of BER."""

from collections.abc import Iterator

from avctl.testing import Script
from avctl.transport import Resync

Oid = tuple[int, ...]
GET, ANSWER, SET = 0xA0, 0xA2, 0xA3
NO_SUCH_NAME, READ_ONLY = 2, 4
NO_SUCH_OBJECT = b"\x80\x00"


def tlv(tag: int, data: bytes) -> bytes:
    length = len(data)
    head = bytes((length,)) if length < 128 else b"\x82" + length.to_bytes(2, "big")
    return bytes((tag,)) + head + data


def integer(value: int) -> bytes:
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def name(oid: Oid) -> bytes:
    data = bytearray((oid[0] * 40 + oid[1],))
    for part in oid[2:]:
        groups = [part & 0x7F]
        while part := part >> 7:
            groups.append(0x80 | part & 0x7F)
        data += bytes(reversed(groups))
    return tlv(6, bytes(data))


def parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    while data:
        tag, length, at = data[0], data[1], 2
        if length & 0x80:
            at = 2 + (length & 0x7F)
            length = int.from_bytes(data[2:at], "big")
        yield tag, data[at : at + length]
        data = data[at + length :]


def oid_of(data: bytes) -> Oid:
    oid, part = [data[0] // 40, data[0] % 40], 0
    for byte in data[1:]:
        part = part << 7 | byte & 0x7F
        if not byte & 0x80:
            oid.append(part)
            part = 0
    return tuple(oid)


class Agent(Script):
    """``objects``: encoded values by their names. ``written`` keeps what was set, also where it is ignored."""

    def __init__(self, objects: dict[Oid, bytes], writing: bytes = b"private") -> None:
        super().__init__(resync=Resync.DRAIN)
        self.objects = objects
        self.writing = writing
        self.written: list[tuple[Oid, int]] = []
        self.communities: set[bytes] = set()
        self.mute = self.ignores = False
        self.losses = 0  # questions still to be lost
        self.late: list[bytes] = []  # answers kept back, where a list is wanted
        self.keeps_back = False

    def _hear(self, data: bytes) -> None:
        self.sent.append(data)
        if self.losses:
            self.losses -= 1
        elif not self.mute and (answer := self._answer(data)):
            if self.keeps_back:
                self.late.append(answer)
            else:
                self.say(answer)

    def _answer(self, data: bytes) -> bytes:
        ((_, body),) = parts(data)
        (_, version), (_, community), (kind, pdu) = parts(body)
        (_, number), _, _, (_, bindings) = parts(pdu)
        self.communities.add(community)
        pairs = [list(parts(each)) for _, each in parts(bindings)]
        asked = [oid_of(pair[0][1]) for pair in pairs]
        status = index = 0
        values = [self.objects.get(oid, NO_SUCH_OBJECT) for oid in asked]
        missing = [place for place, oid in enumerate(asked, 1) if oid not in self.objects]
        if missing and (version == b"\0" or kind == SET):
            status, index = NO_SUCH_NAME, missing[0]
        elif kind == SET and community != self.writing:
            status, index = READ_ONLY, 1
        elif kind == SET:
            for oid, pair in zip(asked, pairs, strict=True):
                self._write(oid, int.from_bytes(pair[1][1], "big", signed=True))
        told = b"".join(
            tlv(0x30, name(oid) + value) for oid, value in zip(asked, values, strict=True)
        )
        answer = tlv(2, number) + integer(status) + integer(index) + tlv(0x30, told)
        return tlv(0x30, tlv(2, version) + tlv(4, community) + tlv(ANSWER, answer))

    def _write(self, oid: Oid, value: int) -> None:
        self.written.append((oid, value))
        if not self.ignores:
            self.objects[oid] = integer(value)
