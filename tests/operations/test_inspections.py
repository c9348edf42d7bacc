"""Inspections of the demo's rooms: what really stands there, and what people saw."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.operations.centre import world
from tests.served import API, Served

pytestmark = pytest.mark.virtual

SCHEDULED = """\
schedule:
  weekly:
    title: {zh: 每周巡检, en: Weekly inspection}
    do: inspection
    cron: 1 9 * * MON
"""  # a minute after the centre's morning, in Shanghai
NO_LOOKS = "inspection: {look: {}}\n"


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def inspected(here: Served, room: str) -> Any:
    """A room inspected as far as its devices tell."""
    begun = await here.done(f"/rooms/{room}/inspections")
    made = here.parts.inspections.find(begun["inspection"])
    await here.parts.inspections.until_read(made)
    return await here.get(f"/inspections/{begun['inspection']}")


def wrong(told: Any) -> dict[str, str]:
    return {
        each["item"]: each["result"]
        for each in told["checks"]
        if each["result"] != "good" and "examined" not in each["item"]
    }


async def answer(here: Served, told: Any, look: str, result: str = "good", **more: Any) -> Any:
    path = f"/inspections/{told['inspection']}/looks/{look}"
    return await here.done(path, {"result": result, **more}, by="李工")


def picture(kind: str, size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, kind, **more)
    return made.getvalue()


async def send_photo(here: Served, told: Any, look: str, data: bytes, kind: str) -> Any:
    path = f"{API}/inspections/{told['inspection']}/looks/{look}/photo"
    headers = {"Content-Type": kind, "X-Panel": "test"}
    return await here.client.post(path, content=data, headers=headers)


async def test_healthy_room_is_found_well_and_its_cameras_look_where_they_looked(
    tmp_path: Path,
) -> None:
    place = world(tmp_path, "annex-6")
    async with place.service() as here:
        await here.parts.clock.sleep(10)
        before = place.device("annex-6", "camera").truth()
        told = await inspected(here, "annex-6")
        assert wrong(told) == {}
        assert {each["device"] for each in told["checks"]} == set(
            here.site.rooms["annex-6"].devices
        )
        said = {each["item"]: each["text"]["en"] for each in told["checks"]}
        assert said["camera:presets"] == "goes to its presets: panorama, speaker, chair, rostrum"
        assert said["recorder:space"] == "120 min of recording left"
        assert (told["state"], told["to_look_at"]) == ("open", ["tidy", "dust", "cables", "earth"])
        after = place.device("annex-6", "camera").truth()
        assert [after[axis] for axis in ("pan", "tilt", "zoom")] == [
            before[axis] for axis in ("pan", "tilt", "zoom")
        ]


async def test_faults_that_are_really_there_are_found_and_open_incidents(tmp_path: Path) -> None:
    place = world(tmp_path, "annex-6", more=NO_LOOKS)
    async with place.service() as here:
        await here.parts.clock.sleep(10)
        beamer = place.device("annex-6", "beamer")
        beamer.press_failure("lamp", 1)
        beamer.press_failure("filter", 2)
        await here.parts.clock.sleep(60)  # until it is an alarm too, which opens the incident
        del place.device("annex-6", "camera").presets[2]
        fill(place.device("annex-6", "recorder"), seconds=600)
        told = await inspected(here, "annex-6")
        assert wrong(told) == {
            "beamer:fault/lamp": "watch",
            "beamer:fault/filter": "fault",
            "camera:presets": "fault",
            "recorder:space": "watch",
        }
        assert told["state"] == "closed"
        assert told["result"] == "fault"
        incidents = (await here.get("/incidents"))["incidents"]
        about = {each["device"]: (each["source"], each["state"]) for each in incidents}
        assert about == {"beamer": ("alarm", "open"), "camera": ("inspection", "open")}
        assert len(incidents) == 2  # what an alarm has opened is not opened again
        by_item = {each["item"]: each["incident"] for each in told["checks"] if each["incident"]}
        assert set(by_item) == {"beamer:fault/filter", "camera:presets"}
        assert set(by_item.values()) == {each["incident"] for each in incidents}
        # The same fault a week later is the same incident, until it is repaired.
        again = await inspected(here, "annex-6")
        assert {e["item"]: e["incident"] for e in again["checks"] if e["incident"]} == by_item
        assert len((await here.get("/incidents"))["incidents"]) == 2
        number = by_item["camera:presets"]
        await here.done(f"/incidents/{number}/repair", {"done": "stored anew"})
        third = await inspected(here, "annex-6")
        fresh = {e["item"]: e["incident"] for e in third["checks"] if e["incident"]}
        assert fresh["camera:presets"] != number
        assert fresh["beamer:fault/filter"] == by_item["beamer:fault/filter"]


def fill(recorder: Any, seconds: float) -> None:
    """Leave so much room on all of its media."""
    for slot in recorder.slots.values():
        slot.left = seconds


async def test_device_that_was_swapped_or_carried_away_is_told_by_its_serial(
    tmp_path: Path,
) -> None:
    place = world(tmp_path, "17", "annex-6", more=NO_LOOKS)
    async with place.service() as here:
        await here.parts.clock.sleep(5)
        one, two = place.device("17", "beamer"), place.device("annex-6", "beamer")
        for simulator in (one, two):
            simulator.faults.set("cut", True)
        beamers = [here.site.rooms[name].devices["beamer"] for name in ("17", "annex-6")]
        await here.until(lambda: not any(each.up for each in beamers))
        two.knobs.serial, one.knobs.serial = one.knobs.serial, "STRANGER"
        two.faults.clear("cut")
        await here.until(lambda: beamers[1].up)
        await here.parts.clock.sleep(2)
        told = {e["item"]: e for e in (await inspected(here, "annex-6"))["checks"]}
        moved = told["beamer:identity"]
        assert (moved["result"], moved["text"]["zh"]) == (
            "watch",
            "由17/beamer移至annex-6/beamer",
        )
        told = {e["item"]: e for e in (await inspected(here, "17"))["checks"]}
        assert told["beamer:link"]["result"] == "fault"
        assert (
            told["beamer:identity"]["text"]["en"] == "the device of this place is at annex-6/beamer"
        )
        one.faults.clear("cut")
        await here.until(lambda: beamers[0].up)
        await here.parts.clock.sleep(2)
        told = {e["item"]: e for e in (await inspected(here, "17"))["checks"]}
        assert told["beamer:identity"]["result"] == "fault"
        assert "STRANGER" in told["beamer:identity"]["text"]["zh"]
        item = here.parts.ledger.book.at["17", "beamer"].item
        await here.done(f"/ledger/{item}/events", {"event": "confirmed"})
        told = {e["item"]: e for e in (await inspected(here, "17"))["checks"]}
        assert told["beamer:identity"]["result"] == "good"


async def test_lent_device_is_not_blamed_for_being_away(tmp_path: Path) -> None:
    place = world(tmp_path, "annex-6", more=NO_LOOKS)
    async with place.service() as here:
        item = here.parts.ledger.book.at["annex-6", "recorder"].item
        body = {"event": "lent", "to": "北京", "until": "2026-03-01"}
        place.device("annex-6", "recorder").faults.set("cut", True)
        await here.until(lambda: not here.site.rooms["annex-6"].devices["recorder"].up)
        assert wrong(await inspected(here, "annex-6")) == {"recorder:link": "fault"}
        await here.done(f"/ledger/{item}/events", {**body, "until": "2026-03-09"})
        assert wrong(await inspected(here, "annex-6")) == {"recorder:link": "skipped"}
        await here.done(f"/ledger/{item}/events", body)
        assert wrong(await inspected(here, "annex-6")) == {"recorder:link": "watch"}


async def test_cameras_are_left_alone_while_a_meeting_is_on(tmp_path: Path) -> None:
    place = world(tmp_path, "annex-6", more=NO_LOOKS)
    async with place.service() as here:
        await here.parts.clock.sleep(10)
        await here.done("/rooms/annex-6/meeting", {"title": "例会"})
        told = await inspected(here, "annex-6")
        presets = next(each for each in told["checks"] if each["item"] == "camera:presets")
        assert presets["result"] == "skipped"
        assert "例会" in presets["text"]["zh"]
        assert not here.noted("tap")
        assert told["result"] == "good"


async def test_camera_in_standby_is_not_blamed_for_its_presets(tmp_path: Path) -> None:
    place = world(tmp_path, "annex-6")
    async with place.service() as here:
        await here.site.rooms["annex-6"].take("shut-down", "test", confirmed=True).ended.wait()
        told = await inspected(here, "annex-6")
        said = {each["item"]: (each["result"], each["text"]["en"]) for each in told["checks"]}
        assert said["camera:presets"] == (
            "skipped", "presets not looked at: the camera is in standby",
        )  # fmt: skip


async def test_operator_who_takes_the_camera_has_it_and_the_inspection_lets_go(
    tmp_path: Path,
) -> None:
    place = world(tmp_path, "annex-6", more=NO_LOOKS)
    async with place.service() as here:
        await here.parts.clock.sleep(10)
        begun = await here.done("/rooms/annex-6/inspections")
        made = here.parts.inspections.find(begun["inspection"])
        await here.until(lambda: len(here.noted("tap")) == 3)
        room = here.site.rooms["annex-6"]
        take = room.set("camera", "preset", "speaker", by="operator")
        await here.parts.inspections.until_read(made)
        await take.ended.wait()
        assert take.verdict == "confirmed"
        told = await here.get(f"/inspections/{made.identity}")
        assert wrong(told) == {"camera:presets": "skipped"}
        await here.parts.clock.sleep(5)
        assert room.takes[-1] is take


async def test_people_answer_what_they_saw_and_the_last_answer_closes_it(tmp_path: Path) -> None:
    async with world(tmp_path, "annex-6").service() as here:
        told = await inspected(here, "annex-6")
        for look in ("tidy", "dust", "cables"):
            told = await answer(here, told, look)
            assert told["state"] == "open"
        told = await answer(here, told, "earth", "fault", remark="接地线松动")
        assert (told["state"], told["result"], told["ended_by"]) == ("closed", "fault", "李工")
        earth = next(each for each in told["looks"] if each["look"] == "earth")
        incident = (await here.get("/incidents"))["incidents"][0]
        assert earth["incident"] == incident["incident"]
        assert incident["signs"].endswith("接地线松动")
        late = await here.post(f"/inspections/{told['inspection']}/looks/dust", {"result": "good"})
        assert (late.status_code, late.json()["code"]) == (409, "conflict")
        closed = here.noted("inspection", "closed")[-1]
        assert closed.data["counts"]["good"] == told["counts"]["good"]


async def test_inspection_that_nobody_finishes_is_closed_by_the_next_one(tmp_path: Path) -> None:
    async with world(tmp_path, "annex-6").service() as here:
        first = await inspected(here, "annex-6")
        second = await here.done("/inspections")
        running = await here.post("/rooms/annex-6/inspections")
        assert (running.status_code, running.json()["code"]) == (409, "conflict")
        page = await here.get("/inspections?room=annex-6&limit=1")
        assert page["more"] is True
        assert page["inspections"][0]["inspection"] == second["inspections"][0]["inspection"]
        older = await here.get(f"/inspections?before={page['inspections'][0]['seq']}")
        told = older["inspections"][0]
        assert (told["inspection"], told["state"]) == (first["inspection"], "closed")
        assert told["to_look_at"] == ["tidy", "dust", "cables", "earth"]


async def test_two_who_begin_at_once_begin_one_inspection(tmp_path: Path) -> None:
    async with world(tmp_path, "annex-6").service() as here:
        await inspected(here, "annex-6")
        path = "/rooms/annex-6/inspections"
        both = await asyncio.gather(here.post(path), here.post(path))
        assert sorted(each.status_code for each in both) == [202, 409]
        assert len(here.noted("inspection", "begun")) == 2
        assert len(here.noted("inspection", "closed")) == 1


async def test_photo_is_kept_by_its_hash_without_where_it_was_taken(tmp_path: Path) -> None:
    async with world(tmp_path, "annex-6").service(up=False) as here:
        told = await here.done("/rooms/annex-6/inspections")
        exif = Image.Exif()
        exif[0x010F], exif[0x0112] = "SECRET-MAKER", 6  # to be turned by a quarter
        large = picture("JPEG", (3000, 1500), exif=exif)
        assert b"SECRET-MAKER" in large
        answer = await send_photo(here, told, "dust", large, "image/jpeg")
        assert answer.status_code == 201, answer.text
        name = answer.json()["photo"]
        kept = await here.client.get(f"{API}/inspections/{told['inspection']}/photos/{name}")
        assert kept.headers["content-type"] == "image/jpeg"
        assert b"SECRET-MAKER" not in kept.content
        assert Image.open(io.BytesIO(kept.content)).size == (1024, 2048)
        assert (tmp_path / "data" / "files" / name[:2] / name).read_bytes() == kept.content
        assert here.noted("inspection", "photo")[0].data["photo"] == name
        for kind in ("PNG", "WEBP"):
            answer = await send_photo(here, told, "dust", picture(kind), f"image/{kind.lower()}")
            assert answer.status_code == 201
        strange = await here.client.get(f"{API}/inspections/{told['inspection']}/photos/{'0' * 64}")
        assert strange.status_code == 404


async def test_what_is_no_photo_is_refused(tmp_path: Path) -> None:
    async with world(tmp_path, "annex-6").service(up=False) as here:
        told = await here.done("/rooms/annex-6/inspections")
        whole = picture("JPEG", (400, 300))
        for data in (b"<svg/>", picture("GIF"), whole[: len(whole) // 3], b"\xff\xd8\xff"):
            answer = await send_photo(here, told, "dust", data, "image/jpeg")
            assert (answer.status_code, answer.json()["code"]) == (422, "unfit")
        bomb = picture("PNG", (5100, 5000))
        answer = await send_photo(here, told, "dust", bomb, "image/png")
        assert "million pixels" in answer.json()["detail"]
        answer = await send_photo(here, told, "dust", picture("GIF"), "image/gif")
        assert (answer.status_code, answer.json()["code"]) == (415, "not-json")
        answer = await send_photo(here, told, "windows", picture("PNG"), "image/png")
        assert answer.status_code == 404


async def test_inspection_that_was_interrupted_is_taken_up_and_all_is_as_before(
    tmp_path: Path,
) -> None:
    place = world(tmp_path, "annex-6")
    async with place.service() as here:
        await here.parts.clock.sleep(10)
        first = await inspected(here, "annex-6")
        first = await answer(here, first, "tidy", "watch", remark="杂物")
        begun = await here.done("/rooms/annex-6/inspections")
        await here.until(lambda: here.noted("inspection", "checked")[-1].data["device"])
        before = await here.get(f"/inspections/{first['inspection']}")
    async with place.service(up=False) as here:
        assert await here.get(f"/inspections/{first['inspection']}") == before
        made = here.parts.inspections.find(begun["inspection"])
        await here.parts.inspections.until_read(made)
        told = await here.get(f"/inspections/{begun['inspection']}")
        assert told["state"] == "open"
        assert sorted(made.read) == sorted(here.site.rooms["annex-6"].devices)


async def test_schedule_inspects_every_room_and_waits_for_no_person(tmp_path: Path) -> None:
    place = world(tmp_path, "annex-6", "17", more=SCHEDULED)
    async with place.service() as here:
        await here.until(lambda: len(here.noted("job", "ended")) == 2)
        why = [entry.data["why"] for entry in here.noted("job", "ended")]
        assert [entry.data["outcome"] for entry in here.noted("job", "ended")] == ["done"] * 2
        assert all("4 to be looked at" in each for each in why)
        page = (await here.get("/inspections"))["inspections"]
        assert {each["room"]: each["by"] for each in page} == dict.fromkeys(
            ("annex-6", "17"), "schedule"
        )


async def test_panels_follow_it_device_by_device(tmp_path: Path) -> None:
    async with world(tmp_path, "annex-6").service() as here:
        client = here.parts.hub.join()
        told: list[Any] = []

        async def listen() -> None:
            while (text := await client.next()) is not None:
                message = json.loads(text)
                if message["type"] == "inspection":
                    told.append(message["inspection"])

        listening = asyncio.create_task(listen())
        await inspected(here, "annex-6")
        await here.parts.clock.sleep(1)
        listening.cancel()
        progress = [each["progress"] for each in told]
        assert progress == sorted(progress)
        assert set(progress) == {0.0, 0.6364, *progress[1:-1]}
        assert len(set(progress)) > 2
        assert len(told) <= 2 + len(here.site.rooms["annex-6"].devices)
        assert told[-1]["state"] == "open"


async def test_old_inspections_are_read_from_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.operations.inspections.record.KEPT", 1)
    async with world(tmp_path, "annex-6", more=NO_LOOKS).service() as here:
        first = await inspected(here, "annex-6")
        await inspected(here, "annex-6")
        assert here.parts.inspections.find(first["inspection"]).checks is None
        assert await here.get(f"/inspections/{first['inspection']}") == first


async def test_firmware_that_changed_is_told_once(tmp_path: Path) -> None:
    place = world(tmp_path, "annex-6", more=NO_LOOKS)
    async with place.service() as here:
        await inspected(here, "annex-6")
        beamer, device = (
            place.device("annex-6", "beamer"),
            here.site.rooms["annex-6"].devices["beamer"],
        )
        beamer.faults.set("cut", True)
        await here.until(lambda: not device.up)
        beamer.knobs.version = "2.00.00"
        beamer.faults.clear("cut")
        await here.until(lambda: device.up)
        told = {e["item"]: e for e in (await inspected(here, "annex-6"))["checks"]}
        assert told["beamer:firmware"]["text"]["en"] == "firmware 1.04.00 became 2.00.00"
        assert told["beamer:firmware"]["result"] == "watch"
        await here.parts.clock.sleep(1)
        told = {e["item"]: e for e in (await inspected(here, "annex-6"))["checks"]}
        assert told["beamer:firmware"]["result"] == "good"
