"""Cisco codecs by the xAPI of RoomOS and CE."""

from avctl.drivers.cisco_roomos.codec import CiscoRoomOS

__all__ = ["CiscoRoomOS"]
