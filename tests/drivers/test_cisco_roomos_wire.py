"""What a Cisco codec says in its shell and what is said to it, against the lines of its documents."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.capabilities.health import Condition, Fault, Registered, Temperature, Uptime
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.terminal import CallState, MicrophonesMuted
from avctl.capabilities.volume import Volume
from avctl.drivers.cisco_roomos import commands
from avctl.drivers.cisco_roomos.calls import MOST_CALLS, MOST_FIELDS, Calls
from avctl.drivers.cisco_roomos.told import health, told
from avctl.drivers.cisco_roomos.tree import MOST, Leaf, leaves
from avctl.drivers.cisco_roomos.wire import (
    Announced,
    Decoder,
    Done,
    Failed,
    NotRecognised,
    Prompt,
    Ready,
    Text,
    Told,
)
from avctl.wire import Command, Message, Tagged, Unknown
from tests.drivers.alone import cut, decoded, transcript

LINES = transcript("cisco_roomos_driver")
MESSAGES = Announced | Done | Failed | NotRecognised | Prompt | Ready | Text | Told

# And the number under which the document has it.
SAID: dict[str, tuple[Command[Any], int]] = {
    "cisco_tsh_echo_off": (commands.echo_off(), 1),
    "cisco_tsh_json_mode": (commands.json_mode(), 1),
    "cisco_tsh_status_query": (commands.status("SystemUnit Uptime"), 12),
    "cisco_tsh_mute": (commands.mute(True), 13),
    "cisco_tsh_feedback_register": (commands.register("/Status/Audio/Microphones"), 14),
    "unmute": (commands.mute(False), 12),
    "volume": (commands.set_volume(50), 12),
    "wake": (commands.standby(False), 12),
    "standby": (commands.standby(True), 12),
    "camera_preset": (commands.camera_preset(3), 12),
    "room_preset": (commands.room_preset(2), 12),
    "dial": (commands.dial("alice@example.com"), 12),
    "accept": (commands.accept(), 12),
    "reject": (commands.reject(), 12),
    "disconnect_all": (commands.disconnect_all(), 12),
    "calls": (commands.calls(), 12),
    "peripheral_connect": (commands.connect_peripheral("avctl-01"), 12),
    "heartbeat": (commands.heartbeat("avctl-01"), 12),
}
UNUSED = {"cisco_tsh_multiline", "cisco_tsh_peripheral_heartbeat"}  # without a number

NO_MATCH = "No match on address expression"
MUTED = Announced("Status", (Leaf(("Audio", "Microphones", "Mute"), "On"),))
VOLUMEE = "Status/Audio/Volumee"
HEARD: dict[str, list[Message | Tagged]] = {
    "cisco_tsh_volume_ok": [Tagged(-1, Done("VolumeIncreaseResult", ()))],
    "cisco_tsh_unknown_command": [Tagged(-1, Failed("Unknown command", "/Dila"))],
    "cisco_tsh_parameter_error": [Tagged(-1, Failed("ParameterError", ""))],
    "cisco_tsh_dial_ok": [
        Tagged(-1, Done("DialResult", (Leaf(("CallId",), "2"), Leaf(("ConferenceId",), "1"))))
    ],
    "cisco_tsh_status_path_error_wrapped": [Tagged(2, Failed(NO_MATCH, VOLUMEE))],
    "cisco_tsh_status_path_error_plain": [Tagged(2, Failed(NO_MATCH, VOLUMEE))],
    "cisco_tsh_configuration_error": [
        Tagged(1, Failed(f"{NO_MATCH}.", "Configuration/Video/Output/Connector[99]/MonitorRole"))
    ],
    "cisco_tsh_volume_reply": [Tagged(2, Told("Status", (Leaf(("Audio", "Volume"), "30"),)))],
    "cisco_tsh_feedback_mute": [MUTED],
    "cisco_tsh_feedback_volume": [Announced("Status", (Leaf(("Audio", "Volume"), "50"),))],
    "cisco_tsh_call_removed": [Announced("Status", (Leaf(("Call", "42"), None),))],
    "cisco_tsh_glued": [Tagged(13, Done("MicrophonesMuteResult", ())), MUTED],
    "registered_feedback": [Tagged(14, Told("", ()))],
    "standby_state": [Tagged(12, Told("Status", (Leaf(("Standby", "State"), "Standby"),)))],
    "standby_active": [Tagged(12, Told("Status", (Leaf(("Standby", "Active"), "Off"),)))],
}
WHOLE = sorted(
    name
    for name, line in LINES.items()
    if line["direction"] == "from_device" and "split" not in name and line["ascii"][0] in "{\n"
)


def data(name: str) -> bytes:
    return LINES[name]["ascii"].encode()


def heard(*chunks: bytes) -> list[Any]:
    return decoded(Decoder(in_json=True), *chunks)


def leaves_of(name: str) -> tuple[Leaf, ...]:
    found: Any = heard(data(name))[0]
    leaves: tuple[Leaf, ...] = getattr(found, "message", found).leaves
    return leaves


# What we say.


@pytest.mark.parametrize("name", SAID)
def test_each_command_is_sent_as_the_document_has_it(name):
    command, number = SAID[name]
    wire, tag = Decoder(first=number).frame(command)
    assert wire == data(name)
    assert tag == (number if b"resultId" in wire else None)


def test_no_line_of_the_documents_that_we_send_is_forgotten():
    ours = {name for name, line in LINES.items() if line["direction"] == "to_device"}
    assert ours - set(SAID) == UNUSED


def test_each_command_has_a_number_of_its_own():
    decoder = Decoder()
    assert [decoder.frame(commands.calls())[1] for _ in range(3)] == [1, 2, 3]


def test_the_password_is_only_on_the_wire():
    assert Decoder("secret").frame(commands.say_password()) == (b"secret\n", None)
    assert b"secret" not in commands.say_password().wire


@pytest.mark.parametrize(
    "number",
    ["", " ", "x" * 256, '1" | resultId="9', "1\nxCommand Standby Activate", "1\\", "1|2", "\x00"],
)
def test_no_number_smuggles_a_command(number):
    with pytest.raises(ValueError, match=r"give a number|printable"):
        commands.dial(number)


@given(st.text(max_size=300))
def test_a_number_stays_within_its_quotes_and_its_line(number):
    try:
        wire = commands.dial(number).wire
    except ValueError:
        return
    assert wire.count(b"\n") == 1
    assert wire.count(b'"') == 2


@pytest.mark.parametrize("path", ["", "A; B", "SystemUnit\nxCommand", 'A "', "A | B", "/Status/**"])
def test_no_path_smuggles_a_command(path):
    with pytest.raises(ValueError, match="give a path"):
        commands.parse_path(path)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: commands.camera_preset(0),
        lambda: commands.camera_preset(36),
        lambda: commands.room_preset(16),
        lambda: commands.set_volume(101),
        lambda: commands.set_volume(-1),
    ],
)
def test_what_there_is_not_is_not_asked_for(asked):
    with pytest.raises(ValueError, match=r"give \d"):
        asked()


# What the codec says.


@pytest.mark.parametrize("name", HEARD)
def test_each_object_is_understood(name):
    assert heard(data(name)) == HEARD[name]


def test_a_welcome_is_over_when_it_says_ok():
    assert decoded(Decoder(), data("cisco_tsh_welcome")) == [
        Text("Welcome to somehost"),
        Text("Cisco Codec Release ce 9.2.2 3a892a1 2017-11-30"),
        Text("SW Release Date: 2017-11-30 13:06:59, matchbox"),
        Text("*r Login successful"),
        Ready(),
    ]


def test_an_ok_may_be_cut():
    first, second = data("cisco_tsh_ok_split_1"), data("cisco_tsh_ok_split_2")
    assert decoded(Decoder(), first) == [Text("*r Login successful")]
    assert decoded(Decoder(), first, second) == [Text("*r Login successful"), Ready()]


def test_lines_around_objects_are_lines():
    assert heard(data("cisco_tsh_text_uptime")) == [
        Text("*s SystemUnit Uptime: 62974"), Text("** end"), Ready(),
    ]  # fmt: skip
    assert heard(data("cisco_tsh_text_command_result"))[0] == Ready()
    assert heard(data("cisco_tsh_text_not_recognized")) == [NotRecognised()]
    assert heard(b"\r\nOK\r\n", data("cisco_tsh_feedback_mute"), b"\r\nOK\r\n") == [
        Ready(),
        MUTED,
        Ready(),
    ]


def test_terminal_modes_are_no_text():
    assert decoded(Decoder(), b"\x1b[?1034h\r\nOK\r\n") == [Ready()]
    assert decoded(Decoder(), b"\x1b[?1034hOK\r\n") == [Ready()]


def test_braces_before_the_objects_are_text():
    decoder = Decoder()
    assert decoded(decoder, b"Welcome to {room\r\nOK\r\n") == [Text("Welcome to {room"), Ready()]
    decoder.frame(commands.json_mode())
    assert decoded(decoder, data("cisco_tsh_feedback_mute")) == [MUTED]


def test_a_prompt_needs_no_line_end():
    decoder = Decoder(prompts=True)
    assert decoded(decoder, b"\r\nroom login: ") == [Prompt("login")]
    assert decoded(decoder, b"Password: ") == [Prompt("password")]
    assert decoded(Decoder(), b"\r\nroom login: ") == []


def test_what_is_told_unasked_answers_no_question():
    (said,) = heard(data("cisco_tsh_feedback_volume"))
    assert not commands.status("Audio Volume").is_answered_by(said)
    assert not commands.calls().is_answered_by(said)
    assert not commands.register("/Status/Call").is_answered_by(said)


def test_no_call_is_no_match():
    no = Failed(NO_MATCH, "Status/Call")
    assert commands.calls().is_answered_by(no)
    assert commands.calls().means(no) == Told("Status", (), "Call")
    assert not commands.calls().is_answered_by(Failed("Not allowed", ""))
    assert not commands.status("SIP Registration").is_answered_by(no)


def test_strings_may_hold_braces_quotes_and_escapes():
    name = 'a "{}[] \\ name'
    said = json.dumps({"Status": {"UserInterface": {"Name": {"Value": name}}}}).encode()
    announced = Announced("Status", (Leaf(("UserInterface", "Name"), name),))
    assert heard(said + said) == [announced, announced]
    for at in range(len(said)):
        assert heard(said[:at], said[at:]) == [announced]


def test_an_object_that_breaks_off_costs_itself_alone():
    assert heard(b'{"Status":{"Audio":{"Vol\r\n', data("cisco_tsh_feedback_mute")) == [
        Unknown(b'{"Status":{"Audio":{"Vol\r\n'),
        MUTED,
    ]


# Trees.


def test_arrays_go_by_their_ids_and_attributes_are_no_leaves():
    tree = {
        "Call": [
            {"id": "7", "item": "1", "Status": {"Value": "Connected"}},
            {"id": 8, "Status": {"Value": 5}},
            {"ghost": "True", "id": "9", "Status": {"Value": "x"}},
        ]
    }
    assert leaves(tree) == (
        Leaf(("Call", "7", "Status"), "Connected"),
        Leaf(("Call", "8", "Status"), "5"),
        Leaf(("Call", "9"), None),
    )


def test_a_tree_without_end_is_looked_into_so_far():
    wide = {"A": [{"B": {"Value": "x"}}] * (2 * MOST)}
    assert len(leaves(wide)) == MOST
    deep: Any = {"Value": "x"}
    for _ in range(500):
        deep = {"A": deep}
    assert leaves(deep) == ()


# What it means.


def test_leaves_tell_points():
    assert dict(told(leaves_of("cisco_tsh_feedback_mute"))) == {MicrophonesMuted(): True}
    assert dict(told(leaves_of("cisco_tsh_volume_reply"))) == {Volume(): 30}
    assert dict(told(leaves_of("standby_state"))) == {PowerState(): Power.OFF}
    assert dict(told(leaves_of("standby_active"))) == {PowerState(): Power.ON}
    assert dict(told(leaves_of("registered"))) == {Registered("sip"): True}
    assert dict(told(leaves_of("hardware"))) == {Temperature("inside"): 64.0}


def test_health_is_told_by_limits_and_turns():
    assert dict(health(leaves_of("hardware"))) == {
        Fault("temperature"): Condition.GOOD,
        Fault("fan"): Condition.FAULT,
    }


@pytest.mark.parametrize(
    ("heat", "condition"),
    [("79.9", Condition.GOOD), ("80", Condition.WARNING), ("85.0", Condition.FAULT), ("hot", None)],
)
def test_a_temperature_is_judged_by_the_limit_of_the_codec(heat, condition):
    at = ("SystemUnit", "Hardware")
    said = (Leaf((*at, "Temperature"), heat), Leaf((*at, "TemperatureThreshold"), "85"))
    assert dict(health(said)).get(Fault("temperature")) is condition


@pytest.mark.parametrize(
    ("states", "known"),
    [
        (["Registered"], True),
        (["Failed", "Registered"], True),
        (["Failed"], False),
        (["Inactive"], None),
    ],
)
def test_one_registration_is_enough(states, known):
    said = [Leaf(("SIP", "Registration", str(n), "Status"), each) for n, each in enumerate(states)]
    assert dict(told(said)) == {Registered("sip"): known}


@pytest.mark.parametrize(
    "leaf",
    [
        Leaf(("Audio", "Volume"), "101"),
        Leaf(("Audio", "Volume"), "-1"),
        Leaf(("Audio", "Volume"), "loud"),
        Leaf(("Audio", "Microphones", "Mute"), "Maybe"),
        Leaf(("Standby", "State"), "Dreaming"),
        Leaf(("SystemUnit", "Uptime"), "9" * 20),
        Leaf(("SystemUnit", "Hardware", "Temperature"), "nan"),
        Leaf(("SystemUnit", "Hardware", "Temperature"), "1e9"),
        Leaf(("Audio", "Volume"), None),
    ],
)
def test_impossible_values_tell_nothing(leaf):
    assert list(told([leaf])) == []


def test_a_standby_under_way_is_neither_on_nor_off():
    for state, power in (("EnteringStandby", Power.COOLING), ("Halfwake", Power.WARMING)):
        assert dict(told([Leaf(("Standby", "State"), state)])) == {PowerState(): power}


def test_uptime_is_whole_seconds():
    assert dict(told([Leaf(("SystemUnit", "Uptime"), "62974")])) == {Uptime(): 62974}


# Calls.


def call(number: str, **fields: str) -> list[Leaf]:
    return [Leaf((number, name), text) for name, text in fields.items()]


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"Status": "Dialling", "Direction": "Outgoing"}, CallState.CALLING),
        ({"Status": "Ringing", "Direction": "Outgoing"}, CallState.CALLING),
        ({"Status": "Ringing", "Direction": "Incoming"}, CallState.RINGING),
        (
            {"Status": "Connecting", "Direction": "Incoming", "AnswerState": "Unanswered"},
            CallState.RINGING,
        ),
        ({"Status": "Connecting", "Direction": "Outgoing"}, CallState.CALLING),
        ({"Status": "EarlyMedia"}, CallState.CALLING),
        ({"Status": "Connected"}, CallState.CONNECTED),
        ({"Status": "OnHold"}, CallState.HELD),
        ({"Status": "Disconnecting"}, CallState.CONNECTED),
        ({"Status": "Preserved"}, CallState.CONNECTED),
        ({"Status": "Levitating"}, CallState.CONNECTED),
        ({"Status": "Idle"}, CallState.IDLE),
    ],
)
def test_a_call_stands_as_its_fields_say(fields, state):
    calls = Calls()
    calls.change(call("7", **fields))
    assert calls.state is state


def test_of_several_calls_the_one_that_matters_most_counts():
    calls = Calls()
    calls.change(call("1", Status="OnHold", RemoteNumber="a"))
    calls.change(call("2", Status="Connected", RemoteNumber="b"))
    calls.change(call("3", Status="Ringing", Direction="Incoming", RemoteNumber="c"))
    assert (calls.state, calls.far_end) == (CallState.CONNECTED, "b")
    calls.change([Leaf(("2",), None)])
    assert (calls.state, calls.far_end) == (CallState.HELD, "a")
    calls.stand([])
    assert (calls.state, calls.far_end) == (CallState.IDLE, None)


def test_changed_fields_are_merged_into_what_is_known():
    calls = Calls()
    calls.change(call("7", Status="Ringing", Direction="Incoming", DisplayName="Bob"))
    calls.change(call("7", Status="Connected", AnswerState="Answered"))
    assert (calls.state, calls.far_end) == (CallState.CONNECTED, "Bob")
    calls.change([Leaf(("7", "DisplayName"), None), Leaf(("8", "Status"), None)])
    assert calls.far_end is None
    calls.change([Leaf((), None)])
    assert calls.state is CallState.IDLE


def test_calls_without_end_do_not_pile_up():
    calls = Calls()
    for number in range(100):
        calls.change(call(str(number), **{f"F{field}": "x" for field in range(100)}))
    assert len(calls._calls) == MOST_CALLS
    assert all(len(each) == MOST_FIELDS for each in calls._calls.values())


# Whatever comes.


@given(st.lists(st.sampled_from(WHOLE), max_size=6), st.lists(st.integers(0)))
def test_any_cut_gives_the_same_messages(names, at):
    stream = b"\r\n".join(map(data, names)) + b"\r\nOK\r\n"
    assert heard(*cut(stream, at)) == heard(stream)


@given(st.lists(st.integers(0)))
def test_any_cut_of_a_welcome_gives_the_same_lines(at):
    welcome = data("cisco_tsh_welcome")
    assert decoded(Decoder(), *cut(welcome, at)) == decoded(Decoder(), welcome)


@given(st.lists(st.binary(max_size=300)), st.booleans(), st.booleans())
def test_garbage_is_text_or_unknown(chunks, in_json, prompts):
    for message in decoded(Decoder(in_json=in_json, prompts=prompts), *chunks):
        said = message.message if isinstance(message, Tagged) else message
        assert isinstance(said, Unknown | MESSAGES)


TREE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from([
            "Status", "Call", "Value", "id", "ghost", "Audio", "Volume", "status", "Reason",
            "CommandResponse", "ResultId", "Standby", "State",
        ]), inner, max_size=4,
    ),
    max_leaves=25,
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(["Status", "CommandResponse", "Event", "ResultId", "X"]), TREE)
)
def test_any_object_is_a_message(said):
    (message,) = heard(json.dumps(said).encode())
    within = message.message if isinstance(message, Tagged) else message
    assert isinstance(within, MESSAGES)
    if isinstance(within, Announced | Told):
        list(told(within.leaves))
        list(health(within.leaves))
        Calls().change([Leaf(leaf.path[1:], leaf.value) for leaf in within.leaves])


@pytest.mark.parametrize("endless", [b'{"a":', b"x" * 64, b'"{', b"[{"])
def test_what_has_no_end_does_not_pile_up(endless):
    decoder = Decoder(in_json=True)
    said = [each for _ in range(10_000) for each in decoder.feed(endless * 20)]
    assert said
    assert all(isinstance(each, Unknown | Text) for each in said)
    assert all(len(each.data) <= 256 for each in said if isinstance(each, Unknown))
    assert len(decoder._held) <= 300 * 1024
