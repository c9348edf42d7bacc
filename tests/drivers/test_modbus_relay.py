"""The Modbus relay driver: its frames in both framings, and conversations over a line in memory."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.capabilities.outlets import Outlet, Outlets
from avctl.drivers.modbus_relay import ModbusRelay, commands
from avctl.drivers.modbus_relay.wire import (
    Coils,
    Exceptional,
    RtuDecoder,
    TcpDecoder,
    Written,
    crc,
)
from avctl.errors import BusyError, NoAnswerError, RefusedError
from avctl.testing import Script
from avctl.transport import Resync
from avctl.wire import Command, Tagged, Unknown
from tests.drivers.alone import alone, cut, decoded, reported, transcript

pytestmark = pytest.mark.virtual

LINES = transcript("modbus_relay_driver")
WIRE, LAN = "serial:///relays?baud=9600", "tcp://relays:502"


def data(name: str) -> bytes:
    return bytes.fromhex(LINES[name]["hex"])


RTU_COMMANDS: dict[str, Command[Any]] = {
    "modbus_rtu_relay_on_0": commands.switch(1, 1, True),
    "modbus_rtu_relay_off_0": commands.switch(1, 1, False),
    "modbus_rtu_relay_on_1": commands.switch(1, 2, True),
    "modbus_rtu_relay_all_on_v1": commands.switch_all(1, True, "v1"),
    "modbus_rtu_relay_all_on_v2": commands.switch_all(1, True, "v2"),
    "modbus_rtu_relay_all_off_v2": commands.switch_all(1, False, "v2"),
    "modbus_rtu_relay_read_8": commands.read_relays(1, 8),
}


@pytest.mark.parametrize("name", RTU_COMMANDS)
def test_commands_on_a_wire_are_the_bytes_of_the_document(name):
    assert RtuDecoder().frame(RTU_COMMANDS[name]) == (data(name), None)


def test_every_line_to_the_device_has_its_command_but_toggling_that_is_not_harmless_twice():
    to_device = {
        name
        for name, line in LINES.items()
        if line["direction"] == "to_device" and name.startswith("modbus_rtu")
    }
    assert to_device - RTU_COMMANDS.keys() == {"modbus_rtu_relay_toggle_0_v1"}


def test_commands_over_tcp_are_the_bytes_of_the_document_with_a_number_each():
    decoder = TcpDecoder()
    assert decoder.frame(commands.switch(1, 1, True)) == (data("modbus_tcp_relay_on_0"), 1)
    assert decoder.frame(commands.read_relays(1, 8)) == (data("modbus_tcp_relay_read_8"), 2)


def test_the_numbers_of_questions_begin_again_after_the_last():
    decoder = TcpDecoder()
    tags = [decoder.frame(commands.read_relays(1, 8))[1] for _ in range(0x10001)]
    assert tags[0xFFFE:] == [0xFFFF, 1, 2]


def test_answers_on_a_wire_are_the_messages_of_the_document():
    assert decoded(RtuDecoder(), data("modbus_rtu_relay_echo_on_0")) == [Written(1, 0, 0xFF00)]
    on = tuple(map(bool, (1, 0, 1, 0, 0, 0, 0, 0)))
    assert decoded(RtuDecoder(), data("modbus_rtu_relay_read_8_reply_05")) == [Coils(1, on)]
    refused = Exceptional(1, 5, 2)
    assert decoded(RtuDecoder(), data("modbus_rtu_relay_exception_address")) == [refused]
    assert str(refused) == "exception 2: no such relay"


def test_answers_over_tcp_are_the_messages_of_the_document():
    told = [
        Tagged(1, Written(1, 0, 0xFF00)),
        Tagged(2, Coils(1, (True, *[False] * 7))),
        Tagged(3, Exceptional(1, 5, 2)),
    ]
    names = ("on_0_echo", "read_8_reply", "exception_address")
    chunks = [data(f"modbus_tcp_relay_{name}") for name in names]
    assert decoded(TcpDecoder(), *chunks) == told


def test_a_wrong_check_is_no_message_and_what_follows_is_heard():
    decoder = RtuDecoder()
    wrong = data("modbus_rtu_relay_bad_crc")
    assert decoded(decoder, wrong) == []
    assert decoded(decoder, data("modbus_rtu_relay_echo_on_0")) == [
        Unknown(wrong),
        Written(1, 0, 0xFF00),
    ]


def test_a_question_that_comes_back_as_an_echo_is_no_answer():
    question = commands.read_relays(1, 8)
    echo, _ = RtuDecoder().frame(question)
    answer = data("modbus_rtu_relay_read_8_reply_05")
    messages = decoded(RtuDecoder(), echo + answer)
    assert [message for message in messages if question.is_answered_by(message)] == [messages[-1]]


def test_only_its_own_echo_answers_a_write():
    command = commands.switch(1, 3, True)
    assert command.is_answered_by(Written(1, 2, 0xFF00))
    for other in (Written(1, 2, 0), Written(1, 3, 0xFF00), Written(2, 2, 0xFF00)):
        assert not command.is_answered_by(other)


@pytest.mark.parametrize("relay", [0, -1, 65, 256])
def test_a_relay_beyond_any_board_is_never_sent(relay):
    with pytest.raises(ValueError, match="1 to 64"):
        commands.switch(1, relay, True)


RTU_FRAMES = [
    data(f"modbus_rtu_relay_{name}")
    for name in ("echo_on_0", "read_8_reply_05", "exception_address")
]
TCP_FRAMES = [
    data(f"modbus_tcp_relay_{name}") for name in ("on_0_echo", "read_8_reply", "exception_address")
]
places = st.lists(st.integers(0, 200), max_size=20)


@given(st.lists(st.sampled_from(RTU_FRAMES), max_size=8), places)
def test_cuts_on_a_wire_do_not_change_what_is_said(frames, at):
    whole = b"".join(frames)
    messages = decoded(RtuDecoder(), *cut(whole, at))
    assert messages == decoded(RtuDecoder(), whole)
    assert len(messages) == len(frames)


@given(st.lists(st.sampled_from(TCP_FRAMES), max_size=8), places)
def test_cuts_over_tcp_do_not_change_what_is_said(frames, at):
    whole = b"".join(frames)
    messages = decoded(TcpDecoder(), *cut(whole, at))
    assert messages == decoded(TcpDecoder(), whole)
    assert len(messages) == len(frames)


@given(st.lists(st.binary(max_size=80), max_size=8), st.sampled_from([RtuDecoder, TcpDecoder]))
def test_noise_is_no_exception_and_is_bounded(chunks, kind):
    decoder = kind()
    decoded(decoder, *chunks)
    assert len(decoder._held) <= decoder.longest


@given(st.binary(max_size=40))
def test_a_frame_behind_noise_is_heard(noise):
    messages = decoded(RtuDecoder(), noise, data("modbus_rtu_relay_echo_on_0"))
    assert messages[-1] == Written(1, 0, 0xFF00)


# Conversations.


class Board(Script):
    """Eight relays, in the framing of its line."""

    def __init__(self, tcp: bool = False) -> None:
        super().__init__(resync=Resync.CLOSE if tcp else Resync.DRAIN)
        self.tcp = tcp
        self.on = [False] * 8
        self.code = 0  # of the exception it answers writes with
        self.mute = self.ignores = False

    def _hear(self, data: bytes) -> None:
        self.sent.append(data)
        if self.mute:
            return
        body = data[6:] if self.tcp else data[:-2]
        answer = body[:1] + self._answer(body[1:])
        if self.tcp:
            self.say(data[:4] + len(answer).to_bytes(2, "big") + answer)
        else:
            self.say(answer + crc(answer))

    def _answer(self, pdu: bytes) -> bytes:
        first, word = int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big")
        if pdu[0] == 1:
            bits = self.on[first : first + word]
            return bytes((1, 1, sum(on << bit for bit, on in enumerate(bits))))
        if self.code or (first >= 8 and first != 0xFF):
            return bytes((0x85, self.code or 2))
        if not self.ignores:
            self.on = [word > 0] * 8 if first == 0xFF else self.on
            if first < 8:
                self.on[first] = word == 0xFF00
        return pdu


LINES_OF = pytest.mark.parametrize(("tcp", "url"), [(False, WIRE), (True, LAN)])


@LINES_OF
async def test_what_is_switched_is_told_by_reading_and_not_by_the_echo(tcp, url):
    board = Board(tcp)
    async with alone(ModbusRelay, board, url) as device:
        assert isinstance(device, Outlets)
        assert reported(device) == {f"outlet/{n}": False for n in range(1, 9)}
        await Outlet.drive(device, {Outlet(3): True, Outlet(8): True})
        assert reported(device)["outlet/3"] is False
        await device.read([Outlet(3)])
        assert [n for n in range(1, 9) if reported(device)[f"outlet/{n}"]] == [3, 8]


@LINES_OF
async def test_what_is_echoed_and_ignored_reads_as_it_stands(tcp, url):
    board = Board(tcp)
    async with alone(ModbusRelay, board, url) as device:
        board.ignores = True
        await device.switch({2: True})
        await device.read([Outlet(2)])
        assert reported(device)["outlet/2"] is False


async def test_a_relay_switched_by_others_is_seen_within_a_poll():
    board = Board()
    async with alone(ModbusRelay, board, WIRE) as device:
        board.on[4] = True
        await asyncio.sleep(1.5)
        assert reported(device)["outlet/5"] is True


@LINES_OF
async def test_an_exception_is_a_refusal_and_busy_says_when_to_try_again(tcp, url):
    board = Board(tcp)
    async with alone(ModbusRelay, board, url) as device:
        board.code = 4
        with pytest.raises(RefusedError, match="the device failed"):
            await device.switch({1: True})
        board.code = 6
        with pytest.raises(BusyError) as busy:
            await device.switch({1: True})
        assert busy.value.wait == 1.0


async def test_a_relay_it_does_not_have_is_never_sent_nor_those_before_it():
    board = Board()
    async with alone(ModbusRelay, board, WIRE, relays=8) as device:
        before = len(board.sent)
        for number in (0, 9, 256):
            with pytest.raises(ValueError, match="1 to 8"):
                await device.switch({1: True, number: True})
        assert len(board.sent) == before


@pytest.mark.parametrize("firmware", ["v1", "v2"])
async def test_all_relays_are_switched_as_their_firmware_wants_it(firmware):
    board = Board()
    async with alone(ModbusRelay, board, WIRE, firmware=firmware) as device:
        await device.all(True)
        assert board.sent[-1] == data(f"modbus_rtu_relay_all_on_{firmware}")
        assert board.on == [True] * 8
        await device.all(False)
        assert board.sent[-1] == data("modbus_rtu_relay_all_off_v2")


async def test_all_relays_at_once_are_left_alone_where_nobody_said_how():
    board = Board()
    async with alone(ModbusRelay, board, WIRE) as device:
        before = len(board.sent)
        with pytest.raises(RefusedError, match="firmware"):
            await device.all(True)
        assert len(board.sent) == before


async def test_rtu_goes_over_tcp_where_the_settings_say_so():
    board = Board()
    async with alone(ModbusRelay, board, LAN, framing="rtu") as device:
        assert board.sent[0] == data("modbus_rtu_relay_read_8")
        assert reported(device)["outlet/1"] is False


async def test_what_another_unit_says_is_not_ours():
    board = Board()
    async with alone(ModbusRelay, board, WIRE) as device:
        other = bytes((2, 1, 1, 0xFF))
        assert not device.concerns(decoded(RtuDecoder(), other + crc(other))[0])
        assert device.concerns(Coils(1, (True,) * 8))


async def test_a_silent_board_is_given_up_and_greeted_when_it_is_back():
    board = Board(tcp=True)
    async with alone(ModbusRelay, board, LAN, after_power_loss="off") as device:
        board.mute = True
        with pytest.raises(NoAnswerError):
            await device.switch({1: True})
        await asyncio.sleep(5)
        assert not device.up
        board.mute = False
        await asyncio.sleep(15)
        assert device.up
        assert device.identity["after power loss"] == "all relays off"
