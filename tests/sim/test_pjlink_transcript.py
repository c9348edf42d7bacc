"""The simulated projector against the transcript, in both directions."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hw_sim.pjlink import Projector
from tests.sim.conftest import Ear, ManualClock
from tests.sim.test_pjlink import Chosen, dial, found

ROWS = json.loads((Path(__file__).parent.parent / "transcripts/pjlink.json").read_text("utf-8"))
SAID = {row["name"]: row for row in ROWS if row["direction"] == "from_device"}
TOLD = {row["name"]: row for row in ROWS if row["direction"] == "to_device"}

OFF, ON, WARM, COOL = "standby", "lit", "warming", "cooling"
MAC = "00:1b:78:aa:bb:cc"
C2_INPUTS = {"inputs": "11 3A 61 6Z"}
EIGHT = {"lamps": [1, 2, 3, 4, 5, 6, 7, 8]}
Press = tuple[str, dict[str, object]]

# What the projector says: its state, its options, what is pressed, and what it is told.
DIALOGUES: Mapping[str, tuple[str, dict[str, Any], list[Press], str]] = {
    "power_ok": (OFF, {}, [], "%1POWR 1"),
    "power_err2": (OFF, {}, [], "%1POWR 7"),
    "power_err3": (COOL, {}, [], "%1POWR 1"),
    "power_err4": (OFF, {}, [("failure", {"part": "lamp", "level": 2})], "%1POWR 1"),
    "power_is_standby": (OFF, {}, [], "%1POWR ?"),
    "power_is_on": (ON, {}, [], "%1POWR ?"),
    "power_is_cooling": (COOL, {}, [], "%1POWR ?"),
    "power_is_warming": (WARM, {}, [], "%1POWR ?"),
    "input_ok": (ON, {}, [], "%1INPT 31"),
    "input_ok_c2": (ON, {}, [], "%2INPT 31"),
    "input_missing": (ON, {}, [], "%1INPT 55"),
    "input_not_now": (OFF, {}, [], "%1INPT ?"),
    "input_is_31": (ON, {"inputs": "31"}, [], "%1INPT ?"),
    "input_is_6Z_c2": (ON, {"inputs": "6Z"}, [], "%2INPT ?"),
    "mute_ok": (ON, {}, [], "%1AVMT 31"),
    "mute_not_separate": (ON, {"separate_mute": False}, [], "%1AVMT 11"),
    "mute_is_11": (ON, {}, [("blank", {"on": True})], "%1AVMT ?"),
    "mute_is_30": (ON, {}, [], "%1AVMT ?"),
    "errors_none": (ON, {}, [], "%1ERST ?"),
    "errors_fan_filter_warning": (
        ON, {},
        [("failure", {"part": "fan", "level": 1}), ("failure", {"part": "filter", "level": 1})],
        "%1ERST ?",
    ),
    "errors_lamp_error_temp_warning": (
        ON, {},
        [("failure", {"part": "lamp", "level": 2}), ("failure", {"part": "temperature", "level": 1})],
        "%1ERST ?",
    ),
    "errors_all": (
        ON, {},
        [
            ("failure", {"part": part, "level": 2})
            for part in ("fan", "lamp", "temperature", "cover", "filter", "other")
        ],
        "%1ERST ?",
    ),
    "errors_igniting": (WARM, {}, [], "%1ERST ?"),
    "lamp_one": (ON, {}, [], "%1LAMP ?"),
    "lamp_one_off": (OFF, {"lamps": [123456]}, [], "%1LAMP ?"),
    "lamp_two": (ON, {"lamps": [3005, 12], "dark_lamps": [2]}, [], "%1LAMP ?"),
    "lamp_eight": (ON, EIGHT | {"dark_lamps": [2, 4, 6, 8]}, [], "%1LAMP ?"),
    "lamp_not_counted": (ON, {"lamps": [0]}, [], "%1LAMP ?"),
    "lamp_none": (ON, {"no_lamp": True}, [], "%1LAMP ?"),
    "inputs": (ON, {}, [], "%1INST ?"),
    "inputs_c2": (ON, C2_INPUTS, [], "%2INST ?"),
    "inputs_standby": (OFF, {}, [], "%1INST ?"),
    "name_ascii": (OFF, {"name": "Hall-Left"}, [], "%1NAME ?"),
    "name_utf8": (OFF, {"name": "会议室投影机"}, [], "%1NAME ?"),
    "name_empty": (OFF, {"name": ""}, [], "%1NAME ?"),
    "name_latin1": (OFF, {"name": "Café", "latin1_name": True}, [], "%1NAME ?"),
    "inf1": (OFF, {"manufacturer": "Panasonic"}, [], "%1INF1 ?"),
    "inf2": (OFF, {"product": "RZ470"}, [], "%1INF2 ?"),
    "info_empty": (OFF, {}, [], "%1INFO ?"),
    "class_2": (OFF, {}, [], "%1CLSS ?"),
    "serial": (OFF, {"serial": "SW1234567"}, [], "%2SNUM ?"),
    "serial_none": (OFF, {"serial": ""}, [], "%2SNUM ?"),
    "version": (OFF, {}, [], "%2SVER ?"),
    "input_name": (ON, {"input_names": {"31": "PC"}}, [], "%2INNM ?31"),
    "input_name_bad": (ON, {}, [], "%2INNM ?3Z"),
    "resolution_1080": (ON, {}, [], "%2IRES ?"),
    "resolution_no_signal": (ON, {"signals": []}, [], "%2IRES ?"),
    "resolution_unknown": (ON, {"resolution": "*"}, [], "%2IRES ?"),
    "recommended": (ON, {}, [], "%2RRES ?"),
    "filter_hours": (OFF, {}, [], "%2FILT ?"),
    "filter_none": (OFF, {"filter_hours": None}, [], "%2FILT ?"),
    "lamp_models": (OFF, {}, [], "%2RLMP ?"),
    "volume_none": (ON, {"speaker": False}, [], "%2SVOL 1"),
    "freeze_ok": (ON, {}, [], "%2FREZ 1"),
    "undefined_command": (OFF, {}, [], "%1XXXX ?"),
    "quirk_lower_case": (OFF, {"reply_lowercase": True}, [], "%1POWR ?"),
    "quirk_class_text": (OFF, {"class_text": "Class 1"}, [], "%1CLSS ?"),
    "quirk_nul_padding_reply": (ON, {"nul_padding": True}, [], "%1POWR ?"),
    "quirk_linkup_before_reply": (OFF, {"lkup_before_reply": True}, [], "%1POWR ?"),
    "quirk_name_in_standby": (OFF, {"standby_err3": "NAME"}, [], "%1NAME ?"),
}  # fmt: skip

# What needs a command before: those, and then what is asked.
AFTER: Mapping[str, tuple[list[str], str]] = {
    "mute_is_21": (["%1AVMT 21"], "%1AVMT ?"),
    "mute_is_31": (["%1AVMT 31"], "%1AVMT ?"),
    "freeze_is_on": (["%2FREZ 1"], "%2FREZ ?"),
}
GREETINGS: Mapping[str, dict[str, Any]] = {
    "greeting_no_auth": {},
    "greeting_auth": {"password": "a", "rng": Chosen(0x498E4A67)},
    "quirk_nul_padding_greeting": {"nul_padding": True},
}
NOTICES: Mapping[str, tuple[str, list[Press], float]] = {
    "search_reply": (OFF, [], 0),
    "notify_linkup": (OFF, [("mains_off", {}), ("mains_on", {})], 20),
    "notify_error": (ON, [("failure", {"part": "lamp", "level": 1})], 0),
    "notify_power_on": (OFF, [("power", {"on": True})], 0),
    "notify_power_off": (ON, [("power", {"on": False})], 0),
    "notify_input": (ON, [("input", {"input": "32"})], 2),
}
ELSEWHERE = {"auth_error", "class_1"}  # below

# What the projector is told: its state, its options, and what it says.
WISHES: Mapping[str, tuple[str, dict[str, Any], str]] = {
    "second_command_without_digest": (ON, {}, "%1ERST=000000"),
    "power_on": (OFF, {}, "%1POWR=OK"),
    "power_off": (ON, {}, "%1POWR=OK"),
    "power_query": (ON, {}, "%1POWR=1"),
    "input_rgb_1": (ON, {}, "%1INPT=OK"),
    "input_video_1": (ON, {}, "%1INPT=OK"),
    "input_digital_1": (ON, {}, "%1INPT=OK"),
    "input_storage_1": (ON, {"inputs": "11 41"}, "%1INPT=OK"),
    "input_network_1": (ON, {}, "%1INPT=OK"),
    "input_internal_1_c2": (ON, C2_INPUTS, "%2INPT=OK"),
    "input_digital_A_c2": (ON, C2_INPUTS, "%2INPT=OK"),
    "input_query": (ON, {}, "%1INPT=11"),
    "mute_video_on": (ON, {}, "%1AVMT=OK"),
    "mute_video_off": (ON, {}, "%1AVMT=OK"),
    "mute_audio_on": (ON, {}, "%1AVMT=OK"),
    "mute_audio_off": (ON, {}, "%1AVMT=OK"),
    "mute_both_on": (ON, {}, "%1AVMT=OK"),
    "mute_both_off": (ON, {}, "%1AVMT=OK"),
    "mute_query": (ON, {}, "%1AVMT=30"),
    "error_query": (ON, {}, "%1ERST=000000"),
    "lamp_query": (ON, EIGHT, "%1LAMP=1 1 2 1 3 1 4 1 5 1 6 1 7 1 8 1"),
    "inputs_query": (ON, {}, "%1INST=11 12 21 31 32 51"),
    "inputs_query_c2": (ON, C2_INPUTS, "%2INST=11 3A 61 6Z"),
    "name_query": (ON, {}, "%1NAME=Projector"),
    "inf1_query": (ON, {}, "%1INF1=Simulated"),
    "inf2_query": (ON, {}, "%1INF2=class2"),
    "info_query": (ON, {"info": "hung"}, "%1INFO=hung"),
    "class_query": (ON, {}, "%1CLSS=2"),
    "serial_query": (ON, {}, "%2SNUM=SIM0001"),
    "version_query": (ON, {}, "%2SVER=1.04.00"),
    "input_name_query": (ON, {}, "%2INNM=DIGITAL 1"),
    "resolution_query": (ON, {}, "%2IRES=1920x1080"),
    "recommended_query": (ON, {}, "%2RRES=1920x1200"),
    "filter_query": (ON, {}, "%2FILT=500"),
    "lamp_model_query": (ON, {}, "%2RLMP=ET-LAV400 ET-LAV400C"),
    "filter_model_query": (ON, {"filter_parts": ["ET-EMF100"]}, "%2RFIL=ET-EMF100"),
    "volume_up": (ON, {}, "%2SVOL=OK"),
    "volume_down": (ON, {}, "%2SVOL=OK"),
    "mic_volume_up": (ON, {}, "%2MVOL=OK"),
    "freeze_on": (ON, {}, "%2FREZ=OK"),
    "freeze_off": (ON, {}, "%2FREZ=OK"),
    "freeze_query": (ON, {}, "%2FREZ=0"),
    "malformed_no_reply": (ON, {}, ""),
}
PROOFS = {name for name in TOLD if name.startswith("auth_")}


def wire(row: Mapping[str, Any]) -> bytes:
    return bytes.fromhex(row["hex"]) if "hex" in row else row["ascii"].encode()


def bring(device: Projector, clock: ManualClock, state: str) -> None:
    if state in (WARM, ON, COOL):
        device.press("power", on=True)
    if state in (ON, COOL):
        clock.advance(device.knobs.warm_seconds)
    if state == COOL:
        device.press("power", on=False)
    assert device.truth()["power"] == state


def test_every_line_of_the_transcript_is_tested():
    said = {*DIALOGUES, *AFTER, *GREETINGS, *NOTICES, *ELSEWHERE}
    assert said == set(SAID)
    assert {*WISHES, *PROOFS, "search"} == set(TOLD)


@pytest.mark.parametrize("name", DIALOGUES)
def test_projector_says_what_the_transcript_says(name: str, clock: ManualClock):
    state, options, presses, told = DIALOGUES[name]
    device, ear = Projector(clock=clock, **options), Ear()
    bring(device, clock, state)
    for action, arguments in presses:
        device.press(action, **arguments)
    session = dial(device, ear)
    ear.take()
    session.receive(told.encode() + b"\r")
    assert ear.take() == wire(SAID[name])


@pytest.mark.parametrize("name", AFTER)
def test_projector_says_what_the_transcript_says_of_a_change(name: str, clock: ManualClock):
    before, told = AFTER[name]
    device, ear = Projector(clock=clock), Ear()
    bring(device, clock, ON)
    session = dial(device, ear)
    for line in before:
        session.receive(line.encode() + b"\r")
    ear.take()
    session.receive(told.encode() + b"\r")
    assert ear.take() == wire(SAID[name])


@pytest.mark.parametrize("name", GREETINGS)
def test_projector_greets_as_the_transcript_says(name: str, clock: ManualClock):
    ear = Ear()
    dial(Projector(clock=clock, **GREETINGS[name]), ear)
    assert ear.take() == wire(SAID[name])


@pytest.mark.parametrize("name", NOTICES)
def test_projector_notifies_as_the_transcript_says(name: str, clock: ManualClock):
    state, presses, seconds = NOTICES[name]
    device, ear = found(clock)
    if presses:
        bring(device, clock, state)
        ear.take()
    for action, arguments in presses:
        device.press(action, **arguments)
    clock.advance(seconds)
    assert ear.take() == wire(SAID[name])


def test_class_1_projector_says_so_as_the_transcript_says(clock: ManualClock):
    device, ear = Projector("class1", clock=clock), Ear()
    session = dial(device, ear)
    ear.take()
    session.receive(b"%1CLSS ?\r")
    assert ear.take() == wire(SAID["class_1"])


@pytest.mark.parametrize("name", WISHES)
def test_projector_does_what_the_transcript_wants(name: str, clock: ManualClock):
    state, options, said = WISHES[name]
    device, ear = Projector(clock=clock, **options), Ear()
    bring(device, clock, state)
    session = dial(device, ear)
    ear.take()
    session.receive(wire(TOLD[name]))
    assert ear.take().decode() == (f"{said}\r" if said else "")


@pytest.mark.parametrize("name", sorted(PROOFS))
def test_projector_takes_the_digests_of_the_transcript(name: str, clock: ManualClock):
    meaning = TOLD[name]["meaning"]
    number = int(meaning.get("random", "498e4a67"), 16)
    password = meaning.get("password", "JBMIAProjectorLink")
    device, ear = Projector(clock=clock, rng=Chosen(number), password=password), Ear()
    session = dial(device, ear)
    ear.take()
    session.receive(wire(TOLD[name]))
    wrong = "expected_reply" in meaning
    power = b"%1POWR=OK\r" if meaning["type"] == "power_on" else b"%1POWR=0\r"
    assert ear.take() == (wire(SAID["auth_error"]) if wrong else power)


def test_search_of_the_transcript_is_answered(clock: ManualClock):
    device, ear = Projector(clock=clock), Ear("udp")
    dial(device, ear).receive(wire(TOLD["search"]))
    clock.advance(10)
    assert MAC.encode() in ear.take()
