"""A Biamp Tesira DSP that speaks the Tesira Text Protocol, over telnet or RS-232.

Source: Biamp Tesira Text Protocol help; Tesira Control Protocol Manual.
Transcript: tests/transcripts/biamp_ttp.json
"""

from hw_sim.biamp_ttp.device import Tesira

__all__ = ["Tesira"]
