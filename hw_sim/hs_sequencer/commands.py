"""What each function does, and what is answered to it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from hw_sim.hs_sequencer.wire import (
    CLOCK,
    CONTROL,
    DONE,
    FACTORY_RESET,
    FAILED,
    READ,
    WRITE,
    Complaint,
    Frame,
)

if TYPE_CHECKING:
    from hw_sim.hs_sequencer.device import Sequencer

ALL = 0  # the address that everybody hears, for asking who is there
OUTPUTS, ADDRESS = 0x2016, 0x2017  # registers
VOLTAGES = (0x236C, 0x236D)  # limits of the protection
DELAYS = {True: (0x4010, 0x4050), False: (0x4020, 0x4060)}  # of channels 1 to 8, and from 9 on
DELAYED = 12  # channels that have delay registers
SEQUENCE_OFF, ALL_OFF, SEQUENCE_ON, ALL_ON = 0x00, 0x10, 0x11, 0x12  # in the place of a channel
MARK = 0xAA  # ends a control frame

Change = Callable[[], object]
# What to do, and the function code of the reply; or the bytes that were asked for.
Handled = tuple[Change, int] | bytes


def answer(device: "Sequencer", frame: Frame) -> Frame | None:
    """The reply, after what was ordered was done. None when the sequencer is not meant."""
    if frame.address != device.address and not _asks_everybody(frame):
        return None
    try:
        function, data = _answered(device, frame)
    except Complaint:
        function, data = FAILED, frame.data
    if function in (DONE, FAILED) and not device.echoes:
        data = bytes(len(data))
    address = device.address + 1 if device.faults.strikes("wrong_address") else device.address
    return Frame(address & 0xFF, function, data)


def _asks_everybody(frame: Frame) -> bool:
    return frame.address == ALL and frame.function == READ and frame.register == ADDRESS


def _answered(device: "Sequencer", frame: Frame) -> tuple[int, bytes]:
    if device.faults.strikes("busy") or frame.function not in HANDLERS:
        raise Complaint
    handled = HANDLERS[frame.function](device, frame)
    if isinstance(handled, bytes):
        return READ, handled
    change, reply = handled
    if device.faults.strikes("refuses"):
        raise Complaint
    if not device.faults.strikes("ignores"):
        change()
    return reply, frame.data


def _control(device: "Sequencer", frame: Frame) -> Handled:
    if frame.data[:3] != bytes(3) or frame.data[3] > 1 or frame.data[5] != MARK:
        raise Complaint
    on, channel = bool(frame.data[3]), frame.data[4]
    if (on, channel) in ((True, SEQUENCE_ON), (False, SEQUENCE_OFF)):
        return partial(device.run_sequence, on), DONE
    if (on, channel) in ((True, ALL_ON), (False, ALL_OFF)):
        return partial(device.switch_all, on), DONE
    if channel not in device.outlets:
        raise Complaint
    return partial(device.outlets.switch, channel, on), DONE


def _read(device: "Sequencer", frame: Frame) -> Handled:
    head = frame.data[:2]
    if frame.register == OUTPUTS:
        channels = bytes(device.outlets.is_closed(each) for each in device.outlets)
        return head + (channels if device.status_layout == "long" else channels[:4])
    if frame.register == ADDRESS:
        return head + device.address.to_bytes(4, "big")
    if frame.register in device.voltages:
        return head + device.voltages[frame.register].to_bytes(4, "big")
    on, channel = _delay(device, frame.register)
    return head + round(device.sequence.delays[on][channel] * 1000).to_bytes(4, "big")


def _write(device: "Sequencer", frame: Frame) -> Handled:
    register, value = frame.register, frame.value
    if register in device.voltages:
        return partial(device.voltages.__setitem__, register, value), _reply(device, WRITE)
    if register == ADDRESS:
        if not 0 < frame.data[4] < 0xFF or frame.data[5] != MARK:
            raise Complaint
        return partial(setattr, device, "address", frame.data[4]), _reply(device, WRITE)
    on, channel = _delay(device, register)
    delays = device.sequence.delays[on]
    return partial(delays.__setitem__, channel, value / 1000), _reply(device, DONE)


def _clock(device: "Sequencer", frame: Frame) -> Handled:
    digits = frame.data.hex()
    if not digits.isdecimal():
        raise Complaint
    return partial(setattr, device, "date", digits), _reply(device, DONE)


def _factory_reset(device: "Sequencer", frame: Frame) -> Handled:
    if frame.data[:2] != b"\x66\x86":
        raise Complaint
    return device.factory_reset, DONE


def _reply(device: "Sequencer", usual: int) -> int:
    """The function code of the reply to a written parameter; units do not agree."""
    return {"mixed": usual, "done": DONE, "function": WRITE}[device.parameter_reply]


def _delay(device: "Sequencer", register: int) -> tuple[bool, int]:
    """Which delay a register holds: of on or off, and of which channel."""
    for on, (low, high) in DELAYS.items():
        for channel in range(1, min(DELAYED, len(device.outlets)) + 1):
            if register == (low + 2 * (channel - 1) if channel <= 8 else high + 2 * (channel - 9)):
                return on, channel
    raise Complaint


HANDLERS: Mapping[int, Callable[["Sequencer", Frame], Handled]] = {
    CONTROL: _control,
    READ: _read,
    WRITE: _write,
    CLOCK: _clock,
    FACTORY_RESET: _factory_reset,
}
