"""Pictures made of pictures: the far end's screen, a wall of windows, a laptop's slide."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from hw_sim.picture.canvas import HEIGHT, WIDTH, Colour, mix
from hw_sim.picture.lettering import cjk_font, fit, font, written

BLACK = Image.new("RGB", (WIDTH, HEIGHT))
PANEL: Colour = (24, 28, 38)
INK: Colour = (232, 236, 242)
FAINT: Colour = (130, 138, 152)
SOUND: Colour = (98, 214, 160)
LOUDEST, SILENT = -6.0, -60.0  # dBFS, the ends of the meter


@dataclass(frozen=True, slots=True)
class Shown:
    """A window with what is in it; place and size as fractions of the wall."""

    x: float
    y: float
    width: float
    height: float
    picture: Image.Image


def far_end_picture(
    picture: Image.Image, source: str, heard: Sequence[tuple[str, float]]
) -> Image.Image:
    """The screen of the conference terminal at the other end: the picture sent, and who is heard how loud."""
    screen = Image.new("RGB", (WIDTH, HEIGHT), PANEL)
    draw = ImageDraw.Draw(screen)
    inner = picture.resize((528, 297), Image.Resampling.LANCZOS)
    screen.paste(inner, (56, 12), _rounded(inner.size, 8))
    draw.rounded_rectangle((56, 12, 56 + 527, 12 + 296), 8, outline=(58, 64, 80), width=1)
    _pill(screen, (68, 22), "远端 Far end" if cjk_font() else "Far end")
    y = 336
    draw.ellipse((56, y - 5, 66, y + 5), fill=SOUND if heard else (196, 84, 78))
    source_ink = written(source or "no picture", 13, INK)
    screen.paste(source_ink, (76, y - source_ink.height // 2), source_ink)
    _sound(screen, heard, y)
    return screen


def _sound(screen: Image.Image, heard: Sequence[tuple[str, float]], y: int) -> None:
    draw = ImageDraw.Draw(screen)
    right = WIDTH - 56
    if not heard:
        quiet = written("no sound", 13, FAINT)
        screen.paste(quiet, (right - quiet.width, y - quiet.height // 2), quiet)
        return
    name, level = heard[0]
    share = min(1.0, max(0.0, (level - SILENT) / (LOUDEST - SILENT)))
    bars = 18
    for bar in range(bars):
        lit = bar < round(share * bars)
        tone = mix(SOUND, (240, 190, 80), max(0.0, bar / bars - 0.6) * 2) if lit else (52, 58, 72)
        x = right - 126 + bar * 7
        draw.rounded_rectangle((x, y - 7, x + 4, y + 7), 2, fill=tone)
    text = name if len(heard) == 1 else f"{name} +{len(heard) - 1}"
    ink = written(f"{text}  {level:.0f} dB", 13, INK)
    screen.paste(ink, (right - 140 - ink.width, y - ink.height // 2), ink)


def wall_picture(windows: Sequence[Shown]) -> Image.Image:
    """A wall showing ``windows``, the last one in front."""
    wall = Image.new("RGB", (WIDTH, HEIGHT), (12, 13, 18))
    draw = ImageDraw.Draw(wall)
    for window in windows:
        left, top = round(window.x * WIDTH), round(window.y * HEIGHT)
        size = max(2, round(window.width * WIDTH)), max(2, round(window.height * HEIGHT))
        wall.paste(window.picture.resize(size, Image.Resampling.LANCZOS), (left, top))
        draw.rectangle((left, top, left + size[0] - 1, top + size[1] - 1), outline=(54, 60, 74))
    # The seams of a wall of two by two screens.
    draw.line((WIDTH // 2, 0, WIDTH // 2, HEIGHT), fill=(20, 21, 26))
    draw.line((0, HEIGHT // 2, WIDTH, HEIGHT // 2), fill=(20, 21, 26))
    return wall


def slide_picture(name: str, title: str, accent: Colour, second: int) -> Image.Image:
    """What a laptop presents: a slide with a chart."""
    slide = Image.new("RGB", (WIDTH, HEIGHT), (250, 249, 246))
    draw = ImageDraw.Draw(slide)
    draw.rectangle((0, 0, WIDTH, 64), fill=accent)
    heading = fit(written(title, 28, (252, 250, 244)), WIDTH - 80, 34)
    slide.paste(heading, (36, (64 - heading.height) // 2), heading)
    for line, width in enumerate((220, 184, 206, 150)):
        y = 106 + line * 42
        draw.ellipse((38, y, 48, y + 10), fill=accent)
        draw.rounded_rectangle((62, y, 62 + width, y + 10), 5, fill=(206, 206, 208))
    for bar, height in enumerate((62, 96, 84, 130, 158)):
        x = 352 + bar * 48
        tone = mix(accent, (255, 255, 255), 0.5 - 0.12 * bar)
        draw.rounded_rectangle((x, 286 - height, x + 32, 286), 4, fill=tone)
    draw.line((340, 287, 604, 287), fill=(150, 150, 156), width=2)
    page = f"{name}   {second // 60 % 60:02}:{second % 60:02}"
    draw.text((WIDTH - 28, HEIGHT - 24), page, FAINT, font(12), anchor="rm")
    return slide


def _rounded(size: tuple[int, int], radius: int) -> Image.Image:
    mask = Image.new("L", (size[0] * 2, size[1] * 2))
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, size[0] * 2 - 1, size[1] * 2 - 1), radius * 2, fill=255
    )
    return mask.reduce(2)


def _pill(image: Image.Image, corner: tuple[int, int], text: str) -> None:
    ink = written(text, 12, (244, 246, 250))
    x, y = corner
    size = ink.width + 16, 20
    under = image.crop((x, y, x + size[0], y + size[1]))
    image.paste(
        Image.blend(under, Image.new("RGB", size, (14, 18, 28)), 0.66), (x, y), _rounded(size, 6)
    )
    image.paste(ink, (x + 8, y + (20 - ink.height) // 2), ink)
