"""What one camera takes."""

from functools import lru_cache

from PIL import Image, ImageDraw

from hw_sim.picture.canvas import HEIGHT, WIDTH, Canvas
from hw_sim.picture.interior import Scene, draw_room
from hw_sim.picture.lettering import font
from hw_sim.scenery import Lens

STRIP = 22  # pixels at the foot of the picture: who takes it, and when


def camera_picture(name: str, lens: Lens | None, scene: Scene, second: int) -> Image.Image:
    """The room through ``lens``, marked with the camera's name and the time; black without a lens."""
    if lens is None:
        return Image.new("RGB", (WIDTH, HEIGHT))
    canvas = Canvas(lens)
    draw_room(canvas, scene)
    image = Image.composite(
        canvas.finished(), Image.new("RGB", (WIDTH, HEIGHT), (30, 26, 34)), _vignette()
    )
    _stamp(image, name, second)
    return image


@lru_cache(maxsize=1)
def _vignette() -> Image.Image:
    """How much of each pixel stays: all in the middle, less in the corners."""
    falloff = Image.radial_gradient("L").resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return falloff.point([round(255 - max(0, level - 130) * 0.42) for level in range(256)])


def _stamp(image: Image.Image, name: str, second: int) -> None:
    top = HEIGHT - STRIP
    strip = image.crop((0, top, WIDTH, HEIGHT))
    image.paste(Image.blend(strip, Image.new("RGB", strip.size, (16, 20, 30)), 0.62), (0, top))
    draw = ImageDraw.Draw(image)
    draw.text((12, top + STRIP // 2), name, (238, 240, 244), font(12), anchor="lm")
    hours, rest = divmod(second % 86400, 3600)
    clock = f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
    draw.text((WIDTH - 12, top + STRIP // 2), clock, (238, 240, 244), font(12), anchor="rm")
    # A dot that moves every second shows a frozen picture at a glance.
    left, places = WIDTH - 160, 10
    for place in range(places):
        lit = place == second % places
        x, y = left + place * 8, top + STRIP // 2
        draw.rectangle((x, y - 2, x + 4, y + 2), fill=(98, 214, 160) if lit else (74, 80, 94))
