"""What every driver must do on its simulator, whatever the device is, with every fault of the line."""

import asyncio

import pytest

from avctl.capabilities.camera import Camera
from avctl.errors import DeviceError
from hw_sim.faults import LINE
from tests.conformance.benches import BENCHES, Bench, Change, Standing, standing

CHANGES = [
    pytest.param(bench, change, id=f"{name}, {change.point.key}")
    for name, bench in BENCHES.items()
    for change in bench.changes
]
PRESSES = [
    pytest.param(bench, change, id=f"{name}, {change.point.key}")
    for name, bench in BENCHES.items()
    for change in bench.changes
    if change.press
]
EVERY = [pytest.param(bench, id=name) for name, bench in BENCHES.items()]


async def drive(at: Standing, change: Change) -> None:
    await type(change.point).drive(at.device, {change.point: change.value})


@pytest.mark.parametrize(("bench", "change"), CHANGES)
async def test_what_is_driven_is_read_back_and_true(bench: Bench, change: Change) -> None:
    async with standing(bench) as at:
        await drive(at, change)
        assert await at.is_read_right(change)
        assert change.is_true(at.real)


@pytest.mark.parametrize(("bench", "change"), CHANGES)
async def test_what_is_accepted_and_ignored_is_never_read_back_as_done(
    bench: Bench, change: Change
) -> None:
    async with standing(bench) as at:
        assert not change.is_true(at.real)
        at.real.faults.set("ignores")
        await drive(at, change)
        assert not await at.is_read_right(change, 4.0)
        assert not change.is_true(at.real)


@pytest.mark.parametrize(("bench", "change"), CHANGES)
async def test_a_refusal_is_told_and_nothing_is_done(bench: Bench, change: Change) -> None:
    async with standing(bench) as at:
        at.real.faults.set("refuses")
        with pytest.raises(DeviceError):
            await drive(at, change)
        assert not change.is_true(at.real)


@pytest.mark.parametrize(("bench", "change"), PRESSES)
async def test_a_change_at_the_device_itself_is_seen_within_a_poll(
    bench: Bench, change: Change
) -> None:
    assert change.press is not None
    async with standing(bench) as at:
        action, arguments = change.press
        at.real.press(action, **arguments)
        while not change.is_true(at.real):
            await at.device.hinted(0.05)
        made = asyncio.get_running_loop().time()
        seen = asyncio.Event()

        def look(*_: object) -> None:
            reading = at.device.state.get(change.point)
            if reading and change.point.is_right(reading.value, change.value):
                seen.set()

        at.device.subscribe(look)
        look()
        await asyncio.wait_for(seen.wait(), 5.0)
        assert asyncio.get_running_loop().time() - made <= at.device.refresh_every + 2.5


@pytest.mark.parametrize("bench", EVERY)
@pytest.mark.parametrize("fault", [*LINE, "rebooting", "busy", "buffer_full", "wrong_address"])
async def test_after_any_fault_the_device_is_back_and_its_state_true(
    bench: Bench, fault: str
) -> None:
    async with standing(bench) as at:
        tasks = len(asyncio.all_tasks())
        change = bench.changes[0]
        at.real.faults.set(fault)
        try:
            async with asyncio.timeout(6):
                await drive(at, change)
        except (DeviceError, TimeoutError):
            pass
        await asyncio.sleep(3)
        at.real.faults.clear()
        await asyncio.sleep(8)
        await at.until_up(40)
        await drive(at, change)
        assert await at.is_read_right(change, change.seconds + 5)
        assert change.is_true(at.real)
        await asyncio.sleep(20)  # late acknowledgements end
        assert len(asyncio.all_tasks()) == tasks


async def is_accepted(at: Standing, change: Change) -> bool:
    try:
        await drive(at, change)
    except DeviceError:
        return False
    return True


@pytest.mark.parametrize("bench", EVERY)
async def test_a_rebooted_device_is_greeted_again(bench: Bench) -> None:
    async with standing(bench) as at:
        at.real.reboot()
        change = bench.changes[0]
        async with asyncio.timeout(150):
            while not (await is_accepted(at, change) and await at.is_read_right(change)):
                await at.device.hinted(1.0)
        assert change.is_true(at.real)


CAMERAS = [
    pytest.param(bench, id=name) for name, bench in BENCHES.items() if bench.driver == "visca"
]


@pytest.mark.parametrize("bench", CAMERAS)
async def test_a_moving_camera_is_stopped_at_once_whatever_waits(bench: Bench) -> None:
    async with standing(bench) as at:
        camera = at.device
        assert isinstance(camera, Camera)
        far = bench.changes[1]
        await drive(at, far)
        waiting = [asyncio.create_task(camera.read([far.point])) for _ in range(10)]
        await asyncio.sleep(0.1)
        stopping = asyncio.create_task(camera.stop())
        await asyncio.sleep(0.1)
        pose = at.real.pose()
        await asyncio.gather(stopping, *waiting, return_exceptions=True)
        await asyncio.sleep(1)
        assert abs(pose.pan - at.real.pose().pan) < 0.1
        assert not far.is_true(at.real)
