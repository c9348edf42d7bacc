"""The values of Tesira answers: like JSON, but without commas and with bare words for enumerations.

Source: Biamp Tesira Text Protocol help, value syntax.
Transcript: tests/transcripts/biamp_ttp.json
"""

import re
from typing import TypeAlias

Value: TypeAlias = str | bool | int | float | tuple["Value", ...] | dict[str, "Value"]

DEEPEST = 16  # lists and objects in each other; real answers have four
LONGEST_NUMBER = 32  # characters

_token = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[\[\]{}:]|[^\s\[\]{}:"]+)', re.DOTALL)
_escape = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_whole = re.compile(r"[+-]?\d+")
_real = re.compile(r"[+-]?\d+\.?\d*(?:[eE][+-]?\d+)?")
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_MARKS = frozenset("[]{}:")


def parse_value(text: str) -> Value:
    """The one value that ``text`` is. Raises ValueError."""
    reader = _Reader(text)
    value = reader.value(0)
    reader.end()
    return value


def parse_members(text: str) -> dict[str, Value]:
    """``"publishToken":"a" "value":-3.0``: the members of an object without its braces. Raises ValueError."""
    reader = _Reader(text)
    members = reader.members("", 0)
    reader.end()
    return members


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def value(self, depth: int) -> Value:
        if depth > DEEPEST:
            raise ValueError("too many lists in each other")
        token = self._take()
        if token == "[":
            return self._list(depth + 1)
        if token == "{":
            members = self.members("}", depth + 1)
            self._expect("}")
            return members
        if token in _MARKS or not token:
            raise ValueError(f"{token!r} where a value should be")
        return _scalar(token)

    def members(self, end: str, depth: int) -> dict[str, Value]:
        members: dict[str, Value] = {}
        while self._next() != end:
            key = self._take()
            if not key.startswith('"'):
                raise ValueError(f"{key!r} where a name should be")
            self._expect(":")
            members[_unescaped(key)] = self.value(depth)
        return members

    def end(self) -> None:
        self._expect("")

    def _list(self, depth: int) -> tuple[Value, ...]:
        items = []
        while self._next() not in ("]", ""):
            items.append(self.value(depth))
        self._expect("]")
        return tuple(items)

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._next()
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        if (found := self._take()) != token:
            raise ValueError(f"{found!r} where {token!r} should be")


def _tokens(text: str) -> list[str]:
    text = text.strip()
    tokens, at = [], 0
    while at < len(text):
        match = _token.match(text, at)
        if match is None:
            raise ValueError(f"a text without end at {at}")
        tokens.append(match[1])
        at = match.end()
    return tokens


def _scalar(token: str) -> Value:
    if token.startswith('"'):
        return _unescaped(token)
    if token in ("true", "false"):
        return token == "true"
    if len(token) <= LONGEST_NUMBER:
        if _whole.fullmatch(token):
            return int(token)
        if _real.fullmatch(token):
            return float(token)
    return token


def _unescaped(token: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) == 5 else _CONTROL.get(code, code)

    return _escape.sub(plain, token[1:-1])
