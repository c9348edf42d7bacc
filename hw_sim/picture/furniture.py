"""What stands in the meeting room: rostrum, lectern, desks, chairs, microphones, plants."""

from functools import lru_cache

from PIL import Image, ImageDraw

from hw_sim.picture.canvas import Canvas, Colour, Upright, shade
from hw_sim.picture.lettering import cjk_font, fit, written
from hw_sim.picture.walls import GOLD, WOOD
from hw_sim.scenery import LECTERN, ROSTRUM, ROSTRUM_TABLE, STAGE_HEIGHT, Spot


def draw_chair(canvas: Canvas, top: Spot) -> None:
    figure = Upright(canvas, top)
    if not figure.visible:
        return
    colour = (70, 58, 56)
    back = [
        (-0.22, 0.02),
        (-0.24, -0.1),
        (-0.24, -0.62),
        (0.24, -0.62),
        (0.24, -0.1),
        (0.22, 0.02),
        (0.0, 0.05),
    ]
    figure.shape(back, colour, smooth=True)
    if figure.scale > 30:
        figure.shape(
            [(u * 0.82, v * 0.86 - 0.03) for u, v in back], shade(colour, 0.12), smooth=True
        )


def draw_rostrum_table(canvas: Canvas) -> None:
    left, right, front, top = ROSTRUM_TABLE
    canvas.box(
        Spot(left, front, STAGE_HEIGHT), Spot(right, front + 0.62, top), WOOD, shade(WOOD, 0.3)
    )
    y = front - 0.01
    canvas.sweep(
        (Spot(left, y, top - 0.06), Spot(right, y, top - 0.06), Spot(right, y, STAGE_HEIGHT), Spot(left, y, STAGE_HEIGHT)),
        shade(WOOD, 0.08), shade(WOOD, -0.26), 8,
    )  # fmt: skip
    canvas.face(
        [(left, y, top), (right, y, top), (right, y, top - 0.06), (left, y, top - 0.06)],
        shade(WOOD, 0.36),
    )
    for seat, head in enumerate(ROSTRUM):
        for edge in (head.x - 0.56, head.x + 0.56):
            canvas.face(
                [
                    (edge, y - 0.005, top - 0.1),
                    (edge + 0.012, y - 0.005, top - 0.1),
                    (edge + 0.012, y - 0.005, 0.42),
                    (edge, y - 0.005, 0.42),
                ],
                shade(WOOD, -0.32),
            )
        _plate(canvas, Spot(head.x, front + 0.12, top), seat)
        _microphone(canvas, Spot(head.x + 0.24, front + 0.3, top), 0.36, live=False)
        glass = Upright(canvas, Spot(head.x - 0.32, front + 0.25, top))
        if glass.scale > 45:
            glass.shape([(-0.03, 0.11), (0.03, 0.11), (0.025, 0.0), (-0.025, 0.0)], (222, 232, 236))
            glass.shape(
                [(-0.028, 0.07), (0.028, 0.07), (0.025, 0.0), (-0.025, 0.0)], (196, 214, 224)
            )


NAMES = (
    ("委员", "Member"),
    ("秘书", "Secretary"),
    ("主席", "Chair"),
    ("副主席", "Vice-Chair"),
    ("嘉宾", "Guest"),
)


def _plate(canvas: Canvas, foot: Spot, seat: int) -> None:
    """A name plate, read from the audience."""
    wide, high = 0.2, 0.12
    x, y, z = foot
    corners = (
        Spot(x - wide, y + 0.04, z + high),
        Spot(x + wide, y + 0.04, z + high),
        Spot(x + wide, y, z),
        Spot(x - wide, y, z),
    )
    if canvas.lens.spot.y < y:
        canvas.decal(_lettered_plate(seat), corners)
    else:
        canvas.face(corners, (214, 212, 206))


@lru_cache(maxsize=16)
def _lettered_plate(seat: int) -> Image.Image:
    image = Image.new("RGB", (320, 96), (250, 249, 245))
    ImageDraw.Draw(image).rectangle((0, 88, 320, 96), fill=(190, 160, 100))
    text = NAMES[seat][0] if cjk_font() else NAMES[seat][1]
    ink = fit(written(text, 64, (40, 46, 60)), 280, 56)
    image.paste(ink, ((320 - ink.width) // 2, (88 - ink.height) // 2), ink)
    return image


def _microphone(
    canvas: Canvas, foot: Spot, height: float, *, live: bool, lean: float = -0.1
) -> None:
    """A gooseneck; its ring is red while it is live."""
    stem = Upright(canvas, foot)
    if stem.depth < 0.5 or stem.scale < 20:
        return
    top = lean, height
    stem.disc(0, 0.008, 0.05, 0.014, (52, 54, 60))
    bends = [step / 8 for step in range(9)]
    neck = [
        (-0.06 * lean * b * (1 - b) * 8 + lean * b**3, height * (1 - (1 - b) ** 1.4)) for b in bends
    ]
    stem.stroke(neck, 0.012, (58, 60, 68))
    stem.stroke([top, (lean * 1.5, height * 1.08)], 0.03, (40, 42, 48))
    stem.stroke(
        [top, (lean * 1.06, height * 1.008)], 0.032, (226, 52, 48) if live else (112, 120, 128)
    )


def draw_lectern(canvas: Canvas, accent: Colour, *, live: bool) -> None:
    """The lectern with its two microphones; the ring of the first is red while somebody speaks."""
    x, y, z = LECTERN
    top = z + 1.08
    canvas.box(Spot(x - 0.28, y + 0.05, z), Spot(x + 0.28, y + 0.4, top - 0.1), shade(WOOD, -0.1))
    front = y + 0.04
    canvas.sweep(
        (Spot(x - 0.36, front, top - 0.08), Spot(x + 0.36, front, top - 0.08), Spot(x + 0.3, front, z), Spot(x - 0.3, front, z)),
        shade(WOOD, 0.2), shade(WOOD, -0.22), 8,
    )  # fmt: skip
    if canvas.lens.spot.y < front:
        crest = Upright(canvas, Spot(x, front - 0.01, z + 0.68))
        if crest.scale > 20:
            crest.disc(0, 0, 0.15, 0.15, GOLD)
            crest.disc(0, 0, 0.135, 0.135, accent)
            for wide in (0.105, 0.055, 0.048):
                crest.disc(0, 0, wide, 0.105, GOLD if wide != 0.048 else accent)
            crest.stroke([(-0.1, 0), (0.1, 0)], 0.009, GOLD)
    slope = [
        (x - 0.4, front - 0.06, top - 0.03),
        (x + 0.4, front - 0.06, top - 0.03),
        (x + 0.4, y + 0.42, top + 0.09),
        (x - 0.4, y + 0.42, top + 0.09),
    ]
    edge = [
        (x - 0.4, front - 0.06, top - 0.03),
        (x + 0.4, front - 0.06, top - 0.03),
        (x + 0.4, front - 0.06, top - 0.09),
        (x - 0.4, front - 0.06, top - 0.09),
    ]
    canvas.face(slope, shade(WOOD, 0.32))
    canvas.face(edge, shade(WOOD, 0.06))
    _microphone(canvas, Spot(x - 0.2, y + 0.14, top), 0.36, live=live, lean=0.1)
    _microphone(canvas, Spot(x + 0.2, y + 0.14, top), 0.34, live=False, lean=-0.1)


def draw_desk(canvas: Canvas, y: float, side: int) -> None:
    x0, x1 = (1.0, 5.4) if side > 0 else (-5.4, -1.0)
    canvas.box(Spot(x0, y, 0), Spot(x1, y + 0.5, 0.74), shade(WOOD, -0.02), shade(WOOD, 0.3))
    for index in range(4):
        x = x0 + 0.55 + index * 1.1
        sheet = [
            (x - 0.14, y + 0.1, 0.745),
            (x + 0.1, y + 0.1, 0.745),
            (x + 0.1, y + 0.4, 0.745),
            (x - 0.14, y + 0.4, 0.745),
        ]
        canvas.face(sheet, (246, 244, 238))
        _microphone(canvas, Spot(x + 0.22, y + 0.35, 0.74), 0.28, live=False)


def draw_plant(canvas: Canvas, foot: Spot) -> None:
    figure = Upright(canvas, foot)
    if not figure.visible:
        return
    figure.shape([(-0.2, 0.42), (0.2, 0.42), (0.15, 0.0), (-0.15, 0.0)], (232, 228, 220))
    figure.shape([(0.04, 0.42), (0.2, 0.42), (0.15, 0.0), (0.05, 0.0)], (206, 202, 196))
    leaves = (
        (-0.42, 0.9),
        (-0.26, 1.22),
        (-0.05, 1.4),
        (0.18, 1.3),
        (0.38, 1.0),
        (-0.5, 0.62),
        (0.48, 0.68),
    )
    for index, (u, v) in enumerate(leaves):
        green = (74, 116, 88) if index % 2 else (96, 140, 104)
        figure.shape(
            [(0.0, 0.4), (u * 0.45 - 0.08, v * 0.66), (u, v), (u * 0.5 + 0.09, v * 0.6)],
            green,
            smooth=True,
        )
