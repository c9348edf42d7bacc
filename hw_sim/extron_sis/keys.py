"""Cuts what is typed at the device into commands, and telnet's own bytes out of it."""

from collections.abc import Iterator

ESC, CR, LF = 0x1B, 0x0D, 0x0A
NOISE = ""  # stands for something that is no command
LONGEST = 2048  # characters of an escape command: quick ties for every plane of a large frame
LONGEST_PLAIN = 16
COUNTING = frozenset(b"0123456789*+-")
FINAL = frozenset(b"!&%$,.BbZzIiQqNnXxGgVv")


class Typing:
    """One connection's half-typed command.

    A plain command is given as typed, ``1*3!``; an escape command as ESC and what follows up to CR, however its ends
    were written.
    """

    def __init__(self) -> None:
        self._typed = bytearray()
        self._skipping = False

    @property
    def pending(self) -> str:
        return self._typed.decode("latin-1")

    def drop(self) -> None:
        self._typed.clear()
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[str]:
        for byte in data:
            if self._skipping:
                self._skipping = byte not in (CR, ord("|"))
            elif byte == ESC or (byte == ord("W") and not self._escaped):
                if self._typed:
                    yield self._take(NOISE)
                self._typed.append(ESC)
            elif self._escaped:
                yield from self._escape(byte)
            else:
                yield from self._plain(byte)

    @property
    def _escaped(self) -> bool:
        return self._typed.startswith(b"\x1b")

    def _take(self, command: str) -> str:
        self._typed.clear()
        return command

    def _escape(self, byte: int) -> Iterator[str]:
        if byte in (CR, ord("|")):
            yield self._take(self.pending)
            return
        self._typed.append(byte)
        if len(self._typed) > LONGEST:
            self._skipping = True
            yield self._take(NOISE)

    def _plain(self, byte: int) -> Iterator[str]:
        half_of_ls = self._typed.endswith((b"L", b"l"))
        if byte in (CR, LF):  # no command needs one; after half a command it is wrong
            if self._typed:
                yield self._take(NOISE)
        elif half_of_ls and byte in b"Ss":
            yield self._take(self.pending + chr(byte))
        elif half_of_ls or len(self._typed) >= LONGEST_PLAIN:
            yield self._take(NOISE)
        elif byte in COUNTING or byte in b"Ll":
            self._typed.append(byte)
        elif byte in FINAL:
            yield self._take(self.pending + chr(byte))
        else:
            yield self._take(NOISE)


IAC, SB, SE = 0xFF, 0xFA, 0xF0
WILL_TO_DONT = range(0xFB, 0xFF)
NEGOTIATION = bytes([IAC, 0xFD, 24, IAC, 0xFB, 1])  # DO terminal type, WILL echo


class Telnet:
    """Takes telnet commands out of one connection's bytes, cut anywhere."""

    def __init__(self) -> None:
        self._state = "data"

    def feed(self, data: bytes) -> bytes:
        return bytes(byte for byte in data if self._is_data(byte))

    def _is_data(self, byte: int) -> bool:
        if self._state in ("data", "cr"):
            padding = self._state == "cr" and byte == 0
            self._state = "iac" if byte == IAC else "cr" if byte == CR else "data"
            return byte != IAC and not padding
        if self._state == "iac":
            self._state = "sub" if byte == SB else "option" if byte in WILL_TO_DONT else "data"
            return byte == IAC
        if self._state == "option":
            self._state = "data"
        elif self._state == "sub":
            self._state = "sub-iac" if byte == IAC else "sub"
        else:
            self._state = "data" if byte == SE else "sub"
        return False
