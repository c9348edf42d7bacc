"""Breaking things over HTTP, without a network."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from hw_sim.control import create_control
from hw_sim.extron_sis import ExtronMatrix
from hw_sim.room import Rooms
from tests.sim.conftest import ManualClock

DEMO = Path(__file__).parents[2] / "examples/demo/simulators.yaml"
MATRIX = "/rooms/19/devices/matrix"


@pytest.fixture
def rooms(clock: ManualClock) -> Rooms:
    made = Rooms.load(DEMO, clock=clock)
    clock.advance(30)
    return made


@pytest.fixture
async def web(rooms: Rooms) -> AsyncIterator[httpx.AsyncClient]:
    app = create_control(rooms.devices, rooms, urls={"19/matrix": ["serial:///dev/pts/9"]})
    async with client(app) as made:
        yield made


def client(app) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sim")


async def test_every_device_is_listed_with_what_can_be_done_to_it(web, rooms):
    listed = {device["name"]: device for device in (await web.get("/devices")).json()}
    assert listed.keys() == rooms.devices.keys()
    matrix = listed["19/matrix"]
    assert (matrix["driver"], matrix["path"]) == ("extron_sis", MATRIX)
    assert matrix["urls"] == ["serial:///dev/pts/9"]
    assert matrix["actions"]["tie"] == ["input", "output", "layer"]


async def test_every_listed_path_tells_the_truth(web, rooms):
    for device in (await web.get("/devices")).json():
        answer = await web.get(f"{device['path']}/truth")
        assert answer.json() == rooms.devices[device["name"]].truth()


async def test_a_fault_is_switched_on_and_off(web, rooms):
    faults = rooms["19"].device("matrix").faults
    answer = await web.put(f"{MATRIX}/faults/late", json={"value": 2.5, "times": 3})
    assert answer.json() == {"late": 2.5}
    assert (faults.on("late"), faults.value("late", 1)) == (True, 2.5)
    await web.delete(f"{MATRIX}/faults/late")
    assert not faults.on("late")


async def test_a_fault_needs_no_body_and_all_are_cleared_at_once(web, rooms):
    await web.put(f"{MATRIX}/faults/mute")
    await web.put(f"{MATRIX}/faults/busy")
    assert (await web.delete(f"{MATRIX}/faults")).json() == {}
    assert rooms["19"].device("matrix").faults.active() == {}


async def test_a_fault_for_a_time_ends(web, rooms, clock):
    await web.put(f"{MATRIX}/faults/mute", json={"seconds": 5})
    clock.advance(6)
    assert not rooms["19"].device("matrix").faults.on("mute")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", f"{MATRIX}/faults/on-fire", {}, 422),
        ("PUT", f"{MATRIX}/faults/late", {"times": 0}, 422),
        ("PUT", f"{MATRIX}/faults/late", {"colour": 1}, 422),
        ("POST", f"{MATRIX}/press/explode", {}, 422),
        ("POST", f"{MATRIX}/press/tie", {"input": 1}, 422),
        ("GET", "/rooms/19/devices/toaster/truth", None, 404),
        ("GET", "/rooms/20/far-end", None, 404),
        ("GET", "/rooms/19/walls/matrix", None, 404),
        ("GET", "/rooms/19/walls/matrix.jpg", None, 404),
        ("GET", "/rooms/19/cameras/matrix/snapshot.jpg", None, 404),
        ("PUT", "/rooms/19/microphones/none", {"alive": True}, 404),
        ("PUT", "/rooms/19/microphones/podium-mic", {"level": 4}, 422),
    ],
)
async def test_what_is_not_there_or_not_allowed_is_refused_with_a_text(
    web, method, path, body, status
):
    answer = await web.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.json()["detail"]


async def test_a_press_changes_what_the_far_end_sees(web):
    assert (await web.get("/rooms/19/far-end")).json()["sees"]["source"] == "panorama-camera"
    await web.post(f"{MATRIX}/press/tie", json={"input": 1, "output": 1})
    assert (await web.get("/rooms/19/far-end")).json()["sees"]["source"] == "podium-camera"


async def test_a_microphone_dies_and_the_far_end_stops_hearing_it(web):
    for channel in (1, 2):
        mute = {"tag": "Level1", "channel": channel, "on": False}
        await web.post("/rooms/19/devices/mixer/press/mute", json=mute)
    answer = await web.put("/rooms/19/microphones/podium-mic", json={"alive": False})
    assert answer.json() == {"alive": False, "level": -20.0, "gives": None}
    hears = (await web.get("/rooms/19/far-end")).json()["hears"]
    assert hears[0]["microphone"] == "podium-mic-backup"


async def test_the_speaker_leaves(web, rooms):
    await web.put("/rooms/19/speaker", json={"present": False})
    assert not rooms["19"].speaker_present
    assert rooms["17"].speaker_present


async def test_a_reboot_is_a_reboot(web, rooms):
    answer = await web.post("/rooms/19/devices/hall-wall/reboot")
    assert answer.status_code == 204
    assert (await web.get("/rooms/19/walls/hall-wall")).json() == []


@pytest.mark.parametrize(
    "path",
    [
        "/rooms/19/far-end.jpg",
        "/rooms/19/walls/hall-wall.jpg",
        "/rooms/19/cameras/podium-camera/snapshot.jpg",
        "/rooms/annex-6/cameras/camera/snapshot.jpg",
        "/rooms/17/sinks/projector.jpg",
    ],
)
async def test_pictures_are_jpegs_that_no_browser_keeps(web, path):
    answer = await web.get(path)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"\xff\xd8")


async def test_the_picture_changes_from_second_to_second(web, clock):
    before = (await web.get("/rooms/19/far-end.jpg")).content
    clock.advance(1)
    assert (await web.get("/rooms/19/far-end.jpg")).content != before


async def test_the_page_is_there(web):
    answer = await web.get("/")
    assert answer.headers["content-type"].startswith("text/html")
    assert "Simulated devices" in answer.text


async def test_a_single_device_is_controlled_without_a_room(clock):
    matrix = ExtronMatrix(clock=clock)
    async with client(create_control({"extron_sis": matrix})) as web:
        assert (await web.get("/devices")).json()[0]["path"] == "/devices/extron_sis"
        await web.post("/devices/extron_sis/press/tie", json={"input": 2, "output": 3})
        assert (await web.get("/devices/extron_sis/truth")).json() == matrix.truth()
        assert (await web.get("/rooms")).json() == []
    assert matrix.shows(3) == 2
