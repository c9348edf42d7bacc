"""A bench for each driver: one device of it, its simulator, and a line in memory between them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from avctl import registry
from avctl.capabilities.camera import Framing, Preset
from avctl.capabilities.display import Frozen, Input, Shutter
from avctl.capabilities.mixer import Fader, Mute
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.recorder import Recording
from avctl.capabilities.router import Blank, Layer, Output
from avctl.capabilities.volume import SoundMuted, Volume
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

    before: tuple[tuple[str, Mapping[str, Any]], ...] = ()  # pressed before the device is dialled
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
        for action, arguments in self.before:
            made.press(action, **arguments)
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


def _display(url: str, number: int = 1, on: bool = True) -> Bench:
    at = {"display": number}

    def is_so(key: str, value: Any) -> Callable[[Any], bool]:
        return lambda line: line.truth()["displays"][str(number)][key] == value

    power = Change(
        PowerState(),
        Power.OFF if on else Power.ON,
        is_true=is_so("on", not on),
        seconds=10.0,
        press=("power", {"on": not on, **at}),
        settles=7.0,
    )
    settings = (
        Change(
            Input(),
            "HDMI2",
            is_true=is_so("input", "HDMI2"),
            seconds=3.0,
            press=("input", {"input": "HDMI2", **at}),
        ),
        Change(Volume(), 45, is_true=is_so("volume", 45), press=("volume", {"volume": 45, **at})),
        Change(SoundMuted(), True, is_true=is_so("muted", True)),
    )
    changes = (power, *settings) if on else (power,)
    options = {"ids": [1, 2, 7], "on": on}
    return Bench("samsung_mdc", None, url, changes, {"id": number}, options)


def _recorder(model: str, **options: Any) -> Bench:
    changes = (
        Change(
            Recording(),
            True,
            is_true=lambda deck: deck.truth()["status"] == "record",
            seconds=4.0,
            press=("record", {}),
            settles=2.0,
        ),
        Change(
            Input(),
            "HDMI",
            is_true=lambda deck: deck.truth()["input"] == "HDMI",
            press=("input", {"input": "HDMI"}),
        ),
    )
    return Bench("hyperdeck", model, "tcp://recorder:9993", changes, options=options)


def _projector_in_standby(model: str, **options: Any) -> Bench:
    on = Change(
        PowerState(),
        Power.ON,
        is_true=lambda projector: projector.truth()["power"] in ("on", "lit"),
        seconds=20.0,
        press=("power", {"on": True}),
    )
    return _projector(model, (on,), warm_seconds=5, **options)


def _projector_at_work(model: str, **options: Any) -> Bench:
    changes: tuple[Change, ...] = (
        Change(
            PowerState(),
            Power.OFF,
            is_true=lambda projector: projector.truth()["power"] == "standby",
            seconds=20.0,
            press=("power", {"on": False}),
        ),
        Change(
            Input(),
            "32",
            is_true=lambda projector: projector.truth()["input"] == "32",
            seconds=5.0,
            press=("input", {"input": "32"}),
        ),
        Change(
            Shutter(),
            True,
            is_true=lambda projector: projector.truth()["picture_muted"],
            press=("blank", {"on": True}),
        ),
    )
    freeze = Change(Frozen(), True, is_true=lambda projector: projector.truth()["frozen"])
    if model != "class1":
        changes = (*changes, freeze)
    return _projector(model, changes, (("power", {"on": True}),), warm_seconds=0.1, **options)


def _projector(
    model: str,
    changes: tuple[Change, ...],
    before: tuple[tuple[str, Mapping[str, Any]], ...] = (),
    **options: Any,
) -> Bench:
    settings = {"settle_time": 0, "password": options.get("password")}
    return Bench(
        "pjlink",
        model,
        "tcp://projector:4352",
        changes,
        settings,
        options={"cool_seconds": 5, **options},
        before=before,
    )


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
    "pjlink class2 in standby": _projector_in_standby("class2"),
    "pjlink class2 at work": _projector_at_work("class2", password="secret"),
    "pjlink class1 in standby": _projector_in_standby("class1", password="secret"),
    "pjlink class1 at work": _projector_at_work("class1"),
    "pjlink laser at work": _projector_at_work("laser"),
    "hyperdeck studio-mini over TCP": _recorder("studio-mini"),
    "hyperdeck studio-pro with partial events first": _recorder(
        "studio-pro", partial_async=True, async_before_reply=True, drop_frame_timecode=True
    ),
    "samsung_mdc over TCP": _display("tcp://display:1515"),
    "samsung_mdc in standby": _display("tcp://display:1515", on=False),
    "samsung_mdc the second on a wire": _display("serial:///display?baud=9600", number=2),
    "coriomaster over TCP": _wall("tcp://wall:10001"),
}
