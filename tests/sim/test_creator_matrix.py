"""The simulated CREATOR 2.0 matrix switcher: its dialects, its ties, its front."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.creator_matrix import CreatorMatrix
from hw_sim.creator_matrix.wire import LONGEST, Commands
from tests.sim.conftest import Ear, ManualClock
from tests.sim.power_rig import dial, rows, wire

TOLD = rows("creator_matrix")


class Rig:
    """A switcher, and a controller on its serial line."""

    def __init__(self, clock: ManualClock, model: str = "cross", **options: Any) -> None:
        self.clock, self.matrix = clock, CreatorMatrix(model, clock=clock, **options)
        self.ear = Ear("serial", "serial")
        self.session = dial(self.matrix, self.ear)

    def tell(self, data: bytes) -> bytes:
        self.ear.take()
        self.session.receive(data)
        return self.ear.take()

    def ask(self, text: str) -> list[str]:
        """The lines that come at once."""
        return self.tell(text.encode()).decode("latin-1").split("\r\n")[:-1]

    def shows(self, *outputs: int) -> list[int]:
        return [self.matrix.shows(output) for output in outputs]

    def sounds(self, *outputs: int) -> list[int]:
        return [self.matrix.sounds(output) for output in outputs]


@pytest.fixture
def rig(clock: ManualClock) -> Rig:
    return Rig(clock)


# The transcript. First what answers a line of it; the model is the one whose manual the line is from.

PREFIX = "creator_ptn_"
SAYS: dict[str, tuple[str, dict[str, Any], list[str], str]] = {
    "type": ("fmx", {}, [], "type_reply"),
    "version": ("fmx", {}, [], "version_reply"),
    "lock": ("intelix", {}, [], "lock_reply"),
    "unlock": ("intelix", {}, ["/%Lock;"], "unlock_reply"),
    "message_off": ("fmx", {}, [], "message_off_reply"),
    "message_on": ("fmx", {}, ["/:MessageOff;"], "message_on_reply"),
    "bell_off": ("cross", {}, [], "bell_off_reply"),
    "bell_on": ("cross", {}, [], "bell_on_reply"),
    "undo": ("kensence", {}, [], "undo_reply"),
    "in1_to_all": ("intelix", {}, [], "in1_to_all_reply"),
    "all_through": ("intelix", {}, [], "all_through_reply"),
    "all_close": ("intelix", {}, [], "all_close_reply"),
    "all_open": ("intelix", {}, [], "all_open_reply"),
    "out1_through": ("intelix", {}, [], "out1_through_reply"),
    "out1_close": ("fmx", {}, [], "out1_close_reply"),
    "out1_open": ("intelix", {}, [], "out1_open_reply"),
    "pyb_route_1_1": ("blackbird", {}, [], "pyb_route_1_1_reply"),
    "pyb_route_8_1": ("blackbird", {"names_output": 5}, [], "pyb_route_8_1_reply"),
    "status_zone1": ("blackbird", {}, ["2B1."], "status_zone1_reply"),
    "pyb_all": ("blackbird", {}, [], "pyb_all_reply"),
    "pyb_lock": ("blackbird", {}, [], "pyb_lock_reply"),
    "pyb_unlock": ("blackbird", {}, ["/%Lock;"], "pyb_unlock_reply"),
    "lock_status": ("blackbird", {}, ["/%Lock;"], "lock_status_reply"),
    "save_2": ("intelix", {}, [], "save_2_reply"),
    "recall_2": ("intelix", {}, ["Save2."], "recall_2_reply"),
    "clear_2": ("intelix", {}, [], "clear_2_reply"),
    "power_on": ("intelix", {}, ["PWOFF."], "power_on_reply"),
    "power_off": ("intelix", {}, [], "power_off_reply"),
    "edid_copy": ("intelix", {}, [], "edid_copy_reply"),
}
# What is said, and to what.
SAID: dict[str, tuple[str, dict[str, Any], list[str], str]] = {
    "message_off_creator_reply": ("cross", {}, [], "/:MessageOff;"),
    "switch_ok_short": ("cross", {}, ["/:MessageOff;"], "1V2."),
    "out1_close_intelix": ("intelix", {}, [], "1$."),
    "route_reply_creator": ("cross", {}, [], "1B2."),
    "route_reply_fmx": ("fmx", {}, [], "1B7."),
    "route_reply_intelix": ("intelix", {}, [], "1B2."),
    "route_reply_ptn_mmx88a_v": ("mmx88a", {}, [], "1V2."),
    "route_reply_ptn_mmx88a_a": ("mmx88a", {}, [], "6A2."),
    "route_reply_ptn_mmx1616": ("mmx1616", {}, [], "1B2."),
    "route_reply_kensence": ("kensence", {}, [], "1V1."),
    "route_reply_aurora": ("aurora", {}, [], "1A2."),
    "route_reply_blackbird": ("blackbird", {}, [], "1B1."),
    "lock_status_off": ("blackbird", {}, [], "%9961."),
    "status_off_output": ("blackbird", {"no_infrared": True}, ["1$."], "Status1."),
}
# What is sent, and which text comes.
SENT: dict[str, tuple[str, str]] = {
    "extron_compat": ("cross", ""),
    "creator_compat": ("cross", ""),
    "backlight": ("cross", ""),
    "factory_reset": ("intelix", ""),
    "v_1_2": ("cross", "V:1->2\r\n"),
    "v_1_multi": ("cross", "V:1->2\r\nV:1->3\r\nV:1->5\r\n"),
    "a_1_2": ("cross", "A:1->2\r\n"),
    "b_1_2": ("cross", "AV:1->2\r\n"),
    "b_1_multi": ("cross", "AV:1->2\r\nAV:1->3\r\nAV:1->5\r\n"),
    "status_one_creator": ("cross", "AV:1->1\r\n"),
    "hdcp_on": ("intelix", "HDCPON\r\n"),
    "edid_init": ("intelix", "EDIDMInit\r\n"),
}
ELSEWHERE = {
    "status_all", "status_all_line_v", "status_all_line_a", "forbid", "forbid_reply",
    "out_table_head", "out_table_row",
}  # fmt: skip
# Lines that no device sends: what a driver has to reject.
NEVER = {"status_broken_line", "status_blank_lines"}


def line(name: str) -> bytes:
    return wire(TOLD[PREFIX + name])


def test_every_line_of_the_transcript_is_tested():
    replies = {reply for *_, reply in SAYS.values()}
    names = {*SAYS, *replies, *SAID, *SENT, *ELSEWHERE, *NEVER}
    assert {PREFIX + name for name in names} == set(TOLD)


@pytest.mark.parametrize("name", SAYS)
def test_line_of_the_transcript_is_answered_as_there(name: str, clock: ManualClock):
    model, options, before, reply = SAYS[name]
    rig = Rig(clock, model, **options)
    for each in before:
        rig.ask(each)
    assert rig.tell(line(name)) == line(reply)


@pytest.mark.parametrize("name", SAID)
def test_switcher_says_what_the_transcript_says(name: str, clock: ManualClock):
    model, options, before, told = SAID[name]
    rig = Rig(clock, model, **options)
    for each in before:
        rig.ask(each)
    assert rig.tell(told.encode()) == line(name)


@pytest.mark.parametrize("name", SENT)
def test_line_of_the_transcript_is_understood(name: str, clock: ManualClock):
    model, text = SENT[name]
    assert Rig(clock, model).tell(line(name)) == text.encode()


def test_status_lists_every_tie_of_both_layers(clock: ManualClock):
    said = Rig(clock, "kensence").tell(line("status_all"))
    lines = said.splitlines(keepends=True)
    assert len(lines) == 16
    assert (lines[0], lines[8]) == (line("status_all_line_v"), line("status_all_line_a"))


def test_blackbird_table_is_that_of_the_transcript(clock: ManualClock):
    rig = Rig(clock, "27841", inputs=4, outputs=4)
    rig.ask("1All.")
    table = line("out_table_head") + line("out_table_row")
    assert rig.tell(b"Status.") == table
    assert rig.tell(b"All@.") == b"All Open.\r\n" + table


def test_forbidden_tie_is_told_for_each_output_and_not_made_then(rig: Rig):
    said = rig.tell(line("forbid"))
    assert said.startswith(line("forbid_reply"))
    assert said.count(b"SetForbidOK!") == 3
    assert (rig.ask("1B2."), rig.shows(2)) == ([], [2])
    assert rig.ask("1B4.") == ["AV:1->4"]


# Ties.


def test_layers_are_tied_apart(rig: Rig):
    rig.ask("3V1.")
    rig.ask("4A1.")
    assert (rig.shows(1), rig.sounds(1)) == ([3], [4])
    rig.ask("5B1,2.")
    assert (rig.shows(1, 2), rig.sounds(1, 2)) == ([5, 5], [5, 5])


def test_serial_and_infrared_layers_leave_the_picture(rig: Rig):
    assert rig.ask("3R1.") == ["RS:3->1"]
    assert rig.ask("3Q1.") == rig.ask("3T1.") == ["IR:3->1"]
    assert rig.shows(1) == [1]


def test_output_is_switched_off_and_on_again_with_what_it_had(rig: Rig):
    rig.ask("3B1.")
    rig.ask("1$.")
    assert rig.shows(1, 2) == [0, 2]
    rig.ask("1@.")
    assert rig.shows(1) == [3]


def test_tie_switches_an_output_on(rig: Rig):
    rig.ask("All$.")
    rig.ask("2B1.")
    assert rig.shows(1, 2) == [2, 0]


def test_through_is_each_input_to_the_output_of_its_number(rig: Rig):
    rig.ask("1All.")
    rig.ask("3#.")
    assert rig.shows(1, 2, 3) == [1, 1, 3]
    rig.ask("All#.")
    assert rig.shows(1, 2, 3) == [1, 2, 3]


def test_undo_brings_back_how_it_was_before_the_last_change(rig: Rig):
    rig.ask("1All.")
    rig.ask("2B3.")
    rig.ask("Undo.")
    assert rig.shows(1, 2, 3) == [1, 1, 1]


def test_presets_are_saved_recalled_and_cleared(rig: Rig):
    rig.ask("4All.")
    rig.ask("Save3.")
    rig.ask("All#.")
    rig.ask("Recall3.")
    assert rig.shows(1, 2) == [4, 4]
    rig.ask("All#.")
    rig.ask("Clear3.")
    assert rig.ask("Recall3.") == ["Recall From F3"]
    assert rig.shows(1, 2) == [1, 2]


def test_status_of_a_number_is_of_an_input_or_of_an_output(clock: ManualClock):
    cross, clone = Rig(clock, "cross"), Rig(clock, "intelix")
    for rig in (cross, clone):
        rig.ask("2B1.")
        rig.ask("2V3.")
    assert cross.ask("Status2.") == ["AV:2->1", "AV:2->2", "V:2->3"]
    assert clone.ask("Status3.") == ["V: 02->003", "A: 03->003"]


def test_demonstration_goes_round_until_the_next_tie(rig: Rig):
    assert rig.ask("Demo.") == ["Demo Mode"]
    rig.clock.advance(4)
    assert rig.shows(1, 8) == [3, 2]
    rig.ask("1B1.")
    rig.clock.advance(10)
    assert rig.shows(1, 2) == [1, 4]


def test_nothing_is_shown_in_standby(rig: Rig):
    rig.ask("PWOFF.")
    assert (rig.shows(1), rig.sounds(1)) == ([0], [0])
    assert rig.ask("2B1.") == ["AV:2->1"]
    rig.ask("PWON.")
    assert rig.shows(1) == [2]


def test_deaf_in_standby_hears_only_power(clock: ManualClock):
    rig = Rig(clock, deaf_in_standby=True)
    rig.ask("PWOFF.")
    assert rig.ask("2B1.") == []
    assert rig.ask("PWON.") == ["PWON"]
    assert rig.shows(1) == [1]


def test_short_answers_are_only_for_changes(rig: Rig):
    rig.ask("/:MessageOff;")
    assert rig.ask("1B2,3.") == ["SWITCH OK!"]
    assert rig.ask("Status1.") == ["AV:1->1", "AV:1->2", "AV:1->3"]
    assert rig.ask("/^Version;") == ["V1.0.0"]


# What is not understood.


@pytest.mark.parametrize(
    "text",
    ["9B1.", "1B9.", "0B1.", "1B1,9.", "1X2.", "hello.", "Recall9.", "Status9.", ".", "1b1."],
)
def test_what_is_not_understood_is_not_answered_and_changes_nothing(text: str, clock: ManualClock):
    rig = Rig(clock)
    assert (rig.ask(text), rig.shows(1)) == ([], [1])
    assert Rig(clock, error_text="ERR").ask(text) == ["ERR"]


def test_some_makers_do_not_care_for_case(clock: ManualClock):
    assert Rig(clock, "fmx").ask("2b1.status1.") == ["AV: 02->01", "AV: 02->01"]


def test_some_want_two_digits(clock: ManualClock):
    rig = Rig(clock, two_digits=True)
    assert rig.ask("2B1.") == []
    assert rig.ask("02B01,03.") == ["AV:2->1", "AV:2->3"]
    assert rig.ask("Recall3.") == ["Recall From F3"]


def test_factory_reset_is_counted_and_deafens_for_ten_seconds(rig: Rig):
    rig.ask("2B1.")
    rig.ask("%0911.")
    rig.clock.advance(9)
    assert rig.ask("3B1.") == []
    rig.clock.advance(1)
    assert (rig.shows(1), rig.matrix.truth()["factory_resets"]) == ([1], 1)
    assert rig.ask("3B1.") == ["AV:3->1"]


# The command set of another maker.


def test_extron_command_set_ties_and_tells(rig: Rig):
    rig.ask("/~EXTRON;")
    assert rig.ask("3*1!") == ["Out01 In03 All"]
    assert rig.ask("2*1%") == ["Out01 In02 Vid"]
    assert rig.ask("1%1$") == ["02", "03"]
    assert rig.ask("9*1!1*9!x!") == ["E01", "E12", "E10"]
    assert rig.ask("/~CREATOR20;") == []
    assert rig.ask("1B1.") == ["AV:1->1"]


# Quirks.


def test_echo_comes_before_the_answer(clock: ManualClock):
    assert Rig(clock, echo=True).tell(b"1B2.") == b"1B2.AV:1->2\r\n"


def test_command_that_follows_too_soon_is_lost(clock: ManualClock):
    rig = Rig(clock, min_gap=0.1)
    assert rig.ask("1B2.1B3.") == ["AV:1->2"]
    assert rig.ask("1B3.") == []
    clock.advance(0.1)
    assert rig.ask("1B3.") == ["AV:1->3"]


def test_foreign_line_comes_before_the_reply(clock: ManualClock):
    assert Rig(clock, foreign_line="AV:7->7").ask("1B2.") == ["AV:7->7", "AV:1->2"]


# The front, faults, mains.


def test_tie_at_the_front_is_told_unless_it_is_silent(clock: ManualClock):
    rig, silent = Rig(clock), Rig(clock, panel_silent=True)
    for each in (rig, silent):
        each.matrix.press("tie", input=3, output=1)
        assert each.shows(1) == [3]
    assert (rig.ear.take(), silent.ear.take()) == (b"AV:3->1\r\n", b"")


def test_locked_front_does_nothing(rig: Rig):
    rig.ask("/%Lock;")
    rig.matrix.press("tie", input=3, output=1)
    rig.matrix.press("output", output=2, on=False)
    rig.matrix.press("preset", number=1)
    assert (rig.shows(1, 2), rig.ear.take()) == ([1, 2], b"")


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("tie", {"input": 9, "output": 1}),
        ("tie", {"input": 1, "output": 0}),
        ("tie", {"input": 1, "output": 1, "layer": "X"}),
        ("output", {"output": 9, "on": True}),
        ("preset", {"number": 9}),
    ],
)
def test_impossible_presses_are_refused(action: str, arguments: dict[str, Any], rig: Rig):
    with pytest.raises(ValueError, match="no "):
        rig.matrix.press(action, **arguments)


@pytest.mark.parametrize("fault", ["busy", "refuses"])
def test_refused_tie_is_met_with_silence(fault: str, rig: Rig):
    rig.matrix.faults.set(fault)
    assert (rig.ask("2B1."), rig.shows(1)) == ([], [1])
    assert rig.ask("Status2.") == ([] if fault == "busy" else ["AV:2->2"])


def test_ignored_tie_is_answered_as_made(rig: Rig):
    rig.matrix.faults.set("ignores")
    assert (rig.ask("2B1."), rig.shows(1)) == (["AV:2->1"], [1])


def test_wrong_address_tells_of_the_next_output(rig: Rig):
    rig.matrix.faults.set("wrong_address", times=1)
    assert rig.ask("2B8.") == ["AV:2->1"]
    assert rig.shows(8, 1) == [2, 1]


def test_ties_survive_a_loss_of_mains(rig: Rig):
    rig.ask("2B1.")
    rig.matrix.mains(False)
    assert rig.shows(1) == [0]
    rig.matrix.mains(True)
    rig.clock.advance(5)
    assert rig.shows(1) == [2]


# Bytes.


@given(
    st.sampled_from(CreatorMatrix.models),
    st.lists(
        st.sampled_from(
            [
                "1B2.",
                "2V1,3.\r\n",
                "Status.",
                "All$.",
                "/~EXTRON;",
                "2*1!",
                "/~CREATOR20;",
                "x",
                ";",
            ]
        ),
        max_size=8,
    ),
    st.data(),
)
def test_any_cut_gives_the_same_answers(model: str, texts: list[str], data: Any):
    stream = "".join(texts).encode()
    whole, cut = Rig(ManualClock(), model), Rig(ManualClock(), model)
    whole.session.receive(stream)
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        cut.session.receive(stream[:size])
        stream = stream[size:]
    assert cut.ear.take() == whole.ear.take()
    assert cut.matrix.truth() == whole.matrix.truth()


@given(st.binary(max_size=600))
def test_garbage_never_raises_and_is_not_kept(noise: bytes):
    Rig(ManualClock()).session.receive(noise)
    commands = Commands()
    for byte in noise:
        commands.put(byte, ".;")
        assert len(commands._text) <= LONGEST


@given(st.text("0123456789VABHAll#$@.,;/%:~StausRec*", max_size=60))
def test_near_commands_never_raise(text: str):
    Rig(ManualClock()).session.receive(text.encode())


def test_endless_command_is_dropped_to_its_end(rig: Rig):
    assert rig.ask("1" * 1000 + "B1.2B1.") == ["AV:2->1"]
