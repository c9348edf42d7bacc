"""For tests, other people's included: virtual time, lines in memory, conformance suites, real devices.

`avctl.testing.conformance` holds the suites a driver is held to. `avctl.testing.plugin` runs them on the real
devices of a room file: ``pytest --hil SITE``. This module itself needs no pytest.
"""

from avctl.testing.memory import Answer, MemoryStream, Script, VirtualLoop

__all__ = ["Answer", "MemoryStream", "Script", "VirtualLoop"]
