"""Cisco RoomOS and CE room systems by their text shell, in text or JSON: calls, microphones, cameras, standby, health.

Source: cisco-ce/jsxapi src/backend/tsh.ts and its tests; Cisco CE 9 API reference guides. HTTP and WebSocket are not
simulated.
"""

from hw_sim.cisco_roomos.device import Codec

__all__ = ["Codec"]
