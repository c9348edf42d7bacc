"""The meeting room with everything and everybody in it, as a lens sees it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from hw_sim.picture.canvas import Canvas, Colour
from hw_sim.picture.furniture import (
    draw_chair,
    draw_desk,
    draw_lectern,
    draw_plant,
    draw_rostrum_table,
)
from hw_sim.picture.people import SPEAKER as SPEAKER_LOOK
from hw_sim.picture.people import Person, draw_person
from hw_sim.picture.walls import draw_walls
from hw_sim.scenery import (
    LECTERN,
    ROSTRUM,
    ROSTRUM_TABLE,
    ROWS,
    SEATED_HEAD,
    SEATS,
    SPEAKER,
    STAGE_HEIGHT,
    Lens,
    Spot,
)

LONG_LENS = 16.0  # degrees, under which the background goes out of focus


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be seen in a room now."""

    title: str = "Meeting"  # on the banner
    title_zh: str = "会议"
    accent: Colour = (38, 76, 128)
    speaker: bool = True
    speaking: float = 0.0  # seconds of speech
    audience: int = 26  # people, of 32 seats


def draw_room(canvas: Canvas, scene: Scene) -> None:
    """Everything the lens sees, from far to near; a long lens has what is behind its subject out of focus."""
    draw_walls(canvas, scene.title, scene.title_zh, scene.accent)
    # Everything stands in rows across the room, so the distance along it, not the true one, says what hides what.
    eye = canvas.lens.spot.y
    things = sorted(((abs(y - eye), draw) for y, draw in _things(canvas, scene)), key=_how_far)
    subject = _subject(canvas.lens, scene)
    blurred = subject is None
    for away, draw in reversed(things):
        if subject is not None and not blurred and away <= subject + 0.5:
            canvas.blur(max(0.0, (LONG_LENS - canvas.lens.fov) * 0.22))
            blurred = True
        draw()


Thing = tuple[float, Callable[[], None]]  # where along the room, and how to draw it


def _how_far(thing: Thing) -> float:
    return thing[0]


def _subject(lens: Lens, scene: Scene) -> float | None:
    """How far along the room the nearest face in the picture is, or None."""
    heads = [*ROSTRUM, SPEAKER] if scene.speaker else [*ROSTRUM]
    seen = ((abs(head.y - lens.spot.y), lens.sees(head)) for head in heads)
    return min(
        (away for away, place in seen if place.depth > 0 and abs(place.x) < 0.8), default=None
    )


def _things(canvas: Canvas, scene: Scene) -> Iterator[Thing]:
    for x in (-5.25, 5.3):
        yield 13.2, partial(draw_plant, canvas, Spot(x, 13.2, STAGE_HEIGHT))
    for seat, head in enumerate(ROSTRUM):
        yield head.y, partial(_draw_seated, canvas, head, Person.number(seat + 3), -1.0)
    yield ROSTRUM_TABLE[2], partial(draw_rostrum_table, canvas)
    if scene.speaker:
        speaks = partial(draw_person, speaking=scene.speaking)
        yield SPEAKER.y, partial(speaks, canvas, SPEAKER, SPEAKER_LOOK)
    yield LECTERN.y, partial(draw_lectern, canvas, scene.accent, live=scene.speaker)
    for row, y in enumerate(ROWS):
        for side in (-1, 1):
            yield y + 0.6, partial(draw_desk, canvas, y + 0.35, side)
        for seat, x in enumerate(SEATS):
            number = row * len(SEATS) + seat
            if (number * 13 + 5) % 32 < scene.audience:  # empty seats are scattered
                aside, up = ((number * 37) % 7 - 3) * 0.03, ((number * 29) % 5 - 2) * 0.02
                head = Spot(x + aside, y, SEATED_HEAD + up)
                yield y, partial(_draw_seated, canvas, head, Person.number(number + 20), 1.0)


def _draw_seated(canvas: Canvas, head: Spot, person: Person, facing: float) -> None:
    """Somebody on a chair, facing the front wall (1) or the rear wall (-1)."""
    back = Spot(head.x, head.y - facing * 0.22, head.z - 0.3)
    seen_from_behind = (facing > 0) == (canvas.lens.spot.y < head.y)
    if not seen_from_behind:
        draw_chair(canvas, back)
    draw_person(canvas, head, person, facing=facing)
    if seen_from_behind:
        draw_chair(canvas, back)
