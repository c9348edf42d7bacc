"""The simulated HyperDeck against the transcript, in both directions."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hw_sim.hyperdeck import HyperDeck
from hw_sim.hyperdeck.wire import CODES, Request, Requests, short
from tests.sim.conftest import Ear, ManualClock
from tests.sim.test_hyperdeck import ask, dial

ROWS = json.loads((Path(__file__).parent.parent / "transcripts/hyperdeck.json").read_text("utf-8"))
SAID = {
    row["name"].removeprefix("hyperdeck_"): row["ascii"]
    for row in ROWS
    if row["direction"] == "from_device"
}
TOLD = {
    row["name"].removeprefix("hyperdeck_"): row["ascii"]
    for row in ROWS
    if row["direction"] == "to_device"
}

MINUTES: dict[str, Any] = {"seconds": 7200, "clips": {"a": 60, "b": 60}}
PRO = "studio-pro"
Steps = list[str | float | Callable[[HyperDeck], object]]

# What the deck says last: its model and options, and what happens: requests, seconds, hands.
DIALOGUES: Mapping[str, tuple[str | None, dict[str, Any], Steps]] = {
    "ok": (None, {}, ["ping"]),
    "error_100": (None, {}, ["dance"]),
    "error_101": (None, {}, ["play: volume: 3"]),
    "error_102": (None, {}, ["notify: slot: perhaps"]),
    "error_104": (None, {"slots": {1: {"seconds": 0}}}, ["record"]),
    "error_105": (None, {"slots": {1: None}}, ["record"]),
    "error_106": (None, {"slots": {1: {"status": "error"}}}, ["record"]),
    "error_107": (None, {}, ["play"]),
    "error_108": (None, {}, [lambda deck: deck.faults.set("busy"), "ping"]),
    "error_109": (None, {}, ["goto: clip id: 9"]),
    "error_110": (None, {"signals": []}, ["record"]),
    "error_111": (None, {"remote": False}, ["record"]),
    "error_150": (None, {}, ["record", 1, "record"]),
    "error_151": (None, {}, ["configuration: file format: VHS"]),
    "error_160": (None, {}, ["format: prepare: NTFS"]),
    "error_161": (None, {}, ["format: prepare: exFAT", "format: confirm: nonsense"]),
    "error_162": (None, {}, ["format: confirm: nonsense"]),
    "device_info": (PRO, {}, ["device info"]),
    "transport_preview": (None, {}, ["transport info"]),
    "transport_record": (
        None,
        {"slots": {1: MINUTES}, "time_of_day": 10 * 3600 + 19 * 60 + 15, "roll_seconds": 0},
        ["record", 75.2, "transport info"],
    ),
    "transport_stopped": (
        None,
        {"starts_in": "stopped", "video_format": "1080i50", "roll_seconds": 0},
        ["record", 300, "stop", "transport info"],
    ),
    "transport_play": (
        None,
        {"slots": {2: MINUTES}, "slot": 2},
        ["play: loop: true", 10.48, "transport info"],
    ),
    "transport_no_slot": (None, {"slot": 0}, ["transport info"]),
    "transport_drop_frame": (
        None,
        {
            "slots": {1: MINUTES},
            "video_format": "1080p5994",
            "drop_frame_timecode": True,
            "time_of_day": 3600 - 10.01 + 0.0335 + 0.003,
            "roll_seconds": 0,
        },
        ["record", 10.01, "transport info"],
    ),
    "async_transport_record": (
        None,
        {"slots": {1: MINUTES}, "time_of_day": 37230 + 4 / 25, "roll_seconds": 0},
        ["notify: transport: true", "record", 0.04],
    ),
    "async_transport_partial": (
        None,
        {"partial_async": True},
        ["notify: transport: true", "record", 1],
    ),
    "async_before_ok": (
        None,
        {"partial_async": True, "async_before_reply": True},
        ["notify: transport: true", "record"],
    ),
    "slot_mounted": (None, {}, ["slot info"]),
    "slot_nearly_full": (None, {"slots": {1: {"seconds": 120}}}, ["slot info: slot id: 1"]),
    "async_slot_mounted": (
        None,
        {},
        [
            "notify: slot: true",
            lambda deck: deck.press("insert", slot=2, seconds=36000, volume="USB DISK"),
            2.9,
            "ping",
            0.1,
        ],
    ),
    "slot_error": (None, {}, [lambda deck: deck.press("media_error", slot=1), "slot info"]),
    "slot_empty": (None, {"slots": {2: None}}, ["slot info: slot id: 2"]),
    "notify_state": (None, {}, ["notify: transport: true slot: true", "notify"]),
    "remote_off": (None, {"remote": False}, ["remote"]),
    "async_remote_off": (
        None,
        {},
        ["notify: remote: true", lambda deck: deck.press("remote", on=False)],
    ),
    "configuration": (None, {}, ["configuration"]),
    "rebooting": (
        None,
        {"reboot_on_codec": True},
        ["configuration: file format: QuickTimeProRes"],
    ),
    "clips_count": (
        None,
        {"slots": {1: {"clips": {"a": 1, "b": 1, "c": 1, "d": 1}}}},
        ["clips count"],
    ),
    "clips_info": (
        None,
        {"slots": {1: {"clips": {"ROOM1 0001": 600, "ROOM1 0002": 30.48}}}},
        ["clips get"],
    ),
    "clips_empty": (None, {}, ["clips get"]),
}
TOKEN: Mapping[str, dict[str, Any]] = {
    "format_ready_new": {},
    "format_ready_old": {"old_format_ready": True},
}
TEXTS = {"error_103"}  # nothing that is simulated is unsupported as such
OTHERS = {"banner", "rejected", "multiple_replies"}  # below
# Streams for a client's parser, with a line that no deck sends.
STREAMS = {"broken_line", "blank_line_first"}

# What the deck is told: its options, and what it replies.
WISHES: Mapping[str, tuple[dict[str, Any], str]] = {
    "ping": ({}, "200 ok"),
    "ping_lf": ({}, "200 ok"),
    "quit": ({}, ""),
    "device_info_query": ({}, "204 device info:"),
    "transport_query": ({}, "208 transport info:"),
    "slot_query_2": ({}, "202 slot info:"),
    "notify_on_multiline": ({}, "200 ok"),
    "notify_on_single": ({}, "200 ok"),
    "remote_query": ({}, "210 remote info:"),
    "remote_override": ({}, "200 ok"),
    "configuration_query": ({}, "211 configuration:"),
    "configuration_set_video": ({}, "200 ok"),
    "record": ({}, "200 ok"),
    "record_named": ({}, "200 ok"),
    "stop": ({}, "200 ok"),
    "play_example": ({"slots": {1: MINUTES}}, "200 ok"),
    "preview_on": ({}, "200 ok"),
    "slot_select_example": ({}, "200 ok"),
    "goto_clip": ({"slots": {1: {"clips": {"a": 1, "b": 1, "c": 1}}}}, "200 ok"),
    "watchdog": ({}, "200 ok"),
    "client_multiline": ({}, "100 syntax error"),
}


def after(steps: Steps, deck: HyperDeck, clock: ManualClock) -> str:
    """What is said at the last of the steps."""
    ear = Ear()
    session = dial(deck, ear)
    for step in steps:
        ear.take()
        if isinstance(step, str):
            session.receive(f"{step}\n".encode())
        elif callable(step):
            step(deck)
        else:
            clock.advance(step)
    return ear.take().decode()


def test_every_line_of_the_transcript_is_tested():
    assert {*DIALOGUES, *TOKEN, *TEXTS, *OTHERS, *STREAMS} == set(SAID)
    assert set(WISHES) == set(TOLD)


@pytest.mark.parametrize("name", DIALOGUES)
def test_deck_says_what_the_transcript_says(name: str, clock: ManualClock):
    model, options, steps = DIALOGUES[name]
    assert after(steps, HyperDeck(model, clock=clock, **options), clock) == SAID[name]


@pytest.mark.parametrize("name", TOKEN)
def test_deck_gives_a_token_as_the_transcript_says(name: str, clock: ManualClock):
    deck = HyperDeck(clock=clock, **TOKEN[name])
    said = after(["format: prepare: exFAT"], deck, clock)
    assert deck.token is not None
    ends = "" if said.endswith("\r\n\r\n") else "\r\n"
    assert said.replace(deck.token, "tgf66k") == SAID[name] + ends


@pytest.mark.parametrize("name", TEXTS)
def test_deck_knows_the_text_of_the_transcript(name: str):
    assert short(int(name.removeprefix("error_"))) == SAID[name]


def test_every_code_has_the_text_of_the_transcript():
    said = {
        line[:3]: line[4:]
        for text in SAID.values()
        for line in text.split("\r\n")
        if line[:3].isdigit()
    }
    for code, text in said.items():
        if text and code != "200":
            assert text.rstrip(":") == CODES[int(code)]


def test_deck_greets_and_rejects_as_the_transcript_says(clock: ManualClock):
    deck, ear, second = HyperDeck(clock=clock), Ear(), Ear()
    dial(deck, ear)
    dial(deck, second)
    assert ear.take().decode() == SAID["banner"]
    assert (second.take().decode(), second.closed) == (SAID["rejected"], True)


def test_requests_that_come_together_are_answered_together(clock: ManualClock):
    assert after(["ping\nping\nping"], HyperDeck(clock=clock), clock) == SAID["multiple_replies"]


@pytest.mark.parametrize("name", WISHES)
def test_deck_does_what_the_transcript_wants(name: str, clock: ManualClock):
    options, said = WISHES[name]
    ear = Ear()
    session = dial(HyperDeck(clock=clock, **options), ear)
    assert ask(session, ear, TOLD[name].removesuffix("\n")).partition("\r\n")[0] == said


def test_block_of_the_transcript_is_read_with_its_parameters():
    (request,) = Requests().feed(TOLD["client_multiline"].encode())
    assert request == Request("some phrase", {"item one": "val 1"})


def test_one_line_of_the_transcript_is_read_with_its_parameters():
    (request,) = Requests().feed(TOLD["slot_select_example"].encode())
    assert request == Request("slot select", {"slot id": "2", "video format": "NTSC"})
