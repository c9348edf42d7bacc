"""What we say to a PJLink device. An answer is known by its header; OK says that a command was accepted."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from avctl.capabilities.power import Power
from avctl.drivers.pjlink.wire import (
    NOT_NOW,
    OUT_OF_RANGE,
    UNDEFINED,
    Arrives,
    Done,
    Error,
    Errors,
    FrozenIs,
    Greeting,
    InputIs,
    Lacking,
    Muted,
    PowerIs,
    Said,
)
from avctl.wire import Command

GREETS_WITHIN = 5.0  # seconds; the document says 2
ANSWERS_WITHIN = 3.0  # seconds; the document says 2
GUARANTEED_WITHIN = 2.0  # seconds, by the document, but not while power or input change
LATEST = 12.0  # seconds; an answer that comes then is still known for what it answers

BOTH, PICTURE = "3", "1"  # what a mute holds back

# What an answer "not now" means, of what has no value in standby or while something switches.
NOTHING: dict[str, Callable[[str], Said]] = {
    "POWR": lambda header: PowerIs(header, Power.UNKNOWN),
    "INPT": lambda header: InputIs(header, None),
    "AVMT": lambda header: Muted(header, None, None),
    "ERST": lambda header: Errors(header, None),
    "IRES": lambda header: Arrives(header, None, None),
    "FREZ": lambda header: FrozenIs(header, None),
}
# Steps: sent twice, they are two.
NOT_TWICE = (b"%2SVOL", b"%2MVOL")


def await_greeting(missing: Callable[[], bool]) -> Command[Greeting]:
    """Sends nothing. Refused where the greeting is no longer ``missing`` when it is our turn."""
    return Command(b"", Greeting, timeout=GREETS_WITHIN, still=missing)


def read(body: str, number: int = 1, of: str = "", within: float = ANSWERS_WITHIN) -> Command[Said]:
    """Ask for ``body`` (POWR) as a device of class ``number`` is asked. Lacking: the model has no such thing."""
    header = f"%{number}{body}"

    def is_answer(said: Said | Error) -> bool:
        if said.header != header:
            return False
        return not isinstance(said, Error) or said.code in _told_by(body)

    def meaning(said: Said | Error) -> Said:
        if not isinstance(said, Error):
            return said
        return Lacking(header) if said.code == UNDEFINED else NOTHING[body](header)

    wire = f"{header} ?{of}\r".encode("ascii")
    return Command(wire, (Said, Error), is_answer, meaning, timeout=ANSWERS_WITHIN)


def _told_by(body: str) -> tuple[int, ...]:
    """The errors that tell something of ``body``."""
    return (UNDEFINED, NOT_NOW) if body in NOTHING else (UNDEFINED,)


def may_stay_silent(question: Command[Said]) -> Command[Said | None]:
    """The same, given None where nothing comes in time: no reason then to give up the line."""
    return cast(Command[Said | None], replace(question, timeout=LATEST, presumed=GUARANTEED_WITHIN))


def read_input_name(source: str) -> Command[Said]:
    return read("INNM", 2, parse_input(source))


def power(on: bool) -> Command[Done]:
    return _set("%1POWR", "1" if on else "0")


def select(source: str, number: int) -> Command[Done]:
    """Raises ValueError for what is no input."""
    return _set(f"%{number}INPT", parse_input(source))


def mute(what: str, on: bool) -> Command[Done | Error]:
    """Answered by an error too where the model cannot hold back the picture alone."""
    header = "%1AVMT"

    def is_answer(said: Done | Error) -> bool:
        is_ours = said.header == header
        return is_ours and (isinstance(said, Done) or (what, said.code) == (PICTURE, OUT_OF_RANGE))

    wire = f"{header} {what}{int(on)}\r".encode("ascii")
    return Command(wire, (Done, Error), is_answer, timeout=ANSWERS_WITHIN)


def freeze(on: bool) -> Command[Done]:
    return _set("%2FREZ", "1" if on else "0")


def volume_step(step: str) -> Command[Done]:
    """``up`` or ``down``. Raises ValueError."""
    return _set("%2SVOL", _step(step))


def microphone_step(step: str) -> Command[Done]:
    """``up`` or ``down``. Raises ValueError."""
    return _set("%2MVOL", _step(step))


def _step(step: str) -> str:
    if step not in ("up", "down"):
        raise ValueError(f"{step!r}: give up or down")
    return "1" if step == "up" else "0"


def parse_input(source: str) -> str:
    """``31``, ``3A``, in capitals. Raises ValueError for what is no input."""
    name = source.strip().upper()
    if not re.fullmatch(r"[1-6][1-9A-Z]", name, re.ASCII):
        raise ValueError(
            f"{source!r}: an input is its kind (1 RGB, 2 video, 3 digital, 4 storage, 5 network,"
            " 6 internal) and its number (1 to 9, A to Z), like 31"
        )
    return name


def is_harmless_twice(command: Command[Any]) -> bool:
    return not command.wire.startswith(NOT_TWICE)


def _set(header: str, value: str) -> Command[Done]:
    wire = f"{header} {value}\r".encode("ascii")
    return Command(wire, Done, lambda said: said.header == header, timeout=ANSWERS_WITHIN)
