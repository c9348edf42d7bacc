"""The simulated CORIOmaster against the transcript, and against a clock turned by hand."""

import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw_sim.coriomaster import CorioMaster, Window
from hw_sim.coriomaster.session import LONGEST, MOST_WAITING, Session
from tests.sim.conftest import Ear, ManualClock

ROWS = json.loads(
    (Path(__file__).parent.parent / "transcripts/coriomaster.json").read_text("utf-8")
)
LINES = {row["name"]: row["ascii"] for row in ROWS}
SAID = {row["name"] for row in ROWS if row["direction"] == "from_device"}

BARE: Mapping[str, Any] = {"windows": {}, "canvases": {}, "presets": {}}
PLAIN: Mapping[str, Any] = {"presets": {}}
TWO = {number: {"input": f"Slot3.In{number}", "width": 0.5, "height": 0.5} for number in (1, 2)}

# What the device answers, what it was, and what it was asked.
DIALOGUES: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "login_rep": ({}, "login_req"),
    "take_query_rep": ({}, "take_query_req"),
    "presetlist_empty_rep": (BARE, "presetlist_empty_req"),
    "presetlist_full_rep": ({}, "presetlist_empty_req"),
    "windows_empty_rep": (BARE, "windows_empty_req"),
    "windows_rep": ({"windows": TWO}, "windows_empty_req"),
    "canvases_empty_rep": (BARE, "canvases_empty_req"),
    "layouts_empty_rep": (BARE, "layouts_empty_req"),
    "window1_rep": ({"windows": TWO}, "window1_req"),
    "window2_rep": ({"windows": TWO}, "window2_req"),
    "serial_rep": ({}, "serial_req"),
    "sw_rep": ({}, "sw_req"),
    "take1_rep": ({}, "take1_req"),
    "win1_set_s3in1_rep": ({}, "win1_set_s3in1_req"),
    "win1_set_s1in1_rep": ({}, "win1_set_s1in1_req"),
    "win2_set_s1in2_rep": ({}, "win2_set_s1in2_req"),
    "reset_rep": ({}, "reset_req"),
}


def dial(device: CorioMaster, ear: Ear, clock: ManualClock) -> Session:
    """A connection past its greeting and login."""
    session = device.converse(ear)
    session.opened()
    clock.advance(1)
    session.receive(LINES["login_req"].encode())
    ear.take()
    return session


def ask(session: Session, ear: Ear, *lines: str) -> list[str]:
    """What the device answers to the last line."""
    for line in lines:
        ear.take()
        session.receive(f"{line}\r\n".encode())
    return ear.take().decode().split("\r\n")[:-1]


@pytest.fixture
def device(clock: ManualClock) -> CorioMaster:
    return CorioMaster(clock=clock)


@pytest.fixture
def session(device: CorioMaster, ear: Ear, clock: ManualClock) -> Session:
    return dial(device, ear, clock)


def sources(device: CorioMaster) -> list[str]:
    return [window.source for window in device.windows()]


def test_every_answer_of_the_transcript_is_tested():
    assert {*DIALOGUES, "banner"} == SAID


@pytest.mark.parametrize("name", DIALOGUES)
@pytest.mark.parametrize("kind", ["tcp", "serial"])
def test_device_answers_as_in_the_transcript(name: str, kind: str, clock: ManualClock):
    options, asked = DIALOGUES[name]
    ear = Ear(kind)
    session = dial(CorioMaster(clock=clock, **options), ear, clock)
    session.receive(LINES[asked].encode())
    assert ear.take().decode() == LINES[name]


def test_reading_an_input_answers_as_setting_it_does(session: Session, ear: Ear):
    session.receive(LINES["win1_input_query"].encode())
    assert ear.take().decode() == LINES["win1_set_s3in1_rep"]


def test_layer_zero_hides_a_window_and_another_shows_it(
    device: CorioMaster, session: Session, ear: Ear
):
    assert ask(session, ear, LINES["win_hide"].strip()) == [
        "Window1.Zorder = 0",
        "!Done Window1.Zorder",
    ]
    assert device.windows() == []
    ask(session, ear, LINES["win_show"].strip())
    assert device.windows() == [Window(1, 0.0, 0.0, 1.0, 1.0, 15, "Slot3.In1")]


# Greeting and login.


def test_greeting_comes_late_and_in_segments(clock: ManualClock, ear: Ear):
    device = CorioMaster(clock=clock, banner_delay=2, banner_chunks=3, banner_gap=1)
    device.converse(ear).opened()
    clock.advance(1.9)
    assert ear.heard == []
    clock.advance(2.1)
    assert len(ear.heard) == 3
    assert ear.take().decode() == LINES["banner"]


def test_what_is_said_before_it_is_ready_is_lost(device: CorioMaster, ear: Ear, clock: ManualClock):
    session = device.converse(ear)
    session.opened()
    session.receive(LINES["login_req"].encode())
    clock.advance(1)
    assert ear.take().decode() == LINES["banner"]
    assert ask(session, ear, "Preset.Take")[0].startswith("!Error -")


def test_greeting_that_is_not_over_yet_does_not_listen(clock: ManualClock, ear: Ear):
    session = CorioMaster(clock=clock, banner_chunks=5, banner_gap=1).converse(ear)
    session.opened()
    clock.advance(2.3)
    session.receive(LINES["login_req"].encode())
    clock.advance(9)
    assert ear.take().decode() == LINES["banner"]


def test_greeting_ends_with_the_connection(device: CorioMaster, ear: Ear, clock: ManualClock):
    session = device.converse(ear)
    session.opened()
    clock.advance(0.25)
    ear.take()
    session.closed()
    clock.advance(5)
    assert ear.take() == b""


def test_login_between_ready_and_the_rest_of_the_greeting_waits_for_that(clock: ManualClock):
    ear = Ear()
    session = CorioMaster(clock=clock, banner_chunks=5, banner_gap=1).converse(ear)
    session.opened()
    clock.advance(3.3)
    assert b"Interface Ready" in b"".join(ear.heard)
    session.receive(LINES["login_req"].encode())
    clock.advance(1)
    assert ear.take().decode() == LINES["banner"] + LINES["login_rep"]


def test_wrong_login_is_an_error_and_keeps_the_socket(
    device: CorioMaster, ear: Ear, clock: ManualClock
):
    session = device.converse(ear)
    session.opened()
    clock.advance(1)
    assert ask(session, ear, "login(admin,guess)")[0].startswith("!Error -")
    assert ask(session, ear, "login(nobody)")[0].startswith("!Error -")
    assert not ear.closed
    assert ask(session, ear, "Login( admin , adminpw )") == ["!Info : User admin Logged In"]


@pytest.mark.parametrize("word", ["logout", "Logout()"])
def test_after_a_logout_nothing_is_answered_but_errors(word: str, session: Session, ear: Ear):
    assert ask(session, ear, word) == ["!Info : User admin Logged Out"]
    for line in ("Windows", "Preset.Take = 2", "System.Reset()", "logout"):
        assert ask(session, ear, line)[0].startswith("!Error -")


def test_serial_port_may_be_open_to_everybody(clock: ManualClock):
    ear = Ear("serial", "tty")
    session = CorioMaster(clock=clock, serial_login=False).converse(ear)
    session.opened()
    assert ask(session, ear, "Preset.Take") == ["Preset.Take = 1", "!Done Preset.Take"]


@pytest.mark.parametrize(
    ("manner", "closed_at_once", "closed_later"),
    [("refuse", True, True), ("close", False, True), ("mute", False, False)],
)
def test_second_client_is_not_served(
    manner: str, closed_at_once: bool, closed_later: bool, clock: ManualClock
):
    device = CorioMaster(clock=clock, second_client=manner)
    first, second, third = Ear(), Ear(), Ear()
    owner = dial(device, first, clock)
    other = device.converse(second)
    other.opened()
    assert second.closed == closed_at_once
    clock.advance(5)
    other.receive(LINES["login_req"].encode())
    assert (second.take(), second.closed) == (b"", closed_later)
    other.closed()
    assert ask(owner, first, "Preset.Take")[-1] == "!Done Preset.Take"
    owner.closed()
    assert ask(dial(device, third, clock), third, "Preset.Take")[-1] == "!Done Preset.Take"


def test_silent_client_is_cut_off(
    device: CorioMaster, session: Session, ear: Ear, clock: ManualClock
):
    clock.advance(290)
    ask(session, ear, "Preset.Take")
    clock.advance(299)
    assert not ear.closed
    clock.advance(2)
    assert ear.closed
    assert not device.taken()


def test_client_may_be_silent_for_ever(clock: ManualClock, ear: Ear):
    dial(CorioMaster(clock=clock, idle_seconds=0), ear, clock)
    clock.advance(86400)
    assert not ear.closed


def test_serial_port_does_not_take_the_place_of_the_client(
    device: CorioMaster, ear: Ear, clock: ManualClock
):
    dial(device, Ear("serial", "tty"), clock)
    assert ask(dial(device, ear, clock), ear, "Preset.Take")[-1] == "!Done Preset.Take"


# Presets.


def test_preset_is_done_at_once_and_shown_when_settled(
    device: CorioMaster, session: Session, ear: Ear, clock: ManualClock
):
    assert ask(session, ear, "Preset.Take = 2") == ["Preset.Take = 2", "!Done Preset.Take"]
    assert ask(session, ear, "preset.take")[0] == "Preset.Take = 2"
    clock.advance(2.9)
    assert sources(device) == ["Slot3.In1"]
    clock.advance(0.2)
    assert sources(device) == ["Slot3.In1", "Slot3.In2", "Slot1.In1", "Slot1.In2"]
    assert device.windows()[3] == Window(4, 0.5, 0.5, 0.5, 0.5, 15, "Slot1.In2")


def test_preset_may_have_its_own_time_to_settle(clock: ManualClock):
    presets = {7: {"name": "Slow", "settle": 15, "windows": {1: {"zorder": 0}}}}
    device = CorioMaster(clock=clock, presets=presets, boot_preset=0)
    device.press_preset(7)
    clock.advance(14.9)
    assert len(device.windows()) == 4
    clock.advance(0.2)
    assert len(device.windows()) == 3


def test_windows_are_read_late_while_a_preset_settles(
    session: Session, ear: Ear, clock: ManualClock
):
    ask(session, ear, "Preset.Take = 2")
    clock.advance(1)
    assert ask(session, ear, "Window1") == []
    assert ask(session, ear, "Preset.Take") == []
    clock.advance(2.1)
    said = ear.take().decode()
    assert "Window1.CanWidth = 1280\r\n" in said
    assert said.endswith("!Done Window1\r\nPreset.Take = 2\r\n!Done Preset.Take\r\n")


def test_commands_wait_in_a_bounded_queue(session: Session, ear: Ear, clock: ManualClock):
    ask(session, ear, "Preset.Take = 2", "Window1")
    session.receive(b"Preset.Take\r\n" * 100)
    clock.advance(10)
    assert ear.take().count(b"!Done Preset.Take") == MOST_WAITING


@pytest.mark.parametrize(
    ("reads", "halfway"), [("old", ["2560", "1280"]), ("mixed", ["1280", "1280"])]
)
def test_windows_may_be_read_old_or_mixed_while_a_preset_settles(
    reads: str, halfway: list[str], clock: ManualClock, ear: Ear
):
    device = CorioMaster(clock=clock, reads_while_settling=reads, settle_seconds=4)
    session = dial(device, ear, clock)
    ask(session, ear, "Preset.Take = 2")
    clock.advance(2)
    widths = [ask(session, ear, f"Window{n}.CanWidth")[0].split()[-1] for n in (1, 2)]
    layers = [ask(session, ear, f"Window{n}.Zorder")[0].split()[-1] for n in (2, 3, 4)]
    assert widths == halfway
    assert layers == (["0", "0", "0"] if reads == "old" else ["15", "0", "0"])
    clock.advance(3)
    assert ask(session, ear, "Window4.Zorder")[0] == "Window4.Zorder = 15"


def test_newer_preset_wins(device: CorioMaster, clock: ManualClock):
    device.press_preset(2)
    clock.advance(2)
    device.press_preset(11)
    clock.advance(2.9)
    assert sources(device) == ["Slot3.In1"]
    clock.advance(0.2)
    assert device.windows() == []


def test_source_set_while_a_preset_settles_stays(
    device: CorioMaster, session: Session, ear: Ear, clock: ManualClock
):
    presets = {1: {"name": "One", "windows": {1: {"input": "Slot2.In1"}}}}
    device = CorioMaster(clock=clock, presets=presets, boot_preset=0)
    device.press_preset(1)
    device.press_source(1, "Slot4.In2")
    clock.advance(5)
    assert sources(device)[0] == "Slot4.In2"


@pytest.mark.parametrize(
    "line",
    [
        "Preset.Take = 4",
        "Preset.Take = x",
        "Preset.Take =",
        "Window1.Input = Slot9.In9",
        "Window1.Zorder = -1",
        "Window1.CanWidth = 100",
        "Window9",
        "Window9.Input = Slot1.In1",
        "Window1.Colour",
        "CORIOmax.Serial_Number = 1",
        "Nonsense",
        "Nonsense()",
        "StartBatch()",
        "Window1.FTB",
    ],
)
def test_mistakes_are_errors_without_a_path(line: str, session: Session, ear: Ear):
    said = ask(session, ear, line)
    assert len(said) == 1
    assert said[0].startswith("!Error -")


def test_source_may_be_none(device: CorioMaster, session: Session, ear: Ear):
    assert ask(session, ear, "window1.input = null")[0] == "Window1.Input = NULL"
    assert sources(device) == [""]


def test_branches_lead_to_the_inputs(session: Session, ear: Ear):
    assert "Slots.Slot3 = <...>" in ask(session, ear, "Slots")
    assert ask(session, ear, "slot3") == ["Slot3.In1 = <...>", "Slot3.In2 = <...>", "!Done Slot3"]
    assert ask(session, ear, "Slot3.In1")[-1] == "!Done Slot3.In1"


# CALICO.


def test_batch_puts_changes_off_and_not_reads(clock: ManualClock, ear: Ear):
    device = CorioMaster("calico", clock=clock)
    session = dial(device, ear, clock)
    assert ask(session, ear, "StartBatch()") == ["!Done StartBatch()"]
    ask(session, ear, "Window1.Input = Slot4.In2", "Window1.FTB = 256")
    assert ask(session, ear, "Window1.Input")[0] == "Window1.Input = Slot3.In1"
    assert ask(session, ear, "EndBatch()") == ["!Done EndBatch()"]
    assert ask(session, ear, "Window1.Input")[0] == "Window1.Input = Slot4.In2"
    assert ask(session, ear, "Window1.FTB")[0] == "Window1.FTB = 256"


# What comes unasked, what comes slowly.


def test_presses_are_told_to_whoever_is_logged_in(device: CorioMaster, session: Session, ear: Ear):
    device.press("preset", number=2)
    device.press("source", window=1, input="Slot4.In2")
    assert ear.take() == b"!Event : Preset.Take = 2\r\n!Event : Window1.Input = Slot4.In2\r\n"
    ask(session, ear, "logout")
    device.press("preset", number=1)
    assert ear.take() == b""


def test_long_replies_may_be_slow_with_events_between_their_lines(clock: ManualClock, ear: Ear):
    device = CorioMaster(clock=clock, tree_delay=6)
    session = dial(device, ear, clock)
    session.receive(b"Window1\r\n")
    clock.advance(1.5)
    device.press_source(2, "Slot4.In1")
    clock.advance(4.4)
    said = ear.take().split(b"\r\n")[:-1]
    assert [line[:6] for line in said] == [b"Window", b"Window", b"!Event", *[b"Window"] * 4]
    clock.advance(0.2)
    assert ear.take() == b"!Done Window1\r\n"


def test_next_command_is_answered_after_the_long_reply(clock: ManualClock, ear: Ear):
    session = dial(CorioMaster(clock=clock, tree_delay=6), ear, clock)
    session.receive(b"Window1\r\nWindow2\r\nPreset.Take\r\n")
    clock.advance(13)
    said = [line for line in ear.take().decode().split("\r\n") if line.startswith("!")]
    assert said == ["!Done Window1", "!Done Window2", "!Done Preset.Take"]


def test_event_may_stand_inside_every_long_reply(clock: ManualClock, ear: Ear):
    session = dial(CorioMaster(clock=clock, event_inside="Hello"), ear, clock)
    assert ask(session, ear, "Window1")[1] == "!Event : Hello"
    assert ask(session, ear, "Preset.Take") == ["Preset.Take = 1", "!Done Preset.Take"]


# Faults and power.


def test_refusing_it_says_error_and_ignoring_it_says_done(
    device: CorioMaster, session: Session, ear: Ear, clock: ManualClock
):
    device.faults.set("refuses", times=1)
    assert ask(session, ear, "Preset.Take = 2")[0].startswith("!Error -")
    device.faults.set("ignores")
    for line in ("Preset.Take = 2", "Window1.Input = Slot4.In2", "System.Reset()"):
        assert ask(session, ear, line)[-1].startswith(("!Done", "!Info"))
    clock.advance(10)
    assert sources(device) == ["Slot3.In1"]
    assert device.truth()["preset"] == 1
    assert not ear.closed


def test_busy_it_answers_late_and_in_order(
    device: CorioMaster, session: Session, ear: Ear, clock: ManualClock
):
    device.faults.set("busy", 2, times=1)
    assert ask(session, ear, "Preset.Take = 2") == []
    assert ask(session, ear, "CORIOmax.Serial_Number") == []
    clock.advance(2)
    assert [line for line in ear.take().decode().split("\r\n") if line.startswith("!")] == [
        "!Done Preset.Take",
        "!Done CORIOmax.Serial_Number",
    ]


def test_reset_hangs_up_and_starts_afresh(
    device: CorioMaster, session: Session, ear: Ear, clock: ManualClock
):
    ask(session, ear, "Window1.Input = Slot4.In2", "Preset.Take = 2")
    assert ask(session, ear, "System.Reset()") == ["!Info: Rebooting..."]
    clock.advance(1)
    assert (ear.closed, device.windows(), device.truth()["booting"]) == (True, [], True)
    early = Ear()
    device.converse(early).opened()
    assert early.closed
    clock.advance(60)
    late = Ear()
    assert ask(dial(device, late, clock), late, "Preset.Take")[0] == "Preset.Take = 1"
    assert sources(device) == ["Slot3.In1"]


def test_serial_port_is_logged_out_by_a_reboot(device: CorioMaster, clock: ManualClock):
    ear = Ear("serial", "tty")
    session = dial(device, ear, clock)
    device.reboot()
    assert ask(session, ear, "Preset.Take") == []
    clock.advance(61)
    assert ask(session, ear, "Preset.Take")[0].startswith("!Error -")


def test_fault_rebooting_hangs_up(device: CorioMaster, session: Session, ear: Ear):
    device.faults.set("rebooting")
    assert ear.closed
    assert (ask(session, ear, "Preset.Take"), ear.closed) == ([], True)


@pytest.mark.parametrize(
    "options",
    [
        {"second_client": "kick"},
        {"reads_while_settling": "fast"},
        {"windows": {1: {"colour": 1}}},
        {"windows": {1: {"input": "Slot9.In9"}}},
        {"presets": {1: {"name": "x", "windows": {1: {"colour": 1}}}}},
        {"presets": {1: {"name": "x", "windows": {1: {"input": "Slot9.In9"}}}}},
        {"boot_preset": 5},
    ],
)
def test_impossible_settings_are_refused(options: Mapping[str, Any], clock: ManualClock):
    with pytest.raises(ValueError, match=r"."):
        CorioMaster(clock=clock, **options)


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("preset", {"number": 4}),
        ("source", {"window": 9, "input": "Slot1.In1"}),
        ("source", {"window": 1, "input": "Slot9.In9"}),
    ],
)
def test_impossible_presses_are_refused(
    action: str, arguments: Mapping[str, object], device: CorioMaster
):
    with pytest.raises(ValueError, match="no "):
        device.press(action, **arguments)


# Any bytes.

ASKED = "".join(
    row["ascii"] for row in ROWS if row["direction"] == "to_device" and row["name"] != "reset_req"
).encode()


@given(cuts=st.lists(st.integers(0, len(ASKED)), max_size=8))
@settings(max_examples=40, deadline=None)
def test_any_cut_of_the_bytes_gives_the_same_answers(cuts: list[int]):
    def said(*chunks: bytes) -> bytes:
        ear, clock = Ear(), ManualClock()
        session = CorioMaster(clock=clock).converse(ear)
        session.opened()
        clock.advance(1)
        for chunk in chunks:
            session.receive(chunk)
        clock.advance(60)
        return ear.take()

    places = [0, *sorted(cuts), len(ASKED)]
    assert said(*(ASKED[start:end] for start, end in pairwise(places))) == said(ASKED)


WORDS = [
    "login",
    "(",
    ")",
    "admin",
    ",",
    "Window1",
    ".Input",
    " = ",
    "Preset.Take",
    "9" * 5000,
    "\n",
]


@given(
    st.lists(
        st.binary(max_size=80)
        | st.lists(st.sampled_from(WORDS)).map(lambda words: "".join(words).encode()),
        max_size=30,
    )
)
@settings(max_examples=60, deadline=None)
def test_garbage_never_raises_and_is_not_kept(chunks: list[bytes]):
    for kind in ("tcp", "serial"):
        ear, clock = Ear(kind), ManualClock()
        session = dial(CorioMaster(clock=clock), ear, clock)
        for chunk in chunks:
            session.receive(chunk)
            assert len(session._line) <= LONGEST
            assert len(session._waiting) <= MOST_WAITING
        clock.advance(100)
