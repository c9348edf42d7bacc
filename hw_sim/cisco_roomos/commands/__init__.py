"""What the commands do; importing this fills `rules.RULES`. Reasons of failures are ours: only their form is documented."""

from hw_sim.cisco_roomos.commands import calls, picture, sound, unit

__all__ = ["calls", "picture", "sound", "unit"]
