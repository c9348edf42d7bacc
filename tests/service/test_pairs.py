"""Main and backup over the API: how pairs stand, changing over, arming, drills, and what the journal keeps of it."""

import asyncio
import json
from typing import Any

import pytest

from avctl.clock import Clock
from service.journal import Journal
from tests.served import API
from tests.service.house import House, house

pytestmark = pytest.mark.virtual

ROOM = f"{API}/rooms/19"
PODIUM = f"{ROOM}/pairs/podium"
SPEECH = -20.0  # dBFS


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def pair(here: House, name: str = "podium") -> dict[str, Any]:
    pairs = (await here.client.get(f"{ROOM}/pairs")).json()["pairs"]
    return next(told for told in pairs if told["pair"] == name)


async def until_well(here: House) -> None:
    watched = here.room.pairs.by_name["podium"]
    await here.until(lambda: {health.fitness for health in watched.health.values()} == {"well"})


async def with_the_speaker_on(here: House) -> None:
    """The podium microphone is open, and both sides are well."""
    take = await here.client.post(f"{ROOM}/scenes/speaker-close-up/take", params={"wait": 10})
    assert take.json()["verdict"] == "confirmed"
    await until_well(here)


def kill_main(here: House) -> None:
    here.real["19"].set_microphone("podium-mic", alive=False)
    here.real["19"].refresh()


def events(here: House, event: str) -> list[dict[str, Any]]:
    return [e.data for e in here.entries if e.kind == "pair" and e.data["event"] == event]


async def test_a_room_tells_how_both_sides_of_its_pairs_stand():
    async with house() as here:
        await until_well(here)
        told = await pair(here)
        assert (told["active"], told["arm"], told["made"]) == ("main", "advise", "microphones")
        assert (told["main"]["name"], told["main"]["fitness"]) == ("podium-mic", "well")
        assert told["backup"]["title"]["en"] == "Podium backup mic"
        assert told["run"] is None
        room = (await here.client.get(ROOM)).json()
        assert [each["pair"] for each in room["pairs"]] == ["podium", "main-camera"]


async def test_a_changeover_is_a_take_whose_run_the_pair_tells():
    async with house() as here:
        await with_the_speaker_on(here)
        answer = await here.client.post(
            f"{PODIUM}/change-over",
            params={"wait": 5},
            json={"to": "backup"},
            headers={"X-Panel": "desk"},
        )
        assert (answer.status_code, answer.json()["verdict"]) == (200, "confirmed")
        await here.until(lambda: events(here, "active"))
        told = await pair(here)
        assert (told["active"], told["run"]["run"]) == ("backup", answer.json()["run"])
        assert told["run"]["by"] == "desk"
        assert [e["to"] for e in events(here, "change-over")] == ["backup"]


async def test_a_changeover_that_fails_tells_its_return_and_what_could_not_be_returned():
    async with house() as here:
        await with_the_speaker_on(here)
        here.simulator("mixer").faults.set("refuses", times=1)
        answer = await here.client.post(
            f"{PODIUM}/change-over", params={"wait": 5}, json={"to": "backup"}
        )
        failed = answer.json()
        assert failed["verdict"] == "failed"
        takes = here.room.takes
        await here.until(lambda: any(take.scene.name.startswith("return from") for take in takes))
        told = (await here.client.get(f"{ROOM}/runs/{failed['run']}")).json()
        back = (await here.client.get(f"{ROOM}/runs/{told['then']}")).json()
        assert told["wish"] == "return"
        assert back["scene"] == "return from podium to backup"
        assert told["unreturned"] == []


async def test_the_same_key_changes_over_once():
    async with house() as here:
        await with_the_speaker_on(here)
        key = {"Idempotency-Key": "k"}
        before = len(here.room.takes)
        for _ in range(2):
            await here.client.post(f"{PODIUM}/change-over", json={"to": "backup"}, headers=key)
        assert len(here.room.takes) == before + 1
        other = await here.client.post(f"{PODIUM}/change-over", json={"to": "main"}, headers=key)
        assert (other.status_code, other.json()["code"]) == (422, "key-reused")


async def test_a_dead_main_is_advised_with_its_reason_and_recorded():
    async with house() as here:
        await with_the_speaker_on(here)
        kill_main(here)
        await here.until(lambda: events(here, "advised"))
        told = await pair(here)
        assert (told["advised"], told["active"]) == (True, "main")
        assert told["main"]["fitness"] == "dead"
        assert "below the noise" in told["main"]["why"]["en"]
        assert told["main"]["why"]["zh"]
        dead = [e for e in events(here, "health") if e["fitness"] == "dead"]
        assert [(e["side"], e["name"]) for e in dead] == [("main", "podium-mic")]
        figures = (await here.client.get("/metrics")).text
        assert 'avctl_pair_side_dead{pair="podium",room="19",side="main"} 1.0' in figures
        assert 'avctl_pair_on_backup{pair="podium",room="19"} 0.0' in figures


async def test_an_automatic_changeover_latches_until_it_is_reset():
    async with house() as here:
        await with_the_speaker_on(here)
        armed = await here.client.put(f"{PODIUM}/arm", json={"arm": "automatic"})
        assert (armed.status_code, armed.json()["arm"]) == (200, "automatic")
        kill_main(here)
        await here.until(lambda: events(here, "active"))
        told = await pair(here)
        assert (told["latched"], told["active"], told["run"]["by"]) == (True, "backup", "automatic")
        await here.until(lambda: "incident" in here.kinds())
        reset = await here.client.post(f"{PODIUM}/reset")
        assert reset.json()["latched"] is False
        assert events(here, "armed")[0]["before"] == "advise"
        assert len(events(here, "reset")) == len(events(here, "latched")) == 1


async def test_an_emergency_leaves_an_incident_with_what_ran_before_and_every_moment():
    async with house() as here:
        await with_the_speaker_on(here)
        url = f"{ROOM}/scenes/emergency-backup/take"
        refused = await here.client.post(url)
        assert (refused.status_code, refused.json()["code"]) == (409, "held-back")
        taken = await here.client.post(
            url, params={"wait": 5, "confirm": "true"}, headers={"X-Panel": "desk"}
        )
        assert taken.json()["verdict"] == "confirmed"
        incident = next(e for e in here.entries if e.kind == "incident")
        assert (incident.by, incident.data["scene"]) == ("desk", "emergency-backup")
        assert "speaker-close-up" in [take["scene"] for take in incident.data["before"]]
        after = [moment["after"] for moment in incident.data["timeline"]]
        assert after == sorted(after)
        moments = {
            (m["moment"], m["target"]) for m in incident.data["timeline"] if m["word"] == "muted"
        }
        assert {("sent", "podium-mic-backup"), ("confirmed", "podium-mic")} <= moments


async def test_a_changeover_of_what_lives_is_no_incident():
    async with house() as here:
        await with_the_speaker_on(here)
        url, wait = f"{PODIUM}/change-over", {"wait": 5}
        await here.client.post(url, params=wait, json={"to": "backup"})
        assert "incident" not in here.kinds()


async def test_a_drill_runs_in_the_background_and_leaves_its_record():
    async with house() as here:
        await until_well(here)
        begun = await here.client.post(f"{ROOM}/drill", json={"pairs": ["podium"]})
        assert (begun.status_code, begun.json()["state"]) == (202, "running")
        again = await here.client.post(f"{ROOM}/drill")
        assert (again.status_code, again.json()["code"]) == (409, "held-back")
        await here.until(
            lambda: any(e.kind == "drill" and e.data["event"] == "ended" for e in here.entries)
        )
        (record,) = (await here.client.get(begun.headers["location"])).json()["drills"]
        assert (record["state"], record["pairs"]) == ("good", ["podium"])
        assert [each["there"]["verdict"] for each in record["rehearsals"]] == ["confirmed"]
        assert "讲台备用话筒 Podium backup mic: muted" in record["record"]
        assert "切至备用 " in record["record"]


async def test_no_drill_while_a_meeting_may_be_on():
    async with house() as here:
        await with_the_speaker_on(here)
        refused = await here.client.post(f"{ROOM}/drill")
        assert (refused.status_code, refused.json()["code"]) == (409, "held-back")
        assert "podium-mic" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/pairs/other/change-over", {"to": "backup"}),
        ("PUT", "/pairs/other/arm", {"arm": "off"}),
        ("POST", "/pairs/other/reset", None),
        ("POST", "/drill", {"pairs": ["other"]}),
    ],
)
async def test_an_unknown_pair_is_told_with_those_there_are(method, path, body):
    async with house() as here:
        answer = await here.client.request(method, f"{ROOM}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
        assert "podium, main-camera" in answer.json()["detail"]


async def test_panels_are_told_of_a_pair_that_changed():
    async with house() as here:
        await with_the_speaker_on(here)
        client = here.parts.hub.join()
        await client.next()
        kill_main(here)
        async with asyncio.timeout(10):
            while True:
                told = json.loads(await client.next() or "null")
                if told["type"] == "pair" and told["pair"]["advised"]:
                    break
        assert (told["room"], told["pair"]["pair"]) == ("19", "podium")
        here.parts.hub.leave(client)


async def test_arm_and_latch_survive_a_restart():
    journal = Journal(Clock())
    async with house(journal=journal) as here:
        await with_the_speaker_on(here)
        await here.client.put(f"{PODIUM}/arm", json={"arm": "automatic"})
        kill_main(here)
        await here.until(lambda: events(here, "latched"))
    async with house(journal=journal) as here:
        told = await pair(here)
        assert (told["arm"], told["latched"]) == ("automatic", True)
        await here.client.post(f"{PODIUM}/reset")
        await here.client.put(f"{PODIUM}/arm", json={"arm": "off"})
    async with house(journal=journal) as here:
        told = await pair(here)
        assert (told["arm"], told["latched"]) == ("off", False)


async def test_an_arm_set_by_hand_ends_when_the_room_file_says_otherwise():
    journal = Journal(Clock())
    stands = {"arm": "automatic", "file": "off", "latched": False, "active": "main"}
    journal.note("pair", {"pair": "podium", "event": "armed", "stands": stands}, room="19")
    async with house(journal=journal) as here:
        assert (await pair(here))["arm"] == "advise"
