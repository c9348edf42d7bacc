"""R43: what other pages send with a logged-in browser's cookies, and that reading changes nothing."""

import pytest

from service.people.rights import OPERATIONS
from service.people.roles import Right
from tests.service.access.people import API, PASSWORD, town
from tests.service.access.test_nothing_without_login import ALL, ENDLESS

pytestmark = pytest.mark.virtual

FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8081"},
    {"Origin": "", "Sec-Fetch-Site": "cross-site"},
]
FORMS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def test_every_command_of_a_foreign_page_or_a_form_is_refused_though_the_cookie_is_good():
    async with town() as here:
        browser = await here.logged_in("administrator")
        before = len(here.house.entries)
        for _, method, path in ALL:
            if method == "GET":
                continue
            for headers in FOREIGN:
                answer = await browser.request(method, path, headers=headers)
                assert answer.status_code == 403, (path, headers)
            for kind in FORMS:
                headers = {"Content-Type": kind}
                answer = await browser.request(method, path, content=b"a=b", headers=headers)
                assert answer.status_code == 415, (path, kind)
        assert {entry.kind for entry in here.house.entries[before:]} == {"access"}
        assert (await browser.get(f"{API}/people")).status_code == 200


async def test_reading_changes_nothing_whoever_reads():
    async with town() as here:
        for role in ("engineer", "administrator", "auditor"):
            browser = await here.logged_in(role)
            before = len(here.house.entries)
            for name, method, path in ALL:
                if method == "GET" and name not in ENDLESS:
                    await browser.get(path)
            mine = [entry for entry in here.house.entries[before:] if entry.by == role]
            assert {entry.kind for entry in mine} <= {"access"}
        assert not here.house.room.takes


async def test_a_login_itself_is_not_taken_from_a_foreign_page():
    async with town() as here:
        body = {"name": "operator", "password": PASSWORD}
        for headers in FOREIGN:
            answer = await here.browser().post(f"{API}/session", json=body, headers=headers)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers


def test_no_operation_that_is_read_needs_a_right_to_command():
    reading = {name for name, method, _ in ALL if method == "GET"}
    commands = {Right.OPERATE, Right.CRITICAL, Right.EMERGENCY}
    assert not {name for name in reading if OPERATIONS[name] in commands}
