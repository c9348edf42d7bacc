"""Alarms on a whole site: devices that stay away, panels, restarts, and the incident that a grave one opens."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from service.journal import open_journal
from tests.served import API
from tests.service.house import House, house

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
