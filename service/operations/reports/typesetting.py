"""typst: from sources in memory to pages and pictures, with the fonts of the system."""

from functools import cache
from typing import Literal

import typst

from avctl.errors import AvctlError

NEEDED = ("Noto Serif CJK SC", "Noto Sans CJK SC")
PACKAGE = "fonts-noto-cjk"


class FontsMissingError(AvctlError):
    """Chinese could not be shown."""

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"the font {missing} is not on this machine: install the Debian package {PACKAGE}"
        )


class TypesettingError(AvctlError):
    """The template does not fit; the text says where."""


def compile_with(files: dict[str, bytes], form: Literal["pdf", "png"], ppi: float = 144) -> bytes:
    """``files`` by name, "main.typ" the first; of a picture, its one page. Raises FontsMissingError, TypesettingError."""
    _check_fonts()
    try:
        made = typst.compile(files, font_paths=_fonts(), format=form, ppi=ppi)
    except RuntimeError as error:
        raise TypesettingError(str(error)) from error
    if not isinstance(made, bytes):
        raise TypesettingError("it has more than one page")
    return made


def picture(svg: str, centimetres: float, ppi: float = 200) -> bytes:
    """An SVG as PNG."""
    source = f'#set page(width: auto, height: auto, margin: 0pt)\n#image("it.svg", width: {centimetres}cm)'
    return compile_with({"main.typ": source.encode(), "it.svg": svg.encode()}, "png", ppi)


@cache
def _fonts() -> typst.Fonts:
    # Looking at all fonts of a system takes longer than setting a page.
    return typst.Fonts()


def _check_fonts() -> None:
    families = set(_fonts().families())
    for font in NEEDED:
        if font not in families:
            _fonts.cache_clear()  # it may be installed meanwhile
            raise FontsMissingError(font)
