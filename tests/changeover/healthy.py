"""Healthy rooms in which much goes on that is no death: nothing may change over by itself.

``python -m tests.changeover.healthy --hours 50 --seed 7 --tally FILE`` adds a line to a file; pieces with other seeds
add up. Each room has what its pairs need and no more, so that many hours can be had.
"""

import asyncio
import contextlib
import json
import logging
import time
from argparse import ArgumentParser
from asyncio import Runner
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from avctl.pair import Side
from avctl.room import Room
from avctl.testing import VirtualLoop
from tests.changeover.standing import NOISE, SPEECH, ended
from tests.rooms import Bench, bench

ROOMS = Path(__file__).with_name("rooms")
WINDOW = 1.0  # seconds; the default
METER = 0.3  # seconds that a meter's rate may add to what is seen of a wiggle
# Matrices no larger than the pairs need: each of their outputs is asked for again and again.
MODELS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "mixer": ("forte", {"boot_seconds": 20}),
    **dict.fromkeys(("matrix", "matrix-backup", "selector"), ("crosspoint-84", {})),
}
ONE_ROOM = 2.0  # virtual hours before a new one is set up


@dataclass(slots=True)
class Health:
    """What came of so many hours."""

    hours: float = 0.0
    switches: int = 0
    cpu: float = 0.0  # seconds
    unrest: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: "Health") -> "Health":
        self.hours += other.hours
        self.switches += other.switches
        self.cpu += other.cpu
        self.unrest += other.unrest
        return self


async def healthy(hours: float, kind: str, seed: int = 0) -> Health:
    """``kind``: a room of microphones, or of a chain of matrices."""
    found, began = Health(), time.process_time()
    while hours - found.hours > 1e-9:
        part = min(ONE_ROOM, hours - found.hours)
        rng = Random(f"{seed}/{kind}/{found.hours}")
        async with KINDS[kind](rng) as there:
            found += await _unrest(there, rng, part)
    found.cpu = time.process_time() - began
    return found


async def _unrest(there: "Microphones | Chain", rng: Random, hours: float) -> Health:
    found, room = Health(hours), there.at.room
    until = room.clock.now() + hours * 3600
    while room.clock.now() < until:
        what = rng.choice(there.unrest)
        found.unrest[what] += 1
        await getattr(there, what)()
        await asyncio.sleep(rng.uniform(1, 60))
        found.switches += await _put_right(room)
    return found


async def _put_right(room: Room) -> int:
    switches = 0
    for pair in room.pairs.by_name.values():
        if pair.watch.active is not Side.MAIN or pair.watch.latched:
            switches += 1
            await ended(pair.take)
            await ended(room.pairs.change_over(pair.name, Side.MAIN, "test"))
            await asyncio.sleep(1)
            room.pairs.reset(pair.name)
    return switches


@contextlib.asynccontextmanager
async def _bench(kind: str, rng: Random) -> AsyncIterator[Bench]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "room.yaml"
        path.write_text((ROOMS / f"{kind}.yaml").read_text(encoding="utf-8"), encoding="utf-8")
        async with bench(path, rng.getrandbits(32), MODELS) as at:
            await at.until_up()
            assert (await ended(at.room.take("open", by="test"))).verdict == "confirmed"
            await asyncio.sleep(3)
            yield at


class Microphones:
    """Two microphones at one mixer, a voice in both of them or none."""

    unrest: Sequence[str] = ("pause", "speech", "wiggle", "slow", "lost", "fader", "backup_pulled")

    def __init__(self, at: Bench, rng: Random) -> None:
        self.at, self.rng = at, rng
        self.mixer: Any = at.devices["mixer"]

    def say(self, level: float | None, *channels: int) -> None:
        for channel in channels or (1, 2):
            self.mixer.signal("Input1", channel, level)

    async def pause(self) -> None:
        """Nobody speaks: the noise of an empty room."""
        self.say(NOISE)
        await asyncio.sleep(self.rng.uniform(1, 300))
        self.say(SPEECH)

    async def speech(self) -> None:
        for _ in range(self.rng.randrange(1, 30)):
            self.say(SPEECH + self.rng.uniform(-30, 10))
            await asyncio.sleep(self.rng.uniform(0.1, 4))

    async def wiggle(self) -> None:
        """Main's plug is moved, for less than the window."""
        self.say(None, 1)
        await asyncio.sleep(self.rng.uniform(0.02, WINDOW - METER))
        self.say(SPEECH, 1)

    async def slow(self) -> None:
        self.mixer.faults.set("late", self.rng.uniform(0.05, 0.4))
        await asyncio.sleep(self.rng.uniform(1, 30))
        self.mixer.faults.clear("late")

    async def lost(self) -> None:
        self.mixer.faults.set("lost", 1.0, times=1)

    async def fader(self) -> None:
        """Somebody moves main's fader at the mixer; the backup follows."""
        self.mixer.press("level", tag="Level1", channel=1, db=self.rng.uniform(-12, 0))

    async def backup_pulled(self) -> None:
        self.say(None, 2)
        await asyncio.sleep(self.rng.uniform(0.1, 60))
        self.say(SPEECH, 2)


class Chain:
    """A matrix and its backup before a selector, and two players at the matrix."""

    unrest: Sequence[str] = ("reboot", "wiggle", "slow", "lost", "quiet", "taken")

    def __init__(self, at: Bench, rng: Random) -> None:
        self.at, self.rng = at, rng

    async def reboot(self) -> None:
        """The backup matrix starts anew."""
        seconds = self.rng.uniform(5, 60)
        self.at.devices["matrix-backup"].faults.set("rebooting", seconds=seconds)
        await asyncio.sleep(seconds)

    async def wiggle(self) -> None:
        """The main player's plug is moved, for less than the window."""
        matrix: Any = self.at.devices["matrix"]
        matrix.plug(4, False)
        await asyncio.sleep(self.rng.uniform(0.02, WINDOW - 0.02))
        matrix.plug(4, True)

    async def slow(self) -> None:
        device = self.at.devices[self.rng.choice(("matrix", "selector"))]
        device.faults.set("late", self.rng.uniform(0.05, 0.4))
        await asyncio.sleep(self.rng.uniform(1, 30))
        device.faults.clear("late")

    async def lost(self) -> None:
        # An answer that is lost costs a connection: the pair's window allows for dialling again.
        device = self.at.devices[self.rng.choice(("matrix", "matrix-backup", "selector"))]
        device.faults.set("lost", 1.0, times=1)

    async def quiet(self) -> None:
        await asyncio.sleep(self.rng.uniform(1, 300))

    async def taken(self) -> None:
        """A scene is taken."""
        await ended(self.at.room.take("open", by="test"))


@contextlib.asynccontextmanager
async def _microphones(rng: Random) -> AsyncIterator[Microphones]:
    async with _bench("microphones", rng) as at:
        there = Microphones(at, rng)
        there.say(SPEECH)
        there.mixer.press("mute", tag="Level1", channel=2, on=True)
        await asyncio.sleep(3)
        yield there


@contextlib.asynccontextmanager
async def _chain(rng: Random) -> AsyncIterator[Chain]:
    async with _bench("chain", rng) as at:
        yield Chain(at, rng)


KINDS: dict[str, Any] = {"microphones": _microphones, "chain": _chain}


def run(hours: float, seed: int) -> Health:
    """So many hours, half of them of each kind."""
    total = Health()
    for kind in KINDS:
        with Runner(loop_factory=VirtualLoop) as runner:
            total += runner.run(healthy(hours / len(KINDS), kind, seed))
    return total


def added_up(tally: Path) -> tuple[Health, int]:
    """All pieces of a tally, each seed once, and how many there are."""
    pieces = {}
    for line in tally.read_text(encoding="utf-8").splitlines():
        piece = json.loads(line)
        pieces[piece.pop("seed")] = piece
    total = Health()
    for piece in pieces.values():
        total += Health(**{**piece, "unrest": Counter(piece["unrest"])})
    return total, len(pieces)


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.changeover.healthy", description=__doc__)
    parser.add_argument("--hours", type=float, default=2.0, help="virtual, of rooms")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tally", type=Path, required=True)
    wanted = parser.parse_args()
    logging.disable(logging.CRITICAL)
    found = run(wanted.hours, wanted.seed)
    piece = {
        "seed": wanted.seed, "hours": found.hours, "switches": found.switches,
        "cpu": round(found.cpu, 1), "unrest": found.unrest,
    }  # fmt: skip
    with wanted.tally.open("a", encoding="utf-8") as tally:
        tally.write(json.dumps(piece) + "\n")
    print(json.dumps(piece))


if __name__ == "__main__":
    main()
