"""What an Extron switcher says."""

from dataclasses import dataclass, field
from enum import Enum

from avctl.wire import Message, Refusal

ESC = b"\x1b"

ERRORS = {
    1: "invalid input number",
    6: "the input cannot be changed now",
    10: "unknown command",
    11: "invalid preset number, or a preset that was never saved",
    12: "invalid output or port number",
    13: "invalid value",
    14: "not valid in this configuration",
    17: "timed out",
    21: "invalid room number",
    22: "busy",
    23: "checksum error",
    24: "privilege violation: `password` has to be the administrator's",
    25: "device not present",
    26: "too many connections",
    27: "event error",
    28: "bad or missing file",
}
WAITS = {17: 0.1, 22: 1.0, 26: 30.0}  # seconds until the same is worth trying again


class Plane(Enum):
    """What a tie carries; the value is its sign in commands."""

    ALL = b"!"
    RGB = b"&"
    VIDEO = b"%"
    AUDIO = b"$"


class Place(Enum):
    """What has a name; the value is its letter in commands."""

    INPUT = "I"
    OUTPUT = "O"
    PRESET = "G"


@dataclass(frozen=True, slots=True)
class Banner(Message):
    """Said on a new connection, and at power-up on RS-232. Fields are empty where it has another form."""

    model: str
    firmware: str
    part: str


@dataclass(frozen=True, slots=True)
class Prompt(Message):
    """The device wants a password."""


@dataclass(frozen=True, slots=True)
class Login(Message):
    administrator: bool


@dataclass(frozen=True, slots=True)
class Verbose(Message):
    mode: int


@dataclass(frozen=True, slots=True)
class Size(Message):
    """Inputs and outputs for picture and sound; 0 where the frame has none."""

    video: tuple[int, int]
    audio: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Version(Message):
    text: str


@dataclass(frozen=True, slots=True)
class Part(Message):
    number: str


@dataclass(frozen=True, slots=True)
class Tied(Message):
    """A tie was made or asked for, by us or at the front panel."""

    plane: Plane
    output: int
    input: int
    bare: bool = field(default=False, compare=False)  # it was told as a number without a tag


@dataclass(frozen=True, slots=True)
class TiedToAll(Message):
    """One input, or none, was tied to every output."""

    plane: Plane
    input: int


@dataclass(frozen=True, slots=True)
class Ties(Message):
    """The inputs of up to 16 outputs from ``start`` on; None for an output the frame lacks.

    The device does not repeat which outputs were asked for: ``start`` comes from the question.
    """

    plane: Plane
    inputs: tuple[int | None, ...]
    start: int = 0


@dataclass(frozen=True, slots=True)
class Quick(Message):
    """Several ties changed at once. It does not say which; ``ours`` are known to who asked."""

    ours: bool = False


@dataclass(frozen=True, slots=True)
class Muted(Message):
    """``output`` 0 is every output. The level is a digit: 0 open, others are kinds of muted."""

    plane: Plane
    output: int
    level: int
    bare: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Mutes(Message):
    """One digit for each output: bit 0 picture, bit 1 sound."""

    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Saved(Message):
    preset: int
    room: int = 0


@dataclass(frozen=True, slots=True)
class Recalled(Message):
    preset: int
    room: int = 0


@dataclass(frozen=True, slots=True)
class Named(Message):
    place: Place
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Locked(Message):
    """The lock of the front panel: 0 open, 1 all locked, 2 routing only or as the model has it."""

    mode: int


@dataclass(frozen=True, slots=True)
class Signals(Message):
    """Whether each input has a signal; with a tag in front there may be digits too many."""

    inputs: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Aside(Message):
    """A line of the protocol about what this driver does not use: gain, volume, HDCP, resets, dates."""

    text: str


@dataclass(frozen=True, slots=True)
class Bare(Message):
    """Numbers without a tag; what they mean, only the question says."""

    text: str

    @property
    def number(self) -> int | None:
        return int(self.text) if self.text.isdigit() else None


@dataclass(frozen=True, slots=True)
class Error(Refusal):
    code: int

    def __str__(self) -> str:
        return f"E{self.code:02} ({ERRORS.get(self.code, 'not in the documents')})"

    @property
    def wait(self) -> float | None:
        return WAITS.get(self.code)


def digits(text: str) -> tuple[int, ...]:
    return tuple(int(digit) for digit in text if digit.isdigit())
