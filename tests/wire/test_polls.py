"""Polls give way to conversations, and only what changes something needs a rest after it. In virtual time."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random

from avctl.clock import Clock
from avctl.device import Device, DriverSettings
from avctl.testing import Script
from tests.wire.toy import Toy, get, linked, put, toy


class Slow(Script):
    """Answers ``late`` seconds after it was asked, and knows when it was told what."""

    late = 0.02

    def __init__(self, clock: Clock) -> None:
        super().__init__({b"get\n": b"is 3\n", b"put 5\n": b"is 5\n"})
        self._clock = clock
        self.heard: list[tuple[float, bytes]] = []

    def _hear(self, data: bytes) -> None:
        self.heard.append((self._clock.now(), data))
        self._clock.later(self.late, partial(super()._hear, data))


class Chatty(Toy):
    """Polls with three questions in a row, each second."""

    refresh_every = 1.0
    polls = 0

    async def refresh(self) -> None:
        for _ in range(3):
            await self.ask(get())
        self.polls += 1


def chatty() -> Chatty:
    return Chatty("toy", DriverSettings(), Clock(rng=Random(1)))


async def test_a_poll_lets_a_conversation_go_first_that_began_during_it() -> None:
    device = chatty()
    script = Slow(device.clock)
    async with linked(device, script) as line:
        await until(device, lambda: device.up)
        await device.clock.sleep(1.0)  # its first question is on its way
        began = device.clock.now()
        await line.ask(get())
        await device.clock.sleep(0.01)  # what the answer means has to be thought about
        await line.ask(put(5))
        took = device.clock.now() - began
        assert took < 4 * script.late  # the one under way, two of its own, the thought
        polled = len(script.heard)
        await device.clock.sleep(0.2)
        assert len(script.heard) == polled + 2  # the rest of the poll came after


async def test_a_poll_is_not_put_off_for_ever() -> None:
    device = chatty()
    async with linked(device, Slow(device.clock)) as line:
        await until(device, lambda: device.up)
        ends = device.clock.now() + 10
        while device.clock.now() < ends:
            await line.ask(get())
        assert device.polls >= 2


async def test_a_device_is_looked_at_as_often_as_its_settings_say() -> None:
    device = Toy("toy", DriverSettings(poll=30.0), Clock(rng=Random(1)))
    script = Slow(device.clock)
    async with linked(device, script):
        await device.clock.sleep(91)
        assert len(script.heard) == 4  # the greeting, and three looks


async def test_a_question_that_is_answered_needs_no_rest_and_a_command_does() -> None:
    device = toy()
    device.gap = 0.5
    script = Slow(device.clock)
    async with linked(device, script) as line:
        await until(device, lambda: device.up)
        await device.clock.sleep(1)
        script.heard.clear()
        question = replace(get(), asks=True)
        for command in (question, put(5), question, put(5)):
            await line.ask(command)
        at = [round(moment - script.heard[0][0], 6) for moment, _ in script.heard]
        # At once after its answer; half a second after a command; and so on.
        assert at == [0, script.late, script.late + 0.5, 2 * script.late + 0.5]


async def until(device: Device, is_so: Callable[[], bool]) -> None:
    while not is_so():
        await device.clock.sleep(0.001)
