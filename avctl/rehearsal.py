"""Taking a scene again and again between two states, to see how long it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from avctl.errors import TakeError
from avctl.room import Room
from avctl.scenes.take import Take

MOST = 1000  # times


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """The takes of the scene, without those between."""

    scene: str
    budget: float | None  # seconds
    takes: Sequence[Take]

    @property
    def durations(self) -> list[float]:
        """Seconds from the tap to the verdict, of the takes that ended well."""
        return [
            take.duration - take.scene.hold
            for take in self.takes
            if take.duration is not None and take.verdict and take.verdict.is_good
        ]

    @property
    def is_good(self) -> bool:
        """Whether every take ended well, within the scene's budget where it has one."""
        durations = self.durations
        all_well = len(durations) == len(self.takes)
        return all_well and (self.budget is None or max(durations, default=0.0) <= self.budget)


async def rehearse(
    room: Room, scene: str, times: int, *, between: str | None = None, by: str
) -> Rehearsed:
    """Take ``scene`` ``times`` times, and before each of them ``between``, by default the room's safe scene.

    Raises TakeError for a scene that there is not, or where there is nothing to go back to.
    """
    if not 1 <= times <= MOST:
        raise TakeError(f"rehearse 1 to {MOST} times")
    back = between or room.file.safe
    if back is None:
        raise TakeError(f"{room.name} has no safe scene: name one to go back to")
    budget = room.make(scene).budget
    takes = []
    for _ in range(times):
        await _taken(room, back, by)
        takes.append(await _taken(room, scene, by))
    return Rehearsed(scene, budget, takes)


async def _taken(room: Room, scene: str, by: str) -> Take:
    take = room.take(scene, f"{by} (rehearsal)", confirmed=True)
    await take.ended.wait()
    return take
