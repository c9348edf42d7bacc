"""The takes of a warm-up: the room's own scenes, without what is to be left alone."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from avctl.room import Room
from avctl.scenes.scene import Priority, Scene
from avctl.scenes.take import Take
from avctl.warmup.supply import Supply


@dataclass(frozen=True, slots=True)
class Asked:
    """How a warm-up was asked for."""

    by: str
    hold: float  # seconds that everything is kept on, from the last one ready
    stay_on: bool = False  # do not shut the room down afterwards
    skip: tuple[str, ...] = ()  # devices to leave alone
    priority: Priority = Priority.OPERATOR


class Switching:
    def __init__(self, room: Room, asked: Asked) -> None:
        self._room, self._asked = room, asked
        self.takes: list[Take] = []
        self.supply = Supply(room, self.takes)

    async def get_ready(self, targets: Collection[str] | None = None) -> Take | None:
        """The whole room, or only ``targets``. Gives the take once it has ended; None where nothing is to be done."""
        scene = self._without(self._room.mains.get_ready(), self._room.mains.feeding)
        if scene and targets is not None:
            scene = scene.without(lambda want: want.target not in targets)
        return await self._take(scene)

    async def shut_down(self) -> Take | None:
        return await self._take(self._without(self._room.mains.shut_down(), self._kept_for))

    def _kept_for(self, name: str) -> list[str]:
        """What may not be switched off for the sake of a device that is left alone: all before it that is on."""
        kept: list[str] = []
        for outlet in self.supply.before(name):
            kept.append(outlet)
            if self.supply.is_off(outlet):
                return kept
        return kept

    def _without(self, scene: Scene, outlets: Callable[[str], Collection[str]]) -> Scene | None:
        """``outlets``: those to be left alone with a device."""
        skip = {*self._asked.skip, *(each for name in self._asked.skip for each in outlets(name))}
        return scene.without(lambda want: want.target in skip) if skip else scene

    async def _take(self, scene: Scene | None) -> Take | None:
        if scene is None:
            return None
        scene = replace(scene, priority=self._asked.priority)
        take = self._room.start(scene, f"{self._asked.by} (warm-up)")
        self.takes.append(take)
        await take.ended.wait()
        return take
