"""Devices of a room that hang on outlets of another."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from hw_sim.control import create_control
from hw_sim.room import Room, RoomFileError, Rooms
from tests.sim.conftest import ManualClock

RACK = """\
rooms:
  hall:
    devices:
      sequencer:
        driver: hs_sequencer
        ends: {tcp: "127.0.0.1:0"}
        outlets: {1: board, 2: [projector, other]}
      board:
        driver: modbus_relay
        options: {latching: true}
        ends: {tcp: "127.0.0.1:0"}
        outlets:
          1: screen
      projector: {driver: pjlink, ends: {tcp: "127.0.0.1:0"}}
      other: {driver: pjlink, ends: {tcp: "127.0.0.1:0"}}
      screen: {driver: samsung_mdc, ends: {tcp: "127.0.0.1:0"}}
      camera: {driver: visca, ends: {tcp: "127.0.0.1:0"}, place: {at: [0, 1, 2]}}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "rooms.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def hall(tmp_path: Path, clock: ManualClock) -> Room:
    return Rooms.load(written(tmp_path, RACK), clock=clock)["hall"]


def lit(room: Room, name: str) -> bool:
    return room.device(name).truth()["mains"] is True


def test_what_hangs_on_an_open_outlet_is_dark_from_the_start(hall: Room):
    assert [lit(hall, name) for name in ("sequencer", "board", "projector", "screen")] == [
        True, False, False, False,
    ]  # fmt: skip
    assert not hall.device("projector").is_reachable()


def test_outlet_wakes_all_that_hangs_on_it_and_nothing_else(hall: Room, clock: ManualClock):
    hall.device("sequencer").press("channel", channel=2, on=True)
    assert [lit(hall, name) for name in ("projector", "other", "board")] == [True, True, False]
    clock.advance(60)
    assert hall.device("projector").is_reachable()
    hall.device("sequencer").press("channel", channel=2, on=False)
    assert not hall.device("projector").is_reachable()


def test_sequence_wakes_one_device_after_the_other(hall: Room, clock: ManualClock):
    hall.device("sequencer").press("sequence", on=True)
    clock.advance(1.5)
    assert (lit(hall, "board"), lit(hall, "projector")) == (True, False)
    clock.advance(1)
    assert lit(hall, "projector")


def test_latching_board_feeds_on_while_it_is_dark_itself(hall: Room, clock: ManualClock):
    hall.device("sequencer").press("channel", channel=1, on=True)
    clock.advance(1)
    hall.device("board").press("relay", relay=1, on=True)
    hall.device("sequencer").mains(False)  # type: ignore[attr-defined]  # of sequencers
    assert (lit(hall, "board"), lit(hall, "screen")) == (False, True)


@pytest.mark.parametrize(
    ("was", "is_", "line", "text"),
    [
        ("1: screen", "1: nobody", 13, "no device is called 'nobody'"),
        ("1: screen", "1: projector", 13, "'projector' hangs on an outlet already"),
        ("1: screen", "1: sequencer", 13, "'sequencer' would feed itself"),
        ("1: screen", "1: board", 13, "'board' hangs on an outlet already"),
        ("1: board", "1: sequencer", 7, "'sequencer' would feed itself"),
        ("1: screen", "one: screen", 13, "integer"),
    ],
)
def test_outlet_that_cannot_be_is_told_with_its_line(
    was: str, is_: str, line: int, text: str, tmp_path: Path
):
    file = written(tmp_path, RACK.replace(was, is_))
    with pytest.raises(RoomFileError, match=rf":{line}: .*{text}"):
        Rooms.load(file)


@pytest.mark.parametrize(
    ("was", "is_", "text"),
    [
        ("1: screen", "9: screen", "hall/board: screen: no outlet 9, only 1 to 8"),
        ("1: screen", "1: camera", "hall/board: camera: the simulated visca has no mains plug"),
    ],
)
def test_outlet_or_plug_that_the_device_has_not_is_told(
    was: str, is_: str, text: str, tmp_path: Path
):
    with pytest.raises(ValueError, match=text):
        Rooms.load(written(tmp_path, RACK.replace(was, is_)))


MATRIX = """\
rooms:
  hall:
    devices:
      strip: {driver: apc_pdu, ends: {udp: "127.0.0.1:0"}, options: {on: [1]}, outlets: {1: matrix}}
      matrix: {driver: creator_matrix, ends: {pty: true}, ties: {1: 2}}
    sources: {laptop: {level: -24}}
    sinks: [terminal]
    far-end: terminal
    cables:
      - {from: laptop, to: matrix in 2}
      - {from: matrix out 1, to: terminal}
"""


def test_matrix_without_mains_passes_neither_picture_nor_sound(tmp_path: Path, clock: ManualClock):
    room = Rooms.load(written(tmp_path, MATRIX), clock=clock)["hall"]
    seen, heard = room.far_end_sees().source, [each.microphone for each in room.far_end_hears()]
    assert (seen, heard) == ("laptop", ["laptop"])
    room.device("strip").press("outlet", outlet=1, on=False)
    clock.advance(1)
    assert (room.far_end_sees().source, room.far_end_hears()) == (None, ())
    room.device("strip").press("outlet", outlet=1, on=True)
    clock.advance(10)
    assert room.far_end_sees().source == "laptop"


WALL = """\
rooms:
  hall:
    devices:
      relays: {driver: modbus_relay, ends: {pty: true}, outlets: {1: wall}}
      wall: {driver: lcd_splicer, ends: {pty: true}, options: {columns: 2, rows: 1}}
    sources: {laptop: {}}
    cables:
      - {from: laptop, to: wall HDMI1}
"""


def test_wall_of_panels_is_among_the_walls_of_the_control(tmp_path: Path, clock: ManualClock):
    rooms = Rooms.load(written(tmp_path, WALL), clock=clock)
    client = TestClient(create_control(rooms.devices, rooms))
    assert client.get("/rooms/hall").json()["walls"] == ["wall"]
    assert client.get("/rooms/hall/walls/wall").json() == []


def test_wall_of_panels_shows_its_inputs_while_it_has_mains(tmp_path: Path, clock: ManualClock):
    room = Rooms.load(written(tmp_path, WALL), clock=clock)["hall"]
    room.device("relays").press("relay", relay=1, on=True)
    clock.advance(3)
    assert room.wall_shows("wall") == ()
    room.device("wall").press("power", unit=2, on=True)
    clock.advance(4)
    (window,) = room.wall_shows("wall")
    assert (window.x, window.width, window.source) == (0.5, 0.5, "laptop")
    room.device("relays").press("relay", relay=1, on=False)
    assert room.wall_shows("wall") == ()
