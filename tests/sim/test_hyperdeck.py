"""The simulated HyperDeck: what it records, what it tells unasked, and to whom."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.hyperdeck import HyperDeck
from hw_sim.hyperdeck.timecode import written
from hw_sim.hyperdeck.wire import LONGEST, MOST, Requests
from hw_sim.simulator import Conversation
from tests.sim.conftest import Ear, ManualClock


def made(clock: ManualClock, **options: Any) -> tuple[HyperDeck, Any, Ear]:
    deck, ear = HyperDeck(clock=clock, **options), Ear()
    return deck, dial(deck, ear), ear


def dial(deck: HyperDeck, ear: Ear) -> Conversation:
    session = deck.converse(ear)
    session.opened()
    return session


def ask(session: Conversation, ear: Ear, text: str) -> str:
    """All that is said at once to a request."""
    ear.take()
    session.receive(f"{text}\n".encode())
    return ear.take().decode()


def field(said: str, key: str) -> str:
    (value,) = (line[len(key) + 2 :] for line in said.split("\r\n") if line.startswith(f"{key}: "))
    return value


def codes(said: bytes) -> list[str]:
    return [line[:3] for line in said.decode().split("\r\n") if line[:3].isdigit()]


# Recording.


def test_recording_begins_a_while_after_the_ok(clock: ManualClock):
    deck, session, ear = made(clock)
    assert ask(session, ear, "record: name: ROOM1") == "200 ok\r\n"
    assert field(ask(session, ear, "transport info"), "status") == "preview"
    clock.advance(0.5)
    assert field(ask(session, ear, "transport info"), "status") == "record"
    assert deck.truth()["recording"] is not None


def test_timecode_runs_and_room_falls_while_it_records(clock: ManualClock):
    _, session, ear = made(clock, roll_seconds=0)
    ask(session, ear, "record")
    clock.advance(10)
    assert field(ask(session, ear, "transport info"), "timecode") == "00:00:10:00"
    assert field(ask(session, ear, "transport info"), "display timecode") == "10:00:10:00"
    assert field(ask(session, ear, "slot info"), "recording time") == "7190"
    assert field(ask(session, ear, "slot info: slot id: 2"), "recording time") == "7200"


def test_running_timecode_and_uptime_begin_with_the_first_client(clock: ManualClock):
    clock.advance(5000)
    _, session, ear = made(clock, roll_seconds=0)
    ask(session, ear, "record")
    clock.advance(10)
    assert field(ask(session, ear, "transport info"), "display timecode") == "10:00:10:00"
    assert field(ask(session, ear, "uptime"), "uptime") == "10"


def test_clip_is_there_after_the_stop_with_its_name_length_and_source(clock: ManualClock):
    deck, session, ear = made(clock, roll_seconds=0)
    deck.feed("SDI", "podium-camera")
    ask(session, ear, "record: name: ROOM1")
    clock.advance(20)
    deck.feed("SDI", "laptop")
    clock.advance(10)
    assert ask(session, ear, "clips get") == "107 timeline empty\r\n"
    assert ask(session, ear, "stop") == "200 ok\r\n"
    assert "1: ROOM1 0001 00:00:00:00 00:00:30:00\r\n" in ask(session, ear, "clips get")
    assert field(ask(session, ear, "clips count"), "clip count") == "1"
    slots: Any = deck.truth()["slots"]
    assert slots["1"]["clips"] == [
        {"name": "ROOM1 0001", "seconds": 30, "sources": [[0.0, "podium-camera"], [20, "laptop"]]}
    ]
    assert slots["1"]["seconds_left"] == 7170


def test_second_clip_of_a_name_has_the_next_number(clock: ManualClock):
    _, session, ear = made(clock, roll_seconds=0)
    for _ in range(2):
        ask(session, ear, "record: name: ROOM1")
        clock.advance(1)
        ask(session, ear, "stop")
    assert "2: ROOM1 0002 00:00:01:00 00:00:01:00\r\n" in ask(session, ear, "clips get")


@pytest.mark.parametrize("status", ["preview", "stopped"])
def test_stop_returns_to_where_the_recording_began(clock: ManualClock, status: str):
    deck, session, ear = made(clock, starts_in=status)
    ask(session, ear, "record")
    clock.advance(5)
    ask(session, ear, "stop")
    assert deck.truth()["status"] == status


def test_stop_before_the_recording_has_begun_leaves_no_clip(clock: ManualClock):
    deck, session, ear = made(clock)
    ask(session, ear, "record")
    assert ask(session, ear, "stop") == "200 ok\r\n"
    clock.advance(5)
    assert deck.truth()["status"] == "preview"
    assert field(ask(session, ear, "clips count"), "clip count") == "0"


def test_full_medium_lets_the_recording_go_on_in_the_other_slot(clock: ManualClock):
    deck, session, ear = made(clock, roll_seconds=0, slots={1: {"seconds": 60}})
    ask(session, ear, "notify: transport: true slot: true")
    ask(session, ear, "record: name: A")
    clock.advance(59.9)
    ear.take()
    clock.advance(0.2)
    said = ear.take()
    assert codes(said) == ["502", "502", "508"]
    assert b"slot id: 1\r\nstatus: mounted\r\nvolume name: MEDIA1\r\nrecording time: 0" in said
    assert field(ask(session, ear, "transport info"), "slot id") == "2"
    clock.advance(9.9)
    ask(session, ear, "stop")
    slots: Any = deck.truth()["slots"]
    assert [clip["seconds"] for clip in slots["1"]["clips"]] == pytest.approx([60])
    assert [clip["seconds"] for clip in slots["2"]["clips"]] == pytest.approx([10])


def test_full_medium_has_no_room_left_whatever_the_fractions(clock: ManualClock):
    clock.advance(0.1)
    deck, session, ear = made(clock, roll_seconds=0, slots={1: {"seconds": 4.0}, 2: None})
    ask(session, ear, "record")
    clock.advance(61)
    slots: Any = deck.truth()["slots"]
    assert slots["1"]["seconds_left"] == 0


def test_full_medium_without_another_ends_the_recording(clock: ManualClock):
    deck, session, ear = made(clock, roll_seconds=0, slots={1: {"seconds": 60}, 2: None})
    ask(session, ear, "record")
    clock.advance(61)
    assert deck.truth()["status"] == "preview"
    assert ask(session, ear, "record") == "104 disk full\r\n"


def test_spill_goes_on_in_the_slot_that_is_named(clock: ManualClock):
    deck, session, ear = made(clock, roll_seconds=0)
    assert ask(session, ear, "record spill: slot id: 2") == "150 invalid state\r\n"
    ask(session, ear, "record")
    clock.advance(5)
    assert ask(session, ear, "record spill: slot id: 1") == "105 no disk\r\n"
    assert ask(session, ear, "record spill: slot id: 2") == "200 ok\r\n"
    recording: Any = deck.truth()["recording"]
    assert recording["slot"] == 2


def test_pulled_medium_ends_and_loses_the_recording(clock: ManualClock):
    deck, session, ear = made(clock, roll_seconds=0)
    ask(session, ear, "notify: transport: true slot: true")
    ask(session, ear, "record")
    clock.advance(3)
    ear.take()
    deck.press("eject", slot=1)
    said = ear.take().decode()
    assert said.startswith("502 slot info:\r\nslot id: 1\r\nstatus: empty\r\n\r\n508 ")
    assert field(said.partition("508")[2], "status") == "stopped"
    assert deck.truth()["cut_recordings"] == 1
    assert ask(session, ear, "record") == "105 no disk\r\n"


def test_other_medium_can_be_pulled_while_it_records(clock: ManualClock):
    deck, session, ear = made(clock, roll_seconds=0)
    ask(session, ear, "record")
    clock.advance(3)
    deck.press("eject", slot=2)
    assert (deck.truth()["status"], deck.truth()["cut_recordings"]) == ("record", 0)


def test_lost_signal_is_on_the_clip_and_does_not_end_it(clock: ManualClock):
    deck, session, ear = made(clock, roll_seconds=0)
    ask(session, ear, "record")
    clock.advance(3)
    deck.press("signal", input="SDI", present=False)
    recording: Any = deck.truth()["recording"]
    assert recording["sources"] == [[0.0, "SDI"], [3, None]]


def test_preview_off_ends_a_recording_and_on_does_not(clock: ManualClock):
    deck, session, ear = made(clock, roll_seconds=0)
    ask(session, ear, "record")
    clock.advance(3)
    ask(session, ear, "preview: enable: true")
    assert deck.truth()["status"] == "record"
    assert ask(session, ear, "preview: enable: false") == "200 ok\r\n"
    assert deck.truth()["status"] == "stopped"
    assert field(ask(session, ear, "clips count"), "clip count") == "1"


def test_mains_cut_loses_the_recording_and_keeps_the_clips_before(clock: ManualClock):
    deck, session, ear = made(clock, roll_seconds=0)
    ask(session, ear, "record")
    clock.advance(5)
    ask(session, ear, "stop")
    ask(session, ear, "record")
    clock.advance(5)
    deck.press("mains_off")
    deck.press("mains_on")
    clock.advance(20)
    slots: Any = deck.truth()["slots"]
    assert (len(slots["1"]["clips"]), slots["1"]["seconds_left"]) == (1, 7190)
    assert (deck.truth()["cut_recordings"], deck.truth()["status"]) == (1, "preview")
    ear = Ear()
    assert field(ask(dial(deck, ear), ear, "uptime"), "uptime") == "0"


# Playing.

CLIPS = {"slots": {1: {"clips": {"a": 10, "b": 20}}}}


def test_playback_ends_at_the_end_of_the_timeline(clock: ManualClock):
    _, session, ear = made(clock, **CLIPS)
    ask(session, ear, "play")
    clock.advance(15)
    said = ask(session, ear, "transport info")
    assert (field(said, "timecode"), field(said, "clip id")) == ("00:00:15:00", "2")
    clock.advance(15)
    said = ask(session, ear, "transport info")
    assert (field(said, "status"), field(said, "timecode")) == ("stopped", "00:00:30:00")


def test_loop_begins_anew_and_single_clip_stays_in_its_clip(clock: ManualClock):
    _, session, ear = made(clock, **CLIPS)
    ask(session, ear, "goto: clip id: 2")
    ask(session, ear, "play: speed: 200 loop: true single clip: true")
    clock.advance(12)
    said = ask(session, ear, "transport info")
    assert (field(said, "status"), field(said, "timecode")) == ("play", "00:00:14:00")


def test_shuttle_runs_backwards_to_the_beginning(clock: ManualClock):
    _, session, ear = made(clock, **CLIPS)
    ask(session, ear, "goto: clip id: 2")
    assert ask(session, ear, "shuttle: speed: -500") == "200 ok\r\n"
    clock.advance(1)
    assert field(ask(session, ear, "transport info"), "timecode") == "00:00:05:00"
    clock.advance(1)
    said = ask(session, ear, "transport info")
    assert (field(said, "status"), field(said, "timecode")) == ("stopped", "00:00:00:00")


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ("shuttle: speed: 0", "100 syntax error"),
        ("play: speed: 1601", "109 out of range"),
        ("play: speed: fast", "102 invalid value"),
        ("goto: clip id: 3", "109 out of range"),
        ("goto", "102 invalid value"),
        ("slot select: slot id: 3", "109 out of range"),
        ("slot select: video format: 405", "102 invalid value"),
        ("record: loudly", "100 syntax error"),
        ("watchdog", "102 invalid value"),
        ("configuration: video input: component", "102 invalid value"),
        ("play on startup", "100 syntax error"),
    ],
)
def test_what_cannot_be_is_refused(clock: ManualClock, request_: str, said: str):
    _, session, ear = made(clock, **CLIPS)
    assert ask(session, ear, request_) == f"{said}\r\n"


@pytest.mark.parametrize(
    "request_",
    ["record", "play", "goto: clip id: 1", "slot select: slot id: 2", "format: prepare: exFAT",
     "configuration: video input: HDMI"],
)  # fmt: skip
def test_recording_deck_does_nothing_else(clock: ManualClock, request_: str):
    _, session, ear = made(clock, roll_seconds=0, **CLIPS)
    ask(session, ear, "record")
    clock.advance(1)
    assert ask(session, ear, request_) == "150 invalid state\r\n"


# What it tells unasked.


def test_nothing_is_told_unasked_unless_it_was_wanted(clock: ManualClock):
    deck, session, ear = made(clock)
    ask(session, ear, "record")
    clock.advance(10)
    deck.press("stop")
    deck.press("remote", on=False)
    deck.press("input", input="HDMI")
    assert ear.take() == b""


def test_changes_at_the_front_are_told(clock: ManualClock):
    deck, session, ear = made(clock, roll_seconds=0)
    ask(session, ear, "notify: transport: true remote: true configuration: true")
    deck.press("record")
    clock.advance(1)
    deck.press("stop")
    deck.press("input", input="HDMI")
    deck.press("remote", on=False)
    assert codes(ear.take()) == ["508", "508", "511", "510"]


def test_change_by_a_request_is_told_after_its_reply(clock: ManualClock):
    _, session, ear = made(clock, roll_seconds=0)
    ask(session, ear, "notify: transport: true slot: true")
    ask(session, ear, "record")
    clock.advance(1)
    assert codes(ask(session, ear, "stop").encode()) == ["200", "502", "508"]


def test_slot_is_told_every_two_seconds_while_it_records(clock: ManualClock):
    _, session, ear = made(clock, roll_seconds=0, partial_async=True)
    ask(session, ear, "notify: slot: true")
    ask(session, ear, "record")
    clock.advance(4.5)
    assert ear.take().decode() == (
        "502 slot info:\r\nslot id: 1\r\nrecording time: 7198\r\n\r\n"
        "502 slot info:\r\nslot id: 1\r\nrecording time: 7196\r\n\r\n"
    )


def test_recording_of_less_than_a_frame_is_told_of_once(clock: ManualClock):
    _, session, ear = made(clock, roll_seconds=0)
    ask(session, ear, "notify: transport: true")
    ask(session, ear, "record")
    clock.advance(0.01)
    assert codes(ask(session, ear, "stop").encode()) == ["200", "508"]
    clock.advance(1)
    assert ear.take() == b""


def test_changes_are_told_against_the_state_of_the_last_start(clock: ManualClock):
    deck, session, ear = made(clock, roll_seconds=0, partial_async=True)
    deck.press("record")
    clock.advance(1)
    deck.reboot()
    clock.advance(20)
    session = dial(deck, ear)
    ask(session, ear, "notify: transport: true")
    deck.press("record")
    clock.advance(1)
    assert ear.take().decode() == "508 transport info:\r\nstatus: record\r\n\r\n"


# Clients.


def test_deck_talks_to_as_many_clients_as_the_option_says(clock: ManualClock):
    deck, _, first = made(clock, clients=2)
    ears = [Ear(), Ear()]
    for ear in ears:
        dial(deck, ear)
    assert [ear.closed for ear in (first, *ears)] == [False, False, True]


def test_gone_client_makes_room(clock: ManualClock):
    deck, session, ear = made(clock)
    ask(session, ear, "quit")
    session.closed()
    after = Ear()
    dial(deck, after)
    assert (ear.closed, codes(after.take())) == (True, ["500"])


def test_busy_deck_sends_new_clients_away(clock: ManualClock):
    deck, ear = HyperDeck(clock=clock), Ear()
    deck.faults.set("busy")
    dial(deck, ear)
    assert (ear.take(), ear.closed) == (b"120 connection rejected\r\n", True)


def test_watchdog_hangs_up_after_so_many_seconds_of_silence(clock: ManualClock):
    _, session, ear = made(clock)
    ask(session, ear, "watchdog: period: 6")
    clock.advance(5)
    ask(session, ear, "ping")
    clock.advance(5.9)
    assert not ear.closed
    clock.advance(0.1)
    assert ear.closed


def test_watchdog_of_no_seconds_lets_everybody_stay(clock: ManualClock):
    _, session, ear = made(clock)
    ask(session, ear, "watchdog: period: 6")
    ask(session, ear, "watchdog: period: 0")
    clock.advance(1000)
    assert not ear.closed


def test_rem_key_forbids_changes_and_override_lasts_as_long_as_the_connection(clock: ManualClock):
    deck, session, ear = made(clock, remote=False)
    assert (
        ask(session, ear, "configuration: video input: HDMI") == "111 remote control disabled\r\n"
    )
    assert codes(ask(session, ear, "configuration").encode()) == ["211"]
    assert ask(session, ear, "remote: override: true") == "200 ok\r\n"
    assert ask(session, ear, "configuration: video input: HDMI") == "200 ok\r\n"
    assert field(ask(session, ear, "remote"), "override") == "true"
    session.closed()
    ear = Ear()
    assert ask(dial(deck, ear), ear, "record") == "111 remote control disabled\r\n"


def test_new_codec_may_restart_the_deck(clock: ManualClock):
    deck, session, ear = made(clock, reboot_on_codec=True)
    assert (
        ask(session, ear, "configuration: file format: QuickTimeProRes") == "213 deck rebooting\r\n"
    )
    assert (ear.closed, deck.is_running) == (True, False)
    clock.advance(20)
    ear = Ear()
    said = ask(dial(deck, ear), ear, "configuration")
    assert field(said, "file format") == "QuickTimeProRes"


def test_same_codec_restarts_nothing(clock: ManualClock):
    _, session, ear = made(clock, reboot_on_codec=True)
    assert ask(session, ear, "configuration: file format: QuickTimeProResHQ") == "200 ok\r\n"


def test_formatting_wipes_the_medium_and_takes_its_time(clock: ManualClock):
    deck, session, ear = made(clock, **CLIPS)
    ask(session, ear, "format: prepare: exFAT")
    assert ask(session, ear, f"format: confirm: {deck.token}") == "200 ok\r\n"
    assert field(ask(session, ear, "slot info"), "status") == "mounting"
    clock.advance(10)
    assert field(ask(session, ear, "slot info"), "recording time") == "7230"
    assert field(ask(session, ear, "clips count"), "clip count") == "0"


def test_commands_are_listed_as_one_block_of_xml(clock: ManualClock):
    _, session, ear = made(clock)
    said = ask(session, ear, "commands")
    assert said.startswith("212 commands:\r\n<commands>")
    assert said.index("\r\n\r\n") == len(said) - 4


def test_disk_list_tells_all_clips_of_a_slot(clock: ManualClock):
    _, session, ear = made(clock, **CLIPS)
    said = ask(session, ear, "disk list: slot id: 1")
    assert "2: b QuickTimeProResHQ 1080p25 00:00:20:00\r\n" in said
    assert ask(session, ear, "disk list: slot id: 9") == "109 out of range\r\n"


# Faults.


def test_refusing_deck_still_tells(clock: ManualClock):
    deck, session, ear = made(clock)
    deck.faults.set("refuses")
    assert ask(session, ear, "record") == "150 invalid state\r\n"
    assert codes(ask(session, ear, "transport info").encode()) == ["208"]


def test_ignoring_deck_says_ok_and_records_nothing(clock: ManualClock):
    deck, session, ear = made(clock)
    deck.faults.set("ignores")
    assert ask(session, ear, "record") == "200 ok\r\n"
    clock.advance(5)
    assert deck.truth()["status"] == "preview"


# Timecode.


@pytest.mark.parametrize(
    ("seconds", "video", "drop", "said"),
    [
        (0, "PAL", False, "00:00:00:00"),
        (3661.48, "1080p25", False, "01:01:01:12"),
        (1, "720p50", False, "00:00:01:00"),
        (60.06, "1080p2997", True, "00:01:00;02"),
        (60.02, "1080p2997", True, "00:00:59;28"),
        (600.6, "1080p2997", True, "00:10:00;18"),
        (86400, "PAL", False, "00:00:00:00"),
    ],
)
def test_timecode_counts_frames(seconds: float, video: str, drop: bool, said: str):
    assert written(seconds, video, drop=drop) == said


# Whatever comes.

PIECES = st.lists(
    st.sampled_from(
        ["ping", "transport info", "notify:\r\nslot: true\r\n", "record", "stop", "", "a: b: c", "é" * 600]
    ),
    max_size=12,
)  # fmt: skip


@given(PIECES, st.lists(st.integers(1, 30), max_size=20))
def test_any_cut_of_the_bytes_gives_the_same_answers(lines: list[str], cuts: list[int]):
    data = "".join(f"{line}\r\n" for line in lines).encode()
    _, whole, ear = made(ManualClock())
    whole.receive(data)
    wanted = ear.take()
    _, cut, ear = made(ManualClock())
    for size in cuts:
        cut.receive(data[:size])
        data = data[size:]
    cut.receive(data)
    assert ear.take() == wanted


@given(st.lists(st.binary(max_size=300) | st.text(max_size=50).map(str.encode), max_size=10))
def test_garbage_never_raises(chunks: list[bytes]):
    _, session, ear = made(ManualClock())
    for chunk in chunks:
        session.receive(chunk + b"\n")
    assert codes(ear.take())


def test_endless_line_and_endless_block_do_not_fill_the_memory():
    requests = Requests()
    for _ in range(100):
        list(requests.feed(b"x" * 10_000))
    assert len(requests._line) <= LONGEST
    list(requests.feed(b"\nblock:\n"))
    said = list(requests.feed(b"".join(b"key %d: value\n" % n for n in range(10 * MOST))))
    assert said
    assert [each.name for each in said[:1]] == [""]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("slots", {1: {"secs": 3}}),
        ("slots", {4: {}}),
        ("slots", {1: "full"}),
        ("slot", 3),
        ("video_format", "405"),
        ("inputs", ["SCART"]),
        ("slot_notify_seconds", 0),
        ("remote", "on"),
        ("roll_seconds", -1),
    ],
)
def test_option_without_a_meaning_is_refused(option: str, value: Any):
    with pytest.raises(ValueError, match=option[:4]):
        HyperDeck(**{option: value})


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("eject", {"slot": 3}),
        ("insert", {"slot": 1, "seconds": -1}),
        ("input", {"input": "SCART"}),
        ("signal", {"input": "SCART", "present": True}),
        ("remote", {"on": 1}),
    ],
)
def test_press_without_a_meaning_is_refused(action: str, arguments: dict[str, Any]):
    with pytest.raises(ValueError, match=r"."):
        HyperDeck().press(action, **arguments)
