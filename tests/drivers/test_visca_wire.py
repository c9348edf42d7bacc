"""VISCA frames and commands against what the manuals print, and against noise."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.capabilities.camera import Focus
from avctl.capabilities.power import Power
from avctl.drivers.visca import commands, inquiries, wire
from avctl.drivers.visca.models import MODELS
from avctl.wire import Command, Message, Tagged, Unknown

LINES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "transcripts/visca.json").read_text()
)
ANY = wire.ANY
CODES = {
    "message_length": 1,
    "syntax": 2,
    "buffer_full": 3,
    "not_executable": 0x41,
}


def hear(data: bytes, header: bool = False, chained: bool = False) -> list[Message | Tagged]:
    decoder = wire.Envelope() if header else wire.Frames(chained)
    return list(decoder.feed(data))


def bare(said: list[Message | Tagged]) -> list[Message]:
    return [message.message if isinstance(message, Tagged) else message for message in said]


# What a camera says.

MESSAGES: dict[str, Callable[[dict[str, Any]], Message]] = {
    "ack": lambda m: wire.Ack(ANY, m["socket"]),
    "completion": lambda m: wire.Completion(ANY, m["socket"], False),
    "network_change": lambda m: wire.NetworkChange(ANY),
    "address_set_reply": lambda m: wire.AddressSet(m["next_address"]),
    "if_clear_echo": lambda m: wire.ChainCleared(),
    "ir_notification": lambda m: wire.RemoteUsed(ANY, b"\x7d\x01\x04\x3f"),
    "control_reply": lambda m: wire.ResetDone(),
    "control_error": lambda m: (
        wire.OutOfSequence() if m["code"] == "sequence" else wire.WrongType()
    ),
}
ANSWERS: dict[str, tuple[Command[Any], Callable[[dict[str, Any]], Message | None]]] = {
    "power": (
        inquiries.read_power(1),
        lambda m: inquiries.PowerIs(ANY, Power.ON if m["on"] else Power.OFF),
    ),
    "focus_mode": (inquiries.read_focus(1), lambda m: inquiries.FocusIs(ANY, Focus(m["mode"]))),
    "focus_position": (
        inquiries.read_focus_position(1),
        lambda m: inquiries.FocusAt(ANY, m["position"]),
    ),
    "zoom_position": (inquiries.read_zoom(1), lambda m: inquiries.ZoomIs(ANY, m["position"])),
    "pt_position": (
        inquiries.read_pan_tilt(1),
        lambda m: inquiries.PanTiltIs(
            ANY, m["pan"], m["tilt"], (m.get("pan_nibbles", 4), m.get("tilt_nibbles", 4))
        ),
    ),
    "pt_status": (
        inquiries.read_head(1),
        lambda m: inquiries.HeadIs(
            ANY, m["moving"] == "operating", m["init"] == "initializing", m["init"] == "complete"
        ),
    ),
    "pt_max_speed": (
        inquiries.read_fastest(1),
        lambda m: inquiries.FastestIs(ANY, m["pan"], m["tilt"]),
    ),
    "memory_last": (
        inquiries.read_last_recalled(1),
        lambda m: inquiries.RecalledLast(ANY, m["index"]),
    ),
    "version": (
        inquiries.read_version(1),
        lambda m: inquiries.VersionIs(ANY, m["vendor"], m["model"], m["rom"]),
    ),
    "block_lens": (
        inquiries.read_lens(1),
        lambda m: inquiries.LensIs(ANY, m["zoom"], m["focus"], m["focus_auto"], m["recall_busy"]),
    ),
}


def from_camera() -> list[Any]:
    return [
        pytest.param(line, id=line["name"]) for line in LINES if line["direction"] == "from_camera"
    ]


@pytest.mark.parametrize("line", from_camera())
def test_each_line_of_the_transcript_is_understood(line: dict[str, Any]) -> None:
    meaning = line["meaning"]
    header = line["transport"] == "ip"
    said = hear(bytes.fromhex(line["hex"]), header)
    if header and meaning["type"] != "control_reply":
        assert all(isinstance(one, Tagged) and one.tag == meaning["seq"] for one in said)
    messages = bare(said)
    kind = meaning["type"]
    if kind == "sequence":
        assert messages == [wire.Ack(ANY, 1), wire.Completion(ANY, 1, True)]
    elif kind == "error" and meaning["code"] == "canceled":
        assert messages == [wire.Cancelled(ANY, meaning["socket"])]
    elif kind == "error" and meaning["code"] == "no_socket":
        assert messages == [wire.NoSocket(ANY, meaning["socket"])]
    elif kind == "error":
        assert messages == [wire.Error(ANY, meaning["socket"], CODES[meaning["code"]])]
    elif kind == "inquiry_reply" and meaning["what"] in ANSWERS:
        question, meant = ANSWERS[meaning["what"]]
        assert question.is_answered_by(messages[0])
        assert question.means(messages[0]) == meant(meaning)
    elif kind in ("inquiry_reply", "malformed"):
        assert [type(message) for message in messages] == [wire.Data]
    else:
        assert messages == [MESSAGES[kind](meaning)]


def test_the_sender_is_told_apart_on_a_line_of_several_cameras_only() -> None:
    assert hear(b"\xa0\x41\xff") == [wire.Ack(ANY, 1)]
    assert hear(b"\xa0\x41\xff", chained=True) == [wire.Ack(2, 1)]


def test_three_bytes_of_50_are_never_the_answer_to_an_inquiry() -> None:
    (said,) = bare(hear(b"\x90\x50\xff"))
    assert not inquiries.read_power(1).is_answered_by(said)


def test_a_completion_of_an_older_move_does_not_acknowledge_a_newer_one() -> None:
    _, old = bare(hear(b"\x90\x41\xff\x90\x51\xff"))
    (unannounced,) = bare(hear(b"\x90\x51\xff"))
    assert not commands.recall(1, 2).is_answered_by(old)
    assert commands.recall(1, 2).is_answered_by(unannounced)


def test_a_move_given_up_after_its_ack_is_not_blamed_on_an_inquiry() -> None:
    _, late = hear(b"\x90\x41\xff\x90\x61\x41\xff")
    (early,) = hear(b"\x90\x61\x41\xff")
    assert isinstance(late, wire.Error)
    assert isinstance(early, wire.Error)
    assert not late.refuses(inquiries.read_zoom(1))
    assert late.refuses(commands.home(1))
    assert early.refuses(inquiries.read_zoom(1))


def test_an_error_of_one_camera_is_not_blamed_on_another() -> None:
    (error,) = hear(b"\xb0\x60\x02\xff", chained=True)
    assert isinstance(error, wire.Error)
    assert error.refuses(commands.home(3))
    assert not error.refuses(commands.home(2))


def test_a_full_buffer_asks_to_come_again() -> None:
    (full,) = hear(b"\x90\x60\x03\xff")
    assert isinstance(full, wire.Error)
    assert full.wait is not None


# What is said to it.

X, Y = 0, 1
DIRECTIONS = {
    "up": (0, 1),
    "down": (0, -1),
    "left": (-1, 0),
    "right": (1, 0),
    "up_left": (-1, 1),
    "up_right": (1, 1),
    "down_left": (-1, -1),
    "down_right": (1, -1),
    "stop": (0, 0),
}


def _digits(m: dict[str, Any]) -> tuple[int, int]:
    return m.get("pan_nibbles", 4), m.get("tilt_nibbles", 4)


def _memory(m: dict[str, Any]) -> Command[Any]:
    says = {"set": commands.store, "recall": commands.recall, "reset": commands.forget}
    return says[m["op"]](1, m["index"])


def _preset_speed(m: dict[str, Any]) -> Command[Any]:
    if m["index"] != "all":
        return commands.preset_speed_each(1, m["index"], m["speed"])
    return commands.preset_speed_common(1, m["speed"])


def _drive(m: dict[str, Any]) -> Command[Any]:
    return commands.drive(1, *DIRECTIONS[m["dir"]], m["pan_speed"], m["tilt_speed"])


def _zoom(m: dict[str, Any]) -> Command[Any]:
    direction = {"tele": 1, "wide": -1}[m["dir"]]
    return commands.zoom_drive(1, direction, m["speed"])


def _move_to(m: dict[str, Any]) -> Command[Any]:
    speeds = m["pan_speed"], m["tilt_speed"]
    return commands.move_to(1, m["pan"], m["tilt"], speeds, _digits(m))


INQUIRIES: dict[str, Callable[[int], Command[Any]]] = {
    "power": inquiries.read_power,
    "zoom_position": inquiries.read_zoom,
    "focus_mode": inquiries.read_focus,
    "focus_position": inquiries.read_focus_position,
    "pt_position": inquiries.read_pan_tilt,
    "pt_status": inquiries.read_head,
    "pt_max_speed": inquiries.read_fastest,
    "memory_last": inquiries.read_last_recalled,
    "tally": inquiries.read_tally,
    "menu": inquiries.read_menu,
    "version": inquiries.read_version,
    "block_lens": inquiries.read_lens,
    "block_camera": lambda at: inquiries.read_block(at, 1),
    "block_other": lambda at: inquiries.read_block(at, 2),
}
SAYS: dict[str, Callable[[dict[str, Any]], Command[Any]]] = {
    "address_set": lambda m: commands.number_cameras(),
    "if_clear": lambda m: commands.clear_all() if m.get("broadcast") else commands.clear(1),
    "cancel": lambda m: commands.cancel(1, m["socket"]),
    "control": lambda m: commands.reset(),
    "power": lambda m: commands.power(1, m["on"]),
    "zoom": _zoom,
    "zoom_direct": lambda m: commands.zoom_to(1, m["position"]),
    "focus_mode": lambda m: commands.focus_mode(1, Focus(m["mode"])),
    "focus_direct": lambda m: commands.focus_to(1, m["position"]),
    "pt_drive": _drive,
    "pt_absolute": _move_to,
    "pt_relative": lambda m: commands.move_by(1, m["pan"], m["tilt"], (12, 10), (4, 4)),
    "pt_home": lambda m: commands.home(1),
    "pt_reset": lambda m: commands.reference(1),
    "pt_limit_set": lambda m: commands.limit(1, True, m["pan"], m["tilt"], (4, 4)),
    "pt_limit_clear": lambda m: commands.no_limit(1, False, (4, 4)),
    "pt_slow": lambda m: commands.slow(1, m["on"]),
    "memory": _memory,
    "preset_speed": _preset_speed,
    "tally": lambda m: commands.tally(1, m["on"]),
    "inquiry": lambda m: INQUIRIES[m["what"]](1),
}
OTHERWISE: dict[str, Command[Any]] = {
    "zoom_stop": commands.zoom_drive(1, 0, 0),
    "preset_speed_ptzoptics": commands.preset_speed_short(1, 24),
    "menu_off": commands.menu_off(1),
    "focus_one_push_sony": commands.focus_once(1, sony=True),
    "focus_one_push_ptzoptics": commands.focus_once(1, sony=False),
}
UNSAID = {
    "zoom_tele_std": "drives name their speed",
    "zoom_wide_std": "drives name their speed",
    "focus_toggle": "what it leads to depends on what was",
    "tally_green_on": "there is one lamp",
    "ip_reset_nonzero_seq": "ours is numbered 0",
    "ip_if_clear_device_setting": "sent as a command",
    "ip_birddog_freeze_inq": "no point of ours",
}


def to_camera() -> list[Any]:
    return [
        pytest.param(line, id=line["name"])
        for line in LINES
        if line["direction"] == "to_camera" and line["valid"] and line["name"] not in UNSAID
        if line["name"] in OTHERWISE or line["meaning"]["type"] in SAYS
    ]


@pytest.mark.parametrize("line", to_camera())
def test_each_command_is_said_as_the_transcript_has_it(line: dict[str, Any]) -> None:
    meaning, printed = line["meaning"], bytes.fromhex(line["hex"])
    command = OTHERWISE.get(line["name"]) or SAYS[meaning["type"]](meaning)
    if line["transport"] != "ip":
        assert command.wire == printed
        return
    envelope = wire.Envelope()
    envelope._sequence = (meaning["seq"] - 1) & 0xFFFFFFFF
    assert envelope.frame(command)[0] == printed


def test_the_transcript_has_many_commands_of_ours() -> None:
    assert len(to_camera()) > 80


def test_speed_is_never_0_not_even_in_a_stop() -> None:
    assert commands.drive(1, 0, 0, 0, 0).wire == bytes.fromhex("8101060101010303ff")


@pytest.mark.parametrize("code", [255, 256, -1])
def test_no_byte_can_end_a_frame_early(code: int) -> None:
    with pytest.raises(ValueError, match="FF"):
        commands.recall(1, code)


def test_numbers_start_again_after_a_reset() -> None:
    envelope = wire.Envelope()
    first = envelope.frame(commands.home(1))[1]
    envelope.frame(commands.home(1))
    envelope.frame(commands.reset())
    assert envelope.frame(commands.home(1))[1] == first == 1


# Noise.

FRAMES = [bytes.fromhex(line["hex"]) for line in LINES if line["transport"] != "ip"]


@given(st.lists(st.sampled_from(FRAMES), max_size=8), st.data())
def test_any_cut_gives_the_same_messages(frames: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(frames)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    decoder = wire.Frames()
    heard = [
        message
        for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)
        for message in decoder.feed(stream[start:end])
    ]
    assert heard == hear(stream)


@given(st.lists(st.binary(max_size=200), max_size=10), st.booleans())
def test_noise_is_bounded_and_raises_nothing(pieces: list[bytes], chained: bool) -> None:
    decoder, envelope = wire.Frames(chained), wire.Envelope()
    questions = [question for question, _ in ANSWERS.values()]
    for piece in pieces:
        for said in bare([*decoder.feed(piece), *envelope.feed(piece)]):
            assert not isinstance(said, Unknown) or len(said.data) <= 200
            for question in questions:
                if question.is_answered_by(said):
                    question.means(said)
        assert len(decoder._held) <= wire.LONGEST


@given(st.binary(max_size=30), st.integers(0, 0xFFFFFFFF))
def test_a_torn_datagram_does_not_spoil_the_next(noise: bytes, sequence: int) -> None:
    decoder = wire.Frames(datagrams=True)
    list(decoder.feed(noise.replace(b"\xff", b"")))
    assert list(decoder.feed(b"\x90\x41\xff")) == [wire.Ack(ANY, 1)]


# Models.


@pytest.mark.parametrize("name", MODELS)
def test_ends_of_the_range_come_back_as_they_went(name: str) -> None:
    model = MODELS[name]
    for pan in model.pan:
        for tilt in model.tilt:
            framing = model.framing(pan, tilt, model.tele)
            assert framing.zoom == 1
            assert model.position(model.framing(pan - (pan > 0) + (pan < 0), 0, 0))[1:] == (0, 0)
            assert (framing.tilt > 0) == (tilt > 0)
    left, right = (model.framing(pan, 0, 0).pan for pan in model.pan)
    assert left < 0 < right


@pytest.mark.parametrize(
    ("name", "degrees"),
    [("evi-d70", 170), ("srg-300h", 170), ("brc-x1000", 170), ("brc-am7", 175), ("ptzoptics", 170)],
)
def test_ranges_are_those_of_the_manual(name: str, degrees: float) -> None:
    model = MODELS[name]
    assert model.framing(model.pan[1], 0, 0).pan == pytest.approx(degrees, abs=0.1)


def test_sony_numbers_presets_from_1_and_others_from_0() -> None:
    assert MODELS["brc-x400"].code(100) == 99
    assert MODELS["ptzoptics"].code(0) == 0


@pytest.mark.parametrize(
    ("name", "preset"),
    [("ptzoptics", 95), ("ptzoptics", 90), ("ptzoptics", 255), ("srg-300h", 0), ("srg-300h", 17)],
)
def test_presets_that_mean_something_else_are_not_sent(name: str, preset: int) -> None:
    with pytest.raises(ValueError, match="has no preset"):
        MODELS[name].code(preset)


def test_a_camera_on_the_ceiling_looks_down_as_far_as_it_looked_up() -> None:
    assert MODELS["brc-x400"].upside_down().tilt == (-0x1200, 0x400)
