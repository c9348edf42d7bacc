"""The schedule over the API: what is due, what ran, running and leaving out by hand."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from avctl.clock import Clock
from avctl.errors import ConfigError
from avctl.site import open_site
from service.app import create_app
from service.jobs import Work
from service.journal import Journal
from service.parts import Parts
from service.settings import Settings
from tests.rooms import copy_demo

NOW = datetime(2026, 9, 20, 4, tzinfo=UTC)
SCHEDULE = """
holidays: holidays.yaml
schedule:
  warm: {do: warm-up, cron: 0 7 1 * *, working_day: next, rooms: ["19"]}
  papers: {do: report, cron: 0 9 1 * *}
"""
HOLIDAYS = "off: [2026-10-01, 2026-10-02]\nworking: [2026-10-10]\n"


@contextlib.asynccontextmanager
async def scheduled(folder: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Parts, list[Work]]]:
    site_folder = copy_demo(folder / "site", SCHEDULE)
    (site_folder / "holidays.yaml").write_text(HOLIDAYS, encoding="utf-8")
    clock = Clock(lambda: NOW)
    app = create_app(open_site(site_folder, clock), Settings(data=folder), journal=Journal(clock))
    parts: Parts = app.state.parts
    worked: list[Work] = []

    async def work(work: Work) -> str:
        work.progress(0.5, "half")
        worked.append(work)
        return ""

    parts.jobs.doers["warm-up"] = work
    await parts.records.open()
    transport = httpx.ASGITransport(app)
    async with (
        httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:1/api/v1/schedule"
        ) as client,
        parts.jobs,
    ):
        yield client, parts, worked
    await parts.records.close()


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def test_a_month_shows_each_day_and_what_is_to_come(tmp_path: Path) -> None:
    async with scheduled(tmp_path) as (client, _, _):
        month = (await client.get("/months/2026-10")).json()
        days = {day["date"]: day for day in month["days"]}
        assert len(days) == 31
        assert not days["2026-10-01"]["working"]
        assert days["2026-10-10"]["working"]
        assert [run["job"] for run in days["2026-10-05"]["runs"]] == ["warm"]
        assert [run["job"] for run in days["2026-10-01"]["runs"]] == ["papers"]
        assert days["2026-10-05"]["runs"][0]["outcome"] == "to-come"


async def test_a_job_run_by_hand_is_done_once_and_on_record(tmp_path: Path) -> None:
    async with scheduled(tmp_path) as (client, parts, worked):
        ended = asyncio.Event()
        parts.journal.subscribe(
            lambda entry: ended.set() if entry.data.get("event") == "ended" else None
        )
        begun = (await client.post("/warm/run")).json()["runs"]
        assert len(begun) == 1
        async with asyncio.timeout(30):
            await ended.wait()
        assert [work.room for work in worked] == ["19"]
        entry = (await parts.journal.latest(("job",), 1))[0]
        assert (entry.room, entry.data["outcome"]) == ("19", "done")


async def test_a_due_time_left_out_is_shown_as_skipped(tmp_path: Path) -> None:
    async with scheduled(tmp_path) as (client, _, _):
        due = "2026-10-04T23:00:00Z"
        assert (
            await client.post("/warm/skip", json={"due": "2026-10-04T22:00:00Z"})
        ).status_code == 422
        assert len((await client.post("/warm/skip", json={"due": due})).json()["runs"]) == 1
        day = (await client.get("/months/2026-10")).json()["days"][4]
        assert [run["outcome"] for run in day["runs"]] == ["skipped"]


async def test_what_there_is_not_is_told(tmp_path: Path) -> None:
    async with scheduled(tmp_path) as (client, _, _):
        assert (await client.post("/nothing/run")).status_code == 404
        assert (await client.post("/warm/run", json={"rooms": ["99"]})).status_code == 404
        assert (await client.post("/runs/7/answer", json={"run": True})).status_code == 404
        assert (await client.get("/months/2026-13")).status_code == 422


async def test_a_room_that_there_is_not_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.jobs.test_schedule_api.SCHEDULE", SCHEDULE.replace('"19"', '"99"'))
    with pytest.raises(ConfigError, match=r"schedule\.warm: no room '99'"):
        async with scheduled(tmp_path):
            pass
