"""The templates that reports are filled into, and those of the site that go before them."""

from pathlib import Path

HERE = Path(__file__).parent


def template(*names: str, folder: Path | None = None) -> bytes:
    """The first of ``names`` that there is, the site's ``folder`` before what is shipped. Raises OSError."""
    for place in (folder, HERE) if folder else (HERE,):
        for name in names:
            if (place / name).is_file():
                return (place / name).read_bytes()
    raise FileNotFoundError(f"no template {names[-1]}")
