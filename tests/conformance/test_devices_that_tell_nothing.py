"""Devices that answer nothing, on their simulators: what is sent is done there, and nothing is ever taken for read."""

from dataclasses import replace

import pytest

from avctl.capabilities.display import Input
from avctl.capabilities.outlets import Outlet
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.wall import Layout
from avctl.drivers.byte_table import ByteTable
from tests.conformance.benches import Bench, Change, Standing, standing
from tests.conformance.outlet_benches import TableBench

pytestmark = pytest.mark.virtual

WIRE = "serial:///device?baud=9600"
MAC = "02:00:00:00:00:a1"
SEQUENCER = Bench("hs_sequencer", "HS-08R", WIRE, (), {"line": "rs485"}, {"rs485": True})
HOST = TableBench(
    "wake_on_lan", "generic", "udp://host:9", (), {"mac": MAC}, {"asleep": True},
    simulated="sleeping_host",
)  # fmt: skip


WALL = TableBench(
    "byte_table", "3458", WIRE, (), {"table": "lcd_splicer", "counts": {"panel": 9}},
    simulated="lcd_splicer",
)  # fmt: skip


def panels(stand: Standing, what: str) -> list[object]:
    by_unit = sorted(stand.real.truth()["panels"].values(), key=lambda panel: int(panel["unit"]))
    return [panel[what] for panel in by_unit]


async def test_a_wall_of_panels_goes_on_one_by_one_and_off_again_though_each_misses_frames():
    async with standing(replace(WALL, options={"misses": 0.2})) as stand:
        await stand.drive(Change(PowerState(), Power.ON))
        await stand.device.clock.sleep(10)
        assert panels(stand, "power") == ["on"] * 9
        assert stand.real.truth()["crowded_starts"] == 0
        await stand.drive(Change(PowerState(), Power.OFF))
        await stand.device.clock.sleep(5)
        assert panels(stand, "power") == ["off"] * 9
        assert stand.device.state == {}


@pytest.mark.parametrize(("dialect", "source"), [("", "DP"), ("v59", "HDMI")])
async def test_a_wall_of_panels_shows_the_input_that_was_sent(dialect, source):
    settings = {**WALL.settings, "dialect": dialect}
    bench = replace(WALL, model=dialect or "3458", options={"on": True}, settings=settings)
    async with standing(bench) as stand:
        await stand.drive(Change(Input(), source))
        await stand.device.clock.sleep(2)
        assert panels(stand, "source") == [source] * 9


async def test_a_layout_that_was_stored_is_recalled():
    async with standing(replace(WALL, options={"on": True})) as stand:
        wall = stand.device
        assert isinstance(wall, ByteTable)
        await wall.select("DVI")
        await wall.do("store", "3")
        await wall.select("VGA")
        await stand.drive(Change(Layout(), 3))
        await wall.clock.sleep(5)
        assert panels(stand, "source") == ["DVI"] * 9


async def test_a_sequencer_on_rs485_switches_what_is_sent():
    async with standing(SEQUENCER) as stand:
        await stand.drive(Change(Outlet(2), True))
        await stand.drive(Change(Outlet(7), True))
        await stand.device.clock.sleep(5)
        on = {number for number, on in stand.real.truth()["outlets"].items() if on}
        assert on == {"2", "7"}
        assert stand.device.up
        assert stand.device.state == {}
        assert not any(map(stand.device.can_tell, stand.device.points()))
        assert stand.real.truth()["whole_rack"] == dict.fromkeys(
            ("all on", "all off", "sequence on", "sequence off"), 0
        )


@pytest.mark.parametrize("password", [None, "01:02:03:04:05:06"])
async def test_a_host_wakes_by_the_packet_of_its_address(password):
    bench = HOST
    if password:
        settings = {"mac": MAC, "password": password}
        bench = replace(HOST, settings=settings, options={"asleep": True, "secureon": password})
    async with standing(bench) as stand:
        assert stand.real.truth()["state"] == "asleep"
        await stand.drive(Change(PowerState(), Power.ON))
        await stand.device.clock.sleep(90)
        assert stand.real.truth()["state"] == "awake"
        assert stand.device.up
        assert stand.device.state == {}


async def test_another_host_sleeps_on():
    async with standing(replace(HOST, settings={"mac": "02:00:00:00:00:a2"})) as stand:
        await stand.drive(Change(PowerState(), Power.ON))
        await stand.device.clock.sleep(90)
        assert stand.real.truth()["state"] == "asleep"
