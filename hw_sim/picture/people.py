"""People of the meeting: seen from the front or from behind, the nearer the more of them."""

from dataclasses import dataclass
from math import atan2, cos, sin
from random import Random

from hw_sim.picture.canvas import Canvas, Colour, Point, Upright, mix, shade
from hw_sim.scenery import Lens, Spot

SKINS: tuple[Colour, ...] = ((238, 198, 168), (226, 180, 146), (196, 146, 110), (142, 98, 70))
HAIRS: tuple[Colour, ...] = (
    (40, 34, 34),
    (58, 44, 38),
    (92, 70, 54),
    (150, 146, 144),
    (30, 30, 36),
)
SUITS: tuple[Colour, ...] = (
    (46, 58, 84), (64, 68, 78), (38, 66, 74), (88, 74, 68), (104, 62, 68), (54, 52, 66), (92, 98, 108),
)  # fmt: skip
TIES: tuple[Colour, ...] = (
    (150, 48, 54),
    (44, 88, 140),
    (176, 132, 62),
    (62, 112, 96),
    (112, 70, 120),
)
SHIRT: Colour = (240, 240, 238)
STYLES = ("short", "side", "bob", "bun", "bald")


@dataclass(frozen=True, slots=True)
class Person:
    """How somebody looks."""

    skin: Colour
    hair: Colour
    suit: Colour
    tie: Colour
    style: str
    glasses: bool

    @classmethod
    def number(cls, number: int) -> "Person":
        """Always the same person for the same number."""
        chance = Random(number * 7919 + 11)
        return cls(
            chance.choice(SKINS),
            chance.choice(HAIRS),
            chance.choice(SUITS),
            chance.choice(TIES),
            chance.choice(STYLES[:4] * 2 + STYLES[4:]),
            chance.random() < 0.3,
        )


SPEAKER = Person(SKINS[1], (44, 36, 34), (42, 60, 98), (160, 50, 56), "side", False)


def draw_person(
    canvas: Canvas,
    head: Spot,
    person: Person,
    *,
    facing: float = -1.0,  # along y: -1 looks at the audience, 1 at the rostrum
    speaking: float | None = None,  # seconds of speech, to move the mouth and hands by
) -> None:
    """A person from the chest up, with the middle of the head at ``head``."""
    figure = Upright(canvas, head)
    if not figure.visible:
        return
    turn = _turn(canvas.lens, head, facing)
    sway = 0.0 if speaking is None else 0.012 * sin(speaking * 1.3)
    _body(figure, person, away=cos(turn) < 0)
    if cos(turn) < 0:
        _back(figure, person)
    else:
        _front(figure, person, sin(turn) * 0.05 + sway, speaking)


def _turn(lens: Lens, head: Spot, facing: float) -> float:
    """By how much the person looks past the lens, in radians; positive to the picture's right."""
    bearing = atan2(lens.spot.x - head.x, (lens.spot.y - head.y) * facing)
    return bearing * (1 if facing < 0 else -1) * -1


def _body(figure: Upright, person: Person, *, away: bool) -> None:
    suit = person.suit
    outline: list[Point] = [
        (-0.06, -0.14), (-0.1, -0.2), (-0.2, -0.245), (-0.25, -0.33), (-0.275, -0.52), (-0.285, -0.8),
        (0.285, -0.8), (0.275, -0.52), (0.25, -0.33), (0.2, -0.245), (0.1, -0.2), (0.06, -0.14),
    ]  # fmt: skip
    figure.shape(outline, suit, smooth=True)
    if figure.scale < 30:
        return
    lit = [
        (-0.2, -0.25),
        (-0.245, -0.33),
        (-0.27, -0.52),
        (-0.275, -0.78),
        (-0.19, -0.78),
        (-0.2, -0.45),
    ]
    dark = [
        (0.2, -0.25),
        (0.245, -0.33),
        (0.27, -0.52),
        (0.275, -0.78),
        (0.15, -0.78),
        (0.18, -0.45),
    ]
    figure.shape(lit, shade(suit, 0.1), smooth=True)
    figure.shape(dark, shade(suit, -0.22), smooth=True)
    if away:
        figure.stroke([(0.0, -0.24), (0.0, -0.78)], 0.006, shade(suit, -0.3))
        return
    figure.shape([(-0.075, -0.165), (0.0, -0.5), (0.075, -0.165)], SHIRT)
    figure.shape([(0.0, -0.2), (0.012, -0.48), (0.075, -0.165)], shade(SHIRT, -0.12))
    if person.style not in ("bob", "bun"):
        tie = person.tie
        figure.shape(
            [(-0.018, -0.2), (0.018, -0.2), (0.012, -0.235), (-0.012, -0.235)], shade(tie, -0.2)
        )
        figure.shape(
            [(-0.012, -0.235), (0.012, -0.235), (0.03, -0.46), (0.0, -0.52), (-0.03, -0.46)], tie
        )
    left = [
        (-0.085, -0.15),
        (-0.14, -0.27),
        (-0.105, -0.29),
        (-0.12, -0.33),
        (0.0, -0.56),
        (-0.03, -0.4),
    ]
    figure.shape(left, shade(suit, 0.14))
    figure.shape([(-u, v) for u, v in left], shade(suit, 0.03))
    figure.stroke([(0.0, -0.56), (0.0, -0.79)], 0.005, shade(suit, -0.35))


def _back(figure: Upright, person: Person) -> None:
    figure.shape(
        [(-0.055, -0.05), (0.055, -0.05), (0.07, -0.2), (-0.07, -0.2)], shade(person.skin, -0.25)
    )
    figure.shape(
        [(-0.085, -0.16), (0.085, -0.16), (0.1, -0.22), (-0.1, -0.22)], shade(person.suit, 0.12)
    )
    for side in (-1, 1):
        figure.disc(0.094 * side, -0.01, 0.018, 0.032, shade(person.skin, -0.12))
    hair = person.skin if person.style == "bald" else person.hair
    figure.disc(0.0, 0.0, 0.094, 0.125, shade(person.skin, -0.15))
    figure.disc(0.0, 0.022, 0.098, 0.118, shade(hair, -0.1))
    figure.disc(-0.02, 0.035, 0.07, 0.092, shade(hair, 0.08))
    if person.style == "bob":
        long = [
            (-0.1, 0.03),
            (-0.112, -0.1),
            (-0.085, -0.18),
            (0.085, -0.18),
            (0.112, -0.1),
            (0.1, 0.03),
        ]
        figure.shape(long, shade(hair, -0.06), smooth=True)
    if person.style == "bun":
        figure.disc(0.0, 0.05, 0.052, 0.05, shade(hair, -0.2))
        figure.disc(-0.008, 0.056, 0.04, 0.038, shade(hair, 0.12))


def _front(figure: Upright, person: Person, du: float, speaking: float | None) -> None:
    """The head from the front; ``du`` metres is how far the face is turned to the side."""
    skin, hair = person.skin, person.hair
    if person.style == "bob":
        back = [
            (0.0, 0.14),
            (-0.1, 0.09),
            (-0.125, -0.05),
            (-0.11, -0.17),
            (0.11, -0.17),
            (0.125, -0.05),
            (0.1, 0.09),
        ]
        figure.shape(back, shade(hair, -0.12), smooth=True)
    if person.style == "bun":
        figure.disc(0.0, 0.15, 0.05, 0.045, hair)
    neck = [(-0.052, -0.06), (0.052, -0.06), (0.06, -0.175), (0.0, -0.225), (-0.06, -0.175)]
    figure.shape(neck, shade(skin, -0.2))
    for side in (-1, 1):
        figure.disc(0.095 * side - du * 0.5, -0.012, 0.018, 0.034, shade(skin, -0.1))
    jaw = [
        (0.0, 0.122), (-0.075, 0.09), (-0.096, 0.01), (-0.086, -0.062), (-0.042, -0.122), (0.0, -0.134),
        (0.042, -0.122), (0.086, -0.062), (0.096, 0.01), (0.075, 0.09),
    ]  # fmt: skip
    figure.shape(jaw, shade(skin, -0.09), smooth=True)
    figure.shape([(u * 0.9 - 0.008, v * 0.95 + 0.003) for u, v in jaw], skin, smooth=True)
    if figure.scale > 45:
        _features(figure, person, du, speaking)
    _hair(figure, person, du)


def _hair(figure: Upright, person: Person, du: float) -> None:
    hair = person.hair
    if person.style == "bald":
        for side in (-1, 1):
            figure.disc(0.09 * side - du * 0.4, 0.015, 0.013, 0.045, shade(hair, 0.1))
        return
    parting = {"short": 0.0, "side": -0.045, "bob": 0.03, "bun": 0.0}[person.style] + du
    fringe = 0.062 if person.style in ("short", "side") else 0.05
    cap = [
        (-0.1, 0.0), (-0.108, 0.07), (-0.075, 0.135), (0.0, 0.158), (0.075, 0.135), (0.108, 0.07), (0.1, 0.0),
        (0.09, 0.048), (0.055, fringe + 0.012), (parting, fringe + 0.02), (-0.055, fringe), (-0.088, 0.045),
    ]  # fmt: skip
    figure.shape(cap, hair, smooth=True)
    if figure.scale > 45:
        shine = [(-0.07, 0.115), (0.0, 0.142), (0.05, 0.132), (0.0, 0.12)]
        figure.shape(shine, shade(hair, 0.16), smooth=True)
    if person.style == "bob":
        for side in (-1, 1):
            lock = [
                (0.086, 0.06),
                (0.112, 0.0),
                (0.118, -0.1),
                (0.1, -0.165),
                (0.078, -0.12),
                (0.09, -0.03),
            ]
            figure.shape([(u * side, v) for u, v in lock], shade(hair, 0.05 * -side), smooth=True)


def _features(figure: Upright, person: Person, du: float, speaking: float | None) -> None:
    skin = person.skin
    close = figure.scale > 150
    if close:
        for side in (-1, 1):
            figure.disc(
                0.054 * side + du * 0.8, -0.04, 0.024, 0.016, mix(skin, (214, 110, 96), 0.16)
            )
    for side in (-1, 1):
        u = 0.038 * side + du
        if close:
            figure.disc(u, 0.003, 0.0165, 0.0095, (250, 248, 244))
        figure.disc(u + du * 0.08, 0.002, 0.0085, 0.0095, (42, 32, 30))
        if close:
            figure.disc(u - 0.003, 0.006, 0.0024, 0.0024, (255, 255, 255))
            figure.stroke(
                [(u - 0.018, 0.008), (u, 0.0135), (u + 0.018, 0.008)], 0.004, shade(skin, -0.5)
            )
        brow = [(u - 0.022, 0.027), (u, 0.034), (u + 0.022, 0.028)]
        figure.stroke(brow, 0.007, mix(person.hair, skin, 0.25))
        if person.glasses:
            frame = [(u + x * 0.027, 0.002 + y * 0.02) for x, y in _ring()]
            figure.stroke(frame, 0.0045, (44, 44, 52))
    if person.glasses:
        figure.stroke([(-0.011 + du, 0.004), (0.011 + du, 0.004)], 0.0045, (44, 44, 52))
    nose = [(du * 1.25 + 0.004, 0.012), (du * 1.35 + 0.017, -0.036), (du * 1.3, -0.042)]
    figure.shape(nose, shade(skin, -0.16))
    _mouth(figure, skin, du, speaking)


def _mouth(figure: Upright, skin: Colour, du: float, speaking: float | None) -> None:
    lips = mix(skin, (160, 62, 62), 0.55)
    open_ = 0.0 if speaking is None else abs(sin(speaking * 2.3)) * 0.008
    if open_ < 0.003:
        figure.stroke([(du - 0.026, -0.07), (du, -0.075), (du + 0.026, -0.07)], 0.006, lips)
        return
    figure.disc(du, -0.074, 0.025, 0.006 + open_, lips)
    figure.disc(du, -0.074, 0.019, 0.002 + open_ * 0.75, (92, 36, 40))
    figure.disc(du, -0.069 + open_ * 0.4, 0.015, 0.0035, (246, 242, 238))


def _ring() -> list[Point]:
    return [(cos(step * 0.45), sin(step * 0.45)) for step in range(15)]
