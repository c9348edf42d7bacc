"""Matrix switchers with the CREATOR 2.0 (PTN ASCII) command set, in the dialects of their makers.

Source: CREATOR CROSS Series User Manual (2013-08), pp. 31-39; manuals of AV-BOX FMX16, Intelix FLX, PTN MMX88A and
MMX1616, Kensence FMX, Aurora ASP-1616H and Monoprice Blackbird; fixtures of koolsb/pyblackbird.
Transcript: tests/transcripts/creator_matrix.json
"""

from hw_sim.creator_matrix.device import CreatorMatrix

__all__ = ["CreatorMatrix"]
