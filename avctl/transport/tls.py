"""TLS over TCP, to devices that mostly sign their own certificates."""

import asyncio
import hashlib
import ssl
from functools import lru_cache

from avctl.transport.address import Address
from avctl.transport.connection import Connection
from avctl.transport.stream import Receiver, Resync, Stream
from avctl.transport.trust import distrusted, parse_verify

LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT, which Python 3.11 does not name


async def dial_tls(address: Address, receiver: Receiver) -> Stream:
    """Raises Distrust before anything is sent to somebody else than the device."""
    verify = parse_verify(address.option("verify", "yes"))
    old = address.option("ciphers", "") == "old"
    try:
        stream = await _connect(address, receiver, verify == "yes", old)
    except ssl.SSLCertVerificationError as error:
        met = await _fingerprint(address, old)
        raise distrusted(_place(address), error.verify_message, met) from error
    except (ssl.SSLError, ConnectionResetError) as error:
        text = f"{address} does not agree on TLS ({str(error) or 'reset'})"
        raise OSError(text if old else f"{text}: an old device may need ?ciphers=old") from error
    if len(verify) == 64 and (met := stream.fingerprint()) != verify:
        stream.close()
        raise distrusted(_place(address), "its certificate is another one", met)
    return stream


class _TlsConnection(Connection):
    def fingerprint(self) -> str:
        """SHA-256 of the certificate at the other end."""
        tls = self._transport.get_extra_info("ssl_object") if self._transport else None
        certificate = tls.getpeercert(binary_form=True) if tls else None
        if certificate is None:
            raise OSError("the connection ended before a certificate was shown")
        return hashlib.sha256(certificate).hexdigest()


class _Nobody:
    def received(self, data: bytes) -> None: ...

    def lost(self, reason: str) -> None: ...


async def _connect(
    address: Address, receiver: Receiver, verifies: bool, old: bool
) -> _TlsConnection:
    # Loading the certificates of the system takes long enough to be noticed.
    context = await asyncio.to_thread(_context, verifies, old)
    _, stream = await asyncio.get_running_loop().create_connection(
        lambda: _TlsConnection(receiver, Resync.CLOSE), address.host, address.port, ssl=context
    )
    return stream


async def _fingerprint(address: Address, old: bool) -> str:
    """Who is there, of one that is not trusted: nothing is sent."""
    stream = await _connect(address, _Nobody(), False, old)
    try:
        return stream.fingerprint()
    finally:
        stream.close()


def _place(address: Address) -> str:
    return f"the certificate of {address.host}:{address.port}"


@lru_cache
def _context(verifies: bool, old: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verifies:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if old:
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.options |= LEGACY_SERVER_CONNECT
    return context
