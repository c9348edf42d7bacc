"""Devices whose commands and answers a YAML table tells."""

from avctl.drivers.byte_table.device import ByteTable

__all__ = ["ByteTable"]
