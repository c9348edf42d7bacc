"""tvONE CORIOmaster video wall controllers, over TCP or RS-232.

Source: CORIOmaster C3-540 manual, p. 17; CORIOmaster2 CM2-547 manual, p. 52; conversations in the specifications of
public drivers (ACA, PlaceOS) for CORIOmaster.
Transcript: tests/transcripts/coriomaster.json
"""

from avctl.drivers.coriomaster.controller import CorioMaster

__all__ = ["CorioMaster"]
