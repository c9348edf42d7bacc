"""Cameras that hands have let go: how long they move on though nothing is in the way of stopping them."""

from collections.abc import Callable

from avctl.room import Room
from hw_sim.simulator import Simulator
from tests.campaign.record import Record
from tests.campaign.truth import moves

STANDS = 5.0  # seconds on a line that is well in which a camera that was let go must stand


class LettingGo:
    """``taken`` tells whether something newer moves a camera."""

    def __init__(
        self,
        record: Record,
        room: Room,
        real: dict[str, Simulator],
        lines: dict[str, Simulator],
        taken: Callable[[str], bool],
    ) -> None:
        self._record, self._room, self._real, self._lines = record, room, real, lines
        self._taken = taken
        self._driving: dict[str, float] = {}  # cameras set going by hand, and by which tap
        self._waited: dict[str, float] = {}  # let go: seconds in which it could have been stopped

    def drives(self, camera: str, tap: float) -> None:
        """A hand sets a camera going."""
        self.forget(camera)
        self._driving[camera] = tap

    def lets_go(self, camera: str, tap: float) -> None:
        """A hand is gone from a camera, in whatever way."""
        if self._driving.get(camera) == tap:
            self._waited[camera] = 0.0

    def forget(self, camera: str) -> None:
        self._waited.pop(camera, None)

    def watch(self, seconds: float) -> None:
        """``seconds`` have passed since the last look."""
        for camera, waited in list(self._waited.items()):
            if not moves(self._real[camera]):
                self.forget(camera)
            elif self._is_well(camera) and not self._taken(camera):
                self._waited[camera] = waited + seconds
                if waited + seconds > STANDS:
                    self._record.restless.append(f"{camera}: moves on though it was let go")
                    self.forget(camera)

    def _is_well(self, name: str) -> bool:
        faults = (*self._real[name].faults.active(), *self._lines[name].faults.active())
        return self._room.devices[name].up and not faults
