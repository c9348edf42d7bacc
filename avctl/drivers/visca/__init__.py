"""VISCA cameras: Sony's own and the many that speak like them, over serial lines, TCP and UDP."""

from avctl.drivers.visca.camera import Visca
from avctl.drivers.visca.settings import ViscaSettings

__all__ = ["Visca", "ViscaSettings"]
