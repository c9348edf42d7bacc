"""The Huawei driver in conversations over a line in memory, in virtual time."""

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError

from avctl.capabilities.power import Power, Powered, PowerState
from avctl.capabilities.terminal import (
    Call,
    CallState,
    CameraPreset,
    FarEnd,
    MicrophonesMuted,
    Presenter,
    Presenting,
    PresetCamera,
    Terminal,
)
from avctl.capabilities.volume import Sounding, Volume
from avctl.drivers.huawei_te import HuaweiTE
from avctl.errors import BusyError, LinkDownError, NoAnswerError, RefusedError
from avctl.findings import Level
from tests.drivers.alone import alone, reported
from tests.drivers.huawei_terminal import Box

pytestmark = pytest.mark.virtual

URL = "tls://terminal:443"


def greeted(box: Box, **settings: Any):
    return alone(HuaweiTE, box, URL, **{"password": "secret"} | settings)


# Getting in.


async def test_it_logs_in_and_everything_it_tells_is_there_when_it_is_up():
    async with greeted(box := Box()) as device:
        assert reported(device) == {
            "power": Power.ON,
            "muted": False,
            "volume": 71,
            "call": CallState.IDLE,
            "far_end": None,
        }
        assert device.identity == {"model": "HUAWEI Box 300"}
        for capability in (Terminal, Presenter, PresetCamera, Powered, Sounding):
            assert isinstance(device, capability)
        assert box.sent[0].startswith(
            b"POST /action.cgi?ActionID=WEB_RequestSessionIDAPI HTTP/1.1\r\nHost: terminal\r\n"
        )


@pytest.mark.parametrize("wants", ["header", "body", "none"])
@pytest.mark.parametrize("doubled", [True, False])
@pytest.mark.parametrize("by_cookie", [True, False])
async def test_it_finds_out_how_the_terminal_wants_its_session(wants, doubled, by_cookie):
    box = Box(wants=wants, doubled=doubled)
    box.by_cookie = by_cookie
    async with greeted(box) as device:
        await device.mute_microphones(True)
        await device.read([MicrophonesMuted()])
        assert device.state[MicrophonesMuted()].value is True


async def test_a_set_place_of_the_token_is_not_looked_for():
    async with greeted(box := Box(wants="body"), csrf="body"):
        assert len(box.sessions) == 1
        assert all(b"acCSRFToken" in sent for sent in box.sent[2:])
        assert not any(b"acCSRFToken:" in sent for sent in box.sent)


async def test_another_session_is_asked_for_where_that_is_wanted():
    async with greeted(box := Box(), change_session=True):
        assert box.said("WEB_ChangeSessionIDAPI") == [None]


async def test_it_logs_out_when_it_leaves():
    async with greeted(box := Box()) as device:
        assert list(box.sessions) == ["s1"]
    await device.clock.sleep(0.1)
    assert box.sessions == {}


async def test_a_lost_line_goes_on_with_its_session():
    async with greeted(box := Box()) as device:
        device.link.drop("lost")
        await device.clock.sleep(2)
        assert device.up
        assert list(box.sessions) == ["s1"]
        assert box.said("WEB_RequestCertificateAPI") == [{"user": "api", "password": "secret"}]


async def test_a_restarted_terminal_is_logged_in_to_again():
    async with greeted(box := Box()) as device:
        box.sessions.clear()
        box.hang_up()
        await device.clock.sleep(2)
        assert device.up
        assert list(box.sessions) == ["s2"]


async def test_a_wrong_password_is_told_frees_its_session_and_is_not_tried_again_at_once():
    async with alone(HuaweiTE, box := Box(), URL, greets=False, password="wrong") as device:
        await device.clock.sleep(20)
        assert "does not take the password of api" in device.reason
        assert "wrong" not in device.reason
        assert device.is_shut_out
        assert len(box.said("WEB_RequestCertificateAPI")) == 1
        assert box.sessions == {}
        box.password = "wrong"
        await device.clock.sleep(20)
        assert device.up
        assert not device.is_shut_out


async def test_wrong_passwords_do_not_use_the_sessions_up():
    box = Box()
    box.frees_strangers = False
    async with alone(HuaweiTE, box, URL, greets=False, password="wrong") as device:
        await device.clock.sleep(150)
        assert 3 <= len(box.said("WEB_RequestCertificateAPI")) <= 5
        assert list(box.sessions) == ["s1"]
        box.sessions.clear()
        box.password = "wrong"
        await device.clock.sleep(400)
        assert device.up


async def test_a_terminal_without_a_session_left_says_so():
    box = Box()
    box.room = 0
    async with alone(HuaweiTE, box, URL, greets=False) as device:
        await device.clock.sleep(1)
        assert "it gives no session" in device.reason


# A session that is over.


async def test_a_forgotten_session_is_renewed_and_the_question_repeated():
    async with greeted(box := Box()) as device:
        await device.clock.sleep(15)
        box.sessions.clear()
        await device.mute_microphones(True)
        assert box.audio["MicSwitch"] == 0
        assert list(box.sessions) == ["s2"]
        assert device.up


async def test_of_several_who_are_refused_one_logs_in_again():
    async with greeted(box := Box()) as device:
        await device.clock.sleep(15)
        box.sessions.clear()
        await asyncio.gather(device.mute_microphones(True), device.set_volume(100))
        assert (box.audio["MicSwitch"], box.audio["speakerValue"]) == (0, 21)
        assert list(box.sessions) == ["s2"]


async def test_a_forgotten_session_is_renewed_by_the_next_poll():
    async with greeted(box := Box()) as device:
        await device.clock.sleep(15)
        box.sessions.clear()
        await device.clock.sleep(2)
        assert list(box.sessions) == ["s2"]
        assert device.up


async def test_a_call_is_not_dialled_twice_by_itself():
    async with greeted(box := Box()) as device:
        await device.clock.sleep(15)
        box.forgets_at = "WEB_CallNumberAPI"
        with pytest.raises(BusyError, match="logged in again"):
            await device.dial("8001")
        assert len(box.said("WEB_CallNumberAPI")) == 1


async def test_a_refusal_with_a_session_that_stands_is_a_refusal():
    async with greeted(box := Box()) as device:
        await device.clock.sleep(15)
        box.refuses_all = {"WEB_CloseMicAPI"}
        with pytest.raises(RefusedError, match="error 100666995, code 33558532"):
            await device.mute_microphones(True)
        assert len(box.said("WEB_CloseMicAPI")) == 1
        assert len(box.said("WEB_RequestSessionIDAPI")) == 1


async def test_logins_do_not_follow_each_other_closely():
    async with greeted(box := Box()) as device:
        for _ in range(30):
            box.sessions.clear()
            await device.clock.sleep(1)
        assert 2 <= len(box.said("WEB_RequestCertificateAPI")) <= 5


async def test_a_login_that_is_not_taken_any_more_ends_the_line():
    async with greeted(box := Box()) as device:
        await device.clock.sleep(15)
        box.password = "another"
        box.sessions.clear()
        await device.clock.sleep(3)
        assert not device.up
        assert "does not take the password" in device.reason


# What it is told to do.


async def test_a_mute_is_accepted_and_only_reading_tells_that_it_is_so():
    async with greeted(box := Box()) as device:
        box.ignores = True
        await device.mute_microphones(True)
        assert device.state[MicrophonesMuted()].value is False
        await device.read([MicrophonesMuted()])
        assert device.state[MicrophonesMuted()].value is False
        box.ignores = False
        await device.mute_microphones(True)
        assert device.state[MicrophonesMuted()].value is False
        await device.read([MicrophonesMuted()])
        assert device.state[MicrophonesMuted()].value is True


@pytest.mark.parametrize("percent", [0, 1, 33, 50, 71, 99, 100])
async def test_a_volume_is_read_back_near_enough(percent):
    async with greeted(Box()) as device:
        await device.set_volume(percent)
        await device.read([Volume()])
        assert Volume.is_right(device.state[Volume()].value, percent)


async def test_it_sleeps_and_wakes():
    async with greeted(box := Box()) as device:
        await device.power(False)
        await device.read([PowerState()])
        assert device.state[PowerState()].value is Power.OFF
        await device.power(True)
        await device.read([PowerState()])
        assert device.state[PowerState()].value is Power.ON
        assert not box.asleep


async def test_it_is_not_put_to_sleep_during_a_call():
    async with greeted(box := Box()) as device:
        box.mail = {"callstate": 2, "conftype": 1}
        with pytest.raises(RefusedError, match="in a call"):
            await device.power(False)
        assert not box.said("WEB_StartTermSleepAPI")


async def test_presets_and_presentation_are_sent_and_never_told():
    async with greeted(box := Box()) as device:
        await CameraPreset.drive(device, {CameraPreset(): 3})
        await Presenting.drive(device, {Presenting(): True})
        await Presenting.drive(device, {Presenting(): False})
        await device.verb_store(4)
        camera = {"camState": "localCam", "camPos": 3, "camSrc": 0}
        assert box.said("WEB_CtrlCameraOpeateAPI") == [
            camera | {"camAction": 19},
            camera | {"camAction": 18, "camPos": 4},
        ]
        assert len(box.said("WEB_StartSendAuxStreamAPI", "WEB_StopSendAuxStreamAPI")) == 2
        assert not device.can_tell(CameraPreset())
        assert not device.can_tell(Presenting())
        assert all(map(device.can_tell, device.state))


# Calls.


async def test_a_call_is_told_from_its_dialling_to_its_end():
    async with greeted(box := Box()) as device:
        await device.dial(" 8001 ")
        assert box.said("WEB_CallNumberAPI") == [{"szNumber": "8001"}]
        await device.read([Call()])
        assert reported(device) | {"call": CallState.CALLING, "far_end": "8001"} == reported(device)
        box.mail = {"callstate": 2, "conftype": 1, "ucSiteHandle": 7, "szNumber": "8001"}
        await device.read([Call(), FarEnd()])
        assert device.state[Call()].value is CallState.CONNECTED
        await device.hang_up()
        assert box.said("WEB_HangupCallAPI") == [{"ucSiteHandle": 7}]
        await device.read([Call()])
        assert device.state[Call()].value is CallState.IDLE
        assert device.state[FarEnd()].value is None


async def test_what_has_not_been_taken_yet_is_cancelled():
    async with greeted(box := Box()) as device:
        await device.dial("8001")
        await device.hang_up()
        assert len(box.said("WEB_CancelCallAPI")) == 1
        assert not box.said("WEB_HangupCallAPI")


async def test_a_call_that_comes_in_is_answered_or_rejected():
    async with greeted(box := Box()) as device:
        box.mail = {"callstate": 1, "conftype": 0}
        await device.answer()
        box.refuses_all = {"WEB_CancelCallAPI"}
        await device.hang_up()
        values = [body["ucValue"] for body in box.said("WEB_IncomingCallProcAPI")]
        assert values == [1, 0]


async def test_hanging_up_without_a_call_does_nothing():
    async with greeted(box := Box()) as device:
        await device.hang_up()
        assert not box.said("WEB_HangupCallAPI", "WEB_CancelCallAPI", "WEB_IncomingCallProcAPI")


async def test_nobody_is_called_during_a_call():
    async with greeted(box := Box()) as device:
        box.mail = {"callstate": 0, "conftype": 2}
        with pytest.raises(RefusedError, match="in a call already"):
            await device.dial("8001")
        assert not box.said("WEB_CallNumberAPI")


async def test_a_mailbox_that_tells_nothing_new_keeps_what_it_told():
    async with greeted(box := Box()) as device:
        box.mail = {"callstate": 2, "conftype": 1}
        await device.clock.sleep(2)
        box.mail = {}
        asked = device.clock.now()
        await device.read([Call()])
        assert device.state[Call()].value is CallState.CONNECTED
        assert device.state[Call()].at >= asked


async def test_that_calling_has_ended_does_not_say_how():
    box = Box()
    box.mail = {"callstate": 2}
    async with greeted(box) as device:
        assert Call() not in device.state


async def test_a_change_of_the_call_wakes_who_waits_for_it():
    async with greeted(box := Box()) as device:
        await device.dial("8001")
        await device.read([Call()])
        box.mail = {"callstate": 2, "conftype": 1}
        began = device.clock.now()
        await device.hinted(60)
        assert device.clock.now() - began < 2


# Polls.


async def test_what_somebody_does_at_the_terminal_is_seen_within_two_polls():
    async with greeted(box := Box()) as device:
        box.audio |= {"MicSwitch": 0, "speakerValue": 21}
        box.asleep = True
        box.mail = {"callstate": 2, "conftype": 1}
        await device.clock.sleep(2.5)
        assert reported(device) | {"muted": True, "volume": 100, "power": Power.OFF} == reported(
            device
        )
        assert device.state[Call()].value is CallState.CONNECTED


async def test_a_poll_is_two_questions():
    async with greeted(box := Box()) as device:
        await device.clock.sleep(0.5)
        box.sent.clear()
        await device.clock.sleep(10)
        assert 18 <= len(box.sent) <= 22


async def test_silence_is_noticed_and_the_session_kept():
    async with greeted(box := Box()) as device:
        box.silent = True
        with pytest.raises(NoAnswerError):
            await device.mute_microphones(True)
        await device.clock.sleep(10)
        assert not device.up
        with pytest.raises(LinkDownError):
            await device.mute_microphones(True)
        box.silent = False
        await device.clock.sleep(10)
        assert device.up
        assert list(box.sessions) == ["s1"]


async def test_noise_on_an_idle_line_costs_the_line_and_not_the_session():
    async with greeted(box := Box()) as device:
        box.say(b"\x00noise\r\n\r\n")
        await device.clock.sleep(2)
        assert device.up
        assert device.link.figures.connects == 2
        assert list(box.sessions) == ["s1"]


async def test_a_connection_that_the_terminal_ends_is_dialled_again_at_once():
    async with greeted(box := Box()) as device:
        box.ends = True
        await device.clock.sleep(1.05)
        box.ends = False
        await device.clock.sleep(1)
        assert device.up
        assert device.link.figures.connects == 2
        assert list(box.sessions) == ["s1"]


async def test_an_unknown_model_without_one_of_the_questions_is_up_all_the_same():
    box = Box()
    box.refuses_all = {"WEB_RequestCallTypeDataAPI", "WEB_GetMailboxDataAPI"}
    async with greeted(box) as device:
        assert device.state[MicrophonesMuted()].value is False
        found = await device.findings()
        assert {finding.about for finding in found if finding.level is Level.WATCH} >= {"model"}


# Examining it.


async def test_a_terminal_that_is_well_has_no_findings():
    async with alone(HuaweiTE, Box(), f"{URL}?verify={'0' * 64}", password="secret") as device:
        assert list(await device.findings()) == []


@pytest.mark.parametrize(
    ("url", "says"), [("tcp://terminal:80", "in the clear"), (f"{URL}?verify=no", "certificate")]
)
async def test_a_line_that_gives_the_password_away_is_found(url, says):
    async with alone(HuaweiTE, Box(), url, password="secret") as device:
        (finding,) = await device.findings()
        assert says in finding.en


async def test_what_is_wrong_with_a_terminal_is_found():
    box = Box()
    box.types, box.asleep, box.audio["speakerValue"] = [4], True, 0
    async with greeted(box) as device:
        found = {finding.en.split(":")[0]: finding.level for finding in await device.findings()}
        assert found == {
            "it can call neither by SIP nor by H.323": Level.FAULT,
            "it sleeps": Level.WATCH,
            "its volume is 0": Level.WATCH,
        }


# Settings.


@pytest.mark.parametrize(
    "wrong", [{"user": "a b"}, {"user": ""}, {"csrf": "cookie"}, {"passwort": "x"}]
)
def test_settings_that_cannot_be_are_told(wrong):
    with pytest.raises(ValidationError):
        HuaweiTE.Settings.model_validate(wrong)


@pytest.mark.parametrize("percent", [-1, 101])
async def test_a_volume_beyond_percent_is_not_sent(percent):
    async with greeted(Box()) as device:
        with pytest.raises(ValueError, match="0 to 100"):
            await device.set_volume(percent)
