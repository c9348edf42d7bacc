"""Biamp Tesira DSPs that speak the Tesira Text Protocol (TTP)."""

from avctl.drivers.biamp_ttp.device import BiampTtp

__all__ = ["BiampTtp"]
