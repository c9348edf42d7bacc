"""A connection: the PIN where one is wanted, then frames."""

from functools import reduce
from typing import TYPE_CHECKING

from hw_sim.samsung_mdc.display import Refused, change, reading
from hw_sim.samsung_mdc.wire import ANYBODY, Frame, Frames, answer
from hw_sim.simulator import Conversation, Port

if TYPE_CHECKING:
    from hw_sim.samsung_mdc.device import Displays
    from hw_sim.samsung_mdc.display import Display

HELLO, PASS = b"MDCSTART<<TLS>>", b"MDCAUTH<<PASS>>"
WRONG_PIN, BLOCKED = 1, 2
NO_REASON = b"\x00"
HALF_FRAME = 1.0  # seconds of silence after which the rest is not waited for; not in the source


class Session(Conversation):
    def __init__(self, device: "Displays", port: Port) -> None:
        self.device, self.port = device, port
        self._frames = Frames()
        self._pin = bytearray()
        self._wants_pin = device.knobs.pin is not None and port.kind == "tcp"
        self._gone = False
        self._heard_at = 0.0

    def opened(self) -> None:
        if self._wants_pin:
            self.port.send(HELLO)

    def receive(self, data: bytes) -> None:
        if self._wants_pin and not self._gone:
            data = self._log_in(data)
        if not self._wants_pin:
            now = self.device.clock.now()
            if now - self._heard_at > HALF_FRAME:
                self._frames = Frames()
            self._heard_at = now
            for frame in self._frames.feed(data):
                self._obey(frame)

    def _log_in(self, data: bytes) -> bytes:
        """Take four digits, and give what comes after them."""
        wanted = 4 - len(self._pin)
        self._pin += data[:wanted]
        if len(self._pin) == 4:
            flaw = self.device.try_pin(bytes(self._pin))
            if flaw:
                self._gone = True
                self.port.send(f"MDCAUTH<<FAIL:{flaw:04X}>>".encode())
                self.port.close()
            else:
                self._wants_pin = False
                self.port.send(PASS)
        return data[wanted:]

    def _obey(self, frame: Frame) -> None:
        meant = [each for each in self.device.displays.values() if frame.id in (each.id, *ANYBODY)]
        said = [self._answer(display, frame) for display in meant]
        if said:
            self.port.send(reduce(_collided, said))

    def _answer(self, display: "Display", frame: Frame) -> bytes:
        faults = self.device.faults
        name = (display.id + 1) % 254 if faults.strikes("wrong_address") else display.id
        try:
            return answer(name, frame.command, self._done(display, frame))
        except Refused:
            return answer(name, frame.command, NO_REASON, ack=False)

    def _done(self, display: "Display", frame: Frame) -> bytes:
        faults = self.device.faults
        if faults.strikes("busy"):
            raise Refused
        if not frame.data:
            return reading(display, frame.command)
        do = change(display, frame.command, frame.data)
        if faults.strikes("refuses"):
            raise Refused
        if not faults.strikes("ignores"):
            do()
        return frame.data


def _collided(one: bytes, other: bytes) -> bytes:
    """What arrives when two displays talk at once: a line is low when either pulls it down."""
    short, long = sorted((one, other), key=len)
    return bytes(a & b for a, b in zip(short, long, strict=False)) + long[len(short) :]
