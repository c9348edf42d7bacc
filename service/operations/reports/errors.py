"""Why a report's file cannot be made."""

from avctl.errors import AvctlError

PACKAGE = "fonts-noto-cjk"


class FontsMissingError(AvctlError):
    """Chinese could not be shown."""

    def __init__(self, missing: str) -> None:
        super().__init__(
            f"the font {missing} is not on this machine: install the Debian package {PACKAGE}"
        )


class TypesettingError(AvctlError):
    """The template does not fit; the text says where."""
