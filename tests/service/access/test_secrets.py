"""R51: what is secret comes out nowhere."""

import asyncio
import json
import logging

import pytest

from service.journal import open_journal
from service.people.credentials import drawn
from service.store.records import open_records
from tests.service.access.people import API, PASSWORD, Grant, Role, town
from tests.service.access.test_nothing_without_login import ALL, ENDLESS

pytestmark = pytest.mark.virtual

CANARY = "Canary-Bird-8117"
NEXT = "Second-Bird-8118"
PIN = "811729"


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", CANARY)


async def test_planted_secrets_are_in_no_answer_entry_log_or_file(caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    said = []
    async with town() as here:
        administrator = await here.logged_in("administrator")

        async def post(browser, path, body, method="POST"):
            answer = await browser.request(method, f"{API}{path}", json=body)
            said.append(answer.text)
            return answer

        grants = [{"role": "engineer"}]
        await post(administrator, "/people", {"name": "bird", "password": CANARY, "grants": grants})
        bird = here.browser()
        await post(bird, "/session", {"name": "bird", "password": CANARY + "?"})
        await post(bird, "/session", {"name": CANARY, "password": {"deep": CANARY}})
        await post(bird, "/session", {"name": "bird", "password": CANARY, "extra": CANARY})
        await post(bird, "/session", {"name": "bird", "password": CANARY})
        await post(bird, "/session/password", {"old": CANARY, "new": NEXT})
        await post(bird, "/session/pin", {"password": NEXT, "pin": PIN}, "PUT")
        await post(bird, "/set-up", {"code": CANARY, "name": "x", "password": CANARY})
        token = (
            await administrator.post(f"{API}/tokens", json={"name": "m", "grants": grants})
        ).json()
        machine = here.browser(token=token["token"])
        await machine.get(f"{API}/rooms")
        panel = await here.panel()
        secrets = {
            CANARY,
            NEXT,
            PIN,
            token["token"],
            *panel.cookies.values(),
            *bird.cookies.values(),
        }
        people = list(here.people.roll.people.values())
        secrets |= {person.password for person in people} | {p.pin for p in people if p.pin}
        for browser in (administrator, bird, await here.logged_in("auditor")):
            for name, method, path in ALL:
                if method == "GET" and name not in ENDLESS:
                    said.append((await browser.get(path)).text)
        said.append(here.house.parts.hub.hello())
        said.append(json.dumps([entry.data for entry in here.house.entries]))
        said.append(caplog.text)
        found = {secret for secret in secrets if any(secret in text for text in said)}
        # What a stranger types for a name is told back to nobody, and written down nowhere.
        assert not found


async def test_what_is_kept_is_for_its_owner_only_and_holds_no_secret_in_clear(tmp_path):
    async with (
        open_journal(tmp_path) as journal,
        open_records(tmp_path) as records,
        town(journal=journal, records=records) as here,
    ):
        browser = await here.logged_in("operator")
        token, _ = await here.register.add_token("m", (Grant(Role.VIEWER),), None, by="test")
        secrets = [token, browser.cookies["avctl-session"], PASSWORD]
        await asyncio.sleep(1)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert file.stat().st_mode & 0o077 == 0, file
            content = file.read_bytes()
            assert not any(secret.encode() in content for secret in secrets), file


def test_secrets_that_are_drawn_are_long_and_never_the_same():
    some = {drawn() for _ in range(1000)}
    assert len(some) == 1000
    assert min(map(len, some)) >= 43
