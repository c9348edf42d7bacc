"""Hosts that a magic packet wakes."""

from avctl.drivers.wake_on_lan.device import WakeOnLan

__all__ = ["WakeOnLan"]
