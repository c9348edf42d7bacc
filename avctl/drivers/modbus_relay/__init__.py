"""Relay boards that speak Modbus."""

from avctl.drivers.modbus_relay.device import ModbusRelay

__all__ = ["ModbusRelay"]
