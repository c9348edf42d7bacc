"""Telnet options on a plain TCP connection: every one is refused, and the text comes through clean."""

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240


class Telnet:
    """Strips option negotiation out of what was received. Pure; bytes may be cut anywhere.

    Source: RFC 854, RFC 855.
    """

    def __init__(self) -> None:
        self._held = b""
        self._answers = b""

    def strip(self, data: bytes) -> bytes:
        data = self._held + data
        text = bytearray()
        at = 0
        while at < len(data):
            if data[at] != IAC:
                end = data.find(IAC, at)
                end = len(data) if end < 0 else end
                text += data[at:end]
                at = end
                continue
            length = self._sequence(data, at)
            if length == 0:
                break
            if data[at : at + 2] == b"\xff\xff":
                text.append(IAC)
            at += length
        # A subnegotiation without end would be kept for ever; no real one is this long.
        self._held = data[at:] if len(data) - at <= 256 else b""
        return bytes(text)

    def answers(self) -> bytes:
        """What is to be sent back, once."""
        answers, self._answers = self._answers, b""
        return answers

    def _sequence(self, data: bytes, at: int) -> int:
        """The length of the sequence that starts at ``at``, or 0 while it is incomplete."""
        if len(data) < at + 2:
            return 0
        verb = data[at + 1]
        if verb == SB:
            end = data.find(bytes((IAC, SE)), at)
            return end + 2 - at if end >= 0 else 0
        if verb not in (DO, DONT, WILL, WONT):
            return 2
        if len(data) < at + 3:
            return 0
        option = data[at + 2]
        if verb in (DO, WILL) and len(self._answers) < 256:
            self._answers += bytes((IAC, WONT if verb == DO else DONT, option))
        return 3
