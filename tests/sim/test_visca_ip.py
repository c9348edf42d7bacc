"""UDP port 52381: sequence numbers, at most once, message types; and what else lines do."""

from typing import Any

import pytest

from hw_sim.visca import ViscaCamera
from tests.sim.conftest import Ear, ManualClock
from tests.sim.visca_rig import Rig

RESET = "020000010000000001"
POWER_INQUIRY = "81090400ff"
BACKLIGHT = "8101043302ff"
RELATIVE = "8101060318180001000000000000ff"  # 256 units


def packet(payload: str, sequence: int, type: str = "0100") -> str:
    return f"{type}{len(payload) // 2:04x}{sequence:08x}{payload}"


def accepted(sequence: int) -> str:
    return packet("9041ff", sequence, "0111") + packet("9051ff", sequence, "0111")


def abnormal(sequence: int) -> str:
    return packet("0f01", sequence, "0200")


def test_repeated_command_runs_once_and_is_called_abnormal() -> None:
    rig = Rig(kind="udp")
    assert rig.ask(packet(RELATIVE, 9), seconds=5.0) == accepted(9)
    assert rig.ask(packet(RELATIVE, 9), seconds=5.0) == abnormal(9)
    assert rig.camera.body.pan_units() == 0x0100
    rig.send(packet(BACKLIGHT, 10))
    rig.send(packet(BACKLIGHT, 10))
    assert rig.heard() == abnormal(10) + accepted(10)


def test_answered_inquiry_is_not_answered_again() -> None:
    rig = Rig(kind="udp")
    assert rig.ask(packet(POWER_INQUIRY, 3, "0110")) == packet("905002ff", 3, "0111")
    assert rig.ask(packet(POWER_INQUIRY, 3, "0110")) == abnormal(3)


def test_refused_command_may_be_sent_again_with_its_number() -> None:
    rig = Rig(kind="udp")
    refused = packet("8101040802ff", 5)
    assert rig.ask(refused) == rig.ask(refused) == packet("906141ff", 5, "0111")
    rig.ask(packet("8101043803ff", 6))
    assert rig.ask(refused) == accepted(5)


def test_skipped_number_may_still_come_but_an_old_one_may_not() -> None:
    rig = Rig(kind="udp")
    assert rig.ask(packet(BACKLIGHT, 100)) == accepted(100)
    assert rig.ask(packet(BACKLIGHT, 102)) == accepted(102)
    assert rig.ask(packet(BACKLIGHT, 101)) == accepted(101)
    assert rig.ask(packet(BACKLIGHT, 101)) == abnormal(101)
    assert rig.ask(packet(BACKLIGHT, 1)) == abnormal(1)


def test_reset_lets_the_numbers_begin_anew() -> None:
    rig = Rig(kind="udp")
    rig.ask(packet(BACKLIGHT, 100))
    assert rig.ask(RESET) == "020100010000000001"
    assert rig.ask(packet(BACKLIGHT, 1)) == accepted(1)


def test_numbers_wrap() -> None:
    rig = Rig(kind="udp")
    assert rig.ask(packet(BACKLIGHT, 0xFFFFFFFF)) == accepted(0xFFFFFFFF)
    assert rig.ask(packet(BACKLIGHT, 0)) == accepted(0)
    assert rig.ask(packet(BACKLIGHT, 0xFFFFFFFF)) == abnormal(0xFFFFFFFF)


def test_each_controller_counts_for_itself() -> None:
    clock = ManualClock()
    camera = ViscaCamera(clock=clock)
    ears = Ear("udp", "127.0.0.1:1"), Ear("udp", "127.0.0.2:1")
    for ear in ears:
        line = camera.converse(ear)
        line.opened()
        line.receive(bytes.fromhex(packet(BACKLIGHT, 1)))
        clock.advance(0.1)
    assert [ear.take().hex() for ear in ears] == [accepted(1)] * 2


def test_every_answer_is_a_datagram_of_its_own() -> None:
    rig = Rig(kind="udp")
    rig.send(packet(BACKLIGHT, 1))
    rig.clock.advance(0.1)
    assert [len(datagram) for datagram in rig.ear.heard] == [11, 11]


def test_address_is_not_looked_at_but_broadcast_is_refused() -> None:
    rig = Rig(kind="udp")
    assert rig.ask(packet("8501043302ff", 1)) == accepted(1)
    assert rig.ask(packet("88010001ff", 2)) == packet("906002ff", 2, "0111")
    assert rig.ask(packet("883001ff", 3)) == packet("906002ff", 3, "0111")


@pytest.mark.parametrize("type", ["0110", "0120", "0111", "0300"])
def test_command_under_another_type_is_called_abnormal(type: str) -> None:
    assert Rig(kind="udp").ask(packet(BACKLIGHT, 1, type)) == packet("0f02", 1, "0200")


def test_lenient_camera_looks_at_neither_type_nor_length() -> None:
    rig = Rig("ptzoptics", "udp", envelope="header")
    assert rig.ask(packet(POWER_INQUIRY, 1)) == packet("905002ff", 1, "0111")
    assert rig.ask("0100000900000002" + BACKLIGHT) == accepted(2)


def test_camera_that_knows_one_number_answers_with_it() -> None:
    rig = Rig(kind="udp", sequence_mode="echo_one")
    assert rig.ask(packet(BACKLIGHT, 3)) == accepted(1)
    assert rig.ask(packet(BACKLIGHT, 3)) == accepted(1)
    assert rig.ask(packet(BACKLIGHT, 4)) == ""


@pytest.mark.parametrize(
    ("model", "options", "port"),
    [
        ("generic", {}, None),
        ("brc-x400", {}, 52381),
        ("brc-x400", {"reply_to": "source"}, None),
        ("ptzoptics", {}, None),
        ("ptzoptics", {"reply_to": "52381"}, 52381),
    ],
)
def test_answers_go_to(model: str, options: dict[str, Any], port: int | None) -> None:
    assert ViscaCamera(model, clock=ManualClock(), **options).reply_port == port


def test_bare_udp_has_no_header_and_no_memory_between_datagrams() -> None:
    rig = Rig("minrray", "udp")
    assert rig.ask("81090400ff") == "905002ff"
    rig.send("810904")
    assert rig.ask("00ff") == ""
    assert rig.ask("81090400ff") == "905002ff"


def test_datagrams_get_lost_doubled_and_overtaken() -> None:
    assert Rig("minrray", "udp", loss=1).ask("81090400ff") == ""
    assert Rig("minrray", "udp", dup=1).ask("81090400ff") == "905002ff" * 2
    assert Rig("minrray", "udp", udp_replies="no").ask("81090400ff") == ""
    late = Rig("minrray", "udp", reorder="1", delay="0.5")
    assert late.ask("81090400ff", 0.5) == ""
    assert late.heard() == "905002ff"


def test_camera_hangs_after_so_many_datagrams_until_it_is_started_anew() -> None:
    rig = Rig(kind="udp", hang_after_n=2)
    assert rig.ask(packet(BACKLIGHT, 1)) == accepted(1)
    assert rig.ask(packet(BACKLIGHT, 2)) == accepted(2)
    assert rig.ask(packet(BACKLIGHT, 3)) == ""
    rig.camera.reboot()
    rig.clock.advance(20.0)
    assert rig.ask(packet(BACKLIGHT, 1)) == accepted(1)


# TCP.


def test_idle_connection_is_closed() -> None:
    rig = Rig("ptzoptics", "tcp", idle_close_s=60)
    rig.clock.advance(50.0)
    rig.ask("81090400ff")
    rig.clock.advance(50.0)
    assert not rig.ear.closed
    rig.clock.advance(11.0)
    assert rig.ear.closed


def test_one_client_too_many_is_hung_up_on() -> None:
    rig = Rig("ptzoptics", "tcp", max_clients="1")
    second = Ear()
    line = rig.camera.converse(second)
    line.opened()
    assert second.closed
    assert not rig.ear.closed
    rig.line.closed()
    third = Ear()
    rig.camera.converse(third).opened()
    assert not third.closed


def test_answers_cross_to_other_clients() -> None:
    rig = Rig("ptzoptics", "tcp", cross_talk=True)
    second = Ear()
    rig.camera.converse(second).opened()
    assert rig.ask("81090400ff") == "905002ff"
    assert second.take().hex() == "905002ff"


@pytest.mark.parametrize(("chunking", "chunks"), [("single", 4), ("random", 2), ("coalesce", 1)])
def test_bytes_leave_in_chunks(chunking: str, chunks: int) -> None:
    rig = Rig("ptzoptics", "tcp", chunking=chunking)
    rig.send("81090400ff")
    rig.clock.advance(0.1)
    assert len(rig.ear.heard) == chunks
    assert rig.ear.take().hex() == "905002ff"


def test_coalesced_answers_come_together() -> None:
    rig = Rig("ptzoptics", "tcp", chunking="coalesce")
    rig.send("81090400ff81090438ff")
    rig.clock.advance(0.1)
    assert [chunk.hex() for chunk in rig.ear.heard] == ["905002ff905002ff"]


def test_going_to_standby_closes_tcp_for_a_while() -> None:
    rig = Rig("minrray", "tcp", standby_closes_tcp=5)
    assert rig.ask("8101040003ff") == "9041ff9051ff"
    rig.clock.advance(0.5)
    assert rig.ear.closed
    early, late = Ear(), Ear()
    rig.camera.converse(early).opened()
    rig.clock.advance(5.0)
    rig.camera.converse(late).opened()
    assert (early.closed, late.closed) == (True, False)


def test_frame_for_another_address_is_not_answered() -> None:
    assert Rig("ptzoptics", "tcp").ask("82090400ff") == ""
