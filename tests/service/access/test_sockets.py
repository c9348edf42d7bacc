"""R44: sockets are for those who are known, for as long as they are."""

import asyncio
from datetime import timedelta

import pytest

from service.people.roll import OFTEN
from tests.service.access.people import API, Grant, Role, town
from tests.service.access.sockets import HEADERS, dialled, open_socket

pytestmark = pytest.mark.virtual

FOREIGN = [HEADERS[0], (b"origin", b"http://evil.example")]


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def test_a_socket_without_a_login_of_a_foreign_page_or_with_a_token_in_its_address_is_refused():
    async with town() as here:
        known = await here.logged_in("viewer")
        token, _ = await here.register.add_token("m", (Grant(Role.VIEWER),), None, by="test")
        assert await open_socket(here, here.browser()) is None
        assert await dialled(here, known, FOREIGN) is None
        for name in ("token", "access_token", "key"):
            assert await dialled(here, here.browser(), **{name: token}) is None
        assert (await open_socket(here, known))["type"] == "hello"
        assert (await open_socket(here, here.browser(token=token)))["type"] == "hello"


async def test_a_socket_closes_within_a_second_of_its_callers_end(monkeypatch):
    async with town() as here:

        async def ends(name, end):
            browser = await here.logged_in(name)
            socket = await dialled(here, browser)
            assert socket
            await end(here.people.roll.find(name), browser)
            at = asyncio.get_running_loop().time()
            await socket.until_closed()
            assert socket.code == 1008
            # A second at most, by a clock that nothing disturbs.
            assert asyncio.get_running_loop().time() - at <= 2 * OFTEN

        async def log_out(person, browser):
            await browser.delete(f"{API}/session")

        async def everywhere(person, browser):
            await here.people.logins.log_out_everywhere(person.id)

        async def shut_out(person, browser):
            given = {"title": "", "grants": person.grants, "active": False}
            await here.register.change(person, by="test", **given)

        async def another_role(person, browser):
            given = {"title": "", "grants": (Grant(Role.VIEWER),), "active": True}
            await here.register.change(person, by="test", **given)

        async def idle(person, browser):
            monkeypatch.setattr(here.people, "_idle", timedelta(0))

        await ends("operator", log_out)
        await ends("operator", everywhere)
        await ends("operator", another_role)
        await ends("engineer", shut_out)
        await ends("auditor", idle)
        assert not here.house.parts.hub.clients


async def test_a_panel_that_is_unbound_and_a_stream_of_events_end_as_well():
    async with town() as here:
        panel = await here.panel()
        socket = await dialled(here, panel)
        assert socket
        given = here.people.shown(type("C", (), {"headers": {}, "cookies": dict(panel.cookies)})())
        from service.routes.events import _events

        caller = here.people.caller(given)
        stream = _events(here.house.parts, given, caller)
        assert "hello" in await anext(stream)
        await here.register.revoke("panel", "wall", by="test")
        await socket.until_closed()
        assert socket.code == 1008
        async for _ in stream:
            pass
        assert not here.house.parts.hub.clients


async def test_a_panel_of_one_room_hears_of_that_room_only():
    async with town(only=None) as here:
        socket = await dialled(here, await here.panel(rooms=("19",)))
        assert socket
        hello = await socket.hear()
        assert [room["room"] for room in hello["rooms"]] == ["19"]
        assert [room["room"] for room in hello["site"]["rooms"]] == ["19"]
        for room in ("17", None, "19"):
            here.house.journal.note("test", {"of": room}, room=room)
        here.house.journal.note("access", {"of": "somebody"}, room="19")
        here.house.journal.note("test", {"of": "the end"}, room="19")
        heard = []
        while "the end" not in heard:
            message = await socket.hear()
            assert message.get("room", "19") == "19"
            if message["type"] == "journal" and message["entry"]["kind"] in ("test", "access"):
                heard.append(message["entry"]["data"]["of"])
        assert heard == ["19", "the end"]
        await socket.close()


async def test_who_chatters_is_closed():
    async with town() as here:
        socket = await dialled(here, await here.logged_in("viewer"))
        assert socket
        for _ in range(1000):
            socket.say("x")
        await socket.until_closed()
        assert socket.code == 1008
