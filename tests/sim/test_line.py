"""The line under every device, without I/O: its pace and its faults, on a clock turned by hand."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.faults import Faults
from hw_sim.line import LIMIT, Line
from hw_sim.log import KEPT
from tests.sim.conftest import Ear, ManualClock
from tests.sim.echo import Echo

BYTE = 10 / 9600
FRAME = bytes(range(16))


def device_with(clock: ManualClock, **options: object) -> Echo:
    return Echo(clock=clock, **options)


def wire(device: Echo, ear: Ear, kind: str = "tcp", baud: int | None = None) -> Line:
    line = Line(device, kind, baud, send=ear.send, close=ear.close)
    line.opened()
    return line


@pytest.fixture
def device(clock: ManualClock) -> Echo:
    return device_with(clock)


@pytest.fixture
def line(device: Echo, ear: Ear) -> Line:
    return wire(device, ear)


@pytest.fixture
def serial(device: Echo, ear: Ear) -> Line:
    return wire(device, ear, "serial")


# --- pace ----------------------------------------------------------------------------------------


def test_sixteen_bytes_at_9600_baud_take_16_67_milliseconds(clock, device, ear, serial):
    device.press("bell", text="x" * 16)
    clock.advance(0.016666)
    assert len(ear.take()) == 15
    clock.advance(0.000001)
    assert len(ear.take()) == 1
    assert device.log.first("out").time == pytest.approx(BYTE)
    assert device.log.first("out").until == pytest.approx(0.0166667, abs=1e-6)


def test_what_the_client_writes_takes_its_time_too(clock, device, serial):
    serial.receive(FRAME)
    clock.advance(15.5 * BYTE)
    assert device.talks[0].heard == FRAME[:15]
    clock.advance(0.5 * BYTE)
    assert device.talks[0].heard == FRAME


def test_an_echo_comes_back_one_byte_after_the_last_was_heard(clock, ear, serial):
    serial.receive(FRAME)
    clock.advance(17 * BYTE - 1e-9)
    assert ear.take() == FRAME[:15]
    clock.advance(1e-8)
    assert ear.take() == FRAME[15:]


def test_messages_on_a_wire_follow_each_other_without_a_gap(clock, device, ear, serial):
    device.press("bell", text="abcd")
    clock.advance(2 * BYTE)
    device.press("bell", text="efgh")
    clock.advance(6 * BYTE)
    assert ear.take() == b"abcdefgh"


def test_a_fast_line_moves_several_bytes_at_a_time_and_never_early(clock, device, ear):
    wire(device, ear, "serial", 115200)
    device.press("bell", text="x")
    clock.advance(0.00005)
    device.press("bell", text="y" * 100)
    for _ in range(100):
        clock.advance(0.0001)
        assert sum(map(len, ear.heard)) <= clock.now() / (10 / 115200)
    assert len(ear.take()) == 101


def test_tcp_has_no_pace(ear, line):
    line.receive(FRAME)
    assert ear.take() == FRAME


def test_what_a_wire_cannot_take_is_lost_and_counted(clock, ear, device, serial):
    device.press("bell", text="x" * (LIMIT + 10))
    assert serial.overruns == 10
    clock.advance(LIMIT * BYTE + 1)
    assert len(ear.take()) == LIMIT


@given(
    cuts=st.lists(st.integers(1, 40), max_size=20),
    pauses=st.lists(st.floats(0, 0.05), min_size=20, max_size=20),
)
def test_a_wire_keeps_every_byte_in_order_however_it_is_fed(cuts, pauses):
    clock, ear = ManualClock(), Ear("serial")
    device = Echo(clock=clock)
    wire(device, ear, "serial")
    said = b""
    for cut, pause in zip(cuts, pauses, strict=False):
        said += (said_now := bytes(65 + (len(said) + i) % 26 for i in range(cut)))
        device.press("bell", text=said_now.decode())
        clock.advance(pause)
    clock.advance(len(said) * BYTE + 1e-9)
    assert ear.take() == said


# --- faults --------------------------------------------------------------------------------------


def test_a_late_answer_comes_later(clock, device, ear, line):
    device.faults.set("late", 0.5, times=1)
    line.receive(b"late")
    clock.advance(0.499)
    assert ear.take() == b""
    clock.advance(0.002)
    assert ear.take() == b"late"
    line.receive(b"soon")
    assert ear.take() == b"soon"


def test_a_stream_keeps_its_order_behind_a_late_answer(clock, device, ear, line):
    device.faults.set("late", 0.5, times=1)
    line.receive(b"first")
    line.receive(b"second")
    assert ear.take() == b""
    clock.advance(0.5)
    assert ear.heard == [b"first", b"second"]


def test_datagrams_may_overtake_a_late_one(clock, device, ear):
    line = wire(device, ear, "udp")
    device.faults.set("late", 0.5, times=1)
    line.receive(b"first")
    line.receive(b"second")
    clock.advance(0.5)
    assert ear.heard == [b"second", b"first"]


def test_a_hang_up_waits_for_what_was_said_before(clock, device, ear, line):
    device.faults.set("late", 1)
    line.receive(b"bye")
    assert not ear.closed
    clock.advance(1)
    assert ear.take() == b"bye"
    assert ear.closed
    assert device.talks == []


def test_a_message_is_lost_in_either_direction(device, ear, line):
    device.faults.set("lost", times=1)
    line.receive(b"never heard")
    assert device.talks[0].heard == b""
    device.faults.set("lost", times=1)
    device.press("bell")
    assert ear.take() == b""
    line.receive(b"heard")
    assert ear.take() == b"heard"


def test_loss_with_a_probability_takes_its_share(device, ear, line):
    device.faults.set("lost", 0.3)
    for _ in range(1000):
        device.press("bell", text="x")
    assert 620 < len(ear.take()) < 780


def test_the_same_seed_loses_the_same_messages(clock):
    def kept() -> bytes:
        device, ear = Echo(clock=clock), Ear()
        line = wire(device, ear)
        device.faults.set("lost", 0.5)
        for number in range(50):
            line.receive(bytes((number,)))
        return ear.take()

    assert kept() == kept() != b""


def test_garbled_bytes_are_as_many_and_each_is_another(device, ear, line):
    device.faults.set("garbled", 1)
    line.receive(FRAME)
    (spoilt,) = ear.heard
    assert len(spoilt) == 16
    assert all(a != b for a, b in zip(spoilt, FRAME, strict=True))
    assert device.talks[0].heard == FRAME


def test_garbling_uses_up_an_occasion_only_when_a_byte_was_spoilt(device, ear, line):
    device.faults.set("garbled", 0.05, times=1)
    for _ in range(200):
        line.receive(b"x")
    assert sum(byte != ord("x") for byte in ear.take()) == 1


def test_coalesced_answers_come_together(clock, device, ear, line):
    device.faults.set("coalesced", 0.2)
    line.receive(b"a")
    clock.advance(0.1)
    line.receive(b"b")
    assert ear.heard == []
    clock.advance(0.1)
    assert ear.heard == [b"ab"]


def test_coalesced_datagrams_stay_datagrams(clock, device, ear):
    line = wire(device, ear, "udp")
    device.faults.set("coalesced", 0.2)
    line.receive(b"a")
    line.receive(b"b")
    clock.advance(0.2)
    assert ear.heard == [b"a", b"b"]


@pytest.mark.parametrize("fault", ["late", "coalesced"])
@pytest.mark.parametrize("kind", ["tcp", "udp"])
def test_answers_that_are_held_back_are_bounded(clock, device, ear, kind, fault):
    line = wire(device, ear, kind)
    device.faults.set(fault, 60)
    for _ in range(100):
        device.press("bell", text="x" * 1000)
    clock.advance(60)
    assert len(ear.take()) == LIMIT // 1000 * 1000
    assert line.overruns == 100_000 - LIMIT // 1000 * 1000
    device.press("bell")
    clock.advance(60)
    assert ear.take() == b"ding"


def test_a_split_answer_is_a_write_a_byte(clock, device, ear, line):
    device.faults.set("split")
    line.receive(b"abc")
    clock.advance(0)
    assert ear.heard == [b"a", b"b", b"c"]


def test_nothing_passes_a_half_open_line(clock, device, ear, line):
    device.faults.set("half_open")
    line.receive(b"x")
    device.press("bell")
    clock.advance(1)
    assert (ear.take(), device.talks[0].heard, ear.closed) == (b"", b"", False)


def test_a_mute_device_hears_and_obeys(device, ear, line):
    device.faults.set("mute")
    line.receive(b"x")
    assert device.talks[0].heard == b"x"
    assert ear.take() == b""


def test_a_flooding_device_also_sends_noise(clock, device, ear, line):
    device.faults.set("flood", 1000)
    clock.advance(1)
    assert len(ear.take()) == pytest.approx(1000, abs=20)
    line.receive(b"answer")
    assert ear.take() == b"answer"
    device.faults.clear("flood")
    clock.advance(1)
    assert ear.take() == b""


def test_noise_fills_a_wire_and_does_not_queue_before_answers(clock, device, ear, serial):
    device.faults.set("flood")
    clock.advance(1)
    assert len(ear.take()) == pytest.approx(960, abs=20)
    serial.receive(b"answer")
    clock.advance(0.05)
    assert b"answer" in ear.take()


def test_a_cut_resets_a_connection_and_the_device_learns_of_it(clock, device, ear, line):
    device.faults.set("cut")
    assert ear.closed
    clock.advance(0)
    assert device.talks == []
    line.receive(b"x")
    assert device.past[0].heard == b""


def test_a_connection_over_a_cut_line_is_thrown_out_before_the_device_knows(device, ear):
    device.faults.set("cut")
    wire(device, ear)
    assert ear.closed
    assert device.talks == device.past == []


def test_a_serial_device_does_not_notice_a_cut(clock, device, ear, serial):
    serial.receive(FRAME)
    clock.advance(4 * BYTE)
    device.faults.set("cut")
    clock.advance(1)
    assert len(device.talks[0].heard) == 4
    device.faults.clear("cut")
    ear.take()
    serial.receive(b"x")
    clock.advance(1)
    assert ear.take() == b"x"


def test_the_end_of_a_half_open_connection_is_noticed_when_the_fault_is_over(clock, device, line):
    device.faults.set("half_open", seconds=60)
    line.closed()
    clock.advance(59)
    assert len(device.talks) == 1
    clock.advance(1)
    assert device.talks == []
    assert device.faults.changed == []


def test_a_serial_device_cannot_hang_up(clock, device, ear, serial):
    device.reboot()
    serial.receive(b"x")
    clock.advance(1)
    assert ear.take() == b"x"
    assert not ear.closed


def test_an_end_that_closes_twice_tells_the_device_once(clock, device, line):
    line.closed()
    line.closed()
    clock.advance(1)
    assert len(device.past) == 1


# --- the list of faults --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda faults, clock: faults.set("mute"),
        lambda faults, clock: faults.clear("mute"),
        lambda faults, clock: faults.clear(),
    ],
)
def test_whoever_wants_to_know_hears_of_every_change(
    clock: ManualClock, change: Callable[[Faults, ManualClock], None]
):
    faults, heard = Faults(clock), []
    faults.changed.append(lambda: heard.append(dict(faults.active())))
    change(faults, clock)
    assert len(heard) == 1


def test_a_fault_that_runs_out_or_is_used_up_is_a_change(clock):
    faults, heard = Faults(clock), []
    faults.set("busy", times=2)
    faults.set("cut", seconds=5)
    faults.changed.append(lambda: heard.append((clock.now(), *faults.active())))
    faults.strikes("busy")
    assert heard == []
    faults.strikes("busy")
    clock.advance(10)
    assert heard == [(0.0, "cut"), (5.0,)]


def test_the_end_of_an_older_fault_does_not_end_the_newer(clock):
    faults = Faults(clock)
    faults.set("cut", seconds=5)
    faults.set("cut", seconds=10)
    clock.advance(6)
    assert faults.on("cut")
    clock.advance(4)
    assert not faults.on("cut")


# --- the log -------------------------------------------------------------------------------------


def test_the_log_says_what_passed_and_when(clock, device, line):
    clock.advance(1)
    line.receive(b"one")
    clock.advance(1)
    line.receive(b"two")
    line.closed()
    assert [(e.time, e.direction, e.data) for e in device.log] == [
        (0.0, "opened", b""),
        (1.0, "in", b"one"),
        (1.0, "out", b"one"),
        (2.0, "in", b"two"),
        (2.0, "out", b"two"),
        (2.0, "closed", b""),
    ]
    assert device.log.sent(after=1.5) == b"two"
    assert device.log.heard() == b"onetwo"
    assert device.log.first("out", after=1.5).time == 2.0
    assert device.log.first("out", after=3.0) is None


def test_the_log_keeps_messages_on_a_wire_apart(clock, device, ear, serial):
    for text in ("one", "two"):
        device.press("bell", text=text)
        clock.advance(0.1)
    assert [(e.time, e.data) for e in device.log.after(0.0, "out")] == [
        (pytest.approx(BYTE), b"one"),
        (pytest.approx(0.1 + BYTE), b"two"),
    ]


def test_the_log_holds_what_passed_only(device, line):
    device.faults.set("mute")
    line.receive(b"x")
    assert device.log.sent() == b""


def test_the_log_is_bounded(device, line):
    for _ in range(KEPT):
        line.receive(b"x")
    assert len(device.log) == KEPT
