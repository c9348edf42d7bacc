"""Paper on which flat shapes of the room are drawn as a lens sees them."""

from collections.abc import Sequence
from math import cos, pi, radians, sin, tan

from PIL import Image, ImageDraw, ImageFilter

from hw_sim.scenery import Lens, Spot

Colour = tuple[int, int, int]
Point = tuple[float, float]

WIDTH, HEIGHT = 640, 360
FINE = 2  # drawn this much larger, for smooth edges
NEAR = 0.15  # metres; nothing nearer to the lens is drawn
HAZE: Colour = (214, 210, 204)
CIRCLE = [(cos(2 * pi * step / 28), sin(2 * pi * step / 28)) for step in range(28)]


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """``colour`` with this ``share``, 0 to 1, of ``other``."""
    return (
        round(colour[0] + (other[0] - colour[0]) * share),
        round(colour[1] + (other[1] - colour[1]) * share),
        round(colour[2] + (other[2] - colour[2]) * share),
    )


def shade(colour: Colour, share: float) -> Colour:
    """Lighter by a positive ``share``, darker and cooler by a negative one."""
    return mix(colour, (255, 250, 240), share) if share > 0 else mix(colour, (22, 26, 40), -share)


class Canvas:
    """The picture a lens takes. Draw far things first."""

    def __init__(self, lens: Lens) -> None:
        self.lens = lens
        self.right, self.up, self.ahead = lens.axes()
        self.focal = WIDTH * FINE / 2 / tan(radians(lens.fov) / 2)
        self.image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), HAZE)
        self.draw = ImageDraw.Draw(self.image)

    def local(self, spot: Sequence[float]) -> tuple[float, float, float]:
        """``spot`` as metres to the right of, above and ahead of the lens."""
        eye = self.lens.spot
        x, y, z = spot[0] - eye.x, spot[1] - eye.y, spot[2] - eye.z
        right, up, ahead = self.right, self.up, self.ahead
        return (
            x * right.x + y * right.y,
            x * up.x + y * up.y + z * up.z,
            x * ahead.x + y * ahead.y + z * ahead.z,
        )

    def pixel(self, local: Sequence[float]) -> Point:
        scale = self.focal / local[2]
        return WIDTH * FINE / 2 + local[0] * scale, HEIGHT * FINE / 2 - local[1] * scale

    def depth(self, spot: Sequence[float]) -> float:
        return self.local(spot)[2]

    def face(
        self, corners: Sequence[Sequence[float]], colour: Colour, *, haze: bool = True
    ) -> None:
        """A flat shape of the room, cut at the lens."""
        locals_ = [self.local(corner) for corner in corners]
        kept = _in_front(locals_)
        if len(kept) < 3:
            return
        if haze:
            colour = hazed(colour, sum(local[2] for local in kept) / len(kept))
        self.draw.polygon([self.pixel(local) for local in kept], fill=colour)

    def sweep(
        self,
        corners: tuple[Spot, Spot, Spot, Spot],
        first: Colour,
        last: Colour,
        steps: int = 16,
    ) -> None:
        """A four-cornered face whose colour runs from its first edge (0, 1) to its last (3, 2)."""
        for step in range(steps):
            here, there = step / steps, (step + 1) / steps
            self.face(
                [
                    between(corners[0], corners[3], here),
                    between(corners[1], corners[2], here),
                    between(corners[1], corners[2], there),
                    between(corners[0], corners[3], there),
                ],
                mix(first, last, (step + 0.5) / steps),
            )

    def box(self, low: Spot, high: Spot, colour: Colour, top: Colour | None = None) -> None:
        """A block with upright sides: those that the lens sees, then its top."""
        eye = self.lens.spot
        x0, y0, z0 = low
        x1, y1, z1 = high
        if eye.x < x0 or eye.x > x1:
            x = x0 if eye.x < x0 else x1
            side = [(x, y0, z0), (x, y1, z0), (x, y1, z1), (x, y0, z1)]
            self.face(side, shade(colour, -0.16))
        if eye.y < y0 or eye.y > y1:
            y = y0 if eye.y < y0 else y1
            self.face([(x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1)], colour)
        if eye.z > z1:
            lid = [(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)]
            self.face(lid, top or shade(colour, 0.18))

    def decal(self, image: Image.Image, corners: tuple[Spot, Spot, Spot, Spot]) -> None:
        """``image`` laid on a face of the room; corners from top left, clockwise."""
        locals_ = [self.local(corner) for corner in corners]
        if min(local[2] for local in locals_) < NEAR:
            return
        points = [self.pixel(local) for local in locals_]
        left = max(0, int(min(x for x, _ in points)))
        top = max(0, int(min(y for _, y in points)))
        right = min(self.image.width, int(max(x for x, _ in points)) + 1)
        bottom = min(self.image.height, int(max(y for _, y in points)) + 1)
        if right - left < 2 or bottom - top < 2:
            return
        placed = [(x - left, y - top) for x, y in points]
        # Far larger letters than the picture has pixels would glitter.
        span = max(points[1][0] - points[0][0], 1.0)
        if image.width > 2 * span:
            size = max(1, round(span * 1.5)), max(1, round(image.height * span * 1.5 / image.width))
            image = image.resize(size, Image.Resampling.BOX)
        laid = image.convert("RGBA").transform(
            (right - left, bottom - top),
            Image.Transform.PERSPECTIVE,
            _perspective(placed, image.width, image.height),
            Image.Resampling.BILINEAR,
        )
        self.image.paste(laid, (left, top), laid)

    def blur(self, amount: float) -> None:
        """What is drawn so far goes out of focus by ``amount`` pixels of the finished picture."""
        if amount < 0.4:
            return
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
        soft = small.filter(ImageFilter.BoxBlur(amount)).filter(ImageFilter.BoxBlur(amount))
        self.image.paste(soft.resize(self.image.size, Image.Resampling.BILINEAR))

    def finished(self) -> Image.Image:
        return self.image.reduce(FINE)


class Upright:
    """A figure cut out of the room, facing the lens; u to its right, v up, in metres from its foot."""

    def __init__(self, canvas: Canvas, foot: Spot) -> None:
        self.canvas = canvas
        self.foot = canvas.local(foot)
        self.depth = self.foot[2]
        self.scale = canvas.focal / max(self.depth, NEAR)  # pixels to a metre
        self.x, self.y = canvas.pixel((self.foot[0], self.foot[1], max(self.depth, NEAR)))

    @property
    def visible(self) -> bool:
        margin = 1.2 * self.scale
        return self.depth > 0.5 and -margin < self.x < WIDTH * FINE + margin

    def at(self, u: float, v: float) -> Point:
        return self.x + u * self.scale, self.y - v * self.scale

    def shape(self, points: Sequence[Point], colour: Colour, *, smooth: bool = False) -> None:
        if smooth:
            points = smoothed(points)
        fill = hazed(colour, self.depth)
        self.canvas.draw.polygon([self.at(u, v) for u, v in points], fill=fill)

    def disc(self, u: float, v: float, wide: float, high: float, colour: Colour) -> None:
        """An ellipse with these radii."""
        self.shape([(u + wide * x, v + high * y) for x, y in CIRCLE], colour)

    def stroke(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A line ``width`` metres thick, with round ends."""
        fill = hazed(colour, self.depth)
        thick = max(1, round(width * self.scale))
        path = [self.at(u, v) for u, v in points]
        self.canvas.draw.line(path, fill=fill, width=thick, joint="curve")
        if thick > 3:
            for x, y in (path[0], path[-1]):
                half = thick / 2 - 0.5
                self.canvas.draw.ellipse((x - half, y - half, x + half, y + half), fill=fill)


def between(one: Spot, other: Spot, share: float) -> Spot:
    return Spot(*(here + (there - here) * share for here, there in zip(one, other, strict=True)))


def hazed(colour: Colour, depth: float) -> Colour:
    """Farther things are paler."""
    return mix(colour, HAZE, min(0.26, max(0.0, depth - 2) * 0.016))


def smoothed(points: Sequence[Point], steps: int = 6) -> list[Point]:
    """A closed curve through ``points`` (Catmull and Rom)."""
    count, curve = len(points), []
    for index in range(count):
        before, here, there, after = (points[(index + k) % count] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append(
                (
                    _spline(before[0], here[0], there[0], after[0], t),
                    _spline(before[1], here[1], there[1], after[1], t),
                )
            )
    return curve


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b
        + (c - a) * t
        + (2 * a - 5 * b + 4 * c - d) * t * t
        + (3 * b - a - 3 * c + d) * t * t * t
    )


def _in_front(corners: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    kept = []
    for index, here in enumerate(corners):
        before = corners[index - 1]
        if (before[2] < NEAR) != (here[2] < NEAR):
            share = (NEAR - before[2]) / (here[2] - before[2])
            x = before[0] + (here[0] - before[0]) * share
            y = before[1] + (here[1] - before[1]) * share
            kept.append((x, y, NEAR))
        if here[2] >= NEAR:
            kept.append(here)
    return kept


def _perspective(points: Sequence[Point], width: int, height: int) -> list[float]:
    """The eight numbers by which Pillow finds, for a pixel of the picture, the pixel of the decal."""
    rows = []
    flat = [(0, 0), (width, 0), (width, height), (0, height)]
    for (x, y), (u, v) in zip(points, flat, strict=True):
        rows.append([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u])
        rows.append([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v])
    for column in range(8):
        best = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        lead = rows[column][column] or 1e-12
        rows[column] = [value / lead for value in rows[column]]
        for row in range(8):
            if row != column and rows[row][column]:
                factor = rows[row][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[8] for row in rows]
