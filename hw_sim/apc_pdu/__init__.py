"""APC rack PDUs as SNMP v1 and v2c agents: four families, whose numbers differ.

Source: PowerNet-MIB (rPDU, rPDU2, CPDU, ePDU); RFC 1157 and RFC 3416 for the protocol.
Transcript: tests/transcripts/apc_pdu.json
"""

from hw_sim.apc_pdu.device import ApcPdu

__all__ = ["ApcPdu"]
