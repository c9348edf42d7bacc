"""Samsung displays that speak MDC, one or several on a line, over TCP or RS-232.

Source: vgavro/samsung-mdc 1.18.0 (commit 8fa5901): frames, commands 00 0B 0D 0E 11 12 13 14 and what their answers hold.
Transcript: tests/transcripts/samsung_mdc.json
"""

from hw_sim.samsung_mdc.device import Displays

__all__ = ["Displays"]
