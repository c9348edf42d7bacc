"""Commands in a stream: operations end with a full stop, system commands with a semicolon.

In the EXTRON command set a command ends with the sign of its plane instead.
"""

LONGEST = 128  # characters of a command
BETWEEN = b"\r\n \x00"  # passed over where a command could begin
CREATOR, EXTRON = ".;", "!&%$;"


class Commands:
    """Puts commands together. What is longer than any is dropped to its end."""

    def __init__(self) -> None:
        self._text = bytearray()
        self._too_long = False

    @property
    def is_between(self) -> bool:
        """Whether the next character begins a command."""
        return not self._text and not self._too_long

    def put(self, byte: int, ends: str) -> str | None:
        """The command that ``byte`` completes, with its end; empty when it was too long."""
        if self.is_between and byte in BETWEEN:
            return None
        if len(self._text) >= LONGEST:
            self._too_long = True
            self._text.clear()
        if chr(byte) not in ends:
            if not self._too_long:
                self._text.append(byte)
            return None
        text = "" if self._too_long else self._text.decode("latin-1") + chr(byte)
        self._text.clear()
        self._too_long = False
        return text
