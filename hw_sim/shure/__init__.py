"""Shure wireless receivers, automixers and array microphones that speak command strings, over TCP.

Source: Shure command strings (P300, MXA910, MXA310); bitfocus companion-module-shure-wireless and -scm820, src/.
Transcript: tests/transcripts/shure.json
"""

from hw_sim.shure.device import ShureReceiver

__all__ = ["ShureReceiver"]
