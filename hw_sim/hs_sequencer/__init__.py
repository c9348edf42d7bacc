"""HS-08R and HS-16R power sequencers on RS-232 or RS-485.

Source: the public driver of these sequencers in wenchangshou/dm-rust (hs_power_sequencer.rs) and its documentation.
Transcript: tests/transcripts/hs_sequencer.json
"""

from hw_sim.hs_sequencer.device import Sequencer

__all__ = ["Sequencer"]
