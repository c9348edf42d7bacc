"""One pair and how it stands, and what pairs need of their room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from avctl.changeover import Made
from avctl.clock import Clock
from avctl.config import PairFile, RoomFile
from avctl.device import Device
from avctl.names import Names
from avctl.pair import Health, Judge, Side, Watch
from avctl.points import Point
from avctl.scenes.mirror import Mirror
from avctl.scenes.scene import Scene
from avctl.scenes.take import Take


class Stage(Protocol):
    """What pairs need of their room."""

    name: str
    file: RoomFile
    names: Names
    devices: dict[str, Device]
    clock: Clock

    def start(self, scene: Scene, by: str) -> Take: ...

    def set(self, target: str, word: str, said: Any, by: str) -> Take: ...

    def is_wanted(self, device: str, point: Point) -> bool: ...

    def subscribe(self, listener: Callable[[Any, Any], None]) -> Callable[[], None]: ...


@dataclass(eq=False, slots=True)
class Pair:
    """One pair and how it stands."""

    name: str
    file: PairFile
    made: Made
    watch: Watch
    judges: Mapping[Side, Judge]
    take: Take | None = None  # the last changeover
    to: Side = Side.MAIN  # where it goes
    emergency: Take | None = None  # the last that took it with all the others
    level: float | None = None  # main's fader as last reported
    faded: bool = False  # whether a side was left at the lower end of a fade a moment ago
    settled: float | None = None  # the fader in use, before any cross-fade under way
    mirror: Mirror | None = None

    def side(self, side: Side) -> str:
        return self.file.main if side is Side.MAIN else self.file.backup

    @property
    def is_changing_over(self) -> bool:
        """Whether a changeover, or the return from one, is under way."""
        takes = (self.take, self.emergency)
        return any(_runs(take) or (take is not None and _runs(take.then)) for take in takes)

    def on_its_way(self, to: Side) -> Take | None:
        """The take that is taking it to a side at this moment."""
        if _runs(self.emergency):
            return self.emergency if to is Side.BACKUP else None
        return self.take if _runs(self.take) and to is self.to else None

    @property
    def health(self) -> dict[Side, Health]:
        return {side: judge.health for side, judge in self.judges.items()}


def _runs(take: Take | None) -> bool:
    return take is not None and take.verdict is None


def reported(stage: Stage, device: str, point: Point) -> Any:
    """What a device last said of a point; None where it has not."""
    reading = stage.devices[device].state.get(point)
    return reading.value if reading else None
