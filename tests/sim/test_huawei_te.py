"""The simulated Huawei terminal: its sessions, its call, its camera, its sleep, its faults."""

import json
from typing import Any

import pytest

from hw_sim.huawei_te import Terminal
from hw_sim.huawei_te.actions import CHANGES, QUERIES
from tests.sim.conftest import ManualClock
from tests.sim.huawei_rig import SAID, Client, made
from tests.sim.power_rig import dial

# Sessions.


@pytest.mark.parametrize("model", Terminal.models)
def test_every_model_lets_in_who_has_session_and_token(model: str, clock: ManualClock):
    _, client = made(clock, model=model)
    assert client.ask("WEB_IsSystemSleepAPI") == {"isSystemSleep": "unsleep"}


@pytest.mark.parametrize("action", [*QUERIES, *CHANGES, "WEB_GetMailboxDataAPI", "WEB_LogoutAPI"])
def test_nothing_is_done_for_who_has_not_logged_in(action: str, clock: ManualClock):
    terminal = Terminal(clock=clock)
    client = Client(terminal)
    before = terminal.truth()
    assert client.ask(action, szNumber="1") is None
    client.begin()
    assert client.ask(action, szNumber="1") is None
    assert terminal.truth() == before | {"sessions": 1}


def test_a_terminal_that_wants_no_token_still_wants_a_login(clock: ManualClock):
    client = Client(Terminal(clock=clock, csrf="none"))
    client.begin()
    assert client.ask("WEB_IsSystemSleepAPI") is None
    client.ask("WEB_RequestCertificateAPI", user="api", password="")
    assert client.ask("WEB_IsSystemSleepAPI") is not None


def test_a_wrong_password_gives_no_token(clock: ManualClock):
    client = Client(Terminal(clock=clock, password="secret")).log_in("guess")
    assert client.token == ""
    assert client.ask("WEB_IsSystemSleepAPI") is None


def test_name_of_the_cookie_is_case_sensitive(clock: ManualClock):
    _, client = made(clock)
    client.headers = {"Cookie": client.headers["Cookie"].replace("SessionID", "sessionid")}
    assert client.ask("WEB_IsSystemSleepAPI") is None


@pytest.mark.parametrize(
    ("csrf", "header", "body", "lets_in"),
    [
        ("either", True, False, True),
        ("either", False, True, True),
        ("either", False, False, False),
        ("header", True, False, True),
        ("header", False, True, False),
        ("body", True, False, False),
        ("body", False, True, True),
        ("none", False, False, True),
    ],
)
def test_the_token_has_to_be_where_the_terminal_wants_it(
    csrf: str, header: bool, body: bool, lets_in: bool, clock: ManualClock
):
    _, client = made(clock, csrf=csrf)
    headers = {"acCSRFToken": client.token} if header else {}
    wish = {"acCSRFToken": client.token} if body else {}
    said = json.loads(client.send("WEB_IsSystemSleepAPI", wish, **headers)[2])
    assert said["success"] == lets_in


def test_sessions_are_limited_until_somebody_logs_out(clock: ManualClock):
    terminal, client = made(clock, session_limit=2)
    other, third = Client(terminal), Client(terminal)
    assert other.begin()
    assert not third.begin()
    client.ask("WEB_LogoutAPI")
    assert third.begin()
    assert client.ask("WEB_IsSystemSleepAPI") is None


def test_a_silent_session_is_forgotten_and_its_place_free(clock: ManualClock):
    terminal, client = made(clock, session_limit=1, session_seconds=60)
    for _ in range(3):
        clock.advance(50)
        assert client.ask("WEB_GetMailboxDataAPI") is not None
    clock.advance(61)
    assert terminal.truth()["sessions"] == 0
    assert client.ask("WEB_GetMailboxDataAPI") is None
    assert Client(terminal).begin()


def test_a_changed_session_goes_on_under_its_new_name_only(clock: ManualClock):
    terminal, client = made(clock)
    old = dict(client.headers)
    headers = client.send("WEB_ChangeSessionIDAPI", {"acCSRFToken": client.token})[1]
    assert client.ask("WEB_IsSystemSleepAPI") is None
    client.headers = {"Cookie": headers["set-cookie"].partition(";")[0]}
    assert client.headers != old
    assert client.ask("WEB_IsSystemSleepAPI") is not None
    assert terminal.truth()["sessions"] == 1


def test_an_upgrade_lets_nobody_new_in(clock: ManualClock):
    terminal, client = made(clock)
    terminal.press("upgrade", on=True)
    assert not Client(terminal).begin()
    assert client.ask("WEB_IsSystemSleepAPI") is not None
    terminal.press("upgrade", on=False)
    assert Client(terminal).begin()


def test_a_session_outlives_its_connection(clock: ManualClock):
    terminal, client = made(clock)
    client.line.closed()
    client.line = dial(terminal, client.ear)
    assert client.ask("WEB_IsSystemSleepAPI") is not None


def test_the_terminal_closes_a_silent_connection_where_told_so(clock: ManualClock):
    _, client = made(clock, keep_alive_seconds=15)
    clock.advance(14)
    client.ask("WEB_IsSystemSleepAPI")
    clock.advance(14)
    assert not client.ear.closed
    clock.advance(1)
    assert client.ear.closed


def test_failures_can_have_a_status_of_their_own(clock: ManualClock):
    client = Client(Terminal(clock=clock, failure_status=403, content_type="application/json"))
    status, headers, body = client.send("WEB_IsSystemSleepAPI")
    assert (status, body) == (403, SAID["failure"])
    assert (headers["content-type"], headers["response-result"]) == ("application/json", "0")


# The call.


def test_a_call_rings_stands_and_ends_in_its_own_time(clock: ManualClock):
    terminal, client = made(clock, answer_seconds=5)
    assert client.state == {
        "callstate": 0, "calltype": 0, "confstate": 0, "conftype": 0, "RemoteMicStates": 0,
    }  # fmt: skip
    assert client.ask("WEB_CallNumberAPI", szNumber="8001") == ""
    assert (client.state["callstate"], client.state["conftype"]) == (1, 0)
    clock.advance(5)
    assert (client.state["callstate"], client.state["conftype"]) == (2, 1)
    assert client.state["calltype"] == 8
    clock.advance(10)
    assert terminal.truth()["seconds"] == 10
    assert client.ask("WEB_HangupCallAPI", ucSiteHandle=1) == ""
    assert (client.state["callstate"], client.state["conftype"]) == (2, 0)
    clock.advance(3)
    assert (client.state["callstate"], client.state["conftype"]) == (0, 0)


@pytest.mark.parametrize(("far_end", "seconds"), [("busy", 4), ("silent", 60)])
def test_a_call_that_is_not_answered_ends_by_itself(
    far_end: str, seconds: float, clock: ManualClock
):
    terminal, client = made(clock, far_end=far_end)
    client.ask("WEB_CallNumberAPI", szNumber="8001")
    clock.advance(seconds - 0.1)
    assert terminal.truth()["call"] == "dialling"
    clock.advance(0.2)
    assert terminal.truth()["call"] == "ended"


def test_somebody_calls_and_is_answered_or_sent_away(clock: ManualClock):
    terminal, client = made(clock)
    terminal.press("call", number="8002")
    assert (client.state["callstate"], client.state["confstate"]) == (1, 2)
    client.ask("WEB_IncomingCallProcAPI", ucValue=0, ucMediaType=1)
    assert terminal.truth()["call"] == "ended"
    terminal.press("call", number="8002")
    client.ask("WEB_IncomingCallProcAPI", ucValue=1, ucMediaType=1)
    assert client.state["conftype"] == 1
    assert terminal.sends_sound


def test_only_what_rings_is_cancelled_and_only_what_stands_is_hung_up(clock: ManualClock):
    terminal, client = made(clock)
    assert client.ask("WEB_CancelCallAPI") is None
    assert client.ask("WEB_HangupCallAPI", ucSiteHandle=1) is None
    client.ask("WEB_CallNumberAPI", szNumber="8001")
    assert client.ask("WEB_HangupCallAPI", ucSiteHandle=1) is None
    assert client.ask("WEB_CallNumberAPI", szNumber="8003") is None
    assert client.ask("WEB_CancelCallAPI") == ""
    terminal.press("dial", number="8001")
    clock.advance(4)
    assert client.ask("WEB_CancelCallAPI") is None
    terminal.press("hang_up")
    assert terminal.truth()["call"] == "ended"


def test_far_end_mutes_itself_until_the_call_is_over(clock: ManualClock):
    terminal, client = made(clock, auto_answer=True)
    terminal.press("call", number="8002")
    terminal.press("far_mute", on=True)
    assert client.state["RemoteMicStates"] == 1
    terminal.press("hang_up")
    clock.advance(3)
    assert client.state["RemoteMicStates"] == 0


def test_a_closed_microphone_is_told_and_not_heard(clock: ManualClock):
    terminal, client = made(clock, auto_answer=True)
    terminal.press("call", number="8002")
    assert (terminal.sends_picture, terminal.sends_sound) == (True, True)
    terminal.press("mute", on=True)
    assert client.ask("WEB_InitAudioCtrlParamsAPI")["MicSwitch"] == 0
    assert (terminal.sends_picture, terminal.sends_sound) == (True, False)
    client.ask("WEB_OpenMicAPI")
    assert client.ask("WEB_InitAudioCtrlParamsAPI")["MicSwitch"] == 1


@pytest.mark.parametrize("value", [-1, 22, "15", 1.5, True, None])
def test_a_volume_that_is_none_is_refused(value: object, clock: ManualClock):
    terminal, client = made(clock)
    assert client.ask("WEB_SetSpeakVolumeAPI", speaker=1, speakerValue=value) is None
    assert terminal.truth()["volume"] == 15


# The camera.


def camera(client: Client, action: int, place: int = 255) -> object:
    return client.ask(
        "WEB_CtrlCameraOpeateAPI", camState="localCam", camAction=action, camPos=place, camSrc=0
    )


def pose(terminal: Terminal) -> dict[str, float]:
    return terminal.eyes[0].pose


def test_a_camera_moves_until_it_is_stopped(clock: ManualClock):
    terminal, client = made(clock)
    camera(client, 0)
    clock.advance(1)
    assert pose(terminal)["pan"] == 60
    camera(client, 8)
    clock.advance(5)
    assert pose(terminal) == {"pan": 60, "tilt": 0, "zoom": 1}
    camera(client, 2)
    clock.advance(100)
    assert pose(terminal)["tilt"] == 90


@pytest.mark.parametrize(
    ("action", "axis"), list(enumerate(["pan", "pan", "tilt", "tilt", "zoom", "zoom"]))
)
def test_the_stop_of_a_movement_stops_no_other(action: int, axis: str, clock: ManualClock):
    terminal, client = made(clock, presets={1: [0, 30, 3]})
    camera(client, 19, 1)
    clock.advance(1)
    movements = {"pan": 0, "tilt": 2, "zoom": 4}
    for each in (movements | {axis: action}).values():
        camera(client, each)
    clock.advance(0.1)
    camera(client, action + 8)
    before = pose(terminal)
    clock.advance(0.1)
    assert [name for name in before if pose(terminal)[name] == before[name]] == [axis]


def test_presets_are_kept_recalled_and_cleared_and_take_their_way(clock: ManualClock):
    terminal, client = made(clock)
    assert camera(client, 19, 7) is None
    camera(client, 1)
    clock.advance(2)
    camera(client, 9)
    assert camera(client, 18, 7) == ""
    camera(client, 16)
    clock.advance(1)
    assert pose(terminal)["pan"] == -60
    clock.advance(1)
    assert pose(terminal)["pan"] == 0
    camera(client, 19, 7)
    clock.advance(2)
    assert pose(terminal)["pan"] == -120
    assert camera(client, 20, 7) == ""
    assert camera(client, 19, 7) is None
    assert camera(client, 18, 31) is None


def test_rightly_spelt_action_does_not_exist(clock: ManualClock):
    _, client = made(clock)
    wish = {"camState": "localCam", "camAction": 0, "camPos": 255, "camSrc": 0}
    assert client.ask("WEB_CtrlCameraOperateAPI", **wish) is None
    assert client.ask("WEB_CtrlCameraOpeateAPI", **wish) == ""


# Sleep, settings, mail.


def test_a_terminal_sleeps_and_a_call_wakes_it(clock: ManualClock):
    terminal, client = made(clock)
    client.ask("WEB_StartTermSleepAPI")
    assert client.ask("WEB_IsSystemSleepAPI") == {"isSystemSleep": "sleep"}
    terminal.press("call", number="8002")
    assert client.ask("WEB_IsSystemSleepAPI") == {"isSystemSleep": "unsleep"}
    assert client.ask("WEB_StartTermSleepAPI") is None


def test_a_terminal_falls_asleep_by_itself_but_never_in_a_call(clock: ManualClock):
    terminal, client = made(clock, sleep_minutes=10)
    terminal.press("dial", number="8001")
    clock.advance(1200)
    assert not terminal.truth()["asleep"]
    client.log_in()
    client.ask("WEB_HangupCallAPI", ucSiteHandle=1)
    clock.advance(599)
    assert not terminal.truth()["asleep"]
    clock.advance(1)
    assert terminal.truth()["asleep"]


def test_settings_are_kept_in_the_polarity_of_the_maker(clock: ManualClock):
    terminal, client = made(clock)
    assert client.ask("WEB_GetCfgParamAPI", CfgIDString=["enable_http"]) == {"enable_http": 1}
    assert client.ask("WEB_SaveCfgParamAPI", enabletelnet=1, enable_http=0) == ""
    assert client.ask(
        "WEB_SaveCfgParamAPI", CfgItemInt=[{"CfgItemID": "enabletelnet", "CfgItemInfo": 0}]
    ) == ""  # fmt: skip
    assert terminal.truth()["settings"] == {"enabletelnet": 0, "enable_http": 0}
    assert client.ask("WEB_SaveCfgParamAPI", no_such=1) is None


def test_a_layout_is_confirmed_in_the_mailbox_once_and_for_every_session(clock: ManualClock):
    terminal, client = made(clock)
    other = Client(terminal).log_in()
    client.ask("WEB_ViewSiteAPI", M=1, T=2, type="normal", picID=0)
    for each in (client, other):
        (mail,) = each.ask("WEB_GetMailboxDataAPI")["mailbox"]
        assert mail["msgId"] == "MSG_VIEW_SITE_RSP"
        assert each.ask("WEB_GetMailboxDataAPI")["mailbox"] == []


def test_registration_and_presentation_are_read(clock: ManualClock):
    terminal, client = made(clock)
    assert client.ask("WEB_GetLineStateInfoAPI") == {"sipStatusTxStr": "SIP_STATE_OK"}
    terminal.press("register", on=False)
    assert client.ask("WEB_GetLineStateInfoAPI") == {"sipStatusTxStr": "EMPTY"}
    client.ask("WEB_StartSendAuxStreamAPI")
    assert client.ask("WEB_IsSendAuxStreamAPI") == {"isSendAux": "auxOpen"}
    client.ask("WEB_StopSendAuxStreamAPI")
    assert client.ask("WEB_IsSendAuxStreamAPI") == {"isSendAux": "auxClose"}


def test_keys_of_the_remote_control_work(clock: ManualClock):
    terminal, client = made(clock)
    for code in (164, 24, 26):
        assert client.ask("WEB_EmuRemoteKeyAPI", keyState=0, keyCode=code) == ""
    truth = terminal.truth()
    assert (truth["muted"], truth["volume"], truth["asleep"]) == (True, 16, True)


# Faults, mains.


def test_a_busy_terminal_does_nothing_and_lets_nobody_in(clock: ManualClock):
    terminal, client = made(clock)
    terminal.faults.set("busy", times=2)
    assert client.ask("WEB_CloseMicAPI") is None
    assert not Client(terminal).begin()
    assert not terminal.truth()["muted"]
    assert client.ask("WEB_CloseMicAPI") == ""


@pytest.mark.parametrize(("fault", "said"), [("refuses", None), ("ignores", "")])
def test_changes_are_refused_or_ignored_and_questions_answered(
    fault: str, said: str | None, clock: ManualClock
):
    terminal, client = made(clock)
    terminal.faults.set(fault)
    assert client.ask("WEB_CloseMicAPI") == said
    assert client.ask("WEB_InitAudioCtrlParamsAPI")["MicSwitch"] == 1


def test_without_mains_sessions_and_call_are_lost_and_presets_kept(clock: ManualClock):
    terminal, client = made(clock, auto_answer=True)
    camera(client, 18, 1)
    client.ask("WEB_CloseMicAPI")
    terminal.press("call", number="8002")
    terminal.press("mains_off")
    assert client.ear.closed
    assert not terminal.sends_picture
    terminal.press("mains_on")
    assert not terminal.is_reachable()
    clock.advance(60)
    truth = terminal.truth()
    assert (truth["sessions"], truth["call"], truth["muted"]) == (0, "idle", False)
    assert list(terminal.presets[0]) == [1]
    Client(terminal).log_in()


def test_a_restart_hangs_up_after_its_answer(clock: ManualClock):
    terminal, client = made(clock, boot_seconds=30)
    assert client.ask("WEB_RequestRebootAPI") == ""
    clock.advance(0)
    assert (client.ear.closed, terminal.truth()["booting"]) == (True, True)
    clock.advance(30)
    Client(terminal).log_in()


@pytest.mark.parametrize(
    "options",
    [
        {"csrf": "somewhere"},
        {"data": "xml"},
        {"session_limit": 0},
        {"presets": {31: [0, 0, 1]}},
        {"presets": {1: [0, 0]}},
        {"registered": "yes"},
    ],
)
def test_options_without_a_meaning_are_refused(options: dict[str, Any]):
    with pytest.raises(ValueError, match=r".+"):
        Terminal(**options)
