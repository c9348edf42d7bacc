"""Warm-ups as the service does them: on record, followed by panels, begun by the schedule, taken up after a stop."""

import asyncio
import json
import xml.etree.ElementTree as Xml
from pathlib import Path
from typing import Any

import pytest

from service.store.kept import Kept, KeptError
from tests.operations.hall import HALL, SITE, warmed_up, world
from tests.served import API, Served

pytestmark = pytest.mark.virtual

SCHEDULED = (
    SITE
    + """\
schedule:
  monthly-warm-up:
    title: {zh: 每月预热, en: Monthly warm-up}
    do: warm-up
    cron: 30 15 * * *
    window: 2 h
"""
)  # half an hour after the hall's morning, in Shanghai


def findings(proof: Any) -> dict[str, str]:
    return {each["device"]: each["finding"] for each in proof["devices"] if each["finding"] != "ok"}


async def test_proof_has_every_device_its_minutes_and_its_samples(tmp_path: Path) -> None:
    async with world(tmp_path).service() as service:
        proof = await warmed_up(service)
        assert proof["state"] == "good"
        assert proof["held"] >= 600
        assert findings(proof) == {}
        projector = next(each for each in proof["devices"] if each["device"] == "projector")
        assert projector["minutes_on"] >= 10
        assert projector["identity"]["serial"] == "SIM0001"
        assert projector["readings"]["hours/lamp"] == 1234
        assert [span["state"] for span in projector["spans"]][:4] == [
            "dark",
            "off",
            "warming",
            "on",
        ]
        samples = (await service.get(f"{HALL}/{proof['run']}/samples"))["samples"]
        of_it = [each for each in samples if each["device"] == "projector"]
        assert len(of_it) == projector["samples"] >= 20
        assert of_it[-1]["readings"]["power"] == "on"
        assert service.noted("warm-up", "ended")[0].data["proof"] == proof


async def test_list_tells_the_newest_first_and_whether_there_are_older_ones(tmp_path: Path) -> None:
    async with world(tmp_path).service() as service:
        first = await warmed_up(service, hold=30)
        service.entries.clear()
        second = await warmed_up(service, hold=30)
        told = await service.get(f"{HALL}?limit=1")
        assert [each["run"] for each in told["warm_ups"]] == [second["run"]]
        assert told["more"] is True
        told = await service.get(f"{HALL}?before={second['began']}")
        assert [each["run"] for each in told["warm_ups"]] == [first["run"]]
        assert told["more"] is False
        latest = await service.get("/warm-ups")
        assert [each["run"] for each in latest["warm_ups"]] == [second["run"]]


async def test_panels_follow_every_device_as_it_comes_up(tmp_path: Path) -> None:
    async with world(tmp_path).service() as service:
        client = service.parts.hub.join()
        told: list[Any] = []

        async def listen() -> None:
            while (text := await client.next()) is not None:
                message = json.loads(text)
                if message["type"] == "warm-up":
                    told.append(message["warm_up"])

        listening = asyncio.create_task(listen())
        await warmed_up(service, hold=60)
        await service.parts.clock.sleep(1)
        listening.cancel()
        phases = list(dict.fromkeys(each["phase"] for each in told))
        assert phases == ["getting-ready", "holding", "shutting-down", "ended"]
        progress = [each["progress"] for each in told]
        assert progress == sorted(progress)
        ready = [sum(device["ready"] is not None for device in each["devices"]) for each in told]
        assert set(ready) >= {2, 3, 5, 7}


async def test_picture_is_kept_by_its_hash_and_says_it_in_both_languages(tmp_path: Path) -> None:
    async with world(tmp_path).service() as service:
        proof = await warmed_up(service, hold=60)
        answer = await service.client.get(f"{API}{HALL}/{proof['run']}/picture.svg")
        assert answer.headers["content-type"].startswith("image/svg+xml")
        drawn = Xml.fromstring(answer.text)
        words = " ".join(part.text or "" for part in drawn.iter())
        assert "大厅 预热记录" in words
        assert "Hall · warm-up" in words
        assert "正常 OK" in words
        assert "15:01" in words  # local time
        path = tmp_path / "data" / "files" / proof["picture"][:2] / proof["picture"]
        assert path.read_text("utf-8") == answer.text


async def test_file_that_was_changed_is_found_out(tmp_path: Path) -> None:
    files = Kept(tmp_path)
    name = await files.put(b"proof")
    assert await files.get(name) == b"proof"
    (tmp_path / name[:2] / name).write_bytes(b"other")
    with pytest.raises(KeptError, match="was changed"):
        await files.get(name)
    with pytest.raises(KeptError):
        await files.get("../../etc/passwd")


async def test_room_has_one_warm_up_at_a_time(tmp_path: Path) -> None:
    async with world(tmp_path).service() as service:
        first, second = await asyncio.gather(service.post(HALL), service.post(HALL))
        assert sorted((first.status_code, second.status_code)) == [202, 409]


async def test_room_in_use_is_not_warmed_up_unless_that_is_meant(tmp_path: Path) -> None:
    async with world(tmp_path).service() as service:
        await service.room.set("mic", "muted", False, "operator").ended.wait()
        answer = await service.post(HALL)
        assert answer.status_code == 409
        assert "mic is open" in answer.json()["detail"]
        answer = await service.post(HALL, {"during_meeting": True})
        assert answer.status_code == 202


async def test_what_is_asked_for_is_checked(tmp_path: Path) -> None:
    async with world(tmp_path).service() as service:
        assert (await service.post(HALL, {"skip": ["nobody"]})).status_code == 404
        assert (await service.post(HALL, {"hold": -1})).status_code == 422
        assert (await service.client.get(f"{API}{HALL}/none")).status_code == 404
        assert (await service.post(f"{HALL}/none/break-off")).status_code == 404


async def test_warm_up_that_is_broken_off_is_incomplete_and_says_by_whom(tmp_path: Path) -> None:
    hall = world(tmp_path)
    async with hall.service() as service:
        run = (await service.post(HALL)).json()["run"]
        await service.until(lambda: hall.device("laser").truth()["power"] == "lit")
        assert (await service.post(f"{HALL}/{run}/break-off")).status_code == 200
        await service.until(lambda: service.noted("warm-up", "ended"))
        proof = await service.get(f"{HALL}/{run}")
        assert proof["state"] == "incomplete"
        assert proof["incomplete"]["en"] == "broken off by a person: test"
        assert hall.device("laser").truth()["power"] == "lit"


async def test_device_that_failed_raises_an_alarm_in_both_languages(tmp_path: Path) -> None:
    async with world(tmp_path, {"projector": {"stuck": "warming"}}).service() as service:
        proof = await warmed_up(service, hold=30)
        assert proof["state"] == "bad"
        assert findings(proof) == {"projector": "stuck-warming"}
        (alarm,) = service.noted("alarm")
        assert alarm.room == "hall"
        assert alarm.data["alarm"] == "warm-up/hall/projector"
        assert "停在预热" in alarm.data["text"]["zh"]
        assert "stuck warming" in alarm.data["text"]["en"]


async def test_other_device_than_last_month_is_told_until_a_person_accepts_it(
    tmp_path: Path,
) -> None:
    hall = world(tmp_path)
    async with hall.service() as service:
        assert findings(await warmed_up(service, hold=30)) == {}
        hall.device("projector").knobs.serial = "SIM0777"
        for _ in range(2):
            service.entries.clear()
            assert findings(await warmed_up(service, hold=30)) == {"projector": "wrong-identity"}
        answer = await service.post(f"{HALL}/identities/projector/accept")
        assert answer.status_code == 204
        service.entries.clear()
        assert findings(await warmed_up(service, hold=30)) == {}


# By the schedule.


async def outcome(service: Served) -> dict[str, Any]:
    await service.until(lambda: service.noted("job", "ended"), 4 * 3600)
    return dict(service.noted("job", "ended")[-1].data)


async def test_schedule_warms_the_room_up_when_it_is_due(tmp_path: Path) -> None:
    async with world(tmp_path, site=SCHEDULED).service() as service:
        told = await outcome(service)
        assert told["outcome"] == "done", told
        assert "held for 10.0 min" in told["why"]
        assert len(service.noted("warm-up", "begun")) == 1


async def test_live_meeting_postpones_it_and_that_is_said(tmp_path: Path) -> None:
    async with world(tmp_path, site=SCHEDULED).service() as service:
        await service.room.set("mic", "muted", False, "operator").ended.wait()
        await service.until(lambda: service.noted("job", "put-off"), 3600)
        assert "mic is open" in service.noted("job", "put-off")[0].data["why"]
        assert not service.noted("warm-up", "begun")
        await service.parts.clock.sleep(1800)
        assert not service.noted("warm-up", "begun")
        await service.room.set("mic", "muted", True, "operator").ended.wait()
        told = await outcome(service)
        assert told["outcome"] == "done", told
        assert len(service.noted("warm-up", "begun")) == 1


async def test_meeting_that_lasts_longer_than_the_window_makes_it_missed_with_an_alarm(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, site=SCHEDULED).service() as service:
        await service.room.set("mic", "muted", False, "operator").ended.wait()
        told = await outcome(service)
        assert told["outcome"] == "missed"
        await service.until(lambda: service.noted("alarm"), 60)
        assert "mic is open" in service.noted("alarm")[0].data["text"]["en"]


# After a stop.


async def test_hold_goes_on_where_the_service_was_stopped(tmp_path: Path) -> None:
    hall = world(tmp_path)
    async with hall.service() as service:
        run = (await service.post(HALL)).json()["run"]
        await service.until(lambda: service.noted("warm-up", "phase"))
        await service.parts.clock.sleep(200)
    await asyncio.sleep(30)
    async with hall.service() as service:
        await service.until(lambda: service.noted("warm-up", "ended"))
        proof = await service.get(f"{HALL}/{run}")
        assert proof["state"] == "good", proof["incomplete"]
        assert proof["held"] >= 600
        burnt = hall.device("laser").power.burnt
        assert 600 <= burnt < 700
        assert not hall.device("projector").truth()["mains"]
        states = [span["state"] for span in proof["devices"][2]["spans"]]
        assert "unseen" in states
        assert len((await service.get(HALL))["warm_ups"]) == 1


async def test_long_stop_makes_it_incomplete_and_leaves_the_room_alone(tmp_path: Path) -> None:
    hall = world(tmp_path)
    async with hall.service() as service:
        run = (await service.post(HALL)).json()["run"]
        await service.until(lambda: service.noted("warm-up", "phase"))
    await asyncio.sleep(3600)
    async with hall.service() as service:
        await service.until(lambda: service.noted("warm-up", "ended"))
        proof = await service.get(f"{HALL}/{run}")
        assert proof["state"] == "incomplete"
        assert proof["left_on"]
        assert hall.device("laser").truth()["power"] == "lit"
        assert service.noted("alarm")


async def test_stop_while_the_room_goes_off_is_made_up_for(tmp_path: Path) -> None:
    hall = world(tmp_path)
    async with hall.service() as service:
        run = (await service.post(HALL, {"hold": 30})).json()["run"]
        await service.until(
            lambda: [
                e for e in service.noted("warm-up", "phase") if e.data["phase"] == "shutting-down"
            ]
        )
        await service.parts.clock.sleep(5)
    await asyncio.sleep(10)
    async with hall.service() as service:
        await service.until(lambda: service.noted("warm-up", "ended"))
        proof = await service.get(f"{HALL}/{run}")
        assert proof["state"] == "good", findings(proof)
        assert not hall.device("projector").truth()["mains"]
        assert hall.device("projector").hot_cuts == 0


async def test_proofs_are_there_after_a_restart(tmp_path: Path) -> None:
    hall = world(tmp_path)
    async with hall.service() as service:
        proof = await warmed_up(service, hold=30)
    async with hall.service() as service:
        assert (await service.get(HALL))["warm_ups"] == [proof]
        samples = (await service.get(f"{HALL}/{proof['run']}/samples"))["samples"]
        assert samples
        assert (
            await service.client.get(f"{API}{HALL}/{proof['run']}/picture.svg")
        ).status_code == 200
