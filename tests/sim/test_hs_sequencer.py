"""The simulated sequencer: its channels, its sequences, its switch at the front."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.hs_sequencer import Sequencer
from hw_sim.hs_sequencer.wire import LENGTH, Frames
from hw_sim.simulator import Conversation
from tests.sim.conftest import Ear, ManualClock
from tests.sim.power_rig import Lamp, dial, rows, wire

TOLD = rows("hs_sequencer")
FAILED = "ff"


class Rig:
    """A sequencer, and a controller on its serial line."""

    def __init__(self, clock: ManualClock, model: str = "HS-08R", **options: Any) -> None:
        self.clock, self.device = clock, Sequencer(model, clock=clock, **options)
        self.ear = Ear("serial", "serial")
        self.session: Conversation = dial(self.device, self.ear)

    def ask(self, text: str) -> str:
        """What comes at once after a frame, in hex without its header."""
        self.ear.take()
        self.session.receive(bytes.fromhex("5bb5" + text))
        said = self.ear.take().hex()
        return said.removeprefix("5bb5")

    def tell(self, name: str) -> bytes:
        self.ear.take()
        self.session.receive(wire(TOLD[name]))
        return self.ear.take()

    @property
    def on(self) -> list[int]:
        return [each for each in self.device.outlets if self.device.outlets.is_live(each)]


@pytest.fixture
def rig(clock: ManualClock) -> Rig:
    return Rig(clock)


# The transcript.

SWITCHED = {
    f"hs_sequencer_{word}_{channel}": (channel, word == "on")
    for word in ("on", "off")
    for channel in (1, 2, 8, 12)
}
WHOLE_RACK = {
    "hs_sequencer_timed_on": "sequence on",
    "hs_sequencer_timed_off": "sequence off",
    "hs_sequencer_all_on": "all on",
    "hs_sequencer_all_off": "all off",
}
REST = {
    "hs_sequencer_reply_ok",
    "hs_sequencer_reply_fail",
    "hs_sequencer_status_query",
    "hs_sequencer_status_1101",
    "hs_sequencer_on_delay_ch2_1500ms",
    "hs_sequencer_off_delay_ch9_500ms",
    "hs_sequencer_address_query",
}


def test_every_line_of_the_transcript_is_tested():
    assert {*SWITCHED, *WHOLE_RACK, *REST} == set(TOLD)


@pytest.mark.parametrize("name", SWITCHED)
def test_channel_of_the_transcript_switches_alone(name: str, clock: ManualClock):
    channel, on = SWITCHED[name]
    rig = Rig(clock, "HS-16R")
    if not on:
        rig.device.outlets.switch_all(True)
    assert rig.tell(name)[3] == 0xAA
    changed = [channel] if on else [each for each in range(1, 17) if each != channel]
    assert rig.on == changed


@pytest.mark.parametrize("name", WHOLE_RACK)
def test_numbers_that_are_no_channel_are_counted_as_the_whole_rack(name: str, rig: Rig):
    assert rig.tell(name)[3] == 0xAA
    assert rig.device.whole_rack[WHOLE_RACK[name]] == 1


def test_reply_is_that_of_the_transcript(rig: Rig):
    assert rig.tell("hs_sequencer_on_1") == wire(TOLD["hs_sequencer_reply_ok"])
    rig.device.faults.set("refuses")
    assert rig.tell("hs_sequencer_on_1") == wire(TOLD["hs_sequencer_reply_fail"])


def test_status_is_that_of_the_transcript(rig: Rig):
    for channel in (1, 2, 4):
        rig.device.press("channel", channel=channel, on=True)
    assert rig.tell("hs_sequencer_status_query") == wire(TOLD["hs_sequencer_status_1101"])


def test_delays_of_the_transcript_are_kept_and_read_back(clock: ManualClock):
    rig = Rig(clock, "HS-16R")
    assert rig.tell("hs_sequencer_on_delay_ch2_1500ms")[3] == 0xAA
    assert rig.tell("hs_sequencer_off_delay_ch9_500ms")[3] == 0xAA
    delays: Any = rig.device.truth()["delays"]
    assert (delays["on"]["2"], delays["off"]["9"]) == (1.5, 0.5)
    assert rig.ask("0102401200000000") == "01024012000005dc"


def test_everybody_hears_who_has_which_address(clock: ManualClock):
    rig = Rig(clock, address=7)
    said = rig.tell("hs_sequencer_address_query")
    assert (said[2], said[-1]) == (7, 7)


# Sequences.


def test_timed_sequence_switches_one_channel_after_the_other_upwards(rig: Rig):
    rig.tell("hs_sequencer_timed_on")
    assert (rig.on, rig.device.truth()["sequence"]) == ([], "on")
    for step in range(1, 9):
        rig.clock.advance(1)
        assert rig.on == list(range(1, step + 1))
    assert rig.device.truth()["sequence"] is None


def test_timed_off_sequence_goes_downwards(rig: Rig):
    rig.tell("hs_sequencer_all_on")
    rig.tell("hs_sequencer_timed_off")
    rig.clock.advance(3)
    assert rig.on == [1, 2, 3, 4, 5]
    rig.clock.advance(5)
    assert rig.on == []


def test_each_channel_waits_its_own_delay(rig: Rig):
    rig.tell("hs_sequencer_on_delay_ch2_1500ms")
    rig.tell("hs_sequencer_timed_on")
    rig.clock.advance(2.4)
    assert rig.on == [1]
    rig.clock.advance(0.1)
    assert rig.on == [1, 2]


@pytest.mark.parametrize(
    ("name", "left"),
    [("hs_sequencer_timed_off", []), ("hs_sequencer_all_off", []), ("hs_sequencer_all_on", 8)],
)
def test_newer_order_for_the_rack_ends_a_sequence(name: str, left: Any, rig: Rig):
    rig.tell("hs_sequencer_timed_on")
    rig.clock.advance(3)
    rig.tell(name)
    rig.clock.advance(20)
    assert rig.on == (list(range(1, left + 1)) if left else [])


def test_sequence_stops_when_the_mains_is_cut(rig: Rig):
    rig.tell("hs_sequencer_timed_on")
    rig.clock.advance(3)
    rig.device.mains(False)
    rig.device.mains(True)
    rig.clock.advance(20)
    assert (rig.on, rig.device.truth()["sequence"]) == ([], None)


# What it refuses, and what it does not hear.


@pytest.mark.parametrize(
    "frame",
    [
        "01160000000109aa",  # no channel 9 on this model
        "01160000000111ab",  # no AA at the end
        "01160000000201aa",  # neither on nor off
        "01160000000012aa",  # 12 off
        "01160000000100aa",  # 00 on
        "0102300000000000",  # no such register
        "0110401f01000000",  # between two registers
        "0199000000000000",  # no such function
    ],
)
def test_what_is_not_understood_failed_and_changes_no_channel(frame: str, rig: Rig):
    assert rig.ask(frame)[2:4] == FAILED
    assert rig.on == []


def test_channel_16_off_is_all_off(clock: ManualClock):
    rig = Rig(clock, "HS-16R")
    rig.ask("01160000000112aa")
    assert len(rig.on) == 16
    rig.ask("01160000000010aa")
    assert (rig.on, rig.device.whole_rack["all off"]) == ([], 1)


def test_other_addresses_are_not_meant(rig: Rig):
    assert rig.ask("02160000000101aa") == ""
    assert rig.ask("00160000000101aa") == ""
    assert rig.on == []


def test_nothing_is_heard_while_the_switch_at_the_front_is_on(clock: ManualClock):
    rig = Rig(clock, panel_switch=True)
    assert (rig.tell("hs_sequencer_on_1"), rig.on) == (b"", [])
    rig.device.press("panel_switch", on=False)
    assert rig.tell("hs_sequencer_on_1")
    assert rig.on == [1]


def test_rs485_obeys_and_answers_nothing(clock: ManualClock):
    rig = Rig(clock, rs485=True)
    assert (rig.tell("hs_sequencer_on_1"), rig.on) == (b"", [1])
    assert rig.tell("hs_sequencer_status_query") == b""


def test_long_status_has_a_byte_for_each_channel(clock: ManualClock):
    rig = Rig(clock, status_layout="long")
    rig.device.press("channel", channel=8, on=True)
    assert rig.ask("0102201600000000") == "01022016" + "00" * 7 + "01"


def test_replies_may_not_say_what_they_answer(clock: ManualClock):
    rig = Rig(clock, no_echo=True)
    assert rig.ask("01160000000101aa") == "01aa000000000000"


@pytest.mark.parametrize(
    ("manner", "delay", "limit"),
    [("mixed", "aa", "10"), ("done", "aa", "aa"), ("function", "10", "10")],
)
def test_written_parameters_are_answered_in_two_ways(
    manner: str, delay: str, limit: str, clock: ManualClock
):
    rig = Rig(clock, parameter_reply=manner)
    assert rig.ask("01104012000005dc")[2:4] == delay
    assert rig.ask("0110236c000000b4")[2:4] == limit
    assert rig.ask("0102236c00000000") == "0102236c000000b4"


def test_address_is_written_and_heard_from_then_on(rig: Rig):
    assert rig.ask("01102017000005aa") == "05102017000005aa"
    assert rig.ask("01160000000101aa") == ""
    assert rig.ask("05160000000101aa")[2:4] == "aa"


def test_clock_takes_binary_coded_decimals_only(rig: Rig):
    assert rig.ask("0113261125041530")[2:4] == "aa"
    assert rig.ask("01132611250415fa")[2:4] == FAILED
    assert rig.device.truth()["clock"] == "261125041530"


def test_factory_reset_is_counted(rig: Rig):
    rig.tell("hs_sequencer_all_on")
    rig.ask("0177668600000000")
    assert (rig.on, rig.device.truth()["factory_resets"]) == ([], 1)


# Faults, mains.


def test_busy_fails_whatever_is_asked_and_refuses_only_changes(rig: Rig):
    rig.device.faults.set("busy", times=1)
    assert rig.ask("0102201600000000")[2:4] == FAILED
    rig.device.faults.set("refuses")
    assert rig.ask("0102201600000000")[2:4] == "02"
    assert rig.ask("01160000000101aa")[2:4] == FAILED
    assert rig.on == []


def test_ignored_change_is_answered_as_done(rig: Rig):
    rig.device.faults.set("ignores")
    assert rig.ask("01160000000101aa")[2:4] == "aa"
    assert rig.on == []


def test_wrong_address_is_that_of_the_next_unit(rig: Rig):
    rig.device.faults.set("wrong_address", times=1)
    assert rig.ask("0102201600000000")[:2] == "02"
    assert rig.ask("0102201600000000")[:2] == "01"


def test_devices_at_the_channels_have_mains_as_the_channels_do(rig: Rig):
    lamp, other = Lamp(), Lamp()
    rig.device.outlets.plug(1, lamp)
    rig.device.outlets.plug(2, other)
    assert lamp.lit is False
    rig.tell("hs_sequencer_on_1")
    assert (lamp.lit, other.lit) == (True, False)
    rig.device.mains(False)
    assert lamp.lit is False


@pytest.mark.parametrize(("keeps", "lit"), [("last", True), ("off", False)])
def test_relays_after_mains_are_as_the_option_says(keeps: str, lit: bool, clock: ManualClock):
    rig, lamp = Rig(clock, after_mains=keeps), Lamp()
    rig.device.outlets.plug(1, lamp)
    rig.tell("hs_sequencer_on_1")
    rig.device.mains(False)
    rig.device.mains(True)
    assert lamp.lit is lit
    assert rig.tell("hs_sequencer_status_query") == b""
    rig.clock.advance(2)
    assert rig.tell("hs_sequencer_status_query")[6] == lit


@pytest.mark.parametrize("options", [{"address": 0}, {"status_layout": "x"}, {"rs485": 1}])
def test_options_without_meaning_are_refused(options: dict[str, Any], clock: ManualClock):
    with pytest.raises(ValueError, match=next(iter(options))):
        Sequencer(clock=clock, **options)


# Bytes.


def test_frame_that_stops_is_forgotten_after_a_second(rig: Rig):
    rig.session.receive(b"\x5b\xb5\x01\x16\x00")
    rig.clock.advance(1.1)
    assert rig.tell("hs_sequencer_on_1")[3] == 0xAA


@given(st.lists(st.sampled_from(sorted(TOLD)), max_size=6), st.data())
def test_any_cut_gives_the_same_answers(names: list[str], data: Any):
    stream = b"\x5b".join(wire(TOLD[name]) for name in names)
    whole, cut = Rig(ManualClock()), Rig(ManualClock())
    whole.session.receive(stream)
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        cut.session.receive(stream[:size])
        stream = stream[size:]
    assert (cut.ear.take(), cut.on) == (whole.ear.take(), whole.on)


@given(st.binary(max_size=300))
def test_garbage_never_raises_and_is_not_kept(noise: bytes):
    rig = Rig(ManualClock())
    rig.session.receive(noise + b"\x5b\xb5" + noise)
    frames = Frames()
    assert all(len(frame.wire) == LENGTH for frame in frames.feed(noise))
    assert len(frames._rest) < LENGTH
