"""What a Tesira says and what we say to it, against the lines of its document."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.drivers.biamp_ttp import commands
from avctl.drivers.biamp_ttp.place import Place
from avctl.drivers.biamp_ttp.value import Value, parse_members, parse_value
from avctl.drivers.biamp_ttp.wire import (
    AddressNotFound,
    Banner,
    Decoder,
    Error,
    Ok,
    OutOfRange,
    Published,
)
from avctl.wire import Command, Message, Tagged, Unknown

LINES = {
    line["name"]: line
    for line in json.loads(
        (Path(__file__).parents[1] / "transcripts" / "biamp_ttp.json").read_text()
    )
}
HEARD = [name for name, line in LINES.items() if line["direction"] == "from_device"]


def data(name: str) -> bytes:
    line = LINES[name]
    return bytes.fromhex(line["hex"]) if "hex" in line else line["ascii"].encode()


def decoded(*chunks: bytes, telnet: bool = True) -> list[Message | Tagged]:
    decoder = Decoder(telnet)
    return [message for chunk in chunks for message in decoder.feed(chunk)]


def frozen(value: Any) -> Value:
    """Lists of JSON as the tuples of our messages."""
    if isinstance(value, list):
        return tuple(map(frozen, value))
    return {key: frozen(item) for key, item in value.items()} if isinstance(value, dict) else value


def expected(meaning: dict[str, Any]) -> list[Message]:
    match meaning["type"]:
        case "banner":
            return [Banner()]
        case "telnet_iac":
            return []
        case "publish":
            return [Published(meaning["token"], frozen(meaning["value"]))]
        case "set" | "preset_recall":
            return [Ok()]
        case "get" | "ok":
            return [Ok(frozen(meaning.get("value")))]
    return []


# What the device says.


@pytest.mark.parametrize("name", [name for name in HEARD if not name.startswith("err_")])
def test_each_line_of_the_document_says_what_it_means(name):
    assert decoded(data(name)) == expected(LINES[name]["meaning"])


@pytest.mark.parametrize("name", [name for name in HEARD if name.startswith("err_")])
def test_each_error_of_the_document_is_a_refusal_with_its_text(name):
    (said,) = decoded(data(name))
    meaning = LINES[name]["meaning"]
    assert isinstance(said, Error)
    assert said.text == meaning.get("text", said.text)
    if "min" in meaning:
        assert isinstance(said, OutOfRange)
        assert (said.attribute, said.low, said.high) == (
            meaning["attr"],
            meaning["min"],
            meaning["max"],
        )


def test_an_unknown_tag_is_told_from_other_errors():
    (said,) = decoded(data("err_address"))
    assert isinstance(said, AddressNotFound)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"a\/b \"c\" é"', 'a/b "c" é'),
        ("-100.000000", -100.0),
        ("12", 12),
        ("1e-05", 1e-05),
        ("true", True),
        ("FAULT_X", "FAULT_X"),
        ("-inf", "-inf"),
        ("[]", ()),
        ('[{"a":[1 2] "b":WORD} []]', ({"a": (1, 2), "b": "WORD"}, ())),
    ],
)
def test_values_are_read_without_commas(text, value):
    assert parse_value(text) == value


@pytest.mark.parametrize(
    "text", ["", "[", "]", "[1", '{"a" 1}', '{"a":}', '"a', "1 2", "{a:1}", "[" * 5000]
)
def test_what_is_no_value_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"where|without end|too many"):
        parse_value(text)


def test_members_need_names_and_values():
    assert parse_members('"a":1 "b":[true]') == {"a": 1, "b": (True,)}
    with pytest.raises(ValueError, match="name"):
        parse_members("a:1")


def test_the_servers_telnet_options_are_refused_at_once():
    decoder = Decoder(telnet=True)
    assert list(decoder.feed(data("iac_will_echo") + data("iac_do_naws"))) == []
    assert decoder.reply() == data("iac_dont_echo") + data("iac_wont_naws")


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r", b""])
def test_the_echo_of_our_own_command_says_nothing(end):
    decoder = Decoder(telnet=True)
    decoder.frame(commands.read_level(Place("Mic Level", 1)))
    echo = b'"Mic Level" get level 1' + end
    assert list(decoder.feed(echo + b'+OK "value":-3.0\r\n')) == [Ok(-3.0)]


@st.composite
def cuts(draw, whole: bytes) -> list[bytes]:
    at = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=12)))
    return [whole[a:b] for a, b in zip([0, *at], [*at, len(whole)], strict=True)]


@given(cuts(b"".join(map(data, HEARD))))
def test_any_cut_of_the_bytes_gives_the_same_messages(chunks):
    assert decoded(*chunks) == decoded(b"".join(chunks))


noise = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from([*b'+OK-ER![]{}:" \\\r\n\xff01.t']), max_size=300).map(bytes),
)


@given(st.lists(noise, max_size=8), st.booleans())
def test_garbage_is_survived_and_forgotten_by_the_next_line(chunks, telnet):
    decoder = Decoder(telnet)
    for chunk in chunks:
        assert all(isinstance(said, Message) for said in decoder.feed(chunk))
    # A subnegotiation or half an option in the garbage swallows what follows; telnet's own matter.
    if not telnet:
        assert list(decoder.feed(b"\r\n+OK 2\r\n"))[-1] == Ok(2)


def test_a_line_without_end_is_dropped_as_noise():
    decoder = Decoder(telnet=False)
    said = [message for _ in range(40) for message in decoder.feed(b"x" * 4096)]
    assert said
    assert all(isinstance(message, Unknown) for message in said)
    assert len(decoder._held) <= decoder.longest


# What we say.


LEVEL1 = Place("Level1", 1)
SAID: dict[str, Callable[[], Command[Any]]] = {
    "num_channels": lambda: commands.read_size("Level1"),
    "levels": lambda: commands.read_levels("Level1"),
    "aliases": commands.read_aliases,
    "verbose_off": lambda: commands.set_verbose(False),
    "output_mute": lambda: commands.set_mute(Place("Output1", 1), True),
    "sub_level": lambda: commands.subscribe(Place("MyLevel1", 1), "level", "MyLevelName", 500),
    "level_set": lambda: commands.set_level(LEVEL1, -10),
    "mutes_get": lambda: commands.read_mutes("Level1"),
    "min_level": lambda: commands.read_limit(LEVEL1, upper=False),
    "max_level": lambda: commands.read_limit(LEVEL1, upper=True),
    "ramp_interval": lambda: commands.set_ramp_interval(LEVEL1, 500),
    "ramp_step": lambda: commands.set_ramp_step(LEVEL1, 3),
    "present_sub": lambda: commands.subscribe(
        Place("SignalPresentMeter1", 1), "present", "mic1alive", 500
    ),
    "meter_sub": lambda: commands.subscribe(Place("AudioMeter1", 1), "level", "mic1lvl", 250),
    "source_select": lambda: commands.select_source("SourceSelector1", 2),
    "router_input": lambda: commands.route_input("Router1", 1, 3),
    "preset_id": lambda: commands.recall_preset(1001),
    "preset_name": lambda: commands.recall_preset_by_name("Emergency"),
    "serial_poll": lambda: commands.identify("serialNumber", "serial"),
    "tag_with_blank": lambda: commands.read_level(Place("Mic Level", 1)),
}


@pytest.mark.parametrize("name", SAID)
def test_each_command_is_written_as_in_the_document(name):
    assert SAID[name]().wire == data(name)


def test_a_level_is_written_to_a_hundredth_without_a_negative_zero():
    assert commands.decibels(-0.001) == "0.0"
    assert commands.decibels(-6.257) == "-6.26"
