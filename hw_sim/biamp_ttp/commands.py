"""What a Tesira makes of one line: reads, sets, subscribes or complains."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from hw_sim.biamp_ttp.blocks import Attribute, Block, Index
from hw_sim.biamp_ttp.properties import properties
from hw_sim.biamp_ttp.text import Complaint, Word, parse, split, write

if TYPE_CHECKING:
    from hw_sim.biamp_ttp.device import Tesira
    from hw_sim.biamp_ttp.session import Session

VERBS = frozenset(["get", "set", "increment", "decrement", "toggle", "subscribe", "unsubscribe"])
SERVICES = frozenset(["recallPreset", "recallPresetByName", "startAudio", "reboot"])
ADDRESS = 'address not found: {"deviceId":0 "classCode":0 "instanceNum":0}'
REFUSED = "the change was refused"  # no document gives a text for this


class Line:
    """The words of a command, taken one after the other."""

    def __init__(self, text: str) -> None:
        self._words = iter(split(text))
        self._end = len(text) + 1

    def word(self) -> Word:
        """The next word. Raises Complaint when there is none."""
        if (word := next(self._words, None)) is None:
            raise Complaint(f"Parse error at {self._end}: not enough parameters supplied")
        return word

    def value(self, kind: type) -> bool | int | float:
        return parse(self.word(), kind)

    def index(self, block: Block, attribute: Attribute) -> Index:
        index = tuple(int(self.value(int)) for _ in attribute.at)
        block.check_index(attribute, index)
        return index

    def rest(self) -> Iterable[Word]:
        return self._words


def answer(device: "Tesira", session: "Session", text: str) -> str:
    """Do what the line says. Gives the reply without its line end."""
    line = Line(text)
    try:
        tag, verb = line.word().text, line.word()
        if verb.text not in VERBS and not (tag == "DEVICE" and verb.text in SERVICES):
            raise Complaint(
                f"Parse error at {verb.column}: verb was not one of the commands"
                " supported by Services"
            )
        if tag == "DEVICE":
            return _device(device, session, verb.text, line)
        if tag == "SESSION":
            return _session(device, session, verb.text, line)
        if tag not in device.blocks:
            raise Complaint(ADDRESS)
        return _block(device, session, device.blocks[tag], verb.text, line)
    except Complaint as complaint:
        return f"-ERR {complaint}"


def _value(session: "Session", value: object, key: str = "value") -> str:
    return f'+OK "{key}":{write(value)}' if session.verbose else f"+OK {write(value)}"


def _unsupported(name: str, what: str) -> Complaint:
    return Complaint(f"'{name}' is not supported by {what}::Attributes")


def _session(device: "Tesira", session: "Session", verb: str, line: Line) -> str:
    name = line.word().text
    if name == "aliases" and verb == "get":
        return _value(session, sorted(device.blocks), "list")
    if name == "verbose" and verb == "get":
        return _value(session, session.verbose)
    if name == "verbose" and verb == "set":
        session.verbose = bool(line.value(bool))
        return "+OK"
    raise _unsupported(name, "TextSession")


def _device(device: "Tesira", session: "Session", verb: str, line: Line) -> str:
    match verb:
        case "get":
            name = line.word().text
            known = properties(device)
            if name not in known:
                raise _unsupported(name, "Device")
            return _value(session, known[name])
        case "recallPreset":
            number = int(line.value(int))
            return _change(device, lambda: device.recall(number))
        case "recallPresetByName":
            name = line.word().text
            return _change(device, lambda: device.recall_by_name(name))
        case "startAudio":
            return _change(device, device.start_audio)
        case "reboot":
            return _change(device, device.restart_soon)
    raise _unsupported(line.word().text, "Device")


def _block(device: "Tesira", session: "Session", block: Block, verb: str, line: Line) -> str:
    name = line.word().text
    attribute = block.attribute(name)
    if verb not in ("get", "subscribe", "unsubscribe") and attribute.fixed:
        raise Complaint(f"'{name}' cannot be changed")  # no document gives a text for this
    index = line.index(block, attribute)
    place = (block.tag, name, index)
    match verb:
        case "get":
            return _value(session, device.read(*place))
        case "subscribe":
            session.subscribe(place, *_terms(line.rest()))
            return "+OK"
        case "unsubscribe":
            session.unsubscribe(place, _terms(line.rest())[0])
            return "+OK"
        case "toggle":
            if attribute.kind is not bool:
                raise Complaint(f"'{name}' cannot be toggled")  # nor for this
            return _change(device, lambda: device.put(*place, not device.read(*place)))
        case "set":
            value = line.value(attribute.kind)
            block.check_value(name, value)
            return _change(device, lambda: device.put(*place, value))
    if attribute.kind is bool:
        raise Complaint(f"'{name}' has no steps")  # nor for this
    amount = float(line.value(float)) * (1 if verb == "increment" else -1)
    return _change(device, lambda: device.step(*place, amount))


def _terms(words: Iterable[Word]) -> tuple[str, float]:
    """The token of a subscription and its shortest interval in seconds."""
    given = list(words)
    token = given[0].text if given else ""
    return token, int(parse(given[1], int)) / 1000 if len(given) > 1 else 0.0


def _change(device: "Tesira", make: Callable[[], None]) -> str:
    if device.faults.strikes("refuses"):
        raise Complaint(REFUSED)
    if not device.faults.strikes("ignores"):
        make()
    return "+OK"
