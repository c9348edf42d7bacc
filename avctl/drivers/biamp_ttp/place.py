"""Where something is in a Tesira design: an instance tag and a channel of that block."""

import re
from dataclasses import dataclass

MOST_CHANNELS = 256  # of one block

# Printable ASCII without quotes and backslash, so that a name cannot end its command and begin another; not
# beginning like an answer, so that its echo cannot be taken for one.
_tag = re.compile(
    r"(?![+\-!])[\x21\x23-\x5b\x5d-\x7e](?:[\x20\x21\x23-\x5b\x5d-\x7e]*[\x21\x23-\x5b\x5d-\x7e])?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of a block, counted from 1."""

    tag: str
    index: int

    def __str__(self) -> str:
        return f"{self.tag}/{self.index}"


def parse_tag(text: str) -> str:
    if len(text) > 128 or not _tag.fullmatch(text):
        raise ValueError(f"{text!r} is no instance tag")
    return text


def parse_place(text: str) -> Place:
    """``Level1/2``. Raises ValueError."""
    tag, _, index = text.rpartition("/")
    if not tag or not (index.isascii() and index.isdigit()) or not 1 <= int(index) <= MOST_CHANNELS:
        raise ValueError(f"{text!r}: give INSTANCE_TAG/CHANNEL, like Level1/2")
    return Place(parse_tag(tag), int(index))


def is_block(text: str) -> bool:
    """Whether ``text`` names a whole block: ``Level1``."""
    return not text.rpartition("/")[2].isdigit() or "/" not in text


def parse_meter(text: str) -> tuple[Place, str]:
    """``AudioMeter1/1``, or ``Input1/1/peak`` for another attribute than its level. Raises ValueError."""
    head, _, tail = text.rpartition("/")
    if head and re.fullmatch(r"[A-Za-z]\w*", tail, re.ASCII):
        return parse_place(head), tail
    return parse_place(text), "level"
