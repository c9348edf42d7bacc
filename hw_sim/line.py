"""One connection to a device: where its bytes take their time, and where a bad line spoils them.

TCP, UDP and pseudo-terminals stand on the same `Line`; a test puts its own stream under one, without any I/O.
"""

import math
from asyncio import TimerHandle
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hw_sim.log import Direction
from hw_sim.pace import Pace
from hw_sim.simulator import Conversation, Simulator

LIMIT = 1 << 16  # bytes that wait on a line; what comes on top is lost, as in the overrun of a UART
TICK = 0.01  # real seconds between bursts of noise
BURST = 1 << 20  # bytes of noise in one of them at most
DATAGRAM = 1024  # bytes of noise in one datagram


@dataclass(slots=True)
class Parcel:
    """What the device said, or its wish to hang up, and when that may go on."""

    due: float
    chunks: list[bytes]
    last: bool = False


class Line:
    """What the device calls its `Port`; what lies beyond are the functions ``send``, ``close`` and ``reset``.

    The far end calls `opened` once, then `receive` with whatever it wrote, and `closed` once when it has gone.
    ``close`` hangs up after what was sent, ``reset`` (by default the same) at once; neither is called on a serial
    line, which knows no connection. ``baud`` paces a serial line in both directions, by default at the
    device's own rate.
    """

    def __init__(
        self,
        simulator: Simulator,
        kind: str,
        baud: int | None = None,
        *,
        send: Callable[[bytes], object],
        close: Callable[[], object],
        reset: Callable[[], object] | None = None,
        peer: str = "",
        end: str = "",
    ) -> None:
        self.kind, self.peer, self.end = kind, peer or kind, end or kind
        self.overruns = 0  # bytes that found no room
        self.heard_at = 0.0  # simulated time, kept by ends that forget who is silent
        self._simulator, self._clock, self._faults = simulator, simulator.clock, simulator.faults
        self._put_out, self._hang_up, self._reset = send, close, reset or close
        self._conversation: Conversation | None = None
        self._closing = self._gone = False
        self._parcels: deque[Parcel] = deque()
        self._queued = 0  # bytes of answers that are held back
        self._held: Parcel | None = None  # collects answers that are to go together
        self._timer: TimerHandle | None = None
        self._noise: TimerHandle | None = None
        self._owed = 0.0  # bytes of noise
        self._to_device = self._from_device = None
        if kind == "serial":
            rate = baud or simulator.baud
            self._to_device = Pace(self._clock, rate, self._arrive, LIMIT)
            self._from_device = Pace(self._clock, rate, self._leave, LIMIT)

    # --- what the far end does -------------------------------------------------------------------

    def opened(self) -> None:
        """Somebody is there; while the line is cut, they are thrown out at once."""
        if self.kind == "tcp" and self._faults.strikes("cut"):
            self._gone = True
            self._reset()
            return
        self._note("opened")
        self._conversation = self._simulator.converse(self)
        self._faults.changed.append(self._changed)
        self._conversation.opened()
        self._changed()

    def receive(self, data: bytes) -> None:
        """Take what the far end wrote, cut anywhere; over UDP, one datagram."""
        if not self._up or not data or self._vanishes():
            return
        if self._to_device is None:
            self._arrive(data)
        else:
            self.overruns += self._to_device.put(data)

    def closed(self, *, noticed: bool = False) -> None:
        """The far end has gone. Unless it has ``noticed``, the device of a half-open connection learns of it
        when that fault is over.
        """
        self._closing = self._gone = True
        self._clear()
        if self._conversation is not None and (noticed or not self._faults.on("half_open")):
            conversation, self._conversation = self._conversation, None
            self._faults.changed.remove(self._changed)
            self._note("closed")
            conversation.closed()

    # --- what the device does --------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Put ``data`` on the wire, or lose it. Never blocks, never raises."""
        if not self._up or not data or self._vanishes() or self._faults.strikes("mute"):
            return
        if self._queued and self._queued + len(data) > LIMIT:
            self.overruns += len(data)
            return
        data = self._garbled(data)
        if self._faults.on("coalesced"):
            self._hold(data)
            return
        delay = self._faults.value("late", 1.0) if self._faults.strikes("late") else 0.0
        if self.kind == "udp":  # datagrams may overtake each other
            self._send_late(delay, data)
        elif self._faults.strikes("split"):
            for byte in data:
                self._post(Parcel(self._clock.now() + delay, [bytes((byte,))]))
        elif delay or self._parcels:
            self._post(Parcel(self._clock.now() + delay, [data]))
        else:
            self._transmit(data)

    def close(self) -> None:
        """Hang up, after what was said before. Nothing happens on a serial line."""
        if self.kind == "serial" or not self._up:
            return
        self._closing = True
        if self._parcels:
            self._post(Parcel(self._clock.now(), [], last=True))
        else:
            self._end(self._hang_up)

    # --- between them ----------------------------------------------------------------------------

    @property
    def _up(self) -> bool:
        return self._conversation is not None and not self._closing

    @property
    def _severed(self) -> bool:
        return self._faults.on("cut") or self._faults.on("half_open")

    def _vanishes(self) -> bool:
        """Whether a message is lost on the way, in either direction."""
        if self._faults.strikes("cut") or self._faults.strikes("half_open"):
            return True
        if not self._faults.on("lost"):
            return False
        chance = self._faults.value("lost", 1.0)
        return self._simulator.rng.random() < chance and self._faults.strikes("lost")

    def _garbled(self, data: bytes) -> bytes:
        if not self._faults.on("garbled"):
            return data
        rng, chance = self._simulator.rng, self._faults.value("garbled", 0.05)
        spoilt = bytes(b ^ rng.randrange(1, 256) if rng.random() < chance else b for b in data)
        if spoilt != data:
            self._faults.strikes("garbled")
        return spoilt

    def _hold(self, data: bytes) -> None:
        if self._held is None:
            due = self._clock.now() + self._faults.value("coalesced", 0.2)
            self._faults.strikes("coalesced")
            self._held = Parcel(due, [])
            self._post(self._held)
        self._held.chunks.append(data)
        self._queued += len(data)

    def _post(self, parcel: Parcel) -> None:
        """Let ``parcel`` follow what waits already: a stream keeps its order."""
        self._queued += sum(map(len, parcel.chunks))
        self._parcels.append(parcel)
        self._set_timer()

    def _set_timer(self) -> None:
        if self._parcels and self._timer is None:
            delay = max(0.0, self._parcels[0].due - self._clock.now())
            self._timer = self._clock.later(delay, self._forward)

    def _forward(self) -> None:
        self._timer = None
        parcel = self._parcels.popleft()
        self._queued -= sum(map(len, parcel.chunks))
        if parcel is self._held:
            self._held = None
        for data in parcel.chunks if self.kind == "udp" else [b"".join(parcel.chunks)]:
            self._transmit(data)
        if parcel.last:
            self._end(self._hang_up)
        self._set_timer()

    def _send_late(self, delay: float, data: bytes) -> None:
        if not delay:
            self._transmit(data)
            return
        self._queued += len(data)
        self._clock.later(delay, partial(self._forward_late, data))

    def _forward_late(self, data: bytes) -> None:
        self._queued -= len(data)
        self._transmit(data)

    def _transmit(self, data: bytes) -> None:
        if self._from_device is None:
            self._leave(data)
        else:
            self.overruns += self._from_device.put(data)

    def _leave(self, data: bytes) -> None:
        if data and not self._gone and not self._severed:
            self._note("out", data)
            self._put_out(data)

    def _arrive(self, data: bytes) -> None:
        if self._up and not self._severed:
            self._note("in", data)
            assert self._conversation is not None
            self._conversation.receive(data)

    def _note(self, direction: Direction, data: bytes = b"") -> None:
        gap = 0.0 if self._from_device is None else 1.5 * self._from_device.byte
        self._simulator.log.note(self.end, self.peer, direction, data, gap=gap)

    def _changed(self) -> None:
        """A fault came or went."""
        if self._faults.on("cut"):
            self._clear()
            if self.kind == "tcp" and not self._gone:
                self._end(self._reset)
        if self._gone and self._conversation is not None and not self._faults.on("half_open"):
            self._clock.later(0.0, self.closed)
        if self._faults.on("flood") and self._noise is None and self._up:
            self._noise = self._clock.later(TICK * self._clock.speed, self._make_noise)

    def _make_noise(self) -> None:
        self._noise = None
        if not self._up or not self._faults.on("flood"):
            self._owed = 0.0
            return
        tick = TICK * self._clock.speed
        self._owed += self._faults.value("flood", 100_000.0) * tick
        size = min(int(self._owed), self._room_for_noise(tick))
        self._owed = min(self._owed - size, 1.0)
        noise = self._simulator.rng.randbytes(size)
        if self._from_device is not None:
            self._from_device.put(noise)
        elif not self._severed:
            step = DATAGRAM if self.kind == "udp" else BURST
            for start in range(0, size, step):
                self._put_out(noise[start : start + step])
        self._noise = self._clock.later(tick, self._make_noise)

    def _room_for_noise(self, tick: float) -> int:
        """Noise fills a wire, and does not queue there before the answers."""
        if self._from_device is None:
            return BURST
        return max(0, math.ceil(tick / self._from_device.byte) - self._from_device.waiting)

    def _end(self, how: Callable[[], object]) -> None:
        self._closing = self._gone = True
        self._clear()
        how()
        # Not at once: the device may be hanging up on several, or be in the middle of an answer.
        self._clock.later(0.0, partial(self.closed, noticed=True))

    def _clear(self) -> None:
        """Lose what is under way."""
        self._queued -= sum(len(chunk) for parcel in self._parcels for chunk in parcel.chunks)
        self._parcels.clear()
        self._held = None
        for timer in (self._timer, self._noise):
            if timer is not None:
                timer.cancel()
        self._timer = self._noise = None
        for pace in (self._to_device, self._from_device):
            if pace is not None:
                pace.clear()
