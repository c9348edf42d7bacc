"""What we say to a Tesira, and how its untagged answers are known.

An answer does not say what it answers. Every command therefore takes only an answer of its own shape (a number, a
bool, nothing), so that a stray one cannot shift all that follow by one.

Source: Biamp Tesira Text Protocol help: verbs, attribute tables of the blocks.
Transcript: tests/transcripts/biamp_ttp.json
"""

from collections.abc import Callable
from math import isfinite
from typing import Any

from avctl.drivers.biamp_ttp.place import Place
from avctl.drivers.biamp_ttp.value import Value
from avctl.drivers.biamp_ttp.wire import (
    Banner,
    BeyondLimits,
    Chosen,
    Identified,
    LevelRead,
    LevelsRead,
    LimitRead,
    Listed,
    MeterRead,
    MuteRead,
    MutesRead,
    Ok,
    OutOfRange,
    SizeRead,
)
from avctl.wire import Command, Message

MINUS_INFINITY = "-inf"
SOON = 1.0  # seconds for what a changeover waits for; answers take milliseconds
RECALL_TIMEOUT = 10.0  # seconds; a preset may touch the whole design
RAMP_INTERVALS = range(250, 30001, 250)  # milliseconds
RAMP_STEPS = range(1, 16)  # dB


# The shapes of answers.


def is_level(value: Value | None) -> bool:
    if isinstance(value, bool):
        return False
    return value == MINUS_INFINITY or (isinstance(value, int | float) and isfinite(value))


def level(value: Any) -> float | None:
    """A level in dB, None for minus infinity, of a value for which `is_level` holds."""
    return None if value == MINUS_INFINITY else float(value)


def _is_bare(said: Ok) -> bool:
    return said.value is None


def _is_level(said: Ok) -> bool:
    return is_level(said.value)


def _is_bool(said: Ok) -> bool:
    return isinstance(said.value, bool)


def _is_count(said: Ok) -> bool:
    return isinstance(said.value, int) and not isinstance(said.value, bool)


def _is_text(said: Ok) -> bool:
    # A serial number of digits alone comes without quotes while the session is not verbose.
    return isinstance(said.value, str | int | float) and not isinstance(said.value, bool)


def _are_levels(said: Ok) -> bool:
    return isinstance(said.value, tuple) and all(map(is_level, said.value))


def _are_bools(said: Ok) -> bool:
    return isinstance(said.value, tuple) and all(isinstance(item, bool) for item in said.value)


def _is_list(said: Ok) -> bool:
    return isinstance(said.value, tuple)


# The session and the device.


def await_banner(missing: Callable[[], bool]) -> Command[Banner]:
    """Sends nothing; the server speaks by itself once its telnet options are answered.

    Refused where the banner is no longer ``missing`` when it is our turn.
    """
    return Command(b"", Banner, timeout=10.0, still=missing)


def set_verbose(on: bool) -> Command[Ok]:
    return _done("SESSION", "set", "verbose", _flag(on))


def read_aliases() -> Command[Listed]:
    return Command(_wire("SESSION", "get", "aliases"), Ok, _is_list, _listed, asks=True)


def identities() -> list[Command[Identified]]:
    return [
        identify("serialNumber", "serial"),
        identify("version", "firmware"),
        identify("hostname", "hostname"),
    ]


def identify(attribute: str, what: str) -> Command[Identified]:
    def means(said: Ok) -> Identified:
        return Identified(what, str(said.value))

    return Command(_wire("DEVICE", "get", attribute), Ok, _is_text, means, asks=True)


def read_faults() -> Command[Listed]:
    return Command(_wire("DEVICE", "get", "activeFaultList"), Ok, _is_list, _listed, asks=True)


def recall_preset(number: int) -> Command[Ok]:
    return Command(_wire("DEVICE", "recallPreset", number), Ok, _is_bare, timeout=RECALL_TIMEOUT)


def recall_preset_by_name(name: str) -> Command[Ok]:
    """Raises ValueError for a name that could not be sent as one text."""
    if not name or len(name) > 128 or not name.isascii() or not name.isprintable():
        raise ValueError(f"{name!r} is no name of a preset")
    if '"' in name or "\\" in name:
        raise ValueError(f"{name!r}: the name of a preset has no quotes")
    wire = _wire("DEVICE", "recallPresetByName", f'"{name}"')
    return Command(wire, Ok, _is_bare, timeout=RECALL_TIMEOUT)


# Level blocks.


def read_size(tag: str) -> Command[SizeRead]:
    wire = _wire(tag, "get", "numChannels")
    return Command(wire, Ok, _is_count, lambda said: SizeRead(tag, said.value), asks=True)


def read_level(at: Place) -> Command[LevelRead]:
    wire = _wire(at.tag, "get", "level", at.index)
    return Command(
        wire,
        Ok,
        _is_level,
        lambda said: LevelRead(str(at), level(said.value)),
        timeout=SOON,
        asks=True,
    )


def read_levels(tag: str) -> Command[LevelsRead]:
    def means(said: Ok) -> LevelsRead:
        return LevelsRead(tag, tuple(map(level, _items(said))))

    return Command(_wire(tag, "get", "levels"), Ok, _are_levels, means, asks=True)


def read_mute(at: Place) -> Command[MuteRead]:
    wire = _wire(at.tag, "get", "mute", at.index)
    return Command(
        wire, Ok, _is_bool, lambda said: MuteRead(str(at), said.value), timeout=SOON, asks=True
    )


def read_mutes(tag: str) -> Command[MutesRead]:
    wire = _wire(tag, "get", "mutes")
    return Command(wire, Ok, _are_bools, lambda said: MutesRead(tag, said.value), asks=True)


def read_limit(at: Place, upper: bool) -> Command[LimitRead]:
    def means(said: Ok) -> LimitRead:
        limit = level(said.value)
        return LimitRead(str(at), upper, float("-inf") if limit is None else limit)

    wire = _wire(at.tag, "get", "maxLevel" if upper else "minLevel", at.index)
    return Command(wire, Ok, _is_level, means, asks=True)


def set_level(at: Place, wanted: float) -> Command[Message]:
    """Its answer is a `BeyondLimits` where the device refused the level and told its limits."""
    if not isfinite(wanted):
        raise ValueError(f"{at}: {wanted} is no level in dB")

    def means(said: Message) -> Message:
        if isinstance(said, OutOfRange):
            return BeyondLimits(str(at), wanted, said.low, said.high)
        return said

    wire = _wire(at.tag, "set", "level", at.index, decibels(wanted))
    return Command(wire, (Ok, OutOfRange), _is_done_or_beyond, means, timeout=SOON)


def set_mute(at: Place, on: bool) -> Command[Ok]:
    wire = _wire(at.tag, "set", "mute", at.index, _flag(on))
    return Command(wire, Ok, _is_bare, timeout=SOON)


def set_ramp_interval(at: Place, milliseconds: int) -> Command[Ok]:
    if milliseconds not in RAMP_INTERVALS:
        raise ValueError(f"{milliseconds} ms: a ramp's interval is 250 to 30000 ms in steps of 250")
    return _done(at.tag, "set", "rampInterval", at.index, milliseconds)


def set_ramp_step(at: Place, decibel: int) -> Command[Ok]:
    if decibel not in RAMP_STEPS:
        raise ValueError(f"{decibel} dB: a ramp's step is 1 to 15 dB")
    return _done(at.tag, "set", "rampStep", at.index, decibel)


def change_level(at: Place, by: float) -> Command[Ok]:
    """Up or down by so many dB; along the ramp where the block has one."""
    if not isfinite(by):
        raise ValueError(f"{at}: {by} is no change in dB")
    verb = "decrement" if by < 0 else "increment"
    return _done(at.tag, verb, "level", at.index, decibels(abs(by)))


# Other blocks.


def read_meter(channel: str, at: Place, attribute: str) -> Command[MeterRead]:
    wire = _wire(at.tag, "get", attribute, at.index)
    return Command(
        wire, Ok, _is_level, lambda said: MeterRead(channel, level(said.value)), asks=True
    )


def select_source(tag: str, source: int) -> Command[Ok]:
    return _done(tag, "set", "sourceSelection", source)


def read_selection(tag: str) -> Command[Chosen]:
    return Command(_wire(tag, "get", "sourceSelection"), Ok, _is_count, _chosen, asks=True)


def route_input(router: str, output: int, source: int) -> Command[Ok]:
    return _done(router, "set", "input", output, source)


def read_input(router: str, output: int) -> Command[Chosen]:
    return Command(_wire(router, "get", "input", output), Ok, _is_count, _chosen, asks=True)


def subscribe(at: Place, attribute: str, token: str, milliseconds: int) -> Command[Ok]:
    return _done(at.tag, "subscribe", attribute, at.index, token, milliseconds)


# How it is written.


def decibels(value: float) -> str:
    """To a hundredth of a dB; the devices resolve a tenth."""
    return repr(round(value, 2) + 0.0)


def _wire(tag: str, *words: str | int) -> bytes:
    name = f'"{tag}"' if " " in tag else tag
    return (" ".join((name, *map(str, words))) + "\n").encode("ascii")


def _done(tag: str, *words: str | int) -> Command[Ok]:
    return Command(_wire(tag, *words), Ok, _is_bare)


def _flag(on: bool) -> str:
    return "true" if on else "false"


def _listed(said: Ok) -> Listed:
    return Listed(_items(said))


def _chosen(said: Ok) -> Chosen:
    return Chosen(said.value if isinstance(said.value, int) else 0)


def _items(said: Ok) -> tuple[Value, ...]:
    return said.value if isinstance(said.value, tuple) else ()


def _is_done_or_beyond(said: Ok | OutOfRange) -> bool:
    return isinstance(said, OutOfRange) or said.value is None
