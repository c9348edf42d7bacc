"""Photos of inspections: taken apart and put together again, so that nothing but the picture is kept."""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from avctl.errors import AvctlError

KINDS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = {"JPEG": 64_000_000}  # which is made smaller while it is unpacked
OF_OTHERS = 25_000_000
LARGEST = 2048  # pixels of the longer side, as it is kept
QUALITY = 85


class PhotoError(AvctlError):
    """It is no photo that can be kept; the text says why."""


@dataclass(frozen=True, slots=True)
class Photo:
    data: bytes  # JPEG, without where and by whom it was taken
    width: int
    height: int


def cleaned(data: bytes) -> Photo:
    """The picture alone, upright, and no larger than needed. Raises PhotoError. Takes time: not for the loop."""
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as opened:
            most = MOST_PIXELS.get(opened.format or "", OF_OTHERS)
            if opened.width * opened.height > most:
                raise PhotoError(f"a photo may have {most // 1_000_000} million pixels")
            opened.draft("RGB", (LARGEST, LARGEST))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LARGEST, LARGEST))
            plain = Image.new("RGB", upright.size, "white")
            shown = upright.convert("RGBA")
            plain.paste(shown, mask=shown.getchannel("A"))
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise PhotoError("give a photo as JPEG, PNG or WebP") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise PhotoError(f"the photo is damaged: {error}") from error
    made = io.BytesIO()
    plain.save(made, "JPEG", quality=QUALITY)
    return Photo(made.getvalue(), plain.width, plain.height)
