"""Moves take their time, are seen on their way, and are interrupted."""

import json
import math
from itertools import pairwise

import pytest

from hw_sim.visca import ViscaCamera
from hw_sim.visca.models import MODELS
from tests.sim.visca_rig import Rig

ACCEPTED = "9041ff9051ff"
TO_THE_RIGHT = "8101060218180009090000000000ff"  # 170 degrees on a generic camera, at 101 a second
DRIVE_RIGHT = "8101060118180203ff"
DRIVE_UP = "8101060118180301ff"
STOP = "8101060101010303ff"


def test_absolute_move_completes_when_the_head_is_there() -> None:
    rig = Rig()
    assert rig.ask(TO_THE_RIGHT) == "9041ff"
    assert rig.heard(1.5) == ""
    assert rig.heard(0.2) == "9051ff"
    assert rig.position() == "90500009090000000000ff"


def test_position_in_the_middle_of_a_move_is_the_one_on_the_way() -> None:
    rig = Rig()
    rig.ask(TO_THE_RIGHT, seconds=1 / 60 + 85 / 101)
    assert rig.camera.pose().pan == pytest.approx(85.0)
    assert rig.camera.truth()["moving"] is True
    answer = bytes.fromhex(rig.position())
    assert 0x04C8 < int(answer[2:6].hex()[1::2], 16) < 0x0580


def test_drive_completes_at_once_and_runs_until_stop() -> None:
    rig = Rig()
    assert rig.ask(DRIVE_RIGHT) == ACCEPTED
    rig.clock.advance(0.5)
    assert rig.camera.truth()["moving"] is True
    assert rig.ask(STOP) == ACCEPTED
    stopped_at = rig.camera.pose().pan
    assert stopped_at == pytest.approx(101 * 0.6, rel=0.02)
    rig.clock.advance(1.0)
    assert rig.camera.pose().pan == stopped_at


def test_drive_ends_at_the_end_stop() -> None:
    rig = Rig()
    rig.ask(DRIVE_RIGHT, seconds=5.0)
    assert rig.camera.pose().pan == 170.0
    assert rig.ask("81090610ff") == "90502802ff"


def test_drive_ends_at_a_limit_that_was_set_and_goes_on_when_it_is_cleared() -> None:
    rig = Rig("srg-120dh")
    rig.ask("8101060700010100000000040000ff")  # 4096 and 1024 units, 80 and 20 degrees
    rig.ask("8101060118140201ff", seconds=5.0)
    assert (rig.camera.pose().pan, rig.camera.pose().tilt) == (80.0, 20.0)
    rig.ask("810106070101070f0f0f070f0f0fff")
    rig.ask("8101060118140201ff", seconds=5.0)
    assert (rig.camera.pose().pan, rig.camera.pose().tilt) == (100.0, 25.0)


@pytest.mark.parametrize(
    ("model", "code", "speed"),
    [
        ("srg-120dh", 0x18, 302),
        ("srg-120dh", 0x0A, 9.0),
        ("brc-x400", 0x0F, 54),
        ("srg-360she", 0x01, 0.3),
        ("ptzoptics", 0x14, 58),
        ("evi-hd1", 0x18, 300),
    ],
)
def test_pan_speed_is_the_documented_one(model: str, code: int, speed: float) -> None:
    rig = Rig(model)
    rig.send(f"81010601{code:02x}010203ff")
    rig.clock.advance(rig.camera.latency)
    rig.clock.advance(0.1)
    assert rig.camera.pose().pan == pytest.approx(speed * 0.1)


def test_newer_move_completes_the_older_one_on_a_camera_that_does_so() -> None:
    rig = Rig()
    rig.ask(TO_THE_RIGHT)
    assert rig.ask("81010604ff") == "9042ff9051ff"
    assert rig.heard(2.0) == "9052ff"


def test_newer_move_silences_the_older_one_on_a_camera_that_does_so() -> None:
    rig = Rig(complete_superseded=False)
    rig.ask(TO_THE_RIGHT)
    assert rig.ask("81010604ff") == "9042ff"
    assert rig.heard(2.0) == "9052ff"
    assert rig.camera.truth()["sockets"] == []


def test_stop_interrupts_an_absolute_move() -> None:
    rig = Rig(complete_superseded=False)
    rig.ask(TO_THE_RIGHT)
    assert rig.ask(STOP) == "9042ff9052ff"
    assert rig.camera.truth()["moving"] is False


def test_cancelled_move_stops_and_never_completes() -> None:
    rig = Rig()
    rig.ask(TO_THE_RIGHT)
    assert rig.ask("8121ff") == "906104ff"
    assert rig.camera.truth()["moving"] is False
    assert rig.heard(5.0) == ""
    assert rig.ask("81090610ff") == "90502c00ff"


def test_if_clear_empties_the_sockets_and_the_move_goes_on_untold() -> None:
    rig = Rig()
    rig.ask(TO_THE_RIGHT)
    assert rig.ask("81010001ff") == "9050ff"
    assert rig.camera.truth()["sockets"] == []
    assert rig.heard(5.0) == ""
    assert rig.camera.pose().pan == 170.0


def test_inquiries_are_answered_while_both_sockets_are_taken() -> None:
    rig = Rig()
    rig.ask(TO_THE_RIGHT)
    rig.ask("8101044704000000ff")
    assert rig.camera.truth()["sockets"] == [1, 2]
    assert rig.ask("81090400ff81090438ff") == "905002ff905002ff"
    assert rig.ask(STOP) == "906003ff"


def test_relative_move_starts_where_the_head_is() -> None:
    rig = Rig()
    rig.ask("8101060318180009000000000000ff", seconds=5.0)
    rig.ask("810106031818" + "0f0f0f0f" + "00000001" + "ff", seconds=5.0)
    assert rig.position() == "9050" + "00080f0f" + "00000001" + "ff"


def test_strict_camera_refuses_a_place_beyond_its_end_stop_and_others_go_there() -> None:
    beyond = "810106021814" + "000a0000" + "00000000" + "ff"
    assert Rig().ask(beyond) == "906002ff"
    rig = Rig("minrray")
    rig.ask(beyond, seconds=5.0)
    assert rig.camera.pose().pan == 170.0


def test_positive_pan_is_left_on_a_brc_x1000() -> None:
    rig = Rig("brc-x1000")
    rig.ask("810106021818" + "0009030700" + "00090307" + "ff", seconds=60.0)
    assert rig.camera.pose().pan == pytest.approx(-0x9370 / 235.9)
    assert rig.position() == "9050" + "0009030700" + "00090307" + "ff"


def test_both_axes_arrive_together_when_asked_to() -> None:
    rig = Rig("brc-x1000")
    rig.send("810106021800" + "0009000000" + "01000000" + "ff")
    rig.clock.advance(rig.camera.latency + 0.2)
    pose = rig.camera.pose()
    assert pose.pan / pose.tilt == pytest.approx(-0x9000 / 0x1000)


def test_slow_mode_has_a_table_of_its_own() -> None:
    rig = Rig("brc-x400")
    rig.ask("8101064402ff")
    rig.send("8101060118010203ff")
    rig.clock.advance(rig.camera.latency)
    rig.clock.advance(0.1)
    assert rig.camera.pose().pan == pytest.approx(6.0)


def test_flip_turns_the_tilt_range_over() -> None:
    rig = Rig("brc-x400")
    rig.ask("8101046602ff")
    rig.ask("8101060118170301ff", seconds=5.0)
    assert rig.position() == "905000000000" + "00040000" + "ff"
    rig.ask("8101060118170302ff", seconds=5.0)
    assert rig.position() == "905000000000" + "0e0e0000" + "ff"


def test_presets_look_the_same_way_after_a_flip_as_before_seen_from_the_camera() -> None:
    rig = Rig("brc-x400")
    rig.camera.store(1, 0.0, 10.0, 0.0)
    rig.ask("8101046602ff")
    rig.ask("8101043f0201ff", seconds=5.0)
    assert rig.camera.pose().tilt == -10.0


def test_status_word_tells_which_end_is_reached() -> None:
    rig = Rig()
    rig.ask("8101060118180101ff", seconds=5.0)
    assert rig.ask("81090610ff") == "90502805ff"
    rig.ask("8101060118180202ff", seconds=5.0)
    assert rig.ask("81090610ff") == "9050280aff"


# Lens.


def test_zoom_direct_takes_time_and_narrows_the_picture() -> None:
    rig = Rig("srg-300h")
    wide = rig.camera.pose().fov
    assert rig.ask("8101044704000000ff") == "9041ff"
    assert 0 < rig.camera.body.zoom.position < 0x4000
    assert rig.heard(3.0) == "9051ff"
    half = math.tan(math.radians(wide / 2)) / 30
    assert rig.camera.pose().fov == pytest.approx(2 * math.degrees(math.atan(half)))


def test_optical_zoom_ends_where_the_digital_one_begins() -> None:
    rig = Rig("srg-300h")
    rig.ask("8101040727ff", seconds=10.0)
    assert rig.ask("81090447ff") == "905004000000ff"
    rig.ask("8101040602ff")
    rig.ask("8101040727ff", seconds=10.0)
    assert rig.ask("81090447ff") == "9050070a0c00ff"


def test_zoom_runs_until_stop_and_speed_0_is_the_slowest() -> None:
    rig = Rig()
    assert rig.ask("8101040720ff") == ACCEPTED
    rig.clock.advance(1.0)
    assert rig.camera.truth()["moving"] is True
    rig.ask("8101040700ff")
    assert rig.camera.truth()["moving"] is False
    assert 0 < rig.camera.body.zoom.position < 0x800


def test_focus_is_moved_by_hand_only_in_manual_focus() -> None:
    rig = Rig()
    assert rig.ask("810104480d000000ff") == "906141ff"
    rig.ask("8101043803ff")
    rig.ask("810104480d000000ff", seconds=5.0)
    assert rig.ask("81090448ff") == "90500d000000ff"


def test_focus_is_busy_on_its_way_from_far_to_near() -> None:
    rig = Rig("srg-300h")
    rig.ask("8101043803ff")
    rig.ask("8101040803ff")
    assert rig.ask("81097e7e00ff")[-4:-2] == "02"
    rig.clock.advance(10.0)
    assert rig.ask("81090448ff") == "90500f000000ff"
    rig.ask("8101040802ff", seconds=10.0)
    assert rig.ask("81090448ff") == "905001000000ff"


@pytest.mark.parametrize("model", MODELS)
def test_magnification_grows_and_starts_at_one(model: str) -> None:
    zoom = MODELS[model].zoom
    ratios = [zoom(units) for units in range(0, MODELS[model].longest_zoom + 1, 64)]
    assert ratios[0] == 1
    assert ratios == sorted(ratios)
    assert all(low < high for low, high in pairwise(ratios))


@pytest.mark.parametrize("model", MODELS)
def test_every_end_stop_can_be_reached_and_read_back(model: str) -> None:
    features = MODELS[model]
    rig = Rig(model)
    for pan, tilt in zip(features.pan, features.tilt, strict=True):
        rig.camera.press_drive(*rig.camera.body.direction(pan, tilt))
        rig.clock.advance(3000.0)
        assert (rig.camera.body.pan_units(), rig.camera.body.tilt_units()) == (pan, tilt)


# Presets.


def test_preset_is_recalled_where_it_was_set() -> None:
    rig = Rig()
    rig.ask("8101060218180001020300000100ff", seconds=5.0)
    rig.ask("8101044702000000ff", seconds=5.0)
    assert rig.ask("8101043f0105ff") == ACCEPTED
    rig.ask("81010604ff", seconds=5.0)
    rig.ask("8101044700000000ff", seconds=5.0)
    assert rig.ask("8101043f0205ff", seconds=5.0) == ACCEPTED
    assert rig.position() == "90500001020300000100ff"
    assert rig.ask("81090447ff") == "905002000000ff"
    assert rig.ask("8109043fff") == "905005ff"


def test_room_file_can_store_a_preset() -> None:
    rig = Rig("brc-x400")
    rig.camera.store(7, pan_degrees=-30.0, tilt_degrees=10.0, zoom=0.5)
    rig.ask("8101043f0207ff", seconds=5.0)
    pose = rig.camera.pose()
    assert (pose.pan, pose.tilt, rig.camera.truth()["zoom"]) == (-30.0, 10.0, 0x2000)


def test_recall_lasts_as_long_as_its_preset_speed_wants() -> None:
    rig = Rig("brc-x400")
    rig.camera.store(0, pan_degrees=150.0, tilt_degrees=0.0, zoom=0.0)
    rig.ask("81017e010b0019ff")  # 300 degrees a second
    rig.ask("8101043f0200ff", seconds=0.6)
    assert rig.camera.pose().pan == 150.0
    rig.ask("81010604ff", seconds=5.0)
    rig.ask("81017e041b02ff")  # the common speed from now on, whatever the preset's own is
    rig.ask("8101043f0200ff", seconds=2.0)
    assert rig.camera.pose().pan == pytest.approx(150.0)  # none was set: 101 degrees a second
    rig.ask("81010604ff", seconds=5.0)
    rig.ask("8101043f0200ff", seconds=0.6)
    assert rig.camera.pose().pan < 150.0
    rig.ask("81010604ff", seconds=5.0)
    rig.ask("81017e041c010" + "0ff")  # 16
    rig.ask("8101043f0200ff", seconds=2.0)
    assert rig.camera.pose().pan < 150.0


def test_preset_speed_of_ptzoptics_is_for_all() -> None:
    rig = Rig("ptzoptics")
    rig.camera.store(3, pan_degrees=100.0, tilt_degrees=0.0, zoom=0.0)
    rig.ask("810106010fff")  # 19 degrees a second
    assert rig.ask("8101043f0203ff", seconds=5.0) == ""
    assert rig.heard(0.5) == ACCEPTED


def test_interrupted_late_recall_is_never_answered() -> None:
    rig = Rig("ptzoptics")
    rig.camera.store(3, pan_degrees=170.0, tilt_degrees=0.0, zoom=0.0)
    rig.ask("8101043f0203ff", seconds=0.5)
    assert rig.ask("8101060118140303ff") == "9042ff9052ff"
    assert rig.heard(20.0) == ""
    assert 0 < rig.camera.pose().pan < 170.0


def test_busy_bits_tell_recall_and_zoom() -> None:
    rig = Rig("brc-x400")
    rig.camera.store(0, pan_degrees=170.0, tilt_degrees=0.0, zoom=0.2)
    rig.ask("8101043f0200ff")
    assert rig.ask("81097e7e00ff")[-4:-2] == "05"
    rig.clock.advance(1.0)
    assert rig.ask("81097e7e00ff")[-4:-2] == "04"
    rig.clock.advance(3.0)
    assert rig.ask("81097e7e00ff")[-4:-2] == "00"


def test_zoom_is_refused_during_a_recall() -> None:
    rig = Rig()
    rig.camera.store(0, pan_degrees=170.0, tilt_degrees=0.0, zoom=0.0)
    rig.ask("8101043f0200ff")
    assert rig.ask("8101040702ff") == "906241ff"


def test_preset_beyond_the_range_is_a_syntax_error() -> None:
    assert Rig("evi-d70").ask("8101043f0206ff") == "906002ff"
    assert Rig("srg-300h").ask("8101043f020fff")[:6] == "9041ff"
    assert Rig("ptzoptics").ask("8101043f0263ff") == "906002ff"


@pytest.mark.parametrize(
    ("policy", "pan", "answer"),
    [("home", 0.0, ACCEPTED), ("stay", 50.0, ACCEPTED), ("refuse", 50.0, "906141ff")],
)
def test_recall_of_a_preset_never_set(policy: str, pan: float, answer: str) -> None:
    rig = Rig(empty_preset=policy)
    rig.camera.press_drive(50.0, 0.0)
    rig.clock.advance(10.0)
    assert rig.ask("8101043f0209ff", seconds=5.0) == answer
    assert rig.camera.pose().pan == pan


def test_camera_says_nothing_of_itself_that_json_does_not_know() -> None:
    assert json.loads(json.dumps(ViscaCamera("brc-am7", clock=Rig().clock).truth()))
