"""The simulated Shure devices: their clients, transmitters, sound and time."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw_sim.shure import ShureReceiver
from hw_sim.shure.wire import LONGEST
from tests.sim.conftest import Ear, ManualClock
from tests.sim.shure_rig import ERROR, TOLD, ask, dial, hears, made


@pytest.fixture
def device(clock: ManualClock) -> ShureReceiver:
    return ShureReceiver(clock=clock, transmitters=[1, 2])


# The wildcard.


def test_channel_0_is_every_channel(clock: ManualClock):
    _, session, ear = made(clock, "p300")
    session.receive(TOLD["shure_gain_get_all"]["ascii"].encode())
    said = ear.take().decode()
    assert said == "".join(f"< REP {n:02d} AUDIO_GAIN_HI_RES 1100 >" for n in range(1, 23))


def test_setting_channel_0_sets_every_channel_and_tells_the_setter_of_each_once(device, ear):
    session = dial(device, ear)
    device.press("mute", channel=2, on=True)
    said = ask(session, ear, "SET 0 AUDIO_MUTE ON")
    assert sorted(said.replace("><", ">\n<").splitlines()) == [
        f"< REP {n} AUDIO_MUTE ON >" for n in range(1, 5)
    ]


def test_get_all_of_channel_0_tells_of_the_device_and_every_channel(device, ear):
    session = dial(device, ear)
    session.receive(TOLD["shure_wl_get_all"]["ascii"].encode())
    said = ear.take().decode()
    for known in (
        "< REP DEVICE_ID {ULXD4Q  } >",
        "< REP 1 TX_TYPE ULXD2 >",
        "< REP 1 BATT_RUN_TIME 00480 >",
        "< REP 2 BATT_BARS 005 >",
        "< REP 3 TX_TYPE UNKN >",
        "< REP 4 BATT_RUN_TIME 65535 >",
        "< REP 4 METER_RATE 00000 >",
    ):
        assert known in said


def test_get_all_of_a_channel_leaves_the_others_out(device, ear):
    said = ask(dial(device, ear), ear, "GET 2 ALL")
    assert "< REP 2 AUDIO_MUTE OFF >" in said
    assert "< REP FLASH OFF >" in said
    assert "REP 1 " not in said


@pytest.mark.parametrize("model", ["slxd4", "ad4q"])
def test_other_receivers_call_the_run_time_minutes(model, clock):
    _, session, ear = made(clock, model)
    assert ask(session, ear, "GET 1 TX_BATT_MINS") == "< REP 1 TX_BATT_MINS 00480 >"
    assert ask(session, ear, "GET 1 BATT_RUN_TIME") == ERROR


# Errors and limits.


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        ("ulxd4q", "GET 5 AUDIO_MUTE"),
        ("ulxd4q", "GET AUDIO_MUTE"),
        ("ulxd4q", "GET 1 AUDIO_MUTE ON"),
        ("ulxd4q", "GET 1 LOUDNESS"),
        ("ulxd4q", "GET 1 DEVICE_ID"),
        ("ulxd4q", "GET 9 ALL"),
        ("ulxd4q", "get 1 AUDIO_MUTE"),
        ("ulxd4q", "SET 1 TX_TYPE ULXD1"),
        ("ulxd4q", "SET 1 METER_RATE 99"),
        ("ulxd4q", "SET 1 METER_RATE 100000"),
        ("ulxd4q", "SET 1 CHAN_NAME Podium"),
        ("ulxd4q", "SET 1 CHAN_NAME {nine char}"),
        ("ulxd4q", "SET PRESET 1"),
        ("ulxd4q", "SET FLASH TOGGLE"),
        ("ulxd4q", "SET 1 AUDIO_MUTE"),
        ("ulxd4q", "SET 1 ALL"),
        ("scm820", "SET 1 AUDIO_GAIN_HI_RES 1281"),
        ("scm820", "GET 9 INPUT_AUDIO_GATE_A"),
        ("scm820", "SET 1 INPUT_AUDIO_GATE_A ON"),
        ("p300", "SET 01 AUDIO_GAIN_HI_RES 1401"),
        ("p300", "SET PRESET 11"),
        ("p300", "SET METER_RATE 01000"),
        ("p300", "GET 01 TX_TYPE"),
    ],
)
def test_what_a_model_does_not_know_is_an_error(model, wrong, clock):
    device, session, ear = made(clock, model)
    before = device.truth()
    assert ask(session, ear, wrong) == ERROR
    assert device.truth() == before


def test_steps_of_the_gain_end_at_its_limits(clock):
    _, session, ear = made(clock, "scm820")
    gain = "1 AUDIO_GAIN_HI_RES"
    assert ask(session, ear, f"SET {gain} INC 999") == f"< REP {gain} 1280 >"
    assert ask(session, ear, f"SET {gain} DEC 5") == f"< REP {gain} 1275 >"
    assert ask(session, ear, f"SET {gain} DEC 9999") == f"< REP {gain} 0000 >"


def test_line_ends_between_frames_do_not_matter(device, ear):
    dial(device, ear).receive(b"\r\n< GET 1 AUDIO_MUTE >\r\n\r\n< GET FLASH >\r\n")
    assert ear.take() == b"< REP 1 AUDIO_MUTE OFF >< REP FLASH OFF >"


# Who is told.


def test_everybody_is_told_of_a_change_once(device):
    setter, other = Ear(), Ear()
    session, _ = dial(device, setter), dial(device, other)
    assert ask(session, setter, "SET 1 AUDIO_MUTE ON") == "< REP 1 AUDIO_MUTE ON >"
    assert other.take() == b"< REP 1 AUDIO_MUTE ON >"


def test_what_changes_nothing_is_reported_to_the_setter_alone(device):
    setter, other = Ear(), Ear()
    session, _ = dial(device, setter), dial(device, other)
    assert ask(session, setter, "SET 1 AUDIO_MUTE OFF") == "< REP 1 AUDIO_MUTE OFF >"
    assert other.take() == b""


@pytest.mark.parametrize(
    ("action", "arguments", "said"),
    [
        ("mute", {"on": True}, "< REP 1 AUDIO_MUTE ON >"),
        ("gain", {"db": -10}, "< REP 1 AUDIO_GAIN_HI_RES 1000 >"),
        ("mute_switch", {"on": True}, "< REP 1 TX_MUTE_STATUS ON >"),
        ("battery", {"minutes": 60}, "< REP 1 BATT_BARS 001 >< REP 1 BATT_RUN_TIME 00060 >"),
        ("rf", {"quality": 0.3}, "< REP 1 RF_INT_DET CRITICAL >"),
        (
            "transmitter",
            {"on": False},
            "< REP 1 TX_TYPE UNKN >< REP 1 TX_MUTE_STATUS UNKN >< REP 1 BATT_BARS 255 >< REP 1 BATT_RUN_TIME 65535 >",
        ),
    ],
)
def test_a_press_is_told_to_everybody(action, arguments, said, device):
    ears = Ear(), Ear()
    for ear in ears:
        dial(device, ear)
    device.press(action, channel=1, **arguments)
    assert [ear.take().decode() for ear in ears] == [said, said]


def test_a_press_that_is_impossible_is_refused(device, clock):
    for action, arguments in (
        ("transmitter", {"channel": 5, "on": True}),
        ("transmitter", {"channel": 1, "on": 1}),
        ("rf", {"channel": 1, "quality": 1.5}),
        ("gain", {"channel": 1, "db": 31}),
        ("battery", {"channel": 1, "minutes": -1}),
        ("preset", {"number": 1}),
    ):
        with pytest.raises(ValueError, match=r"."):
            device.press(action, **arguments)
    with pytest.raises(ValueError, match="no transmitter"):
        ShureReceiver("p300", clock=clock).press("transmitter", channel=1, on=True)


# The transmitter.


def test_a_battery_drains_minute_by_minute_and_switches_the_transmitter_off(ear, clock):
    device = ShureReceiver(clock=clock, idle_seconds=0)
    dial(device, ear)
    device.press("battery", channel=1, minutes=2)
    ear.take()
    clock.advance(59.9)
    assert ear.take() == b""
    clock.advance(0.2)
    assert b"< REP 1 BATT_RUN_TIME 00001 >" in ear.take()
    clock.advance(60)
    said = ear.take()
    assert b"< REP 1 TX_TYPE UNKN >" in said
    assert b"< REP 1 BATT_RUN_TIME 65535 >" in said


def test_an_empty_battery_switches_nothing_on_and_a_new_one_does(device, clock):
    device.press("battery", channel=1, minutes=0)
    device.press("transmitter", channel=1, on=True)
    assert device.truth()["channels"]["1"]["transmitter"]["on"] is False
    device.press("battery", channel=1, minutes=100)
    device.press("transmitter", channel=1, on=True)
    assert device.truth()["channels"]["1"]["transmitter"]["on"] is True


def test_a_transmitter_that_is_off_does_not_drain(device, ear, clock):
    dial(device, ear)
    device.press("transmitter", channel=1, on=False)
    clock.advance(3600)
    assert device.transmitters[1].minutes == 480
    assert device.transmitters[2].minutes == pytest.approx(420)


def test_the_run_time_is_known_some_time_after_switching_on(device, ear, clock):
    dial(device, ear)
    device.press("transmitter", channel=3, on=True)
    assert b"< REP 3 BATT_RUN_TIME 65534 >" in ear.take()
    clock.advance(30.1)
    assert b"< REP 3 BATT_RUN_TIME 00480 >" in ear.take()


@pytest.mark.parametrize(
    ("minutes", "bars"), [(480, 5), (385, 5), (384, 4), (97, 2), (96, 1), (1, 1)]
)
def test_bars_are_fifths_of_a_new_battery(minutes, bars, device, ear):
    session = dial(device, ear)
    device.press("battery", channel=1, minutes=minutes)
    assert ask(session, ear, "GET 1 BATT_BARS") == f"< REP 1 BATT_BARS 00{bars} >"


def test_a_transmitter_out_of_reach_is_unknown_until_it_comes_back(device, ear):
    session = dial(device, ear)
    device.press("rf", channel=1, quality=0.05)
    assert ask(session, ear, "GET 1 TX_TYPE") == "< REP 1 TX_TYPE UNKN >"
    device.press("rf", channel=1, quality=1)
    assert ask(session, ear, "GET 1 TX_TYPE") == "< REP 1 TX_TYPE ULXD2 >"


# The sound.


@pytest.mark.parametrize(
    ("action", "arguments", "level"),
    [
        ("gain", {"db": 6}, -14.0),
        ("gain", {"db": 30}, 0.0),
        ("gain", {"db": -110}, None),
        ("mute", {"on": True}, None),
        ("mute_switch", {"on": True}, None),
        ("transmitter", {"on": False}, None),
        ("battery", {"minutes": 0}, None),
        ("rf", {"quality": 0.05}, None),
        ("rf", {"quality": 0.2}, -20.0),
    ],
)
def test_what_leaves_a_channel(action, arguments, level, device):
    device.signal(1, -20.0)
    assert device.level(1) == -20.0
    device.press(action, channel=1, **arguments)
    assert device.level(1) == level


def test_a_dead_capsule_is_silence(device):
    device.signal(1, -20.0)
    device.signal(1, None)
    assert device.level(1) is None


def test_an_automix_carries_its_open_gates(clock):
    device, _, ear = made(clock, "scm820")
    hears(device, -20.0, -60.0)
    assert ear.take() == b"< REP 1 INPUT_AUDIO_GATE_A ON >"
    assert device.level(18) == pytest.approx(-20)
    assert device.level(11) == pytest.approx(-60)  # a direct output is not gated
    device.signal(1, -65.0)
    clock.advance(0.3)
    assert ear.take() == b""
    clock.advance(0.2)
    assert ear.take() == b"< REP 1 INPUT_AUDIO_GATE_A OFF >"
    assert device.level(18) is None


def test_a_gate_stays_open_over_a_pause(clock):
    device, _, ear = made(clock, "scm820")
    hears(device, -20.0)
    device.signal(1, -65.0)
    clock.advance(0.2)
    device.signal(1, -20.0)
    clock.advance(5)
    assert ear.take() == b"< REP 1 INPUT_AUDIO_GATE_A ON >"


def test_the_device_mute_silences_every_output(clock):
    device, session, ear = made(clock, "mxa910")
    hears(device, -20.0, -20.0)
    assert device.level(9) == pytest.approx(-17, abs=0.1)
    ask(session, ear, "SET DEVICE_AUDIO_MUTE TOGGLE")
    assert [device.level(1), device.level(9)] == [None, None]


def test_a_preset_sets_what_it_holds_and_tells_of_it(clock):
    presets = {3: [[1, "AUDIO_MUTE", "ON"], [2, "AUDIO_GAIN_HI_RES", 900]]}
    device, session, ear = made(clock, "p300", presets=presets)
    assert ask(session, ear, "SET PRESET 3") == (
        "< REP PRESET 3 >< REP 01 AUDIO_MUTE ON >< REP 02 AUDIO_GAIN_HI_RES 0900 >"
    )
    assert ask(session, ear, "SET PRESET 3") == "< REP PRESET 3 >"
    assert device.truth()["channels"]["2"]["gain_db"] == -20.0


# Time, faults and power.


def test_flashing_ends_by_itself(device, ear, clock):
    session = dial(device, ear)
    assert ask(session, ear, "SET FLASH ON") == "< REP FLASH ON >"
    clock.advance(29.9)
    assert b"FLASH" not in ear.take()
    clock.advance(0.2)
    assert ear.take() == b"< REP FLASH OFF >"


def test_a_client_silent_for_a_minute_is_hung_up_on(device, ear, clock):
    session = dial(device, ear)
    clock.advance(59)
    session.receive(TOLD["shure_wl_heartbeat"]["ascii"].encode())
    clock.advance(59)
    assert not ear.closed
    clock.advance(2)
    assert ear.closed
    ear.take()
    device.press("mute", channel=1, on=True)
    assert ear.take() == b""


def test_idle_seconds_of_0_never_hang_up(clock, ear):
    dial(ShureReceiver(clock=clock, idle_seconds=0), ear)
    clock.advance(4000)
    assert not ear.closed


def test_a_refused_change_is_an_error_and_not_made(device, ear):
    session = dial(device, ear)
    device.faults.set("refuses", times=1)
    assert ask(session, ear, "SET 1 AUDIO_MUTE ON") == ERROR
    assert device.truth()["channels"]["1"]["muted"] is False
    assert ask(session, ear, "SET 1 AUDIO_MUTE ON") == "< REP 1 AUDIO_MUTE ON >"


def test_an_ignored_change_is_reported_and_not_made(device, ear):
    session = dial(device, ear)
    device.faults.set("ignores")
    assert ask(session, ear, "SET 1 AUDIO_MUTE ON") == "< REP 1 AUDIO_MUTE ON >"
    assert ask(session, ear, "GET 1 AUDIO_MUTE") == "< REP 1 AUDIO_MUTE OFF >"
    assert ask(session, ear, "SET 1 AUDIO_MUTE TOGGLE") == "< REP 1 AUDIO_MUTE OFF >"


def test_a_wrong_address_is_the_next_channels(device, ear):
    session = dial(device, ear)
    device.faults.set("wrong_address")
    assert ask(session, ear, "GET 4 AUDIO_MUTE") == "< REP 1 AUDIO_MUTE OFF >"


def test_a_reboot_hangs_up_keeps_settings_and_forgets_meters(device, clock):
    ear, late, again = Ear(), Ear(), Ear()
    session = dial(device, ear)
    device.signal(1, -20.0)
    ask(session, ear, "SET 1 AUDIO_GAIN_HI_RES 1000")
    ask(session, ear, "SET 1 METER_RATE 01000")
    device.reboot()
    assert ear.closed
    assert device.level(1) is None
    dial(device, late)
    assert late.closed
    clock.advance(20.1)
    session = dial(device, again)
    assert ask(session, again, "GET 1 METER_RATE") == "< REP 1 METER_RATE 00000 >"
    assert device.level(1) == -30.0
    clock.advance(5)
    assert again.take() == b""


def test_a_device_that_is_starting_hangs_up_and_answers_nothing(device, ear):
    session = dial(device, ear)
    device.faults.set("rebooting")
    assert ear.closed
    session.receive(b"< GET 1 AUDIO_MUTE >")
    assert ear.take() == b""


@pytest.mark.parametrize(
    "options",
    [
        {"transmitters": [5]},
        {"names": {1: "much too long"}},
        {"names": {9: "x"}},
        {"idle_seconds": -1},
        {"device_id": "nine char"},
        {"presets": {1: [[9, "AUDIO_MUTE", "ON"]]}},
        {"presets": {11: []}},
        {"presets": {1: [[1, "AUDIO_MUTE", "MAYBE"]]}},
        {"presets": {1: [[1, "TX_TYPE", "X"]]}},
    ],
)
def test_options_without_meaning_are_refused(options, clock):
    with pytest.raises(ValueError, match=r"."):
        ShureReceiver(clock=clock, **options)


# Streams.

MODELS = st.sampled_from(ShureReceiver.models)
COMMANDS = [row["ascii"].encode() for row in TOLD.values()]


def answers(model: str, chunks: list[bytes]) -> bytes:
    clock, ear = ManualClock(), Ear()
    session = dial(ShureReceiver(model, clock=clock), ear)
    for chunk in chunks:
        session.receive(chunk)
    clock.advance(3)
    return ear.take()


@given(MODELS, st.lists(st.sampled_from(COMMANDS), max_size=12), st.data())
@settings(max_examples=60, deadline=None)
def test_any_cut_gives_the_same_answers(model, said, data):
    stream = b"".join(said)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)), max_size=12)))
    chunks = [stream[start:end] for start, end in pairwise([0, *cuts, len(stream)])]
    assert answers(model, chunks) == answers(model, [stream])


@given(MODELS, st.lists(st.binary(max_size=80) | st.sampled_from(COMMANDS), max_size=20))
@settings(max_examples=80, deadline=None)
def test_garbage_never_raises_and_the_device_still_answers(model, said):
    clock, ear = ManualClock(), Ear()
    session = dial(ShureReceiver(model, clock=clock, meter_lag=0), ear)
    for chunk in said:
        session.receive(chunk)
    session.receive(b"> ")
    ear.take()
    session.receive(b"< GET FW_VER >")
    assert ear.take().startswith(b"< REP FW_VER {2.7.6 ")


def test_a_frame_without_end_does_not_fill_the_memory(device, ear):
    session = dial(device, ear)
    session.receive(b"<" + b"x" * 1_000_000)
    kept = session._frames._frame
    assert kept is not None
    assert len(kept) <= LONGEST + 1
    session.receive(b">")
    assert ear.take().decode() == ERROR


def test_lines_that_a_lagging_client_does_not_get_are_bounded(device, ear, clock):
    session = dial(device, ear)
    session.receive(b"< SET 1 METER_RATE 00100 >")
    for _ in range(300):
        session.receive(b"< GET 0 ALL >")
    clock.advance(1.001)
    assert len(ear.heard) <= 1000
