"""The demo site's rooms as those in them, and at the other end of the line, find them."""

from pathlib import Path

import pytest

from hw_sim.room import Room, RoomFileError, Rooms, read
from hw_sim.scenery import CHAIR, SPEAKER, Lens, Spot, aim
from tests.sim.conftest import ManualClock

DEMO = Path(__file__).parents[2] / "examples/demo/simulators.yaml"
TWO_BY_TWO = """\
rooms:
  small:
    devices:
      matrix: {driver: extron_sis, ends: {tcp: "127.0.0.1:0"}, ties: {1: 1}}
    sources: {laptop: {level: -24}}
    sinks: [terminal]
    far-end: terminal
    cables:
      - {from: laptop, to: matrix in 1}
      - {from: matrix out 1, to: terminal}
      - {from: matrix out 2, to: matrix in 2}
"""


WIRELESS = """\
rooms:
  small:
    devices:
      wireless: {driver: shure, model: slxd4, ends: {tcp: "127.0.0.1:0"}}
      mixer: {driver: biamp_ttp, ends: {tcp: "127.0.0.1:0"}, muted: [Level1 2]}
    sinks: [terminal]
    far-end: terminal
    microphones:
      handheld: {at: [-3.7, 11.5, 1.8], plugged: wireless 1}
    cables:
      - {from: wireless 1, to: mixer Input1 5}
      - {from: mixer Level1, to: terminal}
"""


@pytest.fixture
def rooms(clock: ManualClock) -> Rooms:
    made = Rooms.load(DEMO, clock=clock)
    for room in made.values():
        for channel in range(1, 5):
            open_channel(room, channel)
    clock.advance(30)
    return made


def open_channel(room: Room, channel: int) -> None:
    room.device("mixer").press("mute", tag="Level1", channel=channel, on=False)


def recall(rooms: Rooms, clock: ManualClock, room: str, camera: str, preset: int) -> None:
    rooms[room].device(camera).press("preset", number=preset)
    clock.advance(20)


def written(folder: Path, text: str) -> Path:
    file = folder / "rooms.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def loudest(rooms: Rooms, room: str) -> str:
    return rooms[room].far_end_hears()[0].microphone


def test_far_end_sees_the_source_that_the_matrix_ties_to_the_terminal(rooms):
    assert rooms["19"].far_end_sees().source == "panorama-camera"
    rooms["19"].device("matrix").press("tie", input=1, output=1)
    assert rooms["19"].far_end_sees().source == "podium-camera"


def test_a_panorama_has_the_speaker_in_it_and_is_not_of_him(rooms):
    view = rooms["19"].far_end_sees()
    assert (view.speaker_visible, view.speaker_fills) == (True, False)


def test_far_end_is_black_without_a_tie(rooms):
    rooms["19"].device("matrix").press("tie", input=0, output=1)
    view = rooms["19"].far_end_sees()
    assert (view.source, view.black) == (None, True)


def test_a_camera_in_standby_is_black_and_takes_its_signal_from_the_matrix(rooms, clock):
    room = rooms["19"]
    assert room.device("matrix").truth()["signals"]["2"] is True
    room.device("panorama-camera").press("power")
    clock.advance(5)
    assert room.far_end_sees().black
    room.refresh()
    assert room.device("matrix").truth()["signals"]["2"] is False


def test_an_input_with_nothing_plugged_in_has_no_signal(rooms):
    signals = rooms["19"].device("matrix").truth()["signals"]
    assert [signals[str(number)] for number in range(1, 6)] == [True, True, True, True, False]


def test_a_muted_output_shows_the_far_end_nothing(rooms):
    rooms["19"].device("matrix").press("mute", output=1)
    assert rooms["19"].far_end_sees().source is None


@pytest.mark.parametrize(
    ("room", "camera"),
    [
        ("19", "podium-camera"),
        ("19", "panorama-camera"),
        ("17", "podium-camera"),
        ("17", "panorama-camera"),
        ("annex-6", "camera"),
    ],
)
def test_preset_1_fills_the_picture_with_the_speaker_and_preset_0_does_not(
    rooms, clock, room, camera
):
    recall(rooms, clock, room, camera, 1)
    assert rooms[room].lens(camera).filled_by(SPEAKER)
    recall(rooms, clock, room, camera, 0)
    wide = rooms[room].lens(camera)
    assert not wide.filled_by(SPEAKER)
    assert wide.holds(SPEAKER)
    assert wide.holds(CHAIR)


def test_preset_2_fills_the_picture_with_the_chair(rooms, clock):
    recall(rooms, clock, "19", "podium-camera", 2)
    assert rooms["19"].lens("podium-camera").filled_by(CHAIR)


def test_a_close_up_of_an_empty_lectern_is_not_of_the_speaker(rooms, clock):
    recall(rooms, clock, "19", "podium-camera", 1)
    rooms["19"].device("matrix").press("tie", input=1, output=1)
    assert rooms["19"].far_end_sees().speaker_fills
    rooms["19"].set_speaker(False)
    assert not rooms["19"].far_end_sees().speaker_fills


def test_a_moving_camera_does_not_fill_its_picture_before_it_arrives(rooms, clock):
    rooms["19"].device("podium-camera").press("preset", number=1)
    clock.advance(0.3)
    assert not rooms["19"].lens("podium-camera").filled_by(SPEAKER)


def test_the_speaker_is_loudest_at_his_own_microphone(rooms):
    heard = rooms["19"].far_end_hears()
    assert [each.microphone for each in heard][:2] == ["podium-mic", "podium-mic-backup"]
    assert heard[0].level_dbfs == pytest.approx(-20, abs=0.5)
    assert all(each.level_dbfs < -40 for each in heard[2:])


def test_a_dead_microphone_gives_nothing_and_the_next_is_loudest(rooms):
    rooms["19"].set_microphone("podium-mic", alive=False)
    assert "podium-mic" not in {each.microphone for each in rooms["19"].far_end_hears()}
    assert loudest(rooms, "19") == "podium-mic-backup"


def test_a_muted_microphone_is_not_heard(rooms):
    rooms["19"].device("mixer").press("mute", tag="Level1", channel=1, on=True)
    assert loudest(rooms, "19") == "podium-mic-backup"


def test_a_fader_turns_down_what_the_far_end_hears(rooms):
    rooms["19"].device("mixer").press("level", tag="Level1", channel=1, db=-12.0)
    levels = {each.microphone: each.level_dbfs for each in rooms["19"].far_end_hears()}
    assert levels["podium-mic"] == pytest.approx(-32, abs=0.5)


def test_a_quiet_room_is_at_the_noise_floor(rooms):
    rooms["17"].set_speaker(False)
    assert {each.level_dbfs for each in rooms["17"].far_end_hears()} == {-70.0}


def test_a_booting_mixer_is_silent_at_the_far_end(rooms):
    rooms["19"].device("mixer").reboot()
    assert rooms["19"].far_end_hears() == ()


def test_a_meeting_room_starts_with_its_microphones_closed(clock):
    for room in Rooms.load(DEMO, clock=clock).values():
        assert room.far_end_hears() == ()


@pytest.fixture
def handheld(rooms: Rooms) -> Room:
    """Room 19 with only the wireless microphone open."""
    room = rooms["19"]
    for channel in range(1, 5):
        room.device("mixer").press("mute", tag="Level1", channel=channel, on=True)
    open_channel(room, 5)
    return room


def hears(room: Room) -> list[str]:
    return [each.microphone for each in room.far_end_hears()]


def test_a_wireless_microphone_is_heard_through_its_receiver_and_the_mixer(handheld):
    (heard,) = handheld.far_end_hears()
    assert heard.microphone == "handheld-mic"
    assert heard.level_dbfs == pytest.approx(-30, abs=2)
    handheld.device("wireless").press("gain", channel=1, db=6.0)
    assert handheld.far_end_hears()[0].level_dbfs == pytest.approx(heard.level_dbfs + 6, abs=0.1)
    handheld.device("mixer").press("mute", tag="Level1", channel=5, on=True)
    assert hears(handheld) == []


@pytest.mark.parametrize(
    ("action", "arguments", "undone"),
    [
        ("transmitter", {"on": False}, {"on": True}),
        ("mute_switch", {"on": True}, {"on": False}),
        ("rf", {"quality": 0.0}, {"quality": 0.9}),
        ("mute", {"on": True}, {"on": False}),
    ],
)
def test_far_end_hears_no_wireless_microphone_that_does_not_arrive(
    handheld, action, arguments, undone
):
    handheld.device("wireless").press(action, channel=1, **arguments)
    assert hears(handheld) == []
    handheld.device("wireless").press(action, channel=1, **undone)
    assert hears(handheld) == ["handheld-mic"]


def test_a_wireless_microphone_falls_silent_when_its_battery_is_empty(handheld, clock):
    handheld.device("wireless").press("battery", channel=1, minutes=10)
    clock.advance(599)
    assert hears(handheld) == ["handheld-mic"]
    clock.advance(2)
    assert hears(handheld) == []


def test_a_dead_capsule_gives_nothing_though_its_transmitter_is_on(handheld):
    handheld.set_microphone("handheld-mic", alive=False)
    assert hears(handheld) == []


def test_a_booting_receiver_is_silent_at_the_far_end(handheld, clock):
    handheld.device("wireless").reboot()
    assert hears(handheld) == []
    clock.advance(60)
    assert hears(handheld) == ["handheld-mic"]


def test_a_receiver_may_have_a_cable_of_its_own_to_the_far_end(clock, tmp_path):
    text = WIRELESS.replace("to: mixer Input1 5", "to: terminal")
    small = Rooms.load(written(tmp_path, text), clock=clock)["small"]
    assert hears(small) == ["handheld"]
    small.device("wireless").press("transmitter", channel=1, on=False)
    assert hears(small) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("plugged: wireless 1", "plugged: wireless Input1 1"),
        ("from: wireless 1", "from: wireless"),
        ("from: wireless 1", "from: wireless out 1"),
        ("to: mixer Input1 5", "to: mixer Input1"),
        ("to: mixer Input1 5", "to: mixer 5"),
        ("muted: [Level1 2]", "muted: [Level1]"),
    ],
)
def test_a_wireless_microphone_plugged_nowhere_is_named_with_its_line(tmp_path, wrong, told):
    text = WIRELESS.replace(wrong, told, 1)
    line = next(n for n, each in enumerate(text.splitlines(), 1) if told in each)
    with pytest.raises(RoomFileError, match=rf"rooms\.yaml:{line}: "):
        read(written(tmp_path, text))


def test_a_muted_channel_that_the_mixer_does_not_have_is_named(clock, tmp_path):
    text = WIRELESS.replace("muted: [Level1 2]", "muted: [Level1 99]")
    with pytest.raises(ValueError, match=r"small/mixer: .*Level1"):
        Rooms.load(written(tmp_path, text), clock=clock)


def test_a_wall_shows_the_sources_that_arrive_at_its_windows(rooms, clock):
    room = rooms["19"]
    assert [window.source for window in room.wall_shows("hall-wall")] == ["panorama-camera"]
    room.device("hall-wall").press("preset", number=2)
    clock.advance(20)
    speaker, small = room.wall_shows("hall-wall")
    assert (speaker.source, speaker.width) == ("podium-camera", 1.0)
    assert (small.source, small.width) == ("panorama-camera", 0.29)
    room.device("matrix").press("tie", input=4, output=2)
    assert room.wall_shows("hall-wall")[0].source == "laptop"


def test_a_quad_has_four_windows(rooms, clock):
    rooms["annex-6"].device("hall-wall").press("preset", number=3)
    clock.advance(20)
    sources = [window.source for window in rooms["annex-6"].wall_shows("hall-wall")]
    assert sources == ["camera", "laptop", None, "laptop"]


def test_a_lens_puts_what_it_is_aimed_at_in_the_middle():
    for heading in (0.0, 90.0, 180.0):
        spot = Spot(1.0, 4.0, 2.5)
        pan, tilt = aim(spot, heading, SPEAKER)
        seen = Lens(spot, heading, pan, tilt, 20).sees(SPEAKER)
        assert (seen.x, seen.y) == pytest.approx((0, 0), abs=1e-9)
        assert seen.depth == pytest.approx(spot.distance(SPEAKER))


def test_panning_right_and_tilting_up_move_the_picture_left_and_down():
    straight = Lens(Spot(0, 0, 2), 0, 0, 0, 60).sees(SPEAKER)
    turned = Lens(Spot(0, 0, 2), 0, 10, 5, 60).sees(SPEAKER)
    assert turned.x < straight.x
    assert turned.y < straight.y


def test_a_matrix_fed_by_itself_shows_and_sounds_nothing(clock, tmp_path):
    small = Rooms.load(written(tmp_path, TWO_BY_TWO), clock=clock)["small"]
    assert small.far_end_sees().source == "laptop"
    assert [each.microphone for each in small.far_end_hears()] == ["laptop"]
    small.device("matrix").press("tie", input=2, output=2)
    small.device("matrix").press("tie", input=2, output=1)
    assert small.far_end_sees().source is None
    assert small.far_end_hears() == ()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("sinks: [terminal]", "sinkss: [terminal]"),
        ("driver: extron_sis", "driver: kramer"),
        ("from: laptop, to: matrix in 1", "from: lapdog, to: matrix in 1"),
        ("to: matrix in 1", "to: matrix inn 1"),
        ("far-end: terminal", "far-end: beyond"),
        ('tcp: "127.0.0.1:0"', 'tcq: "127.0.0.1:0"'),
    ],
)
def test_what_is_wrong_in_the_file_is_named_with_its_line(tmp_path, wrong, told):
    text = TWO_BY_TWO.replace(wrong, told, 1)
    line = next(n for n, each in enumerate(text.splitlines(), 1) if told in each)
    with pytest.raises(RoomFileError, match=rf"rooms\.yaml:{line}: "):
        read(written(tmp_path, text))


def test_broken_yaml_is_an_error_with_its_line(tmp_path):
    with pytest.raises(RoomFileError, match=r"rooms\.yaml:2: "):
        read(written(tmp_path, "rooms: {\n  a: ]\n"))


def test_a_device_that_refuses_its_options_is_named(clock, tmp_path):
    text = TWO_BY_TWO.replace("ties: {1: 1}", "options: {colour: red}")
    with pytest.raises(ValueError, match=r"small/matrix: .*colour"):
        Rooms.load(written(tmp_path, text), clock=clock)


async def test_while_served_a_matrix_notices_by_itself_that_a_camera_went_off(rooms, clock):
    async with rooms.serve():
        rooms["17"].device("panorama-camera").press("power")
        clock.advance(1)
        signals = rooms["17"].device("matrix").truth()["signals"]
    assert signals["2"] is False


async def test_every_end_of_the_demo_site_opens():
    rooms = Rooms.load(DEMO)
    async with rooms.serve() as ends:
        schemes = {name: opened.url.partition(":")[0] for name, opened in ends.items()}
    assert schemes.keys() == rooms.devices.keys()
    assert schemes["19/podium-camera"] == "udp"
    assert schemes["19/matrix"] == "serial"
    assert schemes["17/matrix"] == "tcp"


SCREENS = """\
rooms:
  small:
    devices:
      matrix: {driver: extron_sis, ends: {tcp: "127.0.0.1:0"}, ties: {1: 1, 2: 2}}
      projector: {driver: pjlink, ends: {tcp: "127.0.0.1:0"}, options: {inputs: "31 32"}}
      screens: {driver: samsung_mdc, ends: {tcp: "127.0.0.1:0"}, options: {ids: [1, 2], on: true}}
      recorder: {driver: hyperdeck, ends: {tcp: "127.0.0.1:0"}, options: {roll_seconds: 0}}
    sources: {laptop: {}, film: {}}
    cables:
      - {from: laptop, to: matrix in 1}
      - {from: film, to: matrix in 2}
      - {from: matrix out 1, to: projector in 31}
      - {from: matrix out 2, to: recorder SDI}
      - {from: film, to: screens Id2.HDMI1}
"""


@pytest.fixture
def screens(tmp_path: Path, clock: ManualClock) -> Room:
    return Rooms.load(written(tmp_path, SCREENS), clock=clock)["small"]


def test_projector_shows_what_the_matrix_gives_it_while_it_is_lit(screens, clock):
    assert screens.screen_shows("projector") == ()
    screens.device("projector").press("power", on=True)
    clock.advance(30)
    assert [view.source for view in screens.screen_shows("projector")] == ["laptop"]
    screens.device("matrix").press("tie", input=2, output=1)
    screens.refresh()
    assert screens.device("projector").truth()["shows"] == "film"


def test_projector_input_with_nothing_plugged_in_is_black(screens, clock):
    screens.device("projector").press("power", on=True)
    clock.advance(30)
    screens.device("projector").press("input", input="32")
    clock.advance(2)
    assert [view.black for view in screens.screen_shows("projector")] == [True]
    assert screens.device("projector").truth()["shows"] is None


def test_each_display_of_a_line_has_a_screen(screens):
    assert [view.source for view in screens.screen_shows("screens")] == [None, "film"]


def test_recorder_has_on_its_clip_what_came_in(screens, clock):
    recorder = screens.device("recorder")
    recorder.press("record")
    clock.advance(10)
    screens.device("matrix").press("tie", input=1, output=2)
    screens.refresh()
    clock.advance(5)
    recorder.press("stop")
    (clip,) = recorder.truth()["slots"]["1"]["clips"]
    assert (clip["seconds"], clip["sources"]) == (15, [[0.0, "film"], [10, "laptop"]])


def test_what_has_no_screen_shows_nothing(screens):
    with pytest.raises(KeyError):
        screens.screen_shows("recorder")
