"""What is asked does not fit how things stand."""

from avctl.errors import AvctlError


class ConflictError(AvctlError):
    """It is over already, or not yet so far; the text says which."""
