"""SNMP messages in and out.

SEQUENCE { version, community, PDU { request-id, error-status, error-index, SEQUENCE of { OID, value } } }
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hw_sim.apc_pdu import ber
from hw_sim.apc_pdu.ber import Item, Malformed, ObjectId

V1, V2C = 0, 1
GET, GET_NEXT, RESPONSE, SET, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5
OK = 0
TOO_BIG, NO_SUCH_NAME, BAD_VALUE, READ_ONLY, GENERAL = 1, 2, 3, 4, 5  # of v1
NO_ACCESS, WRONG_TYPE, WRONG_VALUE, UNAVAILABLE, NOT_WRITABLE = 6, 7, 10, 13, 17  # of v2c
IN_V1 = {
    NO_ACCESS: NO_SUCH_NAME,
    WRONG_TYPE: BAD_VALUE,
    WRONG_VALUE: BAD_VALUE,
    UNAVAILABLE: GENERAL,
    NOT_WRITABLE: NO_SUCH_NAME,
}
MOST = 64  # variables in one message

Binding = tuple[ObjectId, Item]


class Complaint(Exception):
    """The agent answers with an error; the argument is its v2c number."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One instance of the MIB. ``check`` gives what a written value does, or raises Complaint."""

    read: Callable[[], Item]
    check: Callable[[Item], Callable[[], object]] | None = None


@dataclass(frozen=True, slots=True)
class Message:
    version: int
    community: bytes
    kind: int
    request: int
    first: int  # error-status, or how many variables are not repeated
    second: int  # error-index, or how often the others are
    bindings: tuple[Binding, ...]

    @property
    def wire(self) -> bytes:
        bindings = ber.sequence(
            ber.sequence((ber.object_id(oid), value)) for oid, value in self.bindings
        )
        numbers = (ber.integer(each) for each in (self.request, self.first, self.second))
        pdu = ber.sequence((*numbers, bindings), self.kind)
        return ber.sequence((ber.integer(self.version), ber.octets(self.community), pdu)).wire


def parse(datagram: bytes) -> Message:
    """Raises Malformed."""
    try:
        (whole,) = ber.read(datagram)
        version, community, pdu = whole.items()
        request, first, second, bindings = pdu.items()
        pairs = [pair.items() for pair in bindings.items()]
        told = tuple((oid.oid(), value) for oid, value in pairs)
        numbers = version.number(), request.number(), first.number(), second.number()
    except ValueError as error:  # also of taking apart what has more or fewer parts
        raise Malformed(str(error)) from error
    if whole.tag != ber.SEQUENCE or numbers[0] not in (V1, V2C) or len(told) > MOST:
        raise Malformed("no SNMP message")
    return Message(numbers[0], community.content, pdu.tag, *numbers[1:], told)


class Agent:
    """Answers for a MIB: variables by their object identifier, in its order."""

    def __init__(self, mib: Mapping[ObjectId, Variable]) -> None:
        self._mib = mib
        self._order = sorted(mib)

    def answer(self, asked: Message, *, may_write: bool, obeys: bool = True) -> Message | None:
        """The response; None for what is no request. Writes nothing unless everything can be written."""
        try:
            told = self._answered(asked, may_write, obeys)
        except _Failed as failed:
            return _response(asked, asked.bindings, failed.status, failed.index)
        return None if told is None else _response(asked, told)

    def _answered(self, asked: Message, may_write: bool, obeys: bool) -> tuple[Binding, ...] | None:
        if asked.kind == GET:
            return self._each(asked, self._get)
        if asked.kind == GET_NEXT:
            return self._each(asked, self._next)
        if asked.kind == GET_BULK and asked.version == V2C:
            return self._bulk(asked)
        if asked.kind == SET:
            self._set(asked, may_write, obeys)
            return asked.bindings
        return None

    def _each(self, asked: Message, look: Callable[[ObjectId], Binding]) -> tuple[Binding, ...]:
        told = []
        for index, (oid, _) in enumerate(asked.bindings, 1):
            binding = look(oid)
            if asked.version == V1 and binding[1].tag >= ber.NO_SUCH_OBJECT:
                raise _Failed(NO_SUCH_NAME, index)
            told.append(binding)
        return tuple(told)

    def _get(self, oid: ObjectId) -> Binding:
        if oid in self._mib:
            return oid, self._mib[oid].read()
        has_column = any(each[: len(oid) - 1] == oid[:-1] for each in self._order)
        return oid, Item(ber.NO_SUCH_INSTANCE if has_column else ber.NO_SUCH_OBJECT, b"")

    def _next(self, oid: ObjectId) -> Binding:
        for each in self._order:
            if each > oid:
                return each, self._mib[each].read()
        return oid, Item(ber.END_OF_VIEW, b"")

    def _bulk(self, asked: Message) -> tuple[Binding, ...]:
        alone = max(0, asked.first)
        told = [self._next(oid) for oid, _ in asked.bindings[:alone]]
        row = [oid for oid, _ in asked.bindings[alone:]]
        for _ in range(max(0, asked.second)):
            if not row or len(told) + len(row) > MOST:
                break
            found = [self._next(oid) for oid in row]
            told += found
            row = [oid for oid, _ in found]
            if all(value.tag == ber.END_OF_VIEW for _, value in found):
                break
        return tuple(told)

    def _set(self, asked: Message, may_write: bool, obeys: bool) -> None:
        changes = []
        for index, (oid, value) in enumerate(asked.bindings, 1):
            try:
                changes.append(self._checked(oid, value, may_write))
            except Complaint as complaint:
                raise _Failed(_status(asked, complaint), index) from complaint
        for change in changes if obeys else ():
            change()

    def _checked(self, oid: ObjectId, value: Item, may_write: bool) -> Callable[[], object]:
        if not may_write:
            raise Complaint(NO_ACCESS)
        variable = self._mib.get(oid)
        if variable is None or variable.check is None:
            raise Complaint(NOT_WRITABLE)
        return variable.check(value)


class _Failed(Exception):
    def __init__(self, status: int, index: int) -> None:
        super().__init__(status)
        self.status, self.index = status, index


def _status(asked: Message, complaint: Complaint) -> int:
    status: int = complaint.args[0]
    return IN_V1.get(status, status) if asked.version == V1 else status


def failed(asked: Message, complaint: Complaint) -> Message:
    """The response that nothing of it could be done."""
    return _response(asked, asked.bindings, _status(asked, complaint), 1)


def _response(
    asked: Message, bindings: tuple[Binding, ...], status: int = OK, index: int = 0
) -> Message:
    return Message(asked.version, asked.community, RESPONSE, asked.request, status, index, bindings)
