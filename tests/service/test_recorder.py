"""What the journal is told."""

import asyncio

import pytest

from tests.served import API
from tests.service.house import house

pytestmark = pytest.mark.virtual

TAKE = f"{API}/rooms/19/scenes/speaker-close-up/take"


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def settled(here):
    """Cameras find their places when they are switched on, which nobody here asked for either."""
    await asyncio.sleep(20)
    here.entries.clear()


async def test_a_take_is_recorded_from_the_tap_to_the_verdict():
    async with house() as here:
        headers = {"X-Panel": "%E5%B7%A6"}
        run = (await here.client.post(TAKE, headers=headers, params={"wait": 10})).json()
        entries = [entry for entry in here.entries if entry.data.get("run") == run["run"]]
        kinds = [entry.kind for entry in entries]
        assert kinds == ["tap", *["step"] * len(run["steps"]), "verdict"]
        tap, *steps, verdict = entries
        assert (tap.room, tap.by, tap.data["scene"]) == ("19", "左", "speaker-close-up")
        assert verdict.data["verdict"] == "confirmed"
        assert {step["target"] for step in verdict.data["steps"]} == {
            entry.data["target"] for entry in steps
        }
        moments = ("planned", "sent", "answered", "confirmed", "ended")
        driven = [step for step in verdict.data["steps"] if step["verdict"] == "confirmed"]
        assert driven
        assert all(step[moment] is not None for step in driven for moment in moments)


async def test_devices_are_recorded_as_they_come_and_go():
    async with house() as here:
        entries = [entry for entry in here.entries if entry.kind == "device"]
        assert {entry.data["device"] for entry in entries} == set(here.room.devices)
        here.simulator("mixer").faults.set("cut", True)
        await here.until(lambda: not here.room.devices["mixer"].up)
        last = here.entries[-1]
        assert (last.kind, last.data["device"], last.data["up"]) == ("device", "mixer", False)
        assert last.data["reason"]


async def test_what_somebody_else_changes_is_recorded_once_it_stands():
    async with house() as here:
        await settled(here)
        here.simulator("matrix").press_tie(4, 1)
        await here.until(lambda: "outside" in here.kinds())
        (entry,) = [entry for entry in here.entries if entry.kind == "outside"]
        assert (entry.room, entry.data["device"], entry.data["value"]) == ("19", "matrix", 4)
        assert entry.data["point"].startswith("output/1")


async def test_what_a_take_changes_was_not_somebody_else():
    async with house() as here:
        await settled(here)
        for scene in ("speaker-close-up", "restore-panorama"):
            url = f"{API}/rooms/19/scenes/{scene}/take"
            answer = await here.client.post(url, params={"wait": 10})
            assert answer.json()["verdict"] == "confirmed"
            await asyncio.sleep(5)
        assert "outside" not in here.kinds()


async def test_a_stroke_by_hand_is_recorded_once():
    async with house() as here:
        await settled(here)
        camera = f"{API}/rooms/19/cameras/podium-camera"
        for _ in range(5):
            await here.client.post(f"{camera}/drive", json={"pan": 0.5})
            await asyncio.sleep(0.4)
        await here.client.post(f"{camera}/stop")
        await asyncio.sleep(5)
        hands = [entry.data for entry in here.entries if entry.kind == "hand"]
        assert [hand.get("stop", False) for hand in hands] == [False, True]
        assert "outside" not in here.kinds()


async def test_the_service_records_its_start_and_its_stop():
    async with house(up=False) as here:
        pass
    events = [entry.data["event"] for entry in here.entries if entry.kind == "service"]
    assert events == ["start", "stop"]


async def test_the_journal_is_read_in_pages():
    async with house() as here:
        await here.client.post(TAKE, params={"wait": 10})
        seen, last = [], 0
        while True:
            answer = await here.client.get(f"{API}/journal", params={"after": last, "limit": 7})
            page = answer.json()
            if not page["entries"]:
                assert page["last"] == last
                break
            seen += [entry["seq"] for entry in page["entries"]]
            last = page["last"]
        assert seen == list(range(1, len(seen) + 1))
        newest = (await here.client.get(f"{API}/journal", params={"limit": 3})).json()
        assert [entry["seq"] for entry in newest["entries"]] == seen[-3:]
        assert set(newest["entries"][0]) == {"seq", "at", "kind", "room", "by", "data", "hash"}
