"""A room with a chain that can be changed over, and an ear at its far end. In virtual time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from avctl.pair import Side
from avctl.room import Room
from avctl.scenes.take import Take
from tests.rooms import Bench, bench

SPEECH, NOISE = -20.0, -70.0  # dBFS at the microphones
OPEN = -6.0  # dB; both faders when open
ANSWERS_AFTER = 0.005  # seconds; what a mixer and a network take
WINDOW = 0.5  # seconds
METER_RATE = 100  # milliseconds
SLOW_METER_RATE = 1000  # at 9600 baud, where two meters at 100 ms would fill the line
EAR = 0.001  # seconds between two moments listened to

TCP, SERIAL = "tcp://127.0.0.1:2323", "serial:///dev/ttyUSB0"

ROOM = """\
room: figures
title: Figures
devices:
  matrix: {driver: extron_sis, url: 'tcp://127.0.0.1:23'}
  matrix-backup: {driver: extron_sis, url: 'tcp://127.0.0.2:23'}
  selector: {driver: extron_sis, url: 'tcp://127.0.0.3:23'}
  mixer:
    driver: biamp_ttp
    url: 'MIXER'
    settings:
      channels: [Level1/1, Level1/2]
      meters: {Level1/1: AudioMeter1/1, Level1/2: AudioMeter1/2}
      meter_rate: RATE
sources:
  player: {device: matrix, input: 4}
  notebook: {device: matrix, input: 3}
  player-again: {device: matrix-backup, input: 4}
  main-chain: {device: selector, input: 1}
  backup-chain: {device: selector, input: 2}
  camera: {device: selector, input: 5}
destinations:
  chain: {device: matrix, output: 1}
  chain-again: {device: matrix-backup, output: 1}
  far-end: {device: selector, output: 1}
  preview: {device: selector, output: 2}
microphones:
  podium-mic: {device: mixer, channel: Level1/1, level: -6 dB}
  podium-mic-backup: {device: mixer, channel: Level1/2, level: -6 dB}
  chair: {device: mixer, channel: Level1/3, level: -6 dB}
pairs:
  podium: {main: podium-mic, backup: podium-mic-backup, arm: ARM, window: 0.5 s}
  picture:
    main: matrix
    backup: matrix-backup
    arm: ARM
    window: 0.5 s
    to_backup: {far-end: {source: backup-chain}, chain-again: {source: player-again}}
    to_main: {far-end: {source: main-chain}}
library: false
scenes:
  open:
    title: Open
    want:
      podium: {muted: false, fader: -6 dB}
      podium-mic-backup: {muted: true}
      chair: {fader: -6 dB}
      far-end: {source: main-chain}
      chain: {source: player}
  talk:
    title: Talk
    want:
      podium: {fader: -9 dB}
      chair: {fader: -9 dB}
      preview: {source: camera}
      chain: {source: notebook}
"""


@contextlib.asynccontextmanager
async def standing(
    *, arm: str = "off", baud: int | None = None, seed: int = 0
) -> AsyncIterator["Standing"]:
    """Somebody speaks into both microphones; main is open and on air. ``baud``: the mixer is on a serial line."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "room.yaml"
        text = ROOM.replace("ARM", arm).replace("MIXER", SERIAL if baud else TCP)
        slow = baud is not None and baud < 19200
        text = text.replace("RATE", str(SLOW_METER_RATE if slow else METER_RATE))
        path.write_text(text, encoding="utf-8")
        async with bench(path, seed, {"mixer": ("forte", {"boot_seconds": 20})}) as at:
            there = Standing(at, Random(seed))
            at.ends["mixer"].baud = baud
            there.mixer.faults.set("late", ANSWERS_AFTER)
            there.mixer.press("mute", tag="Level1", channel=2, on=True)
            await at.until_up()
            await there.open()
            speaking = asyncio.create_task(there.speak())
            await asyncio.sleep(3)
            try:
                yield there
            finally:
                speaking.cancel()


class Standing:
    """The room, its mixer, and the voice in it."""

    def __init__(self, at: Bench, rng: Random) -> None:
        self.at, self.rng = at, rng
        self.room: Room = at.room
        self.mixer: Any = at.devices["mixer"]
        self.voice = SPEECH
        self.deaf: set[int] = set()  # channels whose microphones are dead

    async def speak(self) -> None:
        while True:
            self.say(self.voice + self.rng.uniform(-3, 3))
            await asyncio.sleep(0.5)

    def say(self, level: float) -> None:
        for channel in (1, 2):
            self.mixer.signal("Input1", channel, None if channel in self.deaf else level)

    def kill(self, channel: int) -> None:
        self.deaf.add(channel)
        self.mixer.signal("Input1", channel, None)

    def heard(self) -> tuple[float | None, float | None]:
        """What comes from each microphone, in dB of the fader; None for nothing."""
        return self._gain(1), self._gain(2)

    def _gain(self, channel: int) -> float | None:
        level, spoken = (self.mixer.level(tag, channel) for tag in ("Level1", "Input1"))
        return None if level is None or spoken is None else round(level - spoken, 6)

    async def hears(self, channel: int) -> None:
        """Until something comes from a channel."""
        while self._gain(channel) is None:
            await self.room.clock.sleep(EAR)

    async def open(self) -> None:
        """Main open at its level and in use, nothing wrong."""
        self.deaf.clear()
        self.say(self.voice)
        self.mixer.faults.clear()
        self.mixer.faults.set("late", ANSWERS_AFTER)
        await self.at.until_up()
        pairs = self.room.pairs
        if pairs.find("podium").watch.active is not Side.MAIN:
            await ended(pairs.change_over("podium", Side.MAIN, "test"))
            await asyncio.sleep(0.3)
        await ended(self.room.take("open", by="test"))
        await asyncio.sleep(0.3)


async def ended(take: Take | None) -> Take:
    """A take that has ended, and what followed from it."""
    assert take is not None
    await take.ended.wait()
    await asyncio.sleep(0)
    if take.then:
        await take.then.ended.wait()
    return take


class Ear:
    """Listens at the far end: seconds in which nobody is at level, and in which both are."""

    def __init__(self, there: Standing) -> None:
        self.dead = self.double = 0.0
        self._there = there
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while True:
            await asyncio.sleep(EAR)
            # Two voices that are both within 6 dB of full level are heard as an echo.
            heard = self._there.heard()
            self.dead += EAR * (not any(g is not None and g >= OPEN - 12.2 for g in heard))
            self.double += EAR * all(g is not None and g >= OPEN - 6.1 for g in heard)

    def stop(self) -> None:
        self._listening.cancel()
