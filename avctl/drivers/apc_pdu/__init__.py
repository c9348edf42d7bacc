"""APC outlet strips over SNMP."""

from avctl.drivers.apc_pdu.device import ApcPdu

__all__ = ["ApcPdu"]
