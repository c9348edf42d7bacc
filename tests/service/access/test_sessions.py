"""Logging in and out, and who is shown in without."""

import asyncio
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from service.people.roles import Right
from tests.service.access.people import API, PASSWORD, PIN, Grant, Role, code_of, town

pytestmark = pytest.mark.virtual

EMERGENCY = f"{API}/rooms/19/scenes/emergency-backup/take?confirm=true&wait=30"
TAKE = f"{API}/rooms/19/scenes/speaker-close-up/take"


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def session(browser):
    return (await browser.get(f"{API}/session")).json()


async def test_a_login_is_a_new_id_each_time_and_the_old_one_is_worth_nothing():
    async with town() as here:
        browser = await here.logged_in("operator")
        first = browser.cookies["avctl-session"]
        body = {"name": "operator", "password": PASSWORD}
        answer = await browser.post(f"{API}/session", json=body)
        kept = answer.headers["set-cookie"]
        assert "HttpOnly" in kept
        assert "SameSite=strict" in kept
        assert "Max-Age" not in kept
        assert browser.cookies["avctl-session"] != first
        thief = here.browser()
        thief.cookies.set("avctl-session", first)
        assert (await session(thief))["kind"] is None
        assert (await session(browser))["name"] == "operator"
        assert first not in str(here.people.roll.logins)


async def test_over_tls_cookies_are_bound_to_the_host():
    async with town(https=True) as here:
        browser = here.browser()
        body = {"name": "operator", "password": PASSWORD}
        answer = await browser.post(f"{API}/session", json=body)
        kept = answer.headers["set-cookie"]
        assert kept.startswith("__Host-avctl-session=")
        assert all(word in kept for word in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"))
        assert "Domain" not in kept


async def test_a_login_ends_after_half_an_hour_without_use_and_after_twelve_hours_with():
    async with town() as here:
        now = datetime(2026, 11, 2, 8, tzinfo=UTC)
        here.house.parts.clock.wall = lambda: now
        browser = await here.logged_in("operator")
        now += timedelta(minutes=29)
        assert (await browser.get(f"{API}/site")).status_code == 200
        now += timedelta(minutes=29)
        assert (await browser.get(f"{API}/rooms/19/pictures/none.jpg")).status_code == 404
        now += timedelta(minutes=2)
        assert (await browser.get(f"{API}/site")).status_code == 401  # a picture kept nobody in
        browser = await here.logged_in("operator")
        for _ in range(35):
            now += timedelta(minutes=20)
            assert (await browser.get(f"{API}/site")).status_code == 200
        now += timedelta(minutes=20)
        assert (await browser.get(f"{API}/site")).status_code == 401


async def test_a_person_has_five_logins_at_once_and_the_oldest_goes():
    async with town() as here:
        browsers = [await here.logged_in("operator") for _ in range(6)]
        known = [(await session(browser))["kind"] for browser in browsers]
        assert known == [None, *["person"] * 5]


async def test_logging_out_everywhere_ends_them_all():
    async with town() as here:
        one, other = [await here.logged_in("operator") for _ in range(2)]
        stranger = await here.logged_in("viewer")
        assert (await one.post(f"{API}/session/everywhere")).json() == {"logins": 2}
        assert [(await each.get(f"{API}/site")).status_code for each in (one, other)] == [401, 401]
        assert (await stranger.get(f"{API}/site")).status_code == 200
        assert (await stranger.delete(f"{API}/session")).status_code == 204
        assert (await stranger.get(f"{API}/site")).status_code == 401


async def test_another_role_and_being_shut_out_count_at_once():
    async with town() as here:
        browser, administrator = (
            await here.logged_in("operator"),
            await here.logged_in("administrator"),
        )
        assert (await browser.post(TAKE)).status_code == 202
        body = {"title": "", "grants": [{"role": "viewer"}], "active": True}
        changed = await administrator.put(f"{API}/people/operator", json=body)
        assert changed.json()["grants"] == [{"role": "viewer", "room": ""}]
        assert code_of(await browser.post(TAKE)) == "forbidden"
        assert (await browser.get(f"{API}/site")).status_code == 200
        body["active"] = False
        await administrator.put(f"{API}/people/operator", json=body)
        assert (await browser.get(f"{API}/site")).status_code == 401
        answer = await here.browser().post(
            f"{API}/session", json={"name": "operator", "password": PASSWORD}
        )
        assert code_of(answer) == "wrong-login"


async def test_a_role_in_one_room_shows_and_commands_that_room_only():
    async with town(only=None) as here:
        await here.add("guest", Grant(Role.OPERATOR, "19"))
        browser = await here.logged_in("guest")
        assert [room["room"] for room in (await browser.get(f"{API}/site")).json()["rooms"]] == [
            "19"
        ]
        assert [room["room"] for room in (await browser.get(f"{API}/rooms")).json()["rooms"]] == [
            "19"
        ]
        assert (await browser.get(f"{API}/rooms/17")).status_code == 403
        assert (await browser.get(f"{API}/rooms/nowhere")).status_code == 403
        assert (await browser.post(TAKE)).status_code == 202
        assert (await browser.post(TAKE.replace("19", "17"))).status_code == 403
        entries = (await browser.get(f"{API}/journal")).json()["entries"]
        assert {entry["room"] for entry in entries} == {"19"}
        assert not {"access", "people"} & {entry["kind"] for entry in entries}
        assert (await browser.get(f"{API}/meetings")).status_code == 403
        assert (await browser.get(f"{API}/meetings?room=19")).status_code == 200
        told = await session(browser)
        assert Right.OPERATE in told["rooms"]["19"]
        assert not told["rooms"]["17"]


async def test_a_first_password_has_to_be_changed_before_anything_else():
    async with town() as here:
        administrator = await here.logged_in("administrator")
        body = {
            "name": "Wang",
            "title": "王工",
            "password": PASSWORD,
            "grants": [{"role": "operator"}],
        }
        assert (await administrator.post(f"{API}/people", json=body)).status_code == 201
        browser = await here.logged_in("wang")
        assert (await session(browser))["must_change"]
        assert code_of(await browser.get(f"{API}/site")) == "must-change"
        panel = await here.panel()
        await panel.post(f"{API}/session", json={"name": "wang", "password": PASSWORD})
        assert code_of(await panel.get(f"{API}/people")) == "must-change"
        assert (await panel.post(EMERGENCY)).status_code == 200  # which waits for no password
        for new, status in (
            (PASSWORD, 422),
            ("short", 422),
            ("wang-Wang-1", 422),
            ("Battery-Staple-7", 204),
        ):
            answer = await browser.post(
                f"{API}/session/password", json={"old": PASSWORD, "new": new}
            )
            assert answer.status_code == status, new
        assert (await browser.get(f"{API}/site")).status_code == 200


async def test_the_first_person_is_made_with_the_code_and_no_other(tmp_path):
    from tests.service.house import house

    async with house(access="people", up=False) as here:
        people = here.parts.people
        people.set_up.file = tmp_path / "code"
        people.set_up.open()
        assert people.set_up.file.read_text().strip() == people.set_up.code
        assert people.set_up.file.stat().st_mode & 0o777 == 0o600
        client = here.client
        assert (await client.get(f"{API}/session")).json()["set_up"]
        body = {"code": "AAAA-BBBB-CCCC-DDDD", "name": "root", "password": PASSWORD}
        assert code_of(await client.post(f"{API}/set-up", json=body)) == "wrong-login"
        body["code"] = people.set_up.code.lower()
        made = await client.post(f"{API}/set-up", json=body)
        assert made.status_code == 201
        assert made.json()["name"] == "root"
        assert (await client.get(f"{API}/people")).status_code == 200
        assert not people.set_up.file.exists()
        assert code_of(await client.post(f"{API}/set-up", json=body)) == "conflict"
        less = {"title": "", "grants": [{"role": "viewer"}], "active": True}
        last = await client.put(f"{API}/people/root", json=less)
        assert code_of(last) == "conflict"


async def test_a_second_factor_is_asked_for_once_it_is_confirmed_and_no_code_counts_twice():
    async with town() as here:
        browser = await here.logged_in("engineer")
        begun = await browser.post(f"{API}/session/factor", json={"password": PASSWORD})
        totp = pyotp.TOTP(begun.json()["secret"])
        wall = here.house.parts.clock.wall

        def code():
            return totp.at(int(wall().timestamp()))

        wrong = await browser.post(f"{API}/session/factor/confirm", json={"code": "abc"})
        assert code_of(wrong) == "wrong-login"
        right = await browser.post(f"{API}/session/factor/confirm", json={"code": code()})
        assert right.status_code == 204
        body = {"name": "engineer", "password": PASSWORD}
        assert code_of(await here.browser().post(f"{API}/session", json=body)) == "code-needed"
        body["code"] = code()
        assert (await here.browser().post(f"{API}/session", json=body)).status_code == 200
        assert code_of(await here.browser().post(f"{API}/session", json=body)) == "wrong-login"


async def test_a_bound_panel_commands_without_a_login_and_fires_emergencies_but_asks_for_a_pin(
    monkeypatch,
):
    async with town(up=True) as here:
        panel = await here.panel()
        assert (await session(panel))["panel"] == "wall"
        assert (await panel.post(TAKE)).status_code == 202
        assert (await panel.get(f"{API}/rooms/17")).status_code == 403
        assert code_of(await panel.get(f"{API}/people")) == "forbidden"
        assert (await panel.post(EMERGENCY)).status_code == 200
        assert here.accesses()[-1].data["who"] == "wall"
        # A scene that asks whether it is meant, and is no emergency, is for a person.
        scene = here.house.room.scenes["show-laptop"]
        object.__setattr__(scene, "confirm", True)
        critical = f"{API}/rooms/19/scenes/show-laptop/take?confirm=true"
        assert code_of(await panel.post(critical)) == "pin-needed"
        person = here.people.roll.find("operator")
        await here.register.set_pin(person, PIN, by="operator")
        holders = (await panel.get(f"{API}/session/pin")).json()["people"]
        assert [each["name"] for each in holders] == ["operator"]
        entered = await panel.post(f"{API}/session/pin", json={"name": "operator", "pin": PIN})
        assert entered.json()["by_pin"]
        assert (await panel.post(critical)).status_code == 202
        take = next(e for e in reversed(here.house.entries) if e.kind == "access")
        assert (take.by, take.data["panel"], take.data["operation"]) == (
            "operator", "wall", "take_scene",
        )  # fmt: skip
        stolen = here.browser()
        stolen.cookies.set("avctl-session", panel.cookies["avctl-session"])
        assert (await session(stolen))["kind"] is None  # it is good at its panel only
        now = here.house.parts.clock.wall() + timedelta(seconds=121)
        monkeypatch.setattr(here.house.parts.clock, "wall", lambda: now)
        assert code_of(await panel.post(critical)) == "pin-needed"
        assert (await panel.post(TAKE)).status_code in (200, 202)


async def test_a_token_does_what_it_is_for_until_it_is_revoked_or_over(monkeypatch):
    async with town() as here:
        administrator = await here.logged_in("administrator")
        until = (here.house.parts.clock.wall() + timedelta(days=1)).isoformat()
        body = {"name": "lift", "grants": [{"role": "viewer", "room": "19"}], "until": until}
        made = (await administrator.post(f"{API}/tokens", json=body)).json()
        machine = here.browser(token=made["token"])
        assert (await machine.get(f"{API}/rooms/19")).status_code == 200
        assert (await machine.post(TAKE)).status_code == 403
        assert (await machine.post(f"{API}/session/everywhere")).status_code == 403
        told = (await administrator.get(f"{API}/tokens")).text
        assert made["token"] not in told
        body = {**body, "name": "root", "grants": [{"role": "administrator"}]}
        assert (await administrator.post(f"{API}/tokens", json=body)).status_code == 422
        wall = here.house.parts.clock.wall
        monkeypatch.setattr(here.house.parts.clock, "wall", lambda: wall() + timedelta(days=2))
        assert (await machine.get(f"{API}/rooms/19")).status_code == 401
        monkeypatch.setattr(here.house.parts.clock, "wall", wall)
        assert (await machine.get(f"{API}/rooms/19")).status_code == 200
        await here.register.revoke("token", "lift", by="test")
        assert (await machine.get(f"{API}/rooms/19")).status_code == 401


async def test_what_another_process_changes_counts_within_half_a_second(tmp_path):
    from service.people.passwords import Passwords
    from service.people.register import Register
    from service.people.roll import Roll

    async with town() as here:
        browser = await here.logged_in("viewer")
        clock = here.house.parts.clock
        roll = Roll(here.house.parts.records, clock)
        await roll.open()
        machine = Register(roll, Passwords(), here.house.journal, clock, lambda: None)
        viewer = roll.find("viewer")
        assert viewer
        await machine.change(viewer, title="", grants=viewer.grants, active=False, by="machine")
        await asyncio.sleep(0.6)
        assert (await browser.get(f"{API}/site")).status_code == 401
        assert here.house.entries[-2].data["event"] == "changed-on-machine"
