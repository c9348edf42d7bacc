"""Meetings on a whole site: what begins and ends them, what the log holds, what meeting mode does."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from avctl.capabilities.terminal import Call, CallState
from avctl.clock import Clock
from avctl.config import SiteFile
from avctl.site import open_site
from service.journal import Journal, open_journal
from service.operations.meeting_watch import MeetingWatch
from service.operations.meetings import Meetings
from tests.operations.test_agenda import calendar, event
from tests.rooms import DEMO
from tests.served import API
from tests.service.house import House, house

pytestmark = pytest.mark.virtual

ROOM = f"{API}/rooms/19"
START = datetime(2026, 11, 2, 0, 30, tzinfo=UTC)  # half past eight in Shanghai


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def begin(here: House, title: str = "") -> dict[str, Any]:
    answer = await here.client.post(f"{ROOM}/meeting", json={"title": title})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def take(here: House, scene: str) -> dict[str, Any]:
    return (await here.client.post(f"{ROOM}/scenes/{scene}/take", params={"wait": 10})).json()


async def flap(here: House, device: str) -> None:
    simulator = here.simulator(device)
    simulator.faults.set("cut", True)
    await here.until(lambda: not here.room.devices[device].up)
    simulator.faults.clear("cut")
    await here.until(lambda: here.room.devices[device].up, 120)


async def test_the_log_holds_exactly_what_happened_in_the_meeting():
    async with house() as here:
        await take(here, "show-laptop")
        await flap(here, "mixer")
        meeting = (await begin(here, "Weekly"))["meeting"]
        runs = [await take(here, "speaker-close-up"), await take(here, "show-laptop")]
        await flap(here, "podium-camera")
        url = f"{API}/meetings/{meeting}"
        assert (await here.client.post(f"{url}/notes", json={"text": "sound is low"})).is_success
        said = {"present": 12, "attendance": "A, B", "remarks": "fine"}
        await here.client.put(f"{url}/attendance", json=said)
        log = (await here.client.post(f"{url}/end")).json()
        await take(here, "show-laptop")
        assert (await here.client.get(url)).json()["timeline"] == log["timeline"]
        figures = {name: figure["value"] for name, figure in log["figures"].items()}
        assert (figures["takes"], figures["confirmed"], figures["unconfirmed"]) == (2, 2, 0)
        assert (figures["faults"], figures["notes"], figures["changeovers"]) == (1, 1, 0)
        took = [run["duration"] for run in runs]
        assert figures["worst"] == pytest.approx(max(took), abs=1e-3)
        assert figures["median"] == pytest.approx(sum(took) / 2, abs=1e-3)
        assert log["meeting"]["present"] == 12
        tapped = [m["kind"] for m in log["timeline"] if not m["by"].startswith("follows ")]
        takes = ["tap", "verdict"] * 2
        assert [kind for kind in tapped if kind != "outside"] == [
            "meeting", *takes, "device", "device", "meeting", "meeting",
        ]  # fmt: skip
        assert log["timeline"][-1]["data"]["event"] == "ended"


async def test_every_figure_leads_to_the_entries_it_was_counted_from():
    async with house() as here:
        meeting = (await begin(here))["meeting"]
        await take(here, "show-laptop")
        await flap(here, "mixer")
        log = (await here.client.post(f"{API}/meetings/{meeting}/end")).json()
        kinds = {entry.seq: entry.kind for entry in here.entries}
        for name, kind in {"takes": "tap", "confirmed": "verdict", "faults": "device"}.items():
            figure = log["figures"][name]
            assert len(figure["seqs"]) == figure["value"] > 0
            assert {kinds[seq] for seq in figure["seqs"]} == {kind}
        assert kinds[log["figures"]["worst"]["seqs"][0]] == "verdict"


async def test_a_take_belongs_to_the_meeting_it_was_tapped_in():
    async with house() as here:
        meeting = (await begin(here))["meeting"]
        tapped = await here.client.post(f"{ROOM}/scenes/speaker-close-up/take")
        assert tapped.json()["verdict"] is None
        log = (await here.client.post(f"{API}/meetings/{meeting}/end")).json()
        assert log["figures"]["takes"]["value"] == 1
        tap = log["figures"]["takes"]["seqs"][0]
        await here.until(
            lambda: [e for e in here.entries if e.kind == "verdict" and e.data["tap"] == tap]
        )
        after = (await here.client.get(f"{API}/meetings/{meeting}")).json()
        assert after["figures"]["confirmed"]["value"] == 1


async def test_a_room_has_one_meeting_at_a_time_and_panels_are_told():
    async with house() as here:
        panel = here.parts.hub.join()
        hello = json.loads(await panel.next() or "")
        assert hello["rooms"][0]["meeting"] is None
        meeting = await begin(here, "Board")
        told: list[dict[str, Any]] = []
        while "meeting" not in {message["type"] for message in told}:
            told.append(json.loads(await panel.next() or ""))
        changed = next(message for message in told if message["type"] == "meeting")
        assert changed["meeting"]["meeting"] == meeting["meeting"]
        assert (await here.client.get(ROOM)).json()["meeting"]["title"] == "Board"
        assert (await here.client.post(f"{ROOM}/meeting")).json()["code"] == "conflict"
        drill = await here.client.post(f"{ROOM}/drill", json={"pairs": ["podium"]})
        assert (drill.status_code, "meeting" in drill.json()["detail"]) == (409, True)
        url = f"{API}/meetings/{meeting['meeting']}"
        await here.client.post(f"{url}/end")
        assert (await here.client.post(f"{url}/end")).json()["code"] == "conflict"
        assert (await here.client.post(f"{url}/notes", json={"text": "x"})).status_code == 409
        assert (await here.client.get(ROOM)).json()["meeting"] is None
        live = (await here.client.get(f"{ROOM}/meeting")).json()
        assert live == {"meeting": None}


async def test_meetings_come_in_pages_newest_first():
    async with house(up=False) as here:
        for n in range(5):
            meeting = await begin(here, str(n))
            await here.client.post(f"{API}/meetings/{meeting['meeting']}/end")
        titles, before = [], None
        for _ in range(3):
            params = {"limit": 2} | ({"before": before} if before else {})
            page = (await here.client.get(f"{API}/meetings", params=params)).json()
            titles += [each["title"] for each in page["meetings"]]
            before = page["meetings"][-1]["meeting"]
        assert titles == ["4", "3", "2", "1", "0"]
        assert not page["more"]
        assert (await here.client.get(f"{API}/meetings/9999")).status_code == 404


async def test_a_call_begins_a_meeting_and_a_minute_without_one_ends_it():
    async with house() as here:
        device = here.room.devices["matrix"]
        device.report(Call(), CallState.RINGING)
        await asyncio.sleep(1)
        assert here.parts.meetings.live("19") is None
        device.report(Call(), CallState.CONNECTED)
        await here.until(lambda: here.parts.meetings.live("19"))
        first = here.parts.meetings.live("19")
        device.report(Call(), CallState.IDLE)
        await asyncio.sleep(50)
        device.report(Call(), CallState.CONNECTED)
        await asyncio.sleep(1)
        device.report(Call(), CallState.IDLE)
        await asyncio.sleep(20)
        device.report(Call(), CallState.CONNECTED)
        await asyncio.sleep(50)
        live = here.parts.meetings.live("19")
        assert live
        assert (live, live.source) == (first, "call")
        device.report(Call(), CallState.IDLE)
        began = here.parts.clock.now()
        await here.until(lambda: not live.is_live, 120)
        assert here.parts.clock.now() - began == pytest.approx(60, abs=1)


async def test_a_call_leaves_a_meeting_that_a_person_began_alone():
    async with house() as here:
        await begin(here)
        device = here.room.devices["matrix"]
        device.report(Call(), CallState.CONNECTED)
        device.report(Call(), CallState.IDLE)
        await asyncio.sleep(90)
        assert here.parts.meetings.live("19")


async def test_a_warm_up_waits_for_the_end_of_a_meeting_and_says_so():
    async with house(only="17", up=False) as here:
        await here.client.post(f"{API}/rooms/17/meeting", json={"title": "Board"})
        refused = await here.client.post(f"{API}/rooms/17/warm-ups")
        assert (refused.status_code, refused.json()["code"]) == (409, "held-back")
        assert "a meeting is on: Board" in refused.json()["detail"]


class Planner:
    """A calendar beside a site whose lines are not kept up, under a clock that starts at `START`."""

    def __init__(self, folder: Path) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        self.clock = Clock(lambda: START + timedelta(seconds=loop.time() - began))
        self.path = folder / "meetings.ics"
        site = open_site(DEMO, self.clock)
        site.path, file = folder, site.file
        assert file
        site.file = SiteFile.model_validate(
            {**file.model_dump(exclude={"calendar"}), "calendar": self.path.name}
        )
        self.meetings = Meetings(Journal(self.clock))
        self.wrong: list[str] = []
        self.watch = MeetingWatch(
            site, self.meetings, self.clock, alarm=lambda name, text: self.wrong.append(text)
        )

    def plan(self, *lines: str) -> None:
        self.path.write_bytes(calendar(*lines))

    async def until(self, minute: int) -> None:
        """Until so many minutes after `START`."""
        at = START + timedelta(minutes=minute, seconds=1)
        await asyncio.sleep((at - self.clock.wall()).total_seconds())

    @property
    def live(self) -> str | None:
        meeting = self.meetings.live("19")
        return meeting.title if meeting else None


async def test_the_calendar_begins_and_ends_meetings_on_time(tmp_path: Path):
    morning = event(
        "m",
        "DTSTART;TZID=Asia/Shanghai:20261102T090000",
        "DURATION:PT1H",
        "SUMMARY:Morning",
        "LOCATION:19",
    )
    elsewhere = event(
        "e", "DTSTART:20261102T090000", "DURATION:PT3H", "SUMMARY:Elsewhere", "LOCATION:17"
    )
    planner = Planner(tmp_path)
    planner.plan(*morning, *elsewhere)
    await planner.meetings.open()
    async with planner.watch:
        await planner.until(29)
        assert planner.live is None
        await planner.until(30)
        assert planner.live == "Morning"
        await planner.until(89)
        assert planner.live == "Morning"
        await planner.until(90)
        assert planner.live is None
    begun = [(m.room, m.title) for m in planner.meetings.by_identity.values()]
    assert sorted(begun) == [("17", "Elsewhere"), ("19", "Morning")]


async def test_a_calendar_that_is_written_anew_is_read_again_and_a_broken_one_told(tmp_path: Path):
    def morning(length: str) -> tuple[str, ...]:
        begins = "DTSTART;TZID=Asia/Shanghai:20261102T090000"
        return event("m", begins, f"DURATION:{length}", "SUMMARY:Morning", "LOCATION:19")

    planner = Planner(tmp_path)
    planner.plan(*morning("PT1H"))
    await planner.meetings.open()
    async with planner.watch:
        await planner.until(40)
        planner.plan(*morning("PT2H"), *event("x", "DTSTART:20270101T090000"))
        await planner.until(100)
        assert planner.live == "Morning"
        planner.path.write_bytes(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n")
        await planner.until(110)
        assert planner.live == "Morning"
        assert "meetings.ics" in planner.wrong[-1]
        await planner.until(151)
        assert planner.live is None


async def test_a_planned_meeting_that_a_person_ended_does_not_begin_again(tmp_path: Path):
    planner = Planner(tmp_path)
    planner.plan(*event("m", "DTSTART:20261102T090000", "DURATION:PT1H", "LOCATION:19"))
    await planner.meetings.open()
    async with planner.watch:
        await planner.until(40)
        live = planner.meetings.live("19")
        assert live
        await planner.meetings.end(live, "chair")
        await planner.until(80)
        assert planner.meetings.live("19") is None


async def test_a_meeting_outlives_a_restart(tmp_path: Path):
    async with open_journal(tmp_path) as journal, house(up=False, journal=journal) as here:
        meeting = await begin(here, "Long")
    async with open_journal(tmp_path) as journal, house(up=False, journal=journal) as here:
        live = (await here.client.get(f"{ROOM}/meeting")).json()["meeting"]
        assert live == meeting
        log = (await here.client.post(f"{API}/meetings/{live['meeting']}/end")).json()
        assert log["meeting"]["ended"]
