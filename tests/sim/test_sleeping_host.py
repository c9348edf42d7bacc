"""The simulated host that a magic packet wakes."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.serve import serve
from hw_sim.sleeping_host import SleepingHost
from tests.sim.conftest import Ear, ManualClock
from tests.sim.power_rig import dial, rows, wire

TOLD = rows("wake_on_lan")
MAGIC, SECURED = wire(TOLD["wol_magic"]), wire(TOLD["wol_magic_secureon"])
SECRET = "01:02:03:04:05:06"


def asleep(clock: ManualClock, **options: Any) -> SleepingHost:
    return SleepingHost(clock=clock, asleep=True, **options)


def send(host: SleepingHost, packet: bytes) -> bytes:
    ear = Ear("udp")
    dial(host, ear).receive(packet)
    return ear.take()


def test_every_line_of_the_transcript_is_tested():
    assert set(TOLD) == {"wol_magic", "wol_magic_secureon"}


def test_magic_packet_wakes_without_an_answer_and_the_service_takes_calls_later(
    clock: ManualClock,
):
    host = asleep(clock)
    assert (send(host, MAGIC), host.truth()["state"]) == (b"", "starting")
    clock.advance(59.9)
    assert not host.is_reachable()
    clock.advance(0.2)
    assert (host.is_reachable(), host.truth()["state"]) == (True, "awake")


@pytest.mark.parametrize(
    ("secret", "packet", "state"),
    [
        ("", SECURED, "starting"),
        (SECRET, SECURED, "starting"),
        (SECRET, MAGIC, "asleep"),
        ("06:05:04:03:02:01", SECURED, "asleep"),
    ],
)
def test_secureon_has_to_follow_where_one_is_set(
    secret: str, packet: bytes, state: str, clock: ManualClock
):
    host = asleep(clock, **({"secureon": secret} if secret else {}))
    send(host, packet)
    assert host.truth()["state"] == state


@pytest.mark.parametrize(
    "packet", [MAGIC[:-1], MAGIC.replace(b"\xa1", b"\xa2"), b"", MAGIC[1:], b"\xff" * 200]
)
def test_any_other_datagram_wakes_nobody(packet: bytes, clock: ManualClock):
    host = asleep(clock)
    send(host, packet)
    assert host.truth() == {"mains": True, "state": "asleep", "packets": 0, "hard_offs": 0}


def test_magic_packet_may_stand_anywhere_in_a_datagram(clock: ManualClock):
    host = asleep(clock)
    send(host, b"noise" + MAGIC + b"noise")
    assert host.truth()["packets"] == 1


def test_address_of_another_card_wakes_nobody(clock: ManualClock):
    host = asleep(clock, mac="02-00-00-00-00-A2")
    send(host, MAGIC)
    assert host.truth()["state"] == "asleep"


def test_host_that_ignores_magic_packets_counts_them(clock: ManualClock):
    host = asleep(clock)
    host.faults.set("ignores", times=1)
    send(host, MAGIC)
    assert (host.truth()["state"], host.truth()["packets"]) == ("asleep", 1)
    send(host, MAGIC)
    assert host.truth()["state"] == "starting"


def test_service_says_again_what_it_hears_after_its_banner(clock: ManualClock):
    host, ear = SleepingHost(clock=clock, banner="ready\r\n"), Ear()
    session = dial(host, ear)
    session.receive(b"hello")
    assert ear.take() == b"ready\r\nhello"


def test_shutting_down_hangs_up_and_ends_asleep(clock: ManualClock):
    host, ear = SleepingHost(clock=clock), Ear()
    dial(host, ear)
    host.press("power")
    assert (ear.closed, host.truth()["state"], host.is_reachable()) == (True, "stopping", False)
    clock.advance(10)
    assert host.truth()["state"] == "asleep"
    host.press("power")
    assert host.truth()["state"] == "starting"


def test_card_without_mains_hears_nothing_and_cutting_an_awake_host_is_counted(
    clock: ManualClock,
):
    host = SleepingHost(clock=clock)
    host.mains(False)
    send(host, MAGIC)
    host.mains(True)
    clock.advance(1)
    assert host.truth() == {"mains": True, "state": "asleep", "packets": 0, "hard_offs": 1}
    send(host, MAGIC)
    assert host.truth()["state"] == "starting"


@pytest.mark.parametrize(
    ("after", "asleep_before", "state"),
    [
        ("asleep", False, "asleep"),
        ("awake", True, "starting"),
        ("last", False, "starting"),
        ("last", True, "asleep"),
    ],
)
def test_after_mains_the_host_is_as_its_setup_says(
    after: str, asleep_before: bool, state: str, clock: ManualClock
):
    host = SleepingHost(clock=clock, asleep=asleep_before, after_mains=after)
    host.mains(False)
    host.mains(True)
    clock.advance(1)
    assert host.truth()["state"] == state


def test_start_that_the_mains_breaks_off_is_not_finished(clock: ManualClock):
    host = asleep(clock)
    send(host, MAGIC)
    clock.advance(30)
    host.reboot()
    clock.advance(40)
    assert host.truth()["state"] == "asleep"


@pytest.mark.parametrize("options", [{"mac": "02:00"}, {"secureon": "1"}, {"after_mains": "x"}])
def test_options_without_meaning_are_refused(options: dict[str, Any], clock: ManualClock):
    with pytest.raises(ValueError, match=next(iter(options))):
        SleepingHost(clock=clock, **options)


@given(st.binary(max_size=600))
def test_garbage_never_raises_nor_wakes(noise: bytes):
    host = asleep(ManualClock())
    assert (send(host, noise), host.truth()["state"]) == (b"", "asleep")


async def test_port_is_refused_until_the_woken_host_has_started():
    host = SleepingHost(asleep=True, wake_seconds=0)
    woken = asyncio.Event()
    host.faults.changed.append(lambda: woken.set() if host.is_reachable() else None)
    async with serve(host, tcp="127.0.0.1:0", udp="127.0.0.1:0") as ends:
        address, port = ends.tcp.url.removeprefix("tcp://").split(":")
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(address, int(port))
        _, udp_port = ends.udp.url.removeprefix("udp://").split(":")
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            asyncio.DatagramProtocol, remote_addr=(address, int(udp_port))
        )
        transport.sendto(MAGIC)
        await woken.wait()
        _, writer = await asyncio.open_connection(address, int(port))
        writer.close()
        await writer.wait_closed()
        transport.close()
