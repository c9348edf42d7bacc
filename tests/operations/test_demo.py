"""Warm-ups of the demo's rooms that have switched mains."""

from typing import Any

import pytest

from avctl.warmup import Asked, WarmUp
from tests.rooms import demo

pytestmark = pytest.mark.virtual


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


@pytest.mark.parametrize("name", ["17", "annex-6"])
async def test_demo_room_warms_up_and_goes_off_with_every_device_in_order(name: str) -> None:
    async with demo(only=name) as rooms:
        room, real = rooms.room(name)
        await rooms.until_up(name)
        warm_up = WarmUp(room, Asked("test", 600), identity="1")
        await warm_up.run()
        findings = {
            device: (each.finding.value, each.remarks)
            for device, each in warm_up.judgements.items()
        }
        assert {finding for finding, _ in findings.values()} == {"ok"}, findings
        assert warm_up.held >= 600
        beamer = real.device("beamer").truth()
        assert (beamer["mains"], beamer["hot_cuts"], beamer["strikes"]) == (False, 0, 1)


async def test_room_whose_outlets_feed_nothing_that_can_be_commanded_warms_up_too() -> None:
    async with demo(only="19") as rooms:
        room, real = rooms.room("19")
        await rooms.until_up("19")
        warm_up = WarmUp(room, Asked("test", 600), identity="1")
        await warm_up.run()
        findings = {device: each.finding.value for device, each in warm_up.judgements.items()}
        assert set(findings.values()) == {"ok"}, findings
        assert "sequencer" in findings
        outlets: Any = real.device("sequencer").truth()["outlets"]
        assert not any(outlets.values())


@pytest.mark.parametrize("name", ["17", "annex-6"])
async def test_demo_room_comes_up_again_after_it_was_shut_down(name: str) -> None:
    async with demo(only=name) as rooms:
        room, real = rooms.room(name)
        await rooms.until_up(name)
        await room.take("shut-down", "test", confirmed=True).ended.wait()
        assert not real.device("beamer").truth()["mains"]
        await rooms.clock.sleep(60)
        take = room.take("get-ready", "test")
        await take.ended.wait()
        assert take.verdict == "confirmed", [(step.want.target, step.why) for step in take.steps]
        await rooms.until_up(name, 60)
        assert real.device("beamer").truth()["power"] == "lit"
