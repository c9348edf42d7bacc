"""What each command does, and the lines that answer it.

The manuals agree on no text for what is not understood: such a command is answered with silence, or with the text of
an option. Serial and infrared layers: R is told as RS, Q and T as IR.
"""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hw_sim.creator_matrix import status
from hw_sim.creator_matrix.matrix import AUDIO, INFRARED, SERIAL, VIDEO

if TYPE_CHECKING:
    from hw_sim.creator_matrix.device import CreatorMatrix

Change = Callable[[], object]
# What to do, if anything, and the lines to say afterwards; these are made when it is done.
Handled = tuple[Change | None, Callable[[], Sequence[str]]]
Handler = Callable[["CreatorMatrix", tuple[str, ...]], Handled]

LETTERS = {
    "V": ("V", (VIDEO,)),
    "A": ("A", (AUDIO,)),
    "B": ("AV", (VIDEO, AUDIO)),
    "R": ("RS", (SERIAL,)),
    "Q": ("IR", (INFRARED,)),
    "T": ("IR", (INFRARED,)),
}
OK = "SWITCH OK!"  # all that is said of a change while messages are off


class Complaint(Exception):
    """The command cannot be."""


def answer(device: "CreatorMatrix", command: str) -> Sequence[str]:
    """The lines that answer a command with its end, after it was done."""
    try:
        return _answered(device, command)
    except Complaint:
        return [device.error_text] if device.error_text else []


def _answered(device: "CreatorMatrix", command: str) -> Sequence[str]:
    handler, arguments = _found(device, command)
    if device.faults.strikes("busy"):
        raise Complaint
    change, lines = handler(device, arguments)
    if change is None:
        return lines()
    if device.faults.strikes("refuses"):
        raise Complaint
    if not device.faults.strikes("ignores"):
        change()
    told = lines()
    return [OK] if command.endswith(".") and not device.messages and told else told


def _found(device: "CreatorMatrix", command: str) -> tuple[Handler, tuple[str, ...]]:
    for pattern, handler in COMMANDS:
        match = re.fullmatch(pattern, command, re.IGNORECASE if device.dialect.any_case else 0)
        if match is not None:
            return handler, match.groups()
    raise Complaint


# Ties.


def _tie(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    source, outputs = _input(device, arguments[0]), _outputs(device, arguments[2])
    name, layers = LETTERS[arguments[1].upper()]
    if any((source, output) in device.matrix.forbidden for output in outputs):
        raise Complaint
    return lambda: device.tie(layers, source, outputs), lambda: device.tie_lines(
        name, source, outputs
    )


def _tie_all(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    source = _input(device, arguments[0])
    outputs = list(range(1, device.matrix.outputs + 1))
    text = f"{source:02} To All."
    return lambda: device.tie((VIDEO, AUDIO), source, outputs), lambda: [text]


def _outputs_at_once(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    outputs = range(1, device.matrix.outputs + 1)
    text = {"#": "All Through.", "$": "All Closed.", "@": "All Open."}[arguments[0]]

    def lines() -> Sequence[str]:
        table = status.table(device) if arguments[0] == "@" and device.dialect.has_table else []
        return [text, *table]

    return lambda: device.each_output(arguments[0], outputs), lines


def _one_output(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    (output,), sign = _outputs(device, arguments[0]), arguments[1]
    text = {"#": "{o} Through.", "$": device.dialect.closed, "@": "{o} Open."}[sign]
    return lambda: device.each_output(sign, [output]), lambda: [text.format(o=f"{output:02}")]


def _forbid(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    source, outputs = _input(device, arguments[0]), _outputs(device, arguments[1])
    pairs = {(source, output) for output in outputs}
    lines = [f"AV: {source}!>{output} SetForbidOK!" for output in outputs]
    return lambda: device.matrix.forbidden.update(pairs), lambda: lines


def _undo(device: "CreatorMatrix", _: tuple[str, ...]) -> Handled:
    return device.matrix.undo, lambda: ["Undo Ok!"]


def _demo(device: "CreatorMatrix", _: tuple[str, ...]) -> Handled:
    return device.begin_demo, lambda: ["Demo Mode"]


# What is asked.


def _status(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    if not arguments[0]:
        return None, lambda: status.everything(device)
    number = int(arguments[0])
    of_input = device.dialect.status_of_input
    if not 1 <= number <= (device.matrix.inputs if of_input else device.matrix.outputs):
        raise Complaint
    of = status.of_input if of_input else status.of_output
    return None, lambda: of(device, number)


def _lock_query(device: "CreatorMatrix", _: tuple[str, ...]) -> Handled:
    return None, lambda: ["System Locked!" if device.is_locked else device.dialect.unlocked]


# Presets, power, settings.


def _preset(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    verb, number = arguments[0].capitalize(), int(arguments[1])
    if number not in device.dialect.presets:
        raise Complaint
    if verb == "Save":
        return lambda: device.matrix.save(number), lambda: [f"Save To F{number}"]
    if verb == "Clear":
        return lambda: device.matrix.presets.pop(number, None), lambda: [f"Clear F{number}"]

    def lines() -> Sequence[str]:
        listed = status.everything(device) if device.dialect.lists_after_recall else []
        return [f"Recall From F{number}", *listed]

    return lambda: device.recall(number), lines


def _power(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    word = arguments[0].upper()
    return lambda: device.set_power(word == "ON"), lambda: [f"PW{word}"]


def _echoed(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    """What the simulated picture does not depend on is kept and said again."""
    return lambda: device.note(arguments[0]), lambda: [arguments[0]]


def _factory_reset(device: "CreatorMatrix", _: tuple[str, ...]) -> Handled:
    return device.factory_reset, list


def _lock(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    on = arguments[0].lower() == "lock"
    text = "System Locked!" if on else device.dialect.unlocked
    return lambda: setattr(device, "is_locked", on), lambda: [text]


def _messages(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    on = arguments[0].lower() == "on"
    text = "Enabled the Message Return." if on else device.dialect.message_off
    return lambda: setattr(device, "messages", on), lambda: [text]


def _bell(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    on = arguments[0].lower() == "on"
    text = "Opened The Bell." if on else "Closed The Bell."
    return lambda: setattr(device, "bell", on), lambda: [text]


def _command_set(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    return lambda: setattr(device, "speaks_sis", arguments[0].upper() == "EXTRON"), list


def _backlight(device: "CreatorMatrix", arguments: tuple[str, ...]) -> Handled:
    return lambda: device.note(f"Backlight{arguments[0]}"), list


def _number(device: "CreatorMatrix", text: str) -> int:
    if device.two_digits and len(text) < 2:
        raise Complaint
    return int(text)


def _input(device: "CreatorMatrix", text: str) -> int:
    number = _number(device, text)
    if not 1 <= number <= device.matrix.inputs:
        raise Complaint
    return number


def _outputs(device: "CreatorMatrix", text: str) -> list[int]:
    numbers = [_number(device, each) for each in text.split(",")]
    if not all(1 <= each <= device.matrix.outputs for each in numbers):
        raise Complaint
    return numbers


COMMANDS: Sequence[tuple[str, Handler]] = (
    (r"(\d{1,3})([VABRQT])(\d{1,3}(?:,\d{1,3})*)\.", _tie),
    (r"(\d{1,3})All\.", _tie_all),
    (r"All([#$@])\.", _outputs_at_once),
    (r"(\d{1,3})([#$@])\.", _one_output),
    (r"(\d{1,3})H(\d{1,3}(?:,\d{1,3})*)\.", _forbid),
    (r"Status(\d{0,3})\.", _status),
    (r"(Save|Recall|Clear)(\d)\.", _preset),
    (r"Undo\.", _undo),
    (r"Demo\.", _demo),
    (r"PW(ON|OFF)\.", _power),
    (r"%9961\.", _lock_query),
    (r"%0911\.", _factory_reset),
    (r"(HDCPON|HDCPOFF|EDIDMInit|EDIDM\d{1,3}B\d{1,3})\.", _echoed),
    (r"/\*Type;", lambda device, _: (None, lambda: [device.title])),
    (r"/\^Version;", lambda device, _: (None, lambda: [device.version])),
    (r"/%(Lock|Unlock);", _lock),
    (r"/:Message(On|Off);", _messages),
    (r"/:Bell(On|Off);", _bell),
    (r"/~(EXTRON|CREATOR20);", _command_set),
    (r"/%Backlight(\d{3});", _backlight),
)
