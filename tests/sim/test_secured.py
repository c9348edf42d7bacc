"""Ends under TLS and SSH: who gets in, what the line's faults do there, and what is left when clients have gone."""

import asyncio
import contextlib
import ssl
import sys
from collections.abc import AsyncIterator
from hashlib import sha256
from urllib.parse import urlsplit

import asyncssh
import pytest

from hw_sim.serve import serve
from tests.sim.echo import Echo

LOOPBACK = "127.0.0.1:0"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Locked(Echo):
    def admits(self, user: str, password: str) -> bool:
        return (user, password) == ("admin", "open")


class OldEcho(Echo):
    old_tls = True


def trusting(certificate: bytes) -> ssl.SSLContext:
    """A client that has this certificate pinned."""
    context = ssl.create_default_context(cadata=certificate.decode())
    context.check_hostname = False
    return context


@contextlib.asynccontextmanager
async def dialled(url: str, context: ssl.SSLContext | None) -> AsyncIterator[Streams]:
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port, ssl=context)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def logged_in(url: str, user: str = "admin", password: str = "open"):
    at = urlsplit(url)
    return asyncssh.connect(
        at.hostname, at.port, username=user, password=password, known_hosts=None, config=None
    )


@contextlib.asynccontextmanager
async def shell(url: str, user: str = "admin") -> AsyncIterator[asyncssh.SSHClientProcess[bytes]]:
    async with (
        logged_in(url, user) as connection,
        connection.create_process(encoding=None) as process,
    ):
        yield process


# TLS.


async def test_a_tls_end_talks_to_who_trusts_its_certificate():
    async with serve(Echo(), tls=LOOPBACK) as ends:
        assert ends.url.startswith("tls://127.0.0.1:")
        async with dialled(ends.url, trusting(ends.tls.certificate)) as (reader, writer):
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"
            shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            assert sha256(shown).hexdigest() == ends.tls.fingerprint


async def test_each_start_makes_a_certificate_that_nobody_else_has():
    async with serve(Echo(), tls=[LOOPBACK, LOOPBACK]) as ends:
        one, other = ends
        async with dialled(one.url, trusting(ends.tls.certificate)):
            pass
        with pytest.raises(ssl.SSLCertVerificationError):
            async with dialled(other.url, trusting(ends.tls.certificate)):
                pass


async def test_an_old_device_is_met_only_by_who_lowers_the_bar():
    async with serve(OldEcho(), tls=LOOPBACK) as ends:
        context = trusting(ends.tls.certificate)
        with pytest.raises(OSError):  # noqa: PT011 - an alert or a reset, as the system likes
            async with dialled(ends.url, context):
                pass
        context.set_ciphers("ALL:@SECLEVEL=0")
        async with dialled(ends.url, context) as (reader, writer):
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"
            assert writer.get_extra_info("ssl_object").version() == "TLSv1.2"


async def test_a_client_that_speaks_no_tls_is_hung_up_on_and_the_next_one_served():
    device = Echo()
    async with serve(device, tls=LOOPBACK) as ends:
        async with dialled(ends.url, None) as (reader, writer):
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            with contextlib.suppress(ConnectionResetError):
                await reader.read()
        async with dialled(ends.url, trusting(ends.tls.certificate)) as (reader, writer):
            writer.write(b"x")
            assert await reader.readexactly(1) == b"x"
        assert len(device.talks) + len(device.past) == 1


async def test_closing_an_end_does_not_wait_for_a_handshake_that_never_comes():
    async with asyncio.timeout(30):
        async with serve(Echo(), tls=LOOPBACK) as ends:
            silent = await asyncio.open_connection("127.0.0.1", urlsplit(ends.url).port)
            async with dialled(ends.url, trusting(ends.tls.certificate)):
                pass  # the silent one has been accepted before
        assert await silent[0].read() == b""
        silent[1].close()


@pytest.mark.parametrize("last", [b"bye", b"well, good bye"])
async def test_the_device_hangs_up_a_tls_connection_after_its_last_word(last: bytes):
    async with (
        serve(Echo(), tls=LOOPBACK) as ends,
        dialled(ends.url, trusting(ends.tls.certificate)) as (reader, writer),
    ):
        writer.write(last)
        assert await reader.read() == last


async def test_a_cut_resets_tls_clients_and_refuses_new_ones():
    device = Echo()
    async with serve(device, tls=LOOPBACK) as ends:
        context = trusting(ends.tls.certificate)
        async with dialled(ends.url, context) as (reader, writer):
            writer.write(b"x")
            await reader.readexactly(1)
            device.faults.set("cut")
            with pytest.raises(ConnectionResetError):
                await reader.readexactly(1)
        with pytest.raises(ConnectionRefusedError):
            async with dialled(ends.url, context):
                pass


async def test_a_garbled_line_leaves_tls_whole():
    device = Echo()
    async with (
        serve(device, tls=LOOPBACK) as ends,
        dialled(ends.url, trusting(ends.tls.certificate)) as (reader, writer),
    ):
        device.faults.set("garbled", 1.0)
        writer.write(b"hello")
        assert await reader.readexactly(5) != b"hello"


# SSH.


async def test_an_ssh_end_has_a_shell_for_who_knows_the_password():
    async with serve(Locked(greeting="welcome"), ssh=LOOPBACK) as ends:
        assert ends.url.startswith("ssh://127.0.0.1:")
        async with shell(ends.url) as process:
            process.stdin.write(b"hello")
            assert await process.stdout.readexactly(12) == b"welcomehello"


@pytest.mark.parametrize(("user", "password"), [("admin", "wrong"), ("root", "open")])
async def test_a_wrong_user_or_password_is_not_let_in(user: str, password: str):
    device = Locked()
    async with serve(device, ssh=LOOPBACK) as ends:
        with pytest.raises(asyncssh.PermissionDenied):
            await logged_in(ends.url, user, password)
    assert device.past == []


async def test_a_device_without_a_lock_lets_everybody_in():
    async with (
        serve(Echo(greeting="hi"), ssh=LOOPBACK) as ends,
        shell(ends.url, "anybody") as process,
    ):
        assert await process.stdout.readexactly(2) == b"hi"


async def test_a_client_can_know_the_host_by_its_key():
    async with serve(Locked(), ssh=LOOPBACK) as ends:
        port = urlsplit(ends.url).port
        known = asyncssh.import_known_hosts(f"[127.0.0.1]:{port} {ends.ssh.host_key}\n")
        options = {"username": "admin", "password": "open", "config": None}
        async with asyncssh.connect("127.0.0.1", port, known_hosts=known, **options):
            pass


async def test_two_shells_of_a_login_are_two_conversations():
    device = Locked()
    async with (
        serve(device, ssh=LOOPBACK) as ends,
        logged_in(ends.url) as connection,
        connection.create_process(encoding=None) as one,
        connection.create_process(encoding=None) as other,
    ):
        for process in (one, other):
            process.stdin.write(b"x")
            assert await process.stdout.readexactly(1) == b"x"
        assert len(device.talks) == 2


async def test_the_device_hangs_up_an_ssh_connection_after_its_last_word():
    async with serve(Locked(), ssh=LOOPBACK) as ends, logged_in(ends.url) as connection:
        async with connection.create_process(encoding=None) as process:
            process.stdin.write(b"bye")
            assert await process.stdout.read() == b"bye"
        await connection.wait_closed()


async def test_a_cut_resets_ssh_clients_and_refuses_new_ones():
    device = Locked()
    async with serve(device, ssh=LOOPBACK) as ends:
        async with shell(ends.url) as process:
            process.stdin.write(b"x")
            await process.stdout.readexactly(1)
            device.faults.set("cut")
            with pytest.raises((asyncssh.Error, OSError)):
                await process.stdout.readexactly(1)
        with pytest.raises(ConnectionRefusedError):
            await logged_in(ends.url)


async def test_closing_an_ssh_end_hangs_up_on_everybody():
    device = Locked()
    async with serve(device, ssh=LOOPBACK) as ends:
        connection = await logged_in(ends.url)
        process = await connection.create_process(encoding=None)
        process.stdin.write(b"x")
        await process.stdout.readexactly(1)
    await connection.wait_closed()
    assert device.talks == []


@pytest.mark.parametrize("end", ["tls", "ssh"])
async def test_a_missing_package_is_named(end: str, monkeypatch: pytest.MonkeyPatch):
    package = {"tls": "cryptography", "ssh": "asyncssh"}[end]
    monkeypatch.delitem(sys.modules, f"hw_sim.{end}")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(OSError, match=rf"{package}.*avctl\[ssh\]"):
        async with serve(Echo(), **{end: LOOPBACK}):  # type: ignore[arg-type]  # either takes a text
            pass
