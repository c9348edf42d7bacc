"""The server on real sockets: who dawdles is cut off, and stopping is quick."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from avctl.clock import Clock
from avctl.errors import ConfigError
from avctl.site import open_site
from hw_sim import room as simulated
from service import server
from service.app import create_app
from service.hub import Hub
from service.journal import Journal
from service.server import serve
from service.settings import Settings
from tests.processes import AT_ALL
from tests.rooms import DEMO, Lines

pytestmark = pytest.mark.serial


@dataclass
class Served:
    url: str
    port: int
    journal: Journal
    hub: Hub
    task: asyncio.Task[None]

    @property
    def ws(self) -> str:
        return self.url.replace("http", "ws") + "/api/v1/ws"

    async def dial(self, address: str = "127.0.0.1"):
        return await asyncio.open_connection("127.0.0.1", self.port, local_addr=(address, 0))


@contextlib.asynccontextmanager
async def served(monkeypatch, **settings) -> AsyncIterator[Served]:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")
    lines = Lines(simulated.Rooms.load(DEMO / "simulators.yaml", seed=0))
    clock = Clock()
    site = open_site(DEMO, clock, addresses=lines.addresses, dialler=lines.dial)
    journal = Journal(clock)
    app = create_app(site, Settings(**settings), journal=journal)
    ready = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(app, "127.0.0.1", 0, ready.set_result))
    url = await ready
    try:
        yield Served(url, int(url.rpartition(":")[2]), journal, app.state.parts.hub, task)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def closed(reader) -> None:
    """Until the other side has closed."""
    with contextlib.suppress(ConnectionError):
        while await reader.read(65536):
            pass


UPGRADE = (
    b"GET /api/v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
SLOW_BODY = (
    b"POST /api/v1/rooms/19/set HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
)
DAWDLERS = [
    b"",
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /li",
    b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n\r\n",
    SLOW_BODY,
    b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{",
]


async def test_what_arrives_too_slowly_is_cut_off(monkeypatch):
    monkeypatch.setattr(server, "HEAD", 0.5)
    monkeypatch.setattr(server, "REST", 1.0)
    async with served(monkeypatch, body_seconds=0.5) as here:

        async def dawdle(start: bytes) -> None:
            reader, writer = await here.dial()
            writer.write(start)
            await closed(reader)
            writer.close()

        async with asyncio.timeout(AT_ALL):
            await asyncio.gather(*(dawdle(start) for start in DAWDLERS))


async def test_a_trickle_does_not_buy_time(monkeypatch):
    monkeypatch.setattr(server, "HEAD", 0.5)
    async with served(monkeypatch) as here:
        reader, writer = await here.dial()
        ended = asyncio.create_task(closed(reader))
        for char in b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ":
            writer.write(bytes([char]))
            done, _ = await asyncio.wait([ended], timeout=0.1)
            if done:
                break
        assert ended.done()
        writer.close()


async def test_others_are_served_while_many_dawdle(monkeypatch):
    monkeypatch.setattr(server, "HEAD", AT_ALL)
    async with served(monkeypatch) as here, httpx.AsyncClient(base_url=here.url) as client:
        dawdlers = [await here.dial(f"127.0.0.{number % 8 + 2}") for number in range(200)]
        for _, writer in dawdlers:
            writer.write(b"GET / HTTP/1.1\r\n")
        assert (await client.get("/livez", timeout=AT_ALL)).status_code == 200
        # Nobody had to go for it.
        assert not any(reader.at_eof() or reader.exception() for reader, _ in dawdlers)
        for _, writer in dawdlers:
            writer.close()


async def test_an_address_gets_so_many_connections(monkeypatch):
    monkeypatch.setattr(server, "HEAD", 2 * AT_ALL)
    async with served(monkeypatch, connections_per_address=4) as here:
        kept = [await here.dial("127.0.0.2") for _ in range(4)]
        with contextlib.suppress(ConnectionError):
            reader, writer = await here.dial("127.0.0.2")
            kept.append((reader, writer))
            async with asyncio.timeout(AT_ALL):  # not only when its head is overdue
                await closed(reader)
        async with httpx.AsyncClient(base_url=here.url) as client:
            assert (await client.get("/livez")).status_code == 200
        for _, each in kept:
            each.close()


async def test_where_all_places_are_taken_who_only_waits_makes_room_for_another_address(
    monkeypatch,
):
    monkeypatch.setattr(server, "HEAD", 2 * AT_ALL)
    async with served(monkeypatch, connections=4) as here:
        async with httpx.AsyncClient(base_url=here.url) as client:
            assert (await client.get("/livez")).status_code == 200
            waiting = [await here.dial("127.0.0.2") for _ in range(3)]
            async with httpx.AsyncClient(base_url=here.url, timeout=AT_ALL) as newcomer:
                assert (await newcomer.get("/livez")).status_code == 200
            assert (await client.get("/livez")).status_code == 200
        for _, each in waiting:
            each.close()


async def test_where_all_places_are_in_use_another_is_sent_away(monkeypatch):
    async with (
        served(monkeypatch, connections=1) as here,
        httpx.AsyncClient(base_url=here.url) as client,
    ):
        assert (await client.get("/livez")).status_code == 200
        with contextlib.suppress(ConnectionError):
            reader, writer = await here.dial("127.0.0.2")
            writer.write(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            async with asyncio.timeout(AT_ALL):
                assert not await reader.read()
            writer.close()


async def test_who_is_sent_away_again_and_again_is_one_line_of_the_log(monkeypatch, caplog):
    async with served(monkeypatch, connections_per_address=1) as here:
        kept = await here.dial("127.0.0.2")
        for _ in range(20):
            with contextlib.suppress(ConnectionError):
                reader, writer = await here.dial("127.0.0.2")
                await closed(reader)
                writer.close()
        assert sum("sent away" in record.msg for record in caplog.records) == 1
        kept[1].close()


async def test_who_asks_on_without_reading_gets_one_answer(monkeypatch):
    async with served(monkeypatch) as here:
        reader, writer = await here.dial()
        writer.write(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 3)
        async with asyncio.timeout(AT_ALL):
            assert (await reader.read()).count(b"HTTP/1.1 200 ") == 1
        writer.close()


async def test_a_panel_that_does_not_read_is_dropped(monkeypatch):
    monkeypatch.setattr(server, "UNREAD", 1.0)
    async with served(monkeypatch) as here, connect(here.ws, close_timeout=0.5) as panel:
        sleeper = socket.create_connection(("127.0.0.1", here.port))
        sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sleeper.sendall(UPGRADE)
        heard = 0
        async with asyncio.timeout(AT_ALL):
            while len(here.hub.clients) < 2:
                await panel.recv()
            while len(here.hub.clients) > 1:
                here.journal.note("test", {"text": "x" * 50_000})
                while json.loads(await panel.recv())["type"] != "journal":
                    pass
                heard += 1
        assert here.hub.dropped <= 1
        assert heard > 5
        sleeper.close()


async def test_what_a_panel_says_is_limited(monkeypatch):
    async with served(monkeypatch) as here:
        async with connect(here.ws, close_timeout=0.5) as panel:
            await panel.send(json.dumps({"type": "ping"}))
            await panel.send("nonsense")
            async with asyncio.timeout(AT_ALL):
                while json.loads(await panel.recv())["type"] != "pong":
                    pass
        # What it still had to say may tear the line before it hears why.
        assert await closing(here, "x" * 1_000_000) in (1006, 1009)
        assert await closing(here, *["x"] * 200) in (1006, 1008)


async def closing(here: Served, *texts: str) -> int:
    """The code that a panel is closed with which says ``texts``."""
    panel = await connect(here.ws)
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(AT_ALL):
            for text in texts:
                await panel.send(text)
            while True:
                await panel.recv()
    return panel.protocol.close_code or 0


async def test_a_socket_of_a_foreign_page_is_refused(monkeypatch):
    async with served(monkeypatch) as here:
        with pytest.raises(InvalidStatus) as refused:
            async with connect(here.ws, origin=Origin("http://evil.example")):
                pass
        assert refused.value.response.status_code == 403
        reader, writer = await here.dial()
        writer.write(UPGRADE.replace(b"127.0.0.1", b"evil.example"))
        assert (await reader.readline()).startswith(b"HTTP/1.1 403 ")
        writer.close()
        async with connect(here.ws, origin=Origin(here.url)) as panel:
            assert json.loads(await panel.recv())["type"] == "hello"


async def test_stopping_is_quick_with_panels_and_streams_open(monkeypatch):
    monkeypatch.setattr(server, "STOP", 10.0)
    async with served(monkeypatch) as here, connect(here.ws, close_timeout=0.5) as panel:
        await panel.recv()
        async with (
            httpx.AsyncClient(base_url=here.url) as client,
            client.stream("GET", "/api/v1/events") as stream,
        ):
            lines = stream.aiter_lines()
            assert await anext(lines) == "event: hello"
            here.task.cancel()
            done, _ = await asyncio.wait([here.task], timeout=server.STOP)
            assert done  # before patience with them ran out
            with contextlib.suppress(httpx.HTTPError):
                async for _ in lines:
                    pass
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(AT_ALL):
                while True:
                    await panel.recv()


async def test_a_port_in_use_is_told_as_such(monkeypatch):
    async with served(monkeypatch) as here:
        app = create_app(open_site(DEMO, Clock()), Settings(), journal=Journal(Clock()))
        with pytest.raises(ConfigError, match=str(here.port)):
            await serve(app, "127.0.0.1", here.port, print)
