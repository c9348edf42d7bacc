"""How long takes last: in the figures, in the API, on the plan, and against a scene's budget in the journal."""

import pytest

from tests.served import API
from tests.service.house import House, house

pytestmark = pytest.mark.virtual

ROOM = f"{API}/rooms/19"
INTERVALS = ("planned-sent", "sent-answered", "sent-confirmed")


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


def allow(here: House, scene: str, budget: float) -> None:
    files = here.room.playbook.files
    files[scene] = files[scene].model_copy(update={"budget": budget})


async def taken(here: House, scene: str):
    path = f"{ROOM}/scenes/{scene}/take"
    return (await here.client.post(path, params={"wait": 20})).json()


async def test_every_interval_is_told_by_scene_device_and_kind_of_step():
    async with house() as here:
        runs = [await taken(here, scene) for scene in ("speaker-close-up", "restore-panorama") * 2]
        assert {run["verdict"] for run in runs} == {"confirmed"}
        told = (await here.client.get(f"{ROOM}/latency")).json()["latencies"]
        rows = {(row["scene"], row["device"], row["word"], row["interval"]): row for row in told}
        whole = rows["speaker-close-up", None, None, "tap-verdict"]
        assert whole["count"] == 2
        assert whole["longest"] == max(runs[0]["duration"], runs[2]["duration"])
        assert whole["p50"] <= whole["p95"] <= whole["p99"] <= whole["longest"]
        for interval in INTERVALS:
            assert rows["speaker-close-up", "matrix", "source", interval]["count"] == 2

        text = (await here.client.get("/metrics")).text
        for interval in INTERVALS:
            labels = f'device="matrix",interval="{interval}",room="19"'
            labels += ',scene="speaker-close-up",word="source"'
            assert f"avctl_step_seconds_count{{{labels}}} 2.0" in text
        count = 'avctl_scene_duration_seconds_count{room="19",scene="speaker-close-up"} 2.0'
        assert count in text


async def test_a_plan_tells_how_long_the_scene_took_so_far_and_may_take():
    async with house() as here:
        path = f"{ROOM}/scenes/speaker-close-up/plan"
        plan = (await here.client.get(path)).json()
        assert (plan["budget"], plan["spread"]) == (None, None)
        allow(here, "speaker-close-up", 7.5)
        run = await taken(here, "speaker-close-up")
        plan = (await here.client.get(path)).json()
        assert plan["budget"] == 7.5
        assert plan["spread"]["count"] == 1
        assert plan["spread"]["p99"] == run["duration"]


@pytest.mark.parametrize(("budget", "over"), [(0.5, True), (7.5, False)])
async def test_a_run_over_its_budget_is_told_and_noted_and_stays_confirmed(budget, over):
    async with house() as here:
        allow(here, "speaker-close-up", budget)
        run = await taken(here, "speaker-close-up")
        assert (run["verdict"], run["over_budget"]) == ("confirmed", over)
        (noted,) = (
            entry.data
            for entry in here.entries
            if entry.kind == "verdict" and entry.data["scene"] == "speaker-close-up"
        )
        assert (noted["budget"], noted["over_budget"]) == (budget, over)
        assert noted["took"] == pytest.approx(run["duration"], abs=0.001)
