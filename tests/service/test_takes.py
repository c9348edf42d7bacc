"""Taps over the API: verdicts, keys, double taps, single points, cameras by hand."""

import asyncio

import pytest

from avctl.clock import Clock
from avctl.scenes.take import Take
from avctl.site import open_site
from service.journal import JournalError
from service.taps import Tap, Taps
from tests.rooms import DEMO
from tests.served import API
from tests.service.house import House, house

pytestmark = pytest.mark.virtual

TAKE = f"{API}/rooms/19/scenes/speaker-close-up/take"
SET = f"{API}/rooms/19/set"


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


def close_ups(here: House) -> list[Take]:
    """Without the faders of backup microphones, which follow."""
    return [take for take in here.room.takes if take.scene.name == "speaker-close-up"]


async def test_a_tap_that_waits_is_answered_with_its_verdict():
    async with house() as here:
        answer = await here.client.post(TAKE, params={"wait": 10})
        run = answer.json()
        assert answer.status_code == 200, run
        assert run["verdict"] == "confirmed"
        assert run["culprits"] == []
        assert all(step["verdict"] in ("confirmed", "skipped") for step in run["steps"])
        assert here.real["19"].far_end_sees().source == "podium-camera"


async def test_a_tap_that_does_not_wait_leads_to_its_run():
    async with house() as here:
        answer = await here.client.post(TAKE)
        assert answer.status_code == 202
        assert answer.json()["verdict"] is None
        await here.room.takes[-1].ended.wait()
        run = (await here.client.get(answer.headers["location"])).json()
        assert (run["run"], run["verdict"]) == (answer.json()["run"], "confirmed")


async def test_waiting_ends_when_its_time_is_over():
    async with house() as here:
        answer = await here.client.post(TAKE, params={"wait": 0.05})
        assert answer.status_code == 202
        assert 0.04 < answer.json()["elapsed"] < 0.2


async def test_the_same_key_leads_to_the_same_run():
    async with house() as here:
        key = {"Idempotency-Key": "k1"}
        first = await here.client.post(TAKE, headers=key, params={"wait": 10})
        again = await here.client.post(TAKE, headers={**key, "X-Panel": "other"})
        assert again.status_code == 200
        assert again.json() == first.json()
        assert again.headers["idempotent-replay"] == "true"
        assert "idempotent-replay" not in first.headers
        assert len(close_ups(here)) == 1


async def test_a_key_used_for_another_target_is_refused():
    async with house() as here:
        key = {"Idempotency-Key": "k1"}
        await here.client.post(TAKE, headers=key)
        other = f"{API}/rooms/19/scenes/restore-panorama/take"
        answer = await here.client.post(other, headers=key)
        assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")
        assert len(here.room.takes) == 1


async def test_another_key_is_another_tap():
    async with house() as here:
        for key in ("a", "b"):
            await here.client.post(TAKE, headers={"Idempotency-Key": key})
        assert len(here.room.takes) == 2


async def test_a_key_is_forgotten_after_a_day():
    room = open_site(DEMO, Clock()).rooms["19"]
    taps = Taps(room.clock)
    tap = Tap(room, ("19", "take", "show-laptop"), "panel", "k1")
    first, _ = taps.start(tap, lambda: room.take("show-laptop", "panel"))
    await asyncio.sleep(24 * 3600 - 10)
    assert taps.start(tap, pytest.fail) == (first, True)
    await asyncio.sleep(20)
    another, again = taps.start(tap, lambda: room.take("show-laptop", "panel"))
    assert another is not first
    assert not again


async def test_a_double_tap_is_one_take():
    async with house() as here:
        runs = [(await here.client.post(TAKE)).json()["run"] for _ in range(3)]
        assert len(set(runs)) == 1
        assert len(here.room.takes) == 1


async def test_a_second_tap_while_it_runs_is_the_same_take():
    async with house() as here:
        first = await here.client.post(TAKE)
        await asyncio.sleep(0.8)
        assert close_ups(here)[-1].verdict is None
        again = await here.client.post(TAKE)
        assert again.json()["run"] == first.json()["run"]


async def test_a_tap_after_the_verdict_is_a_new_take():
    async with house() as here:
        first = await here.client.post(TAKE, params={"wait": 10})
        await asyncio.sleep(0.6)
        again = await here.client.post(TAKE)
        assert again.json()["run"] != first.json()["run"]


async def test_two_panels_that_tap_at_once_are_two_taps():
    async with house() as here:
        for panel in ("left", "right"):
            await here.client.post(TAKE, headers={"X-Panel": panel})
        assert [take.by for take in here.room.takes] == ["left", "right"]


async def test_the_same_scene_again_after_another_is_taken_anew():
    async with house() as here:
        first = (await here.client.post(TAKE)).json()["run"]
        await here.client.post(f"{API}/rooms/19/scenes/restore-panorama/take")
        again = (await here.client.post(TAKE)).json()["run"]
        assert again != first


async def test_a_point_is_set_by_hand():
    async with house() as here:
        body = {"target": "chair-mic", "word": "fader", "value": "-12 dB"}
        answer = await here.client.post(SET, json=body, params={"wait": 3})
        run = answer.json()
        assert (answer.status_code, run["verdict"]) == (200, "confirmed"), run
        assert run["steps"][0]["wanted"] == -12.0
        room = (await here.client.get(f"{API}/rooms/19")).json()
        faders = {mic["microphone"]: mic["fader"] for mic in room["microphones"]}
        assert faders["chair-mic"] == -12.0


async def test_a_mute_taken_back_and_set_again_at_once_is_set_again():
    async with house() as here:
        body = {"target": "chair-mic", "word": "muted"}
        for value in (True, False, True):
            await here.client.post(SET, json={**body, "value": value}, params={"wait": 3})
        assert len(here.room.takes) == 3
        assert here.room.takes[-1].verdict == "confirmed"


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({"target": "nobody", "word": "muted", "value": True}, 404, "podium-mic"),
        ({"target": "podium-mic", "word": "colour", "value": True}, 422, "fader"),
        ({"target": "podium-mic", "word": "muted", "value": "loud"}, 422, "true or false"),
        ({"target": "podium-mic", "word": "fader", "value": "loud"}, 422, "-6 dB"),
        ({"target": "podium-mic", "word": "fader", "value": "nan"}, 422, "-6 dB"),
        ({"target": "podium-mic", "word": "fader", "value": "-inf"}, 422, "-6 dB"),
        ({"target": "podium-mic", "word": "fader", "value": [[]]}, 422, "dB"),
        ({"target": "podium-camera", "word": "preset", "value": {}}, 422, "whole number"),
        ({"target": "podium-camera", "word": "preset", "value": "roof"}, 422, "panorama"),
        ({"target": "podium-camera", "word": "aim", "value": {"pan": 1}}, 422, "tilt"),
        ({"target": "podium-camera", "word": "power", "value": []}, 422, "power"),
        ({"target": "far-end", "word": "source", "value": ["laptop"]}, 422, "laptop"),
        ({"target": "hall-wall", "word": "windows", "value": {"first": "x"}}, 422, "windows"),
        ({"target": 3, "word": "muted", "value": True}, 422, "target"),
        ({"word": "muted"}, 422, "target"),
        ({"target": "podium-mic", "word": "muted", "value": True, "more": 1}, 422, "more"),
        ([], 422, "body"),
    ],
)  # fmt: skip
async def test_what_cannot_be_set_is_told_with_what_would_fit(body, status, word):
    async with house(up=False) as here:
        answer = await here.client.post(SET, json=body)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert word in answer.json()["detail"]
        assert not here.room.takes


async def test_a_camera_moves_by_hand_and_stops():
    async with house() as here:
        camera = f"{API}/rooms/19/cameras/podium-camera"
        drive = {"pan": 0.5, "tilt": 0.0, "zoom": 0.0}
        real = here.simulator("podium-camera")
        before = real.pose()
        assert (await here.client.post(f"{camera}/drive", json=drive)).status_code == 204
        await asyncio.sleep(0.5)
        assert (await here.client.post(f"{camera}/stop")).status_code == 204
        assert real.pose().pan > before.pan
        await asyncio.sleep(0.5)
        stopped = real.pose()
        await asyncio.sleep(1.5)
        assert real.pose() == stopped


async def test_a_camera_that_is_not_told_again_stops_by_itself():
    async with house() as here:
        real = here.simulator("podium-camera")
        url = f"{API}/rooms/19/cameras/podium-camera/drive"
        await here.client.post(url, json={"pan": 0.2})
        await asyncio.sleep(1.5)
        stopped = real.pose()
        await asyncio.sleep(1.0)
        assert real.pose() == stopped


async def test_a_plan_tells_what_a_take_would_do_and_changes_nothing():
    async with house() as here:
        before = here.real["19"].far_end_sees()
        answer = await here.client.get(f"{API}/rooms/19/scenes/speaker-close-up/plan")
        prospects = {step["target"]: step["prospect"] for step in answer.json()["steps"]}
        assert prospects["podium-camera"] == "drive"
        assert here.real["19"].far_end_sees() == before
        assert not here.room.takes


async def test_a_parameter_that_a_scene_does_not_have_is_refused():
    async with house(up=False) as here:
        answer = await here.client.post(TAKE, json={"arguments": {"seat": "3"}})
        assert (answer.status_code, answer.json()["code"]) == (422, "unfit")
        assert "seat" in answer.json()["detail"]


async def test_speeds_beyond_one_are_refused():
    async with house(up=False) as here:
        camera = f"{API}/rooms/19/cameras/podium-camera"
        for bad in ({"pan": 2}, {"pan": "fast"}, {"roll": 1}):
            answer = await here.client.post(f"{camera}/drive", json=bad)
            assert (answer.status_code, answer.json()["code"]) == (422, "unfit")


async def test_a_camera_that_is_away_is_told_as_such():
    async with house(up=False) as here:
        answer = await here.client.post(f"{API}/rooms/19/cameras/podium-camera/stop")
        assert (answer.status_code, answer.json()["code"]) == (503, "link-down")
        assert "podium-camera" in answer.json()["detail"]


async def test_a_tap_that_could_not_be_recorded_is_no_success_but_is_carried_out(monkeypatch):
    async with house() as here:

        async def failing(entry, timeout=5.0):
            raise JournalError("the disk is full")

        monkeypatch.setattr(here.journal, "stored", failing)
        answer = await here.client.post(TAKE, params={"wait": 10})
        assert (answer.status_code, answer.json()["code"]) == (503, "not-recorded")
        take = here.room.takes[-1]
        await take.ended.wait()
        assert take.verdict == "confirmed"
