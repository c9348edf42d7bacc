"""PJLink projectors of class 1 and 2, with their lamp's warming and cooling.

Source: "PJLink Specifications", class 1, 1.04 (2013) and 2.00 (2017), JBMIA; reports of real projectors' manners.
Transcript: tests/transcripts/pjlink.json
"""

from hw_sim.pjlink.device import Projector

__all__ = ["Projector"]
