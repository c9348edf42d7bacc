"""The shell of the meeting room: floor, ceiling, walls with their lights, the banner, the interpreters' booths."""

from functools import lru_cache

from PIL import Image, ImageDraw

from hw_sim.picture.canvas import Canvas, Colour, mix, shade
from hw_sim.picture.lettering import cjk_font, fit, written
from hw_sim.picture.people import Person, draw_person
from hw_sim.scenery import DEPTH, HEIGHT, STAGE_FRONT, STAGE_HEIGHT, WIDTH, Spot

WALL: Colour = (222, 212, 198)
WOOD: Colour = (176, 134, 98)
DARK_WOOD: Colour = (126, 90, 66)
CARPET: Colour = (92, 104, 124)
STAGE: Colour = (142, 112, 88)
CEILING: Colour = (232, 228, 220)
LAMP: Colour = (255, 250, 236)
GOLD: Colour = (240, 214, 150)
LEFT, RIGHT = -WIDTH / 2, WIDTH / 2


def draw_walls(canvas: Canvas, title: str, title_zh: str, accent: Colour) -> None:
    _shell(canvas)
    _front_wall(canvas, _banner(title, title_zh, accent))
    _rear_wall(canvas)


def _shell(canvas: Canvas) -> None:
    def corners(
        x0: float, x1: float, y0: float, y1: float, z: float
    ) -> tuple[Spot, Spot, Spot, Spot]:
        return Spot(x0, y0, z), Spot(x1, y0, z), Spot(x1, y1, z), Spot(x0, y1, z)

    canvas.sweep(corners(LEFT, RIGHT, 0, DEPTH, 0.0), shade(CARPET, -0.25), shade(CARPET, 0.12))
    canvas.sweep(corners(LEFT, RIGHT, 0, DEPTH, HEIGHT), shade(CEILING, -0.16), CEILING)
    for y in (1.6, 4.2, 6.8, 9.4, 12.0):
        for x in (-3.6, 0.0, 3.6):
            canvas.face(
                corners(x - 1.2, x + 1.2, y - 0.5, y + 0.5, HEIGHT - 0.01), shade(CEILING, 0.35)
            )
            canvas.face(
                corners(x - 1.05, x + 1.05, y - 0.38, y + 0.38, HEIGHT - 0.02), LAMP, haze=False
            )
    for x in (LEFT, RIGHT):
        _side_wall(canvas, x, shade(WALL, -0.09 if x > 0 else -0.02))
    canvas.sweep(
        corners(-1.0, 1.0, 0.2, STAGE_FRONT, 0.004), shade(CARPET, -0.05), shade(CARPET, 0.24)
    )
    low, high = Spot(LEFT + 0.3, STAGE_FRONT, 0), Spot(RIGHT - 0.3, DEPTH, STAGE_HEIGHT)
    canvas.box(low, high, shade(DARK_WOOD, -0.1), STAGE)
    canvas.face(
        [(low.x, low.y, 0.3), (high.x, low.y, 0.3), (high.x, low.y, 0.35), (low.x, low.y, 0.35)],
        shade(WOOD, 0.25),
    )


def _side_wall(canvas: Canvas, x: float, colour: Colour) -> None:
    panel = 1.0
    for index in range(int(DEPTH / panel)):
        y0, y1 = index * panel, (index + 1) * panel
        tone = shade(colour, 0.05 if index % 2 else -0.02)
        canvas.sweep(
            (Spot(x, y0, HEIGHT), Spot(x, y1, HEIGHT), Spot(x, y1, 1.1), Spot(x, y0, 1.1)),
            shade(tone, 0.3), tone, 5,
        )  # fmt: skip
        wood = shade(WOOD, -0.12 if index % 2 else -0.06)
        canvas.face([(x, y0, 1.1), (x, y1, 1.1), (x, y1, 0.12), (x, y0, 0.12)], wood)
        canvas.face([(x, y0, 0.12), (x, y1, 0.12), (x, y1, 0), (x, y0, 0)], shade(DARK_WOOD, -0.3))
        seam = [(x, y1 - 0.02, 1.1), (x, y1, 1.1), (x, y1, 0.12), (x, y1 - 0.02, 0.12)]
        canvas.face(seam, shade(wood, -0.25))
    canvas.face([(x, 0, 1.1), (x, DEPTH, 1.1), (x, DEPTH, 1.15), (x, 0, 1.15)], shade(WOOD, 0.2))
    for y in (3.0, 6.5, 10.0):  # wall lights, with their glow
        for reach, glow in ((0.55, 0.1), (0.38, 0.2), (0.22, 0.35)):
            canvas.face(
                [
                    (x, y - reach * 0.4, 2.3),
                    (x, y + reach * 0.4, 2.3),
                    (x, y + reach, 2.3 + reach * 2.4),
                    (x, y - reach, 2.3 + reach * 2.4),
                ],
                mix(shade(colour, 0.12), LAMP, glow),
            )
        inside = x * 0.985
        canvas.face(
            [
                (inside, y - 0.12, 2.1),
                (inside, y + 0.12, 2.1),
                (inside, y + 0.12, 2.45),
                (inside, y - 0.12, 2.45),
            ],
            LAMP,
            haze=False,
        )


def _front_wall(canvas: Canvas, banner: Image.Image) -> None:
    y = DEPTH
    if canvas.depth((0, y, 2)) < 0 and canvas.depth((-6, y, 2)) < 0 and canvas.depth((6, y, 2)) < 0:
        return
    plain = shade(WALL, -0.05)
    canvas.sweep(
        (Spot(LEFT, y, HEIGHT), Spot(RIGHT, y, HEIGHT), Spot(RIGHT, y, 0), Spot(LEFT, y, 0)),
        shade(plain, 0.25),
        shade(plain, -0.1),
    )
    slats = 22
    left, right = -4.7, 4.9
    for index in range(slats):
        x0 = left + (right - left) * index / slats
        x1 = left + (right - left) * (index + 1) / slats
        tone = shade(WOOD, (0.1, 0.04, 0.13, 0.07)[index % 4])
        canvas.sweep(
            (Spot(x0, y, 3.95), Spot(x1, y, 3.95), Spot(x1, y, 0.3), Spot(x0, y, 0.3)),
            shade(tone, 0.16),
            shade(tone, -0.14),
            14,
        )
        canvas.face(
            [(x1 - 0.02, y, 3.95), (x1, y, 3.95), (x1, y, 0.3), (x1 - 0.02, y, 0.3)],
            shade(tone, -0.3),
        )
    y -= 0.06
    shadow = Spot(-3.35, y, 3.62), Spot(3.75, y, 3.62), Spot(3.75, y, 2.38), Spot(-3.35, y, 2.38)
    canvas.face(shadow, shade(WOOD, -0.22))
    canvas.decal(
        banner, (Spot(-3.45, y, 3.7), Spot(3.65, y, 3.7), Spot(3.65, y, 2.46), Spot(-3.45, y, 2.46))
    )


@lru_cache(maxsize=16)
def _banner(title: str, title_zh: str, accent: Colour) -> Image.Image:
    width, height = 1420, 248
    image = Image.new("RGB", (1, height))
    for row in range(height):
        image.putpixel((0, row), shade(accent, 0.1 - 0.22 * row / height))
    image = image.resize((width, height))
    draw = ImageDraw.Draw(image)
    draw.rectangle((10, 10, width - 11, height - 11), outline=mix(accent, GOLD, 0.55), width=3)
    white = (250, 248, 240)
    x, y = 130, height // 2  # an emblem: a globe in a ring
    for radius, line in ((74, 5), (58, 3)):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=GOLD, width=line)
    for wide in (20, 42):
        draw.ellipse((x - wide, y - 58, x + wide, y + 58), outline=GOLD, width=3)
    draw.line((x - 58, y, x + 58, y), fill=GOLD, width=3)
    draw.line((x, y - 58, x, y + 58), fill=GOLD, width=3)
    for up in (-30, 30):
        draw.line((x - 49, y + up, x + 49, y + up), fill=GOLD, width=3)
    lines = [(title_zh, 96, white), (title, 52, GOLD)] if cjk_font() else [(title, 80, white)]
    inks = [
        fit(written(text, size, ink), width - 320, size + 10) for text, size, ink in lines if text
    ]
    top = (height - sum(ink.height for ink in inks) - 26 * (len(inks) - 1)) // 2
    for ink in inks:
        image.paste(ink, (240 + (width - 300 - ink.width) // 2, top), ink)
        top += ink.height + 26
    return image


def _rear_wall(canvas: Canvas) -> None:
    """Interpreters' booths with lit windows, and doors under them."""
    if canvas.depth((0, 0, 2)) < 0:
        return
    y = 0.0
    canvas.sweep(
        (Spot(LEFT, y, HEIGHT), Spot(RIGHT, y, HEIGHT), Spot(RIGHT, y, 0), Spot(LEFT, y, 0)),
        shade(WALL, 0.15),
        shade(WALL, -0.16),
    )
    canvas.face([(LEFT, y, 2.1), (RIGHT, y, 2.1), (RIGHT, y, 0), (LEFT, y, 0)], shade(WOOD, -0.05))
    for index in range(4):
        x0, y1 = -5.2 + index * 2.65, y + 0.02
        x1 = x0 + 2.3
        canvas.face(
            [(x0 - 0.1, y1, 3.75), (x1 + 0.1, y1, 3.75), (x1 + 0.1, y1, 2.4), (x0 - 0.1, y1, 2.4)],
            shade(DARK_WOOD, -0.2),
        )
        canvas.sweep(
            (Spot(x0, y1, 3.65), Spot(x1, y1, 3.65), Spot(x1, y1, 2.5), Spot(x0, y1, 2.5)),
            (255, 236, 196),
            (196, 160, 120),
            6,
        )
        for place in (0.6, 1.6):
            person = Person.number(index * 2 + int(place) + 60)
            head = Spot(x0 + place, 0.03, 2.98)
            draw_person(canvas, head, person, facing=1.0)
        canvas.face(
            [
                (x0, y1 + 0.03, 2.62),
                (x1, y1 + 0.03, 2.62),
                (x1, y1 + 0.03, 2.2),
                (x0, y1 + 0.03, 2.2),
            ],
            shade(DARK_WOOD, -0.1),
        )
    for x0 in (-1.1, 0.02):
        canvas.face(
            [
                (x0, y + 0.02, 2.05),
                (x0 + 1.08, y + 0.02, 2.05),
                (x0 + 1.08, y + 0.02, 0),
                (x0, y + 0.02, 0),
            ],
            shade(DARK_WOOD, 0.05),
        )
        canvas.face(
            [
                (x0 + 0.1, y + 0.03, 1.9),
                (x0 + 0.98, y + 0.03, 1.9),
                (x0 + 0.98, y + 0.03, 1.0),
                (x0 + 0.1, y + 0.03, 1.0),
            ],
            shade(DARK_WOOD, 0.16),
        )
