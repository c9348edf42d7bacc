"""What scenes ask for and what they would do, over the API; and what the journal hands back at a new start."""

import pytest

from avctl.capabilities.camera import Framing
from avctl.room import Change
from tests.served import API
from tests.service.house import house

pytestmark = pytest.mark.virtual

ROOM = f"{API}/rooms/19"
SEAT = f"{ROOM}/scenes/seat-close-up"


@pytest.fixture(autouse=True)
def passwords(monkeypatch):
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def test_a_scene_tells_its_choices_and_what_it_asks_of_a_finger():
    async with house() as here:
        scenes = (await here.client.get(f"{ROOM}/scenes")).json()["scenes"]
        told = {scene["scene"]: scene for scene in scenes}
        (parameter,) = told["seat-close-up"]["parameters"]
        assert parameter["title"]["en"] == "Seat"
        assert [each["choice"] for each in parameter["choices"]] == ["podium", "chair", "guest"]
        assert told["emergency-backup"]["confirm"] is told["emergency-backup"]["emergency"] is True
        assert told["show-laptop"]["confirm"] is told["show-laptop"]["emergency"] is False
        assert told["show-laptop"]["mode"] == "supersede"


async def test_a_choice_is_what_is_planned_and_then_sent():
    async with house() as here:
        body = {"arguments": {"seat": "guest"}}
        plan = (await here.client.post(f"{SEAT}/plan", json=body)).json()
        by_query = (await here.client.get(f"{SEAT}/plan", params={"seat": "guest"})).json()
        assert [step["wanted"] for step in plan["steps"]] == [
            step["wanted"] for step in by_query["steps"]
        ]
        run = (await here.client.post(f"{SEAT}/take", json=body, params={"wait": 10})).json()
        assert run["verdict"] == "confirmed"

        def key(step):
            return step["target"], step["word"], str(step["wanted"])

        assert sorted(map(key, plan["steps"])) == sorted(map(key, run["steps"]))
        right = {key(step) for step in plan["steps"] if step["prospect"] == "right"}
        assert right == {key(step) for step in run["steps"] if step["verdict"] == "skipped"}
        assert here.real["19"].far_end_hears()[0].microphone == "guest-mic"


async def test_a_scene_without_its_choice_is_not_taken():
    async with house() as here:
        answer = await here.client.post(f"{SEAT}/take")
        assert (answer.status_code, answer.json()["code"]) == (422, "unfit")
        assert "podium, chair, guest" in answer.json()["detail"]


async def test_a_plan_names_its_risks_in_both_languages():
    async with house() as here:
        await here.client.post(f"{ROOM}/scenes/speaker-close-up/take", params={"wait": 10})
        here.simulator("matrix").faults.set("half_open")
        await here.until(lambda: not here.room.devices["matrix"].up)
        plan = (await here.client.get(f"{ROOM}/scenes/chair-close-up/plan")).json()
        risks = {(risk["risk"], risk["target"]): risk for risk in plan["risks"]}
        assert {("on-air", "podium-camera"), ("opens", "chair-mic"), ("unreachable", "matrix")} <= (
            risks.keys()
        )
        assert risks["opens", "chair-mic"]["zh"] == "打开主席话筒"
        assert (
            "Far end" in risks["on-air", "podium-camera"]["en"]
            or "Wall input" in (risks["on-air", "podium-camera"]["en"])
        )
        prospects = {step["target"]: step["prospect"] for step in plan["steps"]}
        assert prospects["far-end"] == "unreachable"
        assert prospects["podium-camera"] == "drive"


async def test_the_last_run_of_each_scene_is_told_however_many_faders_were_moved():
    async with house() as here:
        await here.client.post(f"{ROOM}/scenes/show-laptop/take", params={"wait": 5})
        for level in range(-25, 0):
            body = {"target": "chair-mic", "word": "fader", "value": level}
            await here.client.post(f"{ROOM}/set", json=body, params={"wait": 2})
        runs = (await here.client.get(ROOM)).json()["runs"]
        assert len(runs) == 21
        assert runs[-1]["scene"] == "show-laptop"


async def test_one_failing_listener_does_not_silence_the_others():
    async with house() as here:

        def fails(room, change: Change) -> None:
            raise RuntimeError("a listener with a fault")

        leave = here.room.subscribe(fails)
        here.room._listeners.insert(0, here.room._listeners.pop())
        run = (await here.client.post(f"{SEAT}/take", json={"arguments": {"seat": "chair"}})).json()
        await here.room.find(run["run"]).ended.wait()
        assert {"tap", "step", "verdict"} <= set(here.kinds())
        leave()


async def test_what_steps_took_is_known_again_after_a_restart():
    async with house() as first:
        await first.client.post(f"{ROOM}/scenes/chair-close-up/take", params={"wait": 10})
        before = first.room.learnt.figures()
        journal = first.journal
    async with house(journal=journal) as second:
        learnt = second.room.learnt.figures()
        assert learnt.keys() == before.keys()
        assert learnt["podium-camera"]["preset"] == pytest.approx(
            before["podium-camera"]["preset"], abs=0.001
        )
        scenes = (await second.client.get(f"{ROOM}/scenes")).json()["scenes"]
        chair = next(scene for scene in scenes if scene["scene"] == "chair-close-up")
        assert chair["expected"] == pytest.approx(
            max(seconds for words in before.values() for seconds in words.values()), abs=1.0
        )


async def test_a_framing_that_a_camera_learnt_is_known_again_after_a_restart():
    async with house() as first:
        camera = first.room.devices["podium-camera"]
        assert camera.known() == {"framings": {}}
        first.simulator("podium-camera").presets[7] = first.simulator("podium-camera").presets[4]
        body = {"target": "podium-camera", "word": "preset", "value": 8}
        await first.client.post(f"{ROOM}/set", json=body, params={"wait": 5})
        await first.until(lambda: "learnt" in first.kinds())
        learnt = camera.known()["framings"]["8"]
        journal = first.journal
    async with house(journal=journal, up=False) as second:
        camera = second.room.devices["podium-camera"]
        assert camera.framings[8] == Framing(**learnt)  # type: ignore[attr-defined]  # a camera
