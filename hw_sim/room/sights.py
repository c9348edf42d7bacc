"""Pictures of a room: what a camera takes, what the far end and a wall show, as JPEG."""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from hw_sim.picture import (
    BLACK,
    Pictures,
    Scene,
    Shown,
    camera_picture,
    far_end_picture,
    slide_picture,
    wall_picture,
)
from hw_sim.picture.canvas import Colour
from hw_sim.room.room import Room
from hw_sim.scenery import Lens

VOICE = -50.0  # dBFS, from which on the meter of the far end names a microphone


@dataclass(frozen=True, slots=True)
class Shot:
    """All that a picture of one source depends on."""

    source: str
    scene: Scene
    second: int
    lens: Lens | None = None
    slide: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    x: float
    y: float
    width: float
    height: float
    shot: Shot | None


class Sights:
    """The pictures of one room. Each is worked out now, and drawn in a thread."""

    def __init__(self, room: Room, pictures: Pictures | None = None) -> None:
        self.room = room
        self.pictures = pictures or Pictures()

    async def camera(self, name: str) -> bytes:
        shot = self._shot(name)
        return await self.pictures.get(shot, lambda: _taken(shot))

    async def at(self, socket: str) -> bytes:
        """The picture that arrives at a socket or sink."""
        shot = self._shot(self.room.source_at(socket))
        return await self.pictures.get(shot, lambda: _taken(shot))

    async def far_end(self) -> bytes:
        source = self.room.far_end_source()
        shot = self._shot(source)
        hears = self.room.far_end_hears()
        heard = tuple(
            (each.microphone, each.level_dbfs) for each in hears if each.level_dbfs > VOICE
        )
        key = "far end", shot, heard
        return await self.pictures.get(
            key, lambda: far_end_picture(_taken(shot), source or "", heard)
        )

    async def wall(self, name: str) -> bytes:
        """Raises KeyError when there is no such wall."""
        windows = tuple(
            Placed(each.x, each.y, each.width, each.height, self._shot(each.source))
            for each in self.room.wall_shows(name)
        )

        def draw() -> Image.Image:
            return wall_picture(
                [
                    Shown(each.x, each.y, each.width, each.height, _taken(each.shot))
                    for each in windows
                ]
            )

        return await self.pictures.get((name, windows), draw)

    def _shot(self, source: str | None) -> Shot | None:
        if source is None:
            return None
        room, plan = self.room, self.room.plan
        second = int(room.clock.now())
        scene = Scene(
            plan.banner.en or plan.title.en or room.name,
            plan.banner.zh or plan.title.zh,
            _colour(plan.accent),
            room.speaker_present,
            float(second) if room.speaker_present else 0.0,
            plan.persons.audience,
        )
        slide = plan.sources[source].title if source in plan.sources else ""
        return Shot(source, scene, second, room.lens(source), slide)


@lru_cache(maxsize=32)
def _taken(shot: Shot | None) -> Image.Image:
    if shot is None:
        return BLACK
    if shot.slide:
        return slide_picture(shot.source, shot.slide, shot.scene.accent, shot.second)
    return camera_picture(shot.source, shot.lens, shot.scene, shot.second)


def _colour(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
