"""What we say to a relay board: unit, function and data. The decoder of the connection puts its framing around them.

Toggling is not offered: what may be sent twice must be harmless twice.
"""

from typing import Literal

from avctl.drivers.modbus_relay.wire import MOST_RELAYS, READ_COILS, WRITE_COIL, Coils, Written
from avctl.wire import Command

Firmware = Literal["v1", "v2"]

ON, OFF = 0xFF00, 0x0000
ALL = 0x00FF  # the coil that stands for all relays
ALL_ON_V1 = 0xFFFF


def read_relays(unit: int, count: int) -> Command[Coils]:
    """Relays 1 to ``count``."""
    size = 8 * -(-count // 8)
    return Command(
        _wire(unit, READ_COILS, 0, count),
        Coils,
        lambda said: said.unit == unit and len(said.on) == size,
        lambda said: Coils(unit, said.on[:count]),
        timeout=1.0,
    )


def switch(unit: int, relay: int, on: bool) -> Command[Written]:
    """Relays count from 1. Raises ValueError."""
    if not 1 <= relay <= MOST_RELAYS:
        raise ValueError(f"relay {relay}: give 1 to {MOST_RELAYS}")
    return _write(unit, relay - 1, ON if on else OFF)


def switch_all(unit: int, on: bool, firmware: Firmware) -> Command[Written]:
    if not on:
        return _write(unit, ALL, OFF)
    return _write(unit, ALL, ALL_ON_V1 if firmware == "v1" else ON)


def _write(unit: int, coil: int, value: int) -> Command[Written]:
    echo = Written(unit, coil, value)
    return Command(
        _wire(unit, WRITE_COIL, coil, value), Written, lambda said: said == echo, timeout=1.0
    )


def _wire(unit: int, function: int, *words: int) -> bytes:
    return bytes((unit, function)) + b"".join(word.to_bytes(2, "big") for word in words)
