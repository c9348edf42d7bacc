"""How long takes last: distributions, budgets, and taking a scene again and again."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from avctl.blueprint import read_room
from avctl.errors import ConfigError, TakeError
from avctl.rehearsal import rehearse
from avctl.scenes.latency import spread
from avctl.scenes.scene import Mode
from avctl.scenes.take import Verdict
from service.cli.rehearse import picture
from tests.rooms import DEMO, demo


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
        assert real.far_end_sees().source == "panorama-camera"
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


async def test_a_room_without_a_safe_scene_goes_back_to_what_was_before() -> None:
    async with demo(only="19") as rooms:
        room, real = rooms.room("19")
        await rooms.until_up("19")
        object.__setattr__(room.file, "safe", None)
        before = room.take("restore-panorama", by="test")
        await before.ended.wait()
        saw = real.far_end_sees()
        done = await rehearse(room, "show-laptop", 3, by="test")
        assert done.is_good
        assert [take.steps[0].verdict for take in done.takes] == [Verdict.CONFIRMED] * 3
        assert real.far_end_sees() == saw


async def test_what_is_not_harmless_twice_is_not_rehearsed() -> None:
    async with demo(only="19") as rooms:
        room, _ = rooms.room("19")
        await rooms.until_up("19")
        file = room.playbook.files["show-laptop"]
        want = {**file.want, "podium-camera": {"store": 5}}
        room.playbook.files["show-laptop"] = file.model_copy(update={"want": want})
        with pytest.raises(TakeError, match="not harmless twice: podium-camera store"):
            await rehearse(room, "show-laptop", 3, by="test")
        assert not room.takes


def test_a_budget_beyond_the_deadline_is_an_error_of_the_file(tmp_path: Path) -> None:
    text = (DEMO / "room-19.yaml").read_text("utf-8")
    scene = "    deadline: 8 s\n"
    assert scene in text
    (tmp_path / "room.yaml").write_text(
        text.replace(scene, scene + "    budget: 9 s\n", 1), "utf-8"
    )
    with pytest.raises(ConfigError, match=r"budget.*beyond the deadline of 8 s"):
        read_room(tmp_path / "room.yaml")


async def test_the_time_that_a_take_waits_for_an_older_one_counts() -> None:
    async with demo(only="19") as rooms:
        room, _ = rooms.room("19")
        await rooms.until_up("19")
        first = room.take("speaker-close-up", by="test")
        waiting = replace(room.make("show-laptop"), mode=Mode.WAIT, budget=1.0)
        take = room.start(waiting, by="test")
        await take.ended.wait()
        assert first.duration is not None
        assert take.took == pytest.approx(take.waited + (take.duration or 0.0))
        assert take.waited > 1.0
        assert take.is_over_budget
