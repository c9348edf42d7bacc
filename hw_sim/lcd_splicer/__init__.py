"""Walls of LCD panels with V59 or 3458 splicing boards, chained on one RS-232 line. They answer nothing.

Source: the frame builders of Cool2Feel/VideoWallControl (Wall_Control-59-3458); no maker's document is public.
Transcript: tests/transcripts/lcd_splicer.json
"""

from hw_sim.lcd_splicer.device import LcdSplicer

__all__ = ["LcdSplicer"]
