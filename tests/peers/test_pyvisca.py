"""pyvisca on a pseudo-terminal: it sends to camera 1 and hopes; only four inquiries read an answer.

A move it asks a position during may complete in the middle of the answer, so each inquiry here follows a rest.
"""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.processes import Peer, Simulated, Truth, simulated

pytestmark = pytest.mark.peers


UNITS = 13.3  # a degree


class Pair(NamedTuple):
    peer: Peer
    camera: Simulated


@pytest.fixture
def pair() -> Iterator[Pair]:
    arguments = ["--model", "evi-d70", "--option", "power_on_s=1", "--speed", "5", "--pty"]
    with (
        simulated("visca", *arguments) as camera,
        Peer("pyvisca.visca", "PTZ", [urlsplit(camera.url).path]) as peer,
    ):
        yield Pair(peer, camera)


def units(degrees: float) -> int:
    return round(degrees * UNITS)


def rests(truth: Truth) -> bool:
    return not truth["moving"] and not truth["sockets"]


def test_power_goes_to_standby_and_back(pair: Pair):
    peer, camera = pair
    peer.call("power", 0)
    camera.until(lambda truth: truth["power"] == "standby" and rests(truth))
    assert peer.call("get_power") == 0
    peer.call("power", 1)
    camera.until(lambda truth: truth["power"] == "on" and rests(truth))
    assert peer.call("get_power") == 1


@pytest.mark.parametrize(
    ("direction", "axis", "sign"),
    [("left", "pan", -1), ("right", "pan", 1), ("up", "tilt", 1), ("down", "tilt", -1)],
)
def test_a_drive_moves_until_stop(pair: Pair, direction: str, axis: str, sign: int):
    peer, camera = pair
    peer.call(direction, 2)  # slow enough to be on its way still
    assert camera.until(lambda truth: sign * truth[axis] > 1)["moving"]
    peer.call("stop")
    stopped = camera.until(rests)
    assert camera.truth()[axis] == stopped[axis]


def test_an_absolute_move_ends_where_it_was_sent(pair: Pair):
    peer, camera = pair
    peer.call("set_pan", 500, 9)
    camera.until(lambda truth: units(truth["pan"]) == 500 and rests(truth))
    peer.call("set_tilt", 300, 9)
    ended = camera.until(lambda truth: units(truth["tilt"]) == 300 and rests(truth))
    assert units(ended["pan"]) == 500
    assert (peer.call("get_pan"), peer.call("get_tilt")) == (500, 300)


def test_positions_left_of_the_centre_are_negative(pair: Pair):
    peer, camera = pair
    peer.call("set_pan", -400, 9)  # pyvisca counts from 65535, so one further
    camera.until(lambda truth: units(truth["pan"]) == -401 and rests(truth))
    assert peer.call("get_pan") == 65536 - 401  # and never takes the sign


def test_a_recall_brings_back_what_was_stored(pair: Pair):
    peer, camera = pair
    peer.call("set_pan", 700, 9)
    camera.until(lambda truth: units(truth["pan"]) == 700 and rests(truth))
    peer.call("preset_set", 4)
    camera.until(lambda truth: 4 in truth["presets"] and rests(truth))
    peer.call("home")
    camera.until(lambda truth: units(truth["pan"]) == 0 and rests(truth))
    peer.call("preset_recall", 4)
    camera.until(lambda truth: units(truth["pan"]) == 700 and rests(truth))


def test_zoom_goes_to_a_position_and_drives_until_stop(pair: Pair):
    peer, camera = pair
    peer.call("set_zoom", 0x2000)
    camera.until(lambda truth: truth["zoom"] == 0x2000 and rests(truth))
    assert peer.call("get_zoom") == 0x2000
    peer.call("zoom_out", 5)
    camera.until(lambda truth: truth["zoom"] < 0x1C00)
    peer.call("zoom_stop")
    stopped = camera.until(rests)
    assert peer.call("get_zoom") == stopped["zoom"] == camera.truth()["zoom"]
