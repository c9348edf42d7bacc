"""Whether anything waits for what does not concern it: slow, dead, flapping and noisy devices, long moves, dragged faders."""

import asyncio
from pathlib import Path

import pytest

from avctl.errors import ConfigError
from avctl.scenes.take import Take, Verdict
from hw_sim.simulator import Simulator
from tests.conformance.benches import BENCHES, standing
from tests.pains.hall import CHANNELS, ended, hall
from tests.pains.table import pain
from tests.rooms import bench
from tests.scenes.test_take import Stage, scene, want

AT_ONCE = (
    0.25  # seconds within which a tap is confirmed by a device that answers as such devices do
)


def seconds(take: Take) -> float:
    assert take.duration is not None
    return take.duration


def heard(device: Simulator, since: float) -> int:
    """How often something was said to a device."""
    return len(device.log.after(since, "in"))


def alike(folder: Path, count: int) -> Path:
    names = tuple(f"recorder-{number}" for number in range(1, count + 1))
    devices = "\n".join(
        f"  {name}: {{driver: extron_sis, url: 'tcp://127.0.0.{at}:23'}}"
        for at, name in enumerate(names, 1)
    )
    sources = "\n".join(f"  in-{name}: {{device: {name}, input: 3}}" for name in names)
    ends = "\n".join(f"  out-{name}: {{device: {name}, output: 1}}" for name in names)
    wants = "\n".join(f"      out-{name}: {{source: in-{name}}}" for name in names)
    path = folder / "room.yaml"
    path.write_text(
        f"room: seven\ntitle: Seven\nlibrary: false\ndevices:\n{devices}\nsources:\n{sources}\n"
        f"destinations:\n{ends}\nscenes:\n  all:\n    title: All\n    want:\n{wants}\n",
        encoding="utf-8",
    )
    return path


@pain(
    "An action takes five seconds.",
    "bitfocus/companion#3324",
)
async def test_a_tap_is_carried_out_and_read_back_at_once():
    async with hall() as at:
        for target, word, value in (
            ("far-end", "source", "laptop"),
            ("projector", "blank", True),
            ("podium-mic", "muted", False),
            ("podium-mic", "fader", "-3 dB"),
        ):
            take = await at.set(target, word, value)
            assert take.steps[0].verdict is Verdict.CONFIRMED
            assert seconds(take) < AT_ONCE, (target, word)


@pain(
    "It takes half a second to reach the mixer, and as long again until the change is shown.",
    "bitfocus/companion#3278",
)
async def test_a_fader_that_is_set_is_at_the_mixer_and_on_the_screen_at_once():
    async with hall() as at:
        take = at.room.set("podium-mic", "fader", "-12 dB", by="test")
        await at.until(lambda: at.fader(CHANNELS[0]) == -12.0, AT_ONCE)
        assert at.device("mixer").truth()["blocks"]["Level1"]["level 1"] == -12.0
        assert (await ended(take)).verdict is Verdict.CONFIRMED


def many_inputs(folder: Path) -> Path:
    sources = "\n".join(f"  source-{n}: {{device: matrix, input: {n}}}" for n in range(1, 121))
    ends = "\n".join(f"  end-{n}: {{device: matrix, output: {n}}}" for n in range(1, 81))
    path = folder / "room.yaml"
    path.write_text(
        f"room: large\ntitle: Large\nlibrary: false\n"
        f"devices:\n  matrix: {{driver: extron_sis, url: 'tcp://127.0.0.1:23'}}\n"
        f"sources:\n{sources}\ndestinations:\n{ends}\n",
        encoding="utf-8",
    )
    return path


@pain(
    "With 150 inputs every action takes one or two seconds.",
    "bitfocus/companion-module-studiocoast-vmix#313",
)
async def test_the_size_of_a_device_does_not_slow_a_tap_down(tmp_path: Path):
    options = {"inputs": 128, "outputs": 128}
    async with bench(many_inputs(tmp_path), models={"matrix": ("matrix-12800", options)}) as at:
        await at.until_up()
        for number in (1, 40, 80):
            take = await ended(at.room.set(f"end-{number}", "source", "source-120", by="test"))
            assert take.verdict is Verdict.CONFIRMED
            assert seconds(take) < AT_ONCE


@pain(
    "Now and then, for no reason that can be seen, an action takes two to ten seconds.",
    "bitfocus/companion-module-studiocoast-vmix#213",
)
async def test_of_three_hundred_taps_none_takes_noticeably_longer_than_the_others():
    async with hall() as at:
        longest = 0.0
        for number in range(150):
            for take in (
                await at.set("chair-mic", "muted", number % 2 == 0),
                await at.set("far-end", "source", ("laptop", "podium-camera")[number % 2]),
            ):
                assert take.verdict is Verdict.CONFIRMED
                longest = max(longest, seconds(take))
            await at.wait(at.room.clock.rng.uniform(0, 0.7))
        assert longest < 2 * AT_ONCE


@pain(
    "One long action keeps every other waiting until it is over.",
    "bitfocus/companion-module-studiocoast-vmix#212",
)
async def test_while_a_camera_moves_and_a_wall_settles_everything_else_is_quick():
    async with hall() as at:
        long = at.room.take("speaker-close-up", by="test")
        await at.wait(0.2)
        for target, word, value in (
            ("guest-mic", "muted", False),
            ("projector", "source", "podium-camera"),
            ("panorama-camera", "focus", "manual"),
        ):
            take = await at.set(target, word, value)
            assert take.verdict is Verdict.CONFIRMED
            assert seconds(take) < 2 * AT_ONCE, target
        assert long.verdict is None
        assert (await ended(long)).verdict is Verdict.CONFIRMED


@pain(
    "After twenty minutes the program freezes, or needs two seconds for each press.",
    "bitfocus/companion-module-bmd-atem#428",
)
async def test_after_half_an_hour_of_work_a_tap_is_as_quick_as_the_first(tmp_path: Path):
    async with bench(alike(tmp_path, 1)) as at:
        await at.until_up()
        first = await ended(at.room.take("all", by="test"))
        tasks = len(asyncio.all_tasks())
        for number in range(180):
            source = ("in-recorder-1", "none")[number % 2]
            await ended(at.room.set("out-recorder-1", "source", source, by="test"))
            await at.room.clock.sleep(10)
        last = await ended(at.room.take("all", by="test"))
        assert last.verdict is Verdict.CONFIRMED
        assert seconds(last) == pytest.approx(seconds(first), abs=0.1)
        assert len(asyncio.all_tasks()) == tasks


@pain(
    "With seven devices everything lags, and the devices themselves freeze.",
    "bitfocus/companion-module-bmd-hyperdeck#11",
)
async def test_seven_devices_take_no_longer_than_one_and_none_is_asked_too_often(tmp_path: Path):
    async with bench(alike(tmp_path, 7)) as at:
        await at.until_up()
        take = await ended(at.room.take("all", by="test"))
        assert take.verdict is Verdict.CONFIRMED
        assert seconds(take) < AT_ONCE
        since = at.room.clock.now()
        await at.room.clock.sleep(60)
        assert max(heard(device, since) for device in at.devices.values()) <= 10 * 60


@pain(
    "What is turned at the desk is shown nearly a second later.",
    "bitfocus/companion-module-behringer-xair#96",
)
async def test_a_fader_moved_at_the_mixer_is_shown_within_half_a_second():
    async with hall() as at:
        await at.wait(5)
        for level in (-30.0, -3.0, -17.0):
            at.device("mixer").press("level", tag="Level1", channel=1, db=level)
            await at.until(lambda level=level: at.fader(CHANNELS[0]) == level, 0.5)  # type: ignore[misc]  # a default for a lambda
            await at.wait(1.3)


@pain(
    "A fader goes on moving long after the dial was let go, because every step waits in a queue.",
    "bitfocus/companion-module-allenheath-sq#48",
)
async def test_a_fader_that_is_dragged_is_where_the_finger_is_as_soon_as_it_lets_go():
    async with hall() as at:
        began = at.room.clock.now()
        real: set[float] = set()
        for step in range(80):
            take = at.room.set("podium-mic", "fader", -40.0 + step / 2, by="test")
            await at.wait(0.05)
            real.add(at.device("mixer").truth()["blocks"]["Level1"]["level 1"])
        assert len(real) > 10  # it follows the finger
        await ended(take)
        assert seconds(take) < AT_ONCE
        assert at.device("mixer").truth()["blocks"]["Level1"]["level 1"] == -0.5
        sent = at.device("mixer").log.heard(began).count(b"set level 1 ")
        await at.wait(5)
        assert at.device("mixer").log.heard(began).count(b"set level 1 ") == sent


@pain(
    "The program locks up while some devices keep reconnecting.",
    "bitfocus/companion#1314",
    "bitfocus/companion#2098",
    "bitfocus/companion#608",
)
async def test_devices_that_come_and_go_all_the_time_cost_the_others_nothing():
    async with hall() as at:
        flapping = ("podium-camera", "panorama-camera", "hall-wall", "matrix")

        async def flap(name: str) -> None:
            while True:
                at.fault(name, "cut" if name != "podium-camera" else "half_open")
                await at.wait(at.room.clock.rng.uniform(0.05, 1.0))
                at.mend(name)
                await at.wait(at.room.clock.rng.uniform(0.05, 1.0))

        running = [asyncio.create_task(flap(name)) for name in flapping]
        for number in range(60):
            take = await at.set("podium-mic", "muted", number % 2 == 1)
            assert take.verdict is Verdict.CONFIRMED
            assert seconds(take) < 2 * AT_ONCE
            await at.wait(0.5)
        for task in running:
            task.cancel()
        at.mend()
        await at.until_up()


@pain(
    "A loop of triggers made by accident makes everything unresponsive.",
    "bitfocus/companion#3312",
)
async def test_scenes_that_would_set_each_other_off_for_ever_are_refused_when_the_file_is_read():
    loop = """\
  one: {title: One, on_failure: take two, want: {projector: {source: laptop}}}
  two: {title: Two, on_failure: take three, want: {projector: {source: none}}}
  three: {title: Three, on_failure: take one, want: {far-end: {source: laptop}}}
"""
    with pytest.raises(ConfigError, match="would never end"):
        async with hall(loop):
            pass
    async with hall(loop.replace("on_failure: take one, ", "")) as at:
        at.fault("matrix", "cut")
        await at.until_down("matrix")
        take = await at.take("one")
        second = await ended(take.then)
        third = await ended(second.then)
        await at.wait(1)
        assert third.then is None


@pain(
    "A camera ignores a second preset until the first move is over.",
    "bitfocus/companion#2073",
)
@pytest.mark.parametrize("name", [name for name in BENCHES if name.startswith("visca")])
async def test_a_second_preset_ends_the_first_move_and_the_camera_goes_there_at_once(name: str):
    async with standing(BENCHES[name]) as at:
        near, far = BENCHES[name].changes
        await type(far.point).drive(at.device, {far.point: far.value})
        await asyncio.sleep(0.4)
        assert not far.is_true(at.real)
        await type(near.point).drive(at.device, {near.point: near.value})
        began = at.device.clock.now()
        while not near.is_true(at.real):
            assert not far.is_true(at.real)
            assert at.device.clock.now() - began < 4
            await asyncio.sleep(0.05)
        assert await at.is_read_right(near)


@pain(
    "Three settings of one device in one button need three presses.",
    "bitfocus/companion-module-birddog-ptz#78",
)
async def test_one_tap_sets_everything_that_it_names_of_one_device():
    many = """\
  many:
    title: Many
    want:
      podium-mic: {fader: -6 dB, muted: false}
      chair-mic: {fader: -8 dB, muted: false}
      guest-mic: {fader: -9 dB, muted: false}
      far-end: {source: laptop, blank: false}
      projector: {source: podium-camera, blank: true}
"""
    async with hall(many) as at:
        take = await at.take("many")
        assert take.verdict is Verdict.CONFIRMED
        level = at.device("mixer").truth()["blocks"]["Level1"]
        assert [level[f"level {n}"] for n in (1, 3, 4)] == [-6.0, -8.0, -9.0]
        assert [level[f"mute {n}"] for n in (1, 3, 4)] == [False, False, False]
        assert at.real.far_end_sees().source == "laptop"
        assert at.device("matrix").shows(3) in (1, 0)


@pain(
    "So much is asked of cameras that they lose control every other day.",
    "bitfocus/companion-module-birddog-ptz#79",
)
async def test_an_idle_camera_is_asked_a_few_times_a_second_and_one_question_at_a_time():
    async with hall() as at:
        since = at.room.clock.now()
        await at.wait(60)
        for camera in ("podium-camera", "panorama-camera", "audience-camera"):
            assert heard(at.device(camera), since) < 4.5 * 60, camera
            open_questions = 0
            for entry in at.device(camera).log.after(since):
                open_questions = 0 if entry.direction == "out" else open_questions + 1
                assert open_questions <= 1, camera


@pain(
    "A stop is not sent as long as the camera has not answered the move.",
    "glikely/obs-ptz#7",
)
async def test_a_stop_is_sent_at_once_although_the_move_was_never_answered():
    for camera in ("podium-camera", "panorama-camera", "audience-camera"):
        async with hall() as at:
            await at.wait(3)
            await at.room.devices[camera].refresh()  # no poll is under way
            at.fault(camera, "mute")
            moving = asyncio.create_task(at.room.drive(camera, 0.3, 0.0, 0.0))
            await at.wait(0.3)
            assert at.device(camera).truth()["moving"]
            stopping = asyncio.create_task(at.room.stop(camera))
            await at.wait(0.2)
            assert not at.device(camera).truth()["moving"], camera
            await asyncio.gather(moving, stopping, return_exceptions=True)


@pain(
    "A preset needs five clicks until it is recalled, and a zoom does not stop.",
    "glikely/obs-ptz#183",
    "glikely/obs-ptz#192",
)
async def test_over_a_line_that_loses_a_tenth_one_tap_recalls_and_one_release_stops():
    presets = ("speaker", "chair", "panorama", "guest")
    line = "  {0}: {{title: Go, deadline: 12 s, want: {{podium-camera: {{preset: {0}}}}}}}"
    async with hall("\n".join(line.format(preset) for preset in presets)) as at:
        at.fault("podium-camera", "lost", 0.1)
        camera = at.device("podium-camera")
        for preset in presets * 3:
            assert (await at.take(preset)).verdict is Verdict.CONFIRMED, preset
            await at.room.drive("podium-camera", 0.0, 0.0, 0.4)
            await at.wait(0.3)
            await at.room.stop("podium-camera")
            stopped = camera.truth()["zoom"]
            await at.wait(1.0)
            assert camera.truth()["zoom"] == stopped, preset


@pain(
    "Polling makes the camera's own web page unusable.",
    "glikely/obs-ptz#90",
)
@pytest.mark.parametrize("name", [name for name in BENCHES if name.startswith("visca")])
async def test_a_camera_that_answers_nothing_is_not_asked_more_than_one_that_does(name: str):
    async with standing(BENCHES[name]) as at:
        at.real.faults.set("half_open")
        await asyncio.sleep(10)
        sent = at.device.link.figures.sent
        await asyncio.sleep(30)
        assert at.device.link.figures.sent - sent < 2.5 * 30


@pain(
    "One bad driver stops all the others, and an innocent one is blamed.",
    "home-assistant/core#131970",
    "home-assistant/core#86232",
    "home-assistant/core#114190",
)
async def test_a_driver_that_breaks_on_what_its_device_says_costs_that_device_alone():
    stage = Stage("a", "b", "c")
    async with stage.up():
        stage.scripts["b"].lines[b"put 5\n"] = b"bug\n"  # on which its decoder raises
        take = stage.take(scene(want("a"), want("b"), want("c"), deadline=2.0))
        await take.run()
        a, b, c = take.steps
        assert (a.verdict, c.verdict) == (Verdict.CONFIRMED, Verdict.CONFIRMED)
        assert a.ended is not None
        assert c.ended is not None
        assert max(a.ended, c.ended) < 0.01
        assert b.verdict is not Verdict.CONFIRMED
        assert take.culprits == ("b",)


@pain(
    "One lamp that cannot be reached makes the whole house lag.",
    "BazaJayGee66/homeassistant_cololight#30",
)
async def test_a_scene_with_an_absent_device_is_told_at_once_and_the_rest_of_it_is_done():
    async with hall() as at:
        at.fault("panorama-camera", "cut")
        await at.until_down("panorama-camera")
        take = at.room.take("restore-panorama", by="test")
        step = next(step for step in take.steps if step.want.device == "panorama-camera")
        await at.until(lambda: step.verdict, AT_ONCE)
        assert step.verdict is Verdict.FAILED
        await at.until(lambda: at.muted(CHANNELS[0]) is True, AT_ONCE)
        assert (await ended(take)).culprits[0] == "panorama-camera"


@pain(
    "Commands work while the log fills with “call timed out”, and what they did is shown late.",
    "bitfocus/companion-module-homeassistant-server#36",
)
async def test_a_device_that_answers_late_is_waited_for_and_not_taken_for_dead():
    async with hall() as at:
        for device in ("matrix", "mixer"):
            at.fault(device, "late", 0.2)
            link = at.room.devices[device].link
            before = (link.figures.unanswered, link.figures.losses)
            for number in range(10):
                if device == "matrix":
                    take = await at.set("far-end", "blank", number % 2 == 0)
                else:
                    take = await at.set("podium-mic", "muted", number % 2 == 1)
                assert take.verdict is Verdict.CONFIRMED, device
            assert (link.figures.unanswered, link.figures.losses) == before, device
