"""What a scene's author may say: failures, modes, checks, holds, actions, parameters, guards. Real drivers, simulators, virtual time."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from avctl.errors import TakeError
from avctl.scenes.back import not_returnable
from avctl.scenes.plan import Prospect
from avctl.scenes.scene import Priority
from avctl.scenes.take import Take, Verdict
from tests.rooms import Bench, bench

ROOM = """\
room: small
title: Small
devices:
  matrix: {driver: extron_sis, url: 'tcp://127.0.0.1:23'}
  mixer:
    driver: biamp_ttp
    url: tcp://127.0.0.1:2323
    settings: {channels: [Level1/1, Level1/2]}
  camera:
    driver: visca
    url: tcp://127.0.0.1:5678
    settings: {model: ptzoptics, framings: {1: {pan: 10, tilt: 0, zoom: 0.2}, 2: {pan: -90, tilt: 5, zoom: 0.5}}}
    presets: {wide: 1, far: 2}
sources:
  laptop: {device: matrix, input: 4}
  player: {device: matrix, input: 5}
destinations:
  far-end: {device: matrix, output: 1}
  projector: {device: matrix, output: 2}
microphones:
  podium-mic: {device: mixer, channel: Level1/1, level: -6 dB}
  chair-mic: {device: mixer, channel: Level1/2, level: -8 dB}
library: false
scenes:
"""


@contextlib.asynccontextmanager
async def room_with(tmp_path: Path, scenes: str) -> AsyncIterator[Bench]:
    path = tmp_path / "room.yaml"
    path.write_text(ROOM + scenes, encoding="utf-8")
    async with bench(path) as standing:
        await standing.until_up()
        camera = standing.devices["camera"]
        camera.store(1, 10.0, 0.0, 0.2)  # type: ignore[attr-defined]  # a camera
        camera.store(2, -90.0, 5.0, 0.5)  # type: ignore[attr-defined]  # a camera
        yield standing


async def ended(take: Take | None) -> Take:
    assert take is not None
    await take.ended.wait()
    return take


def verdicts(take: Take) -> dict[str, Verdict | None]:
    return {f"{step.want.target} {step.want.word}": step.verdict for step in take.steps}


SHOW = """\
  show:
    title: Show
    deadline: 3 s
    on_failure: {policy}
    want:
      far-end: {{source: laptop}}
      podium-mic: {{fader: nominal, muted: true, after: far-end}}
  black:
    title: Black
    want: {{far-end: {{blank: true}}}}
"""


async def test_go_on_lets_the_other_steps_go_on(tmp_path: Path) -> None:
    scenes = SHOW.format(policy="go-on").replace(", after: far-end", "")
    async with room_with(tmp_path, scenes) as at:
        at.devices["matrix"].faults.set("ignores")
        take = await ended(at.room.take("show", by="test"))
        assert verdicts(take) == {
            "far-end source": Verdict.FAILED,
            "podium-mic fader": Verdict.CONFIRMED,
            "podium-mic muted": Verdict.CONFIRMED,
        }


async def test_return_goes_back_to_what_was_read_before_and_is_read_back_itself(
    tmp_path: Path,
) -> None:
    scenes = SHOW.format(policy="return").replace("after: far-end", "on_failure: return")
    scenes = scenes.replace("{source: laptop}", "{source: laptop, after: podium-mic}")
    async with room_with(tmp_path, scenes) as at:
        mixer, matrix = at.devices["mixer"], at.devices["matrix"]
        matrix.faults.set("refuses")
        take = await ended(at.room.take("show", by="test"))
        assert take.verdict is Verdict.FAILED
        back = await ended(take.then)
        assert back.verdict is Verdict.CONFIRMED
        assert back.by == "test (return)"
        level = mixer.truth()["blocks"]["Level1"]  # type: ignore[index]  # JSON
        assert (level["level 1"], level["mute 1"]) == (0.0, False)
        assert not_returnable(take) == ()


async def test_stop_sends_nothing_more(tmp_path: Path) -> None:
    scenes = SHOW.format(policy="stop").replace(", after: far-end", ", after: projector")
    scenes = scenes.replace("      podium", "      projector: {source: player}\n      podium")
    async with room_with(tmp_path, scenes) as at:
        at.devices["matrix"].faults.set("refuses")
        take = await ended(at.room.take("show", by="test"))
        level = at.devices["mixer"].truth()["blocks"]["Level1"]  # type: ignore[index]  # JSON
        assert level["mute 1"] is False
        assert take.verdict is Verdict.FAILED
        assert take.then is None


async def test_another_scene_can_be_taken_instead(tmp_path: Path) -> None:
    async with room_with(tmp_path, SHOW.format(policy="take black")) as at:
        at.devices["matrix"].faults.set("refuses", times=1)
        take = await ended(at.room.take("show", by="test"))
        other = await ended(take.then)
        assert other.scene.name == "black"
        assert other.verdict is Verdict.CONFIRMED


MODES = """\
  slow:
    title: Slow
    deadline: 6 s
    want: {{camera: {{preset: far}}}}
  other:
    title: Other
    deadline: 6 s
    mode: {mode}
    want: {{camera: {{preset: wide}}, far-end: {{source: laptop}}}}
  urgent:
    title: Urgent
    emergency: true
    deadline: 6 s
    want: {{camera: {{preset: wide}}}}
"""


async def test_a_newer_take_supersedes_by_default_and_the_end_is_its_state(tmp_path: Path) -> None:
    async with room_with(tmp_path, MODES.format(mode="supersede")) as at:
        slow = at.room.take("slow", by="test")
        await at.room.clock.sleep(0.3)
        other = at.room.take("other", by="test")
        assert slow.steps[0].verdict is Verdict.SUPERSEDED
        await ended(other)
        assert other.verdict is Verdict.CONFIRMED
        assert abs(at.devices["camera"].pose().pan - 10.0) < 0.5  # type: ignore[attr-defined]  # a camera


async def test_a_take_can_wait_for_the_older_one(tmp_path: Path) -> None:
    async with room_with(tmp_path, MODES.format(mode="wait")) as at:
        slow = at.room.take("slow", by="test")
        other = at.room.take("other", by="test")
        await ended(slow)
        await ended(other)
        assert slow.verdict is Verdict.CONFIRMED
        assert other.verdict is Verdict.CONFIRMED
        assert other.waited >= (slow.duration or 0) - 0.01


async def test_a_take_can_be_refused_while_one_runs(tmp_path: Path) -> None:
    async with room_with(tmp_path, MODES.format(mode="refuse")) as at:
        at.room.take("slow", by="test")
        with pytest.raises(TakeError, match="not while slow runs"):
            at.room.take("other", by="test")


async def test_an_emergency_outranks_an_operator_and_a_schedule_waits_for_one(
    tmp_path: Path,
) -> None:
    async with room_with(tmp_path, MODES.format(mode="supersede")) as at:
        urgent = at.room.take("urgent", by="test")
        with pytest.raises(TakeError, match="not while urgent runs"):
            at.room.take("slow", by="operator")
        await ended(urgent)
        slow = at.room.take("slow", by="operator")
        scheduled = at.room.take("other", by="clock", priority=Priority.SCHEDULE)
        await ended(scheduled)
        assert slow.verdict is Verdict.CONFIRMED
        assert scheduled.waited > 0


PARTS = """\
  sound:
    title: Sound
    want: {podium-mic: {fader: nominal, muted: false}}
  inspect:
    title: Inspect
    check: {podium-mic: {muted: false}, projector: {source: none}}
  all:
    title: All
    scenes: [sound]
    want: {far-end: {source: laptop}}
    hold: 60 s
  seat:
    title: Seat
    deadline: 8 s
    parameters:
      seat:
        title: {zh: 座位, en: Seat}
        choices:
          podium: {values: {preset: far, mic: podium-mic}}
          chair: {values: {preset: wide, mic: chair-mic}}
    want:
      camera: {preset: $seat.preset}
      $seat.mic: {fader: nominal, muted: false}
  store-wide:
    title: Store
    confirm: true
    unless: {far-end: {source: player}}
    want: {camera: {store: wide}}
"""


async def test_a_check_reads_and_judges_and_changes_nothing(tmp_path: Path) -> None:
    async with room_with(tmp_path, PARTS) as at:
        at.devices["matrix"].press("tie", input=3, output=2)
        before = {name: device.truth() for name, device in at.devices.items()}
        take = await ended(at.room.take("inspect", by="test"))
        assert verdicts(take) == {
            "podium-mic muted": Verdict.CONFIRMED,
            "projector source": Verdict.FAILED,
        }
        assert "reads 3, wanted 0" in [step.why for step in take.steps]
        assert at.devices["matrix"].truth()["ties"] == before["matrix"]["ties"]
        assert take.duration is not None
        assert take.duration < 0.5


async def test_a_held_state_is_watched_and_a_change_fails_it(tmp_path: Path) -> None:
    async with room_with(tmp_path, PARTS) as at:
        take = at.room.take("all", by="test")
        await at.room.clock.sleep(30)
        assert take.verdict is None
        at.devices["matrix"].press("tie", input=2, output=1)
        await ended(take)
        assert take.verdict is Verdict.FAILED
        assert next(step.why for step in take.steps if step.why).startswith("held 3")


async def test_a_held_state_that_stays_is_confirmed_after_its_time(tmp_path: Path) -> None:
    async with room_with(tmp_path, PARTS) as at:
        take = await ended(at.room.take("all", by="test"))
        assert take.verdict is Verdict.CONFIRMED
        assert take.duration is not None
        assert 60 <= take.duration < 62


async def test_one_scene_serves_many_seats(tmp_path: Path) -> None:
    async with room_with(tmp_path, PARTS) as at:
        take = await ended(at.room.take("seat", by="test", arguments={"seat": "chair"}))
        assert take.verdict is Verdict.CONFIRMED
        level = at.devices["mixer"].truth()["blocks"]["Level1"]  # type: ignore[index]  # JSON
        assert (level["level 1"], level["level 2"]) == (0.0, -8.0)
        with pytest.raises(TakeError, match="choose seat: podium, chair"):
            at.room.take("seat", by="test", arguments={"seat": "window"})


async def test_an_action_is_confirmed_once_and_never_sent_twice(tmp_path: Path) -> None:
    async with room_with(tmp_path, PARTS) as at:
        with pytest.raises(TakeError, match="must be confirmed"):
            at.room.take("store-wide", by="test")
        await at.room.drive("camera", 0.5, 0.0, 0.0)
        await at.room.clock.sleep(0.5)
        await at.room.stop("camera")
        await at.room.clock.sleep(0.5)
        sent = len([entry for entry in at.devices["camera"].log if b"\x04?\x01\x01" in entry.data])
        take = await ended(at.room.take("store-wide", by="test", confirmed=True))
        assert take.verdict is Verdict.CONFIRMED, take.steps[0].why
        now = len([entry for entry in at.devices["camera"].log if b"\x04?\x01\x01" in entry.data])
        assert now - sent == 1


async def test_a_guard_holds_a_scene_back(tmp_path: Path) -> None:
    async with room_with(tmp_path, PARTS) as at:
        await ended(at.room.set("far-end", "source", "player", by="test"))
        with pytest.raises(TakeError, match="not while far-end source is player"):
            at.room.take("store-wide", by="test", confirmed=True)


async def test_a_plan_tells_what_a_take_would_do_and_sends_only_questions(tmp_path: Path) -> None:
    async with room_with(tmp_path, PARTS) as at:
        at.devices["mixer"].faults.set("cut")
        await at.room.clock.sleep(5)
        before = at.devices["matrix"].truth()["ties"]
        planned = {str(each.want.target): each for each in await at.room.plan("all")}
        assert planned["far-end"].prospect is Prospect.DRIVE
        assert planned["podium-mic"].prospect is Prospect.UNREACHABLE
        assert at.devices["matrix"].truth()["ties"] == before


async def test_expected_times_are_learnt(tmp_path: Path) -> None:
    async with room_with(tmp_path, PARTS) as at:
        scene = at.room.playbook.make("seat", {"seat": "podium"})
        assert at.room.learnt.expected_of(scene) is None
        take = await ended(at.room.take("seat", by="test", arguments={"seat": "podium"}))
        await at.room.set("podium-mic", "muted", True, by="test").ended.wait()
        await at.room.set("podium-mic", "muted", False, by="test").ended.wait()
        expected = at.room.learnt.expected_of(scene)
        assert expected is not None
        assert take.duration is not None
        assert abs(expected - take.duration) < 0.5


async def test_a_camera_whose_panel_is_gone_stops_by_itself(tmp_path: Path) -> None:
    async with room_with(tmp_path, PARTS) as at:
        await at.room.drive("camera", 0.2, 0.0, 0.0)
        await at.room.clock.sleep(1.2)
        pose = at.devices["camera"].pose()  # type: ignore[attr-defined]  # a camera
        await at.room.clock.sleep(2)
        assert abs(at.devices["camera"].pose().pan - pose.pan) < 0.1  # type: ignore[attr-defined]  # a camera


async def test_a_fader_dragged_fast_moves_under_the_hand_and_ends_where_it_was_left(
    tmp_path: Path,
) -> None:
    async with room_with(tmp_path, PARTS) as at:
        mixer = at.devices["mixer"]
        seen = set()
        for step in range(200):
            take = at.room.set("podium-mic", "fader", -step / 10, by="hand")
            await at.room.clock.sleep(0.005)
            seen.add(mixer.truth()["blocks"]["Level1"]["level 1"])  # type: ignore[index]  # JSON
        await ended(take)
        assert take.verdict is Verdict.CONFIRMED
        assert mixer.truth()["blocks"]["Level1"]["level 1"] == -19.9  # type: ignore[index]  # JSON
        assert len(seen) >= 10
        assert sum(b"set level 1" in entry.data for entry in mixer.log) < 100


async def test_a_camera_is_stopped_within_100_ms_when_the_panel_that_moves_it_is_lost(
    tmp_path: Path,
) -> None:
    async with room_with(tmp_path, PARTS) as at:
        camera = at.devices["camera"]
        await at.room.drive("camera", 0.2, 0.0, 0.0, by="panel 1")
        await at.room.clock.sleep(0.3)
        at.room.lost("panel 2")
        await at.room.clock.sleep(0.2)
        moving = camera.pose().pan  # type: ignore[attr-defined]  # a camera
        at.room.lost("panel 1")
        await at.room.clock.sleep(0.1)
        stopped = camera.pose().pan  # type: ignore[attr-defined]  # a camera
        await at.room.clock.sleep(0.5)
        assert camera.pose().pan == stopped != moving  # type: ignore[attr-defined]  # a camera
