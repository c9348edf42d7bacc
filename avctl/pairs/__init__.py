"""The pairs of a room at work: their health judged, their changeovers made, main's level followed."""

from avctl.pairs.emergency import EMERGENCY
from avctl.pairs.room_pairs import Pairs
from avctl.pairs.standing import Pair

__all__ = ["EMERGENCY", "Pair", "Pairs"]
