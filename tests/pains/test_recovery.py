"""Whether lines come back by themselves: after nights, reboots, foreign clients, silence, and from the first moment on."""

import asyncio
import contextlib
from dataclasses import replace

import pytest

from avctl.capabilities.power import Power, PowerState
from avctl.errors import DeviceError
from avctl.scenes.take import Verdict
from hw_sim.line import Line
from tests.conformance.benches import BENCHES, Bench, Standing, standing
from tests.pains.hall import CAMERAS, hall
from tests.pains.table import pain

EVERY = [pytest.param(bench, id=name) for name, bench in BENCHES.items()]


NIGHT = [  # for which a night is not too long to test
    BENCHES["extron_sis crosspoint by Telnet"],
    BENCHES["biamp_ttp forte by Telnet"],
    BENCHES["coriomaster over TCP"],
]


async def works(at: Standing, bench: Bench) -> bool:
    """Whether the device can be told something, and does it, without anybody's help."""
    change = bench.changes[0]
    await type(change.point).drive(at.device, {change.point: change.value})
    return await at.is_read_right(change) and change.is_true(at.real)


async def until_up(at: Standing, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not at.device.up:
            await at.device.hinted(0.1)


@pain(
    "A line that was lost is never dialled again.",
    "bitfocus/companion#3191",
)
async def test_a_line_that_is_lost_again_and_again_is_up_again_each_time():
    async with hall() as at:
        for number in range(10):
            name = ("matrix", "mixer", "hall-wall", "panorama-camera", "audience-camera")[
                number % 5
            ]
            at.fault(name, "cut")
            await at.until_down(name)
            await at.wait(at.room.clock.rng.uniform(0.1, 20))
            at.mend()
            assert await at.until_up() < 15, name
        assert (await at.set("far-end", "source", "laptop")).verdict is Verdict.CONFIRMED


@pain(
    "After the desk was switched off for the night somebody has to restart the module.",
    "bitfocus/companion-module-allenheath-sq#82",
)
@pytest.mark.parametrize("bench", EVERY)
async def test_a_device_that_was_off_for_a_night_works_soon_after_it_is_on(bench: Bench):
    async with standing(bench) as at:
        at.real.faults.set("cut")
        at.real.faults.set("half_open")
        await asyncio.sleep(20)
        assert not at.device.up
        await asyncio.sleep(8 * 3600 if bench in NIGHT else 600)
        at.real.faults.clear()
        await until_up(at, 20)
        assert await works(at, bench)


@pain(
    "A camera that is off when the program starts is never tried again.",
    "bitfocus/companion-module-birddog-ptz#91",
)
async def test_a_device_that_is_absent_at_the_start_is_found_when_it_comes():
    def all_off(real):
        for device in real.devices.values():
            device.faults.set("cut")

    async with hall(up=False, before=all_off) as at:
        names = tuple(at.room.devices)
        await at.wait(120)
        assert not any(device.up for device in at.room.devices.values())
        for name in names:
            at.mend(name)
            assert await at.until_up(name) < 15, name
        assert (await at.take("speaker-close-up")).verdict is Verdict.CONFIRMED


@pain(
    "One product after another does not come back after a restart of the device.",
    "bitfocus/companion-module-rode-rcv#9",
    "bitfocus/companion-module-audinate-dantecontroller#23",
    "bitfocus/companion-module-vicreo-hotkey#90",
    "bitfocus/companion#2839",
)
@pytest.mark.parametrize("bench", EVERY)
async def test_every_device_that_is_restarted_works_again_by_itself(bench: Bench):
    async with standing(bench) as at:
        for _ in range(2):
            at.real.reboot()
            async with asyncio.timeout(150):
                while True:
                    await asyncio.sleep(1)
                    with contextlib.suppress(DeviceError):  # told, and tried again
                        if await works(at, bench):
                            break


@pain(
    "Whether a device is connected cannot be seen, so people script “disable, enable”.",
    "bitfocus/companion#2029",
)
async def test_every_change_of_a_line_is_told_with_its_reason():
    async with hall() as at:
        told: list[tuple[str, bool, str]] = []

        def note(room, change):
            if change.device and change.point is None:
                told.append((change.device.name, change.device.up, change.device.reason))

        at.room.subscribe(note)
        at.fault("matrix", "cut")
        await at.until_down("matrix")
        at.mend()
        await at.until_up()
        assert [(name, up) for name, up, _ in told] == [("matrix", False), ("matrix", True)]
        assert told[0][2]


@pain(
    "After half an hour without use the camera does not answer any more.",
    "bitfocus/companion-module-ptzoptics-visca#22",
)
@pytest.mark.parametrize(
    "name",
    ["visca ptzoptics over TCP", "visca srg-300h over UDP with header", "shure p300 over TCP"],
)
async def test_after_hours_without_a_tap_the_first_one_works(name: str):
    bench = BENCHES[name]
    if bench.driver == "visca":
        bench = replace(bench, options={"idle_close_s": 30})
    async with standing(bench) as at:
        losses = at.device.link.figures.losses
        await asyncio.sleep(2400)
        assert at.device.link.figures.losses == losses
        assert await works(at, bench)


@pain(
    "A camera whose new firmware answers under another address loses the link with every command.",
    "bitfocus/companion-module-ptzoptics-visca#57",
)
async def test_answers_under_a_wrong_address_are_understood():
    for name in ("visca ptzoptics over TCP", "visca srg-300h over UDP with header"):
        async with standing(BENCHES[name]) as at:
            losses = at.device.link.figures.losses
            at.real.faults.set("wrong_address")
            assert await works(at, BENCHES[name])
            await asyncio.sleep(30)
            assert at.device.up
            assert at.device.link.figures.losses == losses


@pain(
    "Presets are not recalled any more after a while, although the camera is shown as connected.",
    "bitfocus/companion-module-sony-visca#80",
)
async def test_forty_recalls_one_after_the_other_all_arrive():
    line = "  {0}: {{title: Go, deadline: 12 s, want: {{podium-camera: {{preset: {0}}}}}}}"
    presets = ("speaker", "chair", "panorama", "guest")
    async with hall("\n".join(line.format(preset) for preset in presets)) as at:
        for number in range(40):
            take = await at.take(presets[number % 4])
            assert take.verdict is Verdict.CONFIRMED, number
            await at.wait(at.room.clock.rng.uniform(0, 3))


@pain(
    "Control is dead until the settings are opened, or the camera is restarted.",
    "glikely/obs-ptz#57",
    "glikely/obs-ptz#83",
)
async def test_a_camera_whose_answers_were_lost_for_a_while_is_controlled_again_by_itself():
    for name in CAMERAS:
        async with hall() as at:
            await at.wait(3)
            at.fault(name, "mute")
            for pan in (0.3, -0.3, 0.2):
                moving = asyncio.create_task(at.room.drive(name, pan, 0.0, 0.0))
                await at.wait(1.5)
                moving.cancel()
            at.mend()
            await at.until_up(seconds=20)
            await at.wait(3)
            preset = "audience" if name == "audience-camera" else "speaker"
            number = at.room.file.devices[name].presets[preset]
            at.room.set(name, "preset", preset, by="test")
            await at.wait(10)
            assert at.preset(name) == number


@pain(
    "A device in standby at the start is “unavailable”, and stays so.",
    "home-assistant/core#107494",
    "home-assistant/core#30624",
    "home-assistant/core#16606",
    "home-assistant/core#26719",
)
async def test_a_camera_found_in_standby_is_shown_as_off_and_can_be_switched_on():
    def in_standby(real):
        real.devices["podium-camera"].press("power")

    async with hall(up=False, before=in_standby) as at:
        await at.wait(5)
        assert await at.until_up() < 10
        camera = at.room.devices["podium-camera"]
        assert camera.state[PowerState()].value is Power.OFF
        await camera.power(True)  # type: ignore[attr-defined]  # a camera
        await at.until(lambda: camera.state[PowerState()].value is Power.ON, 60)
        assert (await at.take("speaker-close-up")).verdict is Verdict.CONFIRMED


@pain(
    "A second client takes the only connection that a device has, and the first one starves without a word.",
    "home-assistant/core#129813",
)
async def test_a_device_with_one_place_is_told_as_taken_and_is_back_when_the_other_leaves():
    async with hall() as at:
        at.fault("hall-wall", "cut")
        await at.until_down("hall-wall")
        at.mend()
        intruder = Line(at.device("hall-wall"), "tcp", send=lambda data: None, close=lambda: None)
        intruder.opened()
        await at.wait(5)
        wall = at.room.devices["hall-wall"]
        assert not wall.up
        assert wall.reason
        intruder.closed()
        assert await at.until_up(seconds=120) < 90


@pain(
    "A few clients use up all the connections of a device, because each reconnect leaves one behind.",
    "bitfocus/companion-module-bmd-atem#128",
    "josephdadams/TallyArbiter#91",
    "wifi-tally/wifi-tally#16",
)
async def test_a_device_never_has_more_than_one_connection_of_ours():
    async with hall() as at:
        for number in range(12):
            for name in ("mixer", "panorama-camera", "hall-wall"):
                at.fault(name, ("half_open", "cut", "mute")[number % 3], seconds=6)
            await at.wait(15)
        at.mend()
        await at.until_up(seconds=60)
        for name in ("mixer", "panorama-camera", "hall-wall"):
            assert at.ends[name].dials > 2, name
            assert sum(not stream.closed for stream in at.ends[name].streams) == 1, name
