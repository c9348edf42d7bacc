"""Power, mains, menu, lamps, faults, presses, quirks, and the daisy chain."""

from typing import Any

import pytest

from hw_sim.visca import Chain, ViscaCamera
from tests.sim.conftest import ManualClock
from tests.sim.visca_rig import ChainRig, Rig

ACCEPTED = "9041ff9051ff"
POWER_ON, POWER_OFF, POWER = "8101040002ff", "8101040003ff", "81090400ff"
BACKLIGHT = "8101043302ff"
TO_THE_RIGHT = "8101060218180009090000000000ff"


def test_power_on_completes_when_the_camera_is_ready() -> None:
    rig = Rig(power="standby", power_on_s=5)
    assert rig.ask(POWER_ON) == "9041ff"
    assert rig.camera.truth()["power"] == "starting"
    assert rig.ask(POWER) == "905002ff"
    assert rig.ask(TO_THE_RIGHT) == "906241ff"
    assert rig.ask(POWER_OFF) == "906241ff"
    assert rig.heard(5.0) == "9051ff"
    assert rig.ask(TO_THE_RIGHT, 5.0) == ACCEPTED


def test_standby_answers_only_what_the_mode_table_allows() -> None:
    rig = Rig()
    assert rig.ask(POWER_OFF) == ACCEPTED
    assert rig.camera.pose().on is False
    for refused in ("81090447ff", "81090612ff", BACKLIGHT, "81010604ff"):
        assert rig.ask(refused) == "906141ff"
    assert rig.ask("81090002ff").startswith("90500001")
    assert rig.ask("81097e7e00ff").startswith("9050")
    assert rig.ask("81010001ff") == "9050ff"
    assert rig.ask(POWER) == "905003ff"


def test_boot_dance_ends_at_the_boot_preset() -> None:
    rig = Rig("minrray", power="standby")
    rig.camera.store(0, 20.0, -5.0, 0.25)
    assert rig.ask(POWER_ON, seconds=26.0) == "9041ff"
    assert rig.camera.pose().pan < -10.0
    rig.clock.advance(10.0)
    pose = rig.camera.pose()
    assert (pose.pan, pose.tilt, rig.camera.truth()["zoom"]) == (20.0, -5.0, 0x1000)
    assert rig.ear.take().hex() == "9051ff"


def test_mains_loss_silences_the_camera_and_keeps_its_presets() -> None:
    rig = Rig(kind="serial", boot_s=10, power_on_s=5)
    rig.camera.store(1, 10.0, 0.0, 0.0)
    rig.ask("8101043302ff")
    rig.camera.reboot()
    assert rig.ask(POWER, seconds=9.0) == ""
    assert rig.heard(1.0) == "9038ff"
    assert rig.ask(POWER) == "905002ff"
    assert rig.ask("81010604ff") == "906141ff"
    rig.clock.advance(5.0)
    assert rig.ask("8101043f0201ff", 5.0) == ACCEPTED
    assert rig.camera.pose().pan == 10.0
    assert rig.ask("81090433ff") == "905003ff"


def test_mains_loss_hangs_up_and_refuses_tcp_until_it_has_booted() -> None:
    rig = Rig("ptzoptics", "tcp")
    rig.camera.reboot()
    assert rig.ear.closed
    assert not rig.camera.takes_client()
    rig.clock.advance(20.1)
    assert rig.camera.takes_client()


def test_power_inquiry_lags() -> None:
    rig = Rig(power_lag_s=2)
    rig.ask(POWER_OFF)
    assert rig.ask(POWER) == "905002ff"
    rig.clock.advance(2.0)
    assert rig.ask(POWER) == "905003ff"


def test_poll_in_standby_blocks_power_on() -> None:
    rig = Rig(power="standby", standby_poll_blocks_power_on=True)
    rig.ask("81090612ff")
    assert rig.ask(POWER_ON) == "906141ff"
    rig.clock.advance(6.0)
    rig.ask(POWER)
    assert rig.ask(POWER_ON) == "9041ff"


def test_power_on_over_ip_can_be_impossible() -> None:
    assert Rig("ptzoptics", "tcp", power="standby", ip_power_on=False).ask(POWER_ON) == ""
    assert Rig("ptzoptics", "serial", power="standby", ip_power_on=False).ask(POWER_ON) == "9041ff"


def test_menu_blocks_everything_but_power_and_menu() -> None:
    rig = Rig("brc-x400")
    assert rig.ask("8101060602ff") == ACCEPTED
    assert rig.ask("81090606ff") == "905002ff"
    assert rig.ask("81010604ff") == rig.ask(BACKLIGHT) == "906041ff"
    assert rig.ask("8101060101010301ff") == ACCEPTED  # the arrow up
    assert rig.camera.truth()["moving"] is False
    assert rig.ask("8101060603ff") == ACCEPTED
    assert rig.ask(BACKLIGHT) == ACCEPTED


def test_recall_95_opens_the_menu_of_ptzoptics_and_the_head_stands_still() -> None:
    rig = Rig("ptzoptics", reject_zero_speed=False)
    rig.camera.store(1, 50.0, 0.0, 0.0)
    assert rig.ask("8101043f025fff") == ACCEPTED
    assert rig.camera.truth()["menu"] is True
    assert rig.ask("8101060118140203ff") == ACCEPTED
    assert rig.ask("8101043f0201ff") == ACCEPTED
    assert rig.camera.pose().pan == 0.0
    rig.ask("8101043f025fff")
    rig.ask("8101043f0201ff", 5.0)
    assert rig.camera.pose().pan == 50.0


def test_everything_waits_for_one_push_white_balance() -> None:
    rig = Rig()
    assert rig.ask("8101041005ff") == "9041ff"
    assert rig.ask(BACKLIGHT) == "906241ff"
    assert rig.heard(2.0) == "9051ff"
    assert rig.ask(BACKLIGHT) == ACCEPTED


def test_tally_of_a_brc_am7_drops_without_refresh() -> None:
    rig = Rig("brc-am7")
    rig.ask("81017e010a0002ff")
    rig.clock.advance(14.0)
    assert rig.ask("81097e010aff") == "905002ff"
    rig.clock.advance(1.0)
    assert rig.ask("81097e010aff") == "905003ff"
    assert Rig("srg-300h").ask("81017e010a0002ff") == "906002ff"


@pytest.mark.parametrize(
    ("command", "inquiry", "answer"),
    [
        ("810104390bff", "81090439ff", "90500bff"),
        ("8101043504ff", "81090435ff", "905004ff"),
        ("8101044b00000101ff", "8109044bff", "905000000101ff"),
        ("8101040b02ff", "8109044bff", "905000000" + "00eff"),
        ("8101044300000f0fff", "81090443ff", "905000000f0fff"),
        ("8101046102ff", "81090461ff", "905002ff"),
        ("8101043e02ff", "8109043eff", "905002ff"),
        ("8101042c05ff", "8109042cff", "905005ff"),
        ("810104280b000000ff", "81090428ff", "90500b000000ff"),
    ],
)
def test_setting_is_read_back(command: str, inquiry: str, answer: str) -> None:
    rig = Rig()
    assert rig.ask(command) == ACCEPTED
    assert rig.ask(inquiry) == answer


# Faults.


def test_busy_camera_does_nothing_and_still_answers_inquiries() -> None:
    for fault in ("busy", "buffer_full"):
        rig = Rig()
        rig.camera.faults.set(fault, times=1)
        assert rig.ask(POWER) == "905002ff"
        assert rig.ask(POWER_OFF) == "906003ff"
        assert rig.ask(POWER) == "905002ff"
        assert rig.ask(POWER_OFF) == ACCEPTED


def test_refusing_camera_refuses_changes() -> None:
    rig = Rig()
    rig.camera.faults.set("refuses")
    assert rig.ask(BACKLIGHT) == "906141ff"
    assert rig.ask("81010001ff") == "9050ff"


def test_ignoring_camera_says_yes_and_does_nothing() -> None:
    rig = Rig()
    rig.camera.faults.set("ignores")
    assert rig.ask(TO_THE_RIGHT) == ACCEPTED
    assert rig.camera.truth()["moving"] is False


def test_rebooting_camera_is_silent() -> None:
    rig = Rig()
    rig.camera.faults.set("rebooting", seconds=10.0)
    assert rig.ask(POWER) == ""
    rig.clock.advance(10.0)
    assert rig.ask(POWER) == "905002ff"


def test_wrong_address_answers_as_another_camera() -> None:
    rig = Rig()
    rig.camera.faults.set("wrong_address", times=1)
    assert rig.ask(POWER) == "a05002ff"
    assert rig.ask(POWER) == "905002ff"


# Quirks.


def test_replies_can_be_mute_while_the_camera_obeys() -> None:
    rig = Rig(mute_replies=True)
    assert rig.ask(TO_THE_RIGHT, 5.0) == ""
    assert rig.camera.pose().pan == 170.0


def test_shared_socket_acknowledges_twice_before_it_completes() -> None:
    rig = Rig("ptzoptics", reuse_socket=True)
    assert rig.ask(TO_THE_RIGHT + "8101044704000000ff") == "9041ff9041ff"
    assert rig.ask(BACKLIGHT) == "906003ff"
    assert rig.heard(5.0) == "9051ff9051ff"


def test_burst_over_two_sockets_fills_the_buffer() -> None:
    rig = Rig("ptzoptics")
    assert rig.ask(BACKLIGHT * 3) == "9041ff9042ff906003ff9051ff9052ff"


def test_completions_can_come_out_of_order() -> None:
    orders = set()
    rig = Rig("ptzoptics", completion_order="shuffled")
    for _ in range(20):
        orders.add(rig.ask(BACKLIGHT * 2, 1.0))
    assert orders == {"9041ff9042ff9051ff9052ff", "9041ff9042ff9052ff9051ff"}


def test_socket_digits_can_be_unreal() -> None:
    assert Rig("minrray").ask(TO_THE_RIGHT + BACKLIGHT) == "9041ff9041ff9051ff"
    assert Rig(socket_mode="fresh").ask(BACKLIGHT) == "9041ff9052ff"
    assert Rig(socket_mode="zero").ask(BACKLIGHT) == "9040ff9050ff"


def test_error_socket_can_be_random() -> None:
    rig = Rig(error_socket="random")
    assert len({rig.ask("8101040802ff") for _ in range(20)}) > 5


def test_spurious_error_comes_when_nothing_is_pending() -> None:
    assert Rig(spurious_error_rate=1).ask(BACKLIGHT, 1.0) == ACCEPTED + "906002ff"


def test_unsupported_opcode_is_a_syntax_error() -> None:
    rig = Rig(unsupported_opcodes="0104 33, 0906")
    assert rig.ask(BACKLIGHT) == rig.ask("81090612ff") == "906002ff"
    assert rig.ask(POWER) == "905002ff"


def test_zero_speed_is_refused_or_the_slowest() -> None:
    assert Rig("ptzoptics").ask("8101060100000203ff") == ACCEPTED
    assert Rig("ptzoptics", reject_zero_speed=True).ask("8101060100000303ff") == "906002ff"


def test_preset_speed_is_forgotten_while_the_head_moves() -> None:
    rig = Rig(preset_speed_at_rest_only=True)
    rig.ask(TO_THE_RIGHT)
    assert rig.ask("81017e010b0001ff") == "9042ff9052ff"
    assert rig.camera.body.memory.speeds == {}


def test_home_can_fall_short() -> None:
    rig = Rig(home_bug=True)
    rig.camera.press_drive(-90.0, 0.0)
    rig.clock.advance(10.0)
    rig.ask("81010604ff", 5.0)
    assert rig.camera.pose().pan == -10.0


def test_messages_can_be_dropped() -> None:
    assert Rig(drop_rate=1).ask(POWER) == ""


def test_more_messages_than_the_queue_holds_fill_the_buffer() -> None:
    rig = Rig()
    answer = rig.ask(BACKLIGHT * 40, 2.0)
    assert answer.count("906003ff") == 8
    assert answer.count("9041ff") == 32


@pytest.mark.parametrize(
    "options",
    [{"address": 9}, {"loss": "much"}, {"ack_policy": "soon"}, {"home_bug": "perhaps"}, {"x": 1}],
)
def test_option_that_does_not_fit_is_an_error(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        ViscaCamera(clock=ManualClock(), **options)


# Presses.


def test_remote_moves_the_camera_and_is_told_when_asked_for() -> None:
    rig = Rig()
    rig.camera.press("drive", pan=30.0, tilt=5.0)
    assert rig.heard(5.0) == ""
    assert (rig.camera.pose().pan, rig.camera.pose().tilt) == (30.0, 5.0)
    rig.ask("81017d01030000ff")
    rig.camera.press("drive", pan=0.0, tilt=0.0)
    rig.camera.press("zoom", zoom=1.0)
    rig.camera.press("power")
    assert rig.heard() == "90077d010601ff90077d010407ff90077d010400ff"
    assert rig.camera.truth()["power"] == "standby"


def test_remote_is_dead_when_infrared_is_off() -> None:
    rig = Rig()
    rig.ask("8101060803ff")
    rig.camera.press("menu")
    rig.camera.press("power")
    assert (rig.camera.truth()["menu"], rig.camera.truth()["power"]) == (False, "on")


def test_remote_supersedes_a_move_under_way() -> None:
    rig = Rig()
    rig.ask(TO_THE_RIGHT)
    rig.camera.press("drive", pan=-20.0, tilt=0.0)
    assert rig.heard(5.0) == "9051ff"
    assert rig.camera.pose().pan == -20.0


# The daisy chain.


def test_cameras_answer_under_the_numbers_they_were_given() -> None:
    rig = ChainRig("evi-d70", "srg-300h", "ptzoptics")
    assert rig.ask("883001ff") == "883004ff"
    assert rig.ask("81090002ff") == "90500020040e000102ff"
    assert rig.ask("82090002ff") == "a0500001051301" + "0002ff"
    assert rig.ask("83090400ff") == "b05002ff"
    assert rig.ask("84090400ff") == ""


def test_before_address_set_the_first_camera_takes_all_for_1() -> None:
    rig = ChainRig("evi-d70", "evi-d70")
    assert rig.ask("81090400ff") == "905002ff"
    assert rig.ask("82090400ff") == ""


def test_broadcast_reaches_all_and_comes_back_once() -> None:
    rig = ChainRig("evi-d70", "evi-d70")
    rig.ask("883001ff")
    assert rig.ask("8801040003ff") == "8801040003ff"
    assert [camera.power.state for camera in rig.chain.cameras] == ["standby"] * 2


def test_started_anew_a_camera_asks_for_its_number() -> None:
    rig = ChainRig("evi-d70", "evi-d70")
    rig.ask("883001ff")
    rig.chain.cameras[1].reboot()
    assert rig.heard(10.0) == "9038ff"
    assert rig.ask("82090400ff") == ""
    rig.ask("883001ff")
    assert rig.ask("82090400ff") == "a05002ff"


def test_number_on_the_rotary_selector_stays() -> None:
    rig = Rig(address=3)
    assert rig.ask("83090400ff") == "b05002ff"
    rig.ask("883001ff")
    assert rig.ask("83090400ff") == "b05002ff"


def test_press_names_the_camera_of_the_chain() -> None:
    clock = ManualClock()
    chain = Chain("evi-d70", clock=clock, cameras=3)
    chain.press("power", camera=2)
    clock.advance(1.0)
    assert [camera.power.state for camera in chain.cameras] == ["on", "standby", "on"]
    with pytest.raises(ValueError, match="no camera 4"):
        chain.press("power", camera=4)
    with pytest.raises(ValueError, match="1 to 7"):
        Chain("evi-d70", clock=ManualClock(), cameras=8)
