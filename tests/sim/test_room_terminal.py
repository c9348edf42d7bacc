"""A room whose far end is behind a terminal."""

from pathlib import Path

import pytest

from hw_sim.room import Room, RoomFileError, Rooms
from tests.sim.conftest import ManualClock

ROOM = """\
rooms:
  hall:
    devices:
      camera: {{driver: visca, ends: {{tcp: "127.0.0.1:0"}}, place: {{at: [0, 1, 2]}}}}
      mixer: {{driver: biamp_ttp, ends: {{tcp: "127.0.0.1:0"}}}}
      relays:
        driver: modbus_relay
        ends: {{tcp: "127.0.0.1:0"}}
        outlets: {{1: terminal}}
      terminal:
        driver: {driver}
        ends: {{tls: "127.0.0.1:0", ssh: ["127.0.0.1:0"]}}
        options: {{auto_answer: true, boot_seconds: 30}}
    far-end: {far_end}
    microphones:
      lectern: {{at: [-3.7, 11.5, 1.8], plugged: mixer Input1 1}}
    cables:
      - {{from: camera, to: terminal}}
      - {{from: mixer Level1, to: terminal}}
"""
TERMINALS = ["huawei_te", "cisco_roomos"]


def load(folder: Path, clock: ManualClock | None, driver: str, far_end: str = "terminal") -> Rooms:
    file = folder / "rooms.yaml"
    file.write_text(ROOM.format(driver=driver, far_end=far_end), encoding="utf-8")
    return Rooms.load(file, clock=clock)


@pytest.fixture(params=TERMINALS)
def hall(request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock) -> Room:
    room = load(tmp_path, clock, request.param)["hall"]
    room.device("relays").press("relay", relay=1, on=True)
    clock.advance(30)
    return room


def call(room: Room, clock: ManualClock) -> None:
    room.device("terminal").press("call", number="8001")
    clock.advance(1)


def test_far_end_sees_and_hears_the_room_in_a_call_only(hall: Room, clock: ManualClock):
    assert (hall.far_end_sees().source, hall.far_end_hears()) == (None, ())
    call(hall, clock)
    assert hall.far_end_sees().source == "camera"
    assert [each.microphone for each in hall.far_end_hears()] == ["lectern"]
    hall.device("terminal").press("hang_up")
    assert (hall.far_end_sees().source, hall.far_end_hears()) == (None, ())


def test_far_end_does_not_hear_a_terminal_that_is_muted(hall: Room, clock: ManualClock):
    call(hall, clock)
    hall.device("terminal").press("mute", on=True)
    assert hall.far_end_hears() == ()
    assert hall.far_end_sees().source == "camera"


def test_a_terminal_without_mains_loses_the_far_end(hall: Room, clock: ManualClock):
    call(hall, clock)
    hall.device("relays").press("relay", relay=1, on=False)
    assert (hall.far_end_sees().source, hall.far_end_hears()) == (None, ())


def test_a_far_end_that_is_neither_sink_nor_terminal_is_an_error(tmp_path: Path):
    with pytest.raises(RoomFileError, match=r":\d+: rooms.hall.far-end: no sink and no terminal"):
        load(tmp_path, None, "huawei_te", "mixer")


@pytest.mark.parametrize("driver", TERMINALS)
async def test_a_room_opens_the_secured_ends_of_its_terminal(driver: str, tmp_path: Path):
    async with load(tmp_path, None, driver).serve() as ends:
        schemes = [url.partition(":")[0] for url in ends["hall/terminal"].urls]
    assert schemes == ["tls", "ssh"]
