"""The year from its first day to the judgement."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.year.drive import Truth, live_through
from tests.year.judge import disagreements
from tests.year.plan import make
from tests.year.world import World

YEAR = 2026


@dataclass(frozen=True, slots=True)
class Outcome:
    world: World
    truth: Truth
    disagreements: list[str]


async def live(folder: Path, seed: int, months: Sequence[int]) -> Outcome:
    """``months``: numbers, one after the other."""
    world = World(folder, make(seed, YEAR, months), seed)
    truth = await live_through(world)
    async with world.service() as here:
        return Outcome(world, truth, await disagreements(world, truth, here.parts))
