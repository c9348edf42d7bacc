"""Frames with fields: ``{input}V{output:2}.`` as text, ``E5 {panel} 20 AD {check}`` as hexadecimal bytes.

``{output:2}`` has two digits, or two bytes, the higher first; ``{output-1}`` is a number less one; ``{{`` is a brace.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from avctl.drivers.byte_table import checks

CHECK = "check"
ANY = ".."  # a byte of an answer that may be any

_FIELD = re.compile(r"\{([a-z_]+)([+-]\d{1,3})?(?::([1-9]))?\}")
_PART = re.compile(r"(\{\{|\}\})|(\{[^{}]*\})|([^{}]+)|(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    offset: int = 0
    width: int = 1  # digits at least, or bytes


@dataclass(frozen=True, slots=True)
class Check:
    """A check over all bytes from ``start`` to itself."""

    rule: str
    start: int


Part = bytes | Field | Check | None  # None: any byte
Value = int | str  # a number, or how a word is written


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame, or the mask of one."""

    parts: tuple[Part, ...]
    is_text: bool

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.parts if isinstance(part, Field))

    def width_of(self, name: str) -> int:
        fields = (part for part in self.parts if isinstance(part, Field) and part.name == name)
        return next(fields).width

    def filled(self, values: Mapping[str, Value]) -> bytes:
        """The bytes. Raises ValueError for a number that has no room in its field."""
        wire = b""
        for part in self.parts:
            match part:
                case bytes():
                    wire += part
                case Field():
                    wire += self._written(part, values[part.name])
                case Check(rule, start):
                    wire += checks.CHECKS[rule](wire[start:])
        return wire

    def _written(self, field: Field, value: Value) -> bytes:
        if isinstance(value, str):
            return value.encode("ascii") if self.is_text else bytes.fromhex(value)
        number = value + field.offset
        if number < 0 or (not self.is_text and number >= 256**field.width):
            raise ValueError(f"{field.name} {value} has no room in its frame")
        if self.is_text:
            return b"%0*d" % (field.width, number)
        return number.to_bytes(field.width, "big")

    # Of a mask of bytes.

    @property
    def length(self) -> int:
        return sum(map(_length, self.parts))

    def fits(self, data: bytes) -> bool:
        """Whether ``data`` begins as the mask says, as far as it goes; its check is not looked at."""
        return all(
            data[at : at + len(part)] == part[: max(0, len(data) - at)]
            for at, part in self._placed()
            if isinstance(part, bytes)
        )

    def taken(self, data: bytes) -> dict[str, bytes] | None:
        """The fields of the frame that ``data`` begins with. None where its check is wrong."""
        fields = {}
        for at, part in self._placed():
            if isinstance(part, Field):
                fields[part.name] = data[at : at + part.width]
            elif isinstance(part, Check):
                made = checks.CHECKS[part.rule](data[part.start : at])
                if data[at : at + len(made)] != made:
                    return None
        return fields

    def _placed(self) -> Iterator[tuple[int, Part]]:
        at = 0
        for part in self.parts:
            yield at, part
            at += _length(part)


def _length(part: Part) -> int:
    match part:
        case bytes():
            return len(part)
        case Field():
            return part.width
        case Check(rule):
            return checks.length(rule)
    return 1


def text_frame(text: str) -> Frame:
    """Raises ValueError."""
    parts: list[Part] = []
    for brace, field, plain, stray in _PART.findall(text):
        if stray:
            raise ValueError(f"a {stray} without its other: write {{{{ or }}}} for a brace itself")
        parts.append(_field(field) if field else _ascii(brace[:1] or plain))
    if any(isinstance(part, Field) and part.name == CHECK for part in parts):
        raise ValueError("{check} is for hex frames only")
    return Frame(tuple(parts), True)


def hex_frame(text: str, check: tuple[str, int] | None, mask: bool = False) -> Frame:
    """``mask``: whether bytes may be ``..``. Raises ValueError."""
    parts: list[Part] = []
    for token in text.split():
        if token == ANY and mask:
            parts.append(None)
        elif token.startswith("{"):
            parts.append(_field(token))
        elif re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", token):
            parts.append(bytes.fromhex(token))
        else:
            raise ValueError(f"{token!r} is no byte: write two hexadecimal digits, or {{field}}")
    for place, part in enumerate(parts):
        if isinstance(part, Field) and part.name == CHECK:
            if check is None:
                raise ValueError("{check}: the line has no rule for it; give `line: {check: …}`")
            parts[place] = Check(*check)
    return Frame(tuple(parts), False)


def _field(text: str) -> Field:
    if not (match := _FIELD.fullmatch(text)):
        raise ValueError(f"{text} is no field: write {{name}}, {{name:2}} or {{name-1}}")
    name, offset, width = match.groups()
    return Field(name, int(offset or 0), int(width or 1))


def _ascii(text: str) -> bytes:
    try:
        return text.encode("ascii")
    except UnicodeEncodeError:
        raise ValueError(f"{text!r}: only ASCII can be sent") from None
