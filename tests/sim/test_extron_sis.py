"""The simulated Extron matrix: what it answers, what it announces, what it then really does."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.extron_sis import ExtronMatrix
from hw_sim.extron_sis.keys import LONGEST
from hw_sim.extron_sis.session import Session
from tests.sim.conftest import Ear, ManualClock

TRANSCRIPT = json.loads(
    (Path(__file__).parent.parent / "transcripts" / "extron_sis.json").read_text()
)
EXCHANGES = TRANSCRIPT["exchanges"]
LINES = {line["name"]: line["say"].encode() for line in TRANSCRIPT["lines"]}
LONG_GAP = 10.0  # seconds


class Bench:
    """A device and, for each client, its conversation and an ear."""

    def __init__(self, model: str | None = None, clock: ManualClock | None = None, **options: Any):
        self.clock = clock or ManualClock()
        self.device = ExtronMatrix(model, clock=self.clock, **options)

    def client(self, kind: str = "tcp") -> tuple[Session, Ear]:
        ear = Ear(kind)
        session = self.device.converse(ear)
        session.opened()
        return session, ear

    def quiet_client(self, kind: str = "tcp") -> tuple[Session, Ear]:
        session, ear = self.client(kind)
        ear.take()
        return session, ear


def ask(to: tuple[Session, Ear], text: str) -> str:
    session, ear = to
    ear.take()
    session.receive(text.encode("latin-1"))
    return ear.take().decode("latin-1")


# The transcript.


@pytest.mark.parametrize("row", EXCHANGES, ids=[row["name"] for row in EXCHANGES])
def test_answers_as_the_guides_print_it(row):
    bench = Bench(row["model"], **row["options"])
    for input in row.get("unplugged", []):
        bench.device.plug(input, False)
    for input in row.get("encrypted", []):
        bench.device.encrypt(input, True)
    line = bench.client()
    ask(line, row["before"])
    assert ask(line, row["send"]) == row["answer"]


def test_connecting_over_the_lan_brings_banner_and_date():
    _, ear = Bench("dxp-88", firmware="1.00").client()
    assert ear.take() == LINES["banner_serial"] + LINES["banner_telnet_date"]


def test_password_prompt_has_no_line_end_and_comes_again_until_right():
    line = Bench(banner="", password="secret", user_password="guest").client()
    assert line[1].take() == LINES["password_prompt"]
    assert ask(line, "wrong\r\n").encode() == LINES["password_prompt"]
    assert ask(line, "\r").encode() == LINES["password_prompt"]
    assert ask(line, "secret\rQ").encode() == LINES["login_admin"] + b"1.23\r\n"


def test_no_password_is_not_an_empty_password():
    line = Bench(user_password="guest").client()
    assert ask(line, "\r").encode() == LINES["password_prompt"]


def test_user_may_tie_but_not_rename():
    line = Bench(password="secret", user_password="guest").client()
    assert ask(line, "guest\r").encode() == LINES["login_user"]
    assert ask(line, "1*1!") == "Out01 In01 All\r\n"
    assert ask(line, "\x1b1,NewNI\r").encode() == LINES["error_e24"]


def test_panel_tie_says_qik_and_no_more():
    bench = Bench()
    line = bench.quiet_client("serial")
    bench.device.press_tie(3, 4)
    assert line[1].take() == LINES["unsolicited_qik"]
    assert (bench.device.shows(4), bench.device.sounds(4)) == (3, 3)


def test_panel_recall_is_announced():
    bench = Bench()
    line = bench.quiet_client("serial")
    ask(line, "5*1!2,0*1!")
    bench.device.press("recall", preset=2)
    assert line[1].take() == LINES["unsolicited_preset"]
    assert bench.device.shows(1) == 5


def test_older_mute_form_has_a_blank():
    bench = Bench(mute_form="space")
    line = bench.quiet_client("serial")
    bench.device.press_mute(4, True)
    assert line[1].take() == LINES["vmt_unsolicited_space_form"]


# Commands.


def test_commands_follow_each_other_without_blanks_one_answer_each():
    session, ear = Bench().quiet_client()
    session.receive(b"1*1!2*2!\x1b+Q3*3!\rW3CV|Q")
    assert ear.heard == [
        b"Out01 In01 All\r\n", b"Out02 In02 All\r\n", b"Qik\r\n", b"Vrb3\r\n", b"Ver01*1.23\r\n",
    ]  # fmt: skip


def test_plain_command_acts_before_anything_follows():
    bench = Bench()
    line = bench.quiet_client()
    assert ask(line, "001*03") == ""
    assert ask(line, "!") == "Out03 In01 All\r\n"


def test_layers_are_tied_apart():
    bench = Bench()
    line = bench.client()
    ask(line, "1*3!2*3%4*3$")
    assert (bench.device.shows(3), bench.device.sounds(3)) == (2, 4)
    assert ask(line, "3%3&3$3!") == "02\r\n02\r\n04\r\n02\r\n"


def test_input_zero_to_every_output_clears_the_room_and_is_counted():
    bench = Bench()
    ask(bench.client(), "5*!0*!")
    assert [bench.device.shows(at) for at in range(1, 13)] == [0] * 12
    assert bench.device.truth()["clears"] == 1


def test_quick_ties_are_made_all_or_none():
    bench = Bench()
    line = bench.client()
    assert ask(line, "\x1b+Q1*1!2*13!\r") == "E12\r\n"
    assert bench.device.shows(1) == 0
    assert ask(line, "\x1b+Q1*1!2*12!\r") == "Qik\r\n"
    assert (bench.device.shows(1), bench.device.shows(12)) == (1, 2)


def test_bulk_read_gives_sixteen_and_dashes_for_absent_outputs():
    line = Bench("crosspoint-84").client()
    ask(line, "7*!")
    assert ask(line, "\x1b0*1*1VC\r") == "07 07 07 07" + " --" * 12 + " Vid\r\n"
    assert ask(line, "\x1b0*5*1VC\r") == "E12\r\n"


def test_presets_hold_ties_and_unsaved_ones_are_e11():
    bench = Bench()
    line = bench.client()
    assert ask(line, "1.") == "E11\r\n"
    ask(line, "4*2!1,9*2!2*1B")
    assert ask(line, "1.") == "Rpr01\r\n"
    truth: Any = bench.device.truth()
    assert truth["ties"]["video"]["2"] == 4
    assert bench.device.shows(2) == 0
    assert ask(line, "33,") == "E11\r\n"


def test_written_preset_waits_for_its_recall():
    bench = Bench()
    line = bench.client()
    assert ask(line, "\x1b+7*3P12*7&4*5!\r") == "Rmm07 Spr03\r\n"
    assert bench.device.shows(7) == 0
    assert ask(line, "7*3.") == "Rmm07 Rpr03\r\n"
    assert (bench.device.shows(7), bench.device.sounds(7), bench.device.sounds(5)) == (12, 0, 4)


def test_outputs_that_a_new_written_preset_does_not_name_are_untied():
    bench = Bench()
    line = bench.client()
    assert ask(line, "5*!\x1b+3P1*2!\r3.") == "In05 All\r\nSpr03\r\nRpr03\r\n"
    assert (bench.device.shows(2), bench.device.shows(1)) == (1, 0)


def test_room_presets_want_a_room():
    line = Bench().client()
    assert ask(line, "11*1,") == "E21\r\n"
    assert ask(line, "3*9.") == "E11\r\n"
    assert ask(line, "3*9,3*9.") == "Rmm03 Spr09\r\nRmm03 Rpr09\r\n"


def test_names_have_a_limit_and_a_word_for_none():
    line = Bench().client()
    assert ask(line, "\x1b2NI\r") == "[unassigned]\r\n"
    assert ask(line, "\x1b2,007NI\r\x1b2NI\r") == "Nmi02,007\r\n007\r\n"
    assert ask(line, "\x1b2,Thirteen charNO\r") == "E13\r\n"
    assert ask(Bench("dtp-crosspoint").client(), "\x1b2,Thirteen charNO\r").startswith("Nmo02")


def test_only_g_minds_its_case():
    line = Bench().client()
    assert ask(line, "3*5G3*5g") == "In03 Aud+05\r\nIn03 Aud-05\r\n"
    assert ask(line, "i\x1bvm\r0ls") == "V12X12 A12X12\r\n" + "0" * 12 + "\r\n" + "1" * 12 + "\r\n"


def test_volume_stops_at_its_ends():
    line = Bench().client()
    assert ask(line, "7V7+V7*65V7*1V7-V7-V") == (
        "64\r\nE13\r\nE13\r\nOut07 Vol01\r\nOut07 Vol00\r\nE13\r\n"
    )


@pytest.mark.parametrize(
    ("model", "answer"),
    [
        ("crosspoint", "Out03 In01 All\r\n"),
        ("dxp", "Out3 In1 All\r\n"),
        ("matrix-12800", "Out003 In001 All\r\n"),
    ],
)
def test_answers_are_as_wide_as_the_model_has_it(model, answer):
    assert ask(Bench(model).client(), "01*003!") == answer


def test_signal_presence_follows_the_plug():
    bench = Bench("dtp-crosspoint")
    line = bench.client()
    bench.device.plug(2, False)
    assert ask(line, "0LS2LS") == "1011111111\r\n0\r\n"
    assert ask(line, "\x1b0LS\r") == "E10\r\n"
    truth: Any = bench.device.truth()
    assert truth["signals"]["2"] is False


def test_hdcp_tells_source_and_sink():
    bench = Bench("dxp-hd-4k-plus")
    line = bench.client()
    bench.device.encrypt(1, True)
    bench.device.plug(3, False)
    bench.device.plug_output(4, False)
    ask(line, "1*1!2*2!")
    inputs = "".join(f"\x1bI{at}HDCP\r" for at in (1, 2, 3))
    outputs = "".join(f"\x1bO{at}HDCP\r" for at in (1, 2, 4))
    assert ask(line, inputs) == "1\r\n2\r\n0\r\n"
    assert ask(line, outputs) == "3\r\n2\r\n0\r\n"
    assert ask(line, "\x1bE1*0HDCP\r\x1bO1HDCP\r") == "HdcpE1*0\r\n2\r\n"
    assert ask(Bench().client(), inputs).startswith("E10")


def test_mute_darkens_and_embedded_sound_goes_with_it():
    plus, plain = Bench("dxp-hd-4k-plus"), Bench("dxp")
    for bench in (plus, plain):
        ask(bench.client(), "1*1!1*1B")
        assert bench.device.shows(1) == 0
    assert (plus.device.sounds(1), plain.device.sounds(1)) == (0, 1)
    assert ask(plus.client(), "1*2B1B1*3B") == "Vmt1*2\r\n2\r\nE13\r\n"
    assert ask(plain.client(), "1*2B") == "E13\r\n"


def test_audio_mute_bits_of_the_first_outputs():
    bench = Bench("dxp-hd-4k-plus")
    line = bench.client()
    ask(line, "1*!")
    assert ask(line, "1*6Z3*2Z") == "Amt1*6\r\nE13\r\n"
    assert bench.device.sounds(1) == 1
    ask(line, "1*1Z")
    assert bench.device.sounds(1) == 0
    assert ask(line, "1*Z1Z3Z0*Z1Z") == "Amt1\r\n7\r\n1\r\nAmt0\r\n0\r\n"


def test_resets_say_what_they_reset():
    bench = Bench()
    line = bench.client()
    ask(line, "1*1!1,1*1B")
    assert ask(line, "\x1bZG\r\x1bZZ\r") == "Zpg\r\nZpz\r\n"
    assert ask(line, "1.") == "E11\r\n"
    assert bench.device.shows(1) == 1
    bench.device.plug(1, False)
    assert ask(line, "\x1bZXXX\r") == "Zpx\r\n"
    assert (bench.device.shows(1), bench.device.signals[1]) == (0, False)


# Sessions.


def test_changes_are_told_to_the_others_that_want_to_know():
    bench = Bench()
    telnet, serial, eager = bench.client(), bench.client("serial"), bench.client()
    ask(eager, "\x1b3CV\r")
    assert ask(telnet, "1*3!") == "Out03 In01 All\r\n"
    assert serial[1].take() == eager[1].take() == b"Out03 In01 All\r\n"
    assert ask(serial, "2*3!") == "Out03 In02 All\r\n"
    assert telnet[1].take() == b""


def test_verbose_two_tags_answers_and_hears_no_changes():
    bench = Bench()
    line = bench.client("serial")
    assert ask(line, "\x1bCV\r\x1b2CV\r") == "1\r\nVrb2\r\n"
    assert (
        ask(line, "3%\x1bVM\r4BX") == "Out03 In00 Vid\r\nMut" + "0" * 12 + "\r\nVmt04*0\r\nExe0\r\n"
    )
    bench.device.press_tie(1, 1)
    assert line[1].take() == b""
    assert ask(line, "\x1b4CV\r") == "E13\r\n"


def test_nobody_is_told_anything_before_logging_in():
    bench = Bench(password="secret")
    line = bench.quiet_client()
    line[0].verbose = 3
    bench.device.press_tie(1, 1)
    assert line[1].take() == b""


def test_dxp_names_the_tie_made_at_its_panel():
    bench = Bench("dxp")
    line = bench.quiet_client("serial")
    bench.device.press("tie", input=2, output=5, layer="audio")
    assert line[1].take() == b"Out5 In2 Aud\r\n"


def test_locked_panel_does_nothing():
    bench = Bench()
    line = bench.quiet_client("serial")
    bench.device.press_lock()
    bench.device.press_tie(1, 1)
    assert line[1].take() == b"Exe1\r\n"
    assert bench.device.shows(1) == 0
    assert ask(line, "2X") == "Exe2\r\n"
    bench.device.press_tie(1, 1)
    assert bench.device.shows(1) == 1


def test_press_of_what_is_not_there_is_a_mistake():
    device = Bench().device
    with pytest.raises(ValueError, match="E01"):
        device.press("tie", input=13, output=1)
    with pytest.raises(ValueError, match="layer"):
        device.press("tie", input=1, output=1, layer="rgb")


def test_one_client_too_many_is_told_or_just_hung_up_on():
    for model, said in (("crosspoint", LINES["error_e26"]), ("dxp", b"")):
        bench = Bench(model, max_clients=1)
        first, _ = bench.client()
        _, late = bench.client()
        assert (late.take(), late.closed) == (said, True)
        bench.client("serial")
        first.closed()
        assert not bench.client()[1].closed


def test_telnet_negotiates_at_connect_and_the_answers_are_no_commands():
    bench = Bench(telnet=True, banner="")
    session, ear = bench.client()
    assert ear.take() == b"\xff\xfd\x18\xff\xfb\x01"
    session.receive(b"\xff\xfc\x18\xff\xfe\x01\xff\xfa\x18\x00I!\xff\xf01*\xff\xf13!")
    assert ear.take() == b"Out03 In01 All\r\n"


def test_telnet_line_ends_may_be_padded():
    assert ask(Bench().client(), "\x1b3CV\r\0Q") == "Vrb3\r\nVer01*1.23\r\n"


def test_telnet_bytes_are_noise_on_a_serial_line():
    assert ask(Bench().client("serial"), "\xff") == "E10\r\n"


def test_echo_and_foreign_lines_come_ahead_of_the_answer():
    assert ask(Bench(echo=True).client(), "Q") == "Q1.23\r\n"
    assert ask(Bench(foreign_line="Qik").client(), "Q") == "Qik\r\n1.23\r\n"


def test_unknown_knob_value_is_refused():
    with pytest.raises(ValueError, match="mute_form"):
        Bench(mute_form="dots")


# Time.


def test_idle_client_is_hung_up_on_and_traffic_starts_it_anew():
    bench = Bench()
    line, serial = bench.client(), bench.client("serial")
    bench.clock.advance(299)
    assert ask(line, "Q") == "1.23\r\n"
    bench.clock.advance(299)
    assert not line[1].closed
    bench.clock.advance(1)
    assert line[1].closed
    assert not serial[1].closed
    assert ask(line, "Q") == ""


def test_idle_time_is_set_for_this_session_or_for_all():
    bench = Bench()
    mine, other = bench.client(), bench.client()
    assert ask(mine, "\x1b0*1TC\r\x1b0TC\r") == "Pti0*1\r\n1\r\n"
    bench.clock.advance(10)
    assert (mine[1].closed, other[1].closed) == (True, False)
    third = bench.client()
    assert ask(third, "\x1b1*2TC\r") == "Pti1*2\r\n"
    bench.clock.advance(20)
    assert other[1].closed
    fourth = bench.client()
    bench.clock.advance(20)
    assert fourth[1].closed
    assert ask(bench.client(), "\x1b0*0TC\r\x1b0*65001TC\r") == "E13\r\nE13\r\n"


@pytest.mark.parametrize("half", ["1*3", "\x1b+Q1*", "0L"])
def test_half_command_is_forgotten_without_a_word(half):
    bench = Bench()
    line = bench.client()
    ask(line, half)
    bench.clock.advance(LONG_GAP)
    assert ask(line, "Q") == "1.23\r\n"


def test_slowly_written_preset_times_out():
    bench = Bench()
    line = bench.client()
    ask(line, "\x1b+3P1*2!")
    bench.clock.advance(LONG_GAP)
    assert line[1].take() == LINES["error_e17"]


def test_reboot_hangs_up_is_silent_and_ends_in_a_banner_on_the_serial_line():
    bench = Bench("dxp-88", firmware="1.00", boot_seconds=8)
    lan, serial = bench.client(), bench.client("serial")
    ask(serial, "\x1b3CV\r7*2!2*1B")
    serial[0].receive(b"1*3")
    bench.device.reboot()
    assert lan[1].closed
    assert bench.client()[1].closed
    assert ask(serial, "Q") == ""
    bench.device.press_tie(1, 1)
    bench.clock.advance(8)
    assert serial[1].take() == LINES["banner_serial"]
    assert ask(serial, "2%2B\x1bCV\r1!") == "7\r\n1\r\n1\r\n0\r\n"
    assert bench.device.shows(1) == 0


def test_half_command_does_not_survive_a_reboot():
    bench = Bench(boot_seconds=20)
    line = bench.client("serial")
    ask(line, "\x1b+3P1*2!")
    bench.device.reboot()
    bench.clock.advance(LONG_GAP)
    assert line[1].take() == b""


def test_banner_can_be_late():
    bench = Bench(banner_late=3, password="secret")
    _, ear = bench.client()
    bench.clock.advance(2.9)
    assert ear.take() == b""
    bench.clock.advance(0.1)
    assert ear.take().endswith(LINES["password_prompt"])


# Faults.


@pytest.mark.parametrize("fault", ["busy", "buffer_full"])
def test_busy_device_says_e22_and_does_nothing(fault):
    bench = Bench()
    bench.device.faults.set(fault, times=1)
    line = bench.client()
    assert ask(line, "1*1!").encode() == LINES["error_e22"]
    assert bench.device.shows(1) == 0
    assert ask(line, "1*1!") == "Out01 In01 All\r\n"


def test_refusing_device_says_e14_to_changes_only():
    bench = Bench()
    bench.device.faults.set("refuses")
    line = bench.client()
    assert ask(line, "1*1!").encode() == LINES["error_e14"]
    assert ask(line, "1!\x1b3CV\r") == "00\r\nVrb3\r\n"


def test_ignoring_device_answers_as_ever_and_changes_nothing():
    bench = Bench()
    line, other = bench.client(), bench.quiet_client("serial")
    ask(line, "1*1!1,")
    before = bench.device.truth()
    other[1].take()
    bench.device.faults.set("ignores")
    commands = "2*1!\x1b+Q3*1!\r4*!1*B1*1Z2,1X1*2G1*3V\x1b1,NameNI\r\x1bZG\r"
    answers = ask(line, commands)
    assert "Qik\r\n" in answers
    assert "E" not in answers.replace("Exe1", "")
    assert bench.device.truth() == before
    assert other[1].take() == b""


def test_rebooting_fault_hangs_up_and_ends_like_a_boot():
    bench = Bench()
    lan, serial = bench.client(), bench.client("serial")
    bench.device.faults.set("rebooting", seconds=30)
    assert ask(serial, "Q") == ""
    assert lan[1].closed
    bench.clock.advance(31)
    assert b"Copyright" in serial[1].take()
    assert ask(serial, "Q") == "1.23\r\n"


# Any bytes.

SAID = (
    "1*3! 0*2! 5*! 3% I 0LS \x1b3CV\r W0*1*1VC| \x1b+Q1*1!2*2$\r 9,9. 1*1B 1*2g \x1b1,CamNI\r"
    " \r\n \x1b\x1b 77*1! zz \xff\xfb\x01 4*1Z"
)
COMMANDS = st.sampled_from(SAID.split(" "))


@given(
    st.lists(COMMANDS), st.lists(st.integers(1, 7), min_size=1), st.sampled_from(["tcp", "serial"])
)
def test_any_cut_of_the_bytes_gives_the_same_answers(commands, sizes, kind):
    data = "".join(commands).encode("latin-1")
    whole, cut = Bench().quiet_client(kind), Bench().quiet_client(kind)
    whole[0].receive(data)
    place = 0
    for turn in range(len(data)):
        size = sizes[turn % len(sizes)]
        cut[0].receive(data[place : place + size])
        place += size
    assert cut[1].take() == whole[1].take()
    assert cut[0].device.truth() == whole[0].device.truth()


@given(st.binary(max_size=300), st.sampled_from(["", "secret"]))
def test_garbage_raises_nothing_and_the_next_command_is_understood(data, password):
    bench = Bench(password=password, idle_seconds=0)
    line = bench.client()
    line[0].receive(data + b"\xff\xf0" + b"\r\r" + (b"secret\r" if password else b""))
    bench.clock.advance(LONG_GAP)
    assert ask(line, "Q").endswith("1.23\r\n")


@given(st.sampled_from([b"1", b"\x1b1", b"\x1ba", b"W", b"*"]))
def test_endless_typing_takes_no_endless_memory(start):
    for password in ("", "secret"):
        session, _ = Bench(password=password).client("tcp")
        for _ in range(20):
            session.receive(start + start[-1:] * 1000)
        assert len(session._typing.pending) <= LONGEST
        assert len(session._password) < 1000
