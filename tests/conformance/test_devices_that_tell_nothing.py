"""Devices that answer nothing, on their simulators: what is sent is done there, and nothing is ever taken for read."""

from dataclasses import replace

import pytest

from avctl.capabilities.outlets import Outlet
from avctl.capabilities.power import Power, PowerState
from tests.conformance.benches import Bench, Change, standing
from tests.conformance.outlet_benches import TableBench

pytestmark = pytest.mark.virtual

WIRE = "serial:///device?baud=9600"
MAC = "02:00:00:00:00:a1"
SEQUENCER = Bench("hs_sequencer", "HS-08R", WIRE, (), {"line": "rs485"}, {"rs485": True})
HOST = TableBench(
    "wake_on_lan", "generic", "udp://host:9", (), {"mac": MAC}, {"asleep": True},
    simulated="sleeping_host",
)  # fmt: skip


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
