"""What we say to a Shure device: GET and SET. Its answer is a report of the same parameter."""

from collections.abc import Callable

from avctl.drivers.shure.wire import Report
from avctl.wire import Command

LONGEST_NAME = 31  # characters; receivers of older families keep the first 8
FASTEST_METERS, SLOWEST_METERS = 100, 99999  # ms


def get(parameter: str, at: str = "") -> Command[Report]:
    return Command(_wire("GET", at, parameter), Report, _of(parameter, at))


def get_all(at: str) -> Command[Report]:
    """Everything there is to report. Its answer is the first of many reports; nothing marks the last."""
    return Command(_wire("GET", at, "ALL"), Report)


def set_to(parameter: str, value: str, at: str = "") -> Command[Report]:
    """Any report of the parameter answers it: a locked device reports the old value, others a rounded one."""
    return Command(_wire("SET", at, parameter, value), Report, _of(parameter, at))


def set_mute(parameter: str, on: bool, at: str = "") -> Command[Report]:
    return set_to(parameter, "ON" if on else "OFF", at)


def set_name(name: str, at: str) -> Command[Report]:
    """Raises ValueError for a name that would end the command or the braces around it."""
    if not 0 < len(name) <= LONGEST_NAME or set(name) & set("{}"):
        raise ValueError(f"a name has 1 to {LONGEST_NAME} characters, no braces")
    return set_to("CHAN_NAME", f"{{{name}}}", at)


def set_meter_rate(
    parameter: str, milliseconds: int, at: str = "", digits: int = 1
) -> Command[Report]:
    if milliseconds and not FASTEST_METERS <= milliseconds <= SLOWEST_METERS:
        raise ValueError(f"{milliseconds} ms: give 0, or {FASTEST_METERS} to {SLOWEST_METERS}")
    text = f"{milliseconds:0{digits}d}" if milliseconds else "0"
    return set_to(parameter, text, at)


def recall_preset(number: int) -> Command[Report]:
    if not 1 <= number <= 99:
        raise ValueError(f"preset {number}: give 1 to 99")
    return set_to("PRESET", str(number))


def _of(parameter: str, at: str) -> Callable[[Report], bool]:
    channel = int(at) if at else None

    def is_it(said: Report) -> bool:
        # A question about all channels is answered channel by channel, or for all at once.
        return said.parameter == parameter and (channel == 0 or said.channel == channel)

    return is_it


def _wire(verb: str, *words: str) -> bytes:
    """Raises ValueError for what would end the command and begin another."""
    text = " ".join(word for word in (verb, *words) if word)
    if not (text.isascii() and text.isprintable()) or set(text) & set("<>"):
        raise ValueError(f"{text!r}: only printable ASCII without < and > can be sent")
    return f"< {text} >".encode("ascii")
