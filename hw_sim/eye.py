"""The camera of a terminal: its axes, each as far as its motor has come."""

from collections.abc import Mapping
from dataclasses import dataclass

from hw_sim.clock import Clock


@dataclass(frozen=True, slots=True)
class Range:
    """What an axis reaches, and how fast it goes there."""

    least: float
    most: float
    speed: float  # units a second
    home: float = 0.0


class Motor:
    """One axis. It stands at its home until it is told to go."""

    def __init__(self, clock: Clock, reach: Range) -> None:
        self._clock, self._reach = clock, reach
        self._from = self._target = reach.home
        self._since = 0.0

    @property
    def position(self) -> float:
        if self._from == self._target:
            return self._target
        way = (self._clock.now() - self._since) * self._reach.speed
        if way >= abs(self._target - self._from):
            self._from = self._target
            return self._target
        return self._from + (way if self._target > self._from else -way)

    @property
    def seconds_left(self) -> float:
        """Until it is where it was told to go."""
        return abs(self._target - self.position) / self._reach.speed

    def go(self, target: float) -> None:
        """Set out for ``target``, or for the end of the axis before it."""
        self._from = self.position
        self._target = min(max(target, self._reach.least), self._reach.most)
        self._since = self._clock.now()

    def run(self, direction: int) -> None:
        """Set out for the upper end with 1, for the lower with -1; 0 stops."""
        ends = {1: self._reach.most, -1: self._reach.least, 0: self.position}
        self.go(ends[direction])


Pose = Mapping[str, float]


class Eye:
    def __init__(self, clock: Clock, axes: Mapping[str, Range]) -> None:
        self.axes = axes
        self.motors = {name: Motor(clock, reach) for name, reach in axes.items()}

    @property
    def pose(self) -> dict[str, float]:
        """Where every axis stands now."""
        return {name: round(motor.position, 3) for name, motor in self.motors.items()}

    @property
    def seconds_left(self) -> float:
        """Until every axis stands still."""
        return max(motor.seconds_left for motor in self.motors.values())

    @property
    def is_moving(self) -> bool:
        return self.seconds_left > 0

    def go(self, pose: Pose) -> None:
        for name, target in pose.items():
            self.motors[name].go(target)

    def go_home(self) -> None:
        self.go({name: reach.home for name, reach in self.axes.items()})

    def stop(self) -> None:
        for motor in self.motors.values():
            motor.run(0)
