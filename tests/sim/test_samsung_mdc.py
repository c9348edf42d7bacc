"""The simulated displays: their transcript, their times, several on a line, PINs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw_sim.samsung_mdc import Displays
from hw_sim.samsung_mdc.wire import LONGEST, Frames
from hw_sim.simulator import Conversation
from tests.sim.conftest import Ear, ManualClock

ROWS = json.loads(
    (Path(__file__).parent.parent / "transcripts/samsung_mdc.json").read_text("utf-8")
)
SAID = {row["name"]: bytes.fromhex(row["hex"]) for row in ROWS if row["direction"] != "to_device"}
TOLD = {row["name"]: bytes.fromhex(row["hex"]) for row in ROWS if row["direction"] == "to_device"}


def frame(command: int, *data: int, id: int = 1) -> bytes:
    body = bytes((command, id, len(data), *data))
    return b"\xaa" + body + bytes((sum(body) % 256,))


def ack(command: int, data: bytes, id: int = 1) -> bytes:
    body = bytes((0xFF, id, len(data) + 2, 0x41, command)) + data
    return b"\xaa" + body + bytes((sum(body) % 256,))


def nak(command: int, id: int = 1) -> bytes:
    body = bytes((0xFF, id, 3, 0x4E, command, 0))
    return b"\xaa" + body + bytes((sum(body) % 256,))


def made(clock: ManualClock, **options: Any) -> tuple[Displays, Conversation, Ear]:
    device, ear = Displays(clock=clock, **options), Ear(options.pop("kind", "tcp"))
    return device, dial(device, ear), ear


def dial(device: Displays, ear: Ear) -> Conversation:
    session = device.converse(ear)
    session.opened()
    return session


def ask(session: Conversation, ear: Ear, data: bytes) -> bytes:
    ear.take()
    session.receive(data)
    return ear.take()


# The transcript.

ANSWERS: Mapping[str, tuple[dict[str, Any], bytes]] = {
    "samsung_mdc_power_query": ({}, ack(0x11, b"\x00")),
    "samsung_mdc_power_on": ({}, ack(0x11, b"\x01")),
    "samsung_mdc_power_off": ({"on": True}, ack(0x11, b"\x00")),
    "samsung_mdc_power_on_any": ({}, ack(0x11, b"\x01")),
    "samsung_mdc_status_query": ({}, ack(0x00, bytes((0, 20, 0, 0x21, 0, 0, 0)))),
    "samsung_mdc_error_query": ({"on": True}, ack(0x0D, bytes((0, 0, 2, 0, 38, 0)))),
    "samsung_mdc_serial_query": ({}, ack(0x0B, b"0MDCSIM00001")),
    "samsung_mdc_firmware_query": ({}, ack(0x0E, b"T-SIM-1001.2")),
}


def test_every_line_of_the_transcript_is_tested():
    assert set(ANSWERS) == set(TOLD)
    assert set(SAID) == {
        f"samsung_mdc_{each}" for each in ("ack_on", "nak", "tls_banner", "tls_pass")
    }


@pytest.mark.parametrize("name", ANSWERS)
def test_display_answers_the_transcript(name: str, clock: ManualClock):
    options, said = ANSWERS[name]
    _, session, ear = made(clock, **options)
    assert ask(session, ear, TOLD[name]) == said


def test_display_acknowledges_and_refuses_as_the_transcript_says(clock: ManualClock):
    device, session, ear = made(clock)
    assert ask(session, ear, TOLD["samsung_mdc_power_on"]) == SAID["samsung_mdc_ack_on"]
    device.faults.set("refuses")
    assert ask(session, ear, TOLD["samsung_mdc_power_on"]) == SAID["samsung_mdc_nak"]


def test_pin_is_asked_for_and_taken_as_the_transcript_says(clock: ManualClock):
    _, session, ear = made(clock, pin="0042")
    assert ear.take() == SAID["samsung_mdc_tls_banner"]
    session.receive(b"00")
    assert ear.take() == b""
    assert ask(session, ear, b"42" + frame(0x11)) == SAID["samsung_mdc_tls_pass"] + ack(
        0x11, b"\x00"
    )


# PINs.


def test_wrong_pin_is_told_and_hung_up_on(clock: ManualClock):
    _, session, ear = made(clock, pin=1234)
    assert ask(session, ear, b"4321") == b"MDCAUTH<<FAIL:0001>>"
    assert ear.closed
    assert ask(session, ear, b"1234" + frame(0x11)) == b""


def test_too_many_wrong_pins_block_until_the_mains_was_off(clock: ManualClock):
    device, _, _ = made(clock, pin="1234", pin_tries=2)
    said = []
    for pin in (b"0000", b"0000", b"1234"):
        ear = Ear()
        said.append(ask(dial(device, ear), ear, pin))
    assert said == [b"MDCAUTH<<FAIL:0001>>"] * 2 + [b"MDCAUTH<<FAIL:0002>>"]
    device.reboot()
    clock.advance(20)
    ear = Ear()
    assert ask(dial(device, ear), ear, b"1234") == b"MDCAUTH<<PASS>>"


def test_serial_port_knows_no_pin(clock: ManualClock):
    device, ear = Displays(clock=clock, pin="1234"), Ear("serial")
    assert ask(dial(device, ear), ear, frame(0x11)) == ack(0x11, b"\x00")


# Times.


def test_power_reads_on_when_the_picture_is_there(clock: ManualClock):
    device, session, ear = made(clock)
    ask(session, ear, frame(0x11, 1))
    clock.advance(5.9)
    assert ask(session, ear, frame(0x11)) == ack(0x11, b"\x00")
    assert device.shown() == ()
    clock.advance(0.1)
    assert ask(session, ear, frame(0x11)) == ack(0x11, b"\x01")
    assert device.shown() == ("HDMI1",)


def test_last_power_order_counts(clock: ManualClock):
    device, session, ear = made(clock)
    ask(session, ear, frame(0x11, 1))
    clock.advance(3)
    ask(session, ear, frame(0x11, 0))
    clock.advance(10)
    assert device.shown() == ()


def test_input_reads_as_before_until_it_has_switched(clock: ManualClock):
    device, session, ear = made(clock, on=True)
    assert ask(session, ear, frame(0x14, 0x18)) == ack(0x14, b"\x18")
    assert ask(session, ear, frame(0x14)) == ack(0x14, b"\x21")
    assert device.shown() == ()
    clock.advance(1)
    assert ask(session, ear, frame(0x14)) == ack(0x14, b"\x18")
    assert device.shown() == ("DVI",)


def test_half_a_frame_is_forgotten_after_a_silence(clock: ManualClock):
    _, session, ear = made(clock)
    session.receive(b"\xaa\x11\x01\xff")
    clock.advance(1.1)
    assert ask(session, ear, frame(0x11)) == ack(0x11, b"\x00")


# What it is told.


def test_volume_and_mute_are_read_back(clock: ManualClock):
    device, session, ear = made(clock, on=True)
    assert ask(session, ear, frame(0x12, 33)) == ack(0x12, b"\x21")
    assert ask(session, ear, frame(0x13, 1)) == ack(0x13, b"\x01")
    assert ask(session, ear, frame(0x00)) == ack(0x00, bytes((1, 33, 1, 0x21, 0, 0, 0)))
    device.press("volume", volume=7)
    assert ask(session, ear, frame(0x12)) == ack(0x12, b"\x07")


def test_display_without_sound_says_so(clock: ManualClock):
    _, session, ear = made(clock, on=True, audio=False)
    assert ask(session, ear, frame(0x00)) == ack(0x00, bytes((1, 255, 255, 0x21, 0, 0, 0)))
    assert ask(session, ear, frame(0x12, 33)) == nak(0x12)


@pytest.mark.parametrize(
    "data", [(0x12, 101), (0x13, 2), (0x14, 0x99), (0x14, 0x31), (0x11, 9), (0x77,), (0x11, 1, 1)]
)
def test_what_it_cannot_do_is_refused(clock: ManualClock, data: tuple[int, ...]):
    _, session, ear = made(clock, on=True)
    assert ask(session, ear, frame(*data)) == nak(data[0])


@pytest.mark.parametrize("data", [(0x12, 10), (0x13, 1), (0x14, 0x18)])
def test_display_that_is_off_only_turns_on(clock: ManualClock, data: tuple[int, ...]):
    _, session, ear = made(clock)
    assert ask(session, ear, frame(*data)) == nak(data[0])


@pytest.mark.parametrize("data", [frame(0x11, id=2), frame(0x11)[:-1] + b"\x99"])
def test_frame_for_another_or_with_a_wrong_sum_is_not_answered(clock: ManualClock, data: bytes):
    _, session, ear = made(clock)
    assert ask(session, ear, data) == b""


def test_errors_tell_what_is_wrong(clock: ManualClock):
    device, session, ear = made(clock, on=True)
    for part in ("lamp", "sensor", "fan"):
        device.press("failure", part=part)
    device.press("temperature", celsius=80)
    device.feed("HDMI1", None)
    assert ask(session, ear, frame(0x0D)) == ack(0x0D, bytes((1, 1, 1, 1, 80, 1)))
    device.press("failure", part="fan", broken=False)
    assert ask(session, ear, frame(0x0D))[11] == 0


def test_missing_fan_and_sensor_have_numbers_of_their_own(clock: ManualClock):
    _, session, ear = made(clock, fan=False, sensor=False)
    assert ask(session, ear, frame(0x0D)) == ack(0x0D, bytes((0, 0, 0, 0, 24, 2)))


# Several on a line.


def test_each_display_of_a_line_answers_to_its_id(clock: ManualClock):
    device, session, ear = made(clock, ids=[1, 2])
    assert ask(session, ear, frame(0x11, 1, id=2)) == ack(0x11, b"\x01", id=2)
    clock.advance(6)
    assert device.shown() == ("Id2.HDMI1",)
    assert ask(session, ear, frame(0x0B, id=2)) == ack(0x0B, b"0MDCSIM00002", id=2)


def test_all_obey_an_order_to_any_and_their_answers_collide(clock: ManualClock):
    device, session, ear = made(clock, ids=[1, 2])
    said = ask(session, ear, frame(0x11, 1, id=0xFE))
    clock.advance(6)
    assert device.shown() == ("Id1.HDMI1", "Id2.HDMI1")
    assert sum(said[1:-1]) % 256 != said[-1]


def test_one_display_answers_to_any_under_its_own_id(clock: ManualClock):
    _, session, ear = made(clock, ids=[7])
    assert ask(session, ear, frame(0x11, id=0xFF)) == ack(0x11, b"\x00", id=7)


# Faults and mains.


def test_busy_display_refuses_all(clock: ManualClock):
    device, session, ear = made(clock)
    device.faults.set("busy", times=1)
    assert ask(session, ear, frame(0x11)) == nak(0x11)
    assert ask(session, ear, frame(0x11)) == ack(0x11, b"\x00")


def test_ignoring_display_says_ack_and_stays(clock: ManualClock):
    device, session, ear = made(clock)
    device.faults.set("ignores")
    assert ask(session, ear, frame(0x11, 1)) == ack(0x11, b"\x01")
    clock.advance(10)
    assert device.shown() == ()


def test_display_may_answer_under_another_id(clock: ManualClock):
    device, session, ear = made(clock)
    device.faults.set("wrong_address")
    assert ask(session, ear, frame(0x11)) == ack(0x11, b"\x00", id=2)


@pytest.mark.parametrize(
    ("option", "shown"), [("off", ()), ("last", ("HDMI1",)), ("on", ("HDMI1",))]
)
def test_power_after_the_mains_is_back(clock: ManualClock, option: str, shown: tuple[str, ...]):
    device, _, _ = made(clock, after_mains=option, on=True)
    device.press("mains_off")
    assert device.shown() == ()
    device.press("mains_on")
    clock.advance(20)
    assert device.shown() == shown


def test_volume_survives_the_mains_and_an_order_under_way_does_not(clock: ManualClock):
    device, session, ear = made(clock, on=True)
    ask(session, ear, frame(0x12, 55) + frame(0x14, 0x18))
    device.reboot()
    clock.advance(20)
    device.press("power", on=True)
    clock.advance(6)
    ear = Ear()
    assert ask(dial(device, ear), ear, frame(0x00)) == ack(0x00, bytes((1, 55, 0, 0x21, 0, 0, 0)))


# Whatever comes.

PIECES = st.lists(
    st.sampled_from([frame(0x11), frame(0x11, 1), frame(0x0D), frame(0x99), b"\xaa\x01", b"\x00x"]),
    max_size=10,
)


@given(PIECES, st.lists(st.integers(1, 9), max_size=30))
def test_any_cut_of_the_bytes_gives_the_same_answers(pieces: list[bytes], cuts: list[int]):
    data = b"".join(pieces)
    _, whole, ear = made(ManualClock())
    whole.receive(data)
    wanted = ear.take()
    _, cut, ear = made(ManualClock())
    for size in cuts:
        cut.receive(data[:size])
        data = data[size:]
    cut.receive(data)
    assert ear.take() == wanted


@given(st.lists(st.binary(max_size=600), max_size=8))
def test_garbage_never_raises(chunks: list[bytes]):
    _, session, _ = made(ManualClock())
    for chunk in chunks:
        session.receive(chunk)


def test_frame_is_found_behind_one_with_a_wrong_sum_that_swallowed_it():
    (found,) = Frames().feed(b"\xaa\x11\x01\x01" + frame(0x11))
    assert (found.command, found.id, found.data) == (0x11, 1, b"")


def test_endless_garbage_does_not_fill_the_memory():
    frames = Frames()
    for _ in range(100):
        list(frames.feed(b"\xaa\xff" * 5000))
    assert len(frames._rest) <= 2 * LONGEST


@pytest.mark.parametrize(
    ("option", "value"),
    [("ids", [1, 1]), ("ids", [254]), ("inputs", ["VGA"]), ("pin", "12345"), ("on", 1), ("after_mains", "?")],
)  # fmt: skip
def test_option_without_a_meaning_is_refused(option: str, value: Any):
    with pytest.raises(ValueError, match=option):
        Displays(**{option: value})


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        ("power", {"on": 1}),
        ("power", {"on": True, "display": 3}),
        ("input", {"input": "VGA"}),
        ("volume", {"volume": 101}),
        ("failure", {"part": "tube"}),
        ("temperature", {"celsius": 300}),
    ],
)
def test_press_without_a_meaning_is_refused(action: str, arguments: dict[str, Any]):
    with pytest.raises(ValueError, match=r"."):
        Displays().press(action, **arguments)
