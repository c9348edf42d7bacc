"""Things that take time to move: an axis, and the head of two."""

from hw_sim.clock import Clock


class Axis:
    """A position that moves to a target at an even speed. Any unit, the same everywhere."""

    def __init__(self, clock: Clock, position: float) -> None:
        self._clock = clock
        self._since = 0.0
        self._from = self.target = position
        self._speed = 0.0

    @property
    def position(self) -> float:
        """Where it is at this very moment."""
        if self._speed == 0:
            return self.target
        way = self._speed * (self._clock.now() - self._since)
        distance = self.target - self._from
        if way >= abs(distance):
            return self.target
        return self._from + (way if distance > 0 else -way)

    @property
    def moving(self) -> bool:
        return self._speed > 0 and self.position != self.target

    def go(self, target: float, speed: float) -> float:
        """Leave for ``target`` at ``speed`` a second; gives the seconds until it is there."""
        start = self.position
        self._from, self.target, self._speed = start, target, abs(speed)
        self._since = self._clock.now()
        if start == target or speed == 0:
            self._speed = 0.0
            self.target = target if start == target else start
            return 0.0
        return abs(target - start) / abs(speed)

    def stop(self) -> None:
        self.put(self.position)

    def put(self, position: float) -> None:
        """Be there without having moved."""
        self._from = self.target = position
        self._speed = 0.0


class Head:
    """Pan and tilt in degrees, + right and + up in the room."""

    def __init__(self, clock: Clock, pan: tuple[float, float], tilt: tuple[float, float]) -> None:
        self.pan = Axis(clock, 0.0)
        self.tilt = Axis(clock, 0.0)
        self._ends = pan, tilt
        self.right: float | None = None  # limits that were set
        self.left: float | None = None
        self.top: float | None = None
        self.bottom: float | None = None
        self.flipped = False

    @property
    def moving(self) -> bool:
        return self.pan.moving or self.tilt.moving

    def pan_range(self) -> tuple[float, float]:
        low, high = self._ends[0]
        return _narrowed(low, high, self.left, self.right)

    def tilt_range(self) -> tuple[float, float]:
        low, high = self._ends[1]
        if self.flipped:
            low, high = -high, -low
        return _narrowed(low, high, self.bottom, self.top)

    def go(self, pan: float, tilt: float, pan_speed: float, tilt_speed: float) -> float:
        """Leave for a direction as near as the limits allow; gives the seconds until both are there."""
        return max(
            self.pan.go(_clamp(pan, *self.pan_range()), pan_speed),
            self.tilt.go(_clamp(tilt, *self.tilt_range()), tilt_speed),
        )

    def drive(self, pan: float, tilt: float) -> None:
        """Turn with these signed degrees per second until a limit; 0 stops that axis."""
        for axis, speed, (low, high) in (
            (self.pan, pan, self.pan_range()),
            (self.tilt, tilt, self.tilt_range()),
        ):
            if speed:
                axis.go(high if speed > 0 else low, speed)
            else:
                axis.stop()

    def stop(self) -> None:
        self.pan.stop()
        self.tilt.stop()

    def flip(self, flipped: bool) -> None:
        """Count from the other side: the camera is said to hang from the ceiling, or to stand."""
        if flipped != self.flipped:
            self.flipped = flipped
            self.top = self.bottom = None
            self.tilt.put(-self.tilt.position)

    def ends(self) -> int:
        """The four low bits of the status word: left, right, top, bottom end reached."""
        low, high = self.pan_range()
        down, up = self.tilt_range()
        pan, tilt = self.pan.position, self.tilt.position
        return (pan <= low) | (pan >= high) << 1 | (tilt >= up) << 2 | (tilt <= down) << 3


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _narrowed(
    low: float, high: float, least: float | None, most: float | None
) -> tuple[float, float]:
    least = low if least is None else _clamp(least, low, high)
    most = high if most is None else _clamp(most, low, high)
    return (least, most) if least <= most else (low, high)
