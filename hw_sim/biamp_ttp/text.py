"""How the Tesira Text Protocol writes values and splits commands. It looks like JSON and is not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_ESCAPED = re.compile(r"\\(.)")
_INTEGER = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})", re.ASCII)
_TRUTH = {"true": True, "false": False}


class Complaint(Exception):
    """What the device says after ``-ERR`` instead of doing as told."""


class Name(str):
    """A word of an enumeration, which stands without quotes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    column: int  # of its first character, from 1


def write(value: object) -> str:
    """The value as the device writes it: no commas, floats with six decimals, ``/`` escaped."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6f}"
    if isinstance(value, Name):
        return str(value)
    if isinstance(value, str):
        escaped = value.replace("\\", r"\\").replace('"', r"\"").replace("/", r"\/")
        return f'"{escaped}"'
    if isinstance(value, Mapping):
        return "{" + " ".join(f'"{key}":{write(each)}' for key, each in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + " ".join(map(write, value)) + "]"
    return str(value)


def split(line: str) -> list[Word]:
    """The words of a command. A word in double quotes may hold blanks."""
    return [
        Word(
            match[2] if match[1] is None else _ESCAPED.sub(r"\1", match[1]),
            match.start() + 1,
        )
        for match in _WORD.finditer(line)
    ]


def parse(word: Word, kind: type) -> bool | int | float:
    """The word as a bool, an int or a float. Raises Complaint when it is none."""
    if kind is bool and word.text in _TRUTH:
        return _TRUTH[word.text]
    if kind is int and _INTEGER.fullmatch(word.text):
        return int(word.text)
    if kind is float and _NUMBER.fullmatch(word.text):
        return float(word.text)
    raise Complaint(f"Parse error at {word.column}: could not parse value")
