"""What each Modbus function does to the relays."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hw_sim.modbus_relay.board import RelayBoard

READ_COILS, WRITE_COIL, WRITE_COILS = 0x01, 0x05, 0x0F
NO_FUNCTION, NO_ADDRESS, BAD_VALUE, FAILURE, BUSY = 1, 2, 3, 4, 6  # exceptions
ON, OFF, TOGGLE, ON_V1 = 0xFF00, 0x0000, 0x5500, 0xFFFF
ALL = 0x00FF  # the coil that is all of them
MOST = 2000  # coils in one question

# What to do when the answer is given, if anything, and the answer.
Handled = tuple[Callable[[], object] | None, bytes]


class Complaint(Exception):
    """The board answers with an exception; the argument is its code."""


def answer(board: "RelayBoard", pdu: bytes) -> bytes:
    """The answer to a request, after what it orders was done."""
    try:
        return _answered(board, pdu)
    except Complaint as complaint:
        return bytes((pdu[0] | 0x80, complaint.args[0]))


def _answered(board: "RelayBoard", pdu: bytes) -> bytes:
    if pdu[0] not in FUNCTIONS:
        raise Complaint(NO_FUNCTION)
    if board.faults.strikes("busy"):
        raise Complaint(BUSY)
    change, reply = FUNCTIONS[pdu[0]](board, pdu)
    if change is not None:
        if board.faults.strikes("refuses"):
            raise Complaint(FAILURE)
        if not board.faults.strikes("ignores"):
            change()
    return reply


def _read(board: "RelayBoard", pdu: bytes) -> Handled:
    if len(pdu) != 5:
        raise Complaint(BAD_VALUE)
    coils = _coils(board, pdu)
    bits = sum(board.outlets.is_closed(each) << place for place, each in enumerate(coils))
    told = bits.to_bytes((len(coils) + 7) // 8, "little")
    return None, bytes((READ_COILS, len(told))) + told


def _write_one(board: "RelayBoard", pdu: bytes) -> Handled:
    if len(pdu) != 5:
        raise Complaint(BAD_VALUE)
    coil, value = _word(pdu, 1), _word(pdu, 3)
    if coil == ALL:
        on = _all(board, value)
        return partial(board.outlets.switch_all, on), pdu
    relay = coil + 1
    if relay not in board.outlets:
        raise Complaint(NO_ADDRESS)
    if value == TOGGLE and board.is_v1:
        return partial(board.outlets.switch, relay, not board.outlets.is_closed(relay)), pdu
    if value not in (ON, OFF):
        raise Complaint(BAD_VALUE)
    return partial(board.outlets.switch, relay, value == ON), pdu


def _all(board: "RelayBoard", value: int) -> bool:
    """All relays: firmware before September 2021 says FFFF where later firmware says FF00."""
    on = ON_V1 if board.is_v1 else ON
    if value not in (on, OFF):
        raise Complaint(BAD_VALUE)
    return value == on


def _write_several(board: "RelayBoard", pdu: bytes) -> Handled:
    if len(pdu) < 7 or len(pdu) != 6 + pdu[5]:
        raise Complaint(BAD_VALUE)
    coils = _coils(board, pdu)
    if pdu[5] != (len(coils) + 7) // 8:
        raise Complaint(BAD_VALUE)
    bits = int.from_bytes(pdu[6:], "little")

    def change() -> None:
        for place, relay in enumerate(coils):
            board.outlets.switch(relay, bool(bits >> place & 1))

    return change, pdu[:5]


def _coils(board: "RelayBoard", pdu: bytes) -> range:
    """The relays that a request is about. Coils count from 0, relays from 1."""
    start, count = _word(pdu, 1), _word(pdu, 3)
    if not 1 <= count <= MOST:
        raise Complaint(BAD_VALUE)
    if start + count > len(board.outlets):
        raise Complaint(NO_ADDRESS)
    return range(start + 1, start + count + 1)


def _word(pdu: bytes, at: int) -> int:
    return int.from_bytes(pdu[at : at + 2], "big")


FUNCTIONS: Mapping[int, Callable[["RelayBoard", bytes], Handled]] = {
    READ_COILS: _read,
    WRITE_COIL: _write_one,
    WRITE_COILS: _write_several,
}
