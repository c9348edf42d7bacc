"""The Cisco driver in conversations over a line in memory, in virtual time."""

from typing import Any

import pytest
from pydantic import ValidationError

from avctl.capabilities.health import Condition, Fault, Registered, Temperature, Uptime
from avctl.capabilities.power import Power, Powered, PowerState
from avctl.capabilities.terminal import (
    Call,
    CallState,
    CameraPreset,
    FarEnd,
    MicrophonesMuted,
    PresetCamera,
    Terminal,
)
from avctl.capabilities.volume import Sounding, Volume
from avctl.drivers.cisco_roomos import CiscoRoomOS
from avctl.errors import NoAnswerError, RefusedError
from avctl.findings import Level
from avctl.transport import Login
from tests.drivers.alone import alone, reported
from tests.drivers.cisco_codec import BANNER, Shell, value

pytestmark = pytest.mark.virtual

SSH, WIRE = "ssh://codec:22", "serial:///codec?baud=115200"


def greeted(shell: Shell, url: str = SSH, **settings: Any):
    return alone(CiscoRoomOS, shell, url, **{"password": "secret"} | settings)


# Getting in.


async def test_everything_a_codec_tells_is_there_when_it_is_up():
    async with greeted(shell := Shell()) as device:
        assert reported(device) == {
            "muted": False,
            "volume": 50,
            "power": Power.ON,
            "call": CallState.IDLE,
            "far_end": None,
            "uptime": 62974,
            "temperature/inside": 64.0,
            "fault/temperature": Condition.GOOD,
            "fault/fan": Condition.GOOD,
            "registered/sip": True,
            "registered/h323": None,
        }
        assert device.identity == {
            "model": "Cisco Room Kit",
            "firmware": "RoomOS 10.3",
            "serial": "FTT1234",
        }
        for capability in (Terminal, PresetCamera, Powered, Sounding):
            assert isinstance(device, capability)
        assert device.link.figures.unknown == 0
        assert shell.commands[:2] == ["echo off", "xpreferences outputmode json"]


async def test_the_line_is_given_the_login_and_the_url_is_not():
    async with greeted(Shell()) as device:
        assert device.link.address.login == Login("admin", "secret")
        assert "secret" not in str(device.link.address)


@pytest.mark.parametrize("pieces", [1, 3, 7])
async def test_a_welcome_in_pieces_is_waited_for(pieces):
    shell = Shell()
    shell.greeting = b""
    async with alone(CiscoRoomOS, shell, SSH, greets=False) as device:
        for at in range(0, len(BANNER), len(BANNER) // pieces + 1):
            await device.clock.sleep(0.5)
            assert not shell.commands
            shell.say(BANNER[at : at + len(BANNER) // pieces + 1])
        await device.clock.sleep(3)
        assert device.up


@pytest.mark.parametrize("answers", [True, False])
async def test_the_mode_may_be_answered_or_not(answers):
    shell = Shell()
    shell.answers_mode = answers
    async with greeted(shell) as device:
        await device.clock.sleep(5)
        assert device.up
        assert device.link.figures.connects == 1


@pytest.mark.parametrize("url", ["tcp://codec:23", WIRE])
async def test_a_line_that_asks_for_a_login_gets_it(url):
    async with greeted(Shell(login="secret"), url) as device:
        assert device.state[Volume()].value == 50


@pytest.mark.parametrize("url", ["tcp://codec:23", WIRE])
async def test_a_wrong_password_is_told_and_not_tried_again_at_once(url):
    async with alone(CiscoRoomOS, shell := Shell(login="another"), url, greets=False) as device:
        await device.clock.sleep(25)
        assert "it does not take the password of admin" in device.reason
        assert device.is_shut_out
        assert shell.dials == 1


async def test_a_session_that_is_open_on_a_wire_is_used():
    shell = Shell()
    shell.greeting = b""
    async with greeted(shell, WIRE) as device:
        assert device.up


async def test_it_registers_for_what_changes_on_each_connection():
    async with greeted(shell := Shell()) as device:
        paths = {
            "/Status/Audio/Microphones", "/Status/Audio/Volume", "/Status/Standby", "/Status/Call",
        }  # fmt: skip
        assert shell.registered == paths
        shell.hang_up()
        await device.clock.sleep(5)
        assert device.up
        assert shell.registered == paths


async def test_registrations_are_renewed_every_two_minutes():
    async with greeted(shell := Shell()) as device:
        shell.registered.clear()
        await device.clock.sleep(110)
        assert not shell.registered
        await device.clock.sleep(15)
        assert len(shell.registered) == 4


async def test_it_is_listed_at_the_codec_where_that_is_wanted():
    async with greeted(shell := Shell(), announce_as="avctl-01") as device:
        connect = 'xCommand Peripherals Connect ID: "avctl-01" Name: "avctl" Type: "ControlSystem"'
        assert shell.commands.count(connect) == 1
        await device.clock.sleep(95)
        beats = [each for each in shell.commands if "HeartBeat" in each]
        assert beats == ['xCommand Peripherals HeartBeat ID: "avctl-01" Timeout: 35'] * 3
    async with greeted(shell := Shell()) as device:
        assert not any("Peripherals" in each for each in shell.commands)


# What it is told to do.


async def test_a_mute_is_accepted_and_only_the_codec_tells_that_it_is_so():
    async with greeted(shell := Shell()) as device:
        shell.ignores = True
        await device.mute_microphones(True)
        await device.read([MicrophonesMuted()])
        assert device.state[MicrophonesMuted()].value is False
        shell.ignores, shell.tells_changes = False, False
        await device.mute_microphones(True)
        assert device.state[MicrophonesMuted()].value is False
        asked = device.clock.now()
        await device.read([MicrophonesMuted()])
        assert device.state[MicrophonesMuted()].value is True
        assert device.state[MicrophonesMuted()].at >= asked


async def test_volume_standby_and_presets_are_sent_as_said():
    async with greeted(shell := Shell()) as device:
        await device.set_volume(35)
        await device.power(False)
        await device.read([Volume(), PowerState()])
        assert device.state[Volume()].value == 35
        assert device.state[PowerState()].value is Power.OFF
        await device.power(True)
        await CameraPreset.drive(device, {CameraPreset(): 3})
        await device.verb_room_preset(2)
        assert "xCommand Camera Preset Activate PresetId: 3" in shell.commands
        assert "xCommand RoomPreset Activate PresetId: 2" in shell.commands
        assert not device.can_tell(CameraPreset())
        assert all(map(device.can_tell, device.state))


async def test_it_is_not_sent_to_standby_during_a_call():
    async with greeted(shell := Shell()) as device:
        shell.calls = {"7": {"Status": "Connected"}}
        with pytest.raises(RefusedError, match="in a call"):
            await device.power(False)
        assert "xCommand Standby Activate" not in shell.commands


async def test_a_refusal_says_why():
    async with greeted(shell := Shell()) as device:
        shell.refuses_commands = True
        with pytest.raises(RefusedError, match="Not allowed"):
            await device.mute_microphones(True)


async def test_what_is_no_command_to_it_is_a_refusal():
    async with greeted(shell := Shell()) as device:
        shell.mutters = True
        with pytest.raises(RefusedError, match="not recognized"):
            await device.mute_microphones(True)


# Calls.


async def test_a_call_is_told_from_its_dialling_to_its_end():
    async with greeted(shell := Shell()) as device:
        await device.dial(" alice@example.com ")
        await device.read([Call()])
        assert device.state[Call()].value is CallState.CALLING
        assert device.state[FarEnd()].value == "alice@example.com"
        shell.call("7", Status="Connected", Duration="1")
        await device.clock.sleep(0.01)
        assert device.state[Call()].value is CallState.CONNECTED
        await device.hang_up()
        await device.read([Call(), FarEnd()])
        assert device.state[Call()].value is CallState.IDLE
        assert device.state[FarEnd()].value is None


async def test_a_call_that_comes_in_is_told_at_once_answered_or_rejected():
    async with greeted(shell := Shell()) as device:
        shell.call("9", Status="Ringing", Direction="Incoming", RemoteNumber="bob")
        await device.clock.sleep(0.01)
        assert device.state[Call()].value is CallState.RINGING
        await device.answer()
        await device.clock.sleep(0.01)
        assert device.state[Call()].value is CallState.CONNECTED
        await device.reject()
        await device.clock.sleep(0.01)
        assert device.state[Call()].value is CallState.IDLE


async def test_a_call_whose_end_was_not_announced_is_found_ended():
    async with greeted(shell := Shell()) as device:
        shell.call("9", Status="Connected")
        await device.clock.sleep(0.01)
        shell.calls.clear()
        await device.clock.sleep(2.5)
        assert device.state[Call()].value is CallState.IDLE


async def test_nobody_is_called_during_a_call_and_hanging_up_without_one_does_nothing():
    async with greeted(shell := Shell()) as device:
        await device.hang_up()
        assert "xCommand Call DisconnectAll" not in shell.commands
        shell.calls = {"7": {"Status": "OnHold"}}
        with pytest.raises(RefusedError, match="in a call already: held"):
            await device.dial("8001")
        assert not any(each.startswith("xCommand Dial") for each in shell.commands)


async def test_a_change_wakes_who_waits_for_it():
    async with greeted(shell := Shell()) as device:
        device.clock.later(0.5, lambda: shell.change({"Standby": {"State": value("Standby")}}))
        began = device.clock.now()
        await device.hinted(60)
        assert device.clock.now() - began < 1
        assert device.state[PowerState()].value is Power.OFF


# Polls.


async def test_what_is_not_announced_is_seen_within_two_polls():
    async with greeted(shell := Shell()) as device:
        shell.tells_changes = False
        shell.change({"Audio": {"Microphones": {"Mute": value("On")}, "Volume": value("10")}})
        shell.change({"Standby": {"State": value("Standby")}})
        shell.calls = {"7": {"Status": "Connected"}}
        await device.clock.sleep(2.5)
        now = reported(device)
        assert now["muted"] is True
        assert now["volume"] == 10
        assert now["power"] is Power.OFF
        assert now["call"] is CallState.CONNECTED


async def test_health_is_asked_for_seldom_and_told_all_the_same():
    async with greeted(shell := Shell()) as device:
        shell.tree["SystemUnit"]["Hardware"]["Temperature"] = value("82.5")
        shell.tree["SystemUnit"]["Uptime"] = value("63000")
        shell.tree["SIP"]["Registration"][0]["Status"] = value("Failed")
        await device.clock.sleep(25)
        assert device.state[Temperature("inside")].value == 82.5
        assert device.state[Fault("temperature")].value is Condition.WARNING
        assert device.state[Uptime()].value == 63000
        assert device.state[Registered("sip")].value is False


async def test_a_poll_is_two_questions_and_seldom_three():
    async with greeted(shell := Shell()) as device:
        await device.clock.sleep(0.5)
        shell.sent.clear()
        await device.clock.sleep(20)
        assert 36 <= len(shell.sent) <= 48


async def test_what_a_model_does_not_have_is_asked_for_once():
    shell = Shell()
    shell.refuses_paths = {"H323 Gatekeeper", "SIP Registration"}
    async with greeted(shell) as device:
        await device.clock.sleep(60)
        assert device.up
        assert shell.commands.count("xStatus H323 Gatekeeper") == 1
        assert Registered("sip") not in device.state


async def test_a_single_answer_that_is_lost_costs_nothing_and_silence_the_line():
    async with greeted(shell := Shell()) as device:
        await device.clock.sleep(0.5)
        shell.silent = True
        with pytest.raises(NoAnswerError):
            await device.mute_microphones(True)
        shell.silent = False
        await device.mute_microphones(True)
        assert device.link.figures.connects == 1
        shell.silent = True
        await device.clock.sleep(8)
        assert not device.up
        shell.silent = False
        await device.clock.sleep(15)
        assert device.up


async def test_a_late_answer_is_not_taken_for_the_next_one():
    async with greeted(shell := Shell()) as device:
        await device.clock.sleep(0.5)
        shell.silent = True
        with pytest.raises(NoAnswerError):
            await device.read([Volume()])
        tag = shell.sent[-1].split(b'"')[1].decode()
        shell.silent = False
        device.clock.later(
            0.06,
            lambda: shell.say(
                {"CommandResponse": {"XResult": {"status": "Error"}}, "ResultId": tag}
            ),
        )
        await device.read([MicrophonesMuted()])
        assert device.up


# Examining it.


async def test_a_codec_that_is_well_has_no_findings():
    async with greeted(Shell()) as device:
        assert list(await device.findings()) == []


@pytest.mark.parametrize(
    ("url", "says"), [("tcp://codec:23", "read along"), (f"{SSH}?verify=no", "host key")]
)
async def test_a_line_that_gives_the_password_away_is_found(url, says):
    async with greeted(Shell(), url) as device:
        (finding,) = await device.findings()
        assert says in finding.en


async def test_what_is_wrong_with_a_codec_is_found():
    async with greeted(shell := Shell()) as device:
        hardware = shell.tree["SystemUnit"]["Hardware"]
        hardware["Temperature"] = value("85.0")
        hardware["Monitoring"]["Fan"][0]["Status"] = value("0 rpm")
        shell.tree["SystemUnit"]["Uptime"] = value("130")
        shell.tree["SIP"]["Registration"][0]["Status"] = value("Failed")
        shell.tree["Diagnostics"]["Message"] = [
            {
                "id": "1",
                "Level": value("Error"),
                "Type": value("NTP"),
                "Description": value("no time"),
            },
            {"id": "2", "Level": value("OK"), "Type": value("Fine"), "Description": value("-")},
            {"id": "3", "Level": value("Warning"), "Other": value("odd")},
        ]
        found = {finding.en: finding.level for finding in await device.findings()}
        assert found == {
            "it is hot: 85 °C; at its limit it shuts down": Level.FAULT,
            "a fan stands still": Level.FAULT,
            "it started 2 minutes ago": Level.WATCH,
            "no server knows it: nobody can call it by its number": Level.FAULT,
            "it says of itself: NTP: no time": Level.FAULT,
            "it says of itself: Warning, odd": Level.WATCH,
        }
        assert await device.verb_messages() == "NTP: no time\nFine: -\nWarning, odd"


async def test_any_status_is_told_by_its_path():
    async with greeted(Shell()) as device:
        assert (
            await device.verb_status("SystemUnit/Software/Version")
            == "SystemUnit/Software/Version: ce10.3"
        )
        with pytest.raises(ValueError, match="give a path"):
            await device.verb_status("Audio\nxCommand Boot")


# Settings.


@pytest.mark.parametrize(
    "wrong", [{"user": "a b"}, {"password": "a\nb"}, {"announce_as": 'x" y'}, {"announce_as": ""}]
)
def test_settings_that_cannot_be_are_told(wrong):
    with pytest.raises(ValidationError) as raised:
        CiscoRoomOS.Settings.model_validate(wrong)
    assert "a\nb" not in str(raised.value)
