"""Serial, TCP, TLS, SSH, UDP and RFC 2217 behind one URL, as bytes handed to a receiver as they come.

``serial:///dev/ttyUSB0?baud=9600&parity=N&stopbits=1&flow=none`` · ``tcp://host:port`` ·
``udp://host:port?bind=52381`` (answers come to that local port, whoever asked) · ``rfc2217://host:port?baud=9600`` ·
``tls://host:port?verify=FINGERPRINT&ciphers=old`` · ``ssh://host:port?verify=FINGERPRINT`` (the login is the device's)
"""

from avctl.transport.address import Address, parse_address
from avctl.transport.rfc2217 import dial_rfc2217
from avctl.transport.serial_port import dial_serial
from avctl.transport.ssh import dial_ssh
from avctl.transport.stream import Dial, Receiver, Resync, Stream
from avctl.transport.tcp import dial_tcp
from avctl.transport.tls import dial_tls
from avctl.transport.trust import Login
from avctl.transport.udp import dial_udp

__all__ = ["Address", "Dial", "Login", "Receiver", "Resync", "Stream", "dial", "parse_address"]


async def dial(address: Address, receiver: Receiver) -> Stream:
    """Open a connection. Raises OSError; cancel it to give up."""
    match address.scheme:
        case "tcp":
            return await dial_tcp(address, receiver)
        case "tls":
            return await dial_tls(address, receiver)
        case "ssh":
            return await dial_ssh(address, receiver)
        case "udp":
            return await dial_udp(address, receiver)
        case "serial":
            return await dial_serial(address, receiver)
        case "rfc2217":
            return await dial_rfc2217(address, receiver)
        case scheme:
            raise OSError(f"no transport for {scheme}")
