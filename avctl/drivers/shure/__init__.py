"""Shure receivers, mixers and array microphones that speak command strings."""

from avctl.drivers.shure.device import Shure

__all__ = ["Shure"]
