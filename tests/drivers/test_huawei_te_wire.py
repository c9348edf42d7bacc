"""What a Huawei terminal says and what is said to it, against the lines of its document."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from avctl.drivers.huawei_te import commands
from avctl.drivers.huawei_te.said import (
    Audio,
    CallTypes,
    Failed,
    LoggedIn,
    Mail,
    Reply,
    SessionOpened,
    Sleeping,
    said,
)
from avctl.drivers.huawei_te.session import Session
from avctl.drivers.huawei_te.settings import HuaweiSettings
from avctl.drivers.huawei_te.wire import Broken, Decoder, Ending, farewell
from avctl.errors import LinkDownError
from avctl.wire import Command, Tagged, Unknown
from tests.drivers.alone import cut, decoded, transcript
from tests.drivers.huawei_terminal import NO, http

LINES = transcript("huawei_te") | transcript("huawei_te_driver")

SAID: dict[str, Command[Any]] = {
    "huawei_session_request": commands.open_session(),
    "huawei_login": commands.log_in(),
    "huawei_mic_close": commands.mute(True),
    "huawei_mic_open": commands.mute(False),
    "huawei_volume": commands.set_volume(15),
    "huawei_camera_recall": commands.recall_preset(3),
    "huawei_is_sleep": commands.read_sleep(),
    "huawei_wake": commands.wake(),
    "huawei_mailbox": commands.read_mailbox(),
    "huawei_call_number": commands.call("8001"),
    "huawei_logout": commands.log_out(),
    "sleep": commands.sleep(),
    "audio": commands.read_audio(),
    "call_types": commands.read_call_types(),
    "present": commands.present(True),
    "present_stop": commands.present(False),
    "hang_up": commands.hang_up(1),
    "cancel": commands.cancel_call(),
    "answer": commands.answer(),
    "reject": commands.reject(),
    "store_preset": commands.store_preset(3),
    "change_session": commands.change_session(),
}
OPEN, LOG_IN = "WEB_RequestSessionIDAPI", "WEB_RequestCertificateAPI"
AUDIO, MAIL, SLEEP = (
    "WEB_InitAudioCtrlParamsAPI", "WEB_GetMailboxDataAPI", "WEB_IsSystemSleepAPI",
)  # fmt: skip
HEARD: dict[str, tuple[Command[Any], Any]] = {
    "huawei_session_reply": (
        commands.open_session(), SessionOpened(OPEN, "HUAWEI Box 300", "0a1b", ""),
    ),
    "session_in_data": (commands.open_session(), SessionOpened(OPEN, "TE40", "0a1b", "77AB")),
    "huawei_login_reply_te": (commands.log_in(), LoggedIn(LOG_IN, "0123456789abcdef")),
    "huawei_login_reply_ideahub": (commands.log_in(), LoggedIn(LOG_IN, "0123456789abcdef")),
    "huawei_failure": (commands.mute(True), Failed("WEB_CloseMicAPI", 100666995, 33558532)),
    "huawei_is_sleep_yes": (commands.read_sleep(), Sleeping(SLEEP, True)),
    "awake": (commands.read_sleep(), Sleeping(SLEEP, False)),
    "huawei_call_types": (
        commands.read_call_types(), CallTypes("WEB_RequestCallTypeDataAPI", (3, 4, 8, 10)),
    ),
    "audio_live": (commands.read_audio(), Audio(AUDIO, True, 15)),
    "audio_muted": (commands.read_audio(), Audio(AUDIO, False, 0)),
    "mail_idle": (commands.read_mailbox(), Mail(MAIL, 0, 0, None, None, ())),
    "mail_calling": (commands.read_mailbox(), Mail(MAIL, 1, 0, None, None, ())),
    "mail_in_call": (commands.read_mailbox(), Mail(MAIL, 2, 1, None, None, ())),
    "mail_after_call": (commands.read_mailbox(), Mail(MAIL, 2, 0, None, None, ())),
    "mail_event": (
        commands.read_mailbox(), Mail(MAIL, None, None, None, None, ("MSG_VIEW_SITE_RSP",)),
    ),
}  # fmt: skip


def session(**settings: Any) -> Session:
    made = Session(HuaweiSettings(password=SecretStr("secret"), **settings))
    made.host = "192.0.2.20"
    return made


def asked(command: Command[Any], at: Session | None = None) -> Decoder:
    decoder = Decoder("it", at or session())
    decoder.frame(command)
    return decoder


def answer(name: str) -> bytes:
    cookie = "Set-Cookie: SessionID=0a1b; Path=/; Secure; HttpOnly"
    return http(LINES[name]["ascii"], "200 OK", cookie)


# What we say.


@pytest.mark.parametrize("name", SAID)
def test_each_command_is_sent_as_the_document_has_it(name):
    assert Decoder("it", session()).frame(SAID[name]) == (LINES[name]["ascii"].encode(), 1)


def test_no_line_of_the_document_that_we_send_is_forgotten():
    ours = {name for name, line in LINES.items() if line["direction"] == "to_device"}
    assert ours - set(SAID) == {"huawei_camera_left"}


def test_a_session_goes_along_as_the_terminal_wants_it():
    at = session()
    at.opened("0a1b", "77AB")
    at.token = "t0"
    sent = farewell(at).decode()
    assert "\r\nCookie: SessionID=0a1b\r\n" in sent
    assert "\r\nSessionid: 77AB\r\n" in sent
    assert "\r\nacCSRFToken: t0\r\n" in sent
    at.place = "body"
    assert farewell(at).endswith(b'\r\nContent-Length: 20\r\n\r\n{"acCSRFToken":"t0"}')
    volume, _ = Decoder("it", at).frame(commands.set_volume(15))
    assert volume.endswith(b'{"speaker":1,"speakerValue":15,"acCSRFToken":"t0"}')


def test_no_secret_is_in_a_command_or_in_what_is_shown_of_an_answer():
    assert b"secret" not in commands.log_in().wire
    assert "0123" not in repr(LoggedIn(LOG_IN, "0123"))
    assert "0123" not in repr(SessionOpened(OPEN, "", "0123", "0123"))
    assert "secret" not in repr(HuaweiSettings(password=SecretStr("secret")))


@pytest.mark.parametrize(
    "number", ["", " ", "8" * 65, '80"01', "80\r\n01", "80\\01", "\x00", "a\xff\nb"]
)
def test_no_number_smuggles_anything(number):
    with pytest.raises(ValueError, match="give a number"):
        commands.call(number)


@given(st.text(max_size=80))
def test_a_number_is_sent_as_it_is_or_not_at_all(number):
    try:
        command = commands.call(number)
    except ValueError:
        return
    sent, _ = Decoder("it", session()).frame(command)
    head, _, body = sent.partition(b"\r\n\r\n")
    assert head.endswith(b"Content-Length: %d" % len(body))
    assert b"\r" not in body


@pytest.mark.parametrize("wrong", [-1, 22])
def test_a_volume_that_it_does_not_have_is_not_sent(wrong):
    with pytest.raises(ValueError, match="0 to 21"):
        commands.set_volume(wrong)


@pytest.mark.parametrize("wrong", [0, 31, 255])
def test_a_preset_that_it_does_not_have_is_not_sent(wrong):
    with pytest.raises(ValueError, match="1 to 30"):
        commands.recall_preset(wrong)


# What the terminal says.


@pytest.mark.parametrize("name", HEARD)
def test_each_answer_is_understood_and_carries_the_tag_of_its_question(name):
    command, message = HEARD[name]
    assert decoded(asked(command), answer(name)) == [Tagged(1, message)]
    assert command.is_answered_by(message) != isinstance(message, Failed)


def test_no_line_of_the_document_that_it_says_is_forgotten():
    assert set(HEARD) == {name for name in LINES if LINES[name]["direction"] == "from_device"}


def test_an_answer_is_of_its_own_question_only():
    assert not commands.mute(True).is_answered_by(Reply("WEB_OpenMicAPI"))
    assert not Failed("WEB_OpenMicAPI", 1, 1).refuses(commands.mute(True))
    assert Failed("WEB_CloseMicAPI", 1, 1).refuses(commands.mute(True))


def test_an_answer_in_chunks_is_the_same():
    body = LINES["huawei_is_sleep_yes"]["ascii"].encode()
    parts = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:9], body[9:]))
    said = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + parts + b"0\r\n\r\n"
    assert decoded(asked(commands.read_sleep()), said) == [Tagged(1, Sleeping(SLEEP, True))]


def test_one_connection_carries_many_questions():
    decoder = Decoder("it", session())
    for tag in (1, 2, 3):
        decoder.frame(commands.read_sleep())
        assert decoded(decoder, answer("awake")) == [Tagged(tag, Sleeping(SLEEP, False))]


def test_a_page_to_log_in_at_is_a_refusal():
    page = http("<html>", "302 Found", "Location: /login")
    assert decoded(asked(commands.read_sleep()), page) == [Tagged(1, Failed(SLEEP, 302, 0))]


def test_success_is_what_the_body_says_whatever_the_status():
    assert decoded(asked(commands.read_sleep()), http(NO, "200 OK"))[0].message.id == 100666995
    ok = http(LINES["awake"]["ascii"], "500 Internal Server Error")
    assert decoded(asked(commands.read_sleep()), ok) == [Tagged(1, Sleeping(SLEEP, False))]


def test_a_connection_that_ends_takes_no_further_question():
    decoder = asked(commands.read_sleep())
    body = LINES["awake"]["ascii"]
    said = decoded(decoder, http(body, "200 OK", "Connection: close"))
    assert said == [Tagged(1, Sleeping(SLEEP, False)), Ending()]
    with pytest.raises(LinkDownError):
        decoder.frame(commands.read_sleep())


@pytest.mark.parametrize(
    ("body", "audio"),
    [
        ('{"MicSwitch":"0","speakerValue":"21"}', Audio(AUDIO, False, 21)),
        ('{"MicSwitch":7,"speakerValue":22}', Audio(AUDIO, None, None)),
        ("{}", Audio(AUDIO, None, None)),
    ],
)
def test_what_cannot_be_is_not_told(body, audio):
    assert said(AUDIO, b'{"success":1,"data":%s}' % body.encode(), "") == audio


# Whatever comes.


@given(st.lists(st.sampled_from(sorted(HEARD)), min_size=1, max_size=4), st.lists(st.integers(0)))
def test_any_cut_gives_the_same_messages(names, at):
    decoder = Decoder("it", session())
    for tag, name in enumerate(names, 1):
        command, message = HEARD[name]
        decoder.frame(command)
        assert decoded(decoder, *cut(answer(name), at)) == [Tagged(tag, message)]


@given(st.lists(st.binary(min_size=1, max_size=300)))
def test_garbage_is_unknown_or_nothing(chunks):
    for message in decoded(asked(commands.read_mailbox()), *chunks):
        assert isinstance(message, Unknown | Broken)
        assert not isinstance(message, Unknown) or len(message.data) <= 256


@given(st.binary(max_size=400))
def test_any_body_is_an_answer_a_refusal_or_unknown(body):
    framed = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    for message in decoded(asked(commands.read_mailbox()), framed):
        assert isinstance(message, Unknown | Tagged)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(
        st.sampled_from(["state", "callstate", "conftype", "isSystemSleep", "value", "MicSwitch"])
        | st.text(max_size=5), inner, max_size=5,
    ),
    max_leaves=30,
)  # fmt: skip


@given(st.sampled_from([AUDIO, MAIL, SLEEP, OPEN, LOG_IN, "WEB_RequestCallTypeDataAPI"]), JSON)
def test_any_data_is_an_answer_or_unknown(action, data):
    body = json.dumps({"success": 1, "data": data})
    (message,) = decoded(asked(Command(action.encode(), Reply)), http(body))
    assert isinstance(message, Unknown | Tagged)


def test_an_endless_body_and_an_endless_head_do_not_pile_up():
    decoder = asked(commands.read_mailbox())
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n"
    heard = decoded(decoder, head, *[b"x" * 4096] * 100)
    assert heard
    assert all(isinstance(each, Unknown | Broken) for each in heard)
    endless = decoded(
        asked(commands.read_mailbox()), *[b"HTTP/1.1 200 OK\r\nX: " + b"x" * 4096] * 50
    )
    assert endless
    assert all(isinstance(each, Unknown | Broken) for each in endless)


def test_a_mailbox_without_a_bottom_is_looked_into_so_far():
    deep = '{"a":' * 4000 + "1" + "}" * 4000
    body = b'{"success":1,"data":%s}' % deep.encode()
    assert decoded(asked(commands.read_mailbox()), http(body.decode()))
    wide = {"mailbox": ["MSG_X"] * 5000}
    mail = said(MAIL, json.dumps({"success": 1, "data": wide}).encode(), "")
    assert isinstance(mail, Mail)
    assert len(mail.events) <= 2000
