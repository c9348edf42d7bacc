"""What the service refuses: foreign pages and names, bodies that are no JSON or too large, names nobody has."""

import asyncio
import json
import re
from urllib.parse import quote

import pytest

from tests.served import API
from tests.service.house import house

pytestmark = pytest.mark.virtual

TAKE = f"{API}/rooms/19/scenes/speaker-close-up/take"
SET = f"{API}/rooms/19/set"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


def is_problem(answer, status, code):
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert body["detail"]
    assert body["detail_zh"]
    return body


NAMES = [
    "nobody",
    "没有",
    "a\0b",
    "a\rb\nc",
    "a\tb",
    "..",
    "%",
    "\N{PILE OF POO}",
    "x" * 3000,
    "' --",
]


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_that_nobody_has_is_told_with_those_there_are(name):
    async with house(up=False) as here:
        quoted = quote(name, safe="")
        if name != "..":
            room = await here.client.get(f"{API}/rooms/{quoted}")
            assert "19" in is_problem(room, 404, "not-found")["detail"]
        scene = await here.client.post(f"{API}/rooms/19/scenes/{quoted}x/take")
        assert "speaker-close-up" in is_problem(scene, 404, "not-found")["detail_zh"]
        for path in ("devices/{}x", "runs/{}x", "pictures/{}x.jpg", "scenes/{}x/plan"):
            url = f"{API}/rooms/19/" + path.format(quoted)
            is_problem(await here.client.get(url), 404, "not-found")
        for verb in ("drive", "stop"):
            url = f"{API}/rooms/19/cameras/{quoted}x/{verb}"
            is_problem(await here.client.post(url, json={}), 404, "not-found")
        answer = await here.client.get(f"{API}/journal", params={"room": f"{name}x"})
        is_problem(answer, 404, "not-found")
        assert "\n" not in scene.json()["detail"]
        assert not here.room.takes


async def test_control_characters_are_not_told_back():
    async with house(up=False) as here:
        answer = await here.client.get(f"{API}/rooms/a%0D%0Ab%00")
        assert not {"\r", "\n", "\0"} & set(answer.json()["detail"])


async def test_half_a_surrogate_pair_is_told_back_without_a_fault():
    async with house(up=False) as here:
        body = b'{"target": "\\ud800", "word": "muted", "value": true}'
        is_problem(await here.client.post(SET, content=body, headers=JSON), 422, "unfit")
        body = b'{"target": "podium-mic", "word": "muted", "value": "\\ud800"}'
        is_problem(await here.client.post(SET, content=body, headers=JSON), 422, "unfit")


async def test_an_address_that_is_not_there_and_a_method_that_does_not_fit():
    async with house(up=False) as here:
        is_problem(await here.client.get("/nothing"), 404, "not-found")
        is_problem(await here.client.get("/panel/nothing.js"), 404, "not-found")
        is_problem(await here.client.get(TAKE), 405, "not-allowed")
        is_problem(await here.client.delete(f"{API}/rooms/19"), 405, "not-allowed")


@pytest.mark.parametrize("wait", ["-1", "61", "nan", "inf", "soon", "1e999", "\0"])
async def test_a_wait_that_does_not_fit_takes_nothing(wait):
    async with house(up=False) as here:
        answer = await here.client.post(TAKE, params={"wait": wait})
        assert "wait" in is_problem(answer, 422, "unfit")["detail"]
        assert not here.room.takes


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "501"}, {"after": "-1"}, {"after": str(2**70)}, {"limit": "all"}],
)
async def test_a_page_of_the_journal_that_cannot_be(query):
    async with house(up=False) as here:
        is_problem(await here.client.get(f"{API}/journal", params=query), 422, "unfit")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "unfit"),
        (b"\xff\xfe", "bad-request"),
        (b"[" * 60_000, "bad-request"),
        (b"", "unfit"),
        (b"null", "unfit"),
        (b'{"target": NaN, "word": Infinity, "value": -Infinity}', "unfit"),
        (b'{"target": "podium-mic", "word": "fader", "value": NaN}', "unfit"),
        (b'{"target": "podium-mic", "word": "fader", "value": 1e999}', "unfit"),
        (b'{"target": "podium-mic", "word": "fader", "value": ' + b"9" * 5000 + b"}", "unfit"),
    ],
    ids=range(9),
)
async def test_a_body_that_is_no_command_is_a_problem(body, code):
    async with house(up=False) as here:
        answer = await here.client.post(SET, content=body, headers=JSON)
        assert answer.status_code in (400, 422)
        assert answer.headers["content-type"] == "application/problem+json"
        assert not here.room.takes


async def test_a_body_over_the_limit_is_refused_whether_announced_or_not():
    async with house(up=False) as here:
        large = json.dumps({"target": "x" * 70_000, "word": "", "value": 0}).encode()

        async def parts():
            for at in range(0, len(large), 1000):
                yield large[at : at + 1000]

        for content in (large, parts()):
            answer = await here.client.post(SET, content=content, headers=JSON)
            is_problem(answer, 413, "too-large")


async def test_a_body_that_does_not_come_is_given_up():
    async with house(up=False) as here:

        async def parts():
            yield b"{"
            await asyncio.sleep(60)

        is_problem(await here.client.post(SET, content=parts(), headers=JSON), 408, "too-slow")


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json"],
)
async def test_a_command_that_any_page_could_send_is_refused(kind):
    async with house(up=False) as here:
        for content in (b"", b"{}"):
            answer = await here.client.post(TAKE, content=content, headers={"Content-Type": kind})
            is_problem(answer, 415, "not-json")
        is_problem(await here.client.post(TAKE, content=b"{}"), 415, "not-json")
        assert not here.room.takes


async def test_a_button_box_posts_with_nothing_at_all():
    async with house(up=False) as here:
        assert (await here.client.post(TAKE)).status_code == 202
        assert len(here.room.takes) == 1


FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://127.0.0.1:9999"},
    {"Origin": "http://127.0.0.1:8080.evil.example"},
    {"Origin": "http://[::bad"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_command_from_a_foreign_page_is_refused(headers):
    async with house(up=False) as here:
        is_problem(await here.client.post(TAKE, headers=headers), 403, "foreign-origin")
        assert not here.room.takes


async def test_a_command_from_our_own_page_is_taken():
    async with house(up=False, origins="http://wall.example") as here:
        for origin in ("http://127.0.0.1:8080", "http://wall.example"):
            answer = await here.client.post(
                TAKE, headers={"Origin": origin, "Sec-Fetch-Site": "same-origin"}
            )
            assert answer.status_code == 202


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", ""]
)
async def test_a_name_that_is_not_ours_is_not_answered_to(host):
    async with house(up=False) as here:
        for path in ("/livez", f"{API}/site", "/panel/"):
            is_problem(await here.client.get(path, headers={"Host": host}), 403, "foreign-host")


async def test_addresses_localhost_and_given_names_are_ours():
    async with house(up=False, hosts="avctl.example, other") as here:
        for host in ("localhost:1", "[::1]:8080", "192.168.1.2", "AVCTL.example:80", "other"):
            assert (await here.client.get("/livez", headers={"Host": host})).status_code == 200


async def test_nothing_is_changed_by_reading():
    async with house(up=False) as here:
        names = {"room": "19", "scene": "speaker-close-up", "device": "matrix"}
        for route in here.app.openapi()["paths"]:
            path = re.sub(r"{(\w+)}", lambda match: names.get(match[1], "1"), route)
            if not path.endswith("/events"):
                assert (await here.client.get(path)).status_code < 500
        assert not here.room.takes
