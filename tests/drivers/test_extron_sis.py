"""The Extron SIS driver against what the guides print, and against a scripted line in virtual time."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl import device as devices
from avctl.capabilities.router import Blank, Blanking, Layer, Output, Router, Signal, Tie
from avctl.clock import Clock
from avctl.drivers.extron_sis import ExtronSis, answers, commands
from avctl.drivers.extron_sis.answers import Place, Plane
from avctl.drivers.extron_sis.commands import Feed
from avctl.drivers.extron_sis.decoder import LONGEST_LINE, SisDecoder
from avctl.drivers.extron_sis.settings import ExtronSettings
from avctl.errors import BusyError, LinkDownError, RefusedError
from avctl.testing import Script
from avctl.transport import Address, Resync
from avctl.wire import Command, Message, Unknown

pytestmark = pytest.mark.virtual

VIDEO, AUDIO = Layer.VIDEO, Layer.AUDIO
LINES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "transcripts/extron_sis_driver.json").read_text()
)["lines"]
PLANES = {"all": Plane.ALL, "rgb": Plane.RGB, "video": Plane.VIDEO, "audio": Plane.AUDIO}


# What the device says.

ASIDES = {
    "audio_gain",
    "audio_gain_step",
    "banner_date",
    "hdcp_authorization",
    "hdcp_status",
    "information_1",
    "ip_timeout",
    "reset_mutes",
    "reset_presets",
    "set_room_preset_name",
}
MEANINGS: dict[str, Callable[[dict[str, Any]], Message]] = {
    "tie": lambda m: answers.Tied(PLANES[m["plane"]], m["output"], m["input"]),
    "tie_input_to_all": lambda m: answers.TiedToAll(PLANES[m["plane"]], m["input"]),
    "quick_tie": lambda m: answers.Quick(),
    "unsolicited_change": lambda m: answers.Quick(),
    "read_preset_ties": lambda m: answers.Ties(PLANES[m["plane"]], tuple(m["inputs"])),
    "video_mute": lambda m: answers.Muted(Plane.VIDEO, m["output"], int(m["on"])),
    "video_mute_all": lambda m: answers.Muted(Plane.VIDEO, 0, int(m["on"])),
    "audio_mute": lambda m: answers.Muted(Plane.AUDIO, m["output"], int(m["on"])),
    "audio_mute_all": lambda m: answers.Muted(Plane.AUDIO, 0, int(m["on"])),
    "read_all_mutes": lambda m: answers.Mutes(tuple(m["outputs"])),
    "preset_save": lambda m: answers.Saved(m["preset"]),
    "preset_recall": lambda m: answers.Recalled(m["preset"]),
    "room_preset_save": lambda m: answers.Saved(m["preset"], m["room"]),
    "direct_write_preset": lambda m: answers.Saved(m["preset"], m["room"]),
    "set_input_name": lambda m: answers.Named(Place.INPUT, m["input"], m["name"]),
    "set_output_name": lambda m: answers.Named(Place.OUTPUT, m["output"], m["name"]),
    "set_preset_name": lambda m: answers.Named(Place.PRESET, m["preset"], m["name"]),
    "information": lambda m: answers.Size(tuple(m["video"]), tuple(m["audio"])),
    "firmware": lambda m: answers.Version(m["version"]),
    "part_number": lambda m: answers.Part(m["value"]),
    "front_panel_lock": lambda m: answers.Locked(m["mode"]),
    "signal_presence": lambda m: answers.Signals(tuple(map(bool, m["inputs"]))),
    "set_verbose": lambda m: answers.Verbose(m["mode"]),
    "login": lambda m: answers.Login(m["level"] == "administrator"),
    "password_prompt": lambda m: answers.Prompt(),
    "banner": lambda m: answers.Banner("DXP 88 HDMI", "1.00", "60-1198-01"),
    "error": lambda m: answers.Error(m["code"]),
}
QUESTIONS: dict[str, Callable[[dict[str, Any]], Command[Any]]] = {
    "read_tie": lambda m: commands.read_tie(m["output"], PLANES[m["plane"]]),
    "read_all_mutes": lambda m: commands.read_mutes(len(m["outputs"])),
    "read_preset_name": lambda m: commands.read_name(Place.PRESET, m["preset"]),
    "signal_presence": lambda m: commands.read_signals(len(m["inputs"]), "outputs" in m),
}


def meant(meaning: dict[str, Any]) -> Message:
    if meaning["type"] in QUESTIONS:
        return {
            "read_tie": lambda m: answers.Tied(PLANES[m["plane"]], m["output"], m["input"]),
            "read_preset_name": lambda m: answers.Named(Place.PRESET, m["preset"], m["name"]),
        }.get(meaning["type"], MEANINGS.get(meaning["type"], meant))(meaning)
    return MEANINGS[meaning["type"]](meaning)


def decoded(data: bytes, telnet: bool = False) -> list[Any]:
    return list(SisDecoder(telnet).feed(data))


def lines(direction: str) -> list[Any]:
    return [pytest.param(x, id=x["name"]) for x in LINES if x["direction"] == direction]


@pytest.mark.parametrize("line", lines("from_device"))
def test_every_printed_answer_is_understood(line: dict[str, Any]) -> None:
    meaning = line["meaning"]
    [said] = decoded(line["text"].encode("latin-1"))
    if meaning["type"] in ASIDES:
        assert isinstance(said, answers.Aside)
    elif meaning["type"] in ("audio_gain_read", "volume_read"):
        assert isinstance(said, answers.Bare)
    elif meaning["type"] in QUESTIONS:
        question = QUESTIONS[meaning["type"]](meaning)
        assert question.is_answered_by(said)
        assert question.means(said) == meant(meaning)
    else:
        assert said == meant(meaning)


FEED: Callable[[dict[str, Any]], Feed] = lambda m: Feed(m["input"], m["output"], PLANES[m["plane"]])  # noqa: E731
SAID: dict[str, Callable[[dict[str, Any]], Command[Any]]] = {
    **QUESTIONS,
    "tie": lambda m: commands.tie(FEED(m)),
    "clear_all_ties": lambda m: commands.untie_everything(),
    "quick_tie": lambda m: commands.tie_at_once(
        [Feed(source, output, PLANES[plane]) for source, output, plane in m["ties"]]
    ),
    "video_mute": lambda m: commands.mute(m["output"], Plane.VIDEO, m["on"]),
    "video_mute_all": lambda m: commands.mute_all(Plane.VIDEO, m["on"]),
    "audio_mute": lambda m: commands.mute(m["output"], Plane.AUDIO, m["on"]),
    "audio_mute_all": lambda m: commands.mute_all(Plane.AUDIO, m["on"]),
    "read_video_mute": lambda m: commands.read_mute(m["output"], Plane.VIDEO),
    "preset_save": lambda m: commands.save(m["preset"]),
    "preset_recall": lambda m: commands.recall(m["preset"]),
    "room_preset_save": lambda m: commands.save(m["preset"], m["room"]),
    "set_input_name": lambda m: commands.rename(Place.INPUT, m["input"], m["name"]),
    "set_output_name": lambda m: commands.rename(Place.OUTPUT, m["output"], m["name"]),
    "set_preset_name": lambda m: commands.rename(Place.PRESET, m["preset"], m["name"]),
    "information": lambda m: commands.read_size(),
    "firmware": lambda m: commands.read_version(),
    "part_number": lambda m: commands.read_part(),
    "front_panel_lock": lambda m: commands.lock(m["mode"]),
    "set_verbose": lambda m: commands.set_verbose(m["mode"]),
}


@pytest.mark.parametrize(
    "line",
    [
        param
        for param in lines("to_device")
        if param.values[0]["meaning"]["type"] in SAID and "padded" not in param.values[0]["name"]
    ],
)
def test_every_command_is_said_as_printed(line: dict[str, Any]) -> None:
    assert SAID[line["meaning"]["type"]](line["meaning"]).wire == line["text"].encode("latin-1")


def test_a_block_of_ties_is_asked_for_as_it_is_now() -> None:
    assert commands.read_ties(1, Plane.VIDEO).wire == b"\x1b0*1*1VC\r"
    assert commands.read_ties(17, Plane.AUDIO).wire == b"\x1b0*17*2VC\r"


def test_outputs_the_frame_lacks_have_no_tie() -> None:
    assert decoded(b"02 00 -- -- Vid\r\n") == [answers.Ties(Plane.VIDEO, (2, 0, None, None))]


TALK = b"".join(x["text"].encode("latin-1") for x in LINES if x["direction"] == "from_device")


@given(st.lists(st.integers(0, len(TALK)), max_size=12), st.booleans())
def test_any_cut_of_the_bytes_gives_the_same_messages(cuts: list[int], telnet: bool) -> None:
    decoder = SisDecoder(telnet)
    edges = [0, *sorted(cuts), len(TALK)]
    pieces = [TALK[a:b] for a, b in itertools.pairwise(edges)]
    assert [said for piece in pieces for said in decoder.feed(piece)] == decoded(TALK)


@given(st.lists(st.binary(max_size=400), max_size=30))
def test_garbage_is_bounded_and_raises_nothing(pieces: list[bytes]) -> None:
    decoder = SisDecoder(telnet=True)
    for piece in pieces:
        for said in decoder.feed(piece):
            assert isinstance(said, Message)
        assert len(decoder._held) <= LONGEST_LINE


@given(st.integers(1, 6000))
def test_noise_without_end_is_told_once_and_the_next_line_is_heard(cut: int) -> None:
    noise = b"~" * 6000 + b"\r\nQik\r\n"
    decoder = SisDecoder(telnet=False)
    said = [*decoder.feed(noise[:cut]), *decoder.feed(noise[cut:])]
    assert said == [Unknown(b"~" * LONGEST_LINE), answers.Quick()]


def test_a_prompt_inside_noise_is_none() -> None:
    decoder = SisDecoder(telnet=False)
    assert [*decoder.feed(b"~" * 3000), *decoder.feed(b"Password:")] == [
        Unknown(b"~" * LONGEST_LINE)
    ]


def test_telnet_options_are_refused_and_the_text_comes_through() -> None:
    decoder = SisDecoder(telnet=True)
    assert list(decoder.feed(b"\xff\xfd\x18Qi\xff\xfb\x01k\r\n")) == [answers.Quick()]
    assert decoder.reply() == b"\xff\xfc\x18\xff\xfe\x01"


@pytest.mark.parametrize(
    "make",
    [
        lambda: commands.rename(Place.INPUT, 1, "a\r0*!"),
        lambda: commands.rename(Place.INPUT, 1, "a\x1bZXXX"),
        lambda: commands.rename(Place.INPUT, 1, "\xff"),
        lambda: commands.rename(Place.INPUT, 1, "seventeen letters"),
        lambda: commands.tie(Feed(1, 0, Plane.ALL)),
        lambda: commands.tie(Feed(-1, 1, Plane.ALL)),
        lambda: commands.lock(7),
        lambda: ExtronSettings.model_validate({"password": "a\r0*!"}),
    ],
)
def test_nothing_from_a_caller_smuggles_commands(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        make()


def test_a_password_is_in_no_text() -> None:
    assert "hunter" not in repr(commands.log_in("hunter2"))
    assert commands.log_in("hunter2").wire == b"hunter2\r"


# A conversation.

SMALL = {
    b"\x1b3CV\r": b"Vrb3\r\n",
    b"Q": b"1.23\r\n",
    b"N": b"60-1198-01\r\n",
    b"I": b"V4X4 A4X4\r\n",
    b"\x1b0*1*1VC\r": b"01 02 03 04 -- -- -- -- -- -- -- -- -- -- -- -- Vid\r\n",
    b"\x1b0*1*2VC\r": b"01 01 00 04 -- -- -- -- -- -- -- -- -- -- -- -- Aud\r\n",
    b"\x1bVM\r": b"Mut0123\r\n",
    b"\x1b0LS\r": b"Sig 1 0 1 0*1 1 0 0\r\n",
}
PLAIN = {
    **SMALL,
    b"\x1b0*1*1VC\r": b"E10\r\n",
    b"\x1b0*1*2VC\r": b"E10\r\n",
    b"\x1bVM\r": b"E10\r\n",
    b"\x1b0LS\r": b"E10\r\n",
    b"0LS": b"1100\r\n",
    **{b"%d%%" % n: b"%d\r\n" % n for n in range(1, 5)},
    **{b"%d$" % n: b"0\r\n" for n in range(1, 5)},
    **{b"%dB" % n: b"%d\r\n" % (n == 4) for n in range(1, 5)},
    **{b"%dZ" % n: b"0\r\n" for n in range(1, 5)},
}


@asynccontextmanager
async def running(script: Script, up: bool = True, **settings: Any) -> AsyncIterator[ExtronSis]:
    clock = Clock()
    switcher = ExtronSis("matrix", ExtronSettings.model_validate(settings), clock)
    line = devices.link([switcher], Address("memory", path="matrix"), clock, script.dial)
    task = asyncio.create_task(line.run())
    try:
        if up:
            await until(lambda: switcher.up)
        yield switcher
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(come: Callable[[], object], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not come():  # noqa: ASYNC110  # what is waited for is any condition
            await asyncio.sleep(0.01)


def in_turn(script: Script, *pieces: bytes) -> Callable[[], bytes]:
    """An answer that comes in pieces, a tenth of a second apart."""

    def answer() -> bytes:
        for number, piece in enumerate(pieces[1:], 1):
            asyncio.get_running_loop().call_later(number / 10, script.say, piece)
        return pieces[0]

    return answer


def values(switcher: ExtronSis) -> dict[str, Any]:
    return {point.key: reading.value for point, reading in switcher.state.items()}


async def test_it_has_its_capabilities() -> None:
    switcher = ExtronSis("matrix", ExtronSettings(), Clock())
    assert isinstance(switcher, Router)
    assert isinstance(switcher, Blanking)
    for verb in switcher.verbs:
        assert callable(getattr(switcher, f"verb_{verb}", getattr(switcher, verb, None)))


async def test_greeting_reads_every_point_in_bulk() -> None:
    script = Script(SMALL)
    async with running(script) as switcher:
        assert values(switcher) == {
            **{f"output/{n}/video": n for n in range(1, 5)},
            **dict(zip((f"output/{n}/audio" for n in range(1, 5)), (1, 1, 0, 4), strict=True)),
            **dict(zip((f"blank/{n}/video" for n in range(1, 5)), (0, 1, 0, 1), strict=True)),
            **dict(zip((f"blank/{n}/audio" for n in range(1, 5)), (0, 0, 1, 1), strict=True)),
            **dict(zip((f"signal/{n}" for n in range(1, 5)), (1, 0, 1, 0), strict=True)),
        }
        assert set(switcher.points()) == set(switcher.state)
        assert switcher.identity["firmware"] == "1.23"
        assert switcher.identity["part"] == "60-1198-01"


async def test_a_frame_without_bulk_reads_is_asked_output_by_output() -> None:
    async with running(Script(PLAIN)) as switcher:
        assert values(switcher)["output/3/video"] == 3
        assert values(switcher)["blank/4/video"] is True
        assert values(switcher)["signal/2"] is True
        assert set(switcher.points()) == set(switcher.state)


async def test_nothing_that_unties_is_ever_sent_as_a_question() -> None:
    script = Script(PLAIN)
    async with running(script) as switcher:
        await asyncio.sleep(30)
        await switcher.read(switcher.points())
    assert not [wire for wire in script.sent if b"!" in wire or wire.startswith(b"0*")]


async def test_a_change_that_nobody_announces_is_found_by_refreshing() -> None:
    for lines, question, answer in (
        (SMALL, b"\x1b0*1*1VC\r", b"04 02 03 04 Vid\r\n"),
        (PLAIN, b"1%", b"4\r\n"),
    ):
        script = Script(lines)
        async with running(script) as switcher:
            script.lines[question] = answer
            await until(lambda: switcher.state[Output(1)].value == 4, seconds=4)


async def test_a_front_panel_press_is_not_the_answer_to_our_question() -> None:
    script = Script(SMALL)
    async with running(script) as switcher:
        script.lines[b"1%"] = b"Out02 In04 Vid\r\nOut01 In03 Vid\r\n"
        await switcher.read([Output(1)])
        assert switcher.state[Output(1)].value == 3
        assert switcher.state[Output(2)].value == 4


async def test_where_answers_are_bare_a_press_at_the_same_output_leaves_nothing_behind() -> None:
    script = Script(PLAIN)
    async with running(script) as switcher:
        script.lines |= {
            b"1%": in_turn(script, b"Out01 In03 Vid\r\n", b"3\r\n"),
            b"2%": in_turn(script, b"", b"", b"4\r\n"),
        }
        await switcher.read([Output(1), Output(2)])
        assert (switcher.state[Output(1)].value, switcher.state[Output(2)].value) == (3, 4)


@pytest.mark.parametrize("press", [b"Out01 In04 Aud", b"Out01 In03 Vid", b"Out02 In04 Vid"])
async def test_a_front_panel_press_is_not_the_answer_to_our_tie(press: bytes) -> None:
    script = Script({**SMALL, b"4*1%": press + b"\r\nE14\r\n"})
    async with running(script) as switcher:
        with pytest.raises(RefusedError, match="E14"):
            await switcher.tie(Tie(4, 1))


async def test_ties_refused_at_once_are_not_tried_one_by_one() -> None:
    script = Script({**SMALL, b"\x1b+Q9*1%1*2%\r": b"E01\r\n"})
    async with running(script) as switcher:
        with pytest.raises(RefusedError, match="E01"):
            await switcher.tie(Tie(9, 1), Tie(1, 2))
        assert b"1*2%" not in script.sent


async def test_one_tie_goes_alone_and_several_go_at_one_switching_point() -> None:
    script = Script({**SMALL, b"2*1%": b"Out01 In02 Vid\r\n", b"2*1!": b"Out01 In02 All\r\n"})
    script.lines[b"\x1b+Q1*2%1*3!0*4$\r"] = b"Qik\r\n"
    async with running(script) as switcher:
        await switcher.tie(Tie(2, 1))
        await switcher.tie(Tie(2, 1), Tie(2, 1, AUDIO))
        await switcher.tie(Tie(1, 2), Tie(1, 3), Tie(1, 3, AUDIO), Tie(0, 4, AUDIO))
        assert (
            switcher.state[Output(2)].value == 2
        )  # as last read: an acknowledgement confirms nothing
    assert script.sent.count(b"2*1%") == script.sent.count(b"2*1!") == 1


async def test_a_list_of_mutes_shorter_than_the_frame_tells_of_its_first_outputs() -> None:
    script = Script(SMALL)
    async with running(script) as switcher:
        script.say(b"Mut10\r\n")
        await until(lambda: switcher.state[Blank(1)].value is True)
        assert switcher.state[Blank(2)].value is False
        assert switcher.state[Blank(4)].value is True
        assert switcher.up


async def test_nothing_is_kept_of_outputs_and_inputs_that_the_frame_lacks() -> None:
    script = Script(SMALL)
    async with running(script) as switcher:
        script.say(b"Out72 In01 All\r\nVmt72*1\r\nSig 0 0 0 0 1 1\r\nOut01 In04 Vid\r\n")
        await until(lambda: switcher.state[Output(1)].value == 4)
        assert set(switcher.state) == set(switcher.points())


async def test_a_frame_without_quick_ties_gets_them_in_order() -> None:
    script = Script({**SMALL, b"\x1b+Q1*1%2*2%\r": b"E10\r\n"})
    script.lines |= {b"1*1%": b"Out1 In1 Vid\r\n", b"2*2%": b"Out2 In2 Vid\r\n"}
    async with running(script) as switcher:
        await switcher.tie(Tie(1, 1), Tie(2, 2))
    assert script.sent.index(b"1*1%") < script.sent.index(b"2*2%")


async def test_sound_that_follows_the_picture_is_tied_on_all_planes() -> None:
    script = Script({**SMALL, b"2*1!": b"Out01 In02 All\r\n"})
    async with running(script, layers=("video",)) as switcher:
        await switcher.tie(Tie(2, 1))
        assert "output/1/audio" not in values(switcher)
        assert switcher.state[Output(1)].value == 2


@pytest.mark.parametrize("said", [b"Qik\r\n", b"Rpr02\r\n", b"Rmm01 Rpr02\r\n"])
async def test_a_change_without_names_makes_ties_unknown_until_all_are_read_again(
    said: bytes,
) -> None:
    script = Script(SMALL)
    async with running(script) as switcher:
        script.lines[b"\x1b0*1*1VC\r"] = b"03 03 03 03 Vid\r\n"
        script.say(said)
        await until(lambda: switcher.state[Output(1)].value is None, seconds=0.5)
        await until(lambda: switcher.state[Output(4)].value == 3, seconds=2)
        assert switcher.state[Output(4, AUDIO)].value == 4


async def test_a_restart_is_answered_by_entering_again() -> None:
    script = Script(SMALL, resync=Resync.DRAIN)
    async with running(script) as switcher:
        banner = b"\r\n(c) Copyright 2012, Extron Electronics, DXP 88 HDMI, V1.00, 60-1198-01\r\n"
        script.say(banner)
        await until(lambda: script.sent.count(b"\x1b3CV\r") == 2, seconds=3)
        await until(lambda: switcher.state[Output(1)].value == 1, seconds=1)
        assert switcher.identity["model"] == "DXP 88 HDMI"
        assert script.dials == 1


async def test_a_recall_is_answered_by_its_own_preset_only() -> None:
    script = Script({**SMALL, b"5.": b"Rpr02\r\nRpr05\r\n", b"7.": b"Rpr02\r\nE11\r\n"})
    async with running(script) as switcher:
        await switcher.recall(5)
        with pytest.raises(RefusedError, match=r"E11 \(invalid preset number"):
            await switcher.recall(7)


async def test_mutes_are_set_one_by_one_and_all_at_once() -> None:
    script = Script({**SMALL, b"2*1B": b"Vmt02 1\r\n", b"2*0Z": b"Amt2*0\r\n", b"1*B": b"Vmt1\r\n"})
    async with running(script) as switcher:
        await switcher.blank({(2, VIDEO): True, (2, AUDIO): False})
        assert switcher.state[Blank(2)].value is True
        await switcher.blank({(n, VIDEO): True for n in range(1, 5)})
        assert all(switcher.state[Blank(n)].value for n in range(1, 5))


async def test_reading_few_outputs_asks_for_no_block() -> None:
    script = Script({**SMALL, b"2%": b"Out02 In04 Vid\r\n"})
    async with running(script) as switcher:
        script.sent.clear()
        await switcher.read([Output(2)])
        assert script.sent == [b"2%"]
        script.sent.clear()
        await switcher.read(
            [*(Output(n) for n in range(1, 5)), Blank(1), Blank(2, AUDIO), Signal(1)]
        )
        assert script.sent == [b"\x1b0*1*1VC\r", b"\x1bVM\r", b"\x1b0LS\r"]


async def test_names_are_read_with_and_without_a_tag() -> None:
    named = {b"\x1b%dN%b\r" % (n, k): b"02\r\n" for n in range(1, 5) for k in (b"I", b"O")}
    named |= {b"\x1b1NI\r": b"Nmi01,Podium cam\r\n", b"\x1b2NI\r": b"Out03 In01 Vid\r\nDoc cam\r\n"}
    async with running(Script({**SMALL, **named})) as switcher:
        names = await switcher.names()
        assert (names["input 1"], names["input 2"]) == ("Podium cam", "Doc cam")
        assert names["output 4"] == "02"


# Logging in, and errors that ask for more than a refusal.


async def test_a_password_is_given_to_a_prompt_without_a_line_end() -> None:
    script = Script(
        {**SMALL, b"secret\r": b"\r\nLogin Administrator\r\n"},
        greeting=b"\xa9 Copyright 2012, Extron Electronics, DXP, V1.0, 60-1-01\r\n\r\nPassword:",
    )
    async with running(script, password="secret"):
        assert script.sent[:2] == [b"secret\r", b"\x1b3CV\r"]


async def test_a_device_that_wants_no_password_is_entered_without_one() -> None:
    script = Script(SMALL, greeting=b"\r\n(c) Copyright 2012, Extron Electronics, X\r\n")
    async with running(script, password="secret"):
        assert b"secret\r" not in script.sent


async def test_a_late_prompt_after_our_first_word_is_still_answered_once() -> None:
    script = Script({**SMALL, b"\x1b3CV\r": [b"\r\nPassword:", b"Vrb3\r\n"]})
    script.lines[b"secret\r"] = in_turn(script, b"\r\nPassword:", b"\r\nLogin Administrator\r\n")
    async with running(script, password="secret"):
        assert script.sent.count(b"secret\r") == 1
        assert script.dials == 1


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({}, "asks for a password: set `password`"),
        ({"password": "wrong"}, "does not take the `password`"),
    ],
)
async def test_a_missing_or_wrong_password_names_the_setting(
    settings: dict[str, str], text: str
) -> None:
    script = Script({b"wrong\r": b"\r\nPassword:"}, greeting=b"\r\nPassword:")
    async with running(script, up=False, **settings) as switcher:
        await until(lambda: text in switcher.reason)
        with pytest.raises(LinkDownError, match="never reached"):
            await switcher.tie(Tie(1, 1))


async def test_a_busy_device_says_when_to_come_again() -> None:
    script = Script({**SMALL, b"1*1%": b"E22\r\n"})
    async with running(script) as switcher:
        with pytest.raises(BusyError) as caught:
            await switcher.tie(Tie(1, 1))
        assert caught.value.wait == 1.0


async def test_a_timeout_in_the_device_is_tried_once_more() -> None:
    script = Script({**SMALL, b"1*1%": [b"E17\r\n", b"Out01 In01 Vid\r\n"]})
    async with running(script) as switcher:
        await switcher.tie(Tie(1, 1))
    assert script.sent.count(b"1*1%") == 2


async def test_a_device_that_is_full_is_left_alone_for_half_a_minute() -> None:
    script = Script(greeting=b"E26\r\n")
    async with running(script, up=False):
        await asyncio.sleep(29)
        assert script.dials == 1
        await until(lambda: script.dials == 2, seconds=5)


async def test_lost_privileges_make_it_log_in_again() -> None:
    script = Script(
        {**SMALL, b"secret\r": b"\r\nLogin Administrator\r\n", b"1*1%": b"E24\r\n"},
        greeting=b"\r\nPassword:",
    )
    async with running(script, password="secret") as switcher:
        with pytest.raises(RefusedError, match="E24"):
            await switcher.tie(Tie(1, 1))
        await until(lambda: script.sent.count(b"secret\r") == 2 and switcher.up)


async def test_a_device_that_is_silent_at_a_bulk_read_is_read_one_by_one() -> None:
    script = Script({**PLAIN, b"\x1b0*1*1VC\r": None})
    async with running(script) as switcher:
        assert values(switcher)["output/3/video"] == 3
        assert script.dials == 3


async def test_a_lost_answer_to_a_bulk_read_does_not_end_bulk_reading() -> None:
    script = Script(SMALL)
    script.lines[b"\x1b0*1*1VC\r"] = [b"", SMALL[b"\x1b0*1*1VC\r"]]
    async with running(script) as switcher:
        assert switcher.frame.bulk == {VIDEO: True, AUDIO: True}


async def test_a_device_whose_buffer_holds_half_a_command_is_entered_nevertheless() -> None:
    script = Script(SMALL, resync=Resync.DRAIN)
    script.lines[b"\x1b3CV\r"] = [b"E10\r\n", b"Vrb3\r\n"]
    async with running(script) as switcher:
        assert switcher.up


async def test_a_large_frame_is_read_in_blocks_one_a_refresh() -> None:
    block = b" ".join([b"01"] * 16)
    large = {b"\x1b0*%d*1VC\r" % start: block + b" Vid\r\n" for start in (1, 17, 33, 49)}
    script = Script({**SMALL, **large, b"I": b"V64X64 A0X0\r\n"})
    script.lines |= {b"\x1bVM\r": b"Mut" + b"0" * 64 + b"\r\n", b"\x1b0LS\r": b"1" * 64 + b"\r\n"}
    async with running(script) as switcher:
        assert switcher.state[Output(64)].value == 1
        script.sent.clear()
        await asyncio.sleep(4.1)
        assert {wire for wire in script.sent if wire.endswith(b"VC\r")} == set(large)
        assert len(script.sent) <= 10
        script.sent.clear()
        script.say(b"Qik\r\n")
        await until(lambda: b"\x1b0*49*1VC\r" in script.sent, seconds=1.1)
        await asyncio.sleep(0.1)
        assert {wire for wire in script.sent if wire.endswith(b"VC\r")} == set(large)


async def test_a_terminal_server_that_echoes_is_understood() -> None:
    echoing = {
        wire: wire + answer for wire, answer in {**SMALL, b"2%": b"Out02 In04 Vid\r\n"}.items()
    }
    async with running(Script(echoing)) as switcher:
        await switcher.read([Output(2)])
        assert switcher.state[Output(2)].value == 4


def test_what_merely_begins_like_our_question_is_no_echo() -> None:
    decoder = SisDecoder(telnet=False)
    decoder.frame(commands.read_version())
    assert list(decoder.feed(b"Qik\r\n")) == [answers.Quick()]


async def test_an_answer_lost_on_a_serial_line_does_not_end_the_greeting() -> None:
    script = Script({**SMALL, b"Q": [b"1.\xb33\r\n", b"1.23\r\n"]}, resync=Resync.DRAIN)
    async with running(script) as switcher:
        assert switcher.identity["firmware"] == "1.23"
        assert script.dials == 1
