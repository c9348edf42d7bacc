"""A bench for each driver: one device of it, its simulator, and a line in memory between them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from avctl import registry
from avctl.capabilities.camera import Framing, Preset
from avctl.capabilities.mixer import Fader, Mute
from avctl.capabilities.router import Blank, Layer, Output
from avctl.capabilities.wall import Layout, WindowSource
from avctl.clock import Clock
from avctl.device import Device, link
from avctl.testing.conformance import Can, Stand
from avctl.testing.conformance import Change as Changed
from avctl.transport import Address, Receiver, Stream, parse_address
from hw_sim.catalogue import simulator
from hw_sim.simulator import Simulator
from tests.rooms import End

FRAMINGS = {3: Framing(12.0, -4.0, 0.2), 5: Framing(-120.0, 3.0, 0.6)}


@dataclass(frozen=True)
class Change(Changed):
    """A change that the device can make, and whether it really has."""

    is_true: Callable[[Any], bool] = lambda real: False  # of the simulator


@dataclass(frozen=True)
class Bench:
    """What stands on it."""

    driver: str
    model: str | None
    url: str
    changes: tuple[Change, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    first_byte: int = 0  # of the presets on the wire

    hand: bool = False  # whether a transmitter is there to be held

    @property
    def kind(self) -> str:
        return self.url.split(":")[0]

    @property
    def can(self) -> frozenset[Can]:
        return frozenset({Can.BREAK, Can.PRESS, Can.REBOOT} | ({Can.HAND} if self.hand else set()))

    def simulator(self) -> Simulator:
        made = simulator(self.driver)(self.model, rng=Random(7), **self.options)
        store = getattr(made, "store", None)
        for number, at in FRAMINGS.items() if store else ():
            assert store is not None
            store(number - self.first_byte, at.pan, at.tilt, at.zoom)
        return made


class Standing(Stand):
    """A bench in use."""

    changes: tuple[Change, ...]

    def __init__(self, device: Device, real: Any, bench: Bench) -> None:
        super().__init__(device, bench.changes)
        self.real = real

    def sees(self, change: Changed) -> bool:
        assert isinstance(change, Change)
        return change.is_true(self.real)

    async def looks(self) -> Framing:
        pose = self.real.pose()
        return Framing(pose.pan, pose.tilt, 0.0)

    def break_it(self, fault: str) -> None:
        self.real.faults.set(fault)

    def mend(self) -> None:
        self.real.faults.clear()

    def press(self, action: str, **arguments: Any) -> None:
        self.real.press(action, **arguments)

    def reboot(self) -> None:
        self.real.reboot()


@contextlib.asynccontextmanager
async def standing(bench: Bench) -> AsyncIterator[Standing]:
    """The device, greeted."""
    driver = registry.driver(bench.driver)
    clock = Clock(rng=Random(7))
    device = driver(bench.driver, driver.Settings.model_validate(bench.settings), clock)
    real = bench.simulator()
    end = End(real, bench.kind, real.baud)

    async def dial(address: Address, receiver: Receiver) -> Stream:
        await asyncio.sleep(0)
        return end.dial(receiver)

    line = link([device], parse_address(bench.url), clock, dial)
    running = asyncio.create_task(line.run())
    try:
        bench_in_use = Standing(device, real, bench)
        await bench_in_use.until_up()
        yield bench_in_use
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _recall(number: int, byte: int) -> Change:
    at = FRAMINGS[number]

    def is_true(camera: Any) -> bool:
        pose = camera.pose()
        return abs(pose.pan - at.pan) < 0.5 and abs(pose.tilt - at.tilt) < 0.5

    return Change(Preset(), number, 15.0, ("preset", {"number": byte}), is_true=is_true)


def _camera(model: str, url: str, first_byte: int) -> Bench:
    framings = {
        number: {"pan": at.pan, "tilt": at.tilt, "zoom": at.zoom} for number, at in FRAMINGS.items()
    }
    changes = tuple(_recall(number, number - first_byte) for number in FRAMINGS)
    settings = {"model": model, "framings": framings}
    return Bench("visca", model, url, changes, settings, first_byte=first_byte)


def _matrix(model: str, url: str) -> Bench:
    changes = (
        Change(
            Output(2),
            3,
            is_true=lambda matrix: matrix.shows(2) == 3,
            seconds=2.0,
            press=("tie", {"input": 3, "output": 2}),
        ),
        Change(Output(1, Layer.AUDIO), 2, is_true=lambda matrix: matrix.sounds(1) == 2),
        Change(
            Blank(2),
            True,
            is_true=lambda matrix: matrix.truth()["video_mutes"]["2"] != 0,
            seconds=2.0,
            press=("mute", {"output": 2, "on": True}),
        ),
    )
    return Bench("extron_sis", model, url, changes)


def _mixer(url: str) -> Bench:
    changes = (
        Change(
            Fader("Level1/2"),
            -6.0,
            is_true=lambda mixer: mixer.truth()["blocks"]["Level1"]["level 2"] == -6.0,
            seconds=2.0,
            press=("level", {"tag": "Level1", "channel": 2, "db": -6.0}),
        ),
        Change(
            Mute("Level1/1"),
            True,
            is_true=lambda mixer: mixer.truth()["blocks"]["Level1"]["mute 1"],
            seconds=2.0,
            press=("mute", {"tag": "Level1", "channel": 1, "on": True}),
        ),
    )
    return Bench("biamp_ttp", "forte", url, changes, {"channels": ["Level1/1", "Level1/2"]})


def _microphones(model: str, channel: int = 2) -> Bench:
    changes = (
        Change(
            Fader(str(channel)),
            -6.0,
            is_true=lambda box: box.truth()["channels"][str(channel)]["gain_db"] == -6.0,
            seconds=2.0,
            press=("gain", {"channel": channel, "db": -6.0}),
        ),
        Change(
            Mute("1"),
            True,
            is_true=lambda box: box.truth()["channels"]["1"]["muted"],
            seconds=2.0,
            press=("mute", {"channel": 1, "on": True}),
        ),
    )
    return Bench(
        "shure",
        model,
        "tcp://microphones:2202",
        changes,
        hand=model in ("ulxd4q", "slxd4", "ad4q"),
    )


def _wall(url: str) -> Bench:
    changes = (
        Change(
            Layout(),
            2,
            is_true=lambda wall: wall.truth()["preset"] == 2,
            seconds=25.0,
            press=("preset", {"number": 2}),
            settles=3.0,
        ),
        Change(
            WindowSource(1),
            "Slot3.In2",
            is_true=lambda wall: any(
                each.number == 1 and each.source == "Slot3.In2" for each in wall.windows()
            ),
            seconds=5.0,
            press=("source", {"window": 1, "input": "Slot3.In2"}),
        ),
    )
    return Bench("coriomaster", None, url, changes, {"user": "admin", "password": "adminpw"})


BENCHES = {
    "visca srg-300h over UDP with header": _camera("srg-300h", "udp://camera:52381", 1),
    "visca brc-x400 over UDP with header": _camera("brc-x400", "udp://camera:52381", 1),
    "visca evi-d70 on a wire": _camera("evi-d70", "serial:///camera?baud=9600", 1),
    "visca ptzoptics over TCP": _camera("ptzoptics", "tcp://camera:5678", 0),
    "visca generic over TCP": _camera("generic", "tcp://camera:5678", 0),
    "visca minrray on a wire": _camera("minrray", "serial:///camera?baud=9600", 0),
    "extron_sis crosspoint on a wire": _matrix("crosspoint", "serial:///matrix?baud=9600"),
    "extron_sis crosspoint by Telnet": _matrix("crosspoint", "tcp://matrix:23"),
    "extron_sis dxp by Telnet": _matrix("dxp", "tcp://matrix:23"),
    "extron_sis dtp-crosspoint by Telnet": _matrix("dtp-crosspoint", "tcp://matrix:23"),
    "biamp_ttp forte on a wire": _mixer("serial:///mixer?baud=115200"),
    "biamp_ttp forte by Telnet": _mixer("tcp://mixer:23"),
    "shure ulxd4q over TCP": _microphones("ulxd4q"),
    "shure slxd4 over TCP": _microphones("slxd4", channel=1),
    "shure ad4q over TCP": _microphones("ad4q"),
    "shure scm820 over TCP": _microphones("scm820"),
    "shure p300 over TCP": _microphones("p300"),
    "shure mxa910 over TCP": _microphones("mxa910"),
    "coriomaster over TCP": _wall("tcp://wall:10001"),
}
