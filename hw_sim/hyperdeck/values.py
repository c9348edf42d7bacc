"""The values of a request's parameters, read or refused."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hw_sim.hyperdeck.media import Slot
from hw_sim.hyperdeck.wire import Complaint

if TYPE_CHECKING:
    from hw_sim.hyperdeck.device import HyperDeck

Parameters = Mapping[str, str]


def flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise Complaint(102)
    return text.lower() == "true"


def number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Complaint(102) from error


def one_of(text: str, choices: tuple[str, ...], code: int = 102) -> str:
    found = [choice for choice in choices if choice.lower() == text.lower()]
    if not found:
        raise Complaint(code)
    return found[0]


def slot_of(deck: "HyperDeck", given: Parameters) -> Slot:
    """The slot that is named, or else the one selected. Raises Complaint."""
    wanted = number(given["slot id"]) if "slot id" in given else deck.transport.line.selected
    if wanted is None:
        raise Complaint(105)
    if wanted not in deck.slots:
        raise Complaint(109)
    return deck.slots[wanted]
