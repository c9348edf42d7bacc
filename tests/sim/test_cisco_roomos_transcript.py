"""The simulated Cisco room system and every line of its transcript, in both directions."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from hw_sim.cisco_roomos import Codec
from hw_sim.cisco_roomos.wire import Lines
from tests.sim.cisco_rig import SAID, TOLD, Client, made, objects
from tests.sim.conftest import Ear, ManualClock
from tests.sim.power_rig import dial

Steps = list[str | float | Callable[[Codec], object]]  # lines, seconds, what people do

# What is said to the last of some lines: options, lines, the transcript's name for it.
DIALOGUES: Mapping[str, tuple[dict[str, Any], Steps]] = {
    "volume_ok": ({}, ['xCommand Audio Volume Increase | resultId="request-1"']),
    "unknown_command": ({}, ['xCommand Dila Number: "1" | resultId="request-1"']),
    "parameter_error": ({}, ['xCommand Dial | resultId="request-1"']),
    "dial_ok": ({"first_call": 2}, ['xCommand Dial Number: "1" | resultId="request-1"']),
    "status_path_error_wrapped": (
        {"wrapped_errors": True},
        ['xStatus Audio Volumee | resultId="2"'],
    ),
    "status_path_error_plain": ({}, ['xStatus /Audio/Volumee | resultId="2"']),
    "configuration_error": (
        {"wrapped_errors": True, "dotted_errors": True},
        ['xConfiguration Video Output Connector 99 MonitorRole: First | resultId="1"'],
    ),
    "volume_reply": (
        {},
        [lambda codec: codec.press("volume", value=30), 'xStatus Audio Volume | resultId="2"'],
    ),
    "feedback_mute": (
        {},
        [
            "xfeedback register /Status/Audio/Microphones",
            lambda codec: codec.press("mute", on=True),
        ],
    ),
    "feedback_volume": (
        {},
        [
            "xFeedback register Status/Audio",
            lambda codec: codec.press("volume", value=40),
            lambda codec: codec.press("volume", value=50),
        ],
    ),
    "call_removed": (
        {"numeric_ids": True, "first_call": 42},
        [
            lambda codec: codec.press("call", number="1"),
            "xFeedback register /Status/Call",
            "xCommand Call Reject",
            0.5,
        ],
    ),
    "glued": (
        {"glued": True},
        [
            "xfeedback register /Status/Audio/Microphones",
            'xCommand Audio Microphones Mute | resultId="13"',
        ],
    ),
}
LITERAL = {"volume_ok", "glued"}  # the others of these are printed with other white space
PIECES = {"welcome", "ok_split_1", "ok_split_2"}
TEXTS: Mapping[str, tuple[dict[str, Any], float, str]] = {  # options, seconds to wait, line
    "text_uptime": ({}, 62974, "xStatus SystemUnit Uptime"),
    "text_command_result": ({"first_call": 2}, 0, "xCommand Dial Number: 1"),
    "text_not_recognized": ({}, 0, "hello"),
}
WISHES: Mapping[str, dict[str, Any]] = {  # what is said to it
    "status_query": {"Status": {"SystemUnit": {"Uptime": {"Value": "0"}}}, "ResultId": "12"},
    "mute": {"CommandResponse": {"MicrophonesMuteResult": {"status": "OK"}}, "ResultId": "13"},
    "feedback_register": {"ResultId": "14"},
    "multiline": {
        "CommandResponse": {"SignInBannerSetResult": {"status": "OK"}}, "ResultId": "15",
    },
    "peripheral_heartbeat": {"CommandResponse": {"PeripheralsHeartBeatResult": {"status": "OK"}}},
}  # fmt: skip
MODES = {"echo_off", "json_mode"}


def test_every_line_of_the_transcript_is_tested():
    assert {*DIALOGUES, *PIECES, *TEXTS} == set(SAID)
    assert {*WISHES, *MODES} == set(TOLD)


@pytest.mark.parametrize("name", DIALOGUES)
def test_system_says_what_the_transcript_says(name: str, clock: ManualClock):
    options, steps = DIALOGUES[name]
    codec, client = made(clock, **options)
    for step in steps:
        client.ear.take()
        if isinstance(step, str):
            client.write(f"{step}\n")
        elif callable(step):
            step(codec)
        else:
            clock.advance(step)
    writes = len(client.ear.heard)
    said = client.ear.take().decode()
    assert objects(said) == objects(SAID[name])
    if name == "glued":
        assert writes == 1
    if name in LITERAL:
        assert said == SAID[name]


@pytest.mark.parametrize("name", TEXTS)
def test_system_says_it_in_text_as_the_transcript_does(name: str, clock: ManualClock):
    options, seconds, line = TEXTS[name]
    client = Client(Codec(clock=clock, **options), json=False)
    clock.advance(seconds)
    assert client.say(line) == SAID[name]


def test_system_welcomes_as_the_transcript_says(clock: ManualClock):
    ear = Ear()
    dial(Codec(clock=clock), ear)
    welcome = ear.take().decode()
    assert welcome == SAID["welcome"]
    assert welcome.endswith(SAID["ok_split_1"] + SAID["ok_split_2"])


def test_the_ok_of_the_welcome_can_be_split(clock: ManualClock):
    ear = Ear()
    dial(Codec(clock=clock, split_at=len(SAID["welcome"]) - len(SAID["ok_split_2"])), ear)
    assert [chunk.decode() for chunk in ear.heard] == [
        SAID["welcome"].removesuffix(SAID["ok_split_2"]),
        SAID["ok_split_2"],
    ]


@pytest.mark.parametrize("name", WISHES)
def test_system_does_what_the_transcript_wants(name: str, clock: ManualClock):
    codec, client = made(clock)
    client.do('Peripherals Connect ID: "avctl-01" Name: "avctl" Type: ControlSystem')
    client.write(TOLD[name])
    assert objects(client.ear.take().decode()) == [WISHES[name]]
    assert codec.muted is (name == "mute")
    assert codec.banner == (
        "You need admin credentials to continue." if name == "multiline" else ""
    )


def test_system_turns_echo_off_and_json_on_as_the_transcript_says(clock: ManualClock):
    ear = Ear()
    line = dial(Codec(clock=clock), ear)
    ear.take()
    line.receive(TOLD["echo_off"].encode())
    assert ear.take() == b"echo off\r\n\r\nOK\r\n"
    line.receive(TOLD["json_mode"].encode())
    assert ear.take() == b""
    line.receive(b"xStatus Audio Volume\n")
    assert json.loads(ear.take()) == {"Status": {"Audio": {"Volume": {"Value": "50"}}}}


def test_the_number_in_braces_counts_command_and_body():
    line, after = Lines(1000).feed(TOLD["multiline"].encode() + b"after\n")
    assert line.text == 'xCommand SystemUnit SignInBanner Set | resultId="15"'
    assert line.body == "You need admin credentials to continue."
    assert after.text == "after"
