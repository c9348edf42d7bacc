"""The wake-on-LAN driver: its packet, and that nothing is waited for."""

import asyncio

import pytest

from avctl.capabilities.power import Power, Powered, PowerState
from avctl.clock import Clock
from avctl.device import link
from avctl.drivers.wake_on_lan import WakeOnLan
from avctl.drivers.wake_on_lan.device import parse_mac, wake
from avctl.errors import RefusedError
from avctl.testing import Script
from avctl.transport import parse_address
from tests.drivers.alone import alone, transcript

pytestmark = pytest.mark.virtual

LINES = transcript("wake_on_lan_driver")
MAC, PASSWORD = "02:00:00:00:00:a1", "01:02:03:04:05:06"
BROADCAST = "udp://192.0.2.255:9"


def data(name: str) -> bytes:
    return bytes.fromhex(LINES[name]["hex"])


def test_the_packet_is_that_of_the_document_with_and_without_a_password():
    assert wake(parse_mac(MAC)).wire == data("wol_magic")
    assert wake(parse_mac(MAC), parse_mac(PASSWORD)).wire == data("wol_magic_secureon")


@pytest.mark.parametrize("text", [MAC, MAC.upper(), MAC.replace(":", "-"), MAC.replace(":", "")])
def test_an_address_is_written_as_people_write_it(text):
    assert WakeOnLan.Settings(mac=text).mac == text
    assert parse_mac(text) == bytes.fromhex("0200000000a1")


@pytest.mark.parametrize(
    "text", ["", "02:00", MAC + ":00", "02:00:00:00:00:g1", "020:0:00:00:00:a1", "02 00000000a1"]
)
def test_what_is_no_address_is_refused_when_the_room_is_read(text):
    with pytest.raises(ValueError, match="six bytes"):
        WakeOnLan.Settings(mac=text)


def test_a_wrong_password_is_refused_without_being_told():
    with pytest.raises(ValueError, match="six bytes") as told:
        WakeOnLan.Settings.model_validate({"mac": MAC, "password": "hunter2"})
    assert "hunter2" not in str(told.value)


async def test_power_on_sends_the_packet_several_times_and_is_through_at_once():
    lan = Script()
    async with alone(WakeOnLan, lan, BROADCAST, mac=MAC, password=PASSWORD) as host:
        assert isinstance(host, Powered)
        await PowerState.drive(host, {PowerState(): Power.ON})
        await asyncio.sleep(10)
        assert lan.sent == [data("wol_magic_secureon")] * 3
        assert host.up


async def test_nothing_is_ever_told_of_its_power():
    lan = Script()
    async with alone(WakeOnLan, lan, BROADCAST, mac=MAC) as host:
        await host.wake()
        await host.read([PowerState()])
        lan.say(b"whatever comes")
        await asyncio.sleep(5)
        assert not host.can_tell(PowerState())
        assert host.state == {}
        assert host.points() == (PowerState(),)


async def test_it_cannot_be_put_to_sleep():
    lan = Script()
    async with alone(WakeOnLan, lan, BROADCAST, mac=MAC) as host:
        with pytest.raises(RefusedError, match="puts it to sleep"):
            await host.power(False)
        assert lan.sent == []


async def test_several_hosts_share_a_network_and_each_has_its_own_packet():
    lan, clock = Script(), Clock()
    macs = ("02:00:00:00:00:a1", "02:00:00:00:00:a2")
    hosts = [WakeOnLan(mac, WakeOnLan.Settings(mac=mac, repeats=1), clock) for mac in macs]
    line = asyncio.create_task(link(hosts, parse_address(BROADCAST), clock, lan.dial).run())
    await asyncio.sleep(1)
    for host in hosts:
        await host.wake()
    assert lan.sent == [wake(parse_mac(mac)).wire for mac in macs]
    line.cancel()
    await asyncio.gather(line, return_exceptions=True)
