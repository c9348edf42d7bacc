"""Taking a scene again and again between two states, to see how long it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from avctl.errors import TakeError
from avctl.room import Room
from avctl.scenes.back import way_back
from avctl.scenes.scene import Kind, Scene
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
            take.took
            for take in self.takes
            if take.took is not None and take.verdict and take.verdict.is_good
        ]

    @property
    def is_good(self) -> bool:
        """Whether every take ended well, within the scene's budget where it has one."""
        return all(
            take.verdict is not None and take.verdict.is_good and not take.is_over_budget
            for take in self.takes
        )


async def rehearse(
    room: Room, scene: str, times: int, *, between: str | None = None, by: str
) -> Rehearsed:
    """Take ``scene`` ``times`` times, and go back before each of them and at the end.

    Back is ``between``, else the room's safe scene, else what was before the first take. Raises TakeError for a
    scene that there is not or that is not harmless twice.
    """
    if not 1 <= times <= MOST:
        raise TakeError(f"rehearse 1 to {MOST} times")
    back = between or room.file.safe
    for each in (room.make(name) for name in (scene, back) if name):
        _check(each)
    takes: list[Take] = []
    for _ in range(times):
        await _go_back(room, back, takes, by)
        takes.append(await _taken(room, scene, by))
    await _go_back(room, back, takes, by)
    return Rehearsed(scene, room.make(scene).budget, takes)


def _check(scene: Scene) -> None:
    for want in scene.wants:
        if want.kind is Kind.ACT:
            text = f"{scene.name} is not harmless twice: {want.target} {want.word}"
            raise TakeError(text)


async def _go_back(room: Room, back: str | None, takes: Sequence[Take], by: str) -> None:
    if back:
        await _taken(room, back, by)
    elif takes and (before := way_back(takes[-1])):
        await room.start(before, _named(by)).ended.wait()


async def _taken(room: Room, scene: str, by: str) -> Take:
    take = room.take(scene, _named(by), confirmed=True)
    await take.ended.wait()
    return take


def _named(by: str) -> str:
    return f"{by} (rehearsal)"
