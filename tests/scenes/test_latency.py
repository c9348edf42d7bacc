"""How long takes last: distributions, budgets, and taking a scene again and again."""

from xml.etree import ElementTree

import pytest

from avctl.errors import TakeError
from avctl.rehearsal import rehearse
from avctl.scenes.latency import spread
from avctl.scenes.take import Verdict
from service.cli.rehearse import picture
from tests.rooms import demo


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


def test_a_distribution_names_its_quantiles() -> None:
    found = spread(float(n) for n in range(1, 101))
    assert (found.count, found.p50, found.p95, found.p99, found.longest) == (100, 50, 95, 99, 100)
    assert spread([0.25]).p99 == 0.25


async def test_a_rehearsed_scene_tells_every_duration_and_goes_back_between() -> None:
    async with demo(only="19") as rooms:
        room, real = rooms.room("19")
        await rooms.until_up("19")
        done = await rehearse(room, "speaker-close-up", 3, between="restore-panorama", by="test")
        assert [take.verdict for take in done.takes] == [Verdict.CONFIRMED] * 3
        assert done.is_good
        assert real.far_end_sees().speaker_fills
        whole = room.latencies.spreads()["speaker-close-up", "", "", "tap-verdict"]
        assert (whole.count, whole.longest) == (3, max(done.durations))
        cut = room.latencies.spreads()["speaker-close-up", "matrix", "source", "sent-confirmed"]
        assert cut.count == 3
        assert cut.longest <= whole.longest
        ElementTree.fromstring(picture(done))


async def test_a_budget_that_does_not_hold_is_told_and_the_verdict_stays() -> None:
    async with demo(only="19") as rooms:
        room, _ = rooms.room("19")
        await rooms.until_up("19")
        files = room.playbook.files
        for budget, holds in ((0.5, False), (7.0, True)):
            files["speaker-close-up"] = files["speaker-close-up"].model_copy(
                update={"budget": budget}
            )
            done = await rehearse(
                room, "speaker-close-up", 1, between="restore-panorama", by="test"
            )
            assert done.takes[0].verdict is Verdict.CONFIRMED
            assert done.takes[0].is_over_budget is not holds
            assert done.is_good is holds
            assert "500 ms" in picture(done) or holds


async def test_a_room_without_a_safe_scene_must_be_told_what_to_go_back_to() -> None:
    async with demo(only="17") as rooms:
        room, _ = rooms.room("17")
        object.__setattr__(room.file, "safe", None)
        with pytest.raises(TakeError, match="no safe scene"):
            await rehearse(room, next(iter(room.scenes)), 1, by="test")
