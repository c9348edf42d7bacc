"""Storing over the API: read back, written, and ready to be taken.

In real time where files are written: that is done in threads, for which virtual time does not wait.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from avctl.blueprint import read_room
from tests.rooms import DEMO
from tests.served import API
from tests.service.house import House, house

ROOM = f"{API}/rooms/19"
TITLE = {"zh": "现状", "en": "As found"}


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("site.yaml", "room-19.yaml", "room-17.yaml", "annex-6.yaml"):
        (tmp_path / name).write_text((DEMO / name).read_text("utf-8"), "utf-8")
    return tmp_path


@pytest.mark.virtual
async def test_a_room_is_read_back_in_the_words_of_scenes() -> None:
    async with house() as here:
        await here.client.post(f"{ROOM}/scenes/chair-close-up/take", params={"wait": 10})
        state = (await here.client.get(f"{ROOM}/state")).json()
        assert state["words"]["podium-camera"]["preset"] == "chair"
        assert state["words"]["far-end"]["source"] == "podium-camera"
        assert state["words"]["hall-wall"] == {"layout": "speaker"}
        assert state["untold"] == []


async def test_a_stored_scene_can_be_taken_at_once(site: Path) -> None:
    async with house() as here:
        here.site.path = site
        body = {"title": TITLE, "only": ["far-end.source", "chair-mic"], "deadline": 3}
        answer = await here.client.post(f"{ROOM}/scenes/as-found/store", json=body)
        assert answer.status_code == 201, answer.json()
        assert answer.json()["deadline"] == 3
        run = await here.client.post(f"{ROOM}/scenes/as-found/take", params={"wait": 10})
        assert run.json()["verdict"] == "confirmed"
        assert "as-found" in read_room(site / "room-19.yaml").scenes
        stored = [entry for entry in here.entries if entry.kind == "stored"]
        assert [entry.data["scene"] for entry in stored] == ["as-found"]


async def test_a_scene_that_is_there_is_replaced_only_when_asked(site: Path) -> None:
    async with house() as here:
        here.site.path = site
        body = {"title": TITLE, "only": ["far-end.source"]}
        address = f"{ROOM}/scenes/show-laptop/store"
        answer = await here.client.post(address, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "unfit")
        answer = await here.client.post(address, json={**body, "replace": True})
        assert answer.status_code == 201
        assert list(read_room(site / "room-19.yaml").file.scenes["show-laptop"].want) == ["far-end"]


async def test_a_stored_preset_is_in_the_camera_and_in_the_file(site: Path) -> None:
    async with house() as here:
        here.site.path = site
        aim = {
            "target": "podium-camera",
            "word": "aim",
            "value": {"pan": 5, "tilt": 1, "zoom": 0.1},
        }
        await here.client.post(f"{ROOM}/set", json=aim, params={"wait": 5})
        await here.room.clock.sleep(6)
        address = f"{ROOM}/cameras/podium-camera/presets/door/store"
        answer = await here.client.post(address)
        assert answer.status_code == 201, answer.json()
        assert answer.json()["number"] == 6
        assert answer.json()["framing"]["pan"] == pytest.approx(5, abs=0.5)
        assert read_room(site / "room-19.yaml").file.devices["podium-camera"].presets["door"] == 6
        device = (await here.client.get(f"{ROOM}/devices/podium-camera")).json()
        assert device["presets"]["door"] == 6


async def test_a_read_only_file_is_a_problem_and_no_camera_is_touched(site: Path) -> None:
    async with house() as here:
        here.site.path = site
        (site / "room-19.yaml").chmod(0o444)
        before = (site / "room-19.yaml").read_bytes()
        stores = [
            (f"{ROOM}/scenes/as-found/store", {"title": TITLE}),
            (f"{ROOM}/cameras/podium-camera/presets/door/store", {}),
        ]
        for address, body in stores:
            answer = await here.client.post(address, json=body)
            assert (answer.status_code, answer.json()["code"]) == (409, "read-only")
            assert str(site.parent) not in answer.json()["detail"]
        assert (site / "room-19.yaml").read_bytes() == before
        assert "as-found" not in here.room.scenes
        assert not here.room.takes
        assert sorted(os.listdir(site))[0] == "annex-6.yaml"


@pytest.mark.virtual
@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"title": TITLE, "only": ["lamp"]}, "nothing is called 'lamp'"),
        ({"title": TITLE, "only": ["far-end.colour"]}, "far-end.colour cannot be told now"),
        ({"title": {"zh": "只有中文"}}, "title.en"),
    ],
)
async def test_a_choice_that_is_not_there_is_told(body: dict[str, object], says: str) -> None:
    async with house() as here:
        answer = await here.client.post(f"{ROOM}/scenes/as-found/store", json=body)
        assert answer.status_code == 422
        assert says in answer.json()["detail"]


class Ear:
    """A panel, joined: what it is told from now on."""

    def __init__(self, here: House) -> None:
        self._client = here.parts.hub.join()

    async def room(self) -> dict[str, Any]:
        """The next room that it is told whole."""
        async with asyncio.timeout(10):
            while (text := await self._client.next()) is not None:
                message = json.loads(text)
                if message["type"] == "room":
                    room: dict[str, Any] = message["room"]
                    return room
        raise AssertionError("it was let go")


async def test_every_panel_is_told_of_a_stored_scene(site: Path) -> None:
    async with house() as here:
        here.site.path = site
        ears = [Ear(here), Ear(here)]
        body = {"title": TITLE, "only": ["far-end.source"]}
        await here.client.post(f"{ROOM}/scenes/as-found/store", json=body)
        for ear in ears:
            told = await ear.room()
            assert told["room"] == "19"
            assert "as-found" in {scene["scene"] for scene in told["scenes"]}
        hello = json.loads(here.parts.hub.hello())
        assert "as-found" in {scene["scene"] for scene in hello["rooms"][0]["scenes"]}


async def test_every_panel_is_told_of_a_stored_preset(site: Path) -> None:
    async with house() as here:
        here.site.path = site
        ear = Ear(here)
        answer = await here.client.post(f"{ROOM}/cameras/panorama-camera/presets/door/store")
        assert answer.status_code == 201, answer.json()
        devices = {each["device"]: each for each in (await ear.room())["devices"]}
        assert devices["panorama-camera"]["presets"]["door"] == answer.json()["number"]


@pytest.mark.virtual
async def test_a_run_tells_what_was_chosen_and_one_without_choices_tells_none() -> None:
    async with house() as here:
        body = {"arguments": {"seat": "guest"}}
        run = await here.client.post(f"{ROOM}/scenes/seat-close-up/take", json=body)
        assert run.json()["arguments"] == {"seat": "guest"}
        run = await here.client.post(f"{ROOM}/scenes/show-laptop/take")
        assert run.json()["arguments"] == {}
