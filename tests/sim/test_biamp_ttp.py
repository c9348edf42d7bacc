"""The simulated Tesira against the transcript, and against a clock turned by hand."""

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw_sim.biamp_ttp import Tesira
from hw_sim.biamp_ttp.session import LONGEST, MOST, Session
from tests.sim.conftest import Ear, ManualClock

ROWS = json.loads((Path(__file__).parent.parent / "transcripts/biamp_ttp.json").read_text("utf-8"))
SAID = {row["name"]: row for row in ROWS if row["direction"] == "from_device"}
TOLD = {row["name"]: row for row in ROWS if row["direction"] == "to_device"}

TELNET = bytes.fromhex("fffe01fffc1f")
BANNER = SAID["banner"]["ascii"].encode()

FOUR = {"Level1": {"type": "level", "channels": 4}, "Input1": {"type": "input", "channels": 2}}
SIX = {"Level1": {"type": "level", "channels": 6, "min": -45, "max": -5, "level": -10}}
FLOOR = {"MyLevel1": {"type": "level", "level": -100}}
ALIASES = {tag: {"type": "meter"} for tag in ("123", "AecInput1", "AudioMeter1")}
SHORT = {"Level1": {"type": "level"}, "Mute1": {"type": "mute"}}
PAIR = {"Level1": {"type": "level", "channels": 2}}
ALL = {
    **SHORT,
    "Output1": {"type": "output"},
    "MyLevel1": {"type": "level"},
    "Mic Level": {"type": "level"},
    "Input1": {"type": "input"},
    "Mixer1": {"type": "matrix"},
    "SourceSelector1": {"type": "selector"},
    "Router1": {"type": "router"},
    "AudioMeter1": {"type": "meter"},
    "SignalPresentMeter1": {"type": "presence"},
}
PRESETS = {1001: {"name": "Emergency", "set": [["Level1", "mute", 1, True]]}}

# What the device says last, and what it was and was told before.
DIALOGUES: Mapping[str, tuple[Mapping[str, Any], tuple[str, ...]]] = {
    "num_channels_reply": ({"blocks": FOUR}, ("Level1 get numChannels",)),
    "levels_reply": ({"blocks": FOUR}, ("Level1 get levels",)),
    "input_gain_get_reply": ({"blocks": FOUR}, ("Input1 get gain 1",)),
    "input_gain_set_reply": ({"blocks": FOUR}, ("Input1 set gain 1 12",)),
    "output_mute_reply": ({"blocks": ALL}, ("Output1 set mute 1 true",)),
    "aliases_reply": ({"blocks": ALIASES}, ("SESSION get aliases",)),
    "verbose_off_reply": ({}, ("SESSION set verbose false",)),
    "reply_not_verbose": (
        {"blocks": PAIR},
        ("SESSION set verbose false", "Level1 get numChannels"),
    ),
    "err_address": ({}, ("Bad1 get level 1",)),
    "err_verb": ({}, ("Level1 gets level 1",)),
    "err_attr": ({}, ("SESSION get Aliases",)),
    "err_params": ({}, ("Level1 set rampStep 1",)),
    "err_value": ({"blocks": SHORT}, ("Mute1 set mute x",)),
    "err_index": ({"blocks": SIX}, ("Level1 get level 0",)),
    "err_range": ({"blocks": SIX}, ("Level1 set level 1 -3",)),
    "sub_level_ok": ({"blocks": FLOOR}, ("MyLevel1 subscribe level 1 MyLevelName 500",)),
    "plain_ok": ({}, ("Level1 set mute 1 true",)),
    "ok_trailing_blanks": ({"trailing_blanks": 43}, ("Level1 set mute 1 true",)),
    "faults_none": ({"serial_number": "00000000"}, ("DEVICE get activeFaultList",)),
    "preset_id_reply": ({}, ("DEVICE recallPreset 1001",)),
}
PUBLICATIONS: Mapping[str, tuple[Mapping[str, Any], tuple[str, ...]]] = {
    "sub_level_first": ({"blocks": FLOOR}, ("MyLevel1 subscribe level 1 MyLevelName 500",)),
    "sub_no_token": ({"blocks": SIX}, ("Level1 subscribe level 1",)),
    "sub_pair_values": (
        {"blocks": PAIR},
        (
            "Level1 set level 1 -10.5",
            "Level1 set level 2 3",
            "Level1 subscribe levels S_levels_ALL_Level1 500",
        ),
    ),
    "sub_bool_values": (
        {"blocks": PAIR},
        ("Level1 set mute 1 true", "Level1 subscribe mutes S_mutes_ALL_Level1 500"),
    ),
}
TESTED_BELOW = {"faults_dante", "network_status", "banner", "iac_will_echo", "iac_do_naws"}
ROOM_COMBINERS = {"err_range_room"}  # a kind of block that is not simulated


def dial(device: Tesira, ear: Ear) -> Session:
    """A telnet session past its greeting, without echo."""
    session = device.converse(ear)
    session.opened()
    if ear.kind == "tcp":
        session.receive(TELNET)
    ear.take()
    return session


def ask(session: Session, ear: Ear, *lines: str) -> str:
    """The last line that the device says when told ``lines``."""
    for line in lines:
        ear.take()
        session.receive(line.encode() + b"\n")
    return ear.take().decode().removesuffix("\r\n").rsplit("\r\n", 1)[-1]


@pytest.fixture
def device(clock: ManualClock) -> Tesira:
    return Tesira(clock=clock)


def test_every_line_of_the_transcript_is_tested():
    known = {*DIALOGUES, *PUBLICATIONS, *TESTED_BELOW, *ROOM_COMBINERS}
    assert known == set(SAID)


@pytest.mark.parametrize("name", DIALOGUES)
@pytest.mark.parametrize("kind", ["tcp", "serial"])
def test_device_says_what_the_transcript_says(name: str, kind: str, clock: ManualClock):
    options, lines = DIALOGUES[name]
    ear = Ear(kind)
    session = dial(Tesira(clock=clock, **options), ear)
    ear.take()
    *before, last = lines
    ask(session, ear, *before)
    session.receive(last.encode() + b"\n")
    said = ear.take().decode()
    assert said.endswith(SAID[name]["ascii"])
    assert said.startswith(("! ", SAID[name]["ascii"][:4]))


@pytest.mark.parametrize("name", PUBLICATIONS)
def test_subscribing_publishes_the_value_before_the_ok(name: str, ear: Ear, clock: ManualClock):
    options, lines = PUBLICATIONS[name]
    session = dial(Tesira(clock=clock, **options), ear)
    ask(session, ear, *lines[:-1])
    session.receive(lines[-1].encode() + b"\n")
    assert ear.take().decode() == SAID[name]["ascii"] + "+OK\r\n"


@pytest.mark.parametrize("name", [name for name, row in TOLD.items() if "ascii" in row])
def test_device_understands_what_the_transcript_tells_it(name: str, ear: Ear, clock: ManualClock):
    session = dial(Tesira(clock=clock, blocks=ALL, presets=PRESETS), ear)
    assert ask(session, ear, TOLD[name]["ascii"].rstrip()).startswith("+OK")


@pytest.mark.parametrize(
    ("name", "tag", "key", "value"),
    [
        ("level_set", "Level1", "level 1", -10.0),
        ("level_inc", "Level1", "level 1", 3.0),
        ("level_dec", "Level1", "level 1", -3.0),
        ("mute_toggle", "Level1", "mute 1", True),
        ("output_mute", "Output1", "mute 1", True),
        ("input_gain_set", "Input1", "gain 1", 12.0),
        ("ramp_interval", "Level1", "rampInterval 1", 500),
        ("ramp_step", "Level1", "rampStep 1", 3.0),
        ("threshold", "SignalPresentMeter1", "threshold 1", -45.0),
        ("xpoint", "Mixer1", "crosspointLevelState 1 2", True),
        ("source_select", "SourceSelector1", "sourceSelection", 2),
        ("router_input", "Router1", "input 1", 3),
        ("preset_id", "Level1", "mute 1", True),
        ("preset_name", "Level1", "mute 1", True),
    ],
)
def test_told_by_the_transcript_it_changes_its_state(
    name: str, tag: str, key: str, value: object, ear: Ear, clock: ManualClock
):
    device = Tesira(clock=clock, blocks=ALL, presets=PRESETS)
    ask(dial(device, ear), ear, TOLD[name]["ascii"].rstrip())
    assert device.truth()["blocks"][tag][key] == value  # type: ignore[index]  # plain JSON


def test_dante_fault_is_written_as_in_the_transcript(ear: Ear, clock: ManualClock):
    device = Tesira(clock=clock, serial_number="11122233")
    device.fail("FAULT_DANTE_FLOW_INACTIVE", "one or more Dante flows inactive")
    said = ask(dial(device, ear), ear, "DEVICE get activeFaultList")
    assert said + "\r\n" == SAID["faults_dante"]["ascii"]


def test_network_status_has_the_shape_of_the_transcript(device: Tesira, ear: Ear):
    said = ask(dial(device, ear), ear, "DEVICE get networkStatus")
    shape = SAID["network_status"]["ascii"].rstrip()
    assert said == shape.replace("TestDSP", "TesiraFORTE").replace(":true", ":false")


# Telnet.


def test_banner_waits_until_every_offer_is_answered(device: Tesira, ear: Ear):
    session = device.converse(ear)
    session.opened()
    offers = bytes.fromhex(SAID["iac_will_echo"]["hex"] + SAID["iac_do_naws"]["hex"])
    assert ear.take() == offers
    session.receive(bytes.fromhex(TOLD["iac_dont_echo"]["hex"]))
    session.receive(b"DEVICE get serialNumber\n")
    assert ear.take() == b""
    session.receive(bytes.fromhex(TOLD["iac_wont_naws"]["hex"]))
    assert ear.take() == BANNER + b'+OK "value":"05551234"\r\n'


def test_it_echoes_until_told_not_to(device: Tesira, ear: Ear):
    session = device.converse(ear)
    session.opened()
    session.receive(bytes.fromhex("fffd01fffc1f"))
    ear.take()
    session.receive(b"SESSION get verbose\n")
    assert ear.take() == b'SESSION get verbose\n+OK "value":true\r\n'
    session.receive(bytes.fromhex(TOLD["iac_dont_echo"]["hex"]) + b"SESSION get verbose\n")
    assert ear.take() == b'+OK "value":true\r\n'


def test_it_refuses_what_a_client_offers(device: Tesira, ear: Ear):
    session = dial(device, ear)
    session.receive(bytes.fromhex("fffb03fffd05"))
    assert ear.take() == bytes.fromhex("fffe03fffc05")


def test_doubled_iac_is_a_character(device: Tesira, ear: Ear):
    session = device.converse(ear)
    session.opened()
    session.receive(bytes.fromhex("fffd01fffc1f"))
    ear.take()
    session.receive(b"a\xff\xffb")
    assert ear.take() == b"a\xffb"


def test_slash_is_written_escaped(clock: ManualClock, ear: Ear):
    session = dial(Tesira(clock=clock, blocks={"In/Out": {"type": "mute"}}), ear)
    assert ask(session, ear, "SESSION get aliases") == r'+OK "list":["In\/Out"]'


def test_serial_line_neither_negotiates_nor_greets_nor_echoes(device: Tesira):
    ear = Ear("serial", "tty")
    session = device.converse(ear)
    session.opened()
    session.receive(b"DEVICE get serialNumber\n")
    assert ear.take() == b'+OK "value":"05551234"\r\n'


def test_thirty_third_telnet_session_is_hung_up_on(device: Tesira):
    ears = [Ear() for _ in range(33)]
    sessions = [device.converse(ear) for ear in ears]
    for session in sessions:
        session.opened()
    assert [ear.closed for ear in ears] == [False] * 32 + [True]
    sessions[0].closed()
    late = Ear()
    device.converse(late).opened()
    assert not late.closed


def test_serial_line_takes_no_telnet_session(clock: ManualClock, ear: Ear):
    device = Tesira(clock=clock, sessions=1)
    dial(device, Ear("serial", "tty"))
    dial(device, ear)
    assert not ear.closed


# Subscriptions.


def test_a_change_is_published_and_not_oftener_than_asked(
    device: Tesira, ear: Ear, clock: ManualClock
):
    session = dial(device, ear)
    ask(session, ear, "Level1 subscribe level 1 L 500")
    clock.advance(0.6)
    for db in (-1, -2, -3):
        device.press_level("Level1", 1, db)
        clock.advance(0.1)
    assert ear.take() == b'! "publishToken":"L" "value":-1.000000\r\n'
    clock.advance(0.5)
    assert ear.take() == b'! "publishToken":"L" "value":-3.000000\r\n'
    clock.advance(10)
    assert ear.take() == b""


def test_a_change_undone_in_time_is_not_published(device: Tesira, ear: Ear, clock: ManualClock):
    ask(dial(device, ear), ear, "Level1 subscribe mute 1 M 500")
    device.press_mute("Level1", 1, True)
    clock.advance(0.1)
    device.press_mute("Level1", 1, False)
    clock.advance(5)
    assert ear.take() == b""


def test_own_change_is_published_after_its_ok_unless_without_lag(clock: ManualClock):
    said = {}
    for lag in (0.02, 0):
        ear = Ear()
        session = dial(Tesira(clock=clock, publish_lag=lag), ear)
        ask(session, ear, "Level1 subscribe mute 1 M")
        session.receive(b"Level1 set mute 1 true\n")
        clock.advance(0.02)
        said[lag] = [line[:1] for line in ear.take().split(b"\r\n")]
    assert said == {0.02: [b"+", b"!", b""], 0: [b"!", b"+", b""]}


def test_subscriptions_and_verbosity_belong_to_their_session(device: Tesira, clock: ManualClock):
    ears = Ear(), Ear()
    one, other = (dial(device, ear) for ear in ears)
    ask(one, ears[0], "SESSION set verbose false", "Level1 subscribe mute 1 M")
    device.press_mute("Level1", 1, True)
    clock.advance(1)
    assert ears[0].take() == b'! "publishToken":"M" "value":true\r\n'
    assert ears[1].take() == b""
    assert ask(other, ears[1], "Level1 get numChannels") == '+OK "value":8'


def test_a_new_session_knows_nothing_of_the_old_one(device: Tesira, ear: Ear, clock: ManualClock):
    session = dial(device, ear)
    ask(session, ear, "Level1 subscribe mute 1 M")
    session.closed()
    again = Ear()
    dial(device, again)
    device.press_mute("Level1", 1, True)
    clock.advance(1)
    assert (ear.take(), again.take()) == (b"", b"")


def test_unsubscribed_is_not_published(device: Tesira, ear: Ear, clock: ManualClock):
    session = dial(device, ear)
    assert ask(session, ear, "Level1 subscribe mute 1 M", "Level1 unsubscribe mute 1 M") == "+OK"
    device.press_mute("Level1", 1, True)
    clock.advance(1)
    assert ear.take() == b""


def test_subscribing_again_publishes_again_and_once(device: Tesira, ear: Ear, clock: ManualClock):
    session = dial(device, ear)
    for _ in range(3):
        session.receive(b"Level1 subscribe mute 1 M 250\n")
    assert ear.take().count(b"publishToken") == 3
    device.press_mute("Level1", 1, True)
    clock.advance(1)
    assert ear.take().count(b"publishToken") == 1


@pytest.mark.parametrize(("drops", "published"), [(False, 1), (True, 0)])
def test_preset_may_drop_subscriptions(drops: bool, published: int, clock: ManualClock, ear: Ear):
    device = Tesira(clock=clock, preset_drops_subscriptions=drops)
    ask(dial(device, ear), ear, "Level1 subscribe mute 1 M")
    device.press_preset(1002)
    clock.advance(1)
    assert ear.take().count(b"publishToken") == published


def test_a_session_holds_no_more_than_so_many_subscriptions(device: Tesira, ear: Ear):
    session = dial(device, ear)
    for number in range(MOST):
        session.receive(b"Level1 subscribe mute 1 M%d\n" % number)
    assert ask(session, ear, "Level1 subscribe mute 1 last").startswith("-ERR")
    assert ask(session, ear, "Level1 subscribe mute 1 M5").startswith("+OK")


# Levels, sound, meters.


def test_level_ramps_by_steps_where_the_design_says_so(clock: ManualClock, ear: Ear):
    blocks = {"Level1": {"type": "level", "ramping": True}}
    device = Tesira(clock=clock, blocks=blocks)
    session = dial(device, ear)
    ask(session, ear, "Level1 set rampInterval 1 250", "Level1 set rampStep 1 2")
    ask(session, ear, "Level1 subscribe level 1 L", "Level1 decrement level 1 5")
    clock.advance(2)
    said = [float(line.rsplit(b":", 1)[1]) for line in ear.take().split(b"\r\n") if b"!" in line]
    assert said == [-2.0, -4.0, -5.0]


def test_setting_a_level_ends_its_ramp(clock: ManualClock, ear: Ear):
    device = Tesira(clock=clock, blocks={"Level1": {"type": "level", "ramping": True}})
    session = dial(device, ear)
    ask(session, ear, "Level1 decrement level 1 50", "Level1 set level 1 7")
    clock.advance(60)
    assert ask(session, ear, "Level1 get level 1") == '+OK "value":7.000000'


def test_increment_stops_at_the_limit_of_the_design(clock: ManualClock, ear: Ear):
    session = dial(Tesira(clock=clock, blocks=SIX), ear)
    said = ask(session, ear, "Level1 increment level 1 30", "Level1 get level 1")
    assert said == '+OK "value":-5.000000'


def test_ganged_channels_move_together(clock: ManualClock, ear: Ear):
    blocks = {"Level1": {"type": "level", "channels": 2, "ganged": True}}
    session = dial(Tesira(clock=clock, blocks=blocks), ear)
    said = ask(session, ear, "Level1 set level 2 -6.04", "Level1 get levels")
    assert said == '+OK "value":[-6.000000 -6.000000]'


def test_a_voice_passes_what_is_open(device: Tesira):
    device.signal("Input1", 1, -20)
    device.press_level("Level1", 1, -6)
    assert device.level("Level1", 1) == -26
    assert device.open("Level1", 1)
    device.press_mute("Level1", 1, True)
    assert device.level("Level1", 1) is None
    assert not device.open("Level1", 1)
    device.press_mute("Level1", 1, False)
    device.press_level("Level1", 1, -60)
    assert not device.open("Level1", 1)
    device.signal("Input1", 1, None)
    assert device.level("Level1", 1) is None


def test_fader_at_its_bottom_passes_nothing(device: Tesira):
    device.signal("Input1", 1, -20)
    device.press_level("Level1", 1, -100)
    assert device.level("Level1", 1) is None


def test_matrix_selector_and_router_pass_what_they_are_set_to(device: Tesira, ear: Ear):
    session = dial(device, ear)
    device.signal("Input1", 1, -20)
    device.signal("Input1", 2, -20)
    mixed = device.level("Mixer1", 1)
    assert mixed is not None
    assert round(mixed, 1) == -17.0
    ask(session, ear, "Mixer1 set crosspointLevelState 2 1 false")
    assert device.level("Mixer1", 1) == pytest.approx(-20)
    ask(session, ear, "SourceSelector1 set sourceSelection 0", "Router1 set input 2 3")
    assert device.level("SourceSelector1", 1) is None
    assert (device.level("Router1", 1), device.level("Router1", 2)) == (-20, None)


def test_gain_raises_the_signal_until_it_clips(device: Tesira, ear: Ear):
    session = dial(device, ear)
    device.signal("Input1", 1, -20)
    assert ask(session, ear, "Input1 get peak 1") == '+OK "value":false'
    assert ask(session, ear, "Input1 set gain 1 54", "Input1 get peak 1") == '+OK "value":true'


def test_meter_wavers_around_the_level_at_its_pace(device: Tesira, ear: Ear, clock: ManualClock):
    device.signal("Input1", 1, -20)
    ask(dial(device, ear), ear, "AudioMeter1 subscribe level 1 m 250")
    clock.advance(10)
    said = [float(line.rsplit(b":", 1)[1]) for line in ear.take().split(b"\r\n") if b"!" in line]
    assert 37 <= len(said) < 40
    assert all(abs(level + 20) <= 0.3 for level in said)
    assert len(set(said)) > 30


def test_meter_of_a_closed_session_falls_silent(device: Tesira, ear: Ear, clock: ManualClock):
    device.signal("Input1", 1, -20)
    session = dial(device, ear)
    ask(session, ear, "AudioMeter1 subscribe level 1 m 250")
    session.closed()
    clock.advance(10)
    assert ear.take() == b""


def test_digital_silence_is_published_once(device: Tesira, ear: Ear, clock: ManualClock):
    session = dial(device, ear)
    session.receive(b"AudioMeter1 subscribe level 1 m 250\n")
    clock.advance(10)
    assert ear.take() == b'! "publishToken":"m" "value":-100.000000\r\n+OK\r\n'


def test_dead_microphone_shows_digital_silence(device: Tesira, ear: Ear):
    session = dial(device, ear)
    assert ask(session, ear, "AudioMeter1 get level 1") == '+OK "value":-100.000000'


def test_presence_comes_and_goes_after_its_delays(clock: ManualClock, ear: Ear):
    blocks = {
        "Input1": {"type": "input"},
        "Here": {"type": "presence", "on_delay": 100, "off_delay": 2000},
    }
    device = Tesira(clock=clock, blocks=blocks)
    ask(dial(device, ear), ear, "Here subscribe present 1 p 100")
    device.signal("Input1", 1, -30)
    clock.advance(0.09)
    assert ear.take() == b""
    clock.advance(0.1)
    assert ear.take() == b'! "publishToken":"p" "value":true\r\n'
    device.signal("Input1", 1, -80)
    clock.advance(1)
    device.signal("Input1", 1, -30)
    clock.advance(5)
    assert ear.take() == b""
    device.signal("Input1", 1, None)
    clock.advance(2.1)
    assert ear.take() == b'! "publishToken":"p" "value":false\r\n'


def test_blocks_that_feed_themselves_are_refused(clock: ManualClock):
    blocks = {"A": {"type": "level"}, "B": {"type": "level"}}
    with pytest.raises(ValueError, match="feeds itself"):
        Tesira(clock=clock, blocks=blocks, feeds={"A": "B", "B": "A"})


@pytest.mark.parametrize(
    "options",
    [
        {"blocks": {"A": {"type": "toaster"}}},
        {"blocks": {"A": {"type": "level", "colour": 1}}},
        {"blocks": {"A": {"type": "level"}}, "feeds": {"A": "Nowhere"}},
        {"presets": {1: {"set": [["Nowhere", "mute", 1, True]]}}},
        {"presets": {1: {"set": [["Level1", "level", 99, 0]]}}},
    ],
)
def test_impossible_configuration_is_refused(options: Mapping[str, Any], clock: ManualClock):
    with pytest.raises(ValueError, match=r"."):
        Tesira(clock=clock, **options)


# Faults, power, presses.


def test_refusing_it_says_so_and_ignoring_it_says_ok(device: Tesira, ear: Ear):
    session = dial(device, ear)
    device.faults.set("refuses", times=1)
    assert ask(session, ear, "Level1 set mute 1 true").startswith("-ERR ")
    device.faults.set("ignores")
    for line in ("Level1 set mute 1 true", "Level1 toggle mute 1", "DEVICE recallPreset 1002"):
        assert ask(session, ear, line) == "+OK"
    assert ask(session, ear, "Level1 get mute 1") == '+OK "value":false'


def test_rebooting_it_hangs_up_and_answers_nobody(device: Tesira, ear: Ear, clock: ManualClock):
    session = dial(device, ear)
    ask(session, ear, "Level1 set level 1 -9", "Level1 subscribe mute 1 M")
    assert ask(session, ear, "DEVICE reboot") == "+OK"
    clock.advance(1)
    assert ear.closed
    session.receive(b"SESSION get verbose\n")
    device.press_mute("Level1", 1, True)
    clock.advance(1)
    early = Ear()
    device.converse(early).opened()
    assert (ear.take(), early.take(), early.closed) == (b"", b"", True)
    clock.advance(60)
    late = Ear()
    assert ask(dial(device, late), late, "Level1 get level 1") == '+OK "value":-9.000000'
    assert ear.take() == b""


def test_serial_session_starts_afresh_after_a_reboot(clock: ManualClock):
    device, ear = Tesira(clock=clock, forgets_values=True), Ear("serial", "tty")
    session = device.converse(ear)
    session.opened()
    ask(session, ear, "SESSION set verbose false", "Level1 set level 1 -9")
    ask(session, ear, "Level1 subscribe mute 1 M")
    device.reboot()
    assert ask(session, ear, "Level1 get level 1") == ""
    clock.advance(61)
    device.press_mute("Level1", 1, True)
    clock.advance(1)
    assert ask(session, ear, "Level1 get level 1") == '+OK "value":0.000000'


def test_fault_rebooting_hangs_up(device: Tesira, ear: Ear):
    session = dial(device, ear)
    device.faults.set("rebooting")
    assert ear.closed
    session.receive(b"SESSION get verbose\n")
    late = Ear()
    device.converse(late).opened()
    assert (ear.take(), late.take(), late.closed) == (b"", b"", True)


def test_presses_are_what_the_device_offers(device: Tesira):
    assert device.actions() == ("level", "mute", "preset")
    device.press("preset", id=1002)
    assert device.truth()["preset"] == 1002
    for wrong in ({"tag": "Nowhere"}, {"channel": 99}, {"db": 99.0}, {"db": float("nan")}):
        with pytest.raises(ValueError, match=r"."):
            device.press("level", **{"tag": "Level1", "channel": 1, "db": 0.0, **wrong})


# Any bytes.

COMMANDS = b"".join(
    row["ascii"].encode() for row in TOLD.values() if "ascii" in row and "reboot" not in row["name"]
)


@given(
    cuts=st.lists(st.integers(0, len(COMMANDS)), max_size=8),
    greeting=st.sampled_from([TELNET, bytes.fromhex("fffd01fffc1f")]),
    late=st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_any_cut_of_the_bytes_gives_the_same_answers(cuts: list[int], greeting: bytes, late: bool):
    def said(*chunks: bytes) -> bytes:
        ear = Ear()
        session = Tesira(clock=ManualClock(), blocks=ALL, presets=PRESETS).converse(ear)
        session.opened()
        for chunk in chunks:
            session.receive(chunk)
        return ear.take()

    data = COMMANDS + greeting if late else greeting + COMMANDS
    places = [0, *sorted(cuts), len(data)]
    chunks = [data[start:end] for start, end in pairwise(places)]
    assert said(*chunks) == said(data)


WORDS = ["Level1", "DEVICE", "SESSION", "get", "set", "toggle", "subscribe", "level", "mute", "1"]


@given(
    st.lists(
        st.binary(max_size=80)
        | st.lists(st.sampled_from([*WORDS, '"', "-9e9", "recallPreset"])).map(
            lambda words: " ".join(words).encode() + b"\n"
        ),
        max_size=30,
    )
)
@settings(max_examples=60, deadline=None)
def test_garbage_never_raises_and_is_not_kept(chunks: list[bytes]):
    for kind in ("tcp", "serial"):
        ear = Ear(kind)
        session = dial(Tesira(clock=ManualClock()), ear)
        for chunk in chunks:
            session.receive(chunk)
            assert len(session._line) <= LONGEST


def test_endless_line_is_thrown_away(device: Tesira, ear: Ear):
    session = dial(device, ear)
    for _ in range(100):
        session.receive(b"x" * 1000)
        assert len(session._line) <= LONGEST
    assert ask(session, ear, "", "SESSION get verbose") == '+OK "value":true'
