"""Warm-ups of a whole room in virtual time, judged by what really became of its devices."""

import asyncio
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from avctl.capabilities.mixer import Mute
from avctl.errors import TakeError
from avctl.warmup import Asked, Phase, WarmUp
from tests.warmup.stage import ROOM, Hall, hall

pytestmark = pytest.mark.virtual

SWITCHED = ["strip", "projector", "laser", "screen", "recorder"]


@dataclass(eq=False)
class Stopped:
    """What is left of a warm-up whose service was stopped."""

    first: WarmUp
    rounds: list[Any]

    def taken_up(self) -> WarmUp:
        again = WarmUp(self.first.room, self.first.asked, identity="1", began=self.first.began)
        again.take_up(self.first.phase, self.rounds)
        return again


def found(warm_up: WarmUp) -> dict[str, str]:
    """What is not as it should be."""
    return {
        name: each.finding.value
        for name, each in warm_up.judgements.items()
        if each.finding.value != "ok"
    }


def told(warm_up: WarmUp, name: str) -> str:
    return "; ".join(remark["en"] for remark in warm_up.judgements[name].remarks)


def dark(stage: Hall) -> list[str]:
    return [name for name, each in stage.devices.items() if not each.truth().get("mains", True)]


async def test_all_is_on_for_ten_minutes_from_the_last_one_ready_and_off_again() -> None:
    async with hall() as stage:
        warm_up = stage.warm_up()
        await warm_up.run()
        assert found(warm_up) == {}
        assert warm_up.is_good
        assert warm_up.held_from == warm_up.records["laser"].ready
        assert warm_up.held >= 600
        assert stage.devices["laser"].power.burnt >= 600  # though it was the last to come up
        assert stage.devices["projector"].power.strikes == 1
        assert dark(stage) == SWITCHED
        assert not stage.hot_cuts


async def test_every_device_is_sampled_every_half_minute_of_the_hold() -> None:
    async with hall() as stage:
        warm_up = stage.warm_up()
        await warm_up.run()
        projector = warm_up.records["projector"]
        moments = [
            sample.at for sample in projector.samples if sample.at >= (warm_up.held_from or 0)
        ]
        assert max(after - before for before, after in pairwise(moments)) <= 30.1
        assert moments[-1] >= (warm_up.held_from or 0) + 600
        last = projector.samples[-1]
        assert last.readings["power"] == "on"
        assert last.readings["fault/lamp"] == "good"
        assert last.readings["hours/lamp"] == 1234
        assert last.readings["lit/lamp"] is True
        assert last.readings["input_signal"] is True
        assert projector.identity["serial"] == "SIM0001"
        assert projector.identity["firmware"] == "1.04.00"
        assert warm_up.records["recorder"].samples[-1].readings["time_left/1"] > 1800
        assert warm_up.records["screen"].samples[-1].readings["temperature/inside"] > 0
        assert warm_up.records["strip"].samples[-1].readings["outlet/1"] is True


async def test_minutes_on_are_those_of_the_device_itself() -> None:
    async with hall() as stage:
        warm_up = stage.warm_up()
        await warm_up.run()
        lit = stage.devices["laser"].power.burnt - stage.devices["laser"].knobs.warm_seconds
        assert warm_up.minutes_on("laser") * 60 == pytest.approx(lit, abs=5)


@pytest.mark.parametrize(
    ("options", "expected", "said"),
    [
        ({"projector": {"password": "secret"}}, "auth", "wants a password"),
        ({"projector": {"stuck": "warming"}}, "stuck-warming", "warming for"),
        ({"projector": {"inputs": "31"}}, "no-picture", "no signal at input 31"),
        ({"projector": {"dark_lamps": [1]}}, "no-picture", "no lamp burns"),
        ({"projector": {"lamps": [3500]}}, "degraded", "3500 h, over 3000"),
        ({"projector": {"lamps": [100, 100], "dark_lamps": [2]}}, "degraded", "lamp 2 does not burn"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
async def test_what_a_projector_is_like_has_its_verdict_and_the_others_go_on(
    options: dict[str, dict[str, Any]], expected: str, said: str
) -> None:
    async with hall(options) as stage:
        warm_up = stage.warm_up()
        await warm_up.run()
        assert found(warm_up) == {"projector": expected}
        assert said in told(warm_up, "projector")
        assert stage.devices["laser"].power.burnt >= 600
        assert not stage.hot_cuts


async def test_projector_that_never_cools_down_is_told_and_keeps_its_mains() -> None:
    async with hall({"projector": {"stuck": "cooling"}}) as stage:
        await stage.room.take("get-ready", "test").ended.wait()
        stage.devices["projector"].press("power", on=False)
        warm_up = stage.warm_up()
        await warm_up.run()
        assert found(warm_up)["projector"] == "stuck-cooling"
        assert "laser" not in found(warm_up)
        assert dark(stage) == ["laser", "screen", "recorder"]
        assert not stage.hot_cuts


async def test_projector_that_cannot_go_off_again_is_told_after_the_hold() -> None:
    async with hall({"projector": {"stuck": "cooling"}}) as stage:
        warm_up = stage.warm_up()
        await warm_up.run()
        assert found(warm_up) == {"projector": "stuck-cooling"}
        assert "did not go to standby" in told(warm_up, "projector")
        assert stage.devices["projector"].truth()["mains"]


async def test_lamp_that_cannot_be_struck_is_a_fault() -> None:
    async with hall() as stage:
        stage.devices["projector"].press("failure", part="lamp", level=2)
        warm_up = stage.warm_up()
        await warm_up.run()
        assert found(warm_up) == {"projector": "fault"}
        assert "lamp: fault" in told(warm_up, "projector")


async def test_warning_makes_a_device_degraded() -> None:
    async with hall() as stage:
        stage.devices["projector"].press("failure", part="filter", level=1)
        warm_up = stage.warm_up()
        await warm_up.run()
        assert found(warm_up) == {"projector": "degraded"}
        assert "filter: warning" in told(warm_up, "projector")


async def test_overheating_in_the_hold_is_a_fault() -> None:
    async with hall() as stage:
        warm_up = stage.warm_up()
        running = asyncio.create_task(warm_up.run())
        await until(warm_up, Phase.HOLDING)
        stage.devices["projector"].press("failure", part="temperature", level=2)
        await running
        assert found(warm_up) == {"projector": "fault"}


async def test_device_without_network_is_not_reachable_since_then_and_never_off() -> None:
    async with hall() as stage:
        stage.devices["projector"].faults.set("cut")
        warm_up = stage.warm_up()
        await warm_up.run()
        assert found(warm_up) == {"projector": "no-link"}
        assert "not reachable since 2026-03-02 07:0" in told(warm_up, "projector")
        assert "is off" not in told(warm_up, "projector")


async def test_outlet_that_stays_off_is_the_verdict_of_all_behind_it() -> None:
    async with hall() as stage:
        await stage.room.set("strip-outlet", "power", "on", "test").ended.wait()
        await stage.until_there("strip")
        stage.devices["strip"].faults.set("ignores")
        warm_up = stage.warm_up()
        await warm_up.run()
        assert found(warm_up) == {
            "strip": "fault", "projector": "no-outlet", "recorder": "no-outlet",
        }  # fmt: skip
        assert "outlet projector-outlet is off" in told(warm_up, "projector")
        assert "outlet amplifier-outlet is off" in told(warm_up, "strip")


async def test_silent_sequencer_is_why_nothing_has_mains() -> None:
    async with hall() as stage:
        stage.devices["sequencer"].faults.set("half_open")
        await stage.clock.sleep(30)
        warm_up = stage.warm_up()
        await warm_up.run()
        assert found(warm_up) == {"sequencer": "no-link"} | dict.fromkeys(SWITCHED, "no-outlet")
        assert "sequencer does not answer" in told(warm_up, "projector")


async def test_other_projector_than_last_time_is_told_by_its_serial_number() -> None:
    async with hall() as stage:
        known = {"projector": {"serial": "SIM0009", "model": "class2"}}
        warm_up = WarmUp(stage.room, Asked("test", 600), identity="1", known=known)
        await warm_up.run()
        assert found(warm_up) == {"projector": "wrong-identity"}
        assert told(warm_up, "projector") == "its serial is SIM0001, and was SIM0009"


async def test_device_that_is_left_out_is_neither_switched_nor_cut() -> None:
    async with hall() as stage:
        warm_up = stage.warm_up(skip=("projector",))
        await warm_up.run()
        assert found(warm_up) == {"projector": "skipped"}
        assert stage.devices["projector"].power.strikes == 0
        assert not stage.devices["projector"].truth()["mains"]


async def test_late_device_is_tried_once_more_and_has_the_whole_hold() -> None:
    async with hall({"projector": {"boot_seconds": 230}}) as stage:
        warm_up = stage.warm_up()
        await warm_up.run()
        assert found(warm_up) == {"projector": "degraded"}
        assert told(warm_up, "projector") == "came up at the second attempt"
        assert stage.devices["projector"].power.burnt >= 600
        assert stage.devices["projector"].power.strikes == 1


async def test_device_that_stays_away_is_tried_once_more_after_a_minute_and_never_again() -> None:
    async with hall() as stage:
        stage.devices["projector"].press("failure", part="cover", level=2)
        warm_up = stage.warm_up()
        await warm_up.run()
        assert [take.scene.name for take in stage.room.takes] == [
            "get-ready",
            "get-ready",
            "shut-down",
        ]
        again = stage.room.takes[1]
        waited = [at for at, what in warm_up.events if "once more" in what["en"]]
        assert (again.tapped - warm_up.began).total_seconds() - waited[0] >= 60
        assert {step.want.target for step in again.steps} >= {"projector"}
        assert "laser" not in {step.want.target for step in again.steps}


async def test_power_cut_in_the_middle_is_told_and_nothing_is_said_to_be_off() -> None:
    async with hall() as stage:
        warm_up = stage.warm_up()
        running = asyncio.create_task(warm_up.run())
        await until(warm_up, Phase.HOLDING)
        await stage.clock.sleep(200)
        stage.devices["sequencer"].mains(False)
        await running
        assert found(warm_up) == {"sequencer": "no-link"} | dict.fromkeys(SWITCHED, "no-outlet")
        assert not warm_up.is_good


async def test_device_that_went_and_came_back_in_the_hold_is_degraded() -> None:
    async with hall() as stage:
        warm_up = stage.warm_up()
        running = asyncio.create_task(warm_up.run())
        await until(warm_up, Phase.HOLDING)
        stage.devices["recorder"].reboot()
        await running
        assert found(warm_up) == {"recorder": "degraded"}
        assert "had no link for" in told(warm_up, "recorder")


async def test_sequencer_that_tells_nothing_is_told_as_sent_and_never_as_ok(tmp_path: Path) -> None:
    file = tmp_path / "hall.yaml"
    deaf = ROOM.read_text("utf-8").replace("{channels: 4}", "{channels: 4, line: rs485}")
    file.write_text(deaf, "utf-8")
    async with hall({"sequencer": {"rs485": True}}, room=file) as stage:
        warm_up = stage.warm_up()
        await warm_up.run()
        assert found(warm_up) == {"sequencer": "sent"}
        assert warm_up.is_good


# What becomes of the room.


async def test_room_in_use_is_not_shut_down_under_those_who_use_it() -> None:
    async with hall() as stage:
        warm_up = stage.warm_up()
        running = asyncio.create_task(warm_up.run())
        await until(warm_up, Phase.HOLDING)
        await stage.room.set("mic", "muted", False, "operator").ended.wait()
        await running
        assert warm_up.left_on
        assert "mic is open" in warm_up.left_on["en"]
        assert stage.devices["projector"].truth()["power"] == "lit"
        assert warm_up.is_good


async def test_room_stays_on_when_that_is_asked_for() -> None:
    async with hall() as stage:
        warm_up = stage.warm_up(stay_on=True)
        await warm_up.run()
        assert stage.devices["projector"].truth()["power"] == "lit"


async def test_nothing_is_proven_when_somebody_else_shuts_the_room_down() -> None:
    async with hall() as stage:
        warm_up = stage.warm_up()
        running = asyncio.create_task(warm_up.run())
        await until(warm_up, Phase.HOLDING)
        await stage.clock.sleep(100)
        theirs = stage.room.take("shut-down", "operator", confirmed=True)
        await running
        assert warm_up.incomplete == {
            "zh": "operator 执行了“关闭会议室”", "en": "operator took “Shut the room down”",
        }  # fmt: skip
        assert found(warm_up) == {}
        assert warm_up.judgements == {}
        await theirs.ended.wait()
        assert [take.scene.name for take in stage.room.takes] == ["get-ready", "shut-down"]


async def test_warm_up_that_is_broken_off_leaves_the_room_as_it_is() -> None:
    async with hall() as stage:
        warm_up = stage.warm_up()
        running = asyncio.create_task(warm_up.run())
        await until(warm_up, Phase.HOLDING)
        warm_up.break_off({"zh": "", "en": "enough"})
        await running
        assert warm_up.phase is Phase.ENDED
        assert warm_up.incomplete
        assert stage.devices["projector"].truth()["power"] == "lit"


async def test_room_that_says_nothing_of_being_made_ready_is_not_warmed_up(tmp_path: Path) -> None:
    file = tmp_path / "hall.yaml"
    file.write_text(ROOM.read_text("utf-8").partition("ready:")[0], "utf-8")
    async with hall(room=file) as stage:
        with pytest.raises(TakeError):
            stage.warm_up()


# Interruptions.


async def interrupted(stage: Hall, after: float, phase: Phase = Phase.HOLDING) -> Stopped:
    """A warm-up whose service was stopped so long after a phase began."""
    rounds: list[Any] = []
    first = WarmUp(
        stage.room, Asked("test", 600), identity="1", sampled=lambda _, news: rounds.append(news)
    )
    running = asyncio.create_task(first.run())
    await until(first, phase)
    await stage.clock.sleep(after)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return Stopped(first, rounds)


async def test_interrupted_hold_goes_on_with_its_clock_kept() -> None:
    async with hall() as stage:
        stopped = await interrupted(stage, 200)
        await stage.clock.sleep(45)
        again, began = stopped.taken_up(), stage.clock.now()
        await again.run()
        assert found(again) == {}
        assert again.incomplete is None
        assert again.held_from == pytest.approx(stopped.first.held_from)
        assert 600 <= stage.devices["laser"].power.burnt < 700
        assert stage.clock.now() - began < 600
        assert dark(stage) == SWITCHED
        assert any("the service was away" in what["en"] for _, what in again.events)


async def test_interrupted_while_it_was_getting_ready_it_is_incomplete_and_shuts_down() -> None:
    async with hall() as stage:
        stopped = await interrupted(stage, 50, Phase.GETTING_READY)
        again = stopped.taken_up()
        await again.run()
        assert again.incomplete
        assert dark(stage) == SWITCHED
        assert not stage.hot_cuts


async def test_room_is_left_as_it_is_after_too_long_an_interruption() -> None:
    async with hall() as stage:
        stopped = await interrupted(stage, 200)
        await stage.clock.sleep(3600)
        again = stopped.taken_up()
        await again.run()
        assert again.incomplete
        assert again.left_on
        assert stage.devices["projector"].truth()["power"] == "lit"


async def test_hold_is_incomplete_when_a_device_went_off_during_the_interruption() -> None:
    async with hall() as stage:
        stopped = await interrupted(stage, 200)
        stage.devices["projector"].press("power", on=False)
        await stage.clock.sleep(45)
        again = stopped.taken_up()
        await again.run()
        assert again.incomplete
        assert "projector" in again.incomplete["en"]


@pytest.mark.parametrize("seed", range(12))
async def test_lamp_is_never_cut_hot_whatever_fails_and_whenever(seed: int) -> None:
    rng = Random(seed)
    async with hall(seed=seed) as stage:
        warm_up = stage.warm_up(hold=rng.choice([60.0, 300.0, 600.0]))
        running = asyncio.create_task(warm_up.run())
        for _ in range(rng.randrange(1, 6)):
            await stage.clock.sleep(rng.uniform(0, 400))
            device = rng.choice(["sequencer", "strip", "projector", "laser"])
            fault = rng.choice(
                ["half_open", "lost", "late", "mute", "busy", "ignores", "refuses", "cut"]
            )
            value = {"lost": 0.5, "late": 1.5}.get(fault)
            stage.devices[device].faults.set(fault, value, seconds=rng.uniform(1, 300))
        if rng.random() < 0.3:
            running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        if rng.random() < 0.5:
            await stage.room.take("shut-down", "test", confirmed=True).ended.wait()
        assert not stage.hot_cuts
        assert running.cancelled() or warm_up.phase is Phase.ENDED
        assert stage.room.devices["mixer"].state[Mute("Level1/1")].value is True


async def until(warm_up: WarmUp, phase: Phase) -> None:
    while warm_up.phase is not phase:
        await warm_up.room.clock.sleep(0.5)
