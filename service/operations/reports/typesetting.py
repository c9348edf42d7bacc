"""typst: from sources in memory to pages and pictures, with the fonts of the system."""

from functools import cache
from typing import Literal

import typst

from service.operations.reports.errors import FontsMissingError, TypesettingError

NEEDED = ("Noto Serif CJK SC", "Noto Sans CJK SC")


def compile_with(
    files: dict[str, bytes], form: Literal["pdf", "png"], *, ppi: float = 144, at: int = 0
) -> bytes:
    """``files`` by name, with "main.typ" among them; of a picture, its one page. ``at``: the date of the file.

    Raises FontsMissingError, TypesettingError.
    """
    _check_fonts()
    try:
        # Its stubs leave out that files may be given in memory.
        made: object = typst.compile(  # type: ignore[call-overload]
            files, font_paths=_fonts(), format=form, ppi=ppi, timestamp=at
        )
    except RuntimeError as error:
        raise TypesettingError(str(error)) from error
    if not isinstance(made, bytes):
        raise TypesettingError("it has more than one page")
    return made


def picture(svg: str, centimetres: float, ppi: float = 200) -> bytes:
    """An SVG as PNG."""
    source = f'#set page(width: auto, height: auto, margin: 0pt)\n#image("it.svg", width: {centimetres}cm)'
    return compile_with({"main.typ": source.encode(), "it.svg": svg.encode()}, "png", ppi=ppi)


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
