"""Whether what was asked for has happened: told for every action, by what was read back."""

import asyncio
from typing import Any

import pytest

from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.router import Tie
from avctl.errors import BusyError, LinkDownError, NoAnswerError, RefusedError
from avctl.scenes.take import Verdict
from tests.conformance.benches import BENCHES, standing
from tests.pains.hall import CAMERAS, CHANNELS, FAR_END, INPUTS, ended, hall, verdicts
from tests.pains.table import pain
from tests.served import API
from tests.service.house import house

SPEAKER = (-25.7, -3.4)  # degrees at which the podium camera shows the speaker


@pain(
    "A button does not show that its action failed.",
    "bitfocus/companion#2168",
)
async def test_a_tap_whose_device_does_nothing_is_answered_as_failed_and_names_the_culprit():
    async with house() as here:
        here.real["19"].devices["matrix"].faults.set("ignores")
        url = f"{API}/rooms/19/scenes/speaker-close-up/take"
        run = (await here.client.post(url, params={"wait": 20})).json()
        assert run["verdict"] == "failed"
        assert run["culprits"] == ["far-end"]
        assert "reads 2, wanted 1" in [step["why"] for step in run["steps"]]


@pain(
    "A program cannot tell a refusal from a silence or a lost line.",
    "bitfocus/companion-module-base#160",
)
async def test_refused_busy_unanswered_and_unreachable_are_told_apart():
    async with standing(BENCHES["biamp_ttp forte by Telnet"]) as at:
        mixer: Any = at.device
        with pytest.raises(RefusedError):
            await mixer.set_faders({"Level1/1": 500.0})
    async with standing(BENCHES["extron_sis crosspoint by Telnet"]) as at:
        matrix: Any = at.device
        at.real.faults.set("refuses")
        with pytest.raises(RefusedError):
            await matrix.tie(Tie(1, 1))
        at.real.faults.clear()
        at.real.faults.set("busy")
        with pytest.raises(BusyError):
            await matrix.tie(Tie(1, 1))
        at.real.faults.clear()
        at.real.faults.set("mute")
        with pytest.raises(NoAnswerError):
            await matrix.tie(Tie(1, 1))
        at.real.faults.set("cut")
        await matrix.hinted(1.0)
        with pytest.raises(LinkDownError):
            await matrix.tie(Tie(1, 1))


STEPS = """\
  opening:
    title: Opening
    deadline: 8 s
    on_failure: take black
    want:
      podium-camera: {preset: speaker}
      far-end: {source: podium-camera, after: podium-camera}
  black: {title: Black, want: {far-end: {source: none}}}
"""


@pain(
    "A sequence has no branch for failure, and does not show at which step it is.",
    "bitfocus/companion#2882",
)
async def test_each_step_is_told_as_it_ends_and_a_failure_takes_the_scene_that_is_named_for_it():
    async with hall(STEPS) as at:
        told: list[tuple[str, str]] = []

        def note(room, change):
            if change.step and change.step.verdict:
                told.append((change.step.want.target, change.step.verdict))

        at.room.subscribe(note)
        at.fault("matrix", "refuses", times=1)
        take = await at.take("opening")
        black = await ended(take.then)
        assert told == [
            ("podium-camera", "confirmed"),
            ("far-end", "failed"),
            ("far-end", "confirmed"),
        ]
        assert black.scene.name == "black"
        assert at.real.far_end_sees().source is None


@pain(
    "“Go to the clip, check that it is that clip, then play” cannot be said.",
    "bitfocus/companion#3635",
)
async def test_what_follows_is_done_only_after_the_first_was_read_back_as_right():
    async with hall(STEPS) as at:
        take = at.room.take("opening", by="test")
        while at.real.far_end_sees().source != "podium-camera":
            pose = at.device("podium-camera").pose()
            await at.wait(0.01)
        assert (pose.pan, pose.tilt) == pytest.approx(SPEAKER, abs=0.5)
        assert (await ended(take)).verdict is Verdict.CONFIRMED
    async with hall(STEPS.replace("on_failure: take black", "on_failure: go-on")) as at:
        at.fault("podium-camera", "ignores")
        take = await at.take("opening")
        assert take.culprits == ("podium-camera", "far-end")
        assert at.real.far_end_sees().source == "panorama-camera"


@pain(
    "A script cannot wait until a device says that it is through.",
    "bitfocus/companion#3912",
)
async def test_a_wall_that_settles_slowly_is_confirmed_when_it_shows_the_layout_and_not_before():
    async with hall() as at:
        take = at.room.take("speaker-close-up", by="test")
        await at.wait(1.0)
        step = next(step for step in take.steps if step.want.word == "layout")
        assert step.answered is not None
        assert step.verdict is None
        await ended(take)
        assert step.verdict is Verdict.CONFIRMED
        assert [window.source for window in at.real.wall_shows("hall-wall")] == [
            "podium-camera",
            "panorama-camera",
        ]


@pain(
    "A button that sets everything right whatever is on air now is asked for: what it does depends on what was before.",
    "bitfocus/companion#1052",
)
async def test_a_scene_ends_in_the_same_state_whatever_was_before():
    async with hall() as at:
        for seed in range(6):
            at.device("matrix").press("tie", input=1 + seed % 4, output=FAR_END)
            at.device("podium-camera").press("preset", number=seed % 5)
            at.device("hall-wall").press("preset", number=1 + seed % 2)
            at.device("mixer").press("mute", tag="Level1", channel=1, on=seed % 2 == 0)
            at.device("mixer").press("level", tag="Level1", channel=1, db=-40.0 + 7 * seed)
            await at.wait(4 + 0.3 * seed)  # the wall has settled
            take = await at.take("speaker-close-up")
            assert take.verdict is Verdict.CONFIRMED, [step.why for step in take.steps]
            assert at.real.far_end_sees().source == "podium-camera"
            assert at.real.far_end_sees().speaker_fills
            level = at.device("mixer").truth()["blocks"]["Level1"]
            assert (level["level 1"], level["mute 1"]) == (-6.0, False)


@pain(
    "A scene moves the camera that is on air.",
    "bitfocus/companion#3353",
)
async def test_a_scene_that_may_not_move_the_camera_on_air_is_refused_and_the_camera_stays():
    scene = """\
  guest-ready:
    title: Guest ready
    unless: {far-end: {source: podium-camera}}
    want: {podium-camera: {preset: guest}}
"""
    async with hall(scene) as at:
        await at.take("speaker-close-up")
        with pytest.raises(Exception, match="not while far-end source is podium-camera"):
            at.room.take("guest-ready", by="test")
        await at.wait(3)
        assert at.device("podium-camera").pose().pan == pytest.approx(SPEAKER[0], abs=0.5)
        await at.take("restore-panorama")
        assert (await at.take("guest-ready")).verdict is Verdict.CONFIRMED


@pain(
    "A scene sends nothing to devices that the cache believes to be right.",
    "home-assistant/core#29299",
)
async def test_a_scene_is_asserted_on_a_device_that_changed_since_it_was_last_heard():
    async with hall() as at:
        await at.take("speaker-close-up")
        at.device("podium-camera").press("preset", number=4)
        at.device("mixer").press("mute", tag="Level1", channel=1, on=True)
        at.device("matrix").press("tie", input=INPUTS["laptop"], output=FAR_END)
        assert at.preset("podium-camera") == 2  # as it believes
        take = await at.take("speaker-close-up")
        assert take.verdict is Verdict.CONFIRMED
        assert at.real.far_end_sees().speaker_fills
        assert "podium-mic" in {heard.microphone for heard in at.real.far_end_hears()}


@pain(
    "A script with a slow transition says that it is finished while it still goes on.",
    "home-assistant/core#127060",
    "home-assistant/core#127723",
)
async def test_a_take_is_not_over_while_a_camera_still_moves():
    scene = "  look: {title: Look, deadline: 20 s, want: {CAMERA: {preset: panorama}}}\n"
    for camera in CAMERAS:
        async with hall(scene.replace("CAMERA", camera)) as at:
            await at.wait(5)  # all have come to rest
            real = at.device(camera)
            there = real.pose()
            real.press("drive", pan=there.pan + 70.0, tilt=there.tilt + 20.0)
            await at.wait(8)
            take = await at.take("look")
            assert take.verdict is Verdict.CONFIRMED
            assert take.duration is not None
            assert take.duration > 0.5
            pose = real.pose()
            assert (pose.pan, pose.tilt) == pytest.approx((there.pan, there.tilt), abs=0.5)


@pain(
    "A scene of which some parts did not arrive is not applied again.",
    "hugobloem/stateful_scenes#163",
)
async def test_a_command_that_was_lost_is_sent_again_before_the_deadline():
    scene = "  laptop: {title: Laptop, deadline: 5 s, want: {far-end: {source: laptop}}}\n"
    async with hall(scene) as at:

        def lose_the_command(room, change):
            if change.step and change.step.sent is not None and not lost:
                lost.append(change.step)
                at.fault("matrix", "lost", times=1)

        lost: list[object] = []
        at.room.subscribe(lose_the_command)
        take = await at.take("laptop")
        assert lost
        assert take.verdict is Verdict.CONFIRMED
        assert at.real.far_end_sees().source == "laptop"


@pain(
    "The first device that fails stops the rest of a scene.",
    "home-assistant/core#101663",
)
async def test_one_dead_device_keeps_nothing_else_from_being_done():
    for dead, missing in (
        ("mixer", {"podium-mic fader", "podium-mic muted"}),
        ("podium-camera", {"podium-camera preset", "far-end source"}),  # cut to it only if framed
        ("hall-wall", {"hall-wall layout"}),
        ("matrix", {"far-end source"}),
    ):
        async with hall() as at:
            at.fault(dead, "half_open")
            take = await at.take("speaker-close-up")
            bad = {
                what
                for what, verdict in verdicts(take).items()
                if not (verdict and verdict.is_good)
            }
            assert bad == missing, dead


@pain(
    "A flow cannot check that the devices show what is expected of them.",
    "museumsvictoria/nodel-recipes#105",
)
async def test_a_check_reads_the_devices_tells_what_is_otherwise_and_changes_nothing():
    scene = """\
  inspect:
    title: Inspect
    check:
      far-end: {source: panorama-camera}
      podium-mic: {muted: true}
      hall-wall: {layout: panorama}
      projector: {source: laptop}
"""
    async with hall(scene) as at:
        await at.wait(5)
        assert (await at.take("inspect")).verdict is Verdict.CONFIRMED
        at.device("matrix").press("tie", input=1, output=3)
        take = await at.take("inspect")
        assert take.culprits == ("projector",)
        assert at.device("matrix").truth()["ties"]["video"]["3"] == 1


@pain(
    "A status changes when a command is sent instead of when the device says so.",
    "mycontroller-org/mycontroller-v1-legacy#446",
)
async def test_a_state_is_what_the_device_said_and_never_what_was_sent():
    async with hall() as at:
        await at.wait(3)
        for device in at.real.devices:
            at.fault(device, "half_open")
        takes = [
            at.set("far-end", "source", "laptop"),
            at.set("podium-mic", "muted", False),
            at.set("podium-mic", "fader", "-20 dB"),
            at.set("podium-camera", "preset", "chair"),
        ]
        seen = set()

        def note(room, change):
            seen.add((at.fed_by(FAR_END), at.muted(CHANNELS[0]), at.fader(CHANNELS[0])))

        at.room.subscribe(note)
        for take in await asyncio.gather(*takes):
            assert take.verdict in (Verdict.FAILED, Verdict.UNKNOWN)
        assert seen == {(2, True, 0.0)}
        assert at.preset("podium-camera") == 1


@pain(
    "A projector that warms up is shown as off.",
    "home-assistant/core#55004",
)
async def test_power_that_comes_on_slowly_is_shown_as_warming():
    async with hall() as at:
        camera: Any = at.room.devices["podium-camera"]
        await at.set("podium-camera", "power", "off")
        shown = []
        camera.subscribe(lambda *_: shown.append(camera.state[PowerState()].value))
        await camera.power(True)
        await at.until(lambda: camera.state[PowerState()].value is Power.ON, 60)
        assert list(dict.fromkeys(shown)) == [Power.WARMING, Power.ON]
