"""What a table file may say."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=32)]


def _seconds(text: Any) -> Any:
    """``0.2``, ``200 ms``, ``1 s``."""
    if not isinstance(text, str):
        return text
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?(ms|s)", text.strip())
    if not match:
        raise ValueError("give a time, like 200 ms or 1 s")
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def _list(said: Any) -> Any:
    return (said,) if isinstance(said, str) else said


Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0, le=60)]
Names = Annotated[tuple[Key, ...], BeforeValidator(_list)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckFile(Part):
    """How ``{check}`` is made."""

    rule: Literal["sum", "xor", "ff-sum", "crc16-modbus"]
    start: int = Field(default=0, ge=0, le=16, description="The first byte it is made of, from 0")


class LineFile(Part):
    """How frames are written, sent, and told apart."""

    frames: Literal["text", "hex"]
    ends: str = Field(
        default="\r\n",
        min_length=1,
        description="Characters of which each ends a line that is heard",
    )
    after: str = Field(default="", description="What follows each text frame that is sent")
    gap: Seconds = Field(default=0.05, description="Rest between two frames")
    check: CheckFile | None = None


class CommandFile(Part):
    """Something that can be sent."""

    send: str
    words: dict[str, dict[str, str]] = Field(
        default={}, description="How the values of a field are written, by what they are called"
    )
    answer: Names = Field(
        default=(), description="The answers to it; without one nothing is waited for"
    )
    wait: Seconds = Field(default=1.0, gt=0, description="How long an answer may take")
    repeat: int = Field(default=1, ge=1, le=10, description="How often it is sent")
    every: Seconds = Field(default=0.1, description="Rest between two repeats")
    each: Key | None = Field(
        default=None, description="A field: it is sent for each of its numbers"
    )
    order: Literal["ascending", "descending"] = "ascending"
    pause: Seconds = Field(default=0.0, description="Rest between two of `each`")
    joins: str | None = Field(
        default=None, max_length=1, description="tie only: what stands between several outputs"
    )


class QuestionFile(Part):
    """Something that can be asked. What it tells, its answers say."""

    send: str
    answer: Names = Field(min_length=1)
    wait: Seconds = Field(default=1.0, gt=0, description="How long an answer may take")


class AnswerFile(Part):
    """Something that is heard: a line as a regular expression with named groups, or bytes as a mask."""

    line: str | None = None
    mask: str | None = Field(default=None, description="AA .. {outlet} {on} {check}")
    words: dict[str, dict[str, str | int]] = Field(
        default={}, description="What the values of a field mean, by how they are written"
    )
    shift: dict[str, int] = Field(default={}, description="What is added to a number that is heard")
    refusal: bool = Field(default=False, description="Whether it means no")


class Section(Part):
    line: LineFile | None = None
    counts: dict[Key, Annotated[int, Field(ge=1, le=999)]] = Field(
        default={}, description="Fields that are numbers from 1, and how many there are"
    )
    values: dict[Key, Annotated[int, Field(ge=0, le=65535)]] = Field(
        default={}, description="Fields that are the same in every frame: an address"
    )
    commands: dict[Key, CommandFile] = {}
    questions: dict[Key, QuestionFile] = {}
    answers: dict[Key, AnswerFile] = {}


class DialectFile(Section):
    """What is otherwise in some of the devices: entries in the place of the table's own."""

    title: str
    without: tuple[Key, ...] = Field(default=(), description="Commands and questions it lacks")


class TableFile(Section):
    table: str = Field(description="What devices it is for")
    source: str = Field(description="Where it is from: document, revision, pages")
    dialects: dict[Key, DialectFile] = {}
