"""visca-over-ip behind Sony's UDP header: a blocking socket, which asks with the type of a command.

It binds the camera's port on every address, so the simulator has an address of its own on the loopback.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.processes import Peer, PeerError, Simulated, Truth, simulated

# Two clients on one wildcard port would take each other's answers.
pytestmark = [pytest.mark.peers, pytest.mark.serial]

HOST, PORT = "127.0.0.21", 52381
UNITS = 51.2  # a degree


class Pair(NamedTuple):
    peer: Peer
    camera: Simulated


def sony(*options: str) -> list[str]:
    return [
        *("--model", "srg-300h", "--udp", f"{HOST}:{PORT}", "--speed", "5"),
        *(word for option in ("strict_header=false", *options) for word in ("--option", option)),
    ]


@pytest.fixture
def pair() -> Iterator[Pair]:
    # Its commands come from another port than its inquiries, and are only answered there.
    arguments = sony("reply_to=source", "reject_zero_speed=false", "power_on_s=1")
    with simulated("visca", *arguments) as camera, Peer("visca_over_ip", "Camera", [HOST]) as peer:
        yield Pair(peer, camera)


def at(truth: Truth) -> tuple[int, int]:
    return round(truth["pan"] * UNITS), round(truth["tilt"] * UNITS)


def rests(truth: Truth) -> bool:
    return not truth["moving"] and not truth["sockets"]


def test_power_goes_to_standby_and_back(pair: Pair):
    peer, camera = pair
    peer.call("set_power", False)
    camera.until(lambda truth: truth["power"] == "standby")
    peer.call("set_power", True)
    camera.until(lambda truth: truth["power"] == "on")


@pytest.mark.parametrize(("speed", "sign"), [((9, 0), 1), ((-9, 0), -1)])
def test_a_drive_moves_until_stop(pair: Pair, speed: tuple[int, int], sign: int):
    peer, camera = pair
    peer.call("pantilt", *speed)  # positive speeds are VISCA's 02: right
    camera.until(lambda truth: sign * truth["pan"] > 1)
    peer.call("pantilt", 0, 0)
    stopped = camera.until(rests)
    assert camera.truth()["pan"] == stopped["pan"]


@pytest.mark.parametrize(("pan", "tilt"), [(1200, 700), (-1440, -300)])
def test_an_absolute_move_ends_where_it_was_sent(pair: Pair, pan: int, tilt: int):
    peer, camera = pair
    peer.call("pantilt", 20, 20, pan, tilt)
    camera.until(lambda truth: at(truth) == (pan, tilt) and rests(truth))
    assert peer.call("get_pantilt_position") == [pan, tilt]


def test_a_recall_brings_back_what_was_stored(pair: Pair):
    peer, camera = pair
    peer.call("pantilt", 20, 20, 900, 400)
    camera.until(lambda truth: at(truth) == (900, 400) and rests(truth))
    peer.call("save_preset", 7)
    camera.until(lambda truth: 7 in truth["presets"] and rests(truth))
    peer.call("pantilt_home")
    camera.until(lambda truth: at(truth) == (0, 0) and rests(truth))
    peer.call("recall_preset", 7)
    camera.until(lambda truth: at(truth) == (900, 400) and rests(truth))


def test_zoom_goes_to_a_position_and_drives_until_stop(pair: Pair):
    peer, camera = pair
    peer.call("zoom_to", 0.5)
    camera.until(lambda truth: truth["zoom"] == 0x2000 and rests(truth))
    assert peer.call("get_zoom_position") == 0x2000
    peer.call("zoom", -7)
    camera.until(lambda truth: truth["zoom"] < 0x1E00)
    peer.call("zoom", 0)
    stopped = camera.until(rests)
    assert peer.call("get_zoom_position") == stopped["zoom"]


def test_focus_mode_is_set_and_told(pair: Pair):
    peer, _ = pair
    for mode in ("manual", "auto"):
        peer.call("set_focus_mode", mode)
        assert peer.call("get_focus_mode") == mode


def test_a_camera_that_answers_to_52381_answers_its_inquiries():
    with (
        simulated("visca", *sony("reply_to=52381")) as camera,
        Peer("visca_over_ip", "Camera", [HOST]) as peer,
    ):
        peer.call("zoom_to", 0.25)
        camera.until(lambda truth: truth["zoom"] == 0x1000 and rests(truth))
        assert peer.call("get_zoom_position") == 0x1000


def test_a_camera_that_checks_headers_does_not_take_an_inquiry_for_a_command():
    with (
        simulated("visca", *sony("reply_to=source", "strict_header=true")),
        Peer("visca_over_ip", "Camera", [HOST]) as peer,
        pytest.raises(PeerError, match="NoQueryResponse"),
    ):
        peer.call("get_zoom_position")


def test_a_camera_that_rejects_speed_0_says_so():
    with (
        simulated("visca", *sony("reply_to=source", "reject_zero_speed=true")),
        Peer("visca_over_ip", "Camera", [HOST]) as peer,
        pytest.raises(PeerError, match="Syntax error"),
    ):
        peer.call("pantilt", 0, 0)
