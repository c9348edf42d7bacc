"""One client: its half-read frame, its silence, what it is told."""

from functools import partial
from typing import TYPE_CHECKING

from hw_sim.shure.meters import Cancellable
from hw_sim.shure.wire import ERROR, Complaint, Frames, Order, read
from hw_sim.simulator import Conversation, Port

if TYPE_CHECKING:
    from hw_sim.shure.device import ShureReceiver

MOST = 1000  # lines that wait for a client whom fast meters keep behind; more are lost


class Session(Conversation):
    def __init__(self, device: "ShureReceiver", port: Port) -> None:
        self.device, self.port = device, port
        self._frames = Frames()
        self._up = False
        self._heard_at = 0.0
        self._idle: Cancellable | None = None
        self._waiting = 0
        self._due = 0.0  # when the last line goes out

    def opened(self) -> None:
        if self.device.is_down():
            self.port.close()
            return
        self._up = True
        self.device.sessions.append(self)
        self._heard_at = self.device.clock.now()
        self._watch()

    def closed(self) -> None:
        self._up = False
        if self in self.device.sessions:
            self.device.sessions.remove(self)
        if self._idle:
            self._idle.cancel()

    def hang_up(self) -> None:
        if self.port.kind == "tcp":
            self.closed()
            self.port.close()

    def receive(self, data: bytes) -> None:
        if not self._up or self.device.is_down():
            return
        self._heard_at = self.device.clock.now()
        for frame in self._frames.feed(data):
            try:
                self._obey(read(frame))
            except Complaint:
                self.say(ERROR)

    def say(self, line: bytes) -> None:
        now, lag = self.device.clock.now(), self.device.lag
        if not lag and not self._waiting:
            self.port.send(line)
        elif self._waiting < MOST:
            self._due = max(self._due, now + lag)
            self._waiting += 1
            self.device.clock.later(self._due - now, partial(self._say_late, line))

    def _say_late(self, line: bytes) -> None:
        self._waiting -= 1
        if self._up:
            self.port.send(line)

    def _watch(self) -> None:
        """Hang up on a client that has been silent for too long."""
        limit = self.device.knobs.idle_seconds
        if not limit or self.port.kind != "tcp":
            return
        left = self._heard_at + limit - self.device.clock.now()
        if left <= 0:
            self.hang_up()
        else:
            self._idle = self.device.clock.later(left, self._watch)

    def _obey(self, order: Order) -> None:
        for line in self._set(order) if order.sets else self._get(order):
            self.say(line)

    def _get(self, order: Order) -> list[bytes]:
        if order.value:
            raise Complaint
        return self.device.get(order)

    def _set(self, order: Order) -> list[bytes]:
        self.device.check(order)
        if self.device.faults.strikes("refuses"):
            raise Complaint
        if self.device.faults.strikes("ignores"):
            return self.device.pretend(order)
        return self.device.put(order)
