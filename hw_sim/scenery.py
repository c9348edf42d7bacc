"""The meeting room in metres: where things stand, and where a camera's lens puts them in its picture.

x to the right as seen from the rear wall, y from the rear wall to the front wall, z up. Every room of a site
is furnished alike; the room file says where its cameras and microphones are.
"""

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan
from typing import NamedTuple

WIDTH, DEPTH, HEIGHT = 12.0, 14.0, 4.4
STAGE_FRONT, STAGE_HEIGHT = 10.3, 0.35
ASPECT = 16 / 9


class Spot(NamedTuple):
    """A point of the room."""

    x: float
    y: float
    z: float

    def distance(self, other: "Spot") -> float:
        return sqrt(sum((here - there) ** 2 for here, there in zip(self, other, strict=True)))


LECTERN = Spot(-3.7, 11.4, STAGE_HEIGHT)
SPEAKER = Spot(-3.7, 11.85, STAGE_HEIGHT + 1.62)  # the middle of the head
ROSTRUM = tuple(Spot(-1.3 + 1.25 * seat, 12.3, STAGE_HEIGHT + 1.22) for seat in range(5))  # heads
ROSTRUM_TABLE = (-2.0, 4.4, 11.6, STAGE_HEIGHT + 0.76)  # left, right, front edge, top
CHAIR, GUEST = ROSTRUM[2], ROSTRUM[4]
ROWS = (3.2, 4.7, 6.2, 7.7)  # of the audience
SEATS = (-4.85, -3.75, -2.65, -1.55, 1.55, 2.65, 3.75, 4.85)
SEATED_HEAD = 1.24

PLACES = {"lectern": SPEAKER, "chair": CHAIR, "guest": GUEST} | {
    f"rostrum {number}": head for number, head in enumerate(ROSTRUM, 1)
}
BUST = 0.62  # from the chest to the top of the head


class Seen(NamedTuple):
    """Where a spot is in a picture: 0, 0 the middle, 1 the right edge, up positive; depth in metres."""

    x: float
    y: float
    depth: float


@dataclass(frozen=True, slots=True)
class Lens:
    """A camera's eye. Angles in degrees: heading clockwise from straight ahead, pan right, tilt up."""

    spot: Spot
    heading: float
    pan: float
    tilt: float
    fov: float  # horizontal

    def axes(self) -> tuple[Spot, Spot, Spot]:
        """Unit vectors to the right, up and ahead."""
        turn, lift = radians(self.heading + self.pan), radians(self.tilt)
        return (
            Spot(cos(turn), -sin(turn), 0.0),
            Spot(-sin(turn) * sin(lift), -cos(turn) * sin(lift), cos(lift)),
            Spot(sin(turn) * cos(lift), cos(turn) * cos(lift), sin(lift)),
        )

    def sees(self, spot: Spot) -> Seen:
        """The place of ``spot`` in the picture; its depth is negative behind the camera."""
        away = [there - here for there, here in zip(spot, self.spot, strict=True)]
        right, up, ahead = (
            sum(part * axis for part, axis in zip(away, unit, strict=True)) for unit in self.axes()
        )
        reach = (ahead if abs(ahead) > 1e-6 else 1e-6) * tan(radians(self.fov) / 2)
        return Seen(right / reach, up / reach, ahead)

    def holds(self, spot: Spot) -> bool:
        """Whether ``spot`` is inside the picture."""
        seen = self.sees(spot)
        return seen.depth > 0 and abs(seen.x) <= 1 and abs(seen.y) <= 1 / ASPECT

    def filled_by(self, head: Spot) -> bool:
        """Whether the person with this ``head`` is what the picture is of: centred, and large."""
        seen = self.sees(head)
        if seen.depth <= 0:
            return False
        height = 2 * seen.depth * tan(radians(self.fov) / 2) / ASPECT
        centred = abs(seen.x) <= 0.4 and abs(seen.y) <= 0.4 / ASPECT * 1.6
        return centred and 0.3 <= BUST / height <= 1.2


def aim(camera: Spot, heading: float, target: Spot) -> tuple[float, float]:
    """Pan and tilt, in degrees, that put ``target`` in the middle of the picture."""
    away = [there - here for there, here in zip(target, camera, strict=True)]
    pan = (degrees(atan2(away[0], away[1])) - heading + 180) % 360 - 180
    return pan, degrees(atan2(away[2], hypot(away[0], away[1])))
