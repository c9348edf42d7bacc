"""What a verdict may say, and what may follow it: found by the fault campaign, kept here by name."""

import asyncio
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import pytest

from avctl.clock import Clock
from avctl.device import DriverSettings
from avctl.errors import LinkDownError, NoAnswerError, RefusedError
from avctl.points import Point
from avctl.scenes.scene import OnFailure, Order, Reaction, Scene, Want
from avctl.scenes.take import Take, Verdict
from avctl.transport import Resync
from tests.scenes.test_policies import ended, room_with, verdicts
from tests.scenes.test_take import Stage, scene, want
from tests.wire.toy import Number, Toy


async def test_a_reading_from_before_the_silence_makes_no_failure() -> None:
    async with Stage("a").up() as stage:
        stage.ignores("a")
        take = stage.take(scene(want("a")))
        running = asyncio.create_task(take.run())
        await stage.devices["a"].clock.sleep(1.0)
        stage.hangs("a")
        await running
        assert take.steps[0].verdict is Verdict.UNKNOWN
        assert "read 0 3.1 s before the end, and not since" in take.steps[0].why


async def test_an_answer_to_the_command_is_no_reading_when_the_question_fails() -> None:
    async with Stage("a").up() as stage:
        stage.ignores("a")
        take = stage.take(scene(want("a")))
        running = asyncio.create_task(take.run())
        # At the very moment that the command is acknowledged, the questions begin to be refused.
        script = stage.scripts["a"]
        accepts = script.lines[b"put 5\n"]

        def accept() -> bytes:
            script.lines[b"get\n"] = b"no\n"
            return bytes(accepts)

        script.lines[b"put 5\n"] = accept
        await running
        assert take.steps[0].verdict is Verdict.UNKNOWN


class Shy(Number):
    """A point of which the device does not tell how it is while it changes."""

    word: ClassVar[str] = "shy"

    @property
    def evidence(self) -> Point:
        return Number()

    @classmethod
    def tells(cls, reported: Any) -> bool:
        return reported != 0


async def test_a_device_that_does_not_tell_by_the_deadline_leaves_its_step_unknown() -> None:
    async with Stage("a").up() as stage:
        stage.ignores("a")
        take = stage.take(scene(Want("a", "shy", 5, "a", Shy(), 5)))
        await take.run()
        assert take.steps[0].verdict is Verdict.UNKNOWN


async def test_of_several_driven_together_those_before_the_refusal_are_read_back() -> None:
    async with Stage("a").up() as stage:
        first = Want("first", "number", 5, "a", Number(), 5)
        take = stage.take(scene(first, Want("second", "number", 6, "a", Shy(), 6)))
        for step in take.steps:
            step.sent = 0.0
        await take._tell_apart(stage.devices["a"], take.steps, RefusedError("a", "no"))
        assert [step.verdict for step in take.steps] == [Verdict.FAILED, Verdict.FAILED]
        await stage.devices["a"].put(5)
        again = stage.take(scene(first, Want("second", "number", 6, "a", Shy(), 6)))
        for step in again.steps:
            step.sent = 0.0
        await again._tell_apart(stage.devices["a"], again.steps, RefusedError("a", "no"))
        assert [step.verdict for step in again.steps] == [Verdict.CONFIRMED, Verdict.FAILED]


async def test_a_command_that_may_have_arrived_is_read_back_though_it_cannot_be_said_again() -> (
    None
):
    async with Stage("a").up() as stage:
        script = stage.scripts["a"]
        stage.devices["a"].resync = Resync.NONE  # a silence does not cost the line
        accepts = script.lines[b"put 5\n"]

        def obey_in_silence() -> bytes:
            accepts()
            script.lines[b"put 5\n"] = refuse
            script.lines[b"get\n"] = b"no\n"
            return b""

        def refuse() -> bytes:
            accepts()
            return b"no\n"

        script.lines[b"put 5\n"] = obey_in_silence
        take = stage.take(scene(want("a"), deadline=6.0))
        await take.run()
        assert take.steps[0].verdict is Verdict.CONFIRMED, take.steps[0].why


async def test_each_step_gets_its_verdict_once() -> None:
    async with Stage("a", "b").up() as stage:
        stage.ignores("a")
        given: list[tuple[str, Verdict]] = []

        def changed(take: Take, step: Any) -> None:
            if step and step.verdict:
                given.append((step.want.target, step.verdict))

        more = Want("b", "number", 5, "b", Number(), 5, Order(("a",)))
        wants = (want("a"), more, Want("c", "shy", 5, "b", Shy(), 5, Order(("a",))))
        made = scene(*wants, deadline=1.0, on_failure=OnFailure(Reaction.STOP))
        clock = stage.devices["a"].clock
        take = Take(made, stage.devices, clock, identity="1", by="test", changed=changed)
        await take.run()
        assert sorted(given) == [(name, Verdict.FAILED) for name in ("a", "b", "c")]


async def test_a_held_state_that_cannot_be_read_any_more_is_unknown_and_ends_in_time() -> None:
    async with Stage("a").up() as stage:
        take = stage.take(scene(want("a"), hold=20.0))
        running = asyncio.create_task(take.run())
        await stage.devices["a"].clock.sleep(5.0)
        stage.hangs("a")
        await running
        assert take.verdict is Verdict.UNKNOWN
        assert take.duration is not None
        assert take.duration <= 4.0 + 20.0 + 0.05


FALL_BACK = """\
  first:
    title: First
    deadline: 2 s
    on_failure: {policy}
    want: {{far-end: {{source: laptop}}, podium-mic: {{fader: -20 dB}}}}
  second:
    title: Second
    want: {{podium-mic: {{fader: -3 dB}}}}
  black:
    title: Black
    want: {{far-end: {{blank: true}}, podium-mic: {{fader: -40 dB}}}}
"""


@pytest.mark.parametrize("policy", ["return", "take black"])
async def test_what_follows_a_failure_leaves_what_a_newer_take_wanted(
    tmp_path: Path, policy: str
) -> None:
    async with room_with(tmp_path, FALL_BACK.format(policy=policy)) as at:
        at.devices["matrix"].faults.set("ignores")
        first = at.room.take("first", by="test")
        await at.room.clock.sleep(0.3)
        second = await ended(at.room.take("second", by="test"))
        assert second.verdict is Verdict.CONFIRMED
        await ended(first)
        if first.then:
            await ended(first.then)
            assert all(key.startswith("far-end") for key in verdicts(first.then))
        level: Any = at.devices["mixer"].truth()["blocks"]
        assert level["Level1"]["level 1"] == -3.0


async def test_a_newer_take_that_waits_is_not_beaten_by_what_follows_the_older_ones_failure(
    tmp_path: Path,
) -> None:
    scenes = FALL_BACK.format(policy="take black").replace(
        "    want: {podium-mic: {fader: -3", "    mode: wait\n    want: {podium-mic: {fader: -3"
    )
    async with room_with(tmp_path, scenes) as at:
        at.devices["matrix"].faults.set("ignores")
        at.room.take("first", by="test")
        second = await ended(at.room.take("second", by="test"))
        assert second.verdict is Verdict.CONFIRMED


def test_a_scene_without_a_device_waits_for_nothing_of_it() -> None:
    made = scene(want("a"), want("b", after=("a",)))
    left = made.without(lambda each: each.device == "a")
    assert left is not None
    assert [(each.device, each.order.after) for each in left.wants] == [("b", ())]
    assert isinstance(left, Scene)
    assert left.without(lambda each: True) is None


async def test_a_return_restores_what_nobody_newer_wanted_on_a_device_that_somebody_moved_by_hand(
    tmp_path: Path,
) -> None:
    scenes = """\
  first:
    title: First
    deadline: 2 s
    on_failure: return
    want: {far-end: {source: laptop}, podium-mic: {fader: -20 dB}, chair-mic: {fader: -30 dB}}
"""
    async with room_with(tmp_path, scenes) as at:
        at.devices["matrix"].faults.set("ignores")
        first = at.room.take("first", by="test")
        await at.room.clock.sleep(0.5)
        await ended(at.room.set("podium-mic", "fader", -5, by="hand"))
        await ended(first)
        await ended(first.then)
        level: Any = at.devices["mixer"].truth()["blocks"]
        assert (level["Level1"]["level 1"], level["Level1"]["level 2"]) == (-5.0, 0.0)


async def test_a_return_does_not_move_a_camera_that_was_stopped_by_hand(tmp_path: Path) -> None:
    scenes = """\
  first:
    title: First
    deadline: 6 s
    on_failure: return
    want: {far-end: {source: laptop}, camera: {preset: far}}
"""
    async with room_with(tmp_path, scenes) as at:
        at.devices["matrix"].faults.set("ignores")
        first = at.room.take("first", by="test")
        await at.room.clock.sleep(5.0)
        await at.room.drive("camera", 0.3, 0.0, 0.0)
        await at.room.stop("camera")
        camera: Any = at.devices["camera"]
        pan = camera.pose().pan
        await ended(first)
        if first.then:
            await ended(first.then)
            assert "camera preset" not in verdicts(first.then)
        assert abs(camera.pose().pan - pan) < 0.1


async def test_a_return_does_not_beat_what_a_hand_is_still_setting_on_the_same_device(
    tmp_path: Path,
) -> None:
    scenes = """\
  first:
    title: First
    deadline: 2 s
    on_failure: return
    want: {far-end: {source: laptop}, podium-mic: {fader: -20 dB}}
"""
    async with room_with(tmp_path, scenes) as at:
        at.devices["matrix"].faults.set("ignores")
        first = at.room.take("first", by="test")
        await at.room.clock.sleep(1.0)
        at.devices["mixer"].faults.set("late", 0.4)
        await at.room.clock.sleep(0.8)
        hand = at.room.set("chair-mic", "fader", -5, by="hand")
        await ended(first)
        assert hand.verdict is None
        await ended(hand)
        assert hand.verdict is not Verdict.SUPERSEDED


async def test_a_preset_set_by_hand_beats_a_take_that_would_aim_the_same_camera(
    tmp_path: Path,
) -> None:
    scenes = """\
  first:
    title: First
    deadline: 6 s
    want: {camera: {aim: {pan: 40, tilt: 0, zoom: 0.1}}, podium-mic: {fader: -20 dB}}
"""
    async with room_with(tmp_path, scenes) as at:
        first = at.room.take("first", by="test")
        await at.room.clock.sleep(0.2)
        hand = await ended(at.room.set("camera", "preset", "wide", by="hand"))
        await ended(first)
        assert hand.verdict is Verdict.CONFIRMED
        assert verdicts(first) == {
            "camera aim": Verdict.SUPERSEDED,
            "podium-mic fader": Verdict.CONFIRMED,
        }


class Mute(Number):
    """A point of which nothing can be asked."""

    word: ClassVar[str] = "mute"


async def test_a_point_that_cannot_be_asked_is_sent_and_never_confirmed() -> None:
    async with Stage("a", "b").up() as stage:
        device = stage.devices["a"]
        device.can_tell = lambda point: not isinstance(point, Mute)  # type: ignore[method-assign]
        take = stage.take(scene(Want("a", "mute", 5, "a", Mute(), 5), want("b"), hold=20.0))
        await take.run()
        assert verdicts(take) == {"a mute": Verdict.SENT, "b number": Verdict.CONFIRMED}
        assert take.verdict is Verdict.SENT


class Deafened(Toy):
    """Its first answer is lost, and its line before the second sending."""

    sendings = 0

    async def put(self, number: int) -> None:
        self.sendings += 1
        if self.sendings == 1:
            raise NoAnswerError(self.name, "no answer")
        raise LinkDownError(self.name, "not reachable: no answer")


async def test_a_line_lost_before_the_second_sending_ends_nothing_that_was_sent() -> None:
    stage = Stage("a")
    device = Deafened("a", DriverSettings(), Clock(rng=Random(1)))
    stage.devices["a"] = device
    async with stage.up():
        take = stage.take(scene(want("a")))
        running = asyncio.create_task(take.run())
        await device.clock.sleep(2.0)
        assert device.sendings == 2
        assert take.verdict is None
        stage.scripts["a"].lines[b"get\n"] = b"is 5\n"  # it had heard, and was slow
        await running
        assert take.steps[0].verdict is Verdict.CONFIRMED
