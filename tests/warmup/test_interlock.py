"""Lamps and their mains, whatever is asked for, whoever presses what, and whatever is wrong with the lines."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from avctl.errors import TakeError
from avctl.room import Room
from avctl.scenes.scene import Scene, Want
from avctl.scenes.take import Verdict
from avctl.testing import VirtualLoop
from tests.warmup.stage import hall

LAMPS = st.sampled_from(["projector", "laser"])
OUTLETS = st.sampled_from(
    ["strip-outlet", "projector-outlet", "screens-outlet", "recorder-outlet", "amplifier-outlet"]
)
FAULTS = st.sampled_from(["lost", "late", "mute", "half_open", "busy", "ignores", "refuses", "cut"])
BY_HAND = 8.0  # seconds before a cut in which somebody at the lamp itself is to blame for it


class Mains(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=VirtualLoop)
        self.entered = hall()
        self.stage = self.runner.run(self.entered.__aenter__())
        self.pressed: dict[str, float] = {}  # when a lamp was last lit at the lamp itself

    def teardown(self) -> None:
        self.runner.run(self.entered.__aexit__(None, None, None))
        self.runner.close()

    def run(self, call: Any, *arguments: Any, **more: Any) -> None:
        async def called() -> None:
            with contextlib.suppress(TakeError):
                call(*arguments, **more)
            await asyncio.sleep(0)

        self.runner.run(called())

    @rule()
    def get_ready(self) -> None:
        self.run(self.stage.room.take, "get-ready", "test")

    @rule()
    def shut_down(self) -> None:
        self.run(self.stage.room.take, "shut-down", "test", confirmed=True)

    @rule(lamp=LAMPS, on=st.booleans())
    def switch_lamp(self, lamp: str, on: bool) -> None:
        self.run(self.stage.room.set, lamp, "power", "on" if on else "off", "test")

    @rule(outlet=OUTLETS, on=st.booleans())
    def switch_outlet(self, outlet: str, on: bool) -> None:
        self.run(self.stage.room.set, outlet, "power", "on" if on else "off", "test")

    @rule(device=st.sampled_from(["strip", "sequencer"]))
    def cut_everything(self, device: str) -> None:
        self.run(self.stage.room.set, device, "outlets", {1: "off", 2: "off"}, "test")

    @rule(lamp=LAMPS, on=st.booleans())
    def press_at_the_lamp(self, lamp: str, on: bool) -> None:
        if on:
            self.pressed[lamp] = self.runner.get_loop().time()
        self.run(self.stage.devices[lamp].press, "power", on=on)

    @rule(
        device=st.sampled_from(["projector", "laser", "strip", "sequencer"]),
        fault=FAULTS,
        seconds=st.floats(0.5, 40.0),
    )
    def break_something(self, device: str, fault: str, seconds: float) -> None:
        value = {"lost": 0.5, "late": 1.5}.get(fault)
        self.run(self.stage.devices[device].faults.set, fault, value, seconds=seconds)

    @rule(seconds=st.sampled_from([0.01, 0.05, 0.2, 0.5, 1.0, 2.0, 4.0, 9.0]))
    def wait_a_little(self, seconds: float) -> None:
        self.runner.run(asyncio.sleep(seconds))

    @rule(seconds=st.floats(10.0, 100.0))
    def wait(self, seconds: float) -> None:
        self.runner.run(asyncio.sleep(seconds))

    @rule()
    @precondition(lambda self: self.runner.get_loop().time() > 0)
    def mend_everything(self) -> None:
        for device in self.stage.devices.values():
            self.run(device.faults.clear)

    @invariant()
    def no_lamp_lost_its_mains_while_it_was_hot(self) -> None:
        assert not list(self._to_blame())

    def _to_blame(self) -> Iterator[tuple[float, str]]:
        for at, lamp in self.stage.hot_cuts:
            if at - self.pressed.get(lamp, -BY_HAND) >= BY_HAND:
                yield at, lamp


TestMains = Mains.TestCase
TestMains.settings = settings(
    # A shorter way to a fault would take minutes to find.
    max_examples=10, stateful_step_count=60, deadline=None, phases=(Phase.generate,)
)  # fmt: skip


async def lit(stage: Any) -> None:
    take = stage.room.take("get-ready", "test")
    await take.ended.wait()
    assert take.verdict is Verdict.CONFIRMED


def by_itself(room: Room, outlet: str) -> Scene:
    """An outlet off, with more time than by hand."""
    wants = tuple(
        Want(outlet, "power", "off", *found) for found in room.names.resolve(outlet, "power", "off")
    )
    return Scene("cut", {"zh": "", "en": ""}, 10.0, wants)


@pytest.mark.virtual
@pytest.mark.parametrize("outlet", ["projector-outlet", "strip-outlet"])
async def test_outlet_of_a_burning_lamp_is_not_cut_however_far_before_it(outlet: str) -> None:
    async with hall() as stage:
        await lit(stage)
        take = stage.room.set(outlet, "power", "off", "test")
        await take.ended.wait()
        assert take.verdict is Verdict.FAILED
        assert "its lamp may be hot" in take.steps[0].why
        assert stage.devices["projector"].truth()["mains"]


@pytest.mark.virtual
async def test_outlet_is_not_cut_between_the_order_to_come_on_and_the_light() -> None:
    async with hall() as stage:
        for outlet in ("strip-outlet", "projector-outlet"):
            await stage.room.set(outlet, "power", "on", "test").ended.wait()
            await stage.until_there("strip")
        await stage.until_there("projector")
        on = stage.room.set("projector", "power", "on", "test")
        while on.steps[0].sent is None:
            await stage.clock.sleep(0.01)
        off = stage.room.set("projector-outlet", "power", "off", "test")
        await off.ended.wait()
        assert "was told to come on a moment ago" in off.steps[0].why


@pytest.mark.virtual
async def test_outlet_is_not_cut_right_after_an_order_to_come_on_was_given_up() -> None:
    async with hall() as stage:
        for outlet in ("strip-outlet", "projector-outlet"):
            await stage.room.set(outlet, "power", "on", "test").ended.wait()
            await stage.until_there("strip")
        await stage.until_there("projector")
        on = stage.room.set("projector", "power", "on", "test")
        while on.steps[0].sent is None:
            await stage.clock.sleep(0.01)
        on.give_up(lambda want: True, "test")
        await stage.clock.sleep(1.0)
        off = stage.room.set("projector-outlet", "power", "off", "test")
        await off.ended.wait()
        assert "was told to come on a moment ago" in off.steps[0].why


@pytest.mark.virtual
async def test_outlet_is_not_cut_by_what_a_lamp_said_before_its_line_fell_silent() -> None:
    async with hall() as stage:
        for outlet in ("strip-outlet", "projector-outlet"):
            await stage.room.set(outlet, "power", "on", "test").ended.wait()
            await stage.until_there("strip")
        await stage.until_there("projector")
        stage.devices["projector"].faults.set("half_open")
        stage.devices["projector"].press("power", on=True)
        await stage.clock.sleep(1.0)
        off = stage.room.start(by_itself(stage.room, "projector-outlet"), "test")
        await off.ended.wait()
        assert off.verdict is Verdict.FAILED
        assert not stage.hot_cuts


@pytest.mark.virtual
async def test_lamp_is_not_lit_while_its_mains_are_being_cut() -> None:
    async with hall() as stage:
        for outlet in ("strip-outlet", "projector-outlet"):
            await stage.room.set(outlet, "power", "on", "test").ended.wait()
            await stage.until_there("strip")
        await stage.until_there("projector")
        stage.devices["strip"].faults.set("late", 1.0)
        off = stage.room.set("projector-outlet", "power", "off", "test")
        while off.steps[0].sent is None:
            await stage.clock.sleep(0.01)
        on = stage.room.set("projector", "power", "on", "test")
        await on.ended.wait()
        assert "mains of projector are being cut" in on.steps[0].why
        assert stage.devices["projector"].power.strikes == 0


@pytest.mark.virtual
async def test_lamp_that_cannot_be_asked_keeps_its_mains() -> None:
    async with hall() as stage:
        await lit(stage)
        stage.devices["projector"].faults.set("half_open")
        await stage.clock.sleep(20)
        take = stage.room.take("shut-down", "test", confirmed=True)
        await take.ended.wait()
        assert not stage.hot_cuts
        assert stage.devices["projector"].truth()["mains"]
        assert not stage.devices["laser"].truth()["mains"]


@pytest.mark.virtual
async def test_room_goes_off_as_soon_as_its_lamps_are_cold_and_not_before() -> None:
    async with hall() as stage:
        await lit(stage)
        take = stage.room.take("shut-down", "test", confirmed=True)
        await stage.until("projector", power="cooling")
        assert stage.devices["projector"].truth()["mains"]
        await take.ended.wait()
        assert take.verdict is Verdict.CONFIRMED, [(s.want.target, s.why) for s in take.steps]
        dark = [name for name, each in stage.devices.items() if not each.truth().get("mains", True)]
        assert dark == ["strip", "projector", "laser", "screen", "recorder"]
        assert not stage.hot_cuts
