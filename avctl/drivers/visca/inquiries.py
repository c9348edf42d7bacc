"""What a VISCA camera is asked, and what its answers mean.

Source: Sony BRC-X400 Command List E-042-100-11; SRG-120DH Command List (status word, lens block).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from avctl.capabilities.camera import Focus
from avctl.capabilities.power import Power
from avctl.drivers.visca import wire
from avctl.drivers.visca.wire import Data
from avctl.wire import Command, Message

WITHIN = 1.0  # seconds for an answer; the slowest shutter makes a camera take one

M = TypeVar("M", bound=Message)


# What the answers to inquiries mean.


@dataclass(frozen=True, slots=True)
class PowerIs(Message):
    address: int
    power: Power


@dataclass(frozen=True, slots=True)
class PanTiltIs(Message):
    address: int
    pan: int
    tilt: int
    digits: tuple[int, int]  # of pan and of tilt


@dataclass(frozen=True, slots=True)
class ZoomIs(Message):
    address: int
    zoom: int


@dataclass(frozen=True, slots=True)
class FocusIs(Message):
    address: int
    mode: Focus


@dataclass(frozen=True, slots=True)
class FocusAt(Message):
    address: int
    position: int


@dataclass(frozen=True, slots=True)
class TallyIs(Message):
    address: int
    on: bool


@dataclass(frozen=True, slots=True)
class MenuIs(Message):
    address: int
    shown: bool


@dataclass(frozen=True, slots=True)
class RecalledLast(Message):
    address: int
    code: int | None


@dataclass(frozen=True, slots=True)
class HeadIs(Message):
    """The pan-tilt status word."""

    address: int
    moving: bool
    starting: bool
    ready: bool  # it has been started, well or badly


@dataclass(frozen=True, slots=True)
class LensIs(Message):
    address: int
    zoom: int
    focus: int
    auto: bool
    busy: bool  # zoom or a recall


@dataclass(frozen=True, slots=True)
class FastestIs(Message):
    address: int
    pan: int
    tilt: int


@dataclass(frozen=True, slots=True)
class BlockIs(Message):
    address: int
    data: bytes


@dataclass(frozen=True, slots=True)
class VersionIs(Message):
    address: int
    vendor: int
    model: int
    rom: int


# What is asked.


def is_from(address: int) -> Callable[[Any], bool]:
    return lambda said: said.address in (wire.ANY, address)


def _inquiry(
    address: int,
    question: bytes,
    sizes: tuple[int, ...],
    means: Callable[[Data], M],
    fits: Callable[[bytes], bool] = lambda payload: True,
) -> Command[M]:
    said_here = is_from(address)
    return Command(
        bytes([0x80 | address, 0x09]) + question + wire.END,
        Data,
        lambda said: said_here(said) and len(said.payload) in sizes and fits(said.payload),
        means,
        timeout=WITHIN,
        asks=True,
    )


def _two_or_three(payload: bytes) -> bool:
    return payload[0] in (2, 3)


def _nibbles(payload: bytes) -> bool:
    return max(payload) < 0x10


POWERS = {0x02: Power.ON, 0x03: Power.OFF}


def read_power(address: int) -> Command[PowerIs]:
    return _inquiry(
        address,
        b"\x04\x00",
        (1,),
        lambda said: PowerIs(said.address, POWERS.get(said.payload[0], Power.UNKNOWN)),
    )


def read_pan_tilt(address: int) -> Command[PanTiltIs]:
    def means(said: Data) -> PanTiltIs:
        pan_digits = 4 if len(said.payload) == 8 else 5
        pan, tilt = said.payload[:pan_digits], said.payload[pan_digits:]
        digits = len(pan), len(tilt)
        return PanTiltIs(said.address, wire.number(pan, True), wire.number(tilt, True), digits)

    return _inquiry(address, b"\x06\x12", (8, 9, 10), means, _nibbles)


def read_zoom(address: int) -> Command[ZoomIs]:
    return _inquiry(
        address,
        b"\x04\x47",
        (4,),
        lambda said: ZoomIs(said.address, wire.number(said.payload)),
        _nibbles,
    )


def read_focus(address: int) -> Command[FocusIs]:
    return _inquiry(
        address,
        b"\x04\x38",
        (1,),
        lambda said: FocusIs(said.address, Focus.AUTO if said.payload[0] == 2 else Focus.MANUAL),
    )


def read_focus_position(address: int) -> Command[FocusAt]:
    return _inquiry(
        address,
        b"\x04\x48",
        (4,),
        lambda said: FocusAt(said.address, wire.number(said.payload)),
        _nibbles,
    )


def read_tally(address: int) -> Command[TallyIs]:
    return _inquiry(
        address,
        b"\x7e\x01\x0a",
        (1,),
        lambda said: TallyIs(said.address, said.payload[0] == 2),
        _two_or_three,
    )


def read_menu(address: int) -> Command[MenuIs]:
    return _inquiry(
        address,
        b"\x06\x06",
        (1,),
        lambda said: MenuIs(said.address, said.payload[0] == 2),
        _two_or_three,
    )


def read_last_recalled(address: int) -> Command[RecalledLast]:
    def means(said: Data) -> RecalledLast:
        code = said.payload[0]
        return RecalledLast(said.address, None if code == 0x7F else code)

    return _inquiry(address, b"\x04\x3f", (1,), means)


def read_head(address: int) -> Command[HeadIs]:
    def means(said: Data) -> HeadIs:
        word = int.from_bytes(said.payload)
        motion, start = word >> 10 & 3, word >> 12 & 3
        return HeadIs(said.address, motion == 1, start == 1, start in (2, 3))

    return _inquiry(address, b"\x06\x10", (2,), means)


def read_lens(address: int) -> Command[LensIs]:
    def means(said: Data) -> LensIs:
        data = said.payload  # its byte 0 is byte 2 of the frame
        zoom, focus = wire.number(data[0:4]), wire.number(data[6:10])
        return LensIs(said.address, zoom, focus, bool(data[11] & 1), bool(data[12] & 5))

    return _inquiry(address, b"\x7e\x7e\x00", (13,), means)


def read_block(address: int, block: int) -> Command[BlockIs]:
    return _inquiry(
        address,
        b"\x7e\x7e" + bytes([block]),
        (13,),
        lambda said: BlockIs(said.address, said.payload),
    )


def read_fastest(address: int) -> Command[FastestIs]:
    return _inquiry(address, b"\x06\x11", (2,), lambda said: FastestIs(said.address, *said.payload))


def read_version(address: int) -> Command[VersionIs]:
    def means(said: Data) -> VersionIs:
        data = said.payload
        vendor, model, rom = (int.from_bytes(data[at : at + 2]) for at in (0, 2, 4))
        return VersionIs(said.address, vendor, model, rom)

    return _inquiry(address, b"\x00\x02", tuple(range(4, 16)), means)
