"""Letters for the pictures: a CJK font when the machine has one, else Latin letters only."""

import os
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
# As the file systems of Debian, Fedora, macOS and Windows name them, best first.
CJK = (
    "NotoSansCJK-Medium",
    "NotoSansCJK",
    "NotoSansSC",
    "SourceHanSans",
    "PingFang",
    "wqy",
    "msyh",
)

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=1)
def cjk_font() -> str | None:
    """The file of a font with Chinese letters, or None."""
    files = [
        Path(folder, name)
        for root in FOLDERS
        for folder, _, names in os.walk(Path(root).expanduser())
        for name in names
        if name.lower().endswith((".ttc", ".otf", ".ttf"))
    ]
    ranked = (str(file) for wanted in CJK for file in sorted(files) if wanted in file.name)
    return next(ranked, None)


@lru_cache(maxsize=64)
def font(size: int) -> Font:
    file = cjk_font()
    return ImageFont.truetype(file, size, index=0) if file else ImageFont.load_default(size)


@lru_cache(maxsize=256)
def written(text: str, size: int, ink: tuple[int, int, int]) -> Image.Image:
    """``text`` in one line on nothing, cut close. Letters that no font here has are left out."""
    if cjk_font() is None:
        text = text.encode("latin-1", "ignore").decode("latin-1").strip() or " "
    face = font(size)
    left, top, right, bottom = face.getbbox(text)
    image = Image.new(
        "RGBA", (max(1, int(right - left) + 2), max(1, int(bottom - top) + 2)), (*ink, 0)
    )
    ImageDraw.Draw(image).text((1 - left, 1 - top), text, font=face, fill=(*ink, 255))
    return image


def fit(image: Image.Image, width: int, height: int) -> Image.Image:
    """``image`` no larger than ``width`` by ``height``, in its own shape."""
    scale = min(width / image.width, height / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS)
