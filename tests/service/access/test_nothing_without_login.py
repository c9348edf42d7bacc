"""R42: every operation there is, with every kind of credentials that does not do."""

from datetime import timedelta
from typing import Any

import pytest

from service.people.rights import FILTERED, OPERATIONS
from service.people.roles import GIVEN, MATRIX, Right, Role
from service.routes import PARTS, health, metrics
from tests.service.access.people import API, PIN, Grant, town
from tests.service.access.sockets import open_socket

pytestmark = pytest.mark.virtual

NAMES = {
    "room": "19", "scene": "speaker-close-up", "device": "matrix", "camera": "podium-camera",
    "preset": "speaker", "name": "podium-camera", "pair": "none", "month": "2026-12",
    "person": "viewer", "panel": "wall", "token": "machine",
}  # fmt: skip
ENDLESS = {"stream_events"}
UNKNOWN = {401}


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


def requests():
    """Every operation: its name, method and an address with names that there are."""
    for part in (*PARTS, health, metrics):
        prefix = API if part in PARTS else ""
        for route in part.router.routes:
            if route.name == "socket":
                continue
            path = prefix + route.path
            for name in route.param_convertors:
                path = path.replace(f"{{{name}}}", NAMES.get(name, "1"))
            for method in route.methods - {"HEAD"}:
                yield route.name, method, path


ALL = sorted(requests())
GUARDED = [each for each in ALL if OPERATIONS[each[0]] is not Right.PUBLIC]


async def ask(browser, method, path):
    body: dict[str, Any] = {"json": {}} if method != "GET" else {}
    status = (await browser.request(method, path, **body)).status_code
    if status == 415:  # it takes files, which need not be sent to be refused
        status = (await browser.request(method, path)).status_code
    return status


async def answers(browser, asked):
    return {name: await ask(browser, method, path) for name, method, path in asked}


async def test_there_is_no_operation_that_is_not_asked_here():
    assert {name for name, *_ in ALL} | {"socket", "to_panel"} == set(OPERATIONS)
    assert all("{" not in path for *_, path in ALL)


async def test_without_good_credentials_every_operation_is_refused_and_nothing_is_done(monkeypatch):
    async with town() as here:
        browsers = {"none": here.browser(), "garbage": here.browser(token="avctl_t_none")}
        browsers["cookie"] = here.browser()
        browsers["cookie"].cookies.set("avctl-session", "x" * 43)
        browsers["expired"] = await here.logged_in("administrator")
        browsers["revoked token"] = await here.token(Grant(Role.ENGINEER))
        browsers["revoked panel"] = await here.panel()
        await here.register.revoke("token", "machine", by="test")
        await here.register.revoke("panel", "wall", by="test")
        wall = here.house.parts.clock.wall
        monkeypatch.setattr(here.house.parts.clock, "wall", lambda: wall() + timedelta(hours=13))
        before, people = len(here.house.entries), dict(here.people.roll.people)
        for what, browser in browsers.items():
            told = await answers(browser, GUARDED)
            assert set(told.values()) == UNKNOWN, (
                what,
                {k: v for k, v in told.items() if v != 401},
            )
            assert await open_socket(here, browser) is None, what
        assert {entry.kind for entry in here.house.entries[before:]} == {"access"}
        assert not here.house.room.takes
        assert here.people.roll.people == people


async def test_a_role_is_refused_what_the_matrix_does_not_give_it():
    async with town() as here:
        for role in (*GIVEN, Role.PANEL):
            is_panel = role is Role.PANEL
            browser = await (here.panel(rooms=()) if is_panel else here.logged_in(role))
            rights = MATRIX[role] | (set() if is_panel else {Right.OWN})
            before = len(here.house.entries)
            refused = [each for each in GUARDED if OPERATIONS[each[0]] not in rights]
            told = await answers(browser, refused)
            assert set(told.values()) == {403}, (role, told)
            assert {entry.kind for entry in here.house.entries[before:]} <= {"access"}
            allowed = [
                each
                for each in GUARDED
                if OPERATIONS[each[0]] in rights and each[1] == "GET" and each[0] not in ENDLESS
            ]
            told = await answers(browser, allowed)
            assert not {401, 403, 500} & set(told.values()), (role, told)
            assert (await open_socket(here, browser) is not None) is (Right.VIEW in rights)


async def test_a_role_in_another_room_counts_for_nothing_in_this_one():
    async with town(only=None) as here:
        for role in (Role.OPERATOR, Role.ENGINEER):
            await here.add(f"{role}-17", Grant(role, "17"))
            browser = await here.logged_in(f"{role}-17")
            elsewhere = [
                each for each in GUARDED
                if each[0] not in FILTERED and OPERATIONS[each[0]] is not Right.OWN
            ]  # fmt: skip
            told = await answers(browser, elsewhere)
            assert set(told.values()) == {403}, {k: v for k, v in told.items() if v != 403}


async def test_a_pin_opens_only_what_commands_the_panels_rooms():
    async with town(only=None) as here:
        await here.add("both", Grant(Role.ENGINEER), Grant(Role.ADMINISTRATOR))
        await here.register.set_pin(here.people.roll.find("both"), PIN, by="test")
        panel = await here.panel(rooms=("19",))
        entered = await panel.post(f"{API}/session/pin", json={"name": "both", "pin": PIN})
        assert Right.CRITICAL in entered.json()["rooms"]["19"]
        assert entered.json()["rooms"]["17"] == []
        assert entered.json()["rights"] == []
        assert (await panel.get(f"{API}/people")).status_code == 403
