"""The HS sequencer driver: its frames, and conversations over a line in memory."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avctl.capabilities.outlets import Outlet, Outlets
from avctl.drivers.hs_sequencer import HsSequencer, commands
from avctl.drivers.hs_sequencer.wire import (
    AddressTold,
    Delay,
    Done,
    Failed,
    FrameDecoder,
    Outputs,
)
from avctl.errors import NoAnswerError, RefusedError
from avctl.testing import Script
from avctl.transport import Resync
from avctl.wire import Command, Unknown
from tests.drivers.alone import alone, cut, decoded, reported, transcript

pytestmark = pytest.mark.virtual

LINES = transcript("hs_sequencer_driver")
WIRE = "serial:///sequencer?baud=9600"


def data(name: str) -> bytes:
    return bytes.fromhex(LINES[name]["hex"])


COMMANDS: dict[str, Command[Any]] = {
    "hs_sequencer_on_1": commands.switch(1, 1, True),
    "hs_sequencer_off_1": commands.switch(1, 1, False),
    "hs_sequencer_on_2": commands.switch(1, 2, True),
    "hs_sequencer_off_2": commands.switch(1, 2, False),
    "hs_sequencer_on_8": commands.switch(1, 8, True),
    "hs_sequencer_off_8": commands.switch(1, 8, False),
    "hs_sequencer_on_12": commands.switch(1, 12, True),
    "hs_sequencer_off_12": commands.switch(1, 12, False),
    "hs_sequencer_timed_on": commands.start_sequence(1, True),
    "hs_sequencer_timed_off": commands.start_sequence(1, False),
    "hs_sequencer_status_query": commands.read_outputs(1),
    "hs_sequencer_on_delay_ch2_1500ms": commands.write_delay(1, 2, True, 1500),
    "hs_sequencer_off_delay_ch9_500ms": commands.write_delay(1, 9, False, 500),
    "hs_sequencer_address_query": commands.read_address(),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_are_the_bytes_of_the_document(name):
    assert COMMANDS[name].wire == data(name)


def test_every_line_to_the_device_has_its_command_but_those_that_switch_whole_racks_at_once():
    to_device = {name for name, line in LINES.items() if line["direction"] == "to_device"}
    assert to_device - COMMANDS.keys() == {"hs_sequencer_all_on", "hs_sequencer_all_off"}


def test_answers_are_the_messages_of_the_document():
    assert decoded(FrameDecoder(), data("hs_sequencer_reply_ok")) == [Done(1)]
    assert decoded(FrameDecoder(), data("hs_sequencer_reply_fail")) == [Failed(1)]
    told = Outputs(1, (True, True, False, True))
    assert decoded(FrameDecoder(), data("hs_sequencer_status_1101")) == [told]


def test_a_written_delay_is_answered_by_done_or_by_its_register():
    command = commands.write_delay(1, 2, True, 1500)
    (echo,) = decoded(FrameDecoder(), command.wire)
    assert echo == Delay(1, 0x4012, 1500, written=True)
    assert command.is_answered_by(echo)
    assert command.is_answered_by(Done(1))
    assert not command.is_answered_by(Done(2))
    assert not command.is_answered_by(Delay(1, 0x4014, 1500, written=True))


def test_a_delay_that_looks_like_a_header_is_still_a_delay():
    (said,) = decoded(FrameDecoder(), bytes.fromhex("5bb50102401200005bb5"))
    assert said == Delay(1, 0x4012, 0x5BB5, written=False)


def test_an_address_is_told_in_the_last_byte():
    assert decoded(FrameDecoder(), bytes.fromhex("5bb50102201700000007")) == [AddressTold(7)]


@pytest.mark.parametrize("channel", [0, -1, 13, 16, 17, 18, 255, 256])
def test_no_channel_byte_that_means_the_whole_rack_can_be_made(channel):
    for on in (True, False):
        with pytest.raises(ValueError, match="1 to 12"):
            commands.switch(1, channel, on)
        with pytest.raises(ValueError, match="1 to 12"):
            commands.write_delay(1, channel, on, 100)


@pytest.mark.parametrize(
    ("channel", "on", "register"),
    [
        (1, True, 0x4010), (8, True, 0x401E), (1, False, 0x4020), (8, False, 0x402E),
        (9, True, 0x4050), (12, True, 0x4056), (9, False, 0x4060), (12, False, 0x4066),
    ],
)  # fmt: skip
def test_each_channel_has_its_delays_in_its_own_registers(channel, on, register):
    assert commands.delay_register(channel, on) == register


def test_half_a_frame_costs_no_whole_one_behind_it():
    whole = data("hs_sequencer_status_1101")
    messages = decoded(FrameDecoder(), whole[:7], whole)
    assert messages[-1] == Outputs(1, (True, True, False, True))
    assert sum(isinstance(message, Outputs) for message in messages) == 1


def test_half_an_answer_is_not_completed_by_the_next():
    half, whole = data("hs_sequencer_reply_ok")[:4], data("hs_sequencer_reply_fail")
    assert decoded(FrameDecoder(), half + whole) == [Unknown(half), Failed(1)]


FRAMES = [data(name) for name, line in LINES.items() if line["direction"] == "from_device"]


@given(st.lists(st.sampled_from(FRAMES), max_size=8), st.lists(st.integers(0, 200), max_size=20))
def test_cuts_do_not_change_what_is_said(frames, places):
    whole = b"".join(frames)
    assert decoded(FrameDecoder(), *cut(whole, places)) == decoded(FrameDecoder(), whole)
    assert len(decoded(FrameDecoder(), whole)) == len(frames)


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_noise_is_unknown_and_bounded(chunks):
    decoder = FrameDecoder()
    for message in decoded(decoder, *chunks):
        assert isinstance(message, Unknown | Done | Failed | Outputs | Delay | AddressTold)
    assert len(decoder._held) < 10


@given(st.binary(max_size=30).filter(lambda noise: b"\x5b" not in noise and b"\xb5" not in noise))
def test_a_frame_behind_noise_is_heard(noise):
    messages = decoded(FrameDecoder(), noise + data("hs_sequencer_reply_ok"))
    assert messages[-1] == Done(1)


# Conversations.


class Rack(Script):
    """A sequencer of four channels."""

    def __init__(self, told: bool = True) -> None:
        super().__init__(resync=Resync.DRAIN)
        self.on = [False] * 4
        self.delays: dict[int, bytes] = {}
        self.told = told
        self.fails = self.ignores = False

    def _hear(self, data: bytes) -> None:
        self.sent.append(data)
        function, register, value = data[3], int.from_bytes(data[4:6], "big"), data[6:]
        answer = b""
        if function == 0x16:
            if data[8] in range(1, 5) and not self.fails and not self.ignores:
                self.on[data[8] - 1] = bool(data[7])
            answer = data[:3] + (b"\xff" if self.fails else b"\xaa") + data[4:]
        elif function == 0x10:
            self.delays[register] = value
            answer = data[:3] + b"\xaa" + data[4:]
        elif register == 0x2016:
            answer = data[:6] + bytes(self.on)
        elif register == 0x2017:
            answer = data[:2] + b"\x01" + data[3:9] + b"\x01"
        elif register in self.delays:
            answer = data[:6] + self.delays[register]
        if self.told:
            self.say(answer)


async def test_what_is_switched_is_told_by_reading_and_not_by_the_answer():
    rack = Rack()
    async with alone(HsSequencer, rack, WIRE, channels=4) as device:
        assert isinstance(device, Outlets)
        assert reported(device) == {f"outlet/{n}": False for n in range(1, 5)}
        await Outlet.drive(device, {Outlet(3): True})
        assert reported(device)["outlet/3"] is False
        await device.read([Outlet(3)])
        assert reported(device)["outlet/3"] is True


async def test_what_is_done_and_ignored_reads_as_it_stands():
    rack = Rack()
    async with alone(HsSequencer, rack, WIRE, channels=4) as device:
        rack.ignores = True
        await device.switch({2: True})
        await device.read([Outlet(2)])
        assert reported(device)["outlet/2"] is False


async def test_a_switch_at_the_rack_itself_is_seen_within_a_poll():
    rack = Rack()
    async with alone(HsSequencer, rack, WIRE, channels=4) as device:
        rack.on[0] = True
        await asyncio.sleep(1.5)
        assert reported(device)["outlet/1"] is True


async def test_a_failure_is_a_refusal():
    rack = Rack()
    async with alone(HsSequencer, rack, WIRE, channels=4) as device:
        rack.fails = True
        with pytest.raises(RefusedError, match="FF"):
            await device.switch({2: True})


@pytest.mark.parametrize("number", [0, 5, 16, 17, 18])
async def test_a_channel_it_does_not_have_is_never_sent_nor_those_before_it(number):
    rack = Rack()
    async with alone(HsSequencer, rack, WIRE, channels=4) as device:
        before = len(rack.sent)
        with pytest.raises(ValueError, match="1 to 4"):
            await device.switch({1: True, number: False})
        assert len(rack.sent) == before


async def test_a_model_of_eight_tells_its_first_four_channels_only():
    async with alone(HsSequencer, Rack(), WIRE, channels=8) as device:
        assert [device.can_tell(Outlet(n)) for n in (1, 4, 5, 8)] == [True, True, False, False]
        assert len(device.points()) == 8


async def test_over_rs485_it_is_switched_without_a_word_and_nothing_is_told():
    rack = Rack(told=False)
    async with alone(HsSequencer, rack, WIRE, channels=4, line="rs485") as device:
        await device.switch({1: True, 4: True})
        await device.switch({1: False})
        await device.read(device.points())
        await asyncio.sleep(10)
        assert rack.on == [False, False, False, True]
        assert [data[3] for data in rack.sent] == [0x16] * 3
        assert device.up
        assert not any(map(device.can_tell, device.points()))
        assert reported(device) == {}
        with pytest.raises(RefusedError):
            await device.address()


async def test_a_silent_rack_is_given_up():
    rack = Rack()
    async with alone(HsSequencer, rack, WIRE, channels=4) as device:
        rack.told = False
        with pytest.raises(NoAnswerError):
            await device.switch({1: True})
        await asyncio.sleep(10)
        assert not device.up


async def test_delays_are_written_and_read_and_the_sequence_is_started():
    rack = Rack()
    async with alone(HsSequencer, rack, WIRE, channels=4) as device:
        assert await device.delay(2, True, 1500) == 1500
        assert data("hs_sequencer_on_delay_ch2_1500ms") in rack.sent
        await device.sequence(True)
        await device.sequence(False)
        assert rack.sent[-2:] == [data("hs_sequencer_timed_on"), data("hs_sequencer_timed_off")]
        assert await device.address() == 1


@pytest.mark.parametrize("settings", [{"channels": 13}, {"channels": 0}, {"address": 0}])
def test_settings_that_would_reach_whole_racks_are_refused(settings):
    with pytest.raises(ValueError, match="Input should be"):
        HsSequencer.Settings(**settings)
