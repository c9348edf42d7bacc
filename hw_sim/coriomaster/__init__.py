"""A tvONE CORIOmaster wall controller, over TCP or RS-232.

Source: tvONE CORIOmaster C3-540 and CORIOmaster2 CM2-547 manuals.
Transcript: tests/transcripts/coriomaster.json
"""

from hw_sim.coriomaster.device import CorioMaster
from hw_sim.coriomaster.wall import Window

__all__ = ["CorioMaster", "Window"]
