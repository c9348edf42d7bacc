"""What a tap costs before the devices have their time, and after. In virtual time: only waits count."""

import asyncio
import contextlib
import json
from random import Random

import pytest

from tests.bench.figure import p99
from tests.latency.hall import CONFIRMED, FIRST_BYTE, takes
from tests.served import API
from tests.service.house import house

DEVICES = 12

ACCEPTED = 0.050  # seconds from the tap until the panels are told

EXACT = 1e-6  # seconds


async def test_the_last_of_twelve_devices_has_its_first_byte_at_once() -> None:
    found = await takes(1)
    planned = [taken.planned_to_first_byte() for taken, _ in found]
    assert {len(each) for each in planned} == {DEVICES}
    assert p99([max(each.values()) for each in planned]) <= FIRST_BYTE
    # And its first question: a poll under way is all that may be in front of it.
    assert p99([max(taken.to_first_byte().values()) for taken, _ in found]) <= FIRST_BYTE


async def test_a_take_is_confirmed_when_its_slowest_device_is() -> None:
    late = [taken.confirmed() - own_end for taken, own_end in await takes(2)]
    assert p99(late) <= CONFIRMED + EXACT
    assert min(late) >= -CONFIRMED  # never before it was so, by more than a read-back


@pytest.mark.parametrize("hangs", [None, "matrix"])
async def test_panels_are_told_of_a_tap_at_once(
    hangs: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")
    scenes = ("speaker-close-up", "restore-panorama")
    rng, took = Random(3), []
    async with house(only=None) as here:
        if hangs:
            here.simulator(hangs).faults.set("half_open")
        clock = here.parts.clock
        panel = here.parts.hub.join()
        told: dict[str, float] = {}

        async def listen() -> None:
            while (text := await panel.next()) is not None:
                message = json.loads(text)
                if message["type"] == "run":
                    told.setdefault(message["run"]["run"], clock.now())

        listening = asyncio.create_task(listen())
        for number in range(20):
            await clock.sleep(2 * rng.random())
            tapped = clock.now()
            path = f"{API}/rooms/19/scenes/{scenes[number % 2]}/take"
            run = (await here.client.post(path)).json()["run"]
            async with asyncio.timeout(10):
                while run not in told:
                    await clock.sleep(0.001)
            took.append(told[run] - tapped)
        panel.close()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
    assert max(took) <= ACCEPTED
