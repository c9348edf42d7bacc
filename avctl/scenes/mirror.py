"""Two devices kept alike: what main is reported to be is driven on its backup, as a difference, never as a replay."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from avctl.capabilities.camera import FocusMode, Preset
from avctl.capabilities.mixer import Fader, Mute
from avctl.capabilities.power import Power, PowerState
from avctl.capabilities.router import Blank, Output
from avctl.capabilities.terminal import Call, CallState, MicrophonesMuted
from avctl.capabilities.volume import Volume
from avctl.device import Device
from avctl.points import Point
from avctl.scenes.scene import Priority, Scene, Scope, Want
from avctl.scenes.take import Take

MIRRORED = (
    Output, Blank, Fader, Mute, Preset, FocusMode, Volume, MicrophonesMuted, PowerState,
)  # fmt: skip
DEADLINE = 10.0  # seconds; a whole matrix may have to be driven


@dataclass(eq=False, slots=True)
class Mirror:
    """Says what its backup lacks. `notice` every change of the two devices; `scene` when there may be some."""

    main: Device
    backup: Device
    take: Take | None = None  # the last that drove the backup
    _changed: bool = True
    _met: bool = False  # whether main was there once
    _suspect: dict[Point, Any] = field(default_factory=dict)  # as main came back
    _failed: dict[Point, Any] = field(default_factory=dict)  # what the backup did not do

    def notice(self, device: Device, point: Point | None) -> None:
        """A change of any device: of a point, or with None of its link."""
        if device is not self.main and device is not self.backup:
            return
        self._changed = True
        if point is not None or not device.up:
            return
        if device is self.backup:
            self._failed.clear()
        elif self._met:
            # It may have come back as the factory made it: that is not copied before somebody sets it.
            self._suspect = dict(self.difference())
        else:
            self._met = True

    def difference(self) -> Mapping[Point, Any]:
        """What main is reported to be and its backup, which has the same points, is not."""
        lacks: dict[Point, Any] = {}
        for point, reading in self.main.state.items():
            there = self.backup.state.get(point)
            if not isinstance(point, MIRRORED) or reading.value is None or there is None:
                continue
            if self._is_its_own(point, reading.value):
                continue
            if not point.is_right(there.value, reading.value):
                lacks[point] = reading.value
        return lacks

    def _is_its_own(self, point: Point, value: Any) -> bool:
        """Whether the backup had better not be as main is: off, or open in a call of its own."""
        if isinstance(point, PowerState):
            return value is not Power.ON
        call = self.backup.state.get(Call())
        calls = call is not None and call.value is not CallState.IDLE
        return isinstance(point, MicrophonesMuted) and calls

    def scene(self) -> Scene | None:
        """What is to be driven on the backup now; None where that is nothing, or cannot be now."""
        if not self._changed or not (self.main.up and self.backup.up):
            return None
        if self.take:
            if self.take.verdict is None:
                return None
            bad = (step for step in self.take.steps if not step.is_good)
            self._failed |= {step.want.point: step.want.value for step in bad}
            self.take = None
        self._changed = False
        left_alone = self._left_alone()
        lacks = self.difference().items()
        wants = tuple(
            Want(self.backup.name, point.word, value, self.backup.name, point, value)
            for point, value in lacks
            if left_alone.get(point, ...) != value
        )
        return self._scene(wants) if wants else None

    def _left_alone(self) -> Mapping[Point, Any]:
        for told in (self._suspect, self._failed):
            for point, value in list(told.items()):
                reading = self.main.state.get(point)
                if reading is None or reading.value != value:
                    del told[point]
        return self._suspect | self._failed

    def _scene(self, wants: tuple[Want, ...]) -> Scene:
        name = f"{self.backup.name} mirrors {self.main.name}"
        title = {"zh": f"{self.backup.name} 镜像 {self.main.name}", "en": name}
        return Scene(
            name, title, DEADLINE, wants, priority=Priority.SCHEDULE, scope=Scope.POINTS
        )  # fmt: skip
