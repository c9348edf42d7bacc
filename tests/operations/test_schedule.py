"""The schedule's warm-ups and inspections across stops of the service: once each, and told as they went."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from service.jobs import Outcome
from tests.operations.centre import MONDAY, world
from tests.served import Served

pytestmark = pytest.mark.virtual

SCHEDULE = """\
schedule:
  warm-up: {do: warm-up, cron: 5 9 * * MON, window: 1 h, arguments: {hold: 300}}
"""  # five minutes after the centre's morning, in Shanghai


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def told(here: Served) -> Sequence[tuple[Outcome | None, str]]:
    runs = await here.parts.jobs.runs.between(MONDAY, here.parts.clock.wall())
    return [(run.outcome, run.why) for run in runs]


async def test_a_warm_up_that_a_restart_interrupts_is_told_as_it_ends(tmp_path: Path) -> None:
    place = world(tmp_path, "annex-6", more=SCHEDULE)
    async with place.service() as here:
        await here.until(lambda: here.noted("warm-up", "begun"))
        await here.parts.clock.sleep(150)
    async with place.service() as here:
        await here.until(lambda: here.noted("job", "ended"), 1800)
        assert await told(here) == [(Outcome.DONE, "held for 5.0 min")]
        assert here.parts.alarms.active() == []
        assert not here.noted("warm-up", "begun")
        assert here.noted("warm-up", "ended")


async def test_a_service_that_starts_late_hears_its_rooms_before_it_warms_them_up(
    tmp_path: Path,
) -> None:
    place = world(tmp_path, "annex-6", more=SCHEDULE)
    async with place.service() as here:
        await here.done("/rooms/annex-6/scenes/speaker-close-up/take")
        await here.parts.clock.sleep(60)  # a microphone is open, and no meeting was begun
    await asyncio.sleep(300)
    async with place.service(up=False) as here:
        await here.parts.clock.sleep(600)
        assert not here.noted("warm-up")
        (running,) = here.parts.jobs.running.values()
        assert running.put_off == "podium-mic is open"
