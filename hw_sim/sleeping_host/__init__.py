"""A computer that a magic packet wakes, and that answers on its own TCP port when it has started.

Source: AMD "Magic Packet Technology"; SecureOn as the six bytes after the addresses.
Transcript: tests/transcripts/wake_on_lan.json
"""

from hw_sim.sleeping_host.host import SleepingHost

__all__ = ["SleepingHost"]
