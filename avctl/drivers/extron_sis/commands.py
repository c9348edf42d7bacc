"""What we say to an Extron switcher, and how its answers are known.

Answers in verbose modes 0 and 1 are numbers without a tag: `means` gives them the meaning of the question.
``bare`` questions take such an answer only, because there a front panel's line about the same output would leave
the number behind for the next question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from avctl.drivers.extron_sis.answers import (
    ESC,
    Banner,
    Bare,
    Error,
    Locked,
    Login,
    Muted,
    Mutes,
    Named,
    Part,
    Place,
    Plane,
    Prompt,
    Quick,
    Recalled,
    Saved,
    Signals,
    Size,
    Tied,
    TiedToAll,
    Ties,
    Verbose,
    Version,
    digits,
)
from avctl.wire import Command, Message, Refusal

BLOCK = 16  # outputs in one bulk read
LETTERS = {Plane.VIDEO: b"B", Plane.AUDIO: b"Z"}
BULK_PLANES = {Plane.VIDEO: 1, Plane.AUDIO: 2}
LONGEST_NAME = 16  # characters
NOT_IN_NAMES = set(range(0x20)) | set(range(0x7F, 0x100))


class Secret(bytes):
    """Bytes that no log and no error text shows."""

    def __repr__(self) -> str:
        return "(password)"


@dataclass(frozen=True, slots=True)
class Feed:
    """One tie as the protocol has it: a plane, or all of them at once."""

    input: int
    output: int
    plane: Plane

    @property
    def wire(self) -> bytes:
        return b"%d*%d%b" % (_number(self.input, 0), _number(self.output), self.plane.value)


def _number(number: int, least: int = 1) -> int:
    if not least <= number <= 999:
        raise ValueError(f"{number}: the protocol counts from {least} to 999")
    return number


# The session.


def log_in(password: str) -> Command[Login | Prompt]:
    """Answered by another prompt when the password is wrong."""
    return Command(Secret(password.encode("ascii") + b"\r"), (Login, Prompt), timeout=3.0)


def set_verbose(mode: int) -> Command[Verbose | Prompt]:
    """Answered by a prompt where a password was wanted first."""
    return Command(
        b"%b%dCV\r" % (ESC, mode),
        (Verbose, Prompt),
        lambda said: isinstance(said, Prompt) or said.mode == mode,
        timeout=3.0,
    )


def read_size() -> Command[Size]:
    return Command(b"I", Size)


def read_version() -> Command[Version]:
    return Command(b"Q", Version)


def read_part() -> Command[Part]:
    return Command(b"N", Part)


# Ties.


def tie(feed: Feed) -> Command[Tied]:
    return Command(
        feed.wire,
        Tied,
        lambda said: (
            (said.input, said.output) == (feed.input, feed.output)
            and said.plane in (feed.plane, Plane.ALL)
        ),
    )


def tie_at_once(feeds: Sequence[Feed]) -> Command[Quick | Error]:
    """All of them at one switching point. Answered by E10 on frames that do not know it."""
    return Command(
        ESC + b"+Q" + b"".join(feed.wire for feed in feeds) + b"\r",
        (Quick, Error),
        lambda said: isinstance(said, Quick) or said.code == 10,
        lambda said: Quick(ours=True) if isinstance(said, Quick) else said,
        timeout=3.0,
    )


def untie_everything() -> Command[TiedToAll | Quick]:
    """Darkens every output. Never a question, whatever other clients use it for."""
    return Command(
        b"0*!",
        (TiedToAll, Quick),
        lambda said: isinstance(said, Quick) or said.input == 0,
    )


def read_tie(output: int, plane: Plane, bare: bool = False) -> Command[Tied]:
    def tells(said: Tied | Bare) -> bool:
        if isinstance(said, Bare):
            return said.number is not None and len(said.text) <= 4
        return said.output == output and said.plane in (plane, Plane.ALL)

    def means(said: Tied | Bare) -> Tied:
        if isinstance(said, Bare):
            return Tied(plane, output, said.number or 0, bare=True)
        return Tied(plane, output, said.input)

    wire = b"%d%b" % (_number(output), plane.value)
    return Command(wire, Bare if bare else (Tied, Bare), tells, means)


def read_ties(start: int, plane: Plane) -> Command[Ties]:
    """The ties of 16 outputs from ``start`` on, as they are now (preset 0)."""
    return Command(
        b"%b0*%d*%dVC\r" % (ESC, _number(start), BULK_PLANES[plane]),
        Ties,
        lambda said: said.plane is plane,
        lambda said: Ties(plane, said.inputs, start),
    )


# Mutes.


def mute(output: int, plane: Plane, on: bool) -> Command[Muted]:
    return Command(
        b"%d*%d%b" % (_number(output), on, LETTERS[plane]),
        Muted,
        lambda said: (said.plane, said.output, said.level > 0) == (plane, output, on),
    )


def mute_all(plane: Plane, on: bool) -> Command[Muted]:
    return Command(
        b"%d*%b" % (on, LETTERS[plane]), Muted, lambda said: said == Muted(plane, 0, int(on))
    )


def read_mute(output: int, plane: Plane, bare: bool = False) -> Command[Muted]:
    def tells(said: Muted | Bare) -> bool:
        if isinstance(said, Bare):
            return len(said.text) == 1
        return (said.plane, said.output) == (plane, output)

    def means(said: Muted | Bare) -> Muted:
        if isinstance(said, Bare):
            return Muted(plane, output, said.number or 0, bare=True)
        return said

    wire = b"%d%b" % (_number(output), LETTERS[plane])
    return Command(wire, Bare if bare else (Muted, Bare), tells, means)


def read_mutes(outputs: int) -> Command[Mutes]:
    def levels(said: Mutes | Bare) -> tuple[int, ...]:
        return said.levels if isinstance(said, Mutes) else digits(said.text)

    def means(said: Mutes | Bare) -> Mutes:
        return Mutes(levels(said)[:outputs])

    # A frame of 1 output answers 1 digit, a frame of 16 may answer with blanks between.
    return Command(ESC + b"VM\r", (Mutes, Bare), lambda said: len(levels(said)) >= outputs, means)


# Presets, names, panel, signals.


def recall(preset: int, room: int = 0) -> Command[Recalled]:
    wire = (b"%d*" % _number(room) if room else b"") + b"%d." % _number(preset)
    return Command(wire, Recalled, lambda said: said == Recalled(preset, room), timeout=3.0)


def save(preset: int, room: int = 0) -> Command[Saved]:
    wire = (b"%d*" % _number(room) if room else b"") + b"%d," % _number(preset)
    return Command(wire, Saved, lambda said: said == Saved(preset, room), timeout=3.0)


def rename(place: Place, number: int, text: str) -> Command[Named]:
    raw = text.encode("latin-1", "replace")
    if not 1 <= len(raw) <= LONGEST_NAME or NOT_IN_NAMES.intersection(raw):
        raise ValueError(f"{text!r}: a name has 1 to {LONGEST_NAME} printable ASCII characters")
    return Command(
        b"%b%d,%bN%b\r" % (ESC, _number(number), raw, place.value.encode()),
        Named,
        lambda said: (said.place, said.number) == (place, number),
    )


def read_name(place: Place, number: int) -> Command[Named]:
    """Without a tag a name can look like nearly anything; what is announced unasked is not taken for one."""
    announced = (
        Banner,
        Prompt,
        Login,
        Tied,
        TiedToAll,
        Quick,
        Muted,
        Saved,
        Recalled,
        Locked,
        Refusal,
    )

    def tells(said: Message) -> bool:
        if isinstance(said, Named):
            return (said.place, said.number) == (place, number)
        return not isinstance(said, announced)

    def means(said: Message) -> Named:
        if isinstance(said, Named):
            return said
        text = getattr(said, "text", None) or getattr(said, "data", b"").decode("latin-1")
        return Named(place, number, text)

    return Command(
        b"%b%dN%b\r" % (ESC, _number(number), place.value.encode()), Message, tells, means
    )


def lock(mode: int) -> Command[Locked]:
    if mode not in (0, 1, 2):
        raise ValueError(f"{mode}: 0 opens the panel, 1 and 2 lock it")
    return Command(b"%dX" % mode, Locked, lambda said: said.mode == mode)


def read_signals(inputs: int, escaped: bool) -> Command[Signals]:
    def present(said: Signals | Bare) -> tuple[bool, ...]:
        if isinstance(said, Signals):
            return said.inputs
        return tuple(digit > 0 for digit in digits(said.text.partition("*")[0]))

    return Command(
        ESC + b"0LS\r" if escaped else b"0LS",
        (Signals, Bare),
        lambda said: len(present(said)) >= inputs,
        lambda said: Signals(present(said)[-inputs:]),
    )
