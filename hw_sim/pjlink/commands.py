"""What each command does: what it asks for or changes, in which class it is, and when it cannot be."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from hw_sim.pjlink.power import COOLING, LIT, STANDBY, WARMING
from hw_sim.pjlink.wire import BAD_PARAMETER, NOT_NOW, OK, UNDEFINED, Command, Complaint

if TYPE_CHECKING:
    from hw_sim.pjlink.device import Projector

T = TypeVar("T")
Query = Callable[["Projector", Command], str]
Order = Callable[["Projector", str], Callable[[], object]]  # checked; call it to do it

LARGEST = 99999  # hours
SEEN_BY_CLASS_1 = re.compile("[1-5][1-9]")


def answer(device: "Projector", command: Command) -> str:
    """What the projector replies, after it has done what was ordered."""
    try:
        return _answered(device, command)
    except Complaint as complaint:
        return str(complaint)


def _answered(device: "Projector", command: Command) -> str:
    key = command.klass, command.body
    if key not in QUERIES and key not in ORDERS:
        raise Complaint(UNDEFINED)
    if device.faults.strikes("busy"):
        raise Complaint(NOT_NOW)
    if command.asks:
        return _told(device, command)
    if key not in ORDERS:
        raise Complaint(BAD_PARAMETER)
    do = ORDERS[key](device, command.parameter)
    if device.faults.strikes("refuses"):
        raise Complaint(NOT_NOW)
    if not device.faults.strikes("ignores"):
        do()
    return OK


def _told(device: "Projector", command: Command) -> str:
    query = QUERIES.get((command.klass, command.body))
    if query is None or (command.body != "INNM" and command.parameter != "?"):
        raise Complaint(BAD_PARAMETER)
    if device.power.state == STANDBY and command.body in device.knobs.standby_err3:
        raise Complaint(NOT_NOW)
    return query(device, command)


def _must_be_lit(device: "Projector") -> None:
    if device.power.state != LIT:
        raise Complaint(NOT_NOW)


# Queries.


def _power(device: "Projector", _: Command) -> str:
    state = device.power.state
    if device.knobs.no_warming_state:
        return {WARMING: LIT, COOLING: STANDBY}.get(state, state)
    return state


def _input(device: "Projector", _: Command) -> str:
    if device.switching_to is not None or device.power.state == WARMING:
        raise Complaint(NOT_NOW)
    return device.input


def _mute(device: "Projector", _: Command) -> str:
    _must_be_lit(device)
    return {(True, True): "31", (True, False): "11", (False, True): "21", (False, False): "30"}[
        device.blanked, device.silenced
    ]


def _errors(device: "Projector", _: Command) -> str:
    if device.power.state == WARMING:
        raise Complaint(NOT_NOW)
    return device.error_digits


def _lamps(device: "Projector", _: Command) -> str:
    if not device.knobs.lamps:
        raise Complaint(UNDEFINED)
    told = " ".join(f"{min(LARGEST, int(hours))} {int(burns)}" for hours, burns in device.lamps)
    return told + " " * device.knobs.lamp_blank


def _inputs(device: "Projector", command: Command) -> str:
    seen = device.knobs.inputs
    if command.klass == 1:
        seen = tuple(each for each in seen if SEEN_BY_CLASS_1.fullmatch(each))
    return " ".join(seen)


def _input_name(device: "Projector", command: Command) -> str:
    if command.parameter[1:] not in device.knobs.inputs:
        raise Complaint(BAD_PARAMETER)
    return device.knobs.input_names[command.parameter[1:]]


def _resolution(device: "Projector", _: Command) -> str:
    _must_be_lit(device)
    return "-" if device.sources[device.input] is None else device.knobs.resolution


def _filter(device: "Projector", _: Command) -> str:
    hours = device.filter_hours
    if hours is None:
        raise Complaint(UNDEFINED)
    return str(min(LARGEST, int(hours)))


def _freeze(device: "Projector", _: Command) -> str:
    _has(device.knobs.freeze)
    _must_be_lit(device)
    return str(int(device.frozen))


# Orders.


def _set_power(device: "Projector", value: str) -> Callable[[], object]:
    on = _one_of(value, {"0": False, "1": True})
    return lambda: device.power.order(on)


def _set_input(device: "Projector", value: str) -> Callable[[], object]:
    if value not in device.knobs.inputs:
        raise Complaint(BAD_PARAMETER)
    _must_be_lit(device)
    if device.switching_to is not None:
        raise Complaint(NOT_NOW)
    return lambda: device.switch(value)


def _set_mute(device: "Projector", value: str) -> Callable[[], object]:
    what, on = _one_of(
        value, {f"{what}{on}": (what, bool(on)) for what in (1, 2, 3) for on in (0, 1)}
    )
    if what != 3 and not device.knobs.separate_mute:
        raise Complaint(BAD_PARAMETER)
    _must_be_lit(device)
    return lambda: device.mute(picture=on if what & 1 else None, sound=on if what & 2 else None)


def _step(volume: str) -> Order:
    def step(device: "Projector", value: str) -> Callable[[], object]:
        by = _one_of(value, {"0": -1, "1": 1})
        _has(device.knobs.speaker if volume == "speaker" else device.knobs.microphone)
        _must_be_lit(device)
        return lambda: device.step(volume, by)

    return step


def _set_freeze(device: "Projector", value: str) -> Callable[[], object]:
    on = _one_of(value, {"0": False, "1": True})
    _has(device.knobs.freeze)
    _must_be_lit(device)
    return lambda: device.freeze(on)


def _one_of(value: str, meanings: Mapping[str, T]) -> T:
    if value not in meanings:
        raise Complaint(BAD_PARAMETER)
    return meanings[value]


def _has(part: bool) -> None:
    if not part:
        raise Complaint(UNDEFINED)


QUERIES: Mapping[tuple[int, str], Query] = {
    (1, "POWR"): _power,
    (1, "INPT"): _input,
    (2, "INPT"): _input,
    (1, "AVMT"): _mute,
    (1, "ERST"): _errors,
    (1, "LAMP"): _lamps,
    (1, "INST"): _inputs,
    (2, "INST"): _inputs,
    (1, "NAME"): lambda device, _: device.knobs.name,
    (1, "INF1"): lambda device, _: device.knobs.manufacturer,
    (1, "INF2"): lambda device, _: device.knobs.product,
    (1, "INFO"): lambda device, _: device.knobs.info,
    (1, "CLSS"): lambda device, _: device.knobs.class_text,
    (2, "SNUM"): lambda device, _: device.knobs.serial,
    (2, "SVER"): lambda device, _: device.knobs.version,
    (2, "INNM"): _input_name,
    (2, "IRES"): _resolution,
    (2, "RRES"): lambda device, _: device.knobs.native,
    (2, "FILT"): _filter,
    (2, "RLMP"): lambda device, _: " ".join(device.knobs.lamp_parts),
    (2, "RFIL"): lambda device, _: " ".join(device.knobs.filter_parts),
    (2, "FREZ"): _freeze,
}
ORDERS: Mapping[tuple[int, str], Order] = {
    (1, "POWR"): _set_power,
    (1, "INPT"): _set_input,
    (2, "INPT"): _set_input,
    (1, "AVMT"): _set_mute,
    (2, "SVOL"): _step("speaker"),
    (2, "MVOL"): _step("microphone"),
    (2, "FREZ"): _set_freeze,
}
