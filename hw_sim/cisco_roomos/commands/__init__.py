"""What the commands do, by name in `RULES`. Reasons of failures are ours: only their form is documented."""

from hw_sim.cisco_roomos.commands import calls, picture, sound, unit
from hw_sim.cisco_roomos.rules import RULES

__all__ = ["RULES", "calls", "picture", "sound", "unit"]
