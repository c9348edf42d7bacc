"""TLS and SSH lines on real sockets: who is trusted, and that they behave as TCP does."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from avctl.transport import Login, Stream, dial, parse_address
from avctl.transport.trust import Distrust
from tests.system.lines import held, until
from tests.system.safe_lines import Ear, Server, silent_server, ssh_server, tls_server

pytestmark = pytest.mark.serial

ADMIN = Login("admin", "secret")
KINDS = ("tls", "ssh")


@asynccontextmanager
async def serving(kind: str, folder: Path) -> AsyncIterator[Server]:
    async with tls_server(folder) if kind == "tls" else ssh_server() as server:
        yield server


async def dialled(
    kind: str, server: Server, verify: str | None, ear: Ear, login: Login = ADMIN
) -> Stream:
    query = f"?verify={verify}" if verify else ""
    address = parse_address(f"{kind}://127.0.0.1:{server.port}{query}")
    return await dial(replace(address, login=login), ear)


@pytest.mark.parametrize("kind", KINDS)
async def test_bytes_go_both_ways_to_whom_is_trusted_by_fingerprint(kind, tmp_path):
    ear = Ear()
    async with serving(kind, tmp_path) as server:
        stream = await dialled(kind, server, server.fingerprint, ear)
        said = b"\x00\xff\r\n" * 5000
        stream.write(said)
        await until(lambda: ear.heard == said)
        stream.close()
        await until(lambda: ear.reasons)
    assert len(ear.reasons) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_somebody_else_gets_nothing_and_the_fingerprint_met_is_told(kind, tmp_path):
    ear = Ear()
    async with serving(kind, tmp_path) as server:
        with pytest.raises(Distrust, match=server.fingerprint):
            await dialled(kind, server, "00" * 32, ear)
        assert server.heard == b""
    assert ear.heard == b""


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_is_trusted_who_is_not_known_and_what_to_write_is_told(
    kind, tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path))
    async with serving(kind, tmp_path) as server:
        with pytest.raises(Distrust) as raised:
            await dialled(kind, server, None, Ear())
        assert server.heard == b""
        verify = str(raised.value).rsplit("?verify=", 1)[1]
        stream = await dialled(kind, server, verify, Ear())
        stream.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_whoever_it_is_may_be_trusted(kind, tmp_path):
    ear = Ear()
    async with serving(kind, tmp_path) as server:
        stream = await dialled(kind, server, "no", ear)
        stream.write(b"hello")
        await until(lambda: ear.heard == b"hello")
        stream.close()


async def test_old_devices_are_reached_only_with_old_ciphers(tmp_path):
    async with tls_server(tmp_path, old=True) as server:
        url = f"tls://127.0.0.1:{server.port}?verify={server.fingerprint}"
        with pytest.raises(OSError, match="an old device may need"):
            await dial(parse_address(url), Ear())
        ear = Ear()
        stream = await dial(parse_address(f"{url}&ciphers=old"), ear)
        stream.write(b"hello")
        await until(lambda: ear.heard == b"hello")
        stream.close()


async def test_a_wrong_password_is_told_without_repeating_it():
    async with ssh_server() as server:
        with pytest.raises(OSError, match="does not take the password of admin") as raised:
            await dialled("ssh", server, "no", Ear(), Login("admin", "wrong one"))
    assert "wrong one" not in str(raised.value)


async def test_without_a_login_ssh_says_so():
    with pytest.raises(OSError, match="a login is needed"):
        await dial(parse_address("ssh://127.0.0.1:1"), Ear())


async def test_without_asyncssh_the_extra_to_install_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    monkeypatch.delitem(sys.modules, "avctl.transport.ssh_shell", raising=False)
    address = replace(parse_address("ssh://127.0.0.1:1"), login=ADMIN)
    with pytest.raises(OSError, match=r"avctl\[ssh\]"):
        await dial(address, Ear())


@pytest.mark.parametrize("kind", KINDS)
async def test_an_end_at_the_other_side_is_told_once_and_nothing_can_be_said_after(kind, tmp_path):
    ear = Ear()
    async with serving(kind, tmp_path) as server:
        stream = await dialled(kind, server, "no", ear)
        await until(lambda: server.clients)
        server.clients[0].close()
        await until(lambda: ear.reasons)
        with pytest.raises(OSError, match="closed"):
            stream.write(b"?")
        stream.close()
    assert len(ear.reasons) == 1


async def test_a_shell_that_ends_leaves_no_connection_open():
    async with ssh_server() as server:
        before = held()
        await dialled("ssh", server, "no", Ear())
        await until(lambda: server.clients)
        server.clients[0].close()
        await until(lambda: held() == before)


async def _flood(stream: Stream) -> None:
    for _ in range(2000):
        stream.write(b"x" * 16384)
        await asyncio.sleep(0)


@pytest.mark.parametrize("kind", KINDS)
async def test_an_end_that_takes_nothing_more_is_told(kind, tmp_path):
    async with serving(kind, tmp_path) as server:
        stream = await dialled(kind, server, "no", Ear())
        await until(lambda: server.clients)
        server.clients[0].pause_reading()
        with pytest.raises(OSError, match="takes no bytes"):
            await _flood(stream)
        stream.close()


def _has_heard(ear: Ear, number: int) -> bool:
    return len(ear.heard) == number


async def _pass_time(kind: str, server: Server) -> None:
    """As much as a talk on another line takes."""
    ear = Ear()
    other = await dialled(kind, server, "no", ear)
    for number in range(1, 51):
        other.write(b"?")
        await until(partial(_has_heard, ear, number))
    other.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_paused_line_holds_the_flood_back(kind, tmp_path):
    ear = Ear()
    flood = 64 * 1024 * 1024
    async with serving(kind, tmp_path) as server:
        stream = await dialled(kind, server, "no", ear)
        await until(lambda: server.clients)
        stream.pause()
        stream.pause()
        server.say(b"x" * flood)
        await _pass_time(kind, server)
        assert len(ear.heard) < flood / 4
        stream.resume()
        await until(lambda: len(ear.heard) > flood / 4)
        stream.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_dialling_and_closing_leave_nothing_behind(kind, tmp_path):
    async with serving(kind, tmp_path) as server:
        before = held()
        for verify in ("no", server.fingerprint, "00" * 32):
            ear = Ear()
            try:
                (await dialled(kind, server, verify, ear)).close()
            except Distrust:
                continue
        await until(lambda: held() == before)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_dial_that_is_given_up_leaves_nothing_behind(kind):
    async with silent_server() as port:
        address = replace(parse_address(f"{kind}://127.0.0.1:{port}"), login=ADMIN)
        before = held()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await dial(address, Ear())
        assert held()[1:] == before[1:]
        await until(lambda: len(held()[0]) <= len(before[0]) + 1)  # the server's own end
