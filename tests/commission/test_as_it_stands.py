"""A room read back in the users' words: what is said leads back to what was read, and the rest is listed."""

import asyncio
from pathlib import Path

import pytest

from avctl.blueprint import read_room
from avctl.capabilities.camera import Camera, Framing
from avctl.capabilities.router import Router, Tie
from avctl.commission import (
    Words,
    as_it_stands,
    chosen,
    in_order,
    number_for,
    store_preset,
    write_preset,
)
from avctl.commission.roomfile import write_scene
from avctl.errors import TakeError
from avctl.room import Room
from avctl.scenes.take import Verdict
from tests.rooms import DEMO, demo

pytestmark = pytest.mark.virtual

TITLE = {"zh": "现状", "en": "As found"}


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def take(room: Room, scene: str) -> None:
    running = room.take(scene, by="test")
    await running.ended.wait()
    assert running.verdict is Verdict.CONFIRMED, [(s.want, s.why) for s in running.steps]


async def test_a_scene_that_was_taken_is_said_as_it_was_written() -> None:
    async with demo(only="19") as here:
        await here.until_up("19")
        room, _ = here.room("19")
        await take(room, "chair-close-up")
        words = (await as_it_stands(room)).words
        assert words["podium-camera"]["preset"] == "chair"
        assert words["chair-mic"] == {"fader": "-8 dB", "muted": False}
        assert words["far-end"]["source"] == "podium-camera"
        assert words["hall-wall"] == {"layout": "speaker"}


async def test_what_stands_can_be_written_as_a_scene_and_taken(tmp_path: Path) -> None:
    path = tmp_path / "room-19.yaml"
    path.write_text((DEMO / "room-19.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    async with demo(only="19") as here:
        await here.until_up("19")
        room, _ = here.room("19")
        await take(room, "speaker-close-up")
        stands = await as_it_stands(room)
        plan = write_scene(path, "as-found", TITLE, in_order(stands.words))
        wants = plan.scenes["as-found"].wants
        for want in wants:
            reading = room.devices[want.device].state[want.point]
            assert want.point.is_right(reading.value, want.value), want
        assert {want.order.after for want in wants if want.target == "far-end"} == {
            ("podium-camera",)
        }


async def test_outlets_are_said_by_their_names_and_those_without_one_by_their_numbers() -> None:
    async with demo(only="19") as here:
        await here.until_up("19")
        room, _ = here.room("19")
        running = room.set("amplifier-outlet", "power", "off", by="test")
        await running.ended.wait()
        words = (await as_it_stands(room)).words
        assert words["amplifier-outlet"] == {"power": "off"}
        assert words["projector-outlet"] == {"power": "on"}
        assert words["sequencer"] == {"outlets": {3: "off", 4: "off"}}


async def test_a_camera_at_none_of_its_presets_is_said_by_where_it_looks() -> None:
    async with demo(only="19") as here:
        await here.until_up("19")
        room, _ = here.room("19")
        running = room.set("podium-camera", "aim", {"pan": 5, "tilt": 1, "zoom": 0.1}, by="test")
        await running.ended.wait()
        await room.clock.sleep(5)
        said = (await as_it_stands(room, ["podium-camera"])).words["podium-camera"]
        assert "preset" not in said
        assert said["aim"]["pan"] == pytest.approx(5, abs=0.5)


async def test_what_cannot_be_told_is_listed_with_its_reason() -> None:
    async with demo(only="19") as here:
        await here.until_up("19")
        room, real = here.room("19")
        real.devices["mixer"].faults.set("cut")
        running = room.set("far-end", "source", "none", by="test")
        await running.ended.wait()
        matrix = room.devices["matrix"]
        assert isinstance(matrix, Router)
        await matrix.tie(Tie(7, 3))
        await room.clock.sleep(3)
        stands = await as_it_stands(room)
        assert "chair-mic" not in stands.words
        assert stands.words["far-end"]["source"] == "none"
        untold = {(each.target, each.word): each.why for each in stands.untold}
        assert "mixer is not reachable" in untold["chair-mic", "fader"]
        assert untold["projector", "source"] == "input 7 of matrix has no name in the room file"


async def test_readings_from_before_are_not_passed_off_as_how_it_stands() -> None:
    async with demo(only="19") as here:
        await here.until_up("19")
        room, real = here.room("19")
        real.devices["matrix"].faults.set("mute")
        stands = await as_it_stands(room, ["far-end"])
        assert "source" not in stands.words.get("far-end", {})
        assert [each.word for each in stands.untold] == ["source", "blank"]


async def test_only_what_is_chosen_is_kept() -> None:
    words: Words = {"mic": {"fader": "-6 dB", "muted": False}, "far-end": {"source": "none"}}
    assert chosen(words, []) == words
    assert chosen(words, ["mic.muted"]) == {"mic": {"muted": False}}
    assert chosen(words, ["far-end", "mic.fader"]) == {
        "far-end": {"source": "none"},
        "mic": {"fader": "-6 dB"},
    }
    with pytest.raises(ValueError, match=r"lamp cannot be told now; there are mic\.fader"):
        chosen(words, ["lamp"])


async def test_a_preset_is_stored_read_back_and_found_again(tmp_path: Path) -> None:
    path = tmp_path / "room-19.yaml"
    path.write_text((DEMO / "room-19.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    async with demo(only="19") as here:
        await here.until_up("19")
        room, real = here.room("19")
        await room.set(
            "podium-camera", "aim", {"pan": 5, "tilt": 1, "zoom": 0.1}, by="test"
        ).ended.wait()
        await room.clock.sleep(5)
        stored = await store_preset(room, "podium-camera", "door", by="test")
        assert stored.number == number_for(room, "podium-camera", "door") == 6
        assert stored.framing.is_near(Framing(5, 1, 0.1))
        write_preset(path, "podium-camera", "door", stored.number, stored.framing)
        await take(room, "chair-close-up")
        camera = room.devices["podium-camera"]
        assert isinstance(camera, Camera)
        await camera.recall(6)
        await asyncio.sleep(8)
        pose = real.devices["podium-camera"].pose()  # type: ignore[attr-defined]  # a camera
        assert pose.pan == pytest.approx(5, abs=0.5)
    plan = read_room(path)
    assert plan.file.devices["podium-camera"].presets["door"] == 6


async def test_a_store_that_the_camera_only_accepts_is_told_and_no_file_is_touched() -> None:
    async with demo(only="19") as here:
        await here.until_up("19")
        room, real = here.room("19")
        await room.clock.sleep(3)
        real.devices["podium-camera"].faults.set("refuses")
        with pytest.raises(TakeError, match="did not store preset 6: failed"):
            await store_preset(room, "podium-camera", "door", by="test")


async def test_a_moving_camera_is_not_stored() -> None:
    async with demo(only="19") as here:
        await here.until_up("19")
        room, _ = here.room("19")
        await room.drive("podium-camera", 0.3, 0, 0)
        await room.clock.sleep(0.5)
        with pytest.raises(TakeError, match="wait until it stands still"):
            await store_preset(room, "podium-camera", "door", by="test")


async def test_the_number_of_another_word_is_not_taken() -> None:
    async with demo(only="19") as here:
        await here.until_up("19")
        room, _ = here.room("19")
        with pytest.raises(TakeError, match="preset 3 of podium-camera is called 'chair'"):
            await store_preset(room, "podium-camera", "door", 3, by="test")


async def test_a_place_that_another_preset_has_too_can_be_stored() -> None:
    async with demo(only="19") as here:
        await here.until_up("19")
        room, _ = here.room("19")
        await room.clock.sleep(3)  # the camera stands at its panorama
        assert (await store_preset(room, "podium-camera", "door", by="test")).number == 6
