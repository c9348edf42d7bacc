"""The simulated Huawei terminal and every line of its transcript, in both directions."""

import json
from typing import Any

import pytest

from hw_sim.huawei_te import Terminal
from tests.sim.conftest import ManualClock
from tests.sim.huawei_rig import SAID, TOLD, Client, made, replies
from tests.sim.power_rig import wire


def as_sent(row: dict[str, Any], client: Client) -> bytes:
    """A request of the transcript with the headers that it leaves out."""
    more = client.headers | ({"acCSRFToken": client.token} if client.token else {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in more.items()).encode()
    return wire(row).replace(b"Host: ", lines + b"Host: ", 1)


WISHES: dict[str, dict[str, Any]] = {  # what of the truth has changed after it
    "mic_close": {"muted": True},
    "mic_open": {"muted": False},
    "volume": {"volume": 15, "speaker": True},
    "camera_recall": {"cameras": [{"at": {"pan": 60.0, "tilt": 0.0, "zoom": 2.0}}]},
    "camera_left": {"cameras": [{"at": {"pan": -60.0, "tilt": 0.0, "zoom": 1.0}}]},
    "is_sleep": {},
    "wake": {"asleep": False},
    "mailbox": {},
    "call_number": {"call": "dialling", "number": "8001", "incoming": False},
    "logout": {"sessions": 0},
}
ENTRANCE = {"session_request", "login"}


def test_every_line_of_the_transcript_is_tested():
    assert {*WISHES, *ENTRANCE} == set(TOLD)
    assert set(SAID) == {
        "session_reply", "login_reply_te", "login_reply_ideahub", "failure", "is_sleep_yes",
        "call_types",
    }  # fmt: skip


@pytest.mark.parametrize("name", WISHES)
def test_terminal_does_what_the_transcript_wants(name: str, clock: ManualClock):
    terminal, client = made(clock, presets={3: [60, 0, 2]})
    before = {"mic_open": ("mute", {"on": True}), "wake": ("sleep", {})}.get(name)
    if before is not None:
        terminal.press(before[0], **before[1])
    client.line.receive(as_sent(TOLD[name], client))
    ((status, headers, body),) = replies(client.ear.take())
    assert (status, json.loads(body)["success"], headers["response-result"]) == (200, 1, "1")
    clock.advance(1)
    truth: Any = terminal.truth()
    cameras = WISHES[name].get("cameras")
    if cameras is not None:
        assert [{"at": each["at"]} for each in truth["cameras"]] == cameras
    else:
        assert truth | WISHES[name] == truth


def test_terminal_logs_in_as_the_transcript_says(clock: ManualClock):
    client = Client(Terminal(clock=clock, password="secret"))
    client.line.receive(wire(TOLD["session_request"]))
    ((status, headers, body),) = replies(client.ear.take())
    assert (status, body) == (200, SAID["session_reply"])
    assert headers["content-type"] == "text/plain"
    cookie, *more = headers["set-cookie"].split("; ")
    assert cookie.startswith("SessionID=")
    assert more == ["Path=/", "Secure", "HttpOnly"]
    client.headers = {"Cookie": cookie}
    client.line.receive(as_sent(TOLD["login"], client))
    ((_, _, body),) = replies(client.ear.take())
    token = json.loads(json.loads(body)["data"])["acCSRFToken"]
    assert body.replace(token, "0123456789abcdef") == SAID["login_reply_te"]


def test_data_is_an_object_on_an_ideahub(clock: ManualClock):
    client = Client(Terminal("ideahub", clock=clock))
    client.begin()
    body = client.send("WEB_RequestCertificateAPI", {"user": "api", "password": ""})[2]
    token = json.loads(body)["data"]["acCSRFToken"]
    assert body.replace(token, "0123456789abcdef") == SAID["login_reply_ideahub"]


def test_terminal_fails_sleeps_and_lists_its_lines_as_the_transcript_says(clock: ManualClock):
    terminal, client = made(clock)
    token = {"acCSRFToken": client.token}
    assert client.send("WEB_NoSuchAPI", token)[2] == SAID["failure"]
    terminal.press("sleep")
    assert client.send("WEB_IsSystemSleepAPI", token)[2] == SAID["is_sleep_yes"]
    assert client.send("WEB_RequestCallTypeDataAPI", token)[2] == SAID["call_types"]
