"""What a VISCA camera is commanded.

Source: Sony BRC-X400 Command List E-042-100-11; EVI-D70 Technical Manual A-BS4-100-11; PTZOptics G2 command list.
"""

from avctl.capabilities.camera import Focus
from avctl.drivers.visca import wire
from avctl.drivers.visca.inquiries import WITHIN, is_from
from avctl.drivers.visca.wire import Ack, Cancelled, Completion, NoSocket, OutOfSequence
from avctl.wire import Command

Accepted = Ack | Completion | OutOfSequence


def _command(address: int, group: int, *body: int) -> Command[Accepted]:
    """Raises ValueError for a byte that would end the frame."""
    if not all(0 <= byte < 0xFF for byte in body):
        raise ValueError(f"no byte of a frame is FF or above: {body}")
    said_here = is_from(address)
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
        is_from(address),
        timeout=WITHIN,
        urgent=True,
    )
