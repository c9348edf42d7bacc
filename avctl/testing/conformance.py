"""What every device must do, whatever it is: suites that run on any bench that has one, simulated or real.

A bench says what may be changed on its device, and what can be done to it (`Can`). `suite` gives the runs that fit;
each is carried out on a `Stand`: the device on its bench, greeted. Nothing here cleans up: a bench with a real
device reads it before a run and returns it after.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from avctl.capabilities.camera import Aim, Camera, Framing
from avctl.capabilities.microphone import (
    Battery,
    BatteryBars,
    RadioQuality,
    Transmitter,
    TransmitterMuted,
)
from avctl.capabilities.mixer import Mute
from avctl.device import Device
from avctl.errors import DeviceError
from avctl.points import Point

LINE_FAULTS = (
    "late", "lost", "cut", "garbled", "coalesced", "split", "half_open", "mute", "flood",
)  # fmt: skip
DEVICE_FAULTS = ("rebooting", "busy", "buffer_full", "wrong_address")

SURE = 15.0  # seconds


class Can(Enum):
    """What a bench can do beside having the device."""

    BREAK = "put faults into the device and its line"
    PRESS = "change things at the device itself"
    REBOOT = "restart the device"
    HAND = "hold a wireless microphone's transmitter"


class Changing(Protocol):
    """Something that may be changed, as far as choosing runs needs it."""

    @property
    def point(self) -> Point: ...

    @property
    def press(self) -> Any: ...


@dataclass(frozen=True)
class Change:
    """A change that the device can make."""

    point: Point
    value: Any
    seconds: float = 2.0  # it may take
    press: tuple[str, Mapping[str, Any]] | None = None  # the same, made at the device itself
    settles: float = 0.0  # seconds more until the device can be sure of what it shows


class Stand:
    """A device on its bench, greeted. Benches derive from it, and say what they can do."""

    rest = 0.1  # seconds within which a head that was told to stop stands still

    def __init__(self, device: Device, changes: Sequence[Change]) -> None:
        self.device, self.changes = device, changes

    def sees(self, change: Change) -> bool | None:
        """Whether ``change`` is so, by other eyes than the device's own words. None: there are none."""
        return None

    async def looks(self) -> Framing:
        """Where a camera looks."""
        await self.device.read([Aim()])
        framing: Framing = self.device.state[Aim()].value
        return framing

    def break_it(self, fault: str) -> None:
        raise NotImplementedError(Can.BREAK.value)

    def mend(self) -> None:
        raise NotImplementedError(Can.BREAK.value)

    def press(self, action: str, **arguments: Any) -> None:
        raise NotImplementedError(Can.PRESS.value)

    def reboot(self) -> None:
        raise NotImplementedError(Can.REBOOT.value)

    async def drive(self, change: Change) -> None:
        await type(change.point).drive(self.device, {change.point: change.value})

    async def is_accepted(self, change: Change) -> bool:
        try:
            await self.drive(change)
        except DeviceError:
            return False
        return True

    async def is_read_right(self, change: Change, seconds: float | None = None) -> bool:
        """Whether the device is read back as changed in the time that the change may take."""
        ends = self.device.clock.now() + (seconds or change.seconds)
        while self.device.clock.now() < ends:
            asked = self.device.clock.now()
            with contextlib.suppress(DeviceError):
                await self.device.read([change.point.evidence])
            reading = self.device.state.get(change.point.evidence)
            if (
                reading
                and reading.at >= asked
                and change.point.is_right(reading.value, change.value)
            ):
                return True
            await self.device.hinted(self.device.settle)
        return False

    async def until_up(self, seconds: float = 20.0) -> None:
        """Raises TimeoutError."""
        came = asyncio.Event()
        leave = self.device.subscribe(lambda device, point: came.set() if device.up else None)
        try:
            if not self.device.up:
                await asyncio.wait_for(came.wait(), seconds)
        finally:
            leave()

    async def redial(self) -> None:
        """Lose the line, and get it back. Raises TimeoutError."""
        gone = asyncio.Event()
        leave = self.device.subscribe(lambda device, point: None if device.up else gone.set())
        self.device.link.drop("dropped by a test")
        await asyncio.wait_for(gone.wait(), 5.0)
        leave()
        await self.until_up(self.device.greet_timeout + 15.0)

    def told(self, point: Point) -> Any:
        reading = self.device.state.get(point)
        return reading.value if reading else "never told"


# What is run.


class Over(Enum):
    """What a case is repeated over."""

    DEVICE = "the device"
    CHANGES = "each change"
    PRESSES = "each change that can be made at the device"
    LAST = "the last change"
    FAULTS = "each fault"


@dataclass(frozen=True)
class Case:
    """A sentence that must be true of a device."""

    carry_out: Callable[..., Awaitable[None]]
    over: Over
    needs: frozenset[Can]
    capability: type

    @property
    def sentence(self) -> str:
        return self.carry_out.__name__.replace("_", " ")


@dataclass(frozen=True)
class Run:
    """A case with what it is about: a change, a fault, or nothing."""

    case: Case
    about: Any = None

    @property
    def name(self) -> str:
        about = getattr(self.about, "point", None)
        text = about.key if about else self.about
        return f"{self.case.sentence}, {text}" if text else self.case.sentence

    @property
    def changes(self) -> bool:
        """Whether it changes anything at the device."""
        return self.case.over is not Over.DEVICE or bool(self.case.needs)

    async def on(self, stand: Stand, about: Any = None) -> None:
        """``about``: in the place of what the run was made with."""
        about = about or self.about
        await self.case.carry_out(*((stand,) if about is None else (stand, about)))


CASES: list[Case] = []


def case(
    over: Over = Over.DEVICE, *needs: Can, capability: type = Device
) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., Awaitable[None]]]:
    """Make a case of a function, whose name is the sentence."""

    def note(function: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        CASES.append(Case(function, over, frozenset(needs), capability))
        return function

    return note


def suite(
    driver: type[Device], changes: Sequence[Changing], can: Collection[Can] = ()
) -> Iterator[Run]:
    """All runs for a device of ``driver`` on a bench that ``can`` do so much."""
    for each in CASES:
        if issubclass(driver, each.capability) and each.needs <= set(can):
            for about in _repeated(each.over, changes):
                yield Run(each, about)


def _repeated(over: Over, changes: Sequence[Changing]) -> Sequence[Any]:
    match over:
        case Over.DEVICE:
            return (None,)
        case Over.CHANGES:
            return changes
        case Over.PRESSES:
            return [change for change in changes if change.press]
        case Over.LAST:
            return changes[-1:]
        case Over.FAULTS:
            return (*LINE_FAULTS, *DEVICE_FAULTS)


# Every device.


@case()
async def what_it_is_asked_is_told(stand: Stand) -> None:
    device = stand.device
    asked = device.clock.now()
    points = [point for point in device.points() if point.settable]
    await device.read(points)
    told = [point for point in points if point in device.state and device.state[point].at >= asked]
    assert told, f"{device.name} tells none of its {len(points)} points"


@case()
async def everything_it_says_is_understood(stand: Stand) -> None:
    device = stand.device
    before = device.link.figures.unknown
    await device.read(device.points())
    await device.clock.sleep(3 * device.refresh_every)
    assert device.link.figures.unknown == before


@case()
async def a_lost_line_is_dialled_again_and_tells_the_same(stand: Stand) -> None:
    device = stand.device
    points = [point for point in device.points() if point.settable]
    await device.read(points)
    before = {point: device.state[point].value for point in points if point in device.state}
    lost = device.clock.now()
    await stand.redial()
    await device.read(points)
    for point, value in before.items():
        if value is None or device.state[point].at <= lost:
            continue
        # What needs time to be sure of itself, as a wall's layout does, gets it.
        same = await stand.is_read_right(Change(point, value), SURE)
        assert same, f"{point.key} read {value}, and reads {stand.told(point)}"


@case(Over.CHANGES)
async def what_is_driven_is_read_back_and_true(stand: Stand, change: Change) -> None:
    await stand.drive(change)
    assert await stand.is_read_right(change), f"reads {stand.told(change.point.evidence)}"
    assert stand.sees(change) in (True, None)


@case(Over.CHANGES)
async def what_was_driven_stands_when_the_line_is_dialled_anew(
    stand: Stand, change: Change
) -> None:
    await stand.drive(change)
    assert await stand.is_read_right(change), f"reads {stand.told(change.point.evidence)}"
    await stand.redial()
    assert await stand.is_read_right(change, 15.0), f"reads {stand.told(change.point.evidence)}"


@case(Over.CHANGES, Can.BREAK)
async def what_is_accepted_and_ignored_is_never_read_back_as_done(
    stand: Stand, change: Change
) -> None:
    assert not stand.sees(change)
    stand.break_it("ignores")
    await stand.drive(change)
    assert not await stand.is_read_right(change, 4.0)
    assert not stand.sees(change)


@case(Over.CHANGES, Can.BREAK)
async def a_refusal_is_told_and_nothing_is_done(stand: Stand, change: Change) -> None:
    stand.break_it("refuses")
    assert not await stand.is_accepted(change)
    assert not stand.sees(change)


@case(Over.PRESSES, Can.PRESS)
async def a_change_at_the_device_itself_is_seen_within_a_poll(stand: Stand, change: Change) -> None:
    assert change.press is not None
    device, (action, arguments) = stand.device, change.press
    stand.press(action, **arguments)
    while stand.sees(change) is False:
        await device.hinted(0.05)
    made = device.clock.now()
    seen = asyncio.Event()

    def look(*_: object) -> None:
        reading = device.state.get(change.point)
        if reading and change.point.is_right(reading.value, change.value):
            seen.set()

    leave = device.subscribe(look)
    look()
    await asyncio.wait_for(seen.wait(), 5.0 + change.settles)
    leave()
    assert device.clock.now() - made <= device.refresh_every + 2.5 + change.settles


@case(Over.FAULTS, Can.BREAK)
async def after_any_fault_it_is_back_and_its_state_true(stand: Stand, fault: str) -> None:
    tasks = len(asyncio.all_tasks())
    change, clock = stand.changes[0], stand.device.clock
    stand.break_it(fault)
    with contextlib.suppress(DeviceError, TimeoutError):
        async with asyncio.timeout(6):
            await stand.drive(change)
    await clock.sleep(3)
    stand.mend()
    await clock.sleep(8)
    await stand.until_up(40)
    await stand.drive(change)
    assert await stand.is_read_right(change, change.seconds + 5)
    assert stand.sees(change)
    await clock.sleep(20)  # late acknowledgements end
    assert len(asyncio.all_tasks()) == tasks


@case(Over.DEVICE, Can.REBOOT)
async def a_rebooted_device_is_greeted_again(stand: Stand) -> None:
    stand.reboot()
    change = stand.changes[0]
    async with asyncio.timeout(150):
        while not (await stand.is_accepted(change) and await stand.is_read_right(change)):
            await stand.device.hinted(1.0)
    assert stand.sees(change)


# Cameras.


@case(Over.LAST, capability=Camera)
async def a_moving_camera_is_stopped_at_once_whatever_waits(stand: Stand, far: Change) -> None:
    camera, clock = stand.device, stand.device.clock
    assert isinstance(camera, Camera)
    await stand.drive(far)
    waiting = [asyncio.create_task(stand.device.read([far.point])) for _ in range(10)]
    await clock.sleep(0.1)
    stopping = asyncio.create_task(camera.stop())
    await clock.sleep(stand.rest)
    at = await stand.looks()
    await asyncio.gather(stopping, *waiting, return_exceptions=True)
    await clock.sleep(1)
    later = await stand.looks()
    assert abs(at.pan - later.pan) < 0.1
    assert not stand.sees(far)


# Wireless microphones in a hand: on these benches channel 1 has a transmitter, and a mute of its own.


@case(Over.DEVICE, Can.HAND)
async def a_switched_off_transmitter_is_told(stand: Stand) -> None:
    assert stand.told(Transmitter("1")) is True
    stand.press("transmitter", channel=1, on=False)
    await stand.device.clock.sleep(3)
    assert stand.told(Transmitter("1")) is False
    assert stand.told(Battery("1")) is None
    assert stand.told(BatteryBars("1")) is None


@case(Over.DEVICE, Can.HAND)
async def a_mute_at_the_body_is_told_and_the_receivers_own_stays(stand: Stand) -> None:
    own = next(change for change in stand.changes if change.point == Mute("1") and change.value)
    stand.press("mute_switch", channel=1, on=True)
    await stand.device.clock.sleep(3)
    assert stand.told(TransmitterMuted("1")) is True
    assert not stand.sees(own)


@case(Over.DEVICE, Can.HAND)
async def a_battery_that_runs_down_is_told_in_minutes_and_bars(stand: Stand) -> None:
    stand.press("battery", channel=1, minutes=30)
    await stand.device.clock.sleep(60)
    assert 25 <= stand.told(Battery("1")) <= 30
    assert stand.told(BatteryBars("1")) <= 1


@case(Over.DEVICE, Can.HAND)
async def a_transmitter_carried_away_is_received_more_weakly(stand: Stand) -> None:
    await stand.device.clock.sleep(3)
    near = stand.told(RadioQuality("1"))
    stand.press("rf", channel=1, quality=0.1)
    await stand.device.clock.sleep(3)
    assert -120 <= stand.told(RadioQuality("1")) < near - 20 < 0
