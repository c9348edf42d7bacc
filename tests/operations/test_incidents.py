"""Incidents over the API: reported, responded to, repaired, confirmed, and in the daily register."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from avctl.clock import Clock
from service.journal import Journal
from service.operations.incidents import Incidents, Report
from tests.served import API
from tests.service.house import House, house

pytestmark = pytest.mark.virtual

URL = f"{API}/incidents"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def post(here: House, path: str, by: str, body: dict[str, Any] | None = None) -> Any:
    return await here.client.post(f"{URL}{path}", json=body, headers={"X-Panel": by})


async def opened(here: House, **more: Any) -> int:
    body = {"room": "19", "device": "mixer", "signs": "no sound", **more}
    answer = await post(here, "", "operator", body)
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["incident"]
    return number


async def test_an_incident_goes_from_report_to_confirmation_with_all_its_times():
    async with house(up=False) as here:
        number = await opened(here)
        await asyncio.sleep(5)
        await post(here, f"/{number}/respond", "engineer")
        await asyncio.sleep(20)
        done = {"done": "fuse changed", "parts": "1 fuse", "vendor": "Biamp", "nature": "hardware"}
        await post(here, f"/{number}/repair", "engineer", done)
        alone = await post(here, f"/{number}/close", "engineer")
        assert (alone.status_code, alone.json()["code"]) == (409, "conflict")
        told = (await post(here, f"/{number}/close", "operator")).json()
        assert told["state"] == "closed"
        assert (told["nature"], told["parts"], told["vendor"]) == ("hardware", "1 fuse", "Biamp")
        assert [e["event"] for e in told["history"]] == [
            "opened", "responded", "repaired", "closed",
        ]  # fmt: skip
        times = [told[k] for k in ("reported", "responded", "repaired", "closed")]
        assert times == sorted(times)
        who = (told["reported_by"], told["repaired_by"], told["closed_by"])
        assert who == ("operator", "engineer", "operator")


async def test_who_repaired_it_may_confirm_it_with_a_reason():
    async with house(up=False) as here:
        number = await opened(here)
        await post(here, f"/{number}/repair", "engineer", {"done": "restarted"})
        assert (await post(here, f"/{number}/close", "engineer", {"reason": " "})).is_error
        closed = await post(here, f"/{number}/close", "engineer", {"reason": "alone on duty"})
        assert closed.json()["reason"] == "alone on duty"


async def test_what_is_not_repaired_after_all_is_opened_again():
    async with house(up=False) as here:
        number = await opened(here)
        assert (await post(here, f"/{number}/close", "x")).status_code == 409
        await post(here, f"/{number}/repair", "engineer", {"done": "restarted"})
        told = (await post(here, f"/{number}/reopen", "operator", {"reason": "again"})).json()
        assert (told["state"], told["repaired"]) == ("responded", None)


async def test_an_incident_is_linked_to_the_meeting_that_is_on_and_to_the_journal():
    async with house(up=False) as here:
        begun = await here.client.post(f"{API}/rooms/19/meeting")
        number = await opened(here, seqs=[1])
        told = (await post(here, f"/{number}/links", "operator", {"seqs": [2]})).json()
        assert (told["meeting"], told["seqs"]) == (begun.json()["meeting"], [1, 2])
        assert (await post(here, f"/{number}/links", "x", {"seqs": [9**9]})).status_code == 422


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"room": "99", "signs": "x"}, 404),
        ({"room": "19", "device": "toaster", "signs": "x"}, 404),
        ({"device": "mixer", "signs": "x"}, 422),
        ({"room": "19", "signs": "  "}, 422),
        ({"room": "19", "signs": "x", "at": "2999-01-01T00:00:00Z"}, 422),
        ({"room": "19", "signs": "x", "at": "2020-01-01T00:00:00"}, 422),
    ],
)
async def test_a_report_that_cannot_be_is_refused(body: dict[str, Any], status: int):
    async with house(up=False) as here:
        assert (await post(here, "", "x", body)).status_code == status


async def test_a_time_told_afterwards_counts_and_must_follow_the_one_before():
    async with house(up=False) as here:
        noticed = here.parts.clock.wall() - timedelta(hours=3)
        number = await opened(here, at=noticed.isoformat())
        before = {"at": (noticed - timedelta(hours=1)).isoformat()}
        assert (await post(here, f"/{number}/respond", "engineer", before)).status_code == 409
        after = {"at": (noticed + timedelta(hours=1)).isoformat()}
        told = (await post(here, f"/{number}/respond", "engineer", after)).json()
        span = datetime.fromisoformat(told["responded"]) - datetime.fromisoformat(told["reported"])
        assert span == timedelta(hours=1)


async def test_the_register_tells_each_local_day_what_came_and_what_was_handled():
    now = datetime(2026, 11, 1, 15, 59, tzinfo=UTC)  # a minute to midnight in Shanghai
    clock = Clock(lambda: now)
    incidents = Incidents(Journal(clock))
    await incidents.open()
    first = await incidents.open_one(Report("19", signs="one"), "a")
    now += timedelta(minutes=2)
    second = await incidents.open_one(Report("19", signs="two"), "a")
    await incidents.repair(first, "b", "done")
    now += timedelta(days=1)
    await incidents.close_one(first, "a")
    days = incidents.register(date(2026, 11, 1), date(2026, 11, 3), SHANGHAI)
    assert [day.received for day in days] == [[first.identity], [second.identity], []]
    assert [day.repaired for day in days] == [[], [first.identity], []]
    assert [day.closed for day in days] == [[], [], [first.identity]]
    assert [day.left_open for day in days] == [1, 1, 1]


async def test_incidents_are_the_same_after_the_journal_is_read_again():
    journal = Journal(Clock())
    incidents = Incidents(journal)
    await incidents.open()
    one = await incidents.open_one(Report("19", "mixer", "no sound", "critical"), "a")
    await incidents.repair(one, "b", "done", nature="soft")
    again = Incidents(journal)
    await again.open()
    assert again.by_identity[one.identity].history == one.history
    assert again.by_identity[one.identity].state == "repaired"
    assert [each.identity for each in again.newest(state="open")] == []


async def test_the_list_can_be_narrowed_to_a_state_and_a_room():
    async with house(up=False) as here:
        first, second = await opened(here), await opened(here)
        await post(here, f"/{first}/respond", "engineer")
        params: dict[str, str | int] = {"state": "open", "room": "19", "limit": 1}
        page = (await here.client.get(URL, params=params)).json()
        assert ([each["incident"] for each in page["incidents"]], page["more"]) == ([second], False)
        days = await here.client.get(
            f"{URL}/register", params={"since": "2026-02-02", "until": "2026-02-01"}
        )
        assert days.status_code == 422
