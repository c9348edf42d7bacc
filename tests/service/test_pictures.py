"""Pictures: fetched once for all who wait, and told plainly when none comes."""

import asyncio

import httpx
import pytest

from tests.served import API
from tests.service.house import house

pytestmark = pytest.mark.virtual

JPEG = b"\xff\xd8\xff\xe0" + bytes(1000) + b"\xff\xd9"
URL = f"{API}/rooms/19/pictures/podium-camera.jpg"


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


class Cameras(httpx.AsyncBaseTransport):
    """Every camera of the room, at an address of its own."""

    def __init__(self, answer=None, wait=0.1):
        self.asked, self.wait = [], wait
        self.answer = answer or (lambda: httpx.Response(200, content=JPEG))

    async def handle_async_request(self, request):
        self.asked.append(str(request.url))
        await asyncio.sleep(self.wait)
        return self.answer()


async def test_a_picture_comes_with_its_age():
    async with house(up=False, cameras=Cameras()) as here:
        answer = await here.client.get(URL)
        assert (answer.status_code, answer.content) == (200, JPEG)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "no-store"
        assert float(answer.headers["x-picture-age"]) == 0


async def test_all_who_wait_get_the_same_fetch():
    cameras = Cameras()
    async with house(up=False, cameras=cameras) as here:
        answers = await asyncio.gather(*(here.client.get(URL) for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
        assert len(cameras.asked) == 1


async def test_fetches_are_half_a_second_apart():
    cameras = Cameras()
    async with house(up=False, cameras=cameras) as here:
        for _ in range(20):
            await here.client.get(URL)
            await asyncio.sleep(0.1)
        assert 4 <= len(cameras.asked) <= 6


async def test_one_who_goes_away_does_not_take_the_picture_from_the_others():
    async with house(up=False, cameras=Cameras()) as here:
        first = asyncio.create_task(here.parts.pictures.of(here.room, "podium-camera"))
        second = asyncio.create_task(here.client.get(URL))
        await asyncio.sleep(0.05)
        first.cancel()
        assert (await second).status_code == 200


async def test_what_has_no_picture_is_not_found():
    async with house(up=False, cameras=Cameras()) as here:
        answer = await here.client.get(f"{API}/rooms/19/pictures/mixer.jpg")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
        assert "podium-camera" in answer.json()["detail"]


def broken():
    raise httpx.ConnectError("connection refused")


@pytest.mark.parametrize(
    ("answer", "wait", "word"),
    [
        (lambda: httpx.Response(200, content=JPEG), 60, "timeout"),
        (lambda: httpx.Response(401), 0, "status 401"),
        (lambda: httpx.Response(302, headers={"Location": "http://elsewhere/"}), 0, "status 302"),
        (lambda: httpx.Response(200, content=b"<html>"), 0, "not JPEG"),
        (lambda: httpx.Response(200, content=b""), 0, "not JPEG"),
        (lambda: httpx.Response(200, content=JPEG * 5000), 0, "bytes"),
        (broken, 0, "refused"),
    ],
)
async def test_a_picture_that_does_not_come_is_told_why(answer, wait, word):
    async with house(up=False, cameras=Cameras(answer, wait)) as here:
        for _ in range(2):
            got = await here.client.get(URL)
            assert (got.status_code, got.json()["code"]) == (502, "picture")
            assert word in got.json()["detail"]
            assert got.json()["detail_zh"]


async def test_a_camera_that_came_back_is_asked_again():
    cameras = Cameras(lambda: httpx.Response(503))
    async with house(up=False, cameras=cameras) as here:
        assert (await here.client.get(URL)).status_code == 502
        cameras.answer = lambda: httpx.Response(200, content=JPEG)
        await asyncio.sleep(0.5)
        assert (await here.client.get(URL)).status_code == 200
