"""Whether one can program, try and test without the devices, and what is known of faults is tried."""

import asyncio
import importlib.metadata
from dataclasses import replace
from typing import Any

import pytest

from avctl.capabilities.camera import Focus, FocusMode
from avctl.errors import NoAnswerError
from avctl.scenes.plan import Prospect
from avctl.scenes.take import Take, Verdict
from avctl.site import read_site
from hw_sim.catalogue import SIMULATORS, simulator
from hw_sim.visca.models import MODELS
from tests.conformance.benches import BENCHES, standing
from tests.conformance.outlet_benches import OUTLET_BENCHES
from tests.conformance.terminal_benches import TERMINAL_BENCHES
from tests.pains.hall import hall
from tests.pains.table import pain
from tests.rooms import DEMO, demo

FROM_ZERO = {"ptzoptics", "minrray"}  # their presets are numbered as on the wire


@pain(
    "Devices cannot be simulated for programming at a desk.",
    "bitfocus/companion#311",
)
async def test_a_whole_site_works_without_any_hardware():
    async with demo() as at:
        for name, room in at.site.rooms.items():
            await at.until_up(name)
            assert (
                await _ended(room.take("restore-panorama", by="test"))
            ).verdict is Verdict.CONFIRMED, name


@pain(
    "Buttons cannot be programmed while the device is away.",
    "bitfocus/companion#1580",
    "bitfocus/companion-module-bmd-atem#104",
)
async def test_scenes_are_read_checked_and_planned_with_every_device_absent():
    _, plans = read_site(DEMO)
    assert all(plan.scenes for plan in plans)

    def all_off(real):
        for device in real.devices.values():
            device.faults.set("cut")

    async with hall(up=False, before=all_off) as at:
        await at.wait(2)
        planned = await at.room.plan("speaker-close-up")
        assert {each.want.target for each in planned} == {
            "podium-camera", "podium-mic", "far-end", "hall-wall"
        }  # fmt: skip
        assert {each.prospect for each in planned} == {Prospect.UNREACHABLE}


@pain(
    "Mends are not taken in, because nobody has the hardware to try them.",
    "PepperDash/Essentials#416",
)
@pytest.mark.parametrize(
    "quirk",
    [
        {"ack_policy": "late"}, {"ack_policy": "never"}, {"mute_completions": True},
        {"socket_mode": "zero"}, {"socket_mode": "fresh"}, {"reply_address": 5},
        {"completion_order": "shuffled"}, {"spurious_error_rate": 0.2}, {"chunking": "single"},
        {"chunking": "coalesce"}, {"drop_rate": 0.1},
    ],
    ids=str,
)  # fmt: skip
async def test_every_known_quirk_of_cameras_can_be_switched_on_and_is_lived_with(
    quirk: dict[str, Any],
):
    bench = replace(BENCHES["visca ptzoptics over TCP"], options=quirk)
    async with standing(bench) as at:
        change = bench.changes[0]
        await type(change.point).drive(at.device, {change.point: change.value})
        assert await at.is_read_right(change)
        assert change.is_true(at.real)


# What a driver speaks to, where that is not called as the driver is.
SIMULATED_AS = {"byte_table": ("creator_matrix", "lcd_splicer"), "wake_on_lan": ("sleeping_host",)}
TELLS_NOTHING = {"wake_on_lan"}  # tests/conformance/test_devices_that_tell_nothing.py stands in


@pain(
    "Hardly any library has a fake device for each protocol.",
    "postlund/pyatv#1024",
)
def test_every_driver_has_a_simulator_and_a_bench_that_puts_them_together():
    drivers = {entry.name for entry in importlib.metadata.entry_points(group="avctl.drivers")}
    assert drivers
    for driver in drivers:
        for name in SIMULATED_AS.get(driver, (driver,)):
            assert name in SIMULATORS, driver
            assert simulator(name).models
    benches = (*BENCHES.values(), *OUTLET_BENCHES.values(), *TERMINAL_BENCHES.values())
    assert drivers - TELLS_NOTHING <= {bench.driver for bench in benches}


@pain(
    "The public is asked to try twenty models that the author could not.",
    "bitfocus/companion-module-sony-visca",
)
@pytest.mark.parametrize("model", sorted(MODELS.keys() - {"generic", "evi-hd1"}))
async def test_every_model_of_camera_that_is_simulated_is_greeted_moved_and_read_back(model: str):
    name = "visca minrray on a wire" if model in FROM_ZERO else "visca evi-d70 on a wire"
    settings = {**BENCHES[name].settings, "model": model}
    async with standing(replace(BENCHES[name], model=model, settings=settings)) as at:
        change = BENCHES[name].changes[0]
        await type(change.point).drive(at.device, {change.point: change.value})
        assert await at.is_read_right(change)
        assert change.is_true(at.real)


@pain(
    "A packet number that never counts up, a lost command that is waited for without end, one socket of two understood.",
    "Sofie-Automation/sofie-timeline-state-resolver",
)
async def test_packets_are_numbered_a_lost_command_ends_and_both_sockets_are_understood():
    async with standing(BENCHES["visca srg-300h over UDP with header"]) as at:
        camera: Any = at.device
        since = camera.clock.now()
        await camera.recall(3)
        await camera.focus(Focus.MANUAL)  # while the first socket is taken
        said = [entry.data for entry in at.real.log.after(since, "in")]
        numbers = [int.from_bytes(datagram[4:8], "big") for datagram in said]
        assert len(numbers) > 1
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        await camera.stop()
        at.real.faults.set("lost")
        with pytest.raises(NoAnswerError):
            async with asyncio.timeout(20):
                await camera.focus(Focus.AUTO)
        at.real.faults.clear()
        await at.until_up()
        await camera.focus(Focus.AUTO)
        await camera.read([FocusMode()])
        assert camera.state[FocusMode()].value is Focus.AUTO


async def _ended(take: Take) -> Take:
    await take.ended.wait()
    return take
