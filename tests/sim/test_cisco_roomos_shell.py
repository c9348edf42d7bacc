"""The simulated Cisco shell: feedback, bodies, its bad manners, and bytes that are cut or make no sense."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.cisco_roomos import Codec
from hw_sim.cisco_roomos.rules import RULES
from tests.sim.cisco_rig import TOLD, Client, made, objects
from tests.sim.conftest import Ear, ManualClock
from tests.sim.power_rig import dial

# Feedback.


def test_only_what_is_registered_is_told_and_only_what_has_changed(clock: ManualClock):
    codec, client = made(clock)
    client.hear("/Status/Audio")
    codec.press("mute", on=True)
    assert client.told() == [{"Audio": {"Microphones": {"Mute": {"Value": "On"}}}}]
    codec.press("mute", on=True)
    codec.press("selfview", on=True)
    assert client.told() == []


@pytest.mark.parametrize(
    "expression", ["/Status/Call", "Status/Call[1]", "/status/call/status", "/Status/Call/1"]
)
def test_an_expression_is_a_beginning_of_paths_with_or_without_numbers(
    expression: str, clock: ManualClock
):
    codec, client = made(clock)
    client.hear(expression)
    codec.press("call", number="1")
    (told,) = client.told()
    assert told["Call"][0]["id"] == "1"
    assert told["Call"][0]["Status"] == {"Value": "Ringing"}


def test_sessions_are_told_what_they_registered_each(clock: ManualClock):
    codec, client = made(clock)
    other = Client(codec)
    client.hear("/Status/Audio/Volume")
    other.hear("/Status/Audio/Microphones")
    codec.press("volume", value=10)
    codec.press("mute", on=True)
    assert [list(told["Audio"]) for told in client.told()] == [["Volume"]]
    assert [list(told["Audio"]) for told in other.told()] == [["Microphones"]]


def test_what_a_command_of_one_changes_is_told_to_the_other(clock: ManualClock):
    codec, client = made(clock)
    other = Client(codec)
    other.hear("/Status/Audio")
    client.do("Audio Microphones Mute")
    assert other.told() == [{"Audio": {"Microphones": {"Mute": {"Value": "On"}}}}]


@pytest.mark.parametrize(
    ("feedback_first", "order"),
    [(False, ["CommandResponse", "Status"]), (True, ["Status", "CommandResponse"])],
)
def test_a_result_comes_before_what_it_changed_unless_told_otherwise(
    feedback_first: bool, order: list[str], clock: ManualClock
):
    _, client = made(clock, feedback_first=feedback_first)
    client.hear("/Status/Call")
    said = objects(client.say("xCommand Dial Number: 1"))
    assert [next(iter(each)) for each in said] == order


def test_deregistered_expressions_are_told_no_more(clock: ManualClock):
    codec, client = made(clock)
    client.hear("/Status/Audio", "/Status/Video")
    client.ask("xFeedback deregister /Status/Audio")
    codec.press("mute", on=True)
    codec.press("selfview", on=True)
    assert [list(told) for told in client.told()] == [["Video"]]
    client.ask("xFeedback deregisterall")
    codec.press("selfview", on=False)
    assert client.told() == []


def test_registrations_vanish_with_their_session(clock: ManualClock):
    codec, client = made(clock)
    client.hear("/Status/Audio")
    codec.press("drop_sessions")
    assert client.ear.closed
    client.line.closed()
    again = Client(codec)
    codec.press("mute", on=True)
    assert again.told() == client.told() == []
    assert codec.truth()["sessions"] == 1


def test_registrations_are_limited(clock: ManualClock):
    _, client = made(clock, feedback_limit=2)
    answers = [client.ask(f"xFeedback register /Status/{name}") for name in ("A", "B", "C")]
    assert answers[:2] == [{}, {}]
    assert answers[2]["CommandResponse"]["Result"]["status"] == "Error"


def test_registrations_are_silently_lost_where_told_so(clock: ManualClock):
    codec, client = made(clock, feedback_seconds=120)
    client.hear("/Status/Audio")
    clock.advance(119)
    codec.press("mute", on=True)
    assert len(client.told()) == 1
    clock.advance(1)
    codec.press("mute", on=False)
    assert client.told() == []


@pytest.mark.parametrize(("tells", "times"), [(True, 10), (False, 0)])
def test_a_growing_duration_is_told_every_second(tells: bool, times: int, clock: ManualClock):
    codec, client = made(clock, auto_answer=True, duration_feedback=tells)
    codec.press("call", number="1")
    clock.advance(0.5)
    client.hear("/Status/Call")
    clock.advance(10)
    told = [each["Call"][0]["Duration"]["Value"] for each in client.told()]
    assert told == [str(second) for second in range(1, times + 1)]
    codec.press("hang_up")
    clock.advance(1)
    client.told()
    clock.advance(10)
    assert client.told() == []


# The shell.


def test_lines_are_echoed_until_it_is_turned_off(clock: ManualClock):
    ear = Ear()
    line = dial(Codec(clock=clock, escape=True), ear)
    ear.take()
    line.receive(b"hello\r\n")
    assert ear.take() == b"hello\r\nCommand not recognized.\r\n"
    line.receive(b"echo off\n")
    assert ear.take() == b"echo off\r\n\x1b[?1034h\r\nOK\r\n"
    line.receive(b"hello\n")
    assert ear.take() == b"Command not recognized.\r\n"


def test_text_mode_says_all_that_json_mode_says(clock: ManualClock):
    codec = Codec(clock=clock)
    client = Client(codec, json=False)
    assert client.say('xStatus Audio | resultId="7"') == (
        "*s Audio Microphones Mute: Off\r\n*s Audio Volume: 50\r\n*s Audio VolumeMute: Off\r\n"
        '** resultId: "7"\r\n** end\r\n\r\nOK\r\n'
    )
    assert client.say("xFeedback register /Status/Call") == "** end\r\n"
    codec.press("call", number="1", name="Hall 2")
    assert '*s Call 1 DisplayName: "Hall 2"\r\n' in client.ear.take().decode()
    codec.press("hang_up")
    client.ear.take()
    clock.advance(0.5)
    assert client.ear.take() == b"*s Call 1 (ghost=True):\r\n** end\r\n"
    assert client.say("xCommand Dila").startswith("ERROR\r\n*r Result (status=Error):\r\n")


def test_a_command_is_known_in_any_case_and_with_slashes(clock: ManualClock):
    codec, client = made(clock)
    client.write("XCOMMAND audio/microphones/MUTE\n")
    assert codec.muted


def test_quoted_values_keep_what_is_in_them(clock: ManualClock):
    codec, client = made(clock)
    client.do(r'Dial Number: "a \"b\" | c: d"')
    assert [call.number for call in codec.calls] == ['a "b" | c: d']


def test_a_body_may_end_with_a_lone_dot(clock: ManualClock):
    codec, client = made(clock)
    said = client.say('xCommand SystemUnit SignInBanner Set | resultId="1"')
    assert said == ""
    assert client.say("one\ntwo\r") == ""
    assert json.loads(client.say("."))["ResultId"] == "1"
    assert codec.banner == "one\ntwo"
    assert client.read("Audio Volume") == "50"


@pytest.mark.parametrize(
    "text",
    ["x" * 300, "{400} \n", "xCommand SystemUnit SignInBanner Set\n" + "x" * 99 + "\n" * 300],
)
def test_too_much_at_once_ends_the_session(text: str, clock: ManualClock):
    _, client = made(clock, input_limit=256)
    client.write(text)
    assert client.ear.closed


def test_a_silent_session_is_dropped_where_told_so(clock: ManualClock):
    _, client = made(clock, idle_seconds=60)
    clock.advance(59)
    client.read("Audio Volume")
    clock.advance(59)
    assert not client.ear.closed
    clock.advance(1)
    assert client.ear.closed


def test_bye_hangs_up(clock: ManualClock):
    _, client = made(clock)
    client.write("bye\n")
    assert client.ear.closed


def test_answers_come_in_pieces_where_told_so(clock: ManualClock):
    _, client = made(clock, split_at=7)
    client.write("xStatus Audio Volume\n")
    *full, last = client.ear.heard
    assert {len(piece) for piece in full} == {7}
    assert len(last) <= 7
    assert objects(client.ear.take().decode()) == [
        {"Status": {"Audio": {"Volume": {"Value": "50"}}}}
    ]


@pytest.mark.parametrize(("user", "password", "lets_in"), [
    ("admin", "secret", True), ("admin", "", False), ("root", "secret", False),
])  # fmt: skip
def test_only_user_and_password_are_admitted(user: str, password: str, lets_in: bool):
    assert Codec(password="secret").admits(user, password) is lets_in


# Bytes.

SCRIPT = "".join(
    [
        "echo off\nxpreferences outputmode json\n",
        *TOLD.values(),
        'xFeedback register /Status/Audio\r\nxCommand Audio Volume Set Level: 7 | resultId="ü"\n',
        "xCommand SystemUnit SignInBanner Set\nbody\n.\nnonsense\n",
    ]
).encode()


@given(st.lists(st.integers(0, len(SCRIPT))))
def test_any_cut_of_the_bytes_gives_the_same_answers(cuts: list[int]):
    said = []
    for edges in ([0, len(SCRIPT)], [0, *sorted(cuts), len(SCRIPT)]):
        ear = Ear()
        line = dial(Codec(clock=ManualClock()), ear)
        for start, end in itertools.pairwise(edges):
            line.receive(SCRIPT[start:end])
        said.append(ear.take())
    assert said[0] == said[1]
    assert said[0].endswith(b"Command not recognized.\r\n")


WORDS = [
    "xCommand", "xStatus", "xConfiguration", "xFeedback", "register", "xpreferences outputmode",
    "json", "/Status/Call[1]", "Call", "Audio", "Number:", '"', "{9}", "{999999999}", "\n", "\r\n",
    "|", 'resultId="1"', ".", "1", "99999999999999999999", "\\", ":", "[", *(rule for rule in RULES),
]  # fmt: skip
SCRAPS = st.binary(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=12).map(
    lambda words: " ".join(words).encode()
)


@given(st.lists(SCRAPS, max_size=10))
def test_garbage_never_raises(scraps: list[bytes]):
    clock = ManualClock()
    codec, client = made(clock)
    client.hear("/Status")
    for scrap in scraps:
        client.line.receive(scrap + b"\n")
        clock.advance(1)
    assert json.dumps(codec.truth())


VALUES = st.sampled_from(["1", "0", "On", "Off", "x", '"a b"', "-1", "Left", "Stop", "99"])


@given(st.sampled_from(sorted(RULES)), st.lists(VALUES, min_size=8, max_size=8))
def test_every_command_answers_under_its_own_name(key: str, values: list[str]):
    _, client = made(ManualClock())
    rule = RULES[key]
    wish = " ".join(
        f"{name}: {value}" for name, value in zip(rule.parameters, values, strict=False)
    )
    body = "text\n.\n" if rule.takes_body else ""
    (answer,) = objects(client.say(f"xCommand {key} {wish}\n{body}"))
    assert list(answer["CommandResponse"]) == [rule.result]
    assert answer["CommandResponse"][rule.result]["status"] in ("OK", "Error", "ParameterError")


@given(st.lists(st.binary(min_size=1, max_size=900), max_size=20))
def test_no_more_is_held_than_told(chunks: list[bytes]):
    client: Any = Client(Codec(clock=ManualClock(), input_limit=1000))
    lines = client.line._inner._lines
    for chunk in chunks:
        client.line.receive(chunk.replace(b"\n", b" "))
        assert len(lines._held) <= 1000 + 900
