"""What becomes an alarm, what does not, and when it is over: on a site whose devices say what the test has them say."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from avctl.capabilities.health import Condition, Fault
from avctl.capabilities.outlets import Outlet
from avctl.capabilities.power import Power, PowerState
from avctl.clock import Clock
from avctl.config import AlertsFile
from avctl.device import Device
from avctl.pair import Fitness, Health, Side
from avctl.room import Room
from avctl.site import Site, open_site
from service.alerts import Alarms, AlarmWatch, IncidentRule
from service.alerts.signs import signs_of_pair
from service.journal import Entry, Journal
from service.operations.incidents import Incidents
from tests.rooms import DEMO

pytestmark = pytest.mark.virtual

MIXER, FAN = "device/19/mixer", "fault/19/mixer/fan"


@dataclass(eq=False)
class Yard:
    """The demo site, its lines not kept up, under watch."""

    site: Site
    journal: Journal
    alarms: Alarms
    incidents: Incidents
    entries: list[Entry]

    @property
    def room(self) -> Room:
        return self.site.rooms["19"]

    @property
    def mixer(self) -> Device:
        return self.room.devices["mixer"]

    def cut(self) -> None:
        self.mixer.link_changed(up=False, reason="reset")

    def mend(self) -> None:
        self.mixer.link_changed(up=True, reason="")

    def raised(self, key: str = MIXER) -> list[dict[str, Any]]:
        return [e.data for e in self.entries if e.kind == "alarm" and e.data["alarm"] == key]

    def events(self, key: str = MIXER) -> list[str]:
        return [data["event"] for data in self.raised(key)]


@contextlib.asynccontextmanager
async def yard(
    alerts: dict[str, Any] | None = None, journal: Journal | None = None
) -> AsyncIterator[Yard]:
    clock, rules = Clock(), AlertsFile.model_validate(alerts or {})
    site, journal = open_site(DEMO, clock), journal or Journal(clock)
    for room in site.rooms.values():
        for device in room.devices.values():
            device.link_changed(up=True, reason="")
    alarms, incidents = Alarms(journal, rules), Incidents(journal)
    entries: list[Entry] = []
    journal.subscribe(entries.append)
    await alarms.open()
    await incidents.open()
    async with (
        IncidentRule(alarms, incidents, lambda room: None, rules),
        AlarmWatch(site, alarms, journal, clock, rules),
    ):
        yield Yard(site, journal, alarms, incidents, entries)


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def test_a_device_that_comes_and_goes_is_one_alarm_until_it_has_stayed_for_long():
    async with yard() as here:
        for _ in range(9):
            here.cut()
            await asyncio.sleep(10)
            here.mend()
            await asyncio.sleep(70)
        assert here.events() == ["raised"]
        assert "again and again" in here.raised()[0]["text"]["en"]
        await asyncio.sleep(500)
        assert here.events() == ["raised"]
        await asyncio.sleep(40)
        assert here.events() == ["raised", "cleared"]


async def test_a_device_without_mains_is_no_alarm_and_has_its_time_to_start():
    async with yard() as here:
        room = here.site.rooms["17"]
        outlet = next(iter(room.file.outlets.values()))
        by, fed = room.devices[outlet.device], room.devices[outlet.feeds[0]]
        fed.link_changed(up=False, reason="closed")
        await asyncio.sleep(5)
        by.report(Outlet(outlet.number), False)
        await asyncio.sleep(100)
        assert here.alarms.active() == []
        by.report(Outlet(outlet.number), True)
        await asyncio.sleep(170)
        assert here.alarms.active() == []
        await asyncio.sleep(20)
        assert [alarm.device for alarm in here.alarms.active()] == [fed.name]


async def test_a_fault_that_a_device_tells_is_an_alarm_and_graver_is_said_anew():
    async with yard() as here:
        here.mixer.report(Fault("fan"), Condition.WARNING)
        await asyncio.sleep(12)
        assert here.raised(FAN)[-1]["severity"] == "warning"
        here.mixer.report(Fault("fan"), Condition.FAULT)
        assert [each["severity"] for each in here.raised(FAN)] == ["warning", "critical"]
        here.mixer.report(Fault("fan"), None)
        await asyncio.sleep(90)
        assert here.events(FAN) == ["raised", "raised"]
        here.mixer.report(Fault("fan"), Condition.GOOD)
        await asyncio.sleep(65)
        assert here.events(FAN)[-1] == "cleared"


async def test_a_fault_stands_while_its_device_is_away():
    async with yard() as here:
        here.mixer.report(Fault("fan"), Condition.FAULT)
        await asyncio.sleep(12)
        here.cut()
        await asyncio.sleep(200)
        assert here.events(FAN) == ["raised"]


async def test_r29_a_device_whose_driver_failed_is_out_of_service_at_once():
    async with yard() as here:
        here.mixer.link_changed(up=False, reason="out of service: KeyError")
        assert here.events("driver/19/mixer") == ["raised"]
        await asyncio.sleep(60)
        assert here.events() == []


async def test_what_stood_before_and_is_gone_or_no_part_of_the_site_is_cleared():
    journal = Journal(Clock())
    stranger = "device/19/toaster"
    for key in (FAN, stranger):
        data = {"event": "raised", "alarm": key, "severity": "warning", "lasts": True}
        journal.note("alarm", data, room="19")
    async with yard(journal=journal) as here:
        assert here.events(stranger) == ["cleared"]
        assert here.events(FAN) == []
        await asyncio.sleep(62)
        assert here.events(FAN) == ["cleared"]


async def test_what_stands_is_not_said_twice():
    async with yard() as here:
        for text in ("one", "one", "two"):
            here.alarms.raise_one("calendar/site", None, {"zh": text, "en": text})
        (alarm,) = here.alarms.active()
        assert (alarm.times, alarm.text["en"]) == (2, "two")


async def test_the_sites_rules_say_how_grave_and_after_how_long():
    rules = {"severity": {"device": "warning", MIXER: "info"}, "after": {MIXER: 90}, "settle": 5}
    async with yard(rules) as here:
        here.cut()
        await asyncio.sleep(80)
        assert here.events() == []
        await asyncio.sleep(15)
        assert here.raised()[0]["severity"] == "info"
        here.mend()
        await asyncio.sleep(6)
        assert here.events() == ["raised", "cleared"]


async def test_a_journal_that_is_not_kept_is_an_alarm():
    async with yard() as here:
        here.journal._complain("disk full")
        await asyncio.sleep(1)
        assert here.raised("journal")[0]["severity"] == "critical"
        here.journal._recover()
        await asyncio.sleep(61)
        assert here.events("journal") == ["raised", "cleared"]


async def test_an_alarm_that_comes_back_before_the_repair_is_the_same_incident():
    async with yard() as here:
        for _ in range(2):
            here.cut()
            await asyncio.sleep(31)
            here.mend()
            await asyncio.sleep(62)
        assert here.events() == ["raised", "cleared"] * 2
        (incident,) = here.incidents.by_identity.values()
        assert len(incident.seqs) == 4


async def test_one_that_comes_back_after_the_repair_is_another_incident():
    async with yard() as here:
        here.cut()
        await asyncio.sleep(31)
        (first,) = here.incidents.by_identity.values()
        await here.incidents.repair(first, "Li", "cable")
        here.mend()
        await asyncio.sleep(62)
        here.cut()
        await asyncio.sleep(31)
        assert len(here.incidents.by_identity) == 2


@pytest.mark.parametrize(("least", "opened"), [("critical", 0), ("warning", 1), ("never", 0)])
async def test_the_sites_rules_say_which_alarms_open_an_incident(least: str, opened: int):
    async with yard({"incidents": least, "severity": {"device": "warning"}}) as here:
        here.cut()
        await asyncio.sleep(31)
        assert here.events() == ["raised"]
        assert len(here.incidents.by_identity) == opened


async def test_a_job_and_a_warm_up_are_alarms_until_they_are_good():
    async with yard() as here:
        for key in ("job/x/19", "warm-up/19", "warm-up/19/mixer", "warm-up/19/matrix"):
            here.alarms.raise_one(key, "19", {"zh": "错过", "en": "missed"}, lasts=False)
        here.journal.note("job", {"job": "x", "event": "ended", "outcome": "done"}, room="19")
        devices = [{"device": "mixer", "good": True}, {"device": "matrix", "good": False}]
        proof = {"incomplete": None, "devices": devices}
        here.journal.note("warm-up", {"event": "ended", "proof": proof}, room="19")
        assert [alarm.key for alarm in here.alarms.active()] == ["warm-up/19/matrix"]


async def test_a_dead_side_is_grave_where_it_is_in_use_and_its_device_answers():
    async with yard() as here:
        name, pair = next(iter(here.room.pairs.by_name.items()))

        def graveness() -> list[str]:
            return [each.severity for each in signs_of_pair(here.room, name).found.values()]

        dead = Health(Fitness.DEAD, {"zh": "无信号", "en": "no signal"})
        pair.judges[Side.BACKUP].health = dead
        assert graveness() == ["warning"]
        pair.judges[Side.MAIN].health = dead
        assert graveness() == ["critical", "critical"]
        here.cut()
        assert graveness() == ["warning", "warning"]


async def test_a_pair_both_of_whose_sides_were_switched_off_is_at_rest():
    async with yard() as here:
        name = "main-camera"
        pair = here.room.pairs.find(name)
        for side in Side:
            pair.judges[side].health = Health(Fitness.DEAD, {"zh": "未开机", "en": "is off"})
        main, backup = (here.room.devices[pair.side(side)] for side in Side)
        main.report(PowerState(), Power.OFF)
        backup.report(PowerState(), Power.ON)
        assert len(signs_of_pair(here.room, name).found) == 2
        backup.report(PowerState(), Power.OFF)
        signs = signs_of_pair(here.room, name)
        assert not signs.found  # and what was dead before it was switched off, still is
        assert signs.unknown == {f"pair/19/{name}/main", f"pair/19/{name}/backup"}
