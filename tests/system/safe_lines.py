"""Servers behind TLS and SSH on loopback, and an ear at our end of a line."""

import asyncio
import contextlib
import datetime
import hashlib
import ssl
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import asyncssh
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


class Ear:
    """Receives."""

    def __init__(self) -> None:
        self.heard = b""
        self.reasons: list[str] = []

    def received(self, data: bytes) -> None:
        self.heard += data

    def lost(self, reason: str) -> None:
        self.reasons.append(reason)


@cache
def self_signed() -> tuple[bytes, str]:
    """Key and certificate as PEM, and the certificate's fingerprint."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "terminal")])
    day = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(day)
        .not_valid_after(day + datetime.timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    shown = made.public_bytes(serialization.Encoding.DER)
    return plain + made.public_bytes(serialization.Encoding.PEM), hashlib.sha256(shown).hexdigest()


class Echo(asyncio.Protocol):
    """Says back what it hears, and keeps it."""

    def __init__(self, server: "Server") -> None:
        self._server = server

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._server.clients.append(transport)

    def data_received(self, data: bytes) -> None:
        self._server.heard += data
        self.transport.write(data)


class Server:
    """What stands at the other end."""

    def __init__(self) -> None:
        self.port = 0
        self.fingerprint = ""
        self.heard = b""
        self.clients: list[Any] = []

    def say(self, data: bytes) -> None:
        for client in self.clients:
            client.write(data)


@contextlib.asynccontextmanager
async def tls_server(folder: Path, old: bool = False) -> AsyncIterator[Server]:
    pem, fingerprint = self_signed()
    file = folder / "terminal.pem"
    file.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if old:
        context.set_ciphers("AES128-SHA:@SECLEVEL=0")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(file)
    here = Server()
    here.fingerprint = fingerprint
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Echo(here), "127.0.0.1", 0, ssl=context)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        for client in here.clients:
            client.abort()
        server.close()
        await server.wait_closed()


class _Guard(asyncssh.SSHServer):
    def __init__(self, here: Server, guards: list[asyncssh.SSHServerConnection]) -> None:
        self._here, self._guards = here, guards

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._guards.append(conn)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._here.heard += b"<password>"
        return (username, password) == ("admin", "secret")

    def session_requested(self) -> "_EchoShell":
        return _EchoShell(self._here)


class _EchoShell(asyncssh.SSHServerSession[bytes]):
    def __init__(self, here: Server) -> None:
        self._here = here

    def connection_made(self, chan: Any) -> None:
        self._chan = chan
        self._here.clients.append(chan)

    def shell_requested(self) -> bool:
        return True

    def data_received(self, data: bytes, datatype: Any) -> None:
        self._here.heard += data
        self._chan.write(data)


@contextlib.asynccontextmanager
async def ssh_server() -> AsyncIterator[Server]:
    key = asyncssh.generate_private_key("ssh-ed25519")
    here = Server()
    here.fingerprint = hashlib.sha256(key.public_data).hexdigest()
    guards: list[asyncssh.SSHServerConnection] = []
    server = await asyncssh.create_server(
        lambda: _Guard(here, guards), "127.0.0.1", 0, server_host_keys=[key], encoding=None
    )
    here.port = server.get_port()
    try:
        yield here
    finally:
        for guard in guards:
            guard.abort()
        server.close()
        await server.wait_closed()


@contextlib.asynccontextmanager
async def silent_server() -> AsyncIterator[int]:
    """Takes connections and says nothing; its port."""
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
