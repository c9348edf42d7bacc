"""What is said to a VISCA camera.

Source: Sony BRC-X400 Command List E-042-100-11; EVI-D70 Technical Manual A-BS4-100-11; PTZOptics G2 command list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from avctl.capabilities.camera import Focus
from avctl.capabilities.power import Power
from avctl.drivers.visca import wire
from avctl.drivers.visca.wire import Ack, Cancelled, Completion, Data, NoSocket, OutOfSequence
from avctl.wire import Command, Message

WITHIN = 1.0  # seconds for an answer; the slowest shutter makes a camera take one

Accepted = Ack | Completion | OutOfSequence
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


def _is_from(address: int) -> Callable[[Any], bool]:
    return lambda said: said.address in (wire.ANY, address)


def _inquiry(
    address: int,
    question: bytes,
    sizes: tuple[int, ...],
    means: Callable[[Data], M],
    fits: Callable[[bytes], bool] = lambda payload: True,
) -> Command[M]:
    said_here = _is_from(address)
    return Command(
        bytes([0x80 | address, 0x09]) + question + wire.END,
        Data,
        lambda said: said_here(said) and len(said.payload) in sizes and fits(said.payload),
        means,
        timeout=WITHIN,
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


# What is commanded.


def _command(address: int, group: int, *body: int) -> Command[Accepted]:
    """Raises ValueError for a byte that would end the frame."""
    if not all(0 <= byte < 0xFF for byte in body):
        raise ValueError(f"no byte of a frame is FF or above: {body}")
    said_here = _is_from(address)
    return Command(
        bytes([0x80 | address, group, *body]) + wire.END,
        (Ack, Completion, OutOfSequence),
        lambda said: said_here(said) and not getattr(said, "announced", False),
        timeout=WITHIN,
    )


def _on_off(on: bool) -> int:
    return 0x02 if on else 0x03


def power(address: int, on: bool) -> Command[Accepted]:
    return _command(address, 0x01, 0x04, 0x00, _on_off(on))


def drive(address: int, pan: int, tilt: int, pan_speed: int, tilt_speed: int) -> Command[Accepted]:
    """``pan`` and ``tilt``: 1 right and up, -1 left and down, 0 not. Speeds from 1."""
    across = {-1: 0x01, 1: 0x02, 0: 0x03}[pan]
    upward = {1: 0x01, -1: 0x02, 0: 0x03}[tilt]
    # Some cameras reject speed 0 even where nothing shall move.
    speeds = max(pan_speed, 1), max(tilt_speed, 1)
    return _command(address, 0x01, 0x06, 0x01, *speeds, across, upward)


def move_to(
    address: int, pan: int, tilt: int, speeds: tuple[int, int], digits: tuple[int, int]
) -> Command[Accepted]:
    return _position(address, 0x02, pan, tilt, speeds, digits)


def move_by(
    address: int, pan: int, tilt: int, speeds: tuple[int, int], digits: tuple[int, int]
) -> Command[Accepted]:
    return _position(address, 0x03, pan, tilt, speeds, digits)


def _position(
    address: int, how: int, pan: int, tilt: int, speeds: tuple[int, int], digits: tuple[int, int]
) -> Command[Accepted]:
    places = wire.nibbles(pan, digits[0]) + wire.nibbles(tilt, digits[1])
    return _command(address, 0x01, 0x06, how, *speeds, *places)


def home(address: int) -> Command[Accepted]:
    return _command(address, 0x01, 0x06, 0x04)


def reference(address: int) -> Command[Accepted]:
    """Run to the end stops and count anew."""
    return _command(address, 0x01, 0x06, 0x05)


def limit(
    address: int, upper_right: bool, pan: int, tilt: int, digits: tuple[int, int]
) -> Command[Accepted]:
    places = wire.nibbles(pan, digits[0]) + wire.nibbles(tilt, digits[1])
    return _command(address, 0x01, 0x06, 0x07, 0x00, int(upper_right), *places)


def no_limit(address: int, upper_right: bool, digits: tuple[int, int]) -> Command[Accepted]:
    filler = b"".join(b"\x07" + b"\x0f" * (count - 1) for count in digits)
    return _command(address, 0x01, 0x06, 0x07, 0x01, int(upper_right), *filler)


def slow(address: int, on: bool) -> Command[Accepted]:
    return _command(address, 0x01, 0x06, 0x44, _on_off(on))


def zoom_drive(address: int, direction: int, speed: int) -> Command[Accepted]:
    """``direction``: 1 tele, -1 wide, 0 stop. ``speed``: 0 slowest to 7."""
    byte = 0x00 if direction == 0 else (0x20 if direction > 0 else 0x30) | speed
    return _command(address, 0x01, 0x04, 0x07, byte)


def zoom_to(address: int, zoom: int) -> Command[Accepted]:
    return _command(address, 0x01, 0x04, 0x47, *wire.nibbles(zoom, 4))


def focus_mode(address: int, mode: Focus) -> Command[Accepted]:
    return _command(address, 0x01, 0x04, 0x38, 0x02 if mode is Focus.AUTO else 0x03)


def focus_once(address: int, sony: bool) -> Command[Accepted]:
    return _command(address, 0x01, 0x04, *((0x18, 0x01) if sony else (0x38, 0x04)))


def focus_to(address: int, position: int) -> Command[Accepted]:
    return _command(address, 0x01, 0x04, 0x48, *wire.nibbles(position, 4))


def forget(address: int, code: int) -> Command[Accepted]:
    return _command(address, 0x01, 0x04, 0x3F, 0x00, code)


def store(address: int, code: int) -> Command[Accepted]:
    return _command(address, 0x01, 0x04, 0x3F, 0x01, code)


def recall(address: int, code: int) -> Command[Accepted]:
    return _command(address, 0x01, 0x04, 0x3F, 0x02, code)


def preset_speed_each(address: int, code: int, speed: int) -> Command[Accepted]:
    return _command(address, 0x01, 0x7E, 0x01, 0x0B, code, speed)


def preset_speed_common(address: int, speed: int) -> Command[Accepted]:
    return _command(address, 0x01, 0x7E, 0x04, 0x1C, *wire.nibbles(speed, 2))


def preset_speed_short(address: int, speed: int) -> Command[Accepted]:
    return _command(address, 0x01, 0x06, 0x01, speed)


def tally(address: int, on: bool) -> Command[Accepted]:
    return _command(address, 0x01, 0x7E, 0x01, 0x0A, 0x00, _on_off(on))


def menu_off(address: int) -> Command[Accepted]:
    return _command(address, 0x01, 0x06, 0x06, 0x03)


# What is said to the line rather than to the camera.


def reset() -> Command[wire.ResetDone]:
    """Start the sequence numbers of Sony's header anew."""
    return Command(wire.RESET, wire.ResetDone, timeout=2.0)


def number_cameras() -> Command[wire.AddressSet]:
    return Command(b"\x88\x30\x01" + wire.END, wire.AddressSet, timeout=WITHIN)


def clear_all() -> Command[wire.ChainCleared]:
    return Command(b"\x88\x01\x00\x01" + wire.END, wire.ChainCleared, timeout=WITHIN)


def clear(address: int) -> Command[Accepted]:
    """Empty both sockets. What runs is not guaranteed to finish."""
    return _command(address, 0x01, 0x00, 0x01)


def cancel(address: int, socket: int) -> Command[Cancelled | NoSocket]:
    return Command(
        bytes([0x80 | address, 0x20 | socket]) + wire.END,
        (Cancelled, NoSocket),
        _is_from(address),
        timeout=WITHIN,
        urgent=True,
    )
