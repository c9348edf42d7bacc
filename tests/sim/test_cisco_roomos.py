"""The simulated Cisco room system: its calls, sound, cameras, standby and peripherals, faults and mains."""

from typing import Any

import pytest

from hw_sim.cisco_roomos import Codec
from tests.sim.cisco_rig import Client, made
from tests.sim.conftest import ManualClock

# Calls.


def counts(client: Client) -> tuple[str, ...]:
    state = client.read("SystemUnit State")
    names = ("NumberOfActiveCalls", "NumberOfInProgressCalls", "NumberOfSuspendedCalls")
    return tuple(state[name]["Value"] for name in names)


def test_a_call_dials_rings_connects_and_grows(clock: ManualClock):
    codec, client = made(clock, ring_seconds=3)
    result = client.do('Dial Number: "room@example.org"')
    assert result["CallId"] == {"Value": "1"}
    seen = []
    for seconds in (0, 0.5, 3, 0.5):
        clock.advance(seconds)
        seen.append(client.read("Call 1 Status"))
    assert seen == ["Dialling", "Ringing", "Connecting", "Connected"]
    assert client.read("Call 1 RemoteNumber") == "room@example.org"
    assert client.read("Call 1 Direction") == "Outgoing"
    assert client.read("Call 1 AnswerState") == "Answered"
    assert client.read("Call 1 Duration") == "0"
    clock.advance(61)
    assert client.read("Call 1 Duration") == "61"
    assert counts(client) == ("1", "0", "0")
    assert codec.sends_picture


def test_a_call_that_is_hung_up_leaves_a_ghost(clock: ManualClock):
    _, client = made(clock, ring_seconds=0)
    client.do("Dial Number: 1")
    clock.advance(1)
    client.hear("/Status/Call")
    assert client.do("Call Disconnect CallId: 1") == "OK"
    assert client.told() == []
    assert client.read("Call 1 Status") == "Disconnecting"
    client.ear.take()
    clock.advance(0.5)
    assert client.told() == [{"Call": [{"id": "1", "ghost": "True"}]}]
    assert client.ask("xStatus Call") == {"Status": {}}


@pytest.mark.parametrize(("far_end", "seconds"), [("busy", 4.0), ("silent", 61.0)])
def test_a_call_that_is_not_answered_ends_by_itself(
    far_end: str, seconds: float, clock: ManualClock
):
    _, client = made(clock, far_end=far_end)
    client.do("Dial Number: 1")
    clock.advance(seconds - 0.6)
    assert client.read("Call 1 Status") == "Ringing"
    clock.advance(0.6)
    assert client.ask("xStatus Call") == {"Status": {}}


def test_somebody_calls_and_is_accepted(clock: ManualClock):
    codec, client = made(clock)
    codec.press("call", number="8002", name="Hall 2")
    call = client.read("Call 1")
    assert (call["Status"]["Value"], call["Direction"]["Value"]) == ("Ringing", "Incoming")
    assert (call["DisplayName"]["Value"], call["AnswerState"]["Value"]) == ("Hall 2", "Unanswered")
    assert counts(client) == ("0", "1", "0")
    assert client.do("Call Accept") == "OK"
    clock.advance(0.5)
    assert client.read("Call 1 Status") == "Connected"


def test_somebody_calls_and_is_sent_away_or_gives_up(clock: ManualClock):
    codec, client = made(clock)
    codec.press("call", number="8002")
    assert client.do("Call Reject CallId: 1") == "OK"
    clock.advance(0.5)
    codec.press("call", number="8002")
    clock.advance(60.5)
    assert codec.truth()["calls"] == []


def test_a_second_call_puts_the_first_on_hold_until_it_is_resumed(clock: ManualClock):
    codec, client = made(clock, auto_answer=True)
    for number in ("1", "2"):
        codec.press("call", number=number)
        clock.advance(0.5)
    assert [call.status for call in codec.calls] == ["OnHold", "Connected"]
    assert counts(client) == ("1", "0", "1")
    assert client.do("Call Resume CallId: 1") == "OK"
    assert [call.status for call in codec.calls] == ["Connected", "OnHold"]
    assert client.do("Call DisconnectAll") == "OK"
    clock.advance(0.5)
    assert codec.truth()["calls"] == []


@pytest.mark.parametrize(
    "command",
    ["Call Disconnect CallId: 7", "Call Accept", "Call Reject", "Call Hold", "Call Resume"],
)
def test_what_no_call_is_there_for_is_an_error(command: str, clock: ManualClock):
    _, client = made(clock)
    assert client.do(command)["status"] == "Error"


def test_a_call_is_known_by_its_number(clock: ManualClock):
    codec, client = made(clock, far_end="silent")
    for number in ("1", "2"):
        client.do(f"Dial Number: {number}")
    assert client.do("Call Disconnect CallId: 3")["status"] == "Error"
    assert client.do("Call Disconnect CallId: 1") == "OK"
    clock.advance(0.5)
    assert [call.number for call in codec.calls] == ["2"]


def test_a_call_of_ours_cannot_be_accepted_by_us(clock: ManualClock):
    _, client = made(clock)
    client.do("Dial Number: 1")
    clock.advance(1)
    assert client.do("Call Accept CallId: 1")["status"] == "Error"


def test_a_sixth_call_is_an_error(clock: ManualClock):
    _, client = made(clock, far_end="silent")
    assert [client.do(f"Dial Number: {n}")["status"] for n in range(6)] == ["OK"] * 5 + ["Error"]


# Sound, picture, cameras.


def test_microphones_are_muted_by_command_and_by_hand(clock: ManualClock):
    codec, client = made(clock, auto_answer=True)
    codec.press("call", number="1")
    clock.advance(0.5)
    assert codec.sends_sound
    assert client.do("Audio Microphones Mute") == "OK"
    assert (codec.sends_picture, codec.sends_sound) == (True, False)
    codec.press("mute", on=False)
    assert client.read("Audio Microphones Mute") == "Off"
    assert client.do("Audio Microphones ToggleMute") == "OK"
    assert client.read("Audio Microphones Mute") == "On"


@pytest.mark.parametrize(
    ("command", "volume"),
    [
        ("Audio Volume Set Level: 0", "0"),
        ("Audio Volume Increase", "55"),
        ("Audio Volume Decrease Steps: 60", "0"),
        ("Audio Volume Increase Steps: 60", "100"),
    ],
)
def test_volume_follows(command: str, volume: str, clock: ManualClock):
    _, client = made(clock)
    assert client.do(command) == "OK"
    assert client.read("Audio Volume") == volume


@pytest.mark.parametrize(
    "command",
    [
        "Audio Volume Set",
        "Audio Volume Set Level: 101",
        "Audio Volume Set Level: --5",
        "Audio Volume Set Level: loud",
        "Audio Volume Set Level: 5 Loudness: 3",
        "Camera Preset Activate PresetId: 36",
        "Camera Preset Activate PresetId: 0",
        "RoomPreset Activate PresetId: 16",
        "Video Selfview Set Mode: Maybe",
        'Dial Number: ""',
        "Peripherals HeartBeat",
        "SystemUnit SignInBanner Clear Text: x",
    ],
)
def test_a_wrong_parameter_is_told_as_such(command: str, clock: ManualClock):
    codec, client = made(clock)
    before = codec.truth()
    assert client.do(command) == "ParameterError"
    assert codec.truth() == before


def test_selfview_source_and_picture_are_switched(clock: ManualClock):
    codec, client = made(clock, model="mx700", auto_answer=True)
    codec.press("call", number="1")
    clock.advance(0.5)
    assert client.do("Video Selfview Set Mode: On") == "OK"
    assert client.read("Video Selfview Mode") == "On"
    assert client.do("Video Input SetMainVideoSource ConnectorId: 3") == "OK"
    assert client.read("Video Input MainVideoSource") == "3"
    assert client.do("Video Input SetMainVideoSource ConnectorId: 4")["status"] == "Error"
    assert client.do("Video Input MainVideo Mute") == "OK"
    assert (codec.sends_picture, codec.sends_sound) == (False, True)


def position(client: Client) -> tuple[str, ...]:
    at = client.read("Cameras Camera 1 Position")
    return tuple(at[axis]["Value"] for axis in ("Pan", "Tilt", "Zoom"))


def test_a_preset_takes_its_way_and_is_told_on_arrival(clock: ManualClock):
    _, client = made(clock, presets={3: [4000, 1000, 0]})
    client.hear("/Status/Cameras/Camera/Position")
    assert client.do("Camera Preset Activate PresetId: 3") == "OK"
    clock.advance(0.5)
    assert position(client) == ("2000", "1000", "0")
    assert client.told() == []
    clock.advance(0.5)
    (told,) = client.told()
    assert told["Cameras"]["Camera"][0]["Position"]["Pan"] == {"Value": "4000"}
    assert position(client) == ("4000", "1000", "0")
    assert client.do("Camera Preset Activate PresetId: 4")["status"] == "Error"


def test_presets_are_stored_listed_and_removed(clock: ManualClock):
    _, client = made(clock, presets={1: [0, 0, 0]})
    client.do("Camera PositionSet CameraId: 1 Pan: -4000")
    clock.advance(1)
    assert client.do("Camera Preset Store CameraId: 1")["PresetId"] == {"Value": "2"}
    listed = client.do("Camera Preset List")["Preset"]
    assert [each["PresetId"]["Value"] for each in listed] == ["1", "2"]
    client.do("Camera PositionReset CameraId: 1")
    client.do("Camera Preset Activate PresetId: 2")
    clock.advance(2)
    assert position(client)[0] == "-4000"
    assert client.do("Camera Preset Remove PresetId: 2") == "OK"
    assert client.do("Camera Preset Activate PresetId: 2")["status"] == "Error"
    assert client.do("Camera PositionSet CameraId: 2 Pan: 0")["status"] == "Error"


def test_a_ramp_goes_on_until_it_is_stopped(clock: ManualClock):
    _, client = made(clock)
    client.do("Camera Ramp CameraId: 1 Pan: Left Zoom: In")
    clock.advance(1)
    client.do("Camera Ramp CameraId: 1 Pan: Stop")
    clock.advance(1)
    assert position(client) == ("-4000", "0", "8000")


def test_a_room_preset_turns_all_cameras(clock: ManualClock):
    codec, client = made(clock, model="mx700")
    for camera in (1, 2):
        client.do(f"Camera PositionSet CameraId: {camera} Pan: {camera * 1000}")
    clock.advance(1)
    client.do("RoomPreset Store PresetId: 15")
    for camera in (1, 2):
        client.do(f"Camera PositionReset CameraId: {camera}")
    clock.advance(1)
    assert client.do("RoomPreset Activate PresetId: 15") == "OK"
    clock.advance(1)
    assert [eye.pose["Pan"] for eye in codec.eyes] == [1000, 2000]


# Standby.


def test_it_stands_by_by_itself_and_a_call_wakes_it(clock: ManualClock):
    codec, client = made(clock)
    clock.advance(600)
    assert client.read("Standby State") == "EnteringStandby"
    clock.advance(2)
    assert client.read("Standby State") == "Standby"
    codec.press("call", number="1")
    assert client.read("Standby State") == "Off"


def test_it_does_not_stand_by_in_a_call(clock: ManualClock):
    codec, client = made(clock, auto_answer=True)
    codec.press("call", number="1")
    clock.advance(3600)
    assert client.read("Standby State") == "Off"
    assert client.do("Standby Activate")["status"] == "Error"


def test_standby_is_commanded_and_its_time_counted_anew(clock: ManualClock):
    _, client = made(clock)
    client.do("Standby Activate")
    clock.advance(2)
    client.do("Standby Deactivate")
    clock.advance(599)
    client.do("Standby ResetTimer Delay: 20")
    clock.advance(1199)
    assert client.read("Standby State") == "Off"
    clock.advance(1)
    assert client.read("Standby State") == "EnteringStandby"


def test_older_software_tells_standby_as_active(clock: ManualClock):
    codec, client = made(clock, tc_standby=True)
    codec.press("sleep")
    assert client.ask("xStatus Standby") == {"Status": {"Standby": {"Active": {"Value": "On"}}}}


# Peripherals, health, configuration.


def test_a_peripheral_that_is_silent_is_lost_until_it_is_heard_again(clock: ManualClock):
    _, client = made(clock)
    assert client.do("Peripherals HeartBeat ID: avctl Timeout: 35")["status"] == "Error"
    client.do("Peripherals Connect ID: avctl Name: avctl Type: ControlSystem")
    for _ in range(3):
        assert client.do("Peripherals HeartBeat ID: avctl Timeout: 35") == "OK"
        clock.advance(30)
    assert client.read("Peripherals ConnectedDevice 1 Status") == "Connected"
    clock.advance(5)
    assert client.read("Peripherals ConnectedDevice 1 Status") == "LostConnection"
    client.do("Peripherals HeartBeat ID: avctl Timeout: 35")
    assert client.read("Peripherals ConnectedDevice 1 Status") == "Connected"


def test_uptime_grows_from_the_first_look(clock: ManualClock):
    clock.advance(100)
    _, client = made(clock)
    clock.advance(12.5)
    assert client.read("SystemUnit Uptime") == "12"


def test_health_is_read(clock: ManualClock):
    codec, client = made(clock, software="RoomOS 11.1")
    unit = client.read("SystemUnit")
    assert unit["Hardware"]["Temperature"] == {"Value": "64.0"}
    assert unit["Hardware"]["TemperatureThreshold"] == {"Value": "85"}
    assert unit["Hardware"]["Monitoring"]["Fan"] == [{"id": "1", "Status": {"Value": "2372 rpm"}}]
    assert unit["Software"]["DisplayName"] == {"Value": "RoomOS 11.1"}
    assert client.ask("xStatus Diagnostics Message") == {"Status": {}}
    codec.press("temperature", degrees=86)
    codec.press("register", on=False)
    found = client.read("Diagnostics Message")
    assert [each["Level"]["Value"] for each in found] == ["Critical", "Error"]
    assert len(client.do("Diagnostics Run")["Message"]) == 2
    assert client.read("SIP Registration 1 Status") == "Failed"


def test_configuration_is_read_and_set(clock: ManualClock):
    codec, client = made(clock)
    answer = client.ask('xConfiguration SystemUnit Name: "Hall 1"')
    assert answer == {"CommandResponse": {"Configuration": {"status": "OK"}}}
    assert client.ask("xConfiguration SystemUnit Name") == {
        "Configuration": {"SystemUnit": {"Name": {"Value": "Hall 1"}}}
    }
    for wrong in ("Standby Delay: 0", "Standby Delay: 0000000010000", "Audio DefaultVolume: x"):
        answer = client.ask(f"xConfiguration {wrong}")
        assert answer["CommandResponse"]["Configuration"] == {"status": "ParameterError"}
    client.ask("xConfiguration Standby Delay: 1")
    clock.advance(60)
    assert codec.standby.state == "EnteringStandby"


# Faults, mains.


@pytest.mark.parametrize(("fault", "said"), [("busy", "Error"), ("refuses", "Error")])
def test_commands_are_refused_and_status_is_read(fault: str, said: str, clock: ManualClock):
    codec, client = made(clock)
    codec.faults.set(fault, times=2)
    assert client.do("Audio Microphones Mute")["status"] == said
    answer = client.ask("xConfiguration SystemUnit Name: x")
    assert answer["CommandResponse"]["Configuration"]["status"] == said
    assert client.read("Audio Microphones Mute") == "Off"
    assert client.do("Audio Microphones Mute") == "OK"


def test_commands_are_ignored(clock: ManualClock):
    codec, client = made(clock)
    codec.faults.set("ignores")
    assert client.do("Audio Microphones Mute") == "OK"
    client.ask("xConfiguration SystemUnit Name: x")
    assert not codec.muted
    assert codec.configuration["SystemUnit", "Name"] == "somehost"


def test_a_boot_ends_sessions_and_calls_and_keeps_presets(clock: ManualClock):
    codec, client = made(clock, auto_answer=True, boot_seconds=60)
    client.do("Camera Preset Store CameraId: 1 PresetId: 5")
    client.do("Audio Microphones Mute")
    codec.press("call", number="1")
    clock.advance(1)
    assert client.do("SystemUnit Boot Action: Restart") == "OK"
    clock.advance(0)
    assert client.ear.closed
    assert not codec.is_reachable()
    codec.press("call", number="2")
    clock.advance(60)
    truth = codec.truth()
    assert (truth["calls"], truth["muted"], truth["sessions"]) == ([], False, 0)
    again = Client(codec)
    clock.advance(5)
    assert again.read("SystemUnit Uptime") == "5"
    assert again.do("Camera Preset Activate PresetId: 5") == "OK"


@pytest.mark.parametrize(
    "options",
    [{"far_end": "polite"}, {"standby_minutes": 481}, {"presets": {36: [0, 0, 0]}}, {"glued": 1}],
)
def test_options_without_a_meaning_are_refused(options: dict[str, Any]):
    with pytest.raises(ValueError, match=r".+"):
        Codec(**options)
