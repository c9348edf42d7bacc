"""R49: who did what, who was refused, when, from where, with what result."""

from datetime import timedelta

import pytest

from service.people.accesses import PER_WINDOW, WINDOW
from service.people.rights import OPERATIONS
from service.people.roles import Right
from tests.service.access.people import API, PASSWORD, code_of, town

pytestmark = pytest.mark.virtual

TAKE = f"{API}/rooms/19/scenes/speaker-close-up/take"


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def test_acts_and_refusals_are_told_with_who_where_what_and_result():
    async with town() as here:
        operator = await here.logged_in("operator", "10.1.1.1")
        await operator.post(TAKE)
        await operator.post(f"{API}/tokens", json={})
        await operator.get(f"{API}/people")
        await operator.get(f"{API}/site")  # reading what one may is no act
        await here.browser("10.1.1.2").post(TAKE)
        await here.browser("10.1.1.3").post(
            f"{API}/session", json={"name": "operator", "password": "Tippfehler"}
        )
        await here.browser("10.1.1.3").post(
            f"{API}/session", json={"name": "my-password-1", "password": "x"}
        )
        await operator.post(TAKE, headers={"Origin": "http://evil.example"})
        told = [
            (e.by, e.data["address"], e.data["operation"], e.data["status"], e.data["result"], e.data["why"])
            for e in here.accesses()
        ]  # fmt: skip
        assert told == [
            ("operator", "10.1.1.1", "log_in", 200, "done", ""),
            ("operator", "10.1.1.1", "take_scene", 202, "done", ""),
            ("operator", "10.1.1.1", "add_token", 403, "refused", "forbidden"),
            ("operator", "10.1.1.1", "list_people", 403, "refused", "forbidden"),
            (None, "10.1.1.2", "", 401, "refused", "no-login"),
            (None, "10.1.1.3", "log_in", 401, "refused", "wrong-login"),
            (None, "10.1.1.3", "log_in", 401, "refused", "wrong-login"),
            ("operator", "10.1.1.1", "", 403, "refused", "foreign-origin"),
        ]
        assert [e.data.get("tried") for e in here.accesses()[-3:-1]] == ["operator", "(unknown)"]
        assert "my-password-1" not in str(here.house.entries)
        assert here.accesses()[1].room == "19"
        assert all(e.at for e in here.accesses())


async def test_what_becomes_of_people_is_told_before_it_is_acknowledged():
    async with town() as here:
        administrator = await here.logged_in("administrator")
        body = {"name": "new", "password": PASSWORD, "grants": [{"role": "client"}]}
        await administrator.post(f"{API}/people", json=body)
        entry = next(e for e in reversed(here.house.entries) if e.kind == "people")
        assert entry.by == "administrator"
        assert entry.data == {
            "event": "added", "name": "new", "grants": [{"role": "client", "room": ""}],
        }  # fmt: skip


async def test_only_auditors_read_it_and_nobody_has_a_way_to_turn_it_off():
    async with town() as here:
        auditor = await here.logged_in("auditor")
        await here.panel()
        entries = (await auditor.get(f"{API}/access")).json()["entries"]
        assert {entry["kind"] for entry in entries} == {"access", "people"}
        page = (await auditor.get(f"{API}/access", params={"after": 1, "limit": 2})).json()
        assert len(page["entries"]) == 2
        for other in ("operator", "engineer", "administrator", "viewer", "client"):
            browser = await here.logged_in(other)
            assert code_of(await browser.get(f"{API}/access")) == "forbidden"
            told = (await browser.get(f"{API}/journal?limit=500")).json()["entries"]
            assert not {"access", "people"} & {entry["kind"] for entry in told}
        audit = {name for name, right in OPERATIONS.items() if right is Right.AUDIT}
        assert audit == {"list_access", "verify_chain"}
        chain = (await auditor.get(f"{API}/access/chain")).json()
        assert chain["reason"] == "the journal has no file"


async def test_entries_of_half_a_year_ago_are_still_there(monkeypatch):
    async with town() as here:
        await (await here.logged_in("operator")).post(TAKE)
        old = len(here.accesses())
        wall = here.house.parts.clock.wall
        monkeypatch.setattr(here.house.parts.clock, "wall", lambda: wall() + timedelta(days=200))
        auditor = await here.logged_in("auditor")
        until = (wall() + timedelta(days=1)).isoformat()
        page = (await auditor.get(f"{API}/access", params={"until": until})).json()["entries"]
        assert sum(entry["kind"] == "access" for entry in page) == old


async def test_refusals_without_end_are_told_in_sums_and_a_camera_driven_on_once():
    async with town() as here:
        import asyncio

        stranger = here.browser("10.9.9.9")
        for _ in range(PER_WINDOW + 25):
            await stranger.post(TAKE)
        assert len(here.accesses()) == PER_WINDOW
        await asyncio.sleep(WINDOW)
        await stranger.post(TAKE)
        assert here.accesses()[PER_WINDOW].data == {
            "address": "10.9.9.9", "result": "refused", "more": 25,
        }  # fmt: skip
        operator = await here.logged_in("operator")
        before = len(here.accesses())
        drive = f"{API}/rooms/19/cameras/podium-camera/drive"
        for _ in range(10):
            await operator.post(drive, json={"pan": 0.5})
        failed = [e for e in here.accesses()[before:] if e.data["operation"] == "drive_camera"]
        assert len(failed) == 1


async def test_where_a_request_comes_from_is_the_proxys_word_only_if_it_is_ours():
    async with town(proxies="10.0.0.1") as here:
        headers = {"X-Forwarded-For": "1.2.3.4, 192.168.7.7"}
        for peer, told in (("10.0.0.1", "192.168.7.7"), ("10.0.0.2", "10.0.0.2")):
            await here.browser(peer).post(TAKE, headers=headers)
            assert here.accesses()[-1].data["address"] == told
