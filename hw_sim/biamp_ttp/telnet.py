"""The telnet layer of a Tesira's network port: what is negotiated, what is text."""

IAC, DONT, DO, WONT, WILL, SB, SE = 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0xFA, 0xF0
ECHO, WINDOW_SIZE = 0x01, 0x1F

OFFERS = ((WILL, ECHO), (DO, WINDOW_SIZE))
REFUSAL = {WILL: DONT, DO: WONT}
ANSWERS = {WILL: (DO, DONT), DO: (WILL, WONT)}


class Telnet:
    """The negotiation of one connection, byte by byte."""

    def __init__(self) -> None:
        self._open = set(OFFERS)
        self._verb: int | None = None  # of the command that is being read, or IAC or SB
        self._skipped = 0  # the last byte of a subnegotiation
        self.echoes = True
        self.says = bytearray()  # what is to be answered

    @property
    def settled(self) -> bool:
        """Whether the client has answered every offer."""
        return not self._open

    @staticmethod
    def offers() -> bytes:
        return b"".join(bytes((IAC, *offer)) for offer in OFFERS)

    def is_text(self, byte: int) -> bool:
        """Whether the next byte is text, and not part of a telnet command."""
        if self._verb is None:
            self._verb = IAC if byte == IAC else None
            return byte != IAC
        if self._verb == SB:
            if (self._skipped, byte) == (IAC, SE):
                self._verb = None
            self._skipped = byte
            return False
        if self._verb == IAC:
            self._verb = byte if byte in (DONT, DO, WONT, WILL, SB) else None
            return byte == IAC
        self._negotiate(self._verb, byte)
        self._verb = None
        return False

    def _negotiate(self, verb: int, option: int) -> None:
        if option == ECHO and verb in (DO, DONT):
            self.echoes = verb == DO
        for offer in OFFERS:
            if option == offer[1] and verb in ANSWERS[offer[0]]:
                self._open.discard(offer)
                return
        if verb in REFUSAL:
            self.says += bytes((IAC, REFUSAL[verb], option))
