"""What a Shure device says and what we say to it, against the lines of its document."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.capabilities.microphone import (
    Battery,
    BatteryBars,
    Interference,
    Transmitter,
    TransmitterMuted,
)
from avctl.capabilities.mixer import Fader, Mute
from avctl.drivers.shure import commands
from avctl.drivers.shure.family import FAMILIES, OTHER, recognise
from avctl.drivers.shure.told import told
from avctl.drivers.shure.wire import Decoder, Error, Levels, Report, Sample
from avctl.wire import Message, Tagged, Unknown

LINES = {
    line["name"]: line
    for line in json.loads(
        (Path(__file__).parents[1] / "transcripts" / "shure_driver.json").read_text()
    )
}
HEARD = [name for name, line in LINES.items() if line["direction"] == "from_device"]
WHOLE = [name for name in HEARD if name != "split_in_middle"]


def data(name: str) -> bytes:
    return LINES[name]["ascii"].encode()


def decoded(*chunks: bytes) -> list[Message | Tagged]:
    decoder = Decoder()
    return [message for chunk in chunks for message in decoder.feed(chunk)]


def point_of(name: str):
    (said,) = decoded(data(name))
    assert isinstance(said, Report)
    return told(said)


def named(*kinds: str) -> list[str]:
    return [name for name in WHOLE if LINES[name]["meaning"]["type"] in kinds]


# What the device says.


@pytest.mark.parametrize("name", [*named("gain"), *named("mute"), *named("device_mute")])
def test_gains_are_told_in_db_and_mutes_as_they_are(name):
    meaning = LINES[name]["meaning"]
    channel = str(meaning.get("channel", "device"))
    if channel == "0":
        assert point_of(name) is None
    elif meaning["type"] == "gain":
        assert point_of(name) == (Fader(channel), pytest.approx(meaning["db"]))
    else:
        assert point_of(name) == (Mute(channel), meaning["on"])


@pytest.mark.parametrize(
    "name",
    named(
        "battery_bars",
        "battery_minutes",
        "tx_mute",
        "transmitter",
        "transmitter_absent",
        "rf_interference",
    ),
)
def test_the_health_of_a_microphone_is_told_whatever_its_family_calls_it(name):
    meaning = LINES[name]["meaning"]
    channel = str(meaning["channel"])
    expected = {
        "battery_bars": (BatteryBars(channel), meaning.get("bars")),
        "battery_minutes": (Battery(channel), meaning.get("minutes")),
        "tx_mute": (TransmitterMuted(channel), meaning.get("on")),
        "transmitter": (Transmitter(channel), True),
        "transmitter_absent": (Transmitter(channel), False),
        "rf_interference": (Interference(channel), meaning.get("level") != "NONE"),
    }
    assert point_of(name) == expected[meaning["type"]]


def test_each_family_has_its_own_scale_of_samples():
    assert decoded(data("ulxd_sample")) == [Sample(1, -15.0, -28.0)]
    assert decoded(data("slxd_sample")) == [Sample(1, -34.0, -70.0)]
    assert decoded(data("ad_sample")) == [Sample(1, -44.0, -39.0)]
    assert decoded(data("mxa_sample")) == [Levels("", (0, 12, 34, 60, 0, 0, 0, 0, 0))]
    assert decoded(data("p300_sample_in")) == [Levels("IN", (10, 60, 0))]
    assert decoded(data("p300_sample_out")) == [Levels("OUT", (30, 0))]


def test_the_best_of_four_antennas_counts():
    said = b"< SAMPLE 2 ALL 005 02 084 076 AXXB 31 041 00 050 00 060 255 077 >"
    assert decoded(said) == [Sample(2, -44.0, -43.0)]


@pytest.mark.parametrize(
    ("name", "parameter", "value"),
    [
        ("preset_get_reply", "PRESET", "06"),
        ("preset_set_reply", "PRESET", "8"),
        ("flash_reply", "FLASH", "ON"),
        ("last_error_reply", "LAST_ERROR_EVENT", "this is a sample error"),
        ("wl_firmware", "FW_VER", "2.4.25"),
    ],
)
def test_reports_of_the_device_have_no_channel(name, parameter, value):
    assert decoded(data(name)) == [Report(None, parameter, value)]


def test_names_lose_their_padding_and_gates_keep_theirs():
    assert decoded(data("name_padded")) == [Report(1, "CHAN_NAME", "Podium 1")]
    assert decoded(data("gate_a")) == [Report(1, "INPUT_AUDIO_GATE_A", "ON")]


def test_an_error_is_a_refusal():
    assert decoded(data("err")) == [Error()]


def test_messages_need_no_line_ends_and_may_be_cut():
    assert decoded(data("two_in_one")) == [
        Report(1, "AUDIO_MUTE", "ON"),
        Report(2, "AUDIO_MUTE", "OFF"),
    ]
    assert decoded(data("split_in_middle")) == []
    assert decoded(data("split_in_middle"), b"N >\r\n") == [Report(1, "AUDIO_MUTE", "ON")]
    assert decoded(data("flash_reply"), b"\r\n", data("err")) == [
        Report(None, "FLASH", "ON"),
        Error(),
    ]


def test_a_message_cut_off_by_the_next_is_dropped():
    assert decoded(b"< REP 01 AUDIO_MU< REP 02 AUDIO_MUTE ON >") == [Report(2, "AUDIO_MUTE", "ON")]


def test_an_echo_of_our_own_command_is_no_report():
    (said,) = decoded(data("gain_set_1"))
    assert isinstance(said, Unknown)


@pytest.mark.parametrize(
    "said",
    [
        b"< REP 01 AUDIO_GAIN_HI_RES 9999 >",
        b"< REP 01 AUDIO_GAIN_HI_RES -100 >",
        b"< REP 1 AUDIO_GAIN 061 >",
        b"< REP 1 AUDIO_MUTE MAYBE >",
        b"< REP 1 BATT_BARS 006 >",
        b"< REP 1 BATT_RUN_TIME >",
        b"< REP 1 TX_TYPE >",
        b"< REP AUDIO_MUTE ON >",
    ],
)
def test_impossible_values_tell_nothing(said):
    (report,) = decoded(said)
    assert isinstance(report, Report)
    assert told(report) is None


# What we say.


SAID = {
    "preset_get": commands.get("PRESET"),
    "preset_set": commands.recall_preset(8),
    "flash": commands.set_to("FLASH", "ON"),
    "gain_get_all": commands.get("AUDIO_GAIN_HI_RES", "00"),
    "gain_get_1": commands.get("AUDIO_GAIN_HI_RES", "01"),
    "gain_get_2": commands.get("AUDIO_GAIN_HI_RES", "02"),
    "gain_get_3": commands.get("AUDIO_GAIN_HI_RES", "03"),
    "gain_set_1": commands.set_to("AUDIO_GAIN_HI_RES", "0039", "01"),
    "gain_set_2": commands.set_to("AUDIO_GAIN_HI_RES", "0039", "02"),
    "mute_get_10": commands.get("AUDIO_MUTE", "10"),
    "mute_set_1": commands.set_mute("AUDIO_MUTE", True, "01"),
    "mute_set_2": commands.set_mute("AUDIO_MUTE", True, "02"),
    "last_error": commands.get("LAST_ERROR_EVENT"),
    "device_mute": commands.set_mute("DEVICE_AUDIO_MUTE", True),
    "meter_on": commands.set_meter_rate("METER_RATE", 100, digits=5),
    "meter_off": commands.set_meter_rate("METER_RATE", 0, digits=5),
    "wl_get_all": commands.get_all("0"),
    "wl_meter_rate": commands.set_meter_rate("METER_RATE", 5000, "0"),
    "wl_heartbeat": commands.get("METER_RATE", "1"),
    "wl_mute": commands.set_mute("AUDIO_MUTE", True, "1"),
    "wl_name": commands.set_name("Podium", "1"),
    "p300_meter_rate": commands.set_meter_rate("METER_RATE_IN", 500, digits=5),
}


@pytest.mark.parametrize("name", SAID)
def test_each_command_is_sent_as_the_document_has_it(name):
    assert SAID[name].wire == data(name)


@pytest.mark.parametrize("name", [name for name in SAID if f"{name}_reply" in LINES])
def test_each_command_knows_its_answer(name):
    (answer,) = decoded(data(f"{name}_reply"))
    assert isinstance(answer, Message)
    assert SAID[name].is_answered_by(answer)


def test_reports_of_other_channels_and_parameters_answer_nothing():
    question = commands.get("AUDIO_MUTE", "01")
    assert not question.is_answered_by(Report(2, "AUDIO_MUTE", "ON"))
    assert not question.is_answered_by(Report(None, "AUDIO_MUTE", "ON"))
    assert not question.is_answered_by(Report(1, "AUDIO_GAIN_HI_RES", "1100"))
    assert commands.get("METER_RATE", "0").is_answered_by(Report(3, "METER_RATE", "500"))


@pytest.mark.parametrize(
    "name",
    ["a > < SET 1 AUDIO_MUTE OFF ", "a}", "{a", "a\r", "a\n", "", "x" * 32, "é", "讲台"],
)
def test_no_name_smuggles_a_command(name):
    with pytest.raises(ValueError, match=r"a name has|printable"):
        commands.set_name(name, "1")


@pytest.mark.parametrize("rate", [-1, 1, 99, 100000])
def test_meters_that_no_device_has_are_not_asked_for(rate):
    with pytest.raises(ValueError, match="ms"):
        commands.set_meter_rate("METER_RATE", rate)


# Which family it is.


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("P300-IMX", "p300"),
        ("MXA910", "mxa"),
        ("MXA310W", "mxa"),
        ("SCM820-DAN", "scm820"),
        ("AD4Q-A", "ad"),
        ("SLXD4D", "slxd"),
        ("ULXD4Q", "ulxd"),
        ("QLXD4", "qlxd"),
    ],
)
def test_a_family_is_told_by_its_model(model, family):
    assert recognise(model, ()) is FAMILIES[family]


def test_a_family_that_does_not_tell_its_model_is_told_by_what_it_reports():
    assert recognise("", {"BATT_RUN_TIME", "TX_TYPE"}) is FAMILIES["ulxd"]
    assert recognise("", {"TX_BATT_MINS", "TX_TYPE"}) is FAMILIES["slxd"]
    assert recognise("", {"TX_BATT_MINS", "TX_MUTE_MODE_STATUS"}) is FAMILIES["ad"]
    assert recognise("", {"INPUT_AUDIO_GATE_A"}) is FAMILIES["scm820"]
    assert recognise("", {"METER_RATE_IN"}) is FAMILIES["p300"]
    assert recognise("", {"CHAN_NAME"}) is OTHER


# Whatever comes.


@given(st.lists(st.sampled_from(WHOLE)), st.data())
def test_any_cut_gives_the_same_messages(names, draw):
    stream = b"\r\n".join(map(data, names))
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(stream)))))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert decoded(*chunks) == decoded(stream)


@given(st.lists(st.binary(max_size=300)))
def test_garbage_is_unknown_or_nothing(chunks):
    for message in decoded(*chunks):
        assert isinstance(message, Unknown | Error | Report | Sample | Levels)


@given(
    st.lists(
        st.sampled_from(
            ["REP", "SAMPLE", "1", "00", "ALL", "AX", "255", "TX_TYPE", "BATT_BARS", "<", ">", "{"]
        )
    )
)
def test_words_in_any_order_raise_nothing(words):
    for message in decoded(" ".join(words).encode()):
        if isinstance(message, Report):
            told(message)


def test_an_endless_message_is_noise_and_does_not_pile_up():
    decoder = Decoder()
    said = [message for _ in range(100) for message in decoder.feed(b"<" + b"x" * 500)]
    assert all(isinstance(message, Unknown) and len(message.data) <= 1024 for message in said)
    assert len(said) >= 20
    assert list(decoder.feed(b">< REP ERR >"))[-1] == Error()
