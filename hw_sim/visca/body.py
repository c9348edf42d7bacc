"""The camera as a thing: head, lens, memory, lamps, menu. It knows degrees and units, but no frames."""

from dataclasses import dataclass, field

from hw_sim.clock import Clock
from hw_sim.visca.models import Model
from hw_sim.visca.motion import Axis, Head

ZOOM_SPEEDS = (40.0, 24.0, 15.0, 10.0, 7.0, 5.0, 3.5, 2.5)  # seconds from end to end, assumed
STANDARD_SPEED = 5
FOCUS_TIME = 4.0  # seconds from end to end, assumed

OFF, ON = 3, 2


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a camera looks: degrees, + right and + up."""

    pan: float
    tilt: float
    fov: float  # horizontal field of view, degrees
    on: bool


@dataclass(frozen=True, slots=True)
class Preset:
    pan: float  # degrees, + right
    tilt: float  # degrees, + up
    zoom: int  # units
    focus: int | None = None  # units; None leaves the focus alone


@dataclass(slots=True)
class Memory:
    """What survives the loss of mains: presets and their speeds."""

    presets: dict[int, Preset] = field(default_factory=dict)
    speeds: dict[int, int] = field(default_factory=dict)
    common_speed: int | None = None
    speed_select: int = 0  # 0 compatible, 1 separate, 2 common
    hides_recall: int = OFF


class Body:
    def __init__(self, model: Model, clock: Clock) -> None:
        self.model = model
        self.clock = clock
        self.memory = Memory()
        self.values: dict[str, int] = {}  # picture settings that were changed
        ends = sorted(model.pan_degrees(units) for units in model.pan)
        low, high = (model.tilt_degrees(units) for units in model.tilt)
        self.head = Head(clock, (ends[0], ends[1]), (low, high))
        self.zoom = Axis(clock, 0)
        self.focus = Axis(clock, model.focus[0])
        self.start()

    def start(self) -> None:
        """Be as after mains; the head, its flip and the presets stay as they are."""
        kept = ("flip", "image_flip", "mirror")
        self.values = {name: value for name, value in self.values.items() if name in kept}
        self.last_recalled: int | None = None
        self.menu = False
        self.tally: dict[str, bool] = {}
        self.tally_until: dict[str, float] = {}
        self.infrared = True
        self.tells_infrared = False
        self.slow = False
        self.zoom.put(min(self.zoom.position, self.model.optical))

    # The head, in the numbers of the wire.

    def pan_units(self) -> int:
        return round(self.head.pan.position * self.model.units) * self.model.pan_right

    def tilt_units(self) -> int:
        return round(self.head.tilt.position * self.model.units)

    def direction(self, pan: int, tilt: int) -> tuple[float, float]:
        """Degrees of a position given in units."""
        return self.model.pan_degrees(pan), self.model.tilt_degrees(tilt)

    def within(self, pan: int, tilt: int) -> bool:
        low, high = self.model.tilt
        if self.head.flipped:
            low, high = -high, -low
        return self.model.pan[0] <= pan <= self.model.pan[1] and low <= tilt <= high

    def pan_speed(self, code: int) -> float:
        table = self.model.slow_speed if self.slow and self.model.slow_speed else None
        return (table or self.model.pan_speed)(max(1, min(code, self.model.fastest[0])))

    def tilt_speed(self, code: int) -> float:
        if self.slow and self.model.slow_speed:
            return self.model.slow_speed(max(1, min(code, self.model.fastest[1])))
        return self.model.tilt_speed(max(1, min(code, self.model.fastest[1])))

    def turn(self, pan: float, tilt: float, pan_speed: float, tilt_speed: float) -> float:
        """Leave for a direction; gives the seconds it takes."""
        return self.head.go(pan, tilt, pan_speed, tilt_speed)

    def turn_together(self, pan: float, tilt: float, speed: float) -> float:
        """Leave for a direction so that both axes arrive at once, the longer way at ``speed``."""
        ways = abs(pan - self.head.pan.position), abs(tilt - self.head.tilt.position)
        time = max(ways) / speed
        if time == 0:
            return 0.0
        return self.head.go(pan, tilt, max(ways[0] / time, 0.01), max(ways[1] / time, 0.01))

    # The lens.

    def zoom_end(self) -> int:
        mode = self.values.get("digital_zoom", OFF)
        if mode == OFF:
            return self.model.optical
        return min(0x6000 if mode == 4 else self.model.longest_zoom, self.model.longest_zoom)

    def zoom_to(self, units: float) -> float:
        speed = self.model.optical / self.model.zoom_time
        return self.zoom.go(min(max(units, 0), self.zoom_end()), speed)

    def zoom_drive(self, direction: int, code: int) -> None:
        """Zoom in (1) or out (-1) until an end; 0 stops."""
        if not direction:
            self.zoom.stop()
            return
        speed = self.model.optical / ZOOM_SPEEDS[code]
        self.zoom.go(self.zoom_end() if direction > 0 else 0, speed)

    def focus_to(self, units: float) -> float:
        low, high = self.model.focus
        return self.focus.go(min(max(units, low), high), (high - low) / FOCUS_TIME)

    def focus_drive(self, direction: int, code: int) -> None:
        """Focus nearer (1) or farther (-1) until an end; 0 stops."""
        if not direction:
            self.focus.stop()
            return
        low, high = self.model.focus
        speed = (high - low) / FOCUS_TIME * (code + 1) / 8
        self.focus.go(high if direction > 0 else low, speed)

    def halt(self, parts: frozenset[str]) -> None:
        if "pan_tilt" in parts:
            self.head.stop()
        if "zoom" in parts:
            self.zoom.stop()
        if "focus" in parts:
            self.focus.stop()

    def flip(self, on: bool) -> None:
        if on != self.head.flipped:
            self.head.flip(on)
            presets = self.memory.presets
            for number, at in presets.items():
                presets[number] = Preset(at.pan, -at.tilt, at.zoom, at.focus)

    # Presets and lamps.

    def here(self) -> Preset:
        pan, tilt = self.head.pan.position, self.head.tilt.position
        return Preset(pan, tilt, round(self.zoom.position), round(self.focus.position))

    def recall_code(self, number: int) -> int:
        memory = self.memory
        if memory.common_speed is not None and (memory.speed_select == 2 or not self.model.sony):
            return memory.common_speed
        if memory.speed_select != 2 and number in memory.speeds:
            return memory.speeds[number]
        return self.model.recall_speed

    def recall(self, number: int, at: Preset) -> float:
        """Leave for a preset; gives the seconds until all is there."""
        code = self.recall_code(number)
        pan, tilt = (float(code),) * 2
        fastest = self.model.fastest
        if code <= 0x18:
            pan, tilt = min(pan, fastest[0]), min(tilt, fastest[1])
        seconds = self.turn(at.pan, at.tilt, self.model.pan_speed(pan), self.model.tilt_speed(tilt))
        lens = self.zoom_to(at.zoom)
        if at.focus is not None and self.values.get("focus_mode", ON) != ON:
            lens = max(lens, self.focus_to(at.focus))
        return max(seconds, lens)

    def light(self, lamp: str, on: bool) -> None:
        self.tally[lamp] = on
        if self.model.tally_time:
            self.tally_until[lamp] = self.clock.now() + self.model.tally_time

    def lit(self, lamp: str) -> bool:
        until = self.tally_until.get(lamp)
        return self.tally.get(lamp, False) and (until is None or self.clock.now() < until)

    @property
    def moving(self) -> bool:
        return self.head.moving or self.zoom.moving or self.focus.moving

    def pose(self, on: bool) -> Pose:
        fov = self.model.field_of_view(self.zoom.position)
        return Pose(self.head.pan.position, self.head.tilt.position, fov, on)
