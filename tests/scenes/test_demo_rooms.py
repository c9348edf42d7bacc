"""The demo's rooms in virtual time, judged by what their far ends and walls really show."""

import pytest

from avctl.capabilities.wall import Layout, WindowSource
from avctl.scenes.scene import Scene, Want
from avctl.scenes.take import Take, Verdict
from tests.rooms import demo


def steps(take: Take) -> list[tuple[str, object, str]]:
    return [(step.want.target, step.verdict, step.why) for step in take.steps]


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVCTL_HALL_WALL_PASSWORD", "adminpw")


async def test_speaker_close_up_shows_the_speaker_to_the_far_end_and_on_the_wall() -> None:
    async with demo(only="19") as rooms:
        room, real = rooms.room("19")
        await rooms.until_up("19")
        take = room.take("speaker-close-up", by="test")
        await take.ended.wait()
        assert take.verdict is Verdict.CONFIRMED, [
            (s.want.target, s.verdict, s.why) for s in take.steps
        ]
        seen = real.far_end_sees()
        assert seen.source == "podium-camera"
        assert seen.speaker_fills
        assert real.far_end_hears()[0].microphone == "podium-mic"
        assert [window.source for window in real.wall_shows("hall-wall")] == [
            "podium-camera",
            "panorama-camera",
        ]


async def test_restore_panorama_shows_the_whole_room_and_closes_the_microphones() -> None:
    async with demo(only="19") as rooms:
        room, real = rooms.room("19")
        await rooms.until_up("19")
        await room.take("speaker-close-up", by="test").ended.wait()
        take = room.take("restore-panorama", by="test")
        await take.ended.wait()
        assert take.verdict is Verdict.CONFIRMED, [
            (s.want.target, s.verdict, s.why) for s in take.steps
        ]
        assert real.far_end_sees().source == "panorama-camera"
        assert not real.far_end_sees().speaker_fills
        assert "podium-mic" not in [heard.microphone for heard in real.far_end_hears()]


async def test_swap_to_backup_mic_lets_the_far_end_hear_the_backup() -> None:
    async with demo(only="19") as rooms:
        room, real = rooms.room("19")
        await rooms.until_up("19")
        await room.take("speaker-close-up", by="test").ended.wait()
        real.set_microphone("podium-mic", alive=False)
        take = room.take("swap-to-backup-mic", by="test")
        await take.ended.wait()
        assert take.verdict is Verdict.CONFIRMED, [
            (s.want.target, s.verdict, s.why) for s in take.steps
        ]
        heard = [each.microphone for each in real.far_end_hears()]
        assert heard[0] == "podium-mic-backup"
        assert "podium-mic" not in heard


async def test_a_window_that_the_layout_of_the_same_scene_turns_is_put_after_it() -> None:
    async with demo(only="19") as rooms:
        room, real = rooms.room("19")
        await rooms.until_up("19")
        as_it_is = WindowSource(1), "Slot1.In2"
        wants = tuple(
            Want("hall-wall", point.word, value, "hall-wall", point, value)
            for point, value in (as_it_is, (Layout(), 2))
        )
        scene = Scene("both", {"zh": "布局与窗口", "en": "Layout and window"}, 8.0, wants)
        take = room.start(scene, by="test")
        await take.ended.wait()
        assert {step.verdict for step in take.steps} == {Verdict.CONFIRMED}, steps(take)
        shown = {window.number: window.socket for window in real.wall_shows("hall-wall")}
        assert shown == {1: "Slot1.In2", 2: "Slot1.In2"}
