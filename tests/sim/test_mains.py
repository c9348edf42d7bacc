"""A device at an outlet: what becomes of its lines and its state without mains, and how it comes back."""

import asyncio
from collections.abc import Mapping
from typing import ClassVar

import pytest

from hw_sim.mains import OPTIONS, MainsPowered
from hw_sim.serve import serve
from hw_sim.simulator import Conversation, Port
from tests.sim.conftest import Ear, ManualClock


class Kettle(MainsPowered):
    """Counts what it hears, in its memory and on each line."""

    driver = "kettle"
    options: ClassVar[Mapping[str, str]] = OPTIONS
    boots_in = 5.0

    def __init__(self, *arguments, **options) -> None:
        super().__init__(*arguments, **options)
        self.heard = self.starts = self.losses = 0
        self.started = asyncio.Event()

    def meet(self, port: Port) -> Conversation:
        return Talk(self, port)

    def lose_power(self) -> None:
        self.heard, self.losses = 0, self.losses + 1

    def come_up(self) -> None:
        self.starts += 1
        self.started.set()

    def truth(self) -> dict[str, object]:
        return {"heard": self.heard}


class Talk(Conversation):
    def __init__(self, kettle: Kettle, port: Port) -> None:
        self.kettle, self.port, self.bytes = kettle, port, 0

    def opened(self) -> None:
        self.port.send(b"hello")

    def receive(self, data: bytes) -> None:
        self.bytes += len(data)
        self.kettle.heard += len(data)
        self.port.send(b"%d" % self.bytes)


def dial(kettle: Kettle, ear: Ear) -> Conversation:
    talk = kettle.converse(ear)
    talk.opened()
    return talk


def test_without_mains_clients_are_hung_up_on_and_nothing_is_kept(clock: ManualClock):
    kettle, ear = Kettle(clock=clock), Ear()
    talk = dial(kettle, ear)
    talk.receive(b"a")
    kettle.press("mains_off")
    talk.receive(b"b")
    assert (ear.take(), ear.closed, kettle.truth()) == (b"hello1", True, {"heard": 0})


def test_serial_line_stays_and_hears_a_new_device_after_the_start(clock: ManualClock):
    kettle, ear = Kettle(clock=clock), Ear("serial", "serial")
    talk = dial(kettle, ear)
    talk.receive(b"ab")
    kettle.press("mains_off")
    kettle.press("mains_on")
    ear.take()
    clock.advance(4.9)
    talk.receive(b"cd")
    assert (ear.take(), ear.closed) == (b"", False)
    clock.advance(0.2)
    talk.receive(b"e")
    assert ear.take() == b"hello1"


def test_start_takes_as_long_as_the_option_says(clock: ManualClock):
    kettle = Kettle(clock=clock, boot_seconds=60)
    kettle.reboot()
    clock.advance(59)
    assert (kettle.is_running, kettle.is_booting, kettle.starts) == (False, True, 0)
    clock.advance(1)
    assert (kettle.is_running, kettle.is_booting, kettle.starts) == (True, False, 1)


def test_mains_cut_during_the_start_begins_it_anew(clock: ManualClock):
    kettle = Kettle(clock=clock)
    kettle.reboot()
    clock.advance(3)
    kettle.reboot()
    clock.advance(3)
    assert kettle.is_booting
    clock.advance(2)
    assert (kettle.is_running, kettle.starts, kettle.losses) == (True, 1, 2)


def test_switching_what_is_so_already_changes_nothing(clock: ManualClock):
    kettle = Kettle(clock=clock)
    kettle.mains(True)
    assert kettle.is_running
    kettle.mains(False)
    kettle.mains(False)
    kettle.reboot()
    clock.advance(100)
    assert (kettle.is_running, kettle.losses) == (False, 1)


def test_caller_who_comes_during_the_start_is_sent_away(clock: ManualClock):
    kettle, ear = Kettle(clock=clock), Ear()
    kettle.reboot()
    dial(kettle, ear)
    clock.advance(10)
    assert (ear.take(), ear.closed) == (b"", True)


def test_rebooting_fault_hangs_up_and_lets_nobody_in_until_it_is_over(clock: ManualClock):
    kettle, ear, late = Kettle(clock=clock), Ear(), Ear()
    dial(kettle, ear)
    kettle.faults.set("rebooting", seconds=10)
    dial(kettle, late)
    assert (ear.closed, late.closed, late.take()) == (True, True, b"")
    clock.advance(10)
    after = Ear()
    dial(kettle, after).receive(b"a")
    assert after.take() == b"hello1"


def test_counted_rebooting_fault_loses_that_many_messages(clock: ManualClock):
    kettle, ear = Kettle(clock=clock), Ear()
    talk = dial(kettle, ear)
    kettle.faults.set("rebooting", times=1)
    talk.receive(b"a")
    talk.receive(b"b")
    assert (ear.take(), ear.closed) == (b"hello1", False)


def test_serial_line_is_heard_again_after_the_rebooting_fault(clock: ManualClock):
    kettle, ear = Kettle(clock=clock), Ear("serial", "serial")
    talk = dial(kettle, ear)
    kettle.faults.set("rebooting", seconds=10)
    talk.receive(b"a")
    clock.advance(10)
    ear.take()
    talk.receive(b"b")
    assert ear.take() == b"hello1"


def test_start_of_no_length_in_negative_seconds_is_refused():
    with pytest.raises(ValueError, match="boot_seconds"):
        Kettle(boot_seconds=-1)


async def test_tcp_is_refused_without_mains_and_accepted_after_the_start():
    kettle = Kettle(boot_seconds=0)
    async with serve(kettle) as ends:
        host, port = ends.url.removeprefix("tcp://").split(":")
        kettle.mains(False)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(host, int(port))
        kettle.mains(True)
        await kettle.started.wait()
        reader, writer = await asyncio.open_connection(host, int(port))
        assert await reader.readexactly(5) == b"hello"
        writer.close()
        await writer.wait_closed()
