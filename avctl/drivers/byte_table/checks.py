"""Check bytes, by the names that tables call them."""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import xor


def _sum(data: bytes) -> bytes:
    return bytes((sum(data) & 0xFF,))


def _xor(data: bytes) -> bytes:
    return bytes((reduce(xor, data, 0),))


def _ff_minus_sum(data: bytes) -> bytes:
    return bytes((0xFF - (sum(data) & 0xFF),))


def _crc16_modbus(data: bytes) -> bytes:
    """The low byte goes first."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value.to_bytes(2, "little")


CHECKS: Mapping[str, Callable[[bytes], bytes]] = {
    "sum": _sum,
    "xor": _xor,
    "ff-sum": _ff_minus_sum,
    "crc16-modbus": _crc16_modbus,
}


def length(rule: str) -> int:
    return len(CHECKS[rule](b""))
