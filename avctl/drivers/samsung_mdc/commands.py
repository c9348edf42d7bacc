"""What we say to a Samsung display. An answer is known by the numbers of display and command."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from avctl.drivers.samsung_mdc.wire import (
    HEAD,
    Accepted,
    Ack,
    Answer,
    ErrorsRead,
    PowerRead,
    Status,
    TextRead,
    checksum,
    is_errors,
    is_status,
    read_errors,
    read_status,
)
from avctl.wire import Command

T = TypeVar("T", bound=Answer)

STATUS, SERIAL, ERRORS, FIRMWARE, POWER, VOLUME, MUTE, INPUT, MODEL = (
    0x00, 0x0B, 0x0D, 0x0E, 0x11, 0x12, 0x13, 0x14, 0x8A,
)  # fmt: skip
IDENTITY = {MODEL: "model", SERIAL: "serial", FIRMWARE: "firmware"}
ANSWERS_WITHIN = 1.5  # seconds

INPUTS: Mapping[str, int] = {
    "S_VIDEO": 0x04, "COMPONENT": 0x08, "AV": 0x0C, "AV2": 0x0D, "SCART1": 0x0E, "PC": 0x14,
    "DVI": 0x18, "BNC": 0x1E, "MAGIC_INFO": 0x20, "HDMI1": 0x21, "HDMI2": 0x23,
    "DISPLAY_PORT_1": 0x25, "DISPLAY_PORT_2": 0x26, "DISPLAY_PORT_3": 0x27, "HDMI3": 0x31,
    "HDMI4": 0x33, "TV_DTV": 0x40, "PLUG_IN_MODE": 0x50, "HD_BASE_T": 0x55, "OCM": 0x56,
    "MEDIA_MAGIC_INFO_S": 0x60, "WIDI_SCREEN_MIRRORING": 0x61, "INTERNAL_USB": 0x62,
    "URL_LAUNCHER": 0x63, "IWB": 0x64, "WEB_BROWSER": 0x65, "REMOTE_WORKSPACE": 0x66,
}  # fmt: skip
# The same sockets with a computer's timing: told, and never selected.
_TOLD_ONLY = {
    0x1F: "DVI",
    0x22: "HDMI1",
    0x24: "HDMI2",
    0x32: "HDMI3",
    0x34: "HDMI4",
    0x30: "TV_DTV",
}
_NAMES = {code: name for name, code in INPUTS.items()} | _TOLD_ONLY


def read_all(display: int) -> Command[Status]:
    """Power, volume, mute and input. No change is answered like it, so it is what tells how things stand."""
    return _read(display, STATUS, is_status, lambda said: read_status(display, said.data))


def read_power(display: int) -> Command[PowerRead]:
    def is_power(data: bytes) -> bool:
        return data[:1] in (b"\0", b"\1")

    return _read(display, POWER, is_power, lambda said: PowerRead(display, said.data[0] == 1))


def read_errors_of(display: int) -> Command[ErrorsRead]:
    return _read(display, ERRORS, is_errors, lambda said: read_errors(display, said.data))


def read_text(display: int, what: int) -> Command[TextRead]:
    """Serial number, firmware or model."""

    def meaning(said: Ack) -> TextRead:
        text = said.data.decode("utf-8", "replace").strip("\0 ")
        return TextRead(display, what, "".join(filter(str.isprintable, text)))

    return _read(display, what, lambda data: True, meaning)


def power(display: int, on: bool) -> Command[Accepted]:
    return _set(display, POWER, int(on))


def volume(display: int, percent: int) -> Command[Accepted]:
    """Raises ValueError."""
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent}: give a volume from 0 to 100")
    return _set(display, VOLUME, percent)


def mute(display: int, on: bool) -> Command[Accepted]:
    return _set(display, MUTE, int(on))


def select(display: int, source: str) -> Command[Accepted]:
    """Raises ValueError."""
    name = source.strip().upper()
    if name not in INPUTS:
        raise ValueError(f"{source!r}: an input is one of {', '.join(INPUTS)}")
    return _set(display, INPUT, INPUTS[name])


def name_of(code: int) -> str:
    """The input of that code, as it is selected; its code in hexadecimal where it has no name."""
    return _NAMES.get(code, f"{code:02X}")


def _read(
    display: int, what: int, is_whole: Callable[[bytes], bool], meaning: Callable[[Ack], T]
) -> Command[T]:
    def is_answer(said: Ack) -> bool:
        return (said.display, said.command) == (display, what) and is_whole(said.data)

    return Command(_frame(display, what), Ack, is_answer, meaning, timeout=ANSWERS_WITHIN)


def _set(display: int, what: int, value: int) -> Command[Accepted]:
    def is_answer(said: Ack) -> bool:
        return (said.display, said.command) == (display, what)

    def meaning(said: Ack) -> Accepted:
        return Accepted(display, what)

    wire = _frame(display, what, bytes((value,)))
    return Command(wire, Ack, is_answer, meaning, timeout=ANSWERS_WITHIN)


def _frame(display: int, what: int, data: bytes = b"") -> bytes:
    body = bytes((what, display, len(data))) + data
    return bytes((HEAD, *body, checksum(body)))
