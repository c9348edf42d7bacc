"""SNMP v1 and v2c messages. Commands are written as text; the decoder of the connection makes messages of them, with
the community, and a number by which the answer is known.

Source: RFC 1157, RFC 1901, RFC 3416.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pyasn1.codec.ber import decoder as ber
from pyasn1.codec.ber.encoder import encode
from pyasn1.error import PyAsn1Error
from pyasn1.type import namedtype, tag, univ

from avctl.drivers.apc_pdu.family import Oid, oid
from avctl.wire import Command, Decoder, Message, Refusal, Tagged, Unknown

Version = Literal["1", "2c"]

VERSIONS: dict[Version, int] = {"1": 0, "2c": 1}
GET, ANSWER, SET = 0, 2, 3  # kinds of message
LONGEST = 4096  # bytes; agents answer "too big" far below

ERRORS = {
    1: "too big",
    2: "no such object",
    3: "bad value",
    4: "read only",
    5: "general error",
    6: "no access",
    16: "not authorised",
    17: "not writable",
}

Value = int | bytes | Oid | None  # None: there is no such object


@dataclass(frozen=True, slots=True)
class Answer(Message):
    """Objects and their values. What it tells, only the question says."""

    objects: tuple[tuple[Oid, Value], ...]


@dataclass(frozen=True, slots=True)
class Told(Message):
    """How objects stand: the answer to a GET."""

    objects: tuple[tuple[Oid, Value], ...]


@dataclass(frozen=True, slots=True)
class Refused(Refusal):
    """``index``: which object of the question is meant, from 1; 0 is none."""

    status: int
    index: int

    def __str__(self) -> str:
        return f"error {self.status}: {ERRORS.get(self.status, 'unknown')}"


def get(*objects: Oid) -> Command[Told]:
    return Command(
        _text("GET", *objects),
        Answer,
        lambda said: _names(said) == objects,
        lambda said: Told(said.objects),
    )


def set_to(at: Oid, number: int) -> Command[Answer]:
    """Acceptance only: agents answer with what was written."""
    return Command(_text("SET", at) + b" %d" % number, Answer, lambda said: _names(said) == (at,))


def _names(said: Answer) -> tuple[Oid, ...]:
    return tuple(name for name, _ in said.objects)


def _text(verb: str, *objects: Oid) -> bytes:
    return " ".join([verb, *(".".join(map(str, each)) for each in objects)]).encode("ascii")


# The messages.


class _Binding(univ.Sequence):
    componentType = namedtype.NamedTypes(
        namedtype.NamedType("name", univ.ObjectIdentifier()),
        namedtype.NamedType("value", univ.Any()),
    )


class _Bindings(univ.SequenceOf):
    componentType = _Binding()


_PARTS = namedtype.NamedTypes(
    namedtype.NamedType("id", univ.Integer()),
    namedtype.NamedType("status", univ.Integer()),
    namedtype.NamedType("index", univ.Integer()),
    namedtype.NamedType("bindings", _Bindings()),
)


def _pdu(kind: int) -> univ.Sequence:
    tagged = tag.Tag(tag.tagClassContext, tag.tagFormatConstructed, kind)
    return univ.Sequence(componentType=_PARTS, tagSet=tag.TagSet((), tagged))


def _message(kind: int) -> univ.Sequence:
    return univ.Sequence(
        componentType=namedtype.NamedTypes(
            namedtype.NamedType("version", univ.Integer()),
            namedtype.NamedType("community", univ.OctetString()),
            namedtype.NamedType("pdu", _pdu(kind)),
        )
    )


_ANSWER = _message(ANSWER)


def encoded(
    version: Version, community: bytes, kind: int, number: int, bindings: Mapping[Oid, int | None]
) -> bytes:
    message = _message(kind)
    message["version"] = VERSIONS[version]
    message["community"] = community
    pdu = message["pdu"]
    pdu["id"], pdu["status"], pdu["index"] = number, 0, 0
    for place, (name, value) in enumerate(bindings.items()):
        pdu["bindings"][place]["name"] = name
        pdu["bindings"][place]["value"] = encode(
            univ.Null("") if value is None else univ.Integer(value)
        )
    return bytes(encode(message))


def decoded(data: bytes) -> Tagged | None:
    """An answer with its number. None for what is none."""
    try:
        message, rest = ber.decode(data, asn1Spec=_ANSWER)
        pdu = message["pdu"]
        number, status = int(pdu["id"]), int(pdu["status"])
        if status:
            return Tagged(number, Refused(status, int(pdu["index"])))
        bindings = [(tuple(each["name"]), _value(bytes(each["value"]))) for each in pdu["bindings"]]
    except PyAsn1Error:
        return None
    return None if rest else Tagged(number, Answer(tuple(bindings)))


def _value(data: bytes) -> Value:
    """Counters, gauges and ticks are whole numbers too, under tags of SNMP's own."""
    match data[:1]:
        case b"\x02" | b"\x04" | b"\x06":
            value, _ = ber.decode(data)
            if isinstance(value, univ.Integer):
                return int(value)
            return tuple(value) if isinstance(value, univ.ObjectIdentifier) else bytes(value)
        case b"\x41" | b"\x42" | b"\x43" | b"\x46" if 1 <= data[1] == len(data) - 2:
            return int.from_bytes(data[2:], "big")
        case b"\x05" | b"\x80" | b"\x81" | b"\x82":
            return None
    return data


class SnmpDecoder(Decoder):
    """Questions carry ``reading``, commands ``writing`` as their community."""

    def __init__(self, version: Version, reading: bytes, writing: bytes) -> None:
        self._version: Version = version
        self._communities = {GET: reading, SET: writing}
        self._number = 0

    def feed(self, data: bytes) -> Iterator[Message | Tagged]:
        said = decoded(data) if len(data) <= LONGEST else None
        yield said or Unknown(data[:LONGEST])

    def frame(self, command: Command[Any]) -> tuple[bytes, int | None]:
        self._number = self._number % 0x7FFFFFFF + 1
        verb, *words = command.wire.decode("ascii").split()
        bindings: Mapping[Oid, int | None]
        if verb == "SET":
            kind, bindings = SET, {oid(words[0]): int(words[1])}
        else:
            kind, bindings = GET, {oid(word): None for word in words}
        wire = encoded(self._version, self._communities[kind], kind, self._number, bindings)
        return wire, self._number
