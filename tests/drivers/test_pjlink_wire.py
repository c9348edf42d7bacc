"""What a PJLink device says and what we say to it, against the lines of its document."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.capabilities.health import Condition
from avctl.capabilities.power import Power
from avctl.drivers.pjlink import commands
from avctl.drivers.pjlink.wire import (
    Arrives,
    ClassIs,
    Decoder,
    Done,
    Error,
    Errors,
    FilterHours,
    FrozenIs,
    Greeting,
    InputIs,
    Inputs,
    Lamps,
    Muted,
    Notice,
    PowerIs,
    Rejected,
    Text,
)
from avctl.wire import Command, Message, Tagged, Unknown

LINES = {
    line["name"]: line
    for line in json.loads((Path(__file__).parents[1] / "transcripts" / "pjlink.json").read_text())
}
HEARD = [name for name, line in LINES.items() if line["direction"] == "from_device"]
POWER = {
    "standby": Power.OFF,
    "on": Power.ON,
    "cooling": Power.COOLING,
    "warming": Power.WARMING,
}
PARTS = ("fan", "lamp", "temperature", "cover", "filter", "other")


def data(name: str) -> bytes:
    line = LINES[name]
    return bytes.fromhex(line["hex"]) if "hex" in line else line["ascii"].encode()


def decoded(*chunks: bytes) -> list[Message | Tagged]:
    decoder = Decoder()
    return [message for chunk in chunks for message in decoder.feed(chunk)]


def named(*kinds: str) -> list[str]:
    return [name for name in HEARD if LINES[name]["meaning"]["type"] in kinds]


def header(name: str) -> str:
    return data(name).strip(b"\0")[:6].decode().upper()


def meant(name: str) -> Message:
    """The message that the transcript's own reading of a line stands for."""
    said, at = LINES[name]["meaning"], header(name)
    match said["type"]:
        case "greeting":
            return Greeting(said.get("random", ""))
        case "auth_error":
            return Rejected()
        case "ack":
            return Done(at)
        case "error":
            return Error(at, int(said["code"][-1]))
        case "power":
            return PowerIs(at, POWER[said["state"]])
        case "input":
            return InputIs(at, said["input"])
        case "mute":
            return Muted(at, said["video"], said["audio"])
        case "errors":
            conditions = tuple(Condition)
            return Errors(at, tuple(conditions[said[part]] for part in PARTS))
        case "lamps":
            return Lamps(at, tuple((hours, lit) for hours, lit in said["lamps"]))
        case "inputs":
            return Inputs(at, tuple(said["inputs"]))
        case "class":
            return ClassIs(at, said["class"])
        case "filter":
            return FilterHours(at, said["hours"])
        case "freeze":
            return FrozenIs(at, said["on"])
        case "name" | "info" | "serial" | "version" | "input_name" | "recommended" | "lamp_models":
            if "width" in said:
                return Text(at, f"{said['width']}x{said['height']}")
            return Text(at, said.get("name", said.get("value", " ".join(said.get("models", [])))))
        case "resolution" if "width" in said:
            return Arrives(at, f"{said['width']}x{said['height']}", True)
        case "resolution":
            return Arrives(at, None, False if said["signal"] == "none" else None)
    raise AssertionError(name)


ONE_MESSAGE = [
    name for name in HEARD if name not in (*named("sequence", "notify", "search_reply"),)
]


@pytest.mark.parametrize("name", ONE_MESSAGE)
def test_each_line_is_understood_as_its_document_means_it(name):
    assert decoded(data(name)) == [meant(name)]


@pytest.mark.parametrize("name", named("notify", "search_reply"))
def test_what_is_said_unasked_is_a_notice_or_a_reading(name):
    (said,) = decoded(data(name))
    if name == "notify_input":
        assert said == InputIs("%2INPT", "32")
    else:
        assert isinstance(said, Notice)


def test_a_notice_before_the_answer_is_no_answer():
    notice, answer = decoded(data("quirk_linkup_before_reply"))
    question = commands.read("POWR")
    assert isinstance(notice, Notice)
    assert not question.is_answered_by(notice)
    assert isinstance(answer, PowerIs)
    assert question.is_answered_by(answer)
    (power_of_class_2,) = decoded(data("notify_power_on"))
    assert isinstance(power_of_class_2, Notice)
    assert not question.is_answered_by(power_of_class_2)


def test_what_stands_around_a_line_is_dropped():
    assert decoded(b"\0\0%1POWR=1\r\n\0", b"\r\n %1LAMP=12 1 \r") == [
        PowerIs("%1POWR", Power.ON),
        Lamps("%1LAMP", ((12, True),)),
    ]


def test_a_class_1_mute_of_one_kind_that_is_off_holds_nothing_back():
    assert decoded(b"%1AVMT=10\r") == [Muted("%1AVMT", False, False)]


@pytest.mark.parametrize(
    "line",
    [
        b"%1POWR=4", b"%1POWR=", b"%1ERST=00000", b"%1ERST=300000", b"%1LAMP=1", b"%1LAMP=123456 1",
        b"%1LAMP=1 1 2 0 3 1 4 0 5 1 6 0 7 1 8 0 9 0", b"%1INPT=310", b"%1INST=11 x", b"%1CLSS=3",
        b"%2IRES=1920", b"%2FILT=-1", b"%2FREZ=2", b"%3POWR=1", b"%1POWR 1", b"PJLINK 2", b"%1AVMT=41",
        b"%1ERST=ERR5", "%2FILT=²".encode(),
    ],
)  # fmt: skip
def test_what_no_document_has_is_unknown(line):
    assert decoded(line + b"\r") == [Unknown(line)]


# What we say.


SAID: dict[str, Command] = {
    "power_on": commands.power(True),
    "power_off": commands.power(False),
    "power_query": commands.read("POWR"),
    "input_rgb_1": commands.select("11", 1),
    "input_video_1": commands.select("21", 1),
    "input_digital_1": commands.select("31", 1),
    "input_storage_1": commands.select("41", 1),
    "input_network_1": commands.select("51", 1),
    "input_internal_1_c2": commands.select("61", 2),
    "input_digital_A_c2": commands.select("3a", 2),
    "input_query": commands.read("INPT"),
    "mute_video_on": commands.mute(commands.PICTURE, True),
    "mute_video_off": commands.mute(commands.PICTURE, False),
    "mute_both_on": commands.mute(commands.BOTH, True),
    "mute_both_off": commands.mute(commands.BOTH, False),
    "mute_query": commands.read("AVMT"),
    "error_query": commands.read("ERST"),
    "lamp_query": commands.read("LAMP"),
    "inputs_query": commands.read("INST"),
    "inputs_query_c2": commands.read("INST", 2),
    "name_query": commands.read("NAME"),
    "inf1_query": commands.read("INF1"),
    "inf2_query": commands.read("INF2"),
    "info_query": commands.read("INFO"),
    "class_query": commands.read("CLSS"),
    "serial_query": commands.read("SNUM", 2),
    "version_query": commands.read("SVER", 2),
    "input_name_query": commands.read_input_name("31"),
    "resolution_query": commands.read("IRES", 2),
    "recommended_query": commands.read("RRES", 2),
    "filter_query": commands.read("FILT", 2),
    "lamp_model_query": commands.read("RLMP", 2),
    "filter_model_query": commands.read("RFIL", 2),
    "volume_up": commands.volume_step("up"),
    "volume_down": commands.volume_step("down"),
    "mic_volume_up": commands.microphone_step("up"),
    "freeze_on": commands.freeze(True),
    "freeze_off": commands.freeze(False),
    "freeze_query": commands.read("FREZ", 2),
}
# Sound alone is never muted; searching is UDP; the malformed and the wrong are for the device.
NOT_SAID = {
    "auth_wrong_random_uppercased", "malformed_no_reply", "mute_audio_on", "mute_audio_off", "search",
}  # fmt: skip
AUTHENTICATED = [
    name for name, line in LINES.items() if "digest" in line["meaning"] and name not in NOT_SAID
]


@pytest.mark.parametrize("name", SAID)
def test_each_command_is_sent_as_the_document_has_it(name):
    assert SAID[name].wire == data(name)


def test_nothing_that_the_document_has_is_left_out():
    to_device = {name for name, line in LINES.items() if line["direction"] == "to_device"}
    assert to_device - SAID.keys() - NOT_SAID - {
        *AUTHENTICATED,
        "second_command_without_digest",
    } == (set())


@pytest.mark.parametrize("name", AUTHENTICATED)
def test_the_first_command_carries_the_digest_and_the_next_does_not(name):
    meaning = LINES[name]["meaning"]
    random = meaning.get("random") or name.rpartition("_")[2]
    decoder = Decoder(meaning["password"])
    assert list(decoder.feed(f"PJLINK 1 {random}\r".encode())) == [Greeting(random)]
    command = commands.power(True) if meaning["type"] == "power_on" else commands.read("POWR")
    assert decoder.frame(commands.await_greeting(lambda: False))[0] == b""
    wire, _ = decoder.frame(command)
    assert bytes(wire) == data(name)
    assert data(name)[:32].decode() not in repr(wire)
    assert decoder.frame(commands.read("ERST"))[0] == data("second_command_without_digest")


def test_the_random_number_is_used_as_it_was_received():
    decoder = Decoder("panasonic")
    list(decoder.feed(b"PJLINK 1 ABCDEF12\r"))
    framed = decoder.frame(commands.read("POWR"))[0]
    assert bytes(framed)[:32] == b"0a38c637382712d42b568517917710c3"


def test_a_device_without_security_is_sent_no_digest():
    decoder = Decoder("panasonic")
    list(decoder.feed(data("greeting_no_auth")))
    assert decoder.frame(commands.read("POWR"))[0] == data("power_query")


def test_an_answer_is_known_by_its_header_not_by_coming_next():
    question = commands.read("POWR")
    assert not question.is_answered_by(InputIs("%1INPT", "31"))
    assert not question.is_answered_by(Done("%1POWR"))
    assert not commands.power(True).is_answered_by(PowerIs("%1POWR", Power.ON))
    assert not Error("%1INPT", 2).refuses(question)
    assert Error("%1POWR", 4).refuses(question)


@pytest.mark.parametrize(
    ("body", "number"),
    [("POWR", 1), ("INPT", 1), ("AVMT", 1), ("ERST", 1), ("IRES", 2), ("FREZ", 2)],
)
def test_not_now_is_an_answer_of_what_has_no_value_in_standby(body, number):
    question = commands.read(body, number)
    not_now = Error(f"%{number}{body}", 3)
    assert question.is_answered_by(not_now)
    assert not isinstance(question.means(not_now), Error)
    assert not commands.read("NAME").is_answered_by(Error("%1NAME", 3))
    assert Error("%1NAME", 3).wait


@pytest.mark.parametrize("source", ["", "3", "311", "71", "30", "31\r%1POWR 0", "ü1", "3\0", "3²"])
def test_no_input_smuggles_a_command(source):
    for command in (commands.read_input_name, lambda name: commands.select(name, 2)):
        with pytest.raises(ValueError, match="an input is"):
            command(source)


@pytest.mark.parametrize("step", ["", "UP", "1", "up\r%1POWR 0"])
def test_no_step_smuggles_a_command(step):
    with pytest.raises(ValueError, match="up or down"):
        commands.volume_step(step)


# Whatever comes.


@given(st.lists(st.sampled_from(HEARD)), st.data())
def test_any_cut_gives_the_same_messages(names, draw):
    stream = b"".join(map(data, names))
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(stream)))))
    chunks = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert decoded(*chunks) == decoded(stream)


@given(st.lists(st.binary(max_size=300)))
def test_garbage_is_unknown_or_nothing(chunks):
    for message in decoded(*chunks):
        assert isinstance(message, Message)


@given(
    st.lists(
        st.sampled_from(
            ["%1", "%2", "POWR", "LAMP", "INST", "=", "ERR", "1", "31", " ", "\r", "PJLINK"]
        )
    )
)
def test_words_in_any_order_raise_nothing(words):
    decoded("".join(words).encode())


def test_an_endless_line_is_noise_and_does_not_pile_up():
    decoder = Decoder()
    said = [message for _ in range(100) for message in decoder.feed(b"x" * 200)]
    assert all(isinstance(message, Unknown) and len(message.data) <= 256 for message in said)
    assert len(said) >= 20
    assert list(decoder.feed(b"\r%1POWR=1\r"))[-1] == PowerIs("%1POWR", Power.ON)
