"""What happens to a wireless microphone in a hand is told by its receiver."""

import asyncio
from typing import Any

import pytest

from avctl.capabilities.microphone import (
    Battery,
    BatteryBars,
    RadioQuality,
    Transmitter,
    TransmitterMuted,
)
from avctl.points import Point
from tests.conformance.benches import BENCHES, Bench, Standing, standing

RECEIVERS = [
    pytest.param(bench, id=name)
    for name, bench in BENCHES.items()
    if bench.model in ("ulxd4q", "slxd4", "ad4q")
]


def told(at: Standing, point: Point) -> Any:
    reading = at.device.state.get(point)
    return reading.value if reading else "never told"


@pytest.mark.parametrize("bench", RECEIVERS)
async def test_a_switched_off_transmitter_is_told(bench: Bench) -> None:
    async with standing(bench) as at:
        assert told(at, Transmitter("1")) is True
        at.real.press("transmitter", channel=1, on=False)
        await asyncio.sleep(3)
        assert told(at, Transmitter("1")) is False
        assert told(at, Battery("1")) is None
        assert told(at, BatteryBars("1")) is None


@pytest.mark.parametrize("bench", RECEIVERS)
async def test_a_mute_at_the_body_is_told_and_the_receivers_own_stays(bench: Bench) -> None:
    async with standing(bench) as at:
        at.real.press("mute_switch", channel=1, on=True)
        await asyncio.sleep(3)
        assert told(at, TransmitterMuted("1")) is True
        assert not at.real.truth()["channels"]["1"]["muted"]


@pytest.mark.parametrize("bench", RECEIVERS)
async def test_a_battery_that_runs_down_is_told_in_minutes_and_bars(bench: Bench) -> None:
    async with standing(bench) as at:
        at.real.press("battery", channel=1, minutes=30)
        await asyncio.sleep(60)
        assert 25 <= told(at, Battery("1")) <= 30
        assert told(at, BatteryBars("1")) <= 1


@pytest.mark.parametrize("bench", RECEIVERS)
async def test_a_transmitter_carried_away_is_received_more_weakly(bench: Bench) -> None:
    async with standing(bench) as at:
        await asyncio.sleep(3)
        near = told(at, RadioQuality("1"))
        at.real.press("rf", channel=1, quality=0.1)
        await asyncio.sleep(3)
        assert -120 <= told(at, RadioQuality("1")) < near - 20 < 0
