"""Whether a slip of the finger can do harm, and whether there is a way back, and an end."""

import pytest

from avctl.errors import TakeError
from avctl.scenes.take import Verdict
from tests.pains.hall import FAR_END, INPUTS, ended, hall, verdicts
from tests.pains.table import pain
from tests.served import API
from tests.service.house import house


@pain(
    "Dangerous buttons cannot be made to ask twice.",
    "bitfocus/companion#40",
    "bitfocus/companion#564",
    "bitfocus/companion#578",
)
async def test_a_scene_that_must_be_confirmed_does_nothing_until_it_is():
    scene = (
        "  dark: {title: Dark, confirm: true, deadline: 8 s, want: {podium-camera: {power: off}}}\n"
    )
    async with hall(scene) as at:
        with pytest.raises(TakeError, match="must be confirmed"):
            at.room.take("dark", by="test")
        await at.wait(5)
        assert at.device("podium-camera").truth()["power"] == "on"
        assert (await at.take("dark", confirmed=True)).verdict is Verdict.CONFIRMED
        assert at.device("podium-camera").truth()["power"] == "standby"


@pain(
    "A double press on Cut ruins the show.",
    "bitfocus/companion#509",
    "bitfocus/companion#1380",
    "bitfocus/companion#222",
    "bitfocus/companion#1792",
)
async def test_a_double_tap_is_one_take_and_one_cut():
    async with house() as here:
        matrix = here.real["19"].devices["matrix"]
        since = here.room.clock.now()
        url = f"{API}/rooms/19/scenes/show-laptop/take"
        runs = {
            (await here.client.post(url, params={"wait": wait})).json()["run"] for wait in (0, 5)
        }
        assert len(runs) == 1
        assert here.real["19"].far_end_sees().source == "laptop"
        assert matrix.log.heard(since).count(b"4*1%") + matrix.log.heard(since).count(b"4*1!") <= 1


BACK = """\
  show:
    title: Show
    deadline: 5 s
    on_failure: return
    want:
      chair-mic: {fader: -20 dB, muted: false}
      projector: {source: podium-camera}
      far-end: {source: laptop, after: chair-mic}
"""


@pain(
    "There is no undo.",
    "bitfocus/companion#2083",
)
async def test_a_take_that_fails_goes_back_to_what_was_before_and_reads_that_back():
    async with hall(BACK) as at:
        before = at.device("mixer").truth()["blocks"]["Level1"]
        at.device("matrix").faults.set("ignores")
        take = await at.take("show")
        assert take.verdict is Verdict.FAILED
        at.mend()
        back = await ended(take.then)
        assert back.verdict is Verdict.CONFIRMED, verdicts(back)
        assert at.device("mixer").truth()["blocks"]["Level1"] == before
        assert at.real.far_end_sees().source == "panorama-camera"


@pain(
    "Going back to a snapshot brings back a state that was not the last one.",
    "home-assistant/core#124552",
    "home-assistant/core#87463",
    "home-assistant/core#117604",
    "home-assistant/core#31675",
    "home-assistant/core#104584",
)
async def test_what_is_returned_to_is_what_the_devices_said_at_the_tap_and_not_what_was_remembered():
    async with hall(BACK) as at:
        await at.wait(3)
        at.device("mixer").press("level", tag="Level1", channel=3, db=-33.0)
        at.device("matrix").press("tie", input=INPUTS["audience-camera"], output=FAR_END)
        at.device("matrix").faults.set("refuses")
        take = await at.take("show")
        at.mend()
        assert (await ended(take.then)).verdict is Verdict.CONFIRMED
        level = at.device("mixer").truth()["blocks"]["Level1"]
        assert (level["level 3"], level["mute 3"]) == (-33.0, True)
        assert at.real.far_end_sees().source == "audience-camera"


@pain(
    "A sequence that was aborted goes on.",
    "bitfocus/companion#3350",
    "bitfocus/companion#3645",
    "bitfocus/companion#3277",
)
async def test_when_a_camera_is_stopped_by_hand_nothing_more_of_the_take_that_moved_it_is_done():
    async with hall() as at:
        take = at.room.take("speaker-close-up", by="test")
        await at.wait(0.6)
        await at.room.stop("podium-camera")
        stopped = at.device("podium-camera").pose()
        await ended(take)
        await at.wait(10)
        verdict = verdicts(take)
        assert verdict["podium-camera preset"] is Verdict.SUPERSEDED
        assert verdict["far-end source"] is Verdict.SUPERSEDED
        assert at.device("podium-camera").pose().pan == pytest.approx(stopped.pan, abs=0.5)
        assert at.real.far_end_sees().source == "panorama-camera"


@pain(
    "A script cannot be told to end where something is wrong.",
    "home-assistant/core#67340",
)
async def test_a_scene_that_stops_at_a_failure_sends_nothing_that_was_to_follow():
    scene = """\
  strict:
    title: Strict
    deadline: 6 s
    on_failure: stop
    want:
      podium-camera: {preset: speaker}
      chair-mic: {muted: false, after: podium-camera}
      far-end: {source: podium-camera, after: chair-mic}
"""
    async with hall(scene) as at:
        at.fault("podium-camera", "refuses")
        take = await at.take("strict")
        await at.wait(5)
        assert take.verdict is Verdict.FAILED
        assert take.then is None
        assert at.device("mixer").truth()["blocks"]["Level1"]["mute 3"] is True
        assert at.real.far_end_sees().source == "panorama-camera"
