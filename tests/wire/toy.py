"""A protocol as small as can be, to test the link with: ``get\\n`` → ``is 3\\n``, ``no\\n`` refuses."""

import contextlib
from asyncio import create_task, gather
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar

from avctl.clock import Clock
from avctl.device import Device, DriverSettings
from avctl.link import Ask, Link
from avctl.points import Point
from avctl.testing import Script
from avctl.transport import parse_address
from avctl.wire import Command, Decoder, LineDecoder, Message, Refusal, Unknown


@dataclass(frozen=True, slots=True)
class Is(Message):
    number: int


@dataclass(frozen=True, slots=True)
class No(Refusal):
    pass


class Lines(LineDecoder):
    terminator = b"\n"

    def decode(self, line: bytes) -> Message:
        if line == b"no":
            return No()
        if line == b"bug":
            raise RuntimeError("a bug in a decoder")
        if line.startswith(b"is "):
            return Is(int(line[3:]))
        return Unknown(line)


def get(timeout: float = 1.0, urgent: bool = False, holds: bool = True) -> Command[Is]:
    return Command(b"get\n", Is, timeout=timeout, urgent=urgent, holds=holds)


def put(number: int, **more: Any) -> Command[Is]:
    return Command(b"put %d\n" % number, Is, lambda said: said.number == number, **more)


@dataclass(frozen=True, slots=True)
class Number(Point):
    word: ClassVar[str] = "number"

    @staticmethod
    async def drive(device: Any, wanted: Any) -> None:
        for number in wanted.values():
            await device.put(number)


class Toy(Device):
    driver = "toy"
    refresh_every = 60.0

    def new_decoder(self, scheme: str) -> Decoder:
        return Lines()

    async def greet(self, ask: Ask) -> None:
        await ask(get())

    async def refresh(self) -> None:
        await self.ask(get())

    async def read(self, points: Collection[Point]) -> None:
        await self.ask(get())

    async def put(self, number: int) -> None:
        await self.ask(put(number))

    def heard(self, message: Message) -> None:
        if isinstance(message, Is):
            self.report(Number(), message.number)


def toy(name: str = "toy", seed: int = 1) -> Toy:
    return Toy(name, DriverSettings(), Clock(rng=Random(seed)))


@contextlib.asynccontextmanager
async def linked(device: Toy, script: Script) -> AsyncIterator[Link]:
    """The device with its line kept up, already greeted if the script answers."""
    line = Link(parse_address("memory://toy"), device, device.clock, script.dial)
    device.attach(line)
    running = create_task(line.run())
    await device.clock.sleep(0.01)
    try:
        yield line
    finally:
        running.cancel()
        await gather(running, return_exceptions=True)
