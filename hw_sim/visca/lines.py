"""Connections: bare frames on a serial line, TCP or UDP, and the header of UDP port 52381.

Source: protocol digest "VISCA", sections 2, 3 and 7.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hw_sim.simulator import Conversation, Port
from hw_sim.visca import wire
from hw_sim.visca.sockets import Caller
from hw_sim.visca.wire import BROADCAST, END, Frames, Packet, reply

if TYPE_CHECKING:
    from hw_sim.visca.camera import ViscaCamera

Say = Callable[[bytes], None]

HELD_BACK = 0.05  # seconds that a datagram is overtaken by, or bytes wait to be coalesced
WINDOW = 64  # sequence numbers remembered
WRAP = 1 << 32


class Mouth:
    """What leaves a camera by one port, and what the line does to it."""

    def __init__(self, camera: "ViscaCamera", port: Port) -> None:
        self._camera = camera
        self.port = port
        self.closed = False
        self._held = bytearray()

    def say(self, data: bytes) -> None:
        """Send a frame, or over UDP a datagram."""
        line = self._camera.line
        delay = line.delay
        if self.port.kind == "udp":
            if not line.udp_replies or self._camera.chance(line.loss):
                return
            if self._camera.chance(line.dup):
                self._camera.clock.later(delay, lambda: self._send(data))
            if self._camera.chance(line.reorder):
                delay += HELD_BACK
        if delay:
            self._camera.clock.later(delay, lambda: self._send(data))
        else:
            self._send(data)

    def _send(self, data: bytes) -> None:
        if self.closed:
            return
        chunking = "whole" if self.port.kind == "udp" else self._camera.line.chunking
        if chunking == "coalesce":
            if not self._held:
                self._camera.clock.later(HELD_BACK, self._let_go)
            self._held += data
        elif chunking == "single":
            for byte in data:
                self.port.send(bytes((byte,)))
        elif chunking == "random" and len(data) > 1:
            cut = self._camera.rng.randrange(1, len(data))
            self.port.send(data[:cut])
            self.port.send(data[cut:])
        else:
            self.port.send(data)

    def _let_go(self) -> None:
        held, self._held = bytes(self._held), bytearray()
        if not self.closed:
            self.port.send(held)


class Line(Conversation):
    """Bare frames, to one camera or a chain of them."""

    def __init__(self, ring: Sequence["ViscaCamera"], port: Port) -> None:
        self._ring = ring
        self._first = ring[0]
        self.port = port
        self._frames = Frames()
        self._mouths = [Mouth(camera, port) for camera in ring]
        self._callers = [
            Caller(port.kind, self._say_of(camera, mouth), port.close)
            for camera, mouth in zip(ring, self._mouths, strict=True)
        ]
        self._closed = False
        self._heard_at = 0.0

    def _say_of(self, camera: "ViscaCamera", mouth: Mouth) -> Say:
        if camera.line.cross_talk and self.port.kind == "tcp":
            return camera.tell_all_clients
        return mouth.say

    def opened(self) -> None:
        if self.port.kind == "tcp" and not self._first.takes_client():
            self._closed = True
            self.port.close()
            return
        for camera, caller in zip(self._ring, self._callers, strict=True):
            camera.join(self, caller)
        if self.port.kind == "tcp" and self._first.line.idle_close:
            self._heard_at = self._first.clock.now()
            self._first.clock.later(self._first.line.idle_close, self._close_when_idle)

    def _close_when_idle(self) -> None:
        left = self._heard_at + self._first.line.idle_close - self._first.clock.now()
        if self._closed:
            return
        if left <= 0:
            self.port.close()
        else:
            self._first.clock.later(left, self._close_when_idle)

    def closed(self) -> None:
        self._closed = True
        for camera, mouth in zip(self._ring, self._mouths, strict=True):
            mouth.closed = True
            camera.leave(self)

    def say(self, frame: bytes) -> None:
        """Say something as the first camera, unasked."""
        self._mouths[0].say(frame)

    def receive(self, data: bytes) -> None:
        if self._closed:
            return
        self._heard_at = self._first.clock.now()
        if self.port.kind == "udp":
            if not self._first.takes_datagram():
                return
            self._frames = Frames()  # a datagram does not go on in the next
        for frame in self._frames.feed(data):
            self._route(frame)

    def _route(self, frame: bytes) -> None:
        if frame[0] == BROADCAST and frame[-1] == END:
            self._broadcast(frame)
            return
        for camera, caller in zip(self._ring, self._callers, strict=True):
            if frame[0] == BROADCAST - 8 + camera.address:
                camera.hear(frame, caller)
                return

    def _broadcast(self, frame: bytes) -> None:
        time = 0.0
        for camera in self._ring:
            frame = camera.pass_on(frame)
            time += camera.latency
        if self._first.answers_broadcast():
            self._first.clock.later(time, lambda: self._mouths[-1].say(frame))


class Peer(Conversation):
    """A controller that sends frames with a header, one to a datagram. It has a sequence of its own."""

    def __init__(self, camera: "ViscaCamera", port: Port) -> None:
        self._camera = camera
        self._mouth = Mouth(camera, port)
        self._port = port
        self._forget()

    def _forget(self) -> None:
        self._boots = self._camera.boots
        self._seen: set[int] = set()
        self._highest: int | None = None

    def closed(self) -> None:
        self._mouth.closed = True

    def receive(self, data: bytes) -> None:
        if not self._camera.takes_datagram():
            return
        if self._boots != self._camera.boots:
            self._forget()
        packet = Packet.parse(data)
        if packet is None:
            return
        if packet.type == wire.CONTROL:
            self._control(packet)
        else:
            self._frame(packet)

    def _control(self, packet: Packet) -> None:
        if packet.payload != wire.RESET:
            self._complain(packet, wire.TYPE_ERROR)
            return
        self._forget()
        self._send(wire.CONTROL_REPLY, packet.sequence, wire.RESET)

    def _frame(self, packet: Packet) -> None:
        line = self._camera.line
        frame = packet.payload
        if line.strict_header and not _type_fits(packet.type, frame):
            self._complain(packet, wire.TYPE_ERROR)
            return
        mode = line.sequence_mode
        if mode == "echo_one" and packet.sequence not in (1, 2, 3):
            return
        if mode == "strict" and not self._is_new(packet.sequence):
            self._complain(packet, wire.SEQUENCE_ERROR)
            return
        sequence = 1 if mode == "echo_one" else packet.sequence
        if line.strict_header and (packet.length is not None or frame[-1:] != b"\xff"):
            self._answer(packet.sequence, sequence, reply(1, 0x60, wire.LENGTH_ERROR))
        elif frame[:1] == bytes((BROADCAST,)):
            self._answer(packet.sequence, sequence, reply(1, 0x60, wire.SYNTAX_ERROR))
        elif frame and 0x81 <= frame[0] < BROADCAST:
            self._hear(packet, sequence)

    def _hear(self, packet: Packet, sequence: int) -> None:
        caller = Caller(
            "udp",
            lambda said: self._answer(packet.sequence, sequence, said),
            self._port.close,
            address=1,
        )
        for frame in Frames().feed(packet.payload):
            self._camera.hear(frame, caller)

    def _is_new(self, sequence: int) -> bool:
        """Whether this number was not received before. Those skipped may still come, for a while."""
        if sequence in self._seen:
            return False
        if self._highest is None or (sequence - self._highest) % WRAP < WRAP // 2:
            self._highest = sequence
        elif (self._highest - sequence) % WRAP >= WINDOW:
            return False
        self._seen = {old for old in self._seen if (self._highest - old) % WRAP < WINDOW}
        self._seen.add(sequence)
        return True

    def _answer(self, received: int, sequence: int, frame: bytes) -> None:
        if _not_run(frame):
            self._seen.discard(received)  # so that the same message gets the same error again
        self._send(wire.REPLY, sequence, frame)

    def _complain(self, packet: Packet, error: bytes) -> None:
        if not self._camera.is_silent():
            self._send(self._camera.line.control_error_type, packet.sequence, error)

    def _send(self, type: int, sequence: int, payload: bytes) -> None:
        length = 9 if self._camera.line.bad_length else None
        self._mouth.say(bytes(Packet(type, sequence, payload, length)))


def _type_fits(type: int, frame: bytes) -> bool:
    if type == wire.INQUIRY:
        return frame[1:2] == b"\x09"
    if type == wire.SETTING:
        return frame[1:3] in (b"\x01\x00", b"\x09\x00")
    return type == wire.COMMAND and frame[1:2] != b"\x09"


def _not_run(frame: bytes) -> bool:
    return len(frame) == 4 and frame[1] & 0xF0 == 0x60 and frame[2] != wire.CANCELLED
