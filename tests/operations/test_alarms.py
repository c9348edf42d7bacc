"""What becomes an alarm on a whole site, what does not, and the incident that a grave one opens."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from avctl.capabilities.health import Condition, Fault
from avctl.capabilities.outlets import Outlet
from avctl.clock import Clock
from avctl.config import AlertsFile
from avctl.site import open_site
from service.alerts import Alarms, AlarmWatch
from service.journal import Journal, open_journal
from tests.rooms import DEMO
from tests.service.house import API, House, house

pytestmark = pytest.mark.virtual

MIXER = "device/19/mixer"


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


def raised(here: House, key: str) -> list[dict[str, Any]]:
    """The entries of an alarm, without their seals."""
    return [e.data for e in here.entries if e.kind == "alarm" and e.data["alarm"] == key]


def events(here: House, key: str) -> list[str]:
    return [data["event"] for data in raised(here, key)]


async def cut(here: House, device: str = "mixer") -> None:
    here.simulator(device).faults.set("cut", True)
    await here.until(lambda: not here.room.devices[device].up)


async def mend(here: House, device: str = "mixer") -> None:
    here.simulator(device).faults.clear("cut")
    await here.until(lambda: here.room.devices[device].up, 120)


async def active(here: House) -> list[dict[str, Any]]:
    alarms: list[dict[str, Any]] = (
        await here.client.get(f"{API}/alarms", params={"active": True})
    ).json()["alarms"]
    return alarms


async def test_a_healthy_room_has_no_alarms():
    async with house() as here:
        await asyncio.sleep(60)
        assert [e for e in here.entries if e.kind in ("alarm", "incident-log")] == []


async def test_a_device_that_stays_away_is_one_alarm_that_ends_by_itself():
    async with house() as here:
        await cut(here)
        await asyncio.sleep(25)
        assert events(here, MIXER) == []
        await asyncio.sleep(10)
        assert events(here, MIXER) == ["raised"]
        (alarm,) = [each for each in await active(here) if each["key"] == MIXER]
        assert (alarm["severity"], alarm["room"], alarm["device"]) == ("critical", "19", "mixer")
        assert alarm["since"] < alarm["raised"]
        assert alarm["text"]["zh"] != alarm["text"]["en"]
        await mend(here)
        await asyncio.sleep(50)
        assert events(here, MIXER) == ["raised"]
        await asyncio.sleep(15)
        assert events(here, MIXER) == ["raised", "cleared"]
        assert not [each for each in await active(here) if each["key"] == MIXER]


async def test_a_short_absence_is_no_alarm():
    async with house() as here:
        for _ in range(2):
            await cut(here)
            await mend(here)
        await asyncio.sleep(40)
        assert events(here, MIXER) == []


async def test_a_device_that_comes_and_goes_is_one_alarm():
    async with house() as here:
        for _ in range(7):
            await cut(here)
            await mend(here)
            await asyncio.sleep(10)
        assert events(here, MIXER) == ["raised"]
        assert "again and again" in raised(here, MIXER)[0]["text"]["en"]
        await asyncio.sleep(90)
        assert events(here, MIXER) == [
            "raised"
        ]  # it has been quiet for long before, and came again


async def test_a_device_without_mains_is_no_alarm_and_has_its_time_to_start():
    clock = Clock()
    site, journal = open_site(DEMO, clock), Journal(clock)  # whose lines are not kept up
    room = site.rooms["17"]
    outlet = next(iter(room.file.outlets.values()))
    by, fed = room.devices[outlet.device], room.devices[outlet.feeds[0]]
    alarms = Alarms(journal, AlertsFile())
    await alarms.open()
    for each in site.rooms.values():
        for device in each.devices.values():
            device.link_changed(up=True, reason="")
    async with AlarmWatch(site, alarms, journal, clock, AlertsFile()):
        fed.link_changed(up=False, reason="closed")
        await asyncio.sleep(5)
        by.report(Outlet(outlet.number), False)
        await asyncio.sleep(100)
        assert alarms.active() == []
        by.report(Outlet(outlet.number), True)
        await asyncio.sleep(170)
        assert alarms.active() == []
        await asyncio.sleep(20)
        assert [alarm.device for alarm in alarms.active()] == [fed.name]


async def test_a_fault_that_a_device_tells_is_an_alarm_and_graver_is_said_anew():
    async with house() as here:
        device, key = here.room.devices["matrix"], "fault/19/matrix/fan"
        device.report(Fault("fan"), Condition.WARNING)
        await asyncio.sleep(12)
        assert raised(here, key)[-1]["severity"] == "warning"
        device.report(Fault("fan"), Condition.FAULT)
        assert [each["severity"] for each in raised(here, key)] == ["warning", "critical"]
        device.report(Fault("fan"), None)
        await asyncio.sleep(90)
        assert events(here, key) == ["raised", "raised"]
        device.report(Fault("fan"), Condition.GOOD)
        await asyncio.sleep(65)
        assert events(here, key)[-1] == "cleared"


async def test_a_fault_stands_while_its_device_is_away():
    async with house() as here:
        key = "fault/19/mixer/fan"
        here.room.devices["mixer"].report(Fault("fan"), Condition.FAULT)
        await asyncio.sleep(12)
        await cut(here)
        await asyncio.sleep(65)
        assert events(here, key) == ["raised"]


async def test_what_stood_before_and_is_gone_or_no_part_of_the_site_is_cleared():
    journal = Journal(Clock())
    gone, stranger = "fault/19/mixer/fan", "device/19/toaster"
    for key in (gone, stranger):
        data = {"event": "raised", "alarm": key, "severity": "warning", "lasts": True}
        journal.note("alarm", data, room="19")
    async with house(journal=journal) as here:
        assert events(here, stranger) == ["cleared"]
        assert events(here, gone) == []
        await asyncio.sleep(62)
        assert events(here, gone) == ["cleared"]


async def test_what_stands_is_not_said_twice():
    async with house(up=False) as here:
        for text in ("one", "one", "two"):
            here.parts.alarms.raise_one("calendar/site", None, {"zh": text, "en": text})
        (alarm,) = await active(here)
        assert (alarm["times"], alarm["text"]["en"]) == (2, "two")


async def test_the_sites_rules_say_how_grave_and_after_how_long():
    rules = {"severity": {"device": "warning", MIXER: "info"}, "after": {MIXER: 90}, "settle": 5}
    async with house(alerts=rules) as here:
        await cut(here)
        await asyncio.sleep(80)
        assert events(here, MIXER) == []
        await asyncio.sleep(15)
        assert raised(here, MIXER)[0]["severity"] == "info"
        await mend(here)
        await asyncio.sleep(6)
        assert events(here, MIXER) == ["raised", "cleared"]


async def test_a_journal_that_is_not_kept_is_an_alarm():
    async with house(up=False) as here:
        here.journal._complain("disk full")
        await asyncio.sleep(1)
        assert raised(here, "journal")[0]["severity"] == "critical"
        here.journal._recover()
        await asyncio.sleep(61)
        assert events(here, "journal") == ["raised", "cleared"]


async def test_an_alarm_is_acknowledged_once_and_stays_until_it_is_over():
    async with house() as here:
        await cut(here)
        await asyncio.sleep(31)
        alarm = here.parts.alarms.of(MIXER)
        assert alarm
        url = f"{API}/alarms/{alarm.identity}"
        body = {"remark": "on my way"}
        seen = await here.client.post(f"{url}/acknowledge", json=body, headers={"X-Panel": "Li"})
        assert seen.json()["acknowledged_by"] == "Li"
        assert seen.json()["active"]
        again = await here.client.post(f"{url}/acknowledge")
        assert (again.status_code, again.json()["code"]) == (409, "conflict")
        await mend(here)
        await asyncio.sleep(65)
        told = (await here.client.get(url)).json()
        assert (told["active"], told["remark"]) == (False, "on my way")
        assert (await here.client.get(f"{API}/alarms/99999")).status_code == 404


async def test_an_alarm_of_what_happened_once_is_over_when_it_was_seen():
    async with house(up=False) as here:
        here.parts.alarms.raise_one("job/x", None, {"zh": "错过", "en": "missed"}, lasts=False)
        (alarm,) = await active(here)
        await here.client.post(f"{API}/alarms/{alarm['alarm']}/acknowledge")
        assert await active(here) == []


async def test_panels_hear_of_alarms_and_a_new_one_is_told_those_that_stand():
    async with house(up=False) as here:
        panel = here.parts.hub.join()
        assert json.loads(await panel.next() or "")["alarms"] == []
        here.parts.alarms.raise_one("job/x", "19", {"zh": "错过", "en": "missed"}, lasts=False)
        told = {"type": ""}
        while told["type"] != "alarm":
            told = json.loads(await panel.next() or "")
        late = json.loads(await here.parts.hub.join().next() or "")
        assert late["alarms"] == [told["alarm"]]


async def test_a_grave_alarm_opens_an_incident_that_goes_to_its_confirmation():
    async with house() as here:
        begun = await here.client.post(f"{API}/rooms/19/meeting", json={"title": "Board"})
        await cut(here)
        await asyncio.sleep(31)
        (incident,) = here.parts.incidents.by_identity.values()
        alarm = here.parts.alarms.of(MIXER)
        assert alarm
        assert (incident.source, incident.device, incident.room) == ("alarm", "mixer", "19")
        assert incident.meeting == begun.json()["meeting"]
        assert incident.seqs == [alarm.identity]
        assert (await active(here))[0]["incident"] == incident.identity
        await mend(here)
        await asyncio.sleep(62)
        assert len(incident.seqs) == 2  # that it is over is linked
        url = f"{API}/incidents/{incident.identity}"
        done = {"done": "cable pushed in", "nature": "hardware"}
        await here.client.post(f"{url}/respond", headers={"X-Panel": "Li"})
        await here.client.post(f"{url}/repair", json=done, headers={"X-Panel": "Li"})
        closed = (await here.client.post(f"{url}/close", headers={"X-Panel": "Wang"})).json()
        assert (closed["state"], closed["reported_by"]) == ("closed", "service")
        assert closed["text"]["zh"] == closed["signs"]


async def test_an_alarm_that_comes_back_before_the_repair_is_the_same_incident():
    async with house() as here:
        for _ in range(2):
            await cut(here)
            await asyncio.sleep(31)
            await mend(here)
            await asyncio.sleep(62)
        assert events(here, MIXER) == ["raised", "cleared"] * 2
        (incident,) = here.parts.incidents.by_identity.values()
        assert len(incident.seqs) == 4


async def test_what_stands_when_the_service_ends_stands_afterwards_and_is_told_once(tmp_path: Path):
    async with open_journal(tmp_path) as journal, house(journal=journal) as here:
        await cut(here)
        await asyncio.sleep(31)
        before = here.parts.alarms.of(MIXER)
    assert before
    async with open_journal(tmp_path) as journal, house(journal=journal) as here:
        await asyncio.sleep(40)
        after = here.parts.alarms.of(MIXER)
        assert (after is None) or after.identity == before.identity
        await asyncio.sleep(30)
        assert events(here, MIXER) == ["cleared"]
        assert len(here.parts.incidents.by_identity) == 1


async def test_a_run_that_the_end_of_the_service_cut_is_an_alarm(tmp_path: Path):
    async with open_journal(tmp_path) as journal:
        journal.note("tap", {"run": "r1", "scene": "show-laptop"}, room="19", by="Li")
    async with open_journal(tmp_path) as journal, house(up=False, journal=journal) as here:
        (alarm,) = await active(here)
        assert alarm["key"] == "run/19/r1"
        assert "show-laptop" in alarm["text"]["en"]
    async with open_journal(tmp_path) as journal, house(up=False, journal=journal) as here:
        assert [each["times"] for each in await active(here)] == [1]


async def test_a_missed_job_is_an_alarm_until_it_is_done():
    async with house(up=False) as here:
        here.parts.alarms.raise_one("job/x/19", "19", {"zh": "错过", "en": "missed"}, lasts=False)
        data = {"job": "x", "event": "ended", "outcome": "done"}
        here.journal.note("job", data, room="19")
        assert await active(here) == []
