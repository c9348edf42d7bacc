"""A TCP port of a simulated device that speaks TLS, with a certificate that it signed itself at the start."""

import datetime
import socket
import ssl
from contextlib import suppress
from functools import partial
from hashlib import sha256
from tempfile import NamedTemporaryFile
from typing import Protocol, runtime_checkable

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from hw_sim.simulator import Simulator
from hw_sim.tcp import Client, TcpEnd

OLD_CIPHERS = "AES128-SHA:AES256-SHA:@SECLEVEL=0"
SHIPPED = datetime.datetime(2015, 1, 1, tzinfo=datetime.UTC)
EXPIRES = datetime.datetime(2045, 1, 1, tzinfo=datetime.UTC)


@runtime_checkable
class Aged(Protocol):
    """A device with a say in how old its TLS is."""

    @property
    def old_tls(self) -> bool: ...


class TlsEnd(TcpEnd):
    """As `TcpEnd`, with line faults inside of TLS: a garbled line garbles what the device says, not the cipher text.

    A device with ``old_tls`` knows TLS up to 1.2, and of the suites only RSA key exchange with SHA-1, which Python's own
    contexts leave out.
    """

    scheme = "tls"

    def __init__(self, simulator: Simulator, where: str) -> None:
        super().__init__(simulator, where)
        self.is_old = isinstance(simulator, Aged) and simulator.old_tls
        self.certificate = b""  # PEM

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hex."""
        return sha256(ssl.PEM_cert_to_DER_cert(self.certificate.decode())).hexdigest()

    async def open(self) -> None:
        key, self.certificate = _identity(self.simulator.driver, old=self.is_old)
        self._context = _context(key, self.certificate, old=self.is_old)
        await super().open()

    async def _meet(self, accepted: socket.socket) -> None:
        with suppress(OSError):  # who does not get through the handshake never was there
            await self._loop.connect_accepted_socket(
                partial(Client, self), accepted, ssl=self._context
            )


def _identity(name: str, *, old: bool) -> tuple[bytes, bytes]:
    """A key and a certificate for it, both as PEM. Old suites exchange keys by RSA; else EC is made faster."""
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if old:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    else:
        key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(SHIPPED)
        .not_valid_after(EXPIRES)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private, certificate.public_bytes(serialization.Encoding.PEM)


def _context(key: bytes, certificate: bytes, *, old: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if old:
        context.set_ciphers(OLD_CIPHERS)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    with NamedTemporaryFile() as both:  # which is all that the standard library can load
        both.write(key + certificate)
        both.flush()
        context.load_cert_chain(both.name)
    return context
