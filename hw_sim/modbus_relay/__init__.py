"""Relay boards that speak Modbus RTU on a serial line and Modbus TCP.

Source: Waveshare "Modbus RTU Relay Protocol Manual"; Modbus Application Protocol for exceptions and the TCP header.
Transcript: tests/transcripts/modbus_relay.json
"""

from hw_sim.modbus_relay.board import RelayBoard

__all__ = ["RelayBoard"]
