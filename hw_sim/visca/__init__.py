"""VISCA cameras: one, or a daisy chain of them.

Source: protocol digest "VISCA", made from Sony's and PTZOptics' command lists.
Transcript: tests/transcripts/visca.json
"""

from hw_sim.visca.body import Pose, Preset
from hw_sim.visca.camera import ViscaCamera
from hw_sim.visca.chain import Chain

__all__ = ["Chain", "Pose", "Preset", "ViscaCamera"]
