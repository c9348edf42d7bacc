"""Projectors and displays that speak PJLink, class 1 and 2."""

from avctl.drivers.pjlink.projector import PJLink

__all__ = ["PJLink"]
