"""The simulated Shure devices against the transcript, in both directions."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from hw_sim.shure import ShureReceiver
from tests.sim.conftest import ManualClock
from tests.sim.shure_rig import SAID, TOLD, ask, hears, made

Do = Callable[[ShureReceiver], object]


def do(action: str, **arguments: object) -> Do:
    return lambda device: device.press(action, **arguments)


def speaks(level: float) -> Do:
    return lambda device: hears(device, level)


# What the device says: its model, what happens before, and what it is told.
DIALOGUES: Mapping[str, tuple[str, Mapping[str, Any], Do | None, str]] = {
    "shure_preset_get_reply": ("p300", {}, do("preset", number=6), "GET PRESET"),
    "shure_preset_set_reply": ("p300", {}, None, "SET PRESET 8"),
    "shure_flash_reply": ("p300", {}, None, "SET FLASH ON"),
    "shure_gain_get_1_reply": ("p300", {}, do("gain", channel=1, db=-109.9), "GET 01 AUDIO_GAIN_HI_RES"),
    "shure_gain_get_2_reply": ("p300", {}, do("gain", channel=2, db=1.1), "GET 02 AUDIO_GAIN_HI_RES"),
    "shure_gain_get_3_reply": ("p300", {}, do("gain", channel=3, db=-77.9), "GET 03 AUDIO_GAIN_HI_RES"),
    "shure_gain_set_1_reply": ("p300", {}, None, "SET 01 AUDIO_GAIN_HI_RES 0039"),
    "shure_gain_set_2_reply": ("p300", {}, None, "SET 02 AUDIO_GAIN_HI_RES 0039"),
    "shure_mute_get_10_reply": ("p300", {}, None, "GET 10 AUDIO_MUTE"),
    "shure_mute_set_1_reply": ("p300", {}, None, "SET 01 AUDIO_MUTE ON"),
    "shure_mute_set_2_reply": ("p300", {}, None, "SET 02 AUDIO_MUTE ON"),
    "shure_last_error_reply": ("p300", {"last_error": "this is a sample error"}, None, "GET LAST_ERROR_EVENT"),
    "shure_device_mute_rep": ("mxa910", {}, None, "SET DEVICE_AUDIO_MUTE ON"),
    "shure_err": ("mxa910", {}, None, "SET 01 AUDIO_MUTE MAYBE"),
    "shure_gate_a": ("scm820", {}, speaks(-20.0), "GET 1 INPUT_AUDIO_GATE_A"),
    "shure_name_padded": ("p300", {"names": {1: "Podium 1"}}, None, "GET 01 CHAN_NAME"),
    "shure_batt_bars": ("ulxd4q", {}, do("battery", channel=1, minutes=250), "GET 1 BATT_BARS"),
    "shure_batt_unknown": ("ulxd4q", {}, do("transmitter", channel=1, on=False), "GET 1 BATT_BARS"),
    "shure_batt_calc": ("ulxd4q", {"transmitters": []}, do("transmitter", channel=1, on=True), "GET 1 BATT_RUN_TIME"),
    "shure_tx_mute": ("ulxd4q", {}, do("mute_switch", channel=1, on=True), "GET 1 TX_MUTE_STATUS"),
    "shure_tx_none": ("ulxd4q", {}, do("transmitter", channel=1, on=False), "GET 1 TX_TYPE"),
    "shure_rf_int": ("ulxd4q", {}, do("rf", channel=1, quality=0.2), "GET 1 RF_INT_DET"),
}  # fmt: skip
SAMPLES = {"shure_mxa_sample", "shure_ulxd_sample", "shure_slxd_sample", "shure_ad_sample"}
STREAMS = {"shure_split_in_middle", "shure_two_in_one"}
# An answer that a module's own test made up; a device reports every channel that 00 stands for.
MADE_UP = {"shure_gain_get_all_reply"}

# What the device is told: what it then is, as the reports say.
WISHES: Mapping[str, tuple[str, str]] = {
    "shure_preset_get": ("p300", "< REP PRESET 01 >"),
    "shure_preset_set": ("p300", "< REP PRESET 8 >"),
    "shure_flash": ("p300", "< REP FLASH ON >"),
    "shure_gain_get_1": ("p300", "< REP 01 AUDIO_GAIN_HI_RES 1100 >"),
    "shure_gain_get_2": ("p300", "< REP 02 AUDIO_GAIN_HI_RES 1100 >"),
    "shure_gain_get_3": ("p300", "< REP 03 AUDIO_GAIN_HI_RES 1100 >"),
    "shure_gain_set_1": ("p300", "< REP 01 AUDIO_GAIN_HI_RES 0039 >"),
    "shure_gain_set_2": ("p300", "< REP 02 AUDIO_GAIN_HI_RES 0039 >"),
    "shure_mute_get_10": ("p300", "< REP 10 AUDIO_MUTE OFF >"),
    "shure_mute_set_1": ("p300", "< REP 01 AUDIO_MUTE ON >"),
    "shure_mute_set_2": ("p300", "< REP 02 AUDIO_MUTE ON >"),
    "shure_last_error": ("p300", "< REP LAST_ERROR_EVENT >"),
    "shure_mute_toggle": ("mxa910", "< REP 01 AUDIO_MUTE ON >"),
    "shure_device_mute": ("mxa910", "< REP DEVICE_AUDIO_MUTE ON >"),
    "shure_gain_inc": ("mxa910", "< REP 01 AUDIO_GAIN_HI_RES 1110 >"),
    "shure_gain_dec": ("mxa910", "< REP 01 AUDIO_GAIN_HI_RES 1090 >"),
    "shure_gain_0db": ("mxa910", "< REP 01 AUDIO_GAIN_HI_RES 1100 >"),
    "shure_gain_max": ("mxa910", "< REP 01 AUDIO_GAIN_HI_RES 1400 >"),
    "shure_meter_on": ("mxa910", "< REP METER_RATE 00100 >"),
    "shure_meter_off": ("scm820", "< REP METER_RATE 00000 >"),
    "shure_wl_heartbeat": ("ulxd4q", "< REP 1 METER_RATE 00000 >"),
    "shure_wl_meter_rate": ("slxd4", "< REP 1 METER_RATE 05000 >"),
    "shure_wl_mute": ("ulxd4q", "< REP 1 AUDIO_MUTE ON >"),
    "shure_wl_name": ("ulxd4q", "< REP 1 CHAN_NAME {Podium  } >"),
}
WILDCARDS = {"shure_gain_get_all", "shure_wl_get_all"}


def test_every_line_of_the_transcript_is_tested():
    assert {*DIALOGUES, *SAMPLES, *STREAMS, *MADE_UP} == set(SAID)
    assert {*WISHES, *WILDCARDS} == set(TOLD)


@pytest.mark.parametrize("name", DIALOGUES)
def test_device_says_what_the_transcript_says(name: str, clock: ManualClock):
    model, options, before, told = DIALOGUES[name]
    device, session, ear = made(clock, model, **options)
    if before:
        before(device)
    assert ask(session, ear, told) == SAID[name]["ascii"]


@pytest.mark.parametrize("name", WISHES)
def test_device_does_what_the_transcript_wants(name: str, clock: ManualClock):
    model, said = WISHES[name]
    _, session, ear = made(clock, model)
    session.receive(TOLD[name]["ascii"].encode())
    assert ear.take().decode() == said
